"""Repositories for the tests: a small one with a stage line, and the one that is being checked."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from tour import cli
from tour.environments import environment
from tour.environments.pythons import Python
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.tests.synthetic import Clone
from tour.tests.synthetic import make_flack_tour


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--repository",
        type=Path,
        default=Path(__file__).parents[2],
        help="the clone of Flack Tour whose history is checked",
    )


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own, with a gitconfig that would spoil what reads it."""
    folder = tmp_path_factory.mktemp("home")
    folder.joinpath(".gitconfig").write_text(
        "[tag]\n\tgpgSign = true\n[log]\n\tshowSignature = true\n[color]\n\tui = always\n"
        "[core]\n\tautocrlf = true\n"
    )
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def bytecode(this_repository: Path) -> Iterator[None]:
    """One place for the bytecode of all clones, for in a new one Python compiles it again."""
    kept = environment.bytecode(this_repository)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "bytecode", lambda repository: kept)
        yield


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Flack Tour that every test gets a copy of."""
    clone = make_flack_tour(tmp_path_factory.mktemp("original") / "flack-tour")
    # in one file, for that is what is copied most
    clone.git("repack", "--quiet", "-a", "-d")
    return clone.folder


@pytest.fixture
def clone(original: Path, tmp_path: Path) -> Clone:
    """A clone of a Flack Tour in three stages, on main, without tags."""
    return Clone(shutil.copytree(original, tmp_path / "flack-tour", symlinks=True))


@pytest.fixture
def line(clone: Clone) -> StageLine:
    """The clone's stage line."""
    return find_stages(clone.folder)


@pytest.fixture
def tour(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> Callable[..., subprocess.CompletedProcess]:
    """A function that runs the tour in a folder and returns its exit code and what it printed.

    It does so in this process, for a Python that starts and imports takes longer than most verbs.
    """

    def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
        capfd.readouterr()
        with monkeypatch.context() as patch:
            patch.chdir(folder)
            code = cli.main(list(arguments))
        return subprocess.CompletedProcess(arguments, code, *capfd.readouterr())

    return run


@pytest.fixture(scope="session")
def light_uv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that calls the uv of the tests' environment, which itself has 50 MB to copy."""
    uv = environment.program(Path(sys.prefix), "uv")
    if os.name == "nt":
        return uv
    script = tmp_path_factory.mktemp("uv") / uv.name
    script.write_text(f'#!/bin/sh\nexec "{uv}" "$@"\n')
    script.chmod(0o755)
    return script


@pytest.fixture
def this_python() -> Python:
    """The interpreter that runs the tests."""
    return Python(Path(sys.executable), platform.python_version())


@pytest.fixture(scope="session")
def this_repository(pytestconfig: pytest.Config) -> Path:
    """The clone of Flack Tour that is being checked."""
    return pytestconfig.getoption("--repository")

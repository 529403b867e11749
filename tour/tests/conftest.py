"""Repositories for the tests: a small one with a stage line, and the one that is being checked."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tour import stages
from tour.pythons import Python
from tour.stages import StageLine
from tour.tests.synthetic import Clone
from tour.tests.synthetic import make_flack_tour


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--repository",
        type=Path,
        default=Path(__file__).parents[2],
        help="the clone of Flack Tour to hold against the rules of its history",
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


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Flack Tour that every test gets a copy of."""
    return make_flack_tour(tmp_path_factory.mktemp("original") / "flack-tour").folder


@pytest.fixture
def clone(original: Path, tmp_path: Path) -> Clone:
    """A clone of a Flack Tour in three stages, on main, without tags."""
    return Clone(shutil.copytree(original, tmp_path / "flack-tour", symlinks=True))


@pytest.fixture
def line(clone: Clone) -> StageLine:
    """The clone's stage line."""
    return stages.find_stages(clone.folder)


@pytest.fixture
def tour(monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess]:
    """A function that runs `python -m tour` in a folder, as a learner does."""

    def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "tour", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
        )

    return run


@pytest.fixture
def this_python() -> Python:
    """The interpreter that runs the tests."""
    return Python(Path(sys.executable), platform.python_version())


@pytest.fixture(scope="session")
def this_repository(pytestconfig: pytest.Config) -> Path:
    """The clone of Flack Tour that is being checked."""
    return pytestconfig.getoption("--repository")

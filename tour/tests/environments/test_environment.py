"""The environments: made once, complete or not there, and remade when what they hold changes."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import Mock

import pytest

from tour.environments import environment
from tour.environments import pythons
from tour.environments.pythons import Python
from tour.repo import locks
from tour.repo.locks import exclusive
from tour.repo.own_folder import own_folder
from tour.system.errors import TourError
from tour.tests.synthetic import Clone


@pytest.fixture
def repository(clone: Clone, light_uv: Path) -> Path:
    """A clone whose .venv has uv, as `prepare` leaves it."""
    uv = environment.program(clone.folder / ".venv", "uv")
    uv.parent.mkdir(parents=True)
    shutil.copy2(light_uv, uv)
    return clone.folder


@pytest.fixture
def installations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that would install something; making an environment makes its interpreter."""
    commands = []

    def install(repository: Path, command: list[str]) -> None:
        commands.append(" ".join(command))
        if "venv" in command:
            python = environment.interpreter(Path(command[-1]))
            python.parent.mkdir(parents=True)
            python.touch()

    monkeypatch.setattr(environment, "_install", install)
    return commands


def ignore(line: str) -> None:
    """Report nothing."""


def test_a_stage_environment_runs_the_wanted_python(repository: Path, this_python: Python) -> None:
    path = environment.stage_environment(repository, this_python, "")
    question = "import platform; print(platform.python_version())"
    answer = subprocess.run([path, "-c", question], capture_output=True, text=True)
    assert answer.stdout.strip() == this_python.version


def test_a_stage_environment_is_made_once(repository: Path, this_python: Python) -> None:
    announce = Mock()
    first = environment.stage_environment(repository, this_python, "", announce)
    second = environment.stage_environment(repository, this_python, "", announce)
    assert first == second
    assert announce.call_count == 1


def test_other_requirements_get_another_environment(repository: Path, this_python: Python) -> None:
    first = environment.stage_environment(repository, this_python, "")
    assert first != environment.stage_environment(repository, this_python, "# other\n")


def test_another_python_gets_another_environment(repository: Path, this_python: Python) -> None:
    first = environment.stage_environment(repository, this_python, "")
    other = this_python._replace(version="3.11.0")
    assert first != environment.stage_environment(repository, other, "")


def test_runs_side_by_side_make_an_environment_once(repository: Path, this_python: Python) -> None:
    announce = Mock()
    with ThreadPoolExecutor(4) as pool:
        futures = [
            pool.submit(environment.stage_environment, repository, this_python, "", announce)
            for _ in range(4)
        ]
    assert len({future.result() for future in futures}) == 1
    assert announce.call_count == 1


def test_an_environment_that_was_not_completed_is_not_there(
    repository: Path, this_python: Python, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "put_in_place", die)
        with pytest.raises(KeyboardInterrupt):
            environment.stage_environment(repository, this_python, "")
    assert list(own_folder(repository, "envs").iterdir()) == []
    assert environment.stage_environment(repository, this_python, "").exists()


def test_an_environment_whose_python_is_gone_is_made_again(
    repository: Path, this_python: Python
) -> None:
    path = environment.stage_environment(repository, this_python, "")
    path.unlink()
    assert environment.stage_environment(repository, this_python, "").exists()


def test_requirements_that_cannot_be_installed_are_reported(
    repository: Path, this_python: Python
) -> None:
    with pytest.raises(TourError, match="nowhere.whl"):
        environment.stage_environment(repository, this_python, "./nowhere.whl\n")


def test_git_does_not_see_what_the_tour_writes(
    clone: Clone, installations: list[str], this_python: Python
) -> None:
    environment.prepare(clone.folder, ignore)
    own_folder(clone.folder, "envs").joinpath("file").touch()
    assert clone.git("status", "--porcelain") == ""


def test_a_second_preparation_installs_nothing(clone: Clone, installations: list[str]) -> None:
    environment.prepare(clone.folder, ignore)
    before = list(installations)
    environment.prepare(clone.folder, ignore)
    assert installations == before


def test_other_requirements_of_the_tour_are_installed(
    clone: Clone, installations: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.prepare(clone.folder, ignore)
    installations.clear()
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("uv==1.0.0\n")
    monkeypatch.setattr(environment, "REQUIREMENTS", requirements)
    environment.prepare(clone.folder, ignore)
    assert any(command.endswith("uv==1.0.0") for command in installations)
    assert any(command.endswith(str(requirements)) for command in installations)


@pytest.mark.parametrize(
    ("newest", "made_by", "is_made_anew"),
    [
        # as the doctor advises
        ((3, 90), "3.91.0", True),
        # several that will do, and none that will
        ((3, 91), "3.91.0", False),
        ((3, 10), "3.91.0", False),
    ],
)
def test_a_venv_of_a_python_that_is_too_new_is_made_anew_by_one_that_is_not(
    clone: Clone,
    installations: list[str],
    monkeypatch: pytest.MonkeyPatch,
    newest: tuple[int, int],
    made_by: str,
    is_made_anew: bool,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(platform, "python_version", lambda: made_by)
        environment.prepare(clone.folder, ignore)
    installations.clear()
    monkeypatch.setattr(pythons, "NEWEST", newest)
    for made in (is_made_anew, False):
        environment.prepare(clone.folder, ignore)
        assert any(" venv " in command for command in installations) is made
        installations.clear()


def test_a_folder_with_a_hash_in_its_name_is_no_fragment_of_an_address(
    clone: Clone, installations: list[str]
) -> None:
    folder = clone.folder.rename(clone.folder.with_name("C#"))
    environment.prepare(folder, ignore)
    [command] = [command for command in installations if "--no-build-isolation" in command]
    wanted = command.partition(" flack-tour @ ")[2]
    assert wanted.startswith(f"{folder.as_uri()}/")
    assert "/C%23/" in wanted


@pytest.mark.parametrize(
    ("text", "is_another"),
    [
        (b"import os\n", True),
        # the same one, as git checks it out for those who want CRLF
        (b"import sys\r\n", False),
    ],
)
def test_another_tour_is_installed(
    clone: Clone,
    installations: list[str],
    monkeypatch: pytest.MonkeyPatch,
    text: bytes,
    is_another: bool,
) -> None:
    clone.write({"pyproject.toml": "", "tour/__main__.py": "import sys\n"})
    monkeypatch.setattr(environment, "PACKAGE", clone.folder / "tour")
    environment.prepare(clone.folder, ignore)
    installations.clear()
    clone.folder.joinpath("tour", "__main__.py").write_bytes(text)
    environment.prepare(clone.folder, ignore)
    assert ["--no-deps" in command for command in installations] == [True] * is_another


def test_an_installed_tour_says_when_the_checkout_has_another(
    clone: Clone, installations: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clone.write({"pyproject.toml": "", "tour/__main__.py": ""})
    monkeypatch.setattr(environment, "PACKAGE", tmp_path / "site-packages" / "tour")
    reports: list[str] = []
    environment.prepare(clone.folder, reports.append)
    assert "python3 -m tour start" in reports[-1]


def test_a_venv_of_the_learners_own_is_left_alone(clone: Clone, installations: list[str]) -> None:
    clone.write({".venv/mine.txt": "mine\n"})
    with pytest.raises(TourError, match=r"mv \.venv \.\./my-venv"):
        environment.prepare(clone.folder, ignore)
    assert os.listdir(clone.folder / ".venv") == ["mine.txt"]
    assert installations == []


def test_an_empty_venv_folder_is_taken(clone: Clone, installations: list[str]) -> None:
    clone.folder.joinpath(".venv").mkdir()
    assert environment.prepare(clone.folder, ignore).exists()


def test_a_preparation_sweeps_away_what_killed_runs_have_left(
    clone: Clone, installations: list[str]
) -> None:
    left = own_folder(clone.folder, "temporary", "left", "v0.1")
    environment.prepare(clone.folder, ignore)
    assert not left.parent.exists()


def test_a_second_preparation_says_that_it_waits_for_the_first(
    clone: Clone, installations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 0.01)
    lines = []
    with ThreadPoolExecutor(1) as pool, ExitStack() as first:
        first.enter_context(exclusive(clone.folder, "venv"))

        def report(line: str) -> None:
            lines.append(line)
            told.set()

        told = threading.Event()
        second = pool.submit(environment.prepare, clone.folder, report)
        assert told.wait(60)
        first.close()
        second.result()
    assert lines[0] == "Waiting for another tour that is at work here"
    assert lines.count(lines[0]) == 1


def test_a_venv_that_was_not_completed_is_not_there(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "_install", die)
    with pytest.raises(KeyboardInterrupt):
        environment.prepare(clone.folder, ignore)
    assert not (clone.folder / ".venv").exists()


def test_a_venv_whose_python_is_gone_is_made_again(clone: Clone, installations: list[str]) -> None:
    environment.prepare(clone.folder, ignore).unlink()
    assert environment.prepare(clone.folder, ignore).exists()


def test_a_python_without_ensurepip_is_told_the_package(
    clone: Clone, installations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(TourError, match=rf"apt install python3\.{sys.version_info.minor}-venv"):
        environment.prepare(clone.folder, ignore)
    assert not (clone.folder / ".venv").exists()


def test_a_python_without_pip_uses_that_of_a_new_environment(
    clone: Clone, installations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "has_pip", lambda python: False)
    environment.prepare(clone.folder, ignore)
    made, fetched, *_ = installations
    bootstrap = made.split()[-1]
    assert made == f"{pythons.base_executable()} -m venv {bootstrap}"
    assert fetched.startswith(f"{environment.interpreter(Path(bootstrap))} -m pip install ")

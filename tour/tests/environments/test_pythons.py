"""Finding the Python that a check shall run on."""

import os
import platform
import sys
from pathlib import Path

import pytest

from tour.environments import environment
from tour.environments import pythons
from tour.system.errors import UsageError

UV = environment.program(Path(sys.prefix), "uv")
OWN = f"3.{sys.version_info.minor}"


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The tour runs on another version, and no Python is on the PATH."""
    monkeypatch.setattr(platform, "python_version", lambda: "3.98.0")
    monkeypatch.setenv("PATH", str(tmp_path))


def test_the_tours_own_python_is_taken_where_it_has_the_version() -> None:
    assert pythons.search(UV, OWN) == pythons.find_python()


def test_a_python_on_the_path_is_found(
    other: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(pythons.find_python().path.parent))
    assert pythons.search(UV, OWN).version.startswith(f"{OWN}.")


@pytest.mark.skipif(os.name == "nt", reason="pyenv's versions are laid out so on other systems")
def test_a_version_of_pyenv_is_found(other: None, home: Path) -> None:
    program = home / ".pyenv" / "versions" / "own" / "bin" / "python3"
    program.parent.mkdir(parents=True)
    program.symlink_to(pythons.find_python().path)
    found = pythons.search(UV, OWN)
    assert (found.path.parent, found.version[: len(OWN)]) == (program.parent, OWN)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("3.99", "no Python 3.99 on this machine"),
        ("3.10", "3.11 or newer"),
        ("/usr/bin/python3.13", "is no version of Python; give one as in 3.13"),
    ],
)
def test_a_python_that_is_not_there_is_a_wrong_call(wanted: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        pythons.search(UV, wanted)

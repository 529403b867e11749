"""Finding the Python that a check shall run on."""

import os
import sys
from pathlib import Path

import pytest

from tour.environments import pythons
from tour.system.errors import UsageError


def test_the_wanted_python_is_found() -> None:
    wanted = f"3.{sys.version_info.minor}"
    assert pythons.find_python(wanted).version.startswith(f"{wanted}.")


def test_without_a_wish_it_is_the_one_that_runs_the_tour() -> None:
    assert pythons.find_python() == pythons.find_python(f"3.{sys.version_info.minor}")


@pytest.mark.skipif(os.name == "nt", reason="pyenv's versions are laid out so on other systems")
def test_a_version_of_pyenv_is_found(home: Path) -> None:
    program = home / ".pyenv" / "versions" / "3.98.1" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho /usr/bin/env\necho 3.98.1\n")
    program.chmod(0o755)
    assert pythons.find_python("3.98").version == "3.98.1"


@pytest.mark.parametrize(
    ("wanted", "message"),
    [("3.99", "no Python 3.99 on this machine"), ("3.10", "3.11 or newer"), ("x", "3.11 or newer")],
)
def test_a_python_that_is_not_there_is_a_wrong_call(wanted: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        pythons.find_python(wanted)

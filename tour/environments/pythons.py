"""The Python interpreters of this machine."""

import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tour.system import process
from tour.system.errors import UsageError

# the oldest and the newest that the stages are checked on
OLDEST = (3, 11)
NEWEST = (3, 15)


class Python(NamedTuple):
    """An interpreter, and its version in full, as in 3.13.0."""

    path: Path
    version: str


def is_checked(version: str) -> bool:
    """Return whether the stages are checked on a Python of this version, as in 3.13.0."""
    return OLDEST <= tuple(int(part) for part in version.split(".")[:2]) <= NEWEST


def base_executable() -> str:
    """Return the interpreter that the tour's own environment was made with, if it is in one."""
    # typeshed lacks it, since its name is private
    path: str = sys._base_executable  # type: ignore[attr-defined]
    return path


def find_python() -> Python:
    """Return the interpreter that runs the tour."""
    return Python(Path(base_executable()).resolve(), platform.python_version())


def search(uv: Path, wanted: str) -> Python:
    """Return an interpreter of the wanted version, as in 3.13; the tour's own if it has that one.

    uv looks on the PATH, in the registry of Windows and among its own Pythons. It does not look
    among pyenv's, which are not on the PATH unless they are activated. Nothing is downloaded.
    Raise UsageError when there is none.
    """
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*", wanted):
        raise UsageError(f"{wanted} is no version of Python; give one as in 3.13")
    if tuple(int(part) for part in wanted.split(".")) < OLDEST:
        raise UsageError(f"{wanted} is no Python that the stages run on; they need 3.11 or newer")
    own = find_python()
    if f"{own.version}.".startswith(f"{wanted}."):
        return own
    folders = [os.environ.get("PATH", os.defpath)]
    folders += map(str, Path.home().glob(".pyenv/versions/*/bin"))
    options = ["--only-installed", "--no-python-downloads", "--no-config", "--no-cache"]
    answer = subprocess.run(
        [uv, "python", "list", *options, "--output-format", "json", f"cpython@{wanted}"],
        env=process.clean_environment({"PATH": os.pathsep.join(folders)}),
        capture_output=True,
        text=True,
    )
    for found in json.loads(answer.stdout or "[]"):
        return Python(Path(found["path"]), found["version"])
    raise UsageError(
        f"no Python {wanted} on this machine; install it from https://www.python.org/downloads"
        f" or with pyenv install {wanted}, and run this again"
    )

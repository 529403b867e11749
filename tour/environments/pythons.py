"""The Python interpreters of this machine."""

import platform
import shutil
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
    """Tell whether the stages are checked on a Python of this version, as in 3.13.0."""
    return OLDEST <= tuple(int(part) for part in version.split(".")[:2]) <= NEWEST


def base_executable() -> str:
    """Return the interpreter that the tour's own environment was made with, if it is in one."""
    # typeshed lacks it, for its name is private
    path: str = sys._base_executable  # type: ignore[attr-defined]
    return path


def find_python(wanted: str | None = None) -> Python:
    """Return the interpreter of the wanted version, as in 3.13, or the one that runs the tour.

    It is looked for on the PATH, with the Windows launcher, and among the versions of pyenv and uv,
    and never downloaded. Raise UsageError when there is none.
    """
    if wanted is None:
        return Python(Path(base_executable()).resolve(), platform.python_version())
    if tuple(int(part) for part in wanted.split(".") if part.isdecimal()) < OLDEST:
        raise UsageError(f"{wanted} is no Python that the stages run on; they need 3.11 or newer")
    for command in _candidates(wanted):
        python = _probe(command)
        if python and f"{python.version}.".startswith(f"{wanted}."):
            return python
    raise UsageError(
        f"no Python {wanted} on this machine; install it from https://www.python.org/downloads"
        f" or with pyenv install {wanted}, and run this again"
    )


def _candidates(wanted: str) -> list[list[str]]:
    """Return commands that may run the wanted Python, the likeliest first."""
    commands = [[base_executable()], [f"python{wanted}"], ["py", f"-{wanted}"], ["python3"]]
    versions = Path.home() / ".pyenv" / "versions"
    for pattern in (f"{wanted}/bin/python", f"{wanted}.*/bin/python"):
        commands += [[str(path)] for path in sorted(versions.glob(pattern), reverse=True)]
    uv = shutil.which("uv")
    if uv:
        found = subprocess.run(
            [uv, "python", "find", "--no-python-downloads", wanted],
            env=process.clean_environment(),
            capture_output=True,
            text=True,
        )
        commands += [[line] for line in found.stdout.splitlines()]
    return commands


def _probe(command: list[str]) -> Python | None:
    """Return the interpreter that the command runs, None when it runs none."""
    program_path = shutil.which(command[0])
    if program_path is None:
        return None
    question = "import sys; print(sys.executable); print('%d.%d.%d' % sys.version_info[:3])"
    answer = subprocess.run(
        [program_path, *command[1:], "-c", question],
        env=process.clean_environment(),
        capture_output=True,
        text=True,
    )
    if answer.returncode != 0:
        return None
    path, version = answer.stdout.splitlines()
    return Python(Path(path).resolve(), version)

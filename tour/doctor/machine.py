"""The checks of the machine alone: Python, git, ports, room on the disk, a browser.

Each returns a finding: a level, a line of text, and a fix for all but the good ones.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import webbrowser
from contextlib import suppress
from enum import Enum
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tour.environments import environment
from tour.environments import pythons
from tour.repo import git
from tour.system import browsers
from tour.system import platforms
from tour.system.address import HOST
from tour.system.address import port_is_taken
from tour.system.address import try_to_bind
from tour.system.errors import TourError
from tour.system.platforms import Need
from tour.system.platforms import System

# git obeys GIT_CONFIG_GLOBAL and GIT_CONFIG_SYSTEM, which keep the user's configuration out, since
# 2.32 (git's release notes, RelNotes/2.32.0.txt). All other features that the tour uses are older;
# the newest of them, `%(trailers:key=...,valueonly)`, is of 2.22 (RelNotes/2.22.0.txt)
OLDEST_GIT = (2, 32)

# bytes on the disk, measured after a full `test`: .venv has 230 MB; .tour has 90 MB where files
# can share their blocks, and 530 MB where they cannot; an installation under way and the copies of
# the stages come on top
ROOM_TO_INSTALL = 1_000_000_000
ROOM_TO_WORK = 100_000_000

# macOS 12 and later listen on it:
# https://flask.palletsprojects.com/en/stable/server/#address-already-in-use
AIRPLAY = 5000
AIRPLAY_FIX = (
    "where it is ControlCenter, switch AirPlay Receiver off in System Settings, General,"
    " AirDrop & Handoff"
)

# seconds that a check may take if it only looks
LOOK = 20.0


class Level(Enum):
    """The meaning of a finding for class; with a WARNING class can go on."""

    OK = "ok"
    WARNING = "warning"
    FAILS = "fails"


class Finding(NamedTuple):
    """The result of a check in one line, and the lines of its fix, empty for `ok`."""

    level: Level
    text: str
    fix: str = ""
    name: str = ""


ok = partial(Finding, Level.OK)
warning = partial(Finding, Level.WARNING)
fails = partial(Finding, Level.FAILS)


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> Finding:
    """Check the version of the Python that runs the tour, and its modules for environments."""
    said = f"Python {version[0]}.{version[1]}"
    if version < pythons.OLDEST:
        return fails(
            f"{said}, and the stages need 3.11 or newer", platforms.how_to_install(Need.PYTHON)
        )
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        return fails(
            f"{said} without {' and '.join(missing)}, so it cannot make environments",
            platforms.how_to_install(Need.VENV, f"{version[0]}.{version[1]}"),
        )
    if version > pythons.NEWEST:
        newest = ".".join(map(str, pythons.NEWEST))
        return warning(
            f"{said}, and the stages are checked up to {newest}",
            f"where something fails, take {newest}:"
            f" {platforms.how_to_install(Need.OTHER_PYTHON, newest)}\n"
            f"run the tour by it once, which makes .venv again:\n"
            f"  {platforms.how_to_run(newest)} -m tour start\n"
            f"and from then on type {environment.program(Path('.venv'), 'tour')}, which runs by it",
        )
    return ok(f"{said} at {pythons.find_python().path}")


def check_git(folder: Path) -> Finding:
    """Check whether git is installed, and its version."""
    fix = platforms.how_to_install(Need.GIT)
    try:
        said = git.run(folder, "--version").strip()
    except git.GitError as error:
        # on macOS, a placeholder that asks for the developer tools
        last = error.output.strip().rpartition("\n")[2]
        return fails(f"git does not run: {last}", fix)
    except TourError:
        return fails("git is not installed", fix)
    version = re.search(r"(\d+)\.(\d+)", said)
    oldest = ".".join(map(str, OLDEST_GIT))
    if version is None:
        return warning(f"a git that calls itself {said!r}, and the tour needs {oldest}", fix)
    if tuple(map(int, version.groups())) < OLDEST_GIT:
        return fails(f"{said}, and the tour needs {oldest} or newer", fix)
    return ok(said)


def check_ports(ports: range) -> Finding:
    """Check on which of the ports the tour can serve."""
    free = next((port for port in ports if _can_serve(port)), None)
    fix = (
        "see what listens there, and end it if you can:\n"
        f"  {platforms.how_to_see_who_listens(ports[0])}"
    )
    if platforms.this_system() is System.MACOS and ports[0] == AIRPLAY:
        fix += f"\n{AIRPLAY_FIX}"
    if free is None:
        return fails(f"the ports {ports[0]} to {ports[-1]} are all taken", fix)
    if free != ports[0]:
        return warning(f"port {ports[0]} is taken, so that Flack will be at {HOST}:{free}", fix)
    return ok(f"port {free} is free for Flack")


def check_disk(folder: Path, installed: bool) -> Finding:
    """Check the free space of the disk, for the packages that are still missing and for work."""
    free = shutil.disk_usage(folder).free
    needed = ROOM_TO_WORK if installed else ROOM_TO_INSTALL
    if free < needed:
        return fails(
            f"{_in_megabytes(free)} free, and the tour needs {_in_megabytes(needed)}",
            f"free some on the disk that holds {folder}, or clone Flack Tour to another one",
        )
    return ok(f"{_in_megabytes(free)} free, of which the tour needs {_in_megabytes(needed)}")


def check_browser() -> Finding:
    """Check whether the browser that `test` and `check` need is installed and starts."""
    path = browsers.find(browsers.DEFAULT)
    fix = platforms.how_to_install(Need.BROWSER)
    if path is None:
        missing = "no Chromium, Chrome or Edge, which `check` and `test` need for the web client"
        if _has_other_browser():
            return warning(
                f"{missing}; to use Flack, another browser that is installed will do", fix
            )
        return fails(missing, fix)
    if os.name == "nt":
        # there `--version` would open a window
        return ok(path)
    try:
        answer = subprocess.run(
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LOOK / 2,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return fails(f"{path} does not start: {error}", fix)
    if answer.returncode != 0:
        last = answer.stderr.strip().rpartition("\n")[2]
        return fails(f"{path} does not start: {last}", fix)
    return ok(f"{answer.stdout.strip()} at {path}")


def _has_other_browser() -> bool:
    """Return whether the system has a browser that opens pages."""
    with suppress(webbrowser.Error):
        return bool(webbrowser.get())
    return False


def _can_serve(port: int) -> bool:
    """Return whether a server can listen on the port."""
    return not port_is_taken(port) and try_to_bind(HOST, port) is None


def _in_megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"

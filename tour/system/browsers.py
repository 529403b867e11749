"""The browsers in which the web client is tested, as the system has them.

The search needs only the standard library, because `doctor` makes it before .venv exists.
"""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from tour.system import platforms
from tour.system.errors import UsageError


class Browser(NamedTuple):
    """A browser or a family of them: its programs, the best one first, and where else they lie."""

    need: platforms.Need
    programs: tuple[str, ...]
    places: tuple[str, ...]


def _in_program_files(*parts: str) -> tuple[str, ...]:
    """Return the paths at which Windows may have a program."""
    variables = ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")
    return tuple(
        str(Path(os.environ[variable], *parts)) for variable in variables if variable in os.environ
    )


# the keys are Playwright's names
BROWSERS = {
    "chromium": Browser(
        platforms.Need.BROWSER,
        (
            # they open no windows, which take most of the time
            *("chromium-headless-shell", "chrome-headless-shell"),
            *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
            *("microsoft-edge", "msedge"),
        ),
        (
            "/usr/bin/chromium",
            "/snap/bin/chromium",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
            *_in_program_files("Google", "Chrome", "Application", "chrome.exe"),
            *_in_program_files("Chromium", "Application", "chrome.exe"),
            *_in_program_files("Microsoft", "Edge", "Application", "msedge.exe"),
        ),
    ),
    "firefox": Browser(
        platforms.Need.FIREFOX,
        ("firefox-esr", "firefox"),
        (
            "/Applications/Firefox.app/Contents/MacOS/firefox",
            *_in_program_files("Mozilla Firefox", "firefox.exe"),
        ),
    ),
}
DEFAULT = "chromium"


def find(name: str) -> str | None:
    """Return the path of the browser, None when it is not installed."""
    _, programs, places = BROWSERS[name]
    found = [path for program in programs if (path := shutil.which(program))]
    found += [place for place in places if Path(place).is_file()]
    return found[0] if found else None


def require(name: str) -> str:
    """Return the path of the browser; raise UsageError when it is not installed."""
    path = find(name)
    if path is None:
        raise UsageError(explain_missing(name))
    return path


def explain_missing(name: str) -> str:
    """Return a line that says that the browser is missing, and how to install it."""
    need = BROWSERS[name].need
    how = " ".join(platforms.how_to_install(need).split())
    return f"{need.value} is not installed, and the web client is to be tested in it; {how}"


def explain_unusable(program: str, said: str) -> str:
    """Return that a browser cannot be driven, and what said so.

    An old one does not know each command: Firefox 140 does not.
    """
    return f"{program} cannot be driven; update it, and try again\n{said.splitlines()[0]}"

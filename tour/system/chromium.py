"""The browser that the web client is tried with: one of the Chromium family, as the system has it.

It is looked for with the standard library alone, for `doctor` does so before .venv exists.
"""

import os
import shutil
from pathlib import Path

NAMES = (
    # without the windows that nobody would see, which take most of the time
    "chromium-headless-shell", "chrome-headless-shell",
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "msedge",
)
PLACES = (
    "/usr/bin/chromium",
    "/snap/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    *(
        str(Path(os.environ[variable], *parts))
        for variable in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")
        if variable in os.environ
        for parts in (
            ("Google", "Chrome", "Application", "chrome.exe"),
            ("Chromium", "Application", "chrome.exe"),
            ("Microsoft", "Edge", "Application", "msedge.exe"),
        )
    ),
)


def find_chromium() -> str | None:
    """Return the path of a browser of the Chromium family, None when there is none."""
    found = [path for name in NAMES if (path := shutil.which(name))]
    found += [place for place in PLACES if Path(place).is_file()]
    return found[0] if found else None

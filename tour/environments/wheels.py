"""The wheels of a clone for a room without internet: their targets, and the installers' settings.

`tour pack` puts them into .tour/wheels. While that folder is there, pip and uv install from it and
need no internet.
"""

import platform
from pathlib import Path
from typing import NamedTuple

from tour.repo.clone import tour_command
from tour.repo.own_folder import own_folder
from tour.system.errors import TourError

# the folder of a clone's wheels, and the file in it that names their targets, a line each
FOLDER = Path(".tour", "wheels")
LISTING = "targets.txt"

# Python's names of systems and machines, where those of the platforms differ
SYSTEMS = {"darwin": "macos"}
MACHINES = {"aarch64": "arm64", "amd64": "x86_64"}


class Target(NamedTuple):
    """A target of wheels: a Python, as in 3.13, and a platform, as in linux-x86_64."""

    python: str
    platform: str

    def __str__(self) -> str:
        return f"Python {self.python} on {self.platform}"


def this_platform() -> str:
    """Return the name of this machine's platform, as in linux-x86_64."""
    system = platform.system().lower()
    machine = platform.machine().lower()
    return f"{SYSTEMS.get(system, system)}-{MACHINES.get(machine, machine)}"


def installer_settings(repository: Path) -> dict[str, str]:
    """Return the environment variables with which pip and uv install things in the clone."""
    settings = {
        "UV_CACHE_DIR": str(own_folder(repository, "cache")),
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        # the user's settings for other projects do not count here
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_USER": "0",
    }
    if find_targets(repository):
        # a URL, because a space or a comma would end a path
        folder = (repository / FOLDER).absolute().as_uri()
        settings |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": folder}
        settings |= {"UV_NO_INDEX": "1", "UV_FIND_LINKS": folder, "UV_OFFLINE": "1"}
    return settings


def find_targets(repository: Path) -> list[Target]:
    """Return the targets of the clone's wheels; without wheels it has none."""
    listing = repository / FOLDER / LISTING
    if not listing.exists():
        return []
    return [Target(*line.split()) for line in listing.read_text(encoding="utf-8").splitlines()]


def format_targets(targets: list[Target]) -> str:
    """Return the text of the file that names the targets of the wheels beside it."""
    return "".join(f"{target.python} {target.platform}\n" for target in targets)


def require(repository: Path, version: str) -> None:
    """Raise TourError when the clone has wheels, and none for a Python on this machine.

    `version` is the Python's, in full.
    """
    targets = find_targets(repository)
    wanted = Target(".".join(version.split(".")[:2]), this_platform())
    if targets and wanted not in targets:
        raise TourError(
            f"there are no wheels here for {wanted}, only for"
            f" {', '.join(map(str, targets))}; {advice(repository, [*targets, wanted])}"
        )


def advice(repository: Path, targets: list[Target]) -> str:
    """Return advice for a clone with wheels when one for these targets is missing."""
    options = dict.fromkeys(f"--python {target.python}" for target in targets)
    options |= dict.fromkeys(f"--platform {target.platform}" for target in targets)
    return (
        "where there is internet, make an archive that has them:\n"
        f"  {tour_command(repository)} pack {' '.join(options)}\n"
        f"or, when this machine has internet, delete {repository / FOLDER} and run this again"
    )

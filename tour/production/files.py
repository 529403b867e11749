"""The files of docs/production/, with the ports and paths of a set-up in place of the page's.

There is no second copy of them. A text that is to be replaced and is not there is an error, so that
page and set-up stay the same.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tour.environments.environment import PACKAGE
from tour.repo import cache
from tour.repo import copies
from tour.repo import git
from tour.stages.manifest import main_branches
from tour.system.errors import TourError

FOLDER = "docs/production"

# what a node needs beside its stage's requirements
REQUIREMENTS = "requirements.txt"


class Replacement(NamedTuple):
    """A text of a file, and what stands there in the set-up; in all files when `file` is ''."""

    file: str
    old: str
    new: str


def read(repository: Path) -> dict[str, str]:
    """Return the files by their paths below docs/production/: beside the tour, else of main."""
    folder = PACKAGE.parent / FOLDER
    if folder.is_dir():
        found = cache.read_folder(folder)
    else:
        branch = main_branches(repository)[0]
        tree = git.run(repository, "rev-parse", f"{branch}:{FOLDER}").strip()
        found = copies.read_files(repository, tree)
    return {path: data.decode() for path, data in found.items()}


def fill(texts: dict[str, str], replacements: Iterable[Replacement]) -> dict[str, str]:
    """Return the texts with all replacements made; raise TourError for one that finds nothing."""
    filled = dict(texts)
    for file, old, new in replacements:
        found = [name for name in ([file] if file else filled) if old in filled[name]]
        if not found:
            raise TourError(f"{FOLDER}/{file} has no {old!r}; change tour/production with it")
        for name in found:
            filled[name] = filled[name].replace(old, new)
    return filled


def write(texts: dict[str, str], folder: Path) -> None:
    """Write the texts below a folder."""
    copies.write_files(folder, {name: text.encode() for name, text in texts.items()})
    for name in texts:
        # a script may be run, a secret may not be read
        folder.joinpath(name).chmod(0o700 if name.endswith(".sh") else 0o600)


def variables(env_file: str) -> dict[str, str]:
    """Return the variables of a file for systemd's EnvironmentFile, NAME=VALUE."""
    pairs = [line for line in env_file.splitlines() if line and not line.startswith("#")]
    named = (pair.split("=", maxsplit=1) for pair in pairs)
    # a shell reads the file, too, and needs the quotes
    return {name: value.strip('"') for name, value in named}


def unit_value(unit: str, name: str) -> str:
    """Return what a systemd unit has behind NAME=; raise TourError when it has no such line."""
    found = re.search(rf"^{name}=(.+)$", unit, re.MULTILINE)
    if found is None:
        raise TourError(f"the unit has no {name}=")
    return found[1]

"""The files that git does not track: some are the learner's work, the others stay in place.

The others are in use while another commit is checked out: an environment whose Python runs in the
learner's shell, the settings of their editor, another repository.
"""

import os
import re
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tour.repo import git
from tour.repo.own_folder import own_folder

# names of files that editors, systems and tools put beside the work, as patterns
NOT_WORK = (
    *(".idea", ".vscode", "*.code-workspace", ".vs", ".fleet", ".zed", ".history", ".ropeproject"),
    *("*.sublime-project", "*.sublime-workspace", ".project", ".settings", "*.iml"),
    # open files and backups of Vim, Emacs, Kate
    *(".*.sw[a-p]", "*~", ".#*", "#*#", ".*.kate-swp"),
    *(".DS_Store", "._*", "Thumbs.db", "desktop.ini", ".directory", ".Trash-*"),
    *(".nfs*", ".fuse_hidden*"),
    # tools make these again by themselves
    *(".coverage.*", "*.egg-info", ".tox", ".nox", "node_modules", ".ipynb_checkpoints"),
    # these choose the Python and the secrets to use here
    *(".env", ".env.*", ".envrc", ".direnv", ".python-version", ".tool-versions", "mise.toml"),
)

# one of these is in each environment of venv, virtualenv, uv or conda
ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")

# the folders of `python -m venv .`
ENVIRONMENT_FOLDERS = {"bin", "include", "lib", "lib64", "share", "Include", "Lib", "Scripts"}

# files that the learner's own .gitignore names; the next stage does not have that .gitignore
REMEMBERED = "ignored"


class Untracked(NamedTuple):
    """The paths of the files that are work, and of what stays in place, folders with a slash."""

    work: list[str]
    staying: list[str]


def find(repository: Path, environment: dict[str, str] | None = None) -> Untracked:
    """Return the files of the working tree that are neither in the index nor ignored.

    `repository` is the working tree's top; `environment` may name another index for git.
    """
    options = ["--others", "--exclude-standard", "-z"]
    remembered = repository / ".tour" / REMEMBERED
    if remembered.exists():
        options.append(f"--exclude-from={remembered}")
    listing = git.run(repository, "ls-files", *options, environment=environment, as_user=True)
    is_environment = cache(_is_environment)
    top = {*ENVIRONMENT_MARKS, *ENVIRONMENT_FOLDERS} if is_environment(repository) else set()
    work = []
    staying = set()
    for path in filter(None, listing.split("\0")):
        parts = path.split("/")
        places = ["/".join(parts[: size + 1]) for size in range(len(parts))]
        place = next(
            (
                place
                for place, name in zip(places, parts)
                if place in top or _is_not_work(name) or is_environment(repository / place)
            ),
            # git names a repository in the working tree by its folder
            path.rstrip("/") if path.endswith("/") else None,
        )
        if place is None:
            work.append(path)
        else:
            staying.add(f"{place}/" if (repository / place).is_dir() else place)
    return Untracked(work, sorted(staying))


def _is_not_work(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in NOT_WORK)


def _is_environment(folder: Path) -> bool:
    return any((folder / mark).exists() for mark in ENVIRONMENT_MARKS)


def find_ignored(repository: Path) -> list[str]:
    """Return the files that git ignores, and the folders, with a slash, that it ignores whole."""
    options = ["--others", "--ignored", "--exclude-standard", "--directory", "-z"]
    return git.run(repository, "ls-files", *options, as_user=True).split("\0")[:-1]


def keep_ignoring(repository: Path, places: list[str]) -> None:
    """Keep ignoring the files that `find_ignored` found before another commit was checked out."""
    work = find(repository).work
    lines = [
        "/" + re.sub(r"([\\*?\[ !#])", r"\\\1", place)
        for place in places
        # a pattern is a line
        if "\n" not in place
        if any(path == place or place.endswith("/") and path.startswith(place) for path in work)
    ]
    if lines:
        with (own_folder(repository) / REMEMBERED).open("ab") as file:
            file.writelines(os.fsencode(f"{line}\n") for line in lines)

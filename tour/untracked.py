"""The files that git does not track: which of them are somebody's work, and which stay in place.

What stays is no work, and is in use while another commit is checked out: an environment whose
Python runs in the learner's shell, the settings of their editor, another repository.
"""

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tour import git

# what editors, systems and tools put beside the work, as patterns of names
NOT_WORK = (
    *(".idea", ".vscode", "*.code-workspace", ".vs", ".fleet", ".zed", ".history", ".ropeproject"),
    *("*.sublime-project", "*.sublime-workspace", ".ipynb_checkpoints"),
    # open files and backups of Vim, Emacs, Kate
    *(".*.sw[a-p]", "*~", ".#*", "#*#", ".*.kate-swp"),
    *(".DS_Store", "._*", "Thumbs.db", "desktop.ini", ".directory", ".Trash-*", ".nfs*"),
    # which Python and which secrets to use here
    *(".env", ".env.*", ".envrc", ".direnv", ".python-version", ".tool-versions", "mise.toml"),
)

# what tells that a folder is an environment of venv, virtualenv or uv, or of conda
ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")

# where `python -m venv .` has its files
ENVIRONMENT_FOLDERS = {"bin", "include", "lib", "lib64", "share", "Include", "Lib", "Scripts"}


class Untracked(NamedTuple):
    """The paths of the files that are work, and the places that are not, folders with a slash."""

    work: list[str]
    staying: list[str]


def find(repository: Path, environment: dict[str, str] | None = None) -> Untracked:
    """Return what lies in the working tree, is not in the index, and is not ignored.

    `repository` is the working tree's top; `environment` may name another index for git.
    """
    listing = git.run(
        repository,
        *("ls-files", "--others", "--exclude-standard", "-z"),
        environment=environment,
        as_user=True,
    )
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

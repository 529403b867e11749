"""The files of a tree that is graded: from a folder, with limits, or from git."""

import itertools
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tour.repo import copies
from tour.repo import git

# a module of Flack has some hundred lines; what has more bytes than this is none, and is not read
LARGEST = 200_000

# of so many files, the learner's are among the first
MOST_FILES = 5_000

# what is read; of the other files it matters that they are there
READ = (".py", ".txt", ".cfg", ".toml", ".ini")
# the end of every name
ANY = ("",)

# folders that hold none of the learner's modules
SKIPPED = {"__pycache__", "instance", "node_modules", "practice"}


class Files(NamedTuple):
    """The contents of files by their paths, and why those are not read that cannot be."""

    contents: dict[str, bytes]
    unread: dict[str, str]

    @property
    def paths(self) -> set[str]:
        """The paths of all files."""
        return self.contents.keys() | self.unread.keys()


def read_folder(folder: Path, largest: int = LARGEST, ends: tuple[str, ...] = READ) -> Files:
    """Read what may matter of a folder; nothing that lies outside of it, nothing that is huge.

    Files whose names have none of the `ends` count as empty.
    """
    contents = {}
    unread = {}
    top = folder.resolve()
    for file in itertools.islice(_walk(folder), MOST_FILES):
        path = file.relative_to(folder).as_posix()
        try:
            if not file.resolve().is_relative_to(top):
                unread[path] = "this is a link to a file outside of this folder"
            elif not path.endswith(ends):
                contents[path] = b""
            elif not file.is_file():
                unread[path] = "this is no file"
            elif file.stat().st_size > largest:
                unread[path] = f"this file has more than {largest:,} bytes"
            else:
                contents[path] = file.read_bytes()
        except (OSError, RuntimeError):
            # it went just now, may not be read, or is a link to itself
            unread[path] = "this file cannot be read"
    return Files(contents, unread)


def read_times(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return when each file was written that is read of a folder, and its size; 0 for others."""
    times = {}
    for file in itertools.islice(_walk(folder), MOST_FILES):
        times[file] = (0, 0)
        with suppress(OSError):
            if file.name.endswith(READ):
                status = file.stat()
                times[file] = (status.st_mtime_ns, status.st_size)
    return times


def read_commit(repository: Path, commit: str) -> Files:
    """Read a stage's files."""
    tree = git.run(repository, "rev-parse", commit).strip()
    return Files(copies.read_files(repository, tree), {})


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        # in order, so that a tree is always read in the same one
        folders[:] = sorted(name for name in folders if not _is_skipped(Path(here, name)))
        yield from (Path(here, name) for name in sorted(names))


def _is_skipped(folder: Path) -> bool:
    # which is no error where the folder may not be read
    is_environment = os.path.exists(folder / "pyvenv.cfg")
    return folder.name.startswith(".") or folder.name in SKIPPED or is_environment

"""The learner's clone: where it is, and the folders that the tour keeps in it."""

import errno
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import closing
from contextlib import contextmanager
from pathlib import Path

from tour.repo import git
from tour.system.errors import DiskFullError
from tour.system.errors import NotWritableError
from tour.system.errors import TourError

# seconds that one run of the tour waits for another one to finish what only one may do
LOCK_LIMIT = 600.0

# seconds that it waits before it says so; between two such waits Ctrl-C gets its turn
PATIENCE = 1.0

NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)

# the folders in .tour that hold temporary ones, and the lock in each temporary one
COPIES = "copies"
UNFINISHED = "unfinished"
LOCK = "lock.sqlite"

CLONE_ADVICE = (
    "get a clone of Flack Tour and run the command there:\n  git clone ADDRESS flack-tour"
)


class NotACloneError(TourError):
    """There is no clone of Flack Tour here, as in an unpacked zip file."""


def find_repository(start: Path | None = None) -> Path:
    """Return the top folder of the repository that holds `start`, by default the current folder.

    Raise NotACloneError outside of any repository, and where the tour's files lie within a
    repository that is not theirs.
    """
    start = Path.cwd() if start is None else start
    try:
        top = Path(git.run(start, "rev-parse", "--show-toplevel").rstrip("\n"))
    except git.GitError as error:
        if "not a git repository" not in error.output:
            raise
        top = None
    if top is None or (start / "tour" / "stages.toml").exists() and not top.samefile(start):
        raise NotACloneError(
            f"{start} is not a git repository, and the stages are in the history, which a"
            f" downloaded zip file does not have; {CLONE_ADVICE}"
        )
    return top


def spelling(repository: Path) -> str:
    """Return how a learner types the tour here, as the checkout stands now.

    The stages do not hold it, and have the installed one in .venv instead; so has a subfolder.
    """
    here = Path.cwd()
    if (here / "tour" / "__main__.py").exists() or not here.is_relative_to(repository):
        return "py -m tour" if os.name == "nt" else "python3 -m tour"
    program = r"Scripts\tour" if os.name == "nt" else "bin/tour"
    return os.path.relpath(repository / ".venv" / program)


def own_folder(repository: Path, *names: str) -> Path:
    """Make and return a folder of the tour's own in `.tour`, which git does not see.

    Raise NotWritableError when that is not allowed.
    """
    folder = repository.joinpath(".tour", *names)
    try:
        hide(repository / ".tour")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in NOT_WRITABLE:
            raise NotWritableError from None
        raise
    # it may have been there before, and be somebody else's
    if not os.access(folder, os.W_OK):
        raise NotWritableError
    return folder


@contextmanager
def exclusive(
    repository: Path, purpose: str, report: Callable[[str], None] = lambda line: None
) -> Iterator[None]:
    """Let one process at a time do what `purpose` names; the others wait.

    `report` is called once, with a line, when the wait is longer than a moment.
    """
    file = own_folder(repository, "locks") / f"{purpose}.sqlite"
    start = time.monotonic()
    told = False
    while (lock := _take_lock(file, PATIENCE)) is None:
        if time.monotonic() - start > LOCK_LIMIT:
            raise TourError(
                f"{file} has been locked for {LOCK_LIMIT:.0f} s; run this again when the other"
                " tour that is at work here has ended"
            )
        if not told:
            report("Waiting for another tour that is at work here")
            told = True
    with closing(lock):
        yield


@contextmanager
def temporary_folder(repository: Path, kind: str) -> Iterator[Path]:
    """Give a new folder in the tour's own folder `kind`, and delete it at the end.

    A lock in it tells `sweep` that its process lives.
    """
    with ExitStack() as stack:
        # so that no other process sweeps it before it is locked
        with exclusive(repository, "sweep"):
            folder = Path(
                stack.enter_context(
                    tempfile.TemporaryDirectory(
                        dir=own_folder(repository, kind), ignore_cleanup_errors=True
                    )
                )
            )
            stack.enter_context(closing(_take_lock(folder / LOCK, PATIENCE)))
        yield folder


def sweep(repository: Path) -> None:
    """Delete the temporary folders of processes that were killed before they could do so."""
    with exclusive(repository, "sweep"):
        for kind in (COPIES, UNFINISHED):
            for folder in own_folder(repository, kind).iterdir():
                try:
                    lock = _take_lock(folder / LOCK, patience=0)
                except TourError:
                    # its process has deleted it just now
                    continue
                if lock is not None:
                    lock.close()
                    shutil.rmtree(folder, ignore_errors=True)


def _take_lock(file: Path, patience: float) -> sqlite3.Connection | None:
    """Return a lock that is held until it is closed, None when another one holds it.

    A transaction of SQLite is the one lock in the standard library that works on every system and
    ends with the process, however it ends. `patience` is how long to wait for it, in seconds.
    """
    lock = None
    try:
        lock = sqlite3.connect(file, timeout=patience, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        return lock
    except sqlite3.OperationalError as error:
        if lock is not None:
            lock.close()
        # an extended code has the plain one in its lowest byte
        code = error.sqlite_errorcode & 0xFF
        if code == sqlite3.SQLITE_BUSY:
            return None
        if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise NotWritableError from None
        if code == sqlite3.SQLITE_FULL:
            raise DiskFullError from None
        raise TourError(f"{file} cannot be locked: {error}; clone it to a local disk") from None


def hide(folder: Path) -> None:
    """Make the folder, with a .gitignore that keeps all of it out of git."""
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")

"""Temporary folders in .tour, and the removal of those that killed runs have left."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import closing
from contextlib import contextmanager
from pathlib import Path

from tour.repo import locks
from tour.repo.own_folder import own_folder
from tour.system.errors import TourError

# the folder in .tour that holds temporary ones, and the lock in each of them
FOLDER = "temporary"
LOCK = "lock.sqlite"


@contextmanager
def temporary_folder(repository: Path) -> Iterator[Path]:
    """Give a new folder in the tour's own, and delete it at the end.

    A lock in it tells `sweep` that its process lives.
    """
    with ExitStack() as stack:
        # no other process may sweep it before it is locked
        with locks.exclusive(repository, "sweep"):
            place = own_folder(repository, FOLDER)
            new = tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(new))
            lock = locks.take_lock(folder / LOCK, locks.PATIENCE)
            # no other process knows of the folder, and `sweep` has to wait
            assert lock is not None
            stack.enter_context(closing(lock))
        yield folder


def put_in_place(made: Path, folder: Path) -> None:
    """Move what was made in a temporary folder to its place, and an old one out of it."""
    if folder.exists():
        folder.rename(made.with_name("old"))
    made.rename(folder)


def sweep(repository: Path) -> None:
    """Delete the temporary folders of processes that were killed before they could do so."""
    with locks.exclusive(repository, "sweep"):
        for folder in own_folder(repository, FOLDER).iterdir():
            try:
                lock = locks.take_lock(folder / LOCK, patience=0)
            except TourError:
                # its process has deleted it just now
                continue
            if lock is not None:
                lock.close()
                shutil.rmtree(folder, ignore_errors=True)

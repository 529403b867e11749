"""Locks: some things only one run of the tour may do at a time."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from pathlib import Path

from tour.repo.own_folder import own_folder
from tour.system.errors import DiskFullError
from tour.system.errors import NotWritableError
from tour.system.errors import TourError
from tour.system.status_line import Report

# seconds that a run of the tour waits for another one
LOCK_LIMIT = 600.0

# seconds that it waits before it says so; Ctrl-C gets its turn between two such waits
PATIENCE = 1.0


@contextmanager
def exclusive(repository: Path, purpose: str, report: Report = lambda line: None) -> Iterator[None]:
    """Hold the lock that `purpose` names; `report` is called once when the wait is a longer one."""
    file = own_folder(repository, "locks") / f"{purpose}.sqlite"
    start = time.monotonic()
    told = False
    while (lock := take_lock(file, PATIENCE)) is None:
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


def take_lock(file: Path, patience: float) -> sqlite3.Connection | None:
    """Return a lock that is held until it is closed, None when another process holds it.

    The lock is a transaction of SQLite. No other lock in the standard library works on every system
    and ends with its process, however that ends. `patience` is the longest wait, in seconds.
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

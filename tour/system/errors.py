"""The failures that a user can cause, each with the exit code that the command ends with."""

import errno

# the words of systems, git and installers for a full disk
DISK_FULL = ("No space left on device", "Out of diskspace", "os error 28", "Disk quota exceeded")
DISK_FULL_CODES = (errno.ENOSPC, errno.EDQUOT)

# reasons for which a system may refuse any call; another OSError is a bug of ours
REFUSED_CODES = (
    *(errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO),
)

FULL_CLONE = "get a full one, without --filter:\n  git clone ADDRESS flack-tour"


class TourError(Exception):
    """The tour cannot go on; the message says why, and what to do next."""

    exit_code = 3


class NotWritableError(TourError):
    """The clone belongs to another user, or lies where nothing can be written."""

    def __init__(self) -> None:
        super().__init__(
            "this folder cannot be written to by you; clone it into a folder of your own"
        )


class DiskFullError(TourError):
    """The disk is full."""

    def __init__(self) -> None:
        super().__init__("there is no room left on the disk; free some of it and run this again")


class UsageError(TourError):
    """The command was called in a wrong way."""

    exit_code = 2


def is_disk_full(output: str) -> bool:
    """Return whether a program's output says that the disk is full."""
    return any(reason in output for reason in DISK_FULL)

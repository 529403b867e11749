"""The folder .tour of a clone, which git does not see."""

import errno
import os
import threading
from pathlib import Path

from tour.system.errors import NotWritableError

NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)


def own_folder(repository: Path, *names: str) -> Path:
    """Make and return a folder in `.tour`, which git does not see; raise NotWritableError."""
    folder = repository.joinpath(".tour", *names)
    try:
        hide(repository / ".tour")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in NOT_WRITABLE:
            raise NotWritableError from None
        raise
    # it may have been there before, and belong to another user
    if not os.access(folder, os.W_OK):
        raise NotWritableError
    return folder


def hide(folder: Path) -> None:
    """Make the folder, with a .gitignore that keeps all of it out of git."""
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        # a part of it, as a full disk leaves it, would show all of this to git
        write_whole(ignore, "*\n")


def write_whole(file: Path, text: str) -> None:
    """Write a file whole or not at all, also when this process is killed meanwhile."""
    # another thread may write the same file now
    unfinished = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(file)

"""A small file system that a test can fill; to mount it, a process needs a namespace of its own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# bytes that it gives out at once
PIECE = 4096


class SmallDisk:
    """A small file system, and the file that fills it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, pieces: int) -> None:
        """Leave room for so many pieces."""
        size = shutil.disk_usage(self.folder).free - pieces * PIECE
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)

    def free(self) -> None:
        """Make room again."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def mounted(size: int) -> Iterator[SmallDisk]:
    """Give an empty one of so many bytes."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=True)
        try:
            yield SmallDisk(Path(folder))
        finally:
            # it stays mounted as long as this process stands in it
            os.chdir("/")
            subprocess.run(["umount", folder], check=True)

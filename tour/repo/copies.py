"""Clean copies of a commit's files, taken from git and not from the working tree."""

import io
import tarfile
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path

from tour.repo import git
from tour.repo.temporary import temporary_folder


def read_files(repository: Path, commit: str) -> dict[str, bytes]:
    """Return the files of a commit or tree, which is given as its id, by their paths."""
    data = git.run_apart(repository, "archive", "--format=tar", commit)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {
            member.name: file.read()
            for member in archive
            if member.isfile() and (file := archive.extractfile(member))
        }


@contextmanager
def clean_copy(repository: Path, commit: str, name: str) -> Iterator[Path]:
    """Give a folder with the commit's files, below .tour, and delete it at the end.

    `name` is the folder's name, which a reader sees in the paths of messages.
    """
    with temporary_folder(repository) as place:
        folder = place / name
        folder.mkdir()
        write_files(folder, read_files(repository, commit))
        yield folder


def write_files(folder: Path, files: Mapping[str, bytes | None]) -> None:
    """Write files by their paths below a folder, and delete those that are None."""
    for path, data in files.items():
        file = folder / path
        if data is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)

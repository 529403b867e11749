"""The contents of git's trees: the files of a commit, and their modes."""

import io
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path

from tour.repo import git

# the mode of a file that is not in a tree, and that of a submodule
ABSENT = "000000"
SUBMODULE = "160000"


def list_files(repository: Path, tree: str) -> dict[str, str]:
    """Return mode, kind and id of the files of a tree or commit by their paths."""
    return _list(repository, "-r", tree)


def list_top(repository: Path, tree: str) -> dict[str, str]:
    """Return mode, kind and id of the files and folders at the top of a tree or commit."""
    return _list(repository, tree)


def list_changes(
    repository: Path, old: str, new: str, *paths: str
) -> Iterator[tuple[str, tuple[str, str], tuple[str, str]]]:
    """Yield the path of each file that differs, and its mode and id on either side."""
    options = ["-r", "-z", "--raw", "--no-renames", "--no-abbrev"]
    listing = git.run(repository, "diff-tree", *options, old, new, "--", *paths).split("\0")
    for fields, path in zip(listing[::2], listing[1::2]):
        old_mode, new_mode, old_id, new_id, _ = fields.removeprefix(":").split(" ")
        yield path, (old_mode, old_id), (new_mode, new_id)


def read_blobs(repository: Path, names: Iterable[str]) -> Iterator[bytes | None]:
    """Yield the contents of blobs with these names, as git reads them; None where there is none."""
    lines = "".join(f"{name}\n" for name in names)
    answer = io.BytesIO(git.run_bytes(repository, "cat-file", "--batch", input=lines.encode()))
    for header in iter(answer.readline, b""):
        if header.endswith(b" missing\n"):
            yield None
        else:
            yield answer.read(int(header.split()[-1]))
            # the end of the line behind it
            answer.read(1)


def _list(repository: Path, *arguments: str) -> dict[str, str]:
    listing = git.run(repository, "ls-tree", "-z", "--full-tree", *arguments)
    entries = (entry.partition("\t") for entry in listing.split("\0") if entry)
    return {path: entry for entry, _, path in entries}

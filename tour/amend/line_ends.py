"""LF line ends in a stage, even if an editor has written CRLF.

For git a line with another end is another line. Later steps that change it would stop, and say that
the amended stage changes it as well.
"""

from collections.abc import Iterable
from pathlib import Path

from tour.repo import git


def unify(folder: Path, originals: Iterable[str]) -> list[str]:
    """Replace CRLF by LF in the worktree and its index, except where an original commit has CRLF.

    Return the paths of the changed files. It reads the staged files, to which git's filters have
    been applied.
    """
    files = {}
    for path in _find_files(folder):
        data = git.run_bytes(folder, "show", f":{path}")
        unified = replace(data, [read(folder, commit, path) for commit in originals])
        if unified != data:
            files[path] = unified
    for path, data in files.items():
        folder.joinpath(path).write_bytes(data)
    if files:
        git.run(folder, "update-index", "--", *files)
    return list(files)


def replace(data: bytes, originals: list[bytes]) -> bytes:
    """Return a file with LF for CRLF, except for the lines that end in CRLF in an original.

    A file with NUL is no text, and a file that has only CRLF in an original is meant to have it.
    Both stay as they are.
    """
    if b"\0" in data or any(0 < each.count(b"\r\n") == each.count(b"\n") for each in originals):
        return data
    kept = {line for original in originals for line in original.split(b"\n")[:-1]}
    *ended, last = data.split(b"\n")
    return b"\n".join([*(line if line in kept else line.rstrip(b"\r") for line in ended), last])


def _find_files(folder: Path) -> list[str]:
    """Return the staged files with a line that ends in CR."""
    options = ["--cached", "--text", "--basic-regexp", "--files-with-matches", "-z"]
    try:
        listing = git.run(folder, "grep", *options, "-e", "\r$")
    except git.GitError as error:
        # git grep ends with 1 when it finds nothing
        if error.code != 1:
            raise
        return []
    return listing.split("\0")[:-1]


def read(folder: Path, commit: str, path: str) -> bytes:
    """Return the commit's file, nothing where it has none."""
    try:
        return git.run_bytes(folder, "show", f"{commit}:{path}")
    except git.GitError:
        return b""

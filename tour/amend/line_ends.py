"""LF at the ends of the lines of a stage, whatever an editor has written there.

A line that ends in CRLF is another line to git. The later steps that change it would stop, and say
that the amended stage changes it, too.
"""

from collections.abc import Iterable
from pathlib import Path

from tour.repo import git


def unify(folder: Path, originals: Iterable[str]) -> list[str]:
    """Replace, in the worktree and its index, each CRLF that the original commits have not by LF.

    Return the paths of the files that this changed. Looked at is what is staged, so that a filter
    of git's has done its work before.
    """
    files = {}
    for path in _find_files(folder):
        data = git.run_bytes(folder, "show", f":{path}")
        unified = replace(data, [_read(folder, commit, path) for commit in originals])
        if unified != data:
            files[path] = unified
    for path, data in files.items():
        folder.joinpath(path).write_bytes(data)
    if files:
        git.run(folder, "update-index", "--", *files)
    return list(files)


def replace(data: bytes, originals: list[bytes]) -> bytes:
    """Return a file with LF for CRLF, but for the lines that end so in one of the originals.

    A file that holds NUL is no text, and one that has CRLF alone in an original is meant to have
    it: both stay as they are.
    """
    if b"\0" in data or any(map(_has_crlf_alone, originals)):
        return data
    kept = {line for original in originals for line in original.split(b"\n")[:-1]}
    *ended, last = data.split(b"\n")
    return b"\n".join([*(line if line in kept else line.rstrip(b"\r") for line in ended), last])


def _has_crlf_alone(data: bytes) -> bool:
    return 0 < data.count(b"\r\n") == data.count(b"\n")


def _find_files(folder: Path) -> list[str]:
    """Return the staged files with a line that ends in CR."""
    options = ["--cached", "--text", "--basic-regexp", "--files-with-matches", "-z"]
    try:
        listing = git.run(folder, "grep", *options, "-e", "\r$")
    except git.GitError as error:
        # it ends so when there is none
        if error.code != 1:
            raise
        return []
    return listing.split("\0")[:-1]


def _read(folder: Path, commit: str, path: str) -> bytes:
    """Return the commit's file, nothing where it has none."""
    try:
        return git.run_bytes(folder, "show", f"{commit}:{path}")
    except git.GitError:
        return b""

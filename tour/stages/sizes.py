"""The size of a stage: lines, files and tests, counted in its commit."""

import re
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.repo import copies

TEST = re.compile(rb"^\s*(?:async )?def test_", re.MULTILINE)


class Size(NamedTuple):
    """The lines of the application's Python (not of its tests), files in all, test functions."""

    lines: int
    files: int
    tests: int


def measure(repository: Path, commit: str) -> Size:
    """Return the size of a commit's files."""
    files = copies.read_files(repository, commit)
    modules = {path: data for path, data in files.items() if path.endswith(".py")}
    return Size(
        sum(data.count(b"\n") for path, data in modules.items() if not is_test(path)),
        len(files),
        sum(len(TEST.findall(data)) for path, data in modules.items() if is_test(path)),
    )


def is_test(path: str) -> bool:
    """Return whether the path belongs to a stage's tests."""
    return path == "tests.py" or PurePosixPath(path).parts[0] == "tests"

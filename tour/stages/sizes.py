"""How large a stage is, counted in its files as git has them."""

import re
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.repo import copies

TEST = re.compile(rb"^\s*(?:async )?def test_", re.MULTILINE)


class Size(NamedTuple):
    """A stage's size: lines of the application's Python, files in all, test functions.

    The application is every .py file but `tests.py` and what lies in `tests/`; its lines count as
    they stand, blank ones and comments too.
    """

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
    """Tell whether the path is that of a test, by its place in the stages."""
    return path == "tests.py" or PurePosixPath(path).parts[0] == "tests"

"""The ends of lines: which CRLF becomes LF, and which stays."""

from pathlib import Path

import pytest

from tour.amend import line_ends
from tour.amend import replay
from tour.repo import git
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.tests.synthetic import Clone

# an image is no text, whatever bytes it has between those that would be one
IMAGE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\r\n"


@pytest.mark.parametrize(
    ("data", "original", "expected"),
    [
        (b"one\r\ntwo\r\n", b"", b"one\ntwo\n"),
        (b"one\r\ntwo\n", b"one\n", b"one\ntwo\n"),
        (b"one\r\ntwo", b"", b"one\ntwo"),
        (b"one\r\r\n", b"", b"one\n"),
        (b"\r\n\r\n", b"\n", b"\n\n"),
        (b"o\rne\r\ntwo\r", b"", b"o\rne\ntwo\r"),
        (b"\xe9\r\n", b"", b"\xe9\n"),
        (b"", b"one\r\n", b""),
        (b"one\r\ntwo\r\nsix\n", b"one\r\nsix\n", b"one\r\ntwo\nsix\n"),
        (b"one\r\ntwo\r\n", b"one\r\n", b"one\r\ntwo\r\n"),
        (IMAGE, b"", IMAGE),
    ],
    ids=[
        *("new-file", "mixed", "no-newline-at-the-end", "twice", "blank", "lone", "latin-1"),
        *("empty", "was-there", "crlf-alone", "image"),
    ],
)
def test_lf_takes_the_place_of_crlf_that_is_new(
    data: bytes, original: bytes, expected: bytes
) -> None:
    assert line_ends.replace(data, [original]) == expected


def open_stage(clone: Clone, stage: Stage) -> Path:
    """Return a worktree of the stage."""
    folder = clone.folder.with_name("worktree")
    replay.open_worktree(clone.folder, folder, stage.commit)
    return folder


def commit_crlf(folder: Path, stage: Stage) -> dict[str, bytes]:
    """Commit a line, a file and an image with CRLF, and return what differs from what it should."""
    tests = git.run_bytes(folder, "show", f"{stage.commit}:tests.py")
    expected = {"tests.py": tests, "new.txt": b"new\n", "image": IMAGE}
    crlf = {"tests.py": tests.replace(b"import os\n", b"import os\r\n"), "new.txt": b"new\r\n"}
    for path, data in (expected | crlf).items():
        folder.joinpath(path).write_bytes(data)
    commit = replay.commit_files(folder, stage.tag, stage.commit, None, stage.commit).commit
    found = {path: git.run_bytes(folder, "show", f"{commit}:{path}") for path in expected}
    return {path: data for path, data in found.items() if data != expected[path]}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".git/config", "[core]\n\tautocrlf = true\n\tsafecrlf = true\n"),
        (".git/config", "[core]\n\tautocrlf = input\n\teol = crlf\n"),
        (".git/config", "[color]\n\tgrep = always\n"),
        (".git/config", "[grep]\n\tpatternType = fixed\n"),
        (".git/info/attributes", "* text=auto eol=crlf\n"),
        (".git/info/attributes", "* -text -diff\n"),
    ],
)
def test_no_setting_of_the_repository_changes_what_is_committed(
    clone: Clone, line: StageLine, file: str, text: str
) -> None:
    place = clone.folder / file
    place.parent.mkdir(exist_ok=True)
    with place.open("a") as settings:
        settings.write(text)
    assert commit_crlf(open_stage(clone, line.stages[0]), line.stages[0]) == {}


def test_no_attributes_of_the_maintainers_change_what_is_committed(
    clone: Clone, line: StageLine, home: Path
) -> None:
    # they would take every file for a text, an image too
    Clone(home).write({".config/git/attributes": "* text eol=crlf\n"})
    assert commit_crlf(open_stage(clone, line.stages[0]), line.stages[0]) == {}


@pytest.mark.parametrize("attributes", ["* text=auto eol=crlf\n", "* -text -diff\n"])
def test_no_attributes_of_the_stage_change_what_is_committed(
    clone: Clone, line: StageLine, attributes: str
) -> None:
    folder = open_stage(clone, line.stages[0])
    folder.joinpath(".gitattributes").write_text(attributes)
    assert commit_crlf(folder, line.stages[0]) == {}

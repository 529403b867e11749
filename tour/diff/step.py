"""A step as it is to be shown: its files, their hunks, and for each line what became of it.

`tour.diff.lines` says of each changed line which kind it is. Here the lines are put back into their
files, between the unchanged lines around them, in rows. A row has an old and a new line beside each
other, and says which of the two stands in the file at that point: both where a line stays or is
edited in its place; the new one alone where it came, from elsewhere or from nowhere; the old one
alone where it went. So side by side, a row is a row of the table; in one column, it is its old
line, its new line, or both, one above the other.

A file that went while another came with at least half of its lines is one file under two paths. Its
hunks leave out what only came along, as those of any file leave out what stays.
"""

from collections.abc import Iterable
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.diff.lines import Counts
from tour.diff.lines import Kind
from tour.diff.words import Span
from tour.repo import trees

PLAIN = "plain"
MODES = {
    "100644": PLAIN,
    "100755": "executable",
    "120000": "a link",
    trees.SUBMODULE: "a submodule",
}


class Side(Enum):
    """Which lines of a row stand in the file at this point."""

    OLD = "old"
    NEW = "new"
    BOTH = "both"


class Line(NamedTuple):
    """A line of a file in one of the two trees.

    `words` is what an edited line has that the other one has not. `ends` is whether a newline ends
    it.
    """

    path: str
    number: int
    text: str
    words: tuple[Span, ...]
    ends: bool


class Row(NamedTuple):
    """An old and a new line, as far as there are both; `kind` is None where nothing changed.

    Unless `side` is BOTH, one of the two may stand elsewhere.
    """

    kind: Kind | None
    side: Side
    old: Line | None
    new: Line | None

    @property
    def both(self) -> tuple[Line, Line]:
        """The old and the new line of a row that has both, as all have but new and gone ones."""
        assert self.old and self.new
        return self.old, self.new

    @property
    def elsewhere(self) -> Line | None:
        """The line that this one came from or went to."""
        return {Side.OLD: self.new, Side.NEW: self.old, Side.BOTH: None}[self.side]

    @property
    def is_unchanged(self) -> bool:
        """Whether the line stands as it stood, in its file or along with it."""
        if self.side is not Side.BOTH:
            return False
        old, new = self.both
        return old[2:] == new[2:]


class LineRange(NamedTuple):
    """The lines of a file from number `first` to `last`."""

    path: str
    first: int
    last: int


class Block(NamedTuple):
    """Rows, one below the other, that came from one place, went to one place or stay in theirs.

    `elsewhere` is that place. It is None where they stay, and where the old line of an edited one
    is in the same hunk. `shift` is the number of columns by which the lines that moved are indented
    more than before, 0 when they differ in it.
    """

    elsewhere: LineRange | None
    shift: int
    rows: tuple[Row, ...]


class Hunk(NamedTuple):
    """A part of a file that changes, with the unchanged lines around it."""

    blocks: tuple[Block, ...]


class Flow(NamedTuple):
    """How many lines went from one file to another, as they were and edited."""

    old_path: str
    new_path: str
    moved: int
    edited: int

    @property
    def lines(self) -> int:
        """How many in all."""
        return self.moved + self.edited


class File(NamedTuple):
    """A file that changes; one of its paths is None where it is added or removed.

    Modes are git's, as in 100644. `counts` counts a pair of lines where it is now, so that all
    files' counts make up the step's. `came` and `went` are the lines from and to other files.
    `is_binary` is whether its content differs and git sees no lines in it, as in an image.
    """

    old_path: str | None
    new_path: str | None
    old_mode: str
    new_mode: str
    counts: Counts
    came: tuple[Flow, ...]
    went: tuple[Flow, ...]
    hunks: tuple[Hunk, ...]
    is_binary: bool

    @property
    def path(self) -> str:
        """Where it is, else where it was."""
        return self.paths[-1]

    @property
    def paths(self) -> tuple[str, ...]:
        """Where it was and where it is."""
        return tuple(dict.fromkeys(path for path in self[:2] if path))

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of it where it is no text or no plain file."""
        notes = ["not text, and not shown"] if self.is_binary else []
        modes = [mode for mode in (self.old_mode, self.new_mode) if mode != trees.ABSENT]
        names = [MODES.get(mode, mode) for mode in dict.fromkeys(modes)]
        if len(names) > 1:
            notes.append(f"{names[0]} before, {names[1]} now")
        elif names[0] != PLAIN:
            notes.append(names[0])
        return tuple(notes)


class Step(NamedTuple):
    """What changes between two trees; `flows` are between the files of `files`, largest first."""

    counts: Counts
    flows: tuple[Flow, ...]
    files: tuple[File, ...]


def select_files(files: Iterable[File], patterns: Iterable[str]) -> tuple[File, ...]:
    """Return the files with a path that one of the patterns matches."""
    patterns = list(patterns)
    return tuple(
        file
        for file in files
        if any(matches(path, pattern) for path in file.paths for pattern in patterns)
    )


def matches(path: str, pattern: str) -> bool:
    """Tell whether the pattern is the path, a folder of it, or one with `*` that fits it."""
    pattern = PurePosixPath(pattern).as_posix()
    return pattern in (".", path) or path.startswith(f"{pattern}/") or fnmatchcase(path, pattern)

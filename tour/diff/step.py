"""A step to be shown: its files, their hunks, and rows of old and new lines.

`tour.diff.lines` gives each changed line its kind. Here the lines are put back into their files, in
rows, between the unchanged lines around them. A row has an old line, a new line, or both. Its side
tells which of them stands in the file at that point: both if a line stays or is edited in its
place; only the new one if it is added or moved here; only the old one if it is removed or moved
away. Side by side, a row is a row of the table. In one column it is one of its lines, or both.

A removed file and an added file that has at least half of its lines are one file under two paths.
Its hunks leave out the lines that only moved with the file.
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
    """The lines of a row that stand in the file at this point."""

    OLD = "old"
    NEW = "new"
    BOTH = "both"


class Line(NamedTuple):
    """A line of a file in one of the two trees.

    `words` are the parts of an edited line that the other version does not have. `ends` is whether
    the line ends with a newline.
    """

    path: str
    number: int
    text: str
    words: tuple[Span, ...] = ()
    ends: bool = True


class Row(NamedTuple):
    """An old line, a new line or both; `kind` is None where nothing changed.

    If `side` is not BOTH, one of the two may stand elsewhere.
    """

    kind: Kind | None
    side: Side
    old: Line | None
    new: Line | None

    @property
    def both(self) -> tuple[Line, Line]:
        """The old and the new line; rows of new and gone lines do not have both."""
        assert self.old and self.new
        return self.old, self.new

    @property
    def elsewhere(self) -> Line | None:
        """The other line of a row, which stands elsewhere."""
        return {Side.OLD: self.new, Side.NEW: self.old, Side.BOTH: None}[self.side]

    @property
    def is_unchanged(self) -> bool:
        """Whether the line is as it was in its file, even if the file has another path now."""
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
    """Consecutive rows that came from one place, went to one place, or stay in their place.

    `elsewhere` is that place. It is None where they stay, and where the old version of an edited
    line is in the same hunk. `shift` is the number of columns by which the moved lines are indented
    more than before, 0 when it is not the same for all.
    """

    elsewhere: LineRange | None
    shift: int
    rows: tuple[Row, ...]


# a part of a file that changes, with the unchanged lines around it
Hunk = tuple[Block, ...]


class Flow(NamedTuple):
    """The number of lines that went from one file to another, unchanged or edited."""

    old_path: str
    new_path: str
    moved: int
    edited: int

    @property
    def lines(self) -> int:
        """The number of all these lines."""
        return self.moved + self.edited


class File(NamedTuple):
    """A file that changes; one of its paths is None where it is added or removed.

    Modes are git's, as in 100644. `counts` counts a pair of lines where it is now, so that all
    files' counts make up the step's. `came` and `went` are the lines from and to other files.
    `is_binary` is whether its content differs and git shows no lines of it, as for an image.
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
        """The new path, else the old one."""
        return self.paths[-1]

    @property
    def paths(self) -> tuple[str, ...]:
        """The old and the new path, without repeats."""
        return tuple(dict.fromkeys(path for path in self[:2] if path))

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks on a file that is no text or no plain file."""
        notes = ["not text, and not shown"] if self.is_binary else []
        modes = [mode for mode in (self.old_mode, self.new_mode) if mode != trees.ABSENT]
        names = [MODES.get(mode, mode) for mode in dict.fromkeys(modes)]
        if len(names) > 1:
            notes.append(f"{names[0]} before, {names[1]} now")
        elif names[0] != PLAIN:
            notes.append(names[0])
        return tuple(notes)


class Step(NamedTuple):
    """The changes between two trees; `flows` are between its `files`, the largest first."""

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
    """Return whether the pattern is the path, a folder of it, or one with `*` that fits it."""
    pattern = PurePosixPath(pattern).as_posix()
    return pattern in (".", path) or path.startswith(f"{pattern}/") or fnmatchcase(path, pattern)

"""The edits of an amendment follow the lines that a later step moves.

Git merges a file with the file of the same name. So git reports a conflict for a line that the
amendment edits and the step moves to another file; and it keeps a line that the amendment deletes
and the step moves. `tour.diff.lines` knows the new position of each line. With that the step is
rewritten as a step between stages that have the edits already: before it the edits are made as in
the amended stage, after it at the new positions of their lines. Git merges the edits that cannot
follow.
"""

import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tour.amend import line_ends
from tour.diff import lines
from tour.diff.lines import Kind
from tour.diff.lines import Location

# returns the lines of a commit's file with their line ends, none where there is no such file
Read = Callable[[str, str], list[bytes]]


class Position(NamedTuple):
    """A position in a file, at a line or before it: the path, and the line's number from 0."""

    path: str
    line: int


# the position of an edit in the amended stage, and in the rewritten step
Relocation = tuple[Position, Position]


class Stuck(NamedTuple):
    """A line of an edit that cannot follow: its old position, and the one at which it still is."""

    old: Position
    new: Position
    is_deleted: bool


class Followed(NamedTuple):
    """The rewritten step: texts of files before and after it, and the edits to report.

    `relocations` has the edits that go to another file. `stuck` has the lines of edits that cannot
    follow, and that the step or the amended stage still has.
    """

    before: dict[str, bytes]
    after: dict[str, bytes]
    relocations: list[Relocation]
    stuck: list[Stuck]


class _Hunk(NamedTuple):
    """A file's lines from `start` to before `end`, and the new lines, from number `first` on."""

    path: str
    start: int
    end: int
    first: int
    lines: tuple[bytes, ...]

    @property
    def last(self) -> int:
        """The number after that of the last new line."""
        return self.first + len(self.lines)

    def part(self, start: int, end: int, first: int, last: int) -> "_Hunk":
        """Return the hunk of some of the lines."""
        some = self.lines[first - self.first : last - self.first]
        return _Hunk(self.path, start, end, first, some)


class _Edit(NamedTuple):
    """Lines for the place of `size` lines at the position.

    It is plain where the step changes nothing there: git can make such an edit by itself.
    """

    position: Position
    size: int
    lines: tuple[bytes, ...]
    is_plain: bool


class _Shift(NamedTuple):
    """A step's change of a line's indentation: a part is cut off, or a part is put in front."""

    cut: bytes
    put: bytes


def follow(repository: Path, before: str, after: str, amended: str) -> Followed:
    """Rewrite the step from the commit `before` to `after`, with the edits of `amended`.

    The edits are those between `before` and `amended` in text files that both have and the step
    changes. An edit cannot follow if it touches lines that the step edits, removes or takes apart;
    nor if it is half of a move whose other half cannot. Nothing is rewritten if git can merge all
    edits that follow.
    """
    read = functools.cache(functools.partial(_read, repository))
    step = _Diff(repository, before, after, read)
    amendment = _Diff(repository, before, amended, read)
    found: dict[_Hunk, _Edit | None] = {}
    for path in sorted(step.paths & amendment.paths):
        trace = _Trace(step, path)
        for hunk in amendment.find_hunks(path):
            parts = [hunk] if trace.find_edit(hunk) else _split(hunk, amendment, trace)
            found |= {part: trace.find_edit(part) for part in parts}
    _drop_halves(found, step, amendment)
    edits = {hunk: edit for hunk, edit in found.items() if edit}
    stuck = [
        Stuck(old, _shift_position(new, 1, edits.values()), is_deleted)
        for old, new, is_deleted in _find_stuck(found.keys() - edits.keys(), step, amendment)
    ]
    if all(edit.is_plain for edit in edits.values()):
        return Followed({}, {}, [], stuck)
    relocations = [
        (Position(hunk.path, hunk.first), _shift_position(edit.position, edit.size, edits.values()))
        for hunk, edit in edits.items()
        if hunk.path != edit.position.path
    ]
    own = [
        edit._replace(position=Position(hunk.path, hunk.start), lines=hunk.lines)
        for hunk, edit in edits.items()
    ]
    texts = _make(own, step.read_old), _make(edits.values(), step.read_new)
    return Followed(*texts, sorted(relocations), stuck)


def _read(repository: Path, commit: str, path: str) -> list[bytes]:
    # like `tour.diff.lines`; splitlines would also split at a carriage return
    return re.findall(rb"[^\n]*\n|[^\n]+", line_ends.read(repository, commit, path))


class _Diff:
    """The lines that changed between two commits, and the new positions of the others."""

    def __init__(self, repository: Path, old: str, new: str, read: Read) -> None:
        self.read_old = functools.partial(read, old)
        self.read_new = functools.partial(read, new)
        changes = lines.compare(repository, old, new)
        self.removed = {_position(change.old): change for change in changes if change.old}
        self.added = {_position(change.new): change for change in changes if change.new}
        self.paths = {position.path for position in self.removed.keys() | self.added.keys()}

    def find_unchanged(self, path: str) -> dict[int, int]:
        """Return the new numbers of a file's unchanged lines by the old ones, and of both its ends.

        The ends are before the first line and after the last one.
        """
        size = len(self.read_old(path))
        old = (index for index in range(-1, size + 1) if Position(path, index) not in self.removed)
        new = (index for index in itertools.count(-1) if Position(path, index) not in self.added)
        return dict(zip(old, new))

    def find_hunks(self, path: str) -> Iterator[_Hunk]:
        """Find a file's hunks, in order; none where one of the commits has no lines of it."""
        new = self.read_new(path)
        if new and self.read_old(path):
            unchanged = self.find_unchanged(path).items()
            for (start, first), (end, last) in itertools.pairwise(unchanged):
                if end - start > 1 or last - first > 1:
                    yield _Hunk(path, start + 1, end, first + 1, tuple(new[first + 1 : last]))

    def find_pairs(self, hunk: _Hunk) -> list[tuple[int, int]]:
        """Return the old and new numbers of lines that a hunk edits, none where they swap."""
        pairs = []
        for index in range(hunk.start, hunk.end):
            new = self.removed[Position(hunk.path, index)].new
            if new and new.path == hunk.path and hunk.first < new.number <= hunk.last:
                pairs.append((index, new.number - 1))
        return pairs if pairs == sorted(pairs, key=lambda pair: pair[1]) else []

    def find_same(self, position: Position) -> list[Position]:
        """Return the positions at which the new commit has the text of a changed line."""
        change = self.removed.get(position)
        if change is None or change.kind is Kind.EDITED:
            return []
        if change.new:
            return [_position(change.new)]
        # a removed line has an old location
        assert change.old is not None
        # `tour.diff.lines` calls a short line that moves alone gone here and new there
        text = change.old.text.strip()
        return [
            end
            for end, other in self.added.items()
            if other.kind is Kind.NEW
            and other.new
            and other.new.text.strip() == text
            and lines.words(text)
        ]


class _Trace:
    """The positions of a file's lines after a step."""

    def __init__(self, step: _Diff, path: str) -> None:
        self.step = step
        self.old = step.read_old(path)
        self.unchanged = step.find_unchanged(path)
        # None for a line that the step removes
        self.positions: list[Position | None] = []
        for index in range(len(self.old)):
            change = step.removed.get(Position(path, index))
            if change:
                self.positions.append(change.new and _position(change.new))
            else:
                self.positions.append(Position(path, self.unchanged[index]))

    def find_edit(self, hunk: _Hunk) -> _Edit | None:
        """Return the edit that makes the hunk's change after the step, None if none can."""
        position = self._find_lines(hunk) if hunk.start < hunk.end else self._find_gap(hunk.start)
        added = _indent(hunk.lines, self._find_shifts(hunk, position)) if position else None
        if position is None or added is None:
            return None
        return _Edit(position, hunk.end - hunk.start, added, self._leaves_alone(hunk))

    def may_part(self, start: int, end: int) -> bool:
        """Return whether deleted lines can be deleted one by one, if the step takes them apart.

        A blank line cannot, because it belongs to both of its neighbours; nor can lines between
        which the step puts new ones.
        """
        between = [
            self.step.added.get(Position(above.path, line))
            for above, below in itertools.pairwise(self.positions[start:end])
            if above and below and above.path == below.path
            for line in range(above.line + 1, below.line)
        ]
        has_new = any(change and change.kind is Kind.NEW for change in between)
        return not has_new and all(line.strip() for line in self.old[start:end])

    def _leaves_alone(self, hunk: _Hunk) -> bool:
        """Return whether the step changes neither the hunk's lines nor those right beside them."""
        whole = range(hunk.start - 1, hunk.end + 1)
        kept = [self.unchanged[index] for index in whole if index in self.unchanged]
        return len(kept) == len(whole) and kept[-1] - kept[0] == len(kept) - 1

    def _find_lines(self, hunk: _Hunk) -> Position | None:
        """Return the new position of the hunk's lines, None if the step edits or parts them."""
        positions = self.positions[hunk.start : hunk.end]
        first = positions[0]
        shifts = map(self._find_shift, range(hunk.start, hunk.end))
        if first is None or None in shifts:
            return None
        together = [Position(first.path, first.line + offset) for offset in range(len(positions))]
        return first if positions == together else None

    def _find_gap(self, index: int) -> Position | None:
        """Return the position between the line and the line above it, None if the step parts them.

        Removed lines do not count.
        """
        above = next(filter(None, reversed(self.positions[:index])), None)
        below = next(filter(None, self.positions[index:]), None)
        gaps = set()
        if above:
            gaps.add(Position(above.path, above.line + 1))
        if below:
            gaps.add(below)
        return gaps.pop() if len(gaps) == 1 else None

    def _find_shifts(self, hunk: _Hunk, position: Position) -> set[_Shift]:
        """Return the shifts of the hunk's lines; if all are blank, those of the lines around it."""
        inside = [at for at in range(hunk.start, hunk.end) if self.old[at].strip()]
        sides = reversed(range(hunk.start)), range(hunk.end, len(self.old))
        around = [next((at for at in side if self.old[at].strip()), -1) for side in sides]
        beside = [
            at
            for at in around
            if at >= 0
            and self.positions[at] == position._replace(line=position.line + at - hunk.start)
        ]
        return {shift for at in inside or beside if (shift := self._find_shift(at))}

    def _find_shift(self, index: int) -> _Shift | None:
        """Return the change of a line's indentation, None if more than that changes."""
        position = self.positions[index]
        found = (
            self.step.read_new(position.path)[position.line : position.line + 1] if position else []
        )
        if not found:
            return None
        old, new = self.old[index], found[0]
        was, is_now = (line[: len(line) - len(line.lstrip())] for line in (old, new))
        if old[len(was) :].rstrip(b"\n") != new[len(is_now) :].rstrip(b"\n"):
            return None
        if not old.strip():
            return _Shift(b"", b"")
        if is_now.endswith(was):
            return _Shift(b"", is_now.removesuffix(was))
        if was.endswith(is_now):
            return _Shift(was.removesuffix(is_now), b"")
        return None


def _position(location: Location) -> Position:
    return Position(location.path, location.number - 1)


def _indent(added: tuple[bytes, ...], shifts: set[_Shift]) -> tuple[bytes, ...] | None:
    """Return the lines with their indentation shifted, None if there are several shifts."""
    texts = [line for line in added if line.strip()]
    if not texts:
        return added
    if len(shifts) != 1:
        return None
    [(cut, put)] = shifts
    if not all(line.startswith(cut) for line in texts):
        return None
    return tuple(put + line.removeprefix(cut) if line.strip() else line for line in added)


def _split(hunk: _Hunk, amendment: _Diff, trace: _Trace) -> list[_Hunk]:
    """Return the parts of a hunk that can go to different files.

    A part is an edited line, a deleted line if it can be deleted alone, or the lines between two
    edited lines.
    """
    parts = []
    start, first = hunk.start, hunk.first
    for end, last in [*amendment.find_pairs(hunk), (hunk.end, hunk.last)]:
        if first == last and trace.may_part(start, end):
            parts += [hunk.part(index, index + 1, first, first) for index in range(start, end)]
        elif start < end or first < last:
            parts.append(hunk.part(start, end, first, last))
        if end < hunk.end:
            parts.append(hunk.part(end, end + 1, last, last + 1))
        start, first = end + 1, last + 1
    return parts


def _drop_halves(found: dict[_Hunk, _Edit | None], step: _Diff, amendment: _Diff) -> None:
    """Drop the edits that move lines if one half of the move cannot be made."""
    taken = {Position(hunk.path, at): hunk for hunk in found for at in range(hunk.start, hunk.end)}
    given = {Position(hunk.path, at): hunk for hunk in found for at in range(hunk.first, hunk.last)}
    # a file without hunks stands as its path: one of the stages has no such file
    moves: list[set[_Hunk | str]] = [
        {taken.get(old, old.path), given.get(_position(change.new), change.new.path)}
        for old, change in amendment.removed.items()
        if change.kind is Kind.MOVED and change.new
    ]
    halves = step.paths | {hunk for hunk, edit in found.items() if edit is None}
    while dropped := {
        half
        for move in moves
        if move & halves
        for half in move
        if isinstance(half, _Hunk) and found[half]
    }:
        found |= dict.fromkeys(dropped)
        halves |= dropped


def _find_stuck(hunks: set[_Hunk], step: _Diff, amendment: _Diff) -> Iterator[Stuck]:
    """Find the lines of the hunks that only the step or only the amended stage still has."""
    for hunk in sorted(hunks):
        for position in (Position(hunk.path, index) for index in range(hunk.start, hunk.end)):
            change = step.removed.get(position)
            here, there = amendment.find_same(position), step.find_same(position)
            if change and there:
                # a line that both have is no problem
                ends = [end for end in there if end.path not in {own.path for own in here}]
            elif change:
                ends = [*here, *([_position(change.new)] if change.new else [])]
            else:
                ends = []
            yield from (Stuck(position, end, not hunk.lines) for end in ends)


def _make(edits: Iterable[_Edit], read: Callable[[str], list[bytes]]) -> dict[str, bytes]:
    """Return the texts of the edited files by their paths."""
    by_path = defaultdict(list)
    for edit in edits:
        by_path[edit.position.path].append(edit)
    texts = {}
    for path, own in by_path.items():
        old, new, index = read(path), [], 0
        for edit in sorted(own, key=_sort_key):
            new += [*old[index : edit.position.line], *edit.lines]
            index = edit.position.line + edit.size
        new += old[index:]
        # the old last line may have had no newline
        ended = [line.removesuffix(b"\n") + b"\n" for line in new[:-1]]
        texts[path] = b"".join(ended + new[-1:])
    return texts


def _sort_key(edit: _Edit) -> tuple[Position, int]:
    """Return the sort key of edits: by position, an insertion before a replacement."""
    return edit.position, edit.size


def _shift_position(position: Position, size: int, edits: Iterable[_Edit]) -> Position:
    """Return the position of `size` lines after the edits are made."""
    above = (
        edit
        for edit in edits
        if edit.position.path == position.path and _sort_key(edit) < (position, size)
    )
    return position._replace(
        line=position.line + sum(len(edit.lines) - edit.size for edit in above)
    )

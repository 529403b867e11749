"""An amendment's edits, taken along to where a step moves the lines that they edit.

Git merges a file with the file of the same name, so a line that is edited and then moved to another
file is a conflict to it. `tour.lines` knows where each line went: where the lines of an edit are
unchanged or moved, and stay together, the same edit is made there.
"""

import difflib
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from tour import git
from tour import lines
from tour.lines import Kind


class Spot(NamedTuple):
    """A place between or at lines: the file, and the line's number from 0."""

    path: str
    index: int


# where an edit was made, and where the step has its lines
Landing = tuple[Spot, Spot]


class Followed(NamedTuple):
    """The files to write, None for one to remove, and from where to where edits have gone."""

    texts: dict[str, str | None]
    landings: list[Landing]


class _Edit(NamedTuple):
    """Lines for the place of `count` lines at the spot; `origin` is where they were edited."""

    spot: Spot
    count: int
    lines: list[str]
    origin: Spot


def follow(repository: Path, before: str, after: str, amended: str) -> Followed:
    """Make, in the files of `after`, the edits that lead from `before` to `amended`.

    The step leads from the commit `before` to `after`. Looked at are the text files that `before`
    and `amended` both have. A file is left out where an edit of it touches a line that the step
    edits or removes, or lines that it takes apart; and with it what has edits for the same file.
    """
    moved = _read_moves(repository, before, after)
    edits: dict[str, list[_Edit]] = {}
    left = set()
    for path in _find_edited(repository, before, amended):
        try:
            found = _find_edits(repository, before, after, amended, path, moved[path])
        except UnicodeDecodeError:
            # an image, or a text in an encoding of its own
            found = None
        if found is None:
            left.add(path)
        else:
            edits[path] = found
    # what git merges by itself must not be written over
    while entangled := [path for path in edits if left & _touched(path, edits[path])]:
        for path in entangled:
            left |= _touched(path, edits.pop(path))
    done = [edit for found in edits.values() for edit in found]
    texts: dict[str, str | None] = {}
    for path in edits.keys() | {edit.spot.path for edit in done}:
        text = _read(repository, after, path)
        own = sorted((edit for edit in done if edit.spot.path == path), reverse=True)
        for edit in own:
            end = edit.spot.index + edit.count
            text[edit.spot.index:end] = edit.lines
        texts[path] = "".join(text) if text or own else None
    landings = [(edit.origin, edit.spot) for edit in done if edit.origin.path != edit.spot.path]
    return Followed(texts, sorted(landings))


def _touched(path: str, edits: list[_Edit]) -> set[str]:
    return {path, *(edit.spot.path for edit in edits)}


def _find_edited(repository: Path, before: str, amended: str) -> list[str]:
    options = ["-r", "-z", "--no-renames", "--name-only", "--diff-filter=M"]
    listing = git.run(repository, "diff-tree", *options, before, amended)
    return [path for path in listing.split("\0") if path]


def _find_edits(
    repository: Path,
    before: str,
    after: str,
    amended: str,
    path: str,
    moves: dict[int, Spot | None],
) -> list[_Edit] | None:
    """Return a file's edits for the spots where its lines are, None where one has no spot."""
    old, new = (_read(repository, commit, path) for commit in (before, amended))
    images = _find_images(old, _read(repository, after, path), path, moves)
    edits = []
    for tag, start, end, first, last in _diff(old, new):
        if tag == "equal":
            continue
        spot = _find_spot(images, start, end)
        if spot is None:
            return None
        added = new[first:last]
        if start < end:
            target = _read(repository, after, spot.path)
            added = _indent(added, old[start], target[spot.index])
        edits.append(_Edit(spot, end - start, added, Spot(path, start)))
    return edits


def _read(repository: Path, commit: str, path: str) -> list[str]:
    """Return the lines of a file with their ends, none where there is no such file."""
    try:
        text = git.run_bytes(repository, "show", f"{commit}:{path}").decode()
    except git.GitError:
        return []
    # as `tour.lines` has it; to splitlines a form feed ends a line, too
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _read_moves(repository: Path, before: str, after: str) -> dict[str, dict[int, Spot | None]]:
    """Return by file and line, from 0, where a changed line went; None where it is no more."""
    moves: dict[str, dict[int, Spot | None]] = defaultdict(dict)
    for change in lines.compare(repository, before, after):
        if change.old:
            is_moved = change.kind is Kind.MOVED
            spot = Spot(change.new.path, change.new.number - 1) if is_moved else None
            moves[change.old.path][change.old.number - 1] = spot
    return moves


def _find_images(
    old: list[str], new: list[str], path: str, moves: dict[int, Spot | None]
) -> list[Spot | None]:
    """Return for each line of a file where the step has it."""
    images = [moves.get(index) for index in range(len(old))]
    unchanged = [index for index in range(len(old)) if index not in moves]
    for tag, start, end, first, _ in _diff([old[index] for index in unchanged], new):
        if tag == "equal":
            for offset, index in enumerate(unchanged[start:end]):
                images[index] = Spot(path, first + offset)
    return images


def _find_spot(images: list[Spot | None], start: int, end: int) -> Spot | None:
    """Return where the lines from `start` to before `end` are together, None if nowhere.

    Where there is no line in between, it is the place after the line before and before the next.
    """
    if start < end:
        found = images[start:end]
        first = found[0]
        together = first and found == [
            Spot(first.path, first.index + offset) for offset in range(len(found))
        ]
        return first if together else None
    places = set()
    if start > 0 and images[start - 1]:
        path, index = images[start - 1]
        places.add(Spot(path, index + 1))
    if start < len(images) and images[start]:
        places.add(images[start])
    return places.pop() if len(places) == 1 else None


def _indent(added: list[str], old: str, new: str) -> list[str]:
    """Return the lines with the indentation changed as the step changes it from old to new."""
    was, is_now = (line[: len(line) - len(line.lstrip())] for line in (old, new))
    return [
        is_now + line.removeprefix(was) if line.strip() and line.startswith(was) else line
        for line in added
    ]


def _diff(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()

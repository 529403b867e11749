"""A quotation that may leave lines out, compared with the text that it quotes."""

import re
from collections.abc import Callable
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from tour.diff.words import count_same

ELISION = "..."

# how alike two lines must be to count as one line that was changed, from 0 to 1
SIMILARITY = 0.6

# the costs of an alignment, where a line of some length that is the same is worth 3 to 4: a quoted
# line that is not expected, an expected line inside a quotation that does not have it, and a line
# in the place of another one
MISSING = 0.5
EXTRA = 0.3
OTHER = 0.4

# the share of a passage that must be in the expected text for it to be taken for a passage of it
COMMON = 1 / 3

Normal = Callable[[str], str]


class Difference(NamedTuple):
    """Where a quotation first differs, from its line `at` on.

    `expected` and `got` are the two lines, None where one side has ended. `fixed` is the quotation
    as it should be, None when it has too little in common with the expected text to tell.
    """

    at: int
    expected: str | None
    got: str | None
    fixed: list[str] | None


class _Passage(NamedTuple):
    """Lines of a quotation, from `start` to `end`, between two elisions.

    `is_first` and `is_last` are whether it has to begin or to end where the expected text does.
    """

    start: int
    end: int
    is_first: bool
    is_last: bool


def compare(
    quoted: list[str], expected: list[str], whole: bool = False, normal: Normal = str
) -> Difference | None:
    """Return where the quotation differs from the expected text, None where it does not.

    A line that is nothing but `...` stands for any number of lines. What is between two such lines
    must follow each other in the expected text, too. A `whole` quotation begins and ends where the
    expected text does, others may lie anywhere in it. Lines are the same when `normal` makes the
    same of both; `fixed` leaves such lines as they are quoted.
    """
    passages = _split(quoted, whole)
    if _fits(list(map(normal, quoted)), list(map(normal, expected)), passages):
        return None
    partners, value = _align(quoted, expected, passages, normal)
    extents = _find_extents(passages, partners, len(expected))
    difference = None
    fixed: list[str] = []
    possible = True
    before = 0
    for passage, extent in zip(passages, extents):
        fixed += quoted[before : passage.start]
        before = passage.end
        lines = quoted[passage.start : passage.end]
        free = not (passage.is_first or passage.is_last)
        if extent is None or free and not _is_common(passage, value, quoted):
            possible = False
            if difference is None:
                difference = _find_unexpected(passage, quoted, expected, normal)
            continue
        kept = {
            partner: line
            for partner, line in zip(partners[passage.start : passage.end], lines)
            if partner is not None and normal(line) == normal(expected[partner])
        }
        right = [kept.get(index, expected[index]) for index in range(*extent)]
        fixed += right
        if difference is None and right != lines:
            difference = find_first(passage.start, lines, right)
    fixed += quoted[before:]
    # what does not fit differs somewhere
    assert difference is not None
    return difference._replace(fixed=fixed if possible else None)


def _split(quoted: list[str], whole: bool) -> list[_Passage]:
    """Return the passages; a quotation of nothing has one, which is empty."""
    passages = []
    start = 0
    for index, line in enumerate([*quoted, ELISION]):
        if line.strip() == ELISION:
            if index > start or not quoted:
                is_first, is_last = start == 0, index == len(quoted)
                passages.append(_Passage(start, index, whole and is_first, whole and is_last))
            start = index + 1
    return passages


def _fits(quoted: list[str], expected: list[str], passages: list[_Passage]) -> bool:
    """Return whether the expected text has the passages in order, each where it comes first."""
    at = 0
    for passage in passages:
        lines = quoted[passage.start : passage.end]
        last = len(expected) - len(lines)
        places: Sequence[int] = range(at, last + 1)
        if passage.is_first:
            places = [place for place in places if place == 0]
        if passage.is_last:
            places = [place for place in places if place == last]
        place = next((p for p in places if expected[p : p + len(lines)] == lines), None)
        if place is None:
            return False
        at = place + len(lines)
    return True


def _align(
    quoted: list[str], expected: list[str], passages: list[_Passage], normal: Normal
) -> tuple[list[int | None], list[float]]:
    """Pair the quoted lines with the expected ones, in order, so that most of them are the same.

    Return for each quoted line the index of its partner, and what the pair is worth. Lines of the
    expected that an elision can stand for cost nothing.
    """
    indices = [index for passage in passages for index in range(passage.start, passage.end)]
    free = [not passages[0].is_first]
    free += [after - before > 1 for before, after in zip(indices, indices[1:])]
    if indices:
        free.append(not passages[-1].is_last)
    worth = _measure_pairs([quoted[index] for index in indices], expected, normal)
    rows, columns = len(indices), len(expected)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    moves = [[""] * (columns + 1) for _ in range(rows + 1)]
    # from the end on, so that the way can be read from the start
    for row in range(rows, -1, -1):
        for column in range(columns, -1, -1):
            options = []
            if row < rows and column < columns:
                options.append((worth[row][column] + best[row + 1][column + 1], "pair"))
            if column < columns:
                cost = 0 if free[row] else EXTRA
                options.append((best[row][column + 1] - cost, "expected"))
            if row < rows:
                options.append((best[row + 1][column] - MISSING, "quoted"))
            if options:
                best[row][column], moves[row][column] = max(options)
    partners: list[int | None] = [None] * len(quoted)
    value = [0.0] * len(quoted)
    row = column = 0
    while moves[row][column]:
        move = moves[row][column]
        if move == "pair":
            partners[indices[row]] = column
            value[indices[row]] = worth[row][column]
        row += move != "expected"
        column += move != "quoted"
    return partners, value


def _measure_pairs(quoted: list[str], expected: list[str], normal: Normal) -> list[list[float]]:
    """Return what each pair of lines is worth, by the quoted line and then the expected ones."""
    normal_quoted = [normal(line) for line in quoted]
    worth = [[-OTHER] * len(expected) for _ in quoted]
    matcher = SequenceMatcher(autojunk=False)
    for column, line in enumerate(map(normal, expected)):
        matcher.set_seq2(line)
        for row, own in enumerate(normal_quoted):
            if own == line:
                worth[row][column] = _weigh(own)
            elif own.strip() and line.strip():
                matcher.set_seq1(own)
                if matcher.quick_ratio() >= SIMILARITY and (ratio := matcher.ratio()) >= SIMILARITY:
                    worth[row][column] = 0.8 * ratio * _weigh(own)
    return worth


def _weigh(line: str) -> float:
    """Return what it is worth to find the line: more for one that says more."""
    return 0.2 + min(len(re.findall(r"\w", line)), 20) / 5


def _find_extents(
    passages: list[_Passage], partners: list[int | None], length: int
) -> list[tuple[int, int] | None]:
    """Return where each passage is in the expected text, None for one without a place."""
    extents: list[tuple[int, int] | None] = []
    for passage in passages:
        found = partners[passage.start : passage.end]
        borders = [at + side for at in found if at is not None for side in (0, 1)]
        if passage.is_first:
            borders.append(0)
        if passage.is_last:
            borders.append(length)
        extents.append((min(borders), max(borders)) if borders else None)
    return extents


def _is_common(passage: _Passage, value: list[float], quoted: list[str]) -> bool:
    found = sum(max(worth, 0) for worth in value[passage.start : passage.end])
    return found >= COMMON * sum(_weigh(line) for line in quoted[passage.start : passage.end])


def _find_unexpected(
    passage: _Passage, quoted: list[str], expected: list[str], normal: Normal
) -> Difference:
    """Return the first line of a passage without a place that is not expected at all."""
    known = set(map(normal, expected))
    index = next(
        (i for i in range(passage.start, passage.end) if normal(quoted[i]) not in known),
        passage.start,
    )
    return Difference(index, None, quoted[index], None)


def find_first(start: int, lines: list[str], right: list[str]) -> Difference:
    """Return where lines, which stand from `start` on, first differ from the right ones."""
    at = count_same(lines, right)
    expected, got = (side[at] if at < len(side) else None for side in (right, lines))
    return Difference(start + at, expected, got, None)

"""The rows of a file in order, and their hunks and blocks."""

import itertools
from bisect import bisect_left
from collections.abc import Iterator
from typing import TypeAlias

from tour.diff import step
from tour.diff.lines import Kind

# the number of unchanged lines above and below a change
CONTEXT = 3

# a moved block goes on across so many new or gone lines
GAP = 3

# the rows of the changed lines, by side, path and number
Rows = dict[tuple[step.Side, str, int], step.Row]

# pairs of numbers, the last one first
_Chain: TypeAlias = "tuple[tuple[int, int], _Chain | None]"


def place_rows(olds: list[step.Line], news: list[step.Line], rows: Rows) -> Iterator[step.Row]:
    """Yield the rows of a file from its first line to its last."""
    went = [rows.get((step.Side.OLD, line.path, line.number)) for line in olds]
    came = [rows.get((step.Side.NEW, line.path, line.number)) for line in news]
    old = new = 0
    while old < len(went) or new < len(came):
        old_end, new_end = _skip_changed(went, old), _skip_changed(came, new)
        if old_end == old and new_end == new:
            yield step.Row(None, step.Side.BOTH, olds[old], news[new])
            old, new = old + 1, new + 1
        else:
            yield from _place_changed(
                list(filter(None, went[old:old_end])), list(filter(None, came[new:new_end]))
            )
            old, new = old_end, new_end


def _skip_changed(rows: list[step.Row | None], index: int) -> int:
    while index < len(rows) and rows[index]:
        index += 1
    return index


def _place_changed(went: list[step.Row], came: list[step.Row]) -> Iterator[step.Row]:
    """Yield the rows between two unchanged lines: pairs that are in order, in one row each."""
    places = {(row.old.path, row.old.number): index for index, row in enumerate(went) if row.old}
    pairs = [
        (places[row.old.path, row.old.number], index)
        for index, row in enumerate(came)
        if row.old and (row.old.path, row.old.number) in places
    ]
    old = new = 0
    for old_end, new_end in _longest_in_order(pairs):
        yield from went[old:old_end]
        yield from came[new:new_end]
        yield came[new_end]._replace(side=step.Side.BOTH)
        old, new = old_end + 1, new_end + 1
    yield from went[old:]
    yield from came[new:]


def _longest_in_order(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest rising subsequence by the first number; the second ones rise already."""
    ends: list[int] = []
    chains: list[_Chain] = []
    for pair in pairs:
        at = bisect_left(ends, pair[0])
        longer = (pair, chains[at - 1] if at else None)
        following = at + 1
        ends[at:following], chains[at:following] = [pair[0]], [longer]
    chain = chains[-1] if chains else None
    found = []
    while chain:
        pair, chain = chain
        found.append(pair)
    return found[::-1]


def cut_hunks(rows: list[step.Row]) -> Iterator[step.Hunk]:
    """Yield the changed rows with the unchanged rows around them."""
    shown: set[int] = set()
    for index, row in enumerate(rows):
        if not row.is_unchanged:
            shown.update(range(index - CONTEXT, index + CONTEXT + 1))
    for is_shown, group in itertools.groupby(enumerate(rows), lambda item: item[0] in shown):
        if is_shown:
            yield tuple(_cut_blocks([row for _, row in group]))


def _cut_blocks(rows: list[step.Row]) -> Iterator[step.Block]:
    """Yield a hunk's rows in blocks; the lines of a block come from consecutive lines elsewhere."""
    at_hand = {row.old for row in rows if row.side is step.Side.OLD}
    at_hand |= {row.new for row in rows if row.side is step.Side.NEW}
    anchors = [_find_anchor(row, at_hand) for row in rows]
    start = 0
    while start < len(rows):
        end = _find_block_end(rows, anchors, start)
        yield _make_block(rows[start:end], list(filter(None, anchors[start:end])))
        start = end


def _find_anchor(row: step.Row, at_hand: set[step.Line | None]) -> step.Line | None:
    """Return the line that decides on a row's block: the one elsewhere, or the indented one."""
    if row.side is step.Side.BOTH:
        return row.old if row.kind is Kind.MOVED and not row.is_unchanged else None
    return None if row.kind is Kind.EDITED and row.elsewhere in at_hand else row.elsewhere


def _find_block_end(rows: list[step.Row], anchors: list[step.Line | None], start: int) -> int:
    last = anchors[start]
    end = start + 1
    for index in range(end, len(rows)):
        anchor = anchors[index]
        if anchor:
            goes_on = last and (anchor.path, anchor.number) == (last.path, last.number + 1)
            if not goes_on or rows[index].side is not rows[start].side:
                break
            last, end = anchor, index + 1
        elif not last:
            end = index + 1
        elif rows[index].is_unchanged or index - end >= GAP:
            break
    return end


def _make_block(rows: list[step.Row], anchors: list[step.Line]) -> step.Block:
    elsewhere = None
    if anchors and rows[0].side is not step.Side.BOTH:
        elsewhere = step.LineRange(anchors[0].path, anchors[0].number, anchors[-1].number)
    moved = [row.both for row in rows if row.kind is Kind.MOVED]
    shifts = {_indentation(new) - _indentation(old) for old, new in moved if new.text.strip()}
    return step.Block(elsewhere, shifts.pop() if len(shifts) == 1 else 0, tuple(rows))


def _indentation(line: step.Line) -> int:
    text = line.text.expandtabs()
    return len(text) - len(text.lstrip())

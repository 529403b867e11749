"""Rows in the order of time, or of rank, across lanes: who is at work, and what leads to whom."""

from typing import NamedTuple

from tour.pictures.svg import Picture
from tour.pictures.svg import element
from tour.pictures.svg import path
from tour.pictures.svg import rectangles
from tour.pictures.svg import text
from tour.pictures.svg import text_width

# pixels: a lane, a row, the words' distance from the lanes and from the picture's end
LANE, ROW = 66, 23
AFTER, END = 12, 14
# a panel's title, the heads of its lanes and what is below it, and the picture's legend
TITLE, HEAD, FOOT, LEGEND = 26, 34, 14, 22

# half of a bar at work, and the radius of a mark
BAR, DOT = 4, 4.5

# kinds of marks, and of bars
DONE, WAITING, REFUSED = "done", "waiting", "refused"
WORKS, WAITS = "works", "waits"


class Lane(NamedTuple):
    """What a lane stands for, in two short lines."""

    name: str
    below: str = ""


class Words(NamedTuple):
    """Words in a row, at a column of the panel's, in a class of the drawing's."""

    column: int
    words: str
    kind: str = "plain"


class Row(NamedTuple):
    """A row: its words, the marks on lanes, and the lanes between which its arrow leads."""

    words: tuple[Words, ...]
    marks: tuple[tuple[int, str], ...] = ()
    arrow: tuple[int, int] | None = None

    @property
    def is_refused(self) -> bool:
        return self.arrow is not None and (self.arrow[1], REFUSED) in self.marks


class Bar(NamedTuple):
    """A lane that is at work, or waits, from a row to another one."""

    lane: int
    first: int
    last: int
    waits: bool = False


class Panel(NamedTuple):
    """Rows below a title; `columns` are the places of words, in pixels from where words begin."""

    title: str
    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    columns: tuple[float, ...] = (0,)
    bars: tuple[Bar, ...] = ()


def draw(
    title: str, description: str, panels: list[Panel], legend: dict[str, str] | None = None
) -> Picture:
    """Draw the panels below each other; `legend` has what kinds of marks and bars mean."""
    shapes: list[str] = []
    y = 0.0
    before: tuple[Lane, ...] = ()
    # words begin at one place in all panels
    words = 4 + max(len(panel.lanes) for panel in panels) * LANE + AFTER
    width = max(_end(panel, words) for panel in panels) + END
    for panel in panels:
        shapes.append(text(4, y + 16, panel.title, kind="name"))
        y += TITLE
        if panel.lanes != before:
            shapes += _heads(panel, y)
            y += HEAD
        before = panel.lanes
        shapes += _panel(panel, y, words)
        y += len(panel.rows) * ROW + FOOT
    x = 4.0
    for kind, meaning in (legend or {}).items():
        shapes += [_swatch(kind, x + DOT, y + 6), text(x + 16, y + 10, meaning, kind="small muted")]
        x += 16 + text_width(meaning, "small") + 18
    return Picture(max(width, x), y + (LEGEND if legend else 4 - FOOT), title, description, shapes)


def _end(panel: Panel, begin: float) -> float:
    """Return how far to the right the words of a panel reach."""
    rows = [
        begin + panel.columns[words.column] + text_width(words.words, words.kind.split()[0])
        for row in panel.rows
        for words in row.words
    ]
    return max([4 + text_width(panel.title, "name"), *rows])


def _x(lane: int) -> float:
    return 4 + (lane + 0.5) * LANE


def _heads(panel: Panel, y: float) -> list[str]:
    shapes = []
    for number, lane in enumerate(panel.lanes):
        shapes.append(text(_x(number), y + 12, lane.name, kind="plain middle"))
        shapes.append(text(_x(number), y + 26, lane.below, kind="small muted middle"))
    return shapes


def _panel(panel: Panel, top: float, begin: float) -> list[str]:
    def middle(row: int) -> float:
        return top + (row + 0.5) * ROW

    bottom = top + len(panel.rows) * ROW
    shapes = [
        path("outline quiet", "M", _x(lane), top, "V", bottom) for lane in range(len(panel.lanes))
    ]
    shapes += [
        _bar(_x(bar.lane), middle(bar.first), middle(bar.last), WAITS if bar.waits else WORKS)
        for bar in panel.bars
    ]
    for number, row in enumerate(panel.rows):
        y = middle(number)
        shapes += _arrow(row, y)
        shapes += [_mark(_x(lane), y, mark) for lane, mark in row.marks]
        shapes += [
            text(begin + panel.columns[words.column], y + 4, words.words, kind=words.kind)
            for words in row.words
        ]
    return shapes


def _bar(x: float, top: float, bottom: float, kind: str) -> str:
    half, fill = (BAR / 2, "fill-box") if kind == WAITS else (BAR, "fill-moved")
    return "\n".join(rectangles(x - half, top, 2 * half, bottom - top, fill, "outline"))


def _swatch(kind: str, x: float, y: float) -> str:
    return _bar(x, y - 6, y + 6, kind) if kind in (WORKS, WAITS) else _mark(x, y, kind)


def _arrow(row: Row, y: float) -> list[str]:
    if row.arrow is None:
        return []
    start, end = map(_x, row.arrow)
    way = 1 if end > start else -1
    style = " cycle" if row.is_refused else ""
    tip = end - way * (DOT + 1)
    return [
        path(f"arrow{style}", "M", start, y, "H", tip - way * 6),
        path(f"head{style}", "M", tip, y, "l", -way * 8, -4, "v", 8, "Z"),
    ]


def _mark(x: float, y: float, mark: str) -> str:
    if mark == REFUSED:
        across = ("l", 2 * DOT, 2 * DOT, "m", -2 * DOT, 0, "l", 2 * DOT, -2 * DOT)
        return path("outline cycle", "M", x - DOT, y - DOT, *across)
    kinds = ("fill-tests", "outline") if mark == WAITING else ("head",)
    return "\n".join(element("circle", kind=kind, cx=x, cy=y, r=DOT) for kind in kinds)


def cut(words: str, width: float) -> str:
    """Return the words, or as many of them as have room, with an ellipsis behind."""
    if text_width(words) <= width:
        return words
    while text_width(f"{words} …") > width:
        words = words[:-1]
    return f"{words.rstrip()} …"

"""The picture of two applications of v0.10 in one process, which share one `db`."""

from pathlib import Path
from typing import NamedTuple

from tour.pictures import svg
from tour.probes import running
from tour.probes.applications import Application
from tour.probes.applications import Context
from tour.probes.applications import Sight
from tour.stages.line import Stage
from tour.system.wording import enumerate_words

# pixels: the picture's width, between boxes, the box of `db`, and the heights of the rows
WIDTH, GAP = 660, 14
DB_WIDTH, DB_HEIGHT = 350, 46
ARROWS = 46
FRAME_TITLE, CONTEXT, ENGINE = 34, 64, 46
LINE = 17


class Box(NamedTuple):
    """A rectangle: its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


def draw(repository: Path, stage: Stage) -> svg.Picture:
    """Draw `db`, the applications below it, and the contexts and the engine of each."""
    tables, one_db, applications, contexts, outside = running.watch(
        repository, stage, "applications"
    )
    seen = Sight(
        tables,
        one_db,
        [Application(*row) for row in applications],
        [Context(*row) for row in contexts],
        outside,
    )
    shapes, height = _draw(seen)
    title = f"Two applications and one db at {stage.tag}"
    return svg.Picture(WIDTH, height, title, describe(seen), shapes)


def describe(seen: Sight) -> str:
    parts = []
    for config, url, engine in seen.applications:
        contexts = [context for context in seen.contexts if context.config == config]
        sessions = enumerate_words(
            f"session {context.session}, which finds {_people(context)}" for context in contexts
        )
        parts.append(
            f'create_app("{config}") has engine {engine} for {_place(url)}, and a context each for'
            f" {sessions}"
        )
    shared = "Two applications have the same db" if seen.one_db else "Each has a db of its own"
    return (
        f"{shared}, which knows the tables {enumerate_words(seen.tables)}. The one of"
        f" {'; the one of '.join(parts)}. Outside of a context db.session is an error."
    )


def _place(url: str) -> str:
    """Return the address of a database; SQLAlchemy's for SQLite in memory has no path."""
    return f"{url} (in memory)" if url == "sqlite://" else url


def _people(context: Context) -> str:
    return enumerate_words(context.users) if context.users else "nobody"


def _draw(seen: Sight) -> tuple[list[str], float]:
    top = Box((WIDTH - DB_WIDTH) / 2, 4, DB_WIDTH, DB_HEIGHT)
    known = f"it knows the tables {enumerate_words(seen.tables)}"
    shapes = _box(top, ["db", f"{'one object' if seen.one_db else 'two objects'}; {known}"], "new")
    y = top.bottom + ARROWS
    width = (WIDTH - 8 - GAP * (len(seen.applications) - 1)) / len(seen.applications)
    height = FRAME_TITLE + CONTEXT + ARROWS + ENGINE + GAP
    for number, application in enumerate(seen.applications):
        frame = Box(4 + number * (width + GAP), y, width, height)
        shapes += _application(frame, application, seen.contexts)
        start = top.middle + (frame.middle - top.middle) / 2
        shapes += _arrow(start, top.bottom, frame.middle, frame.y)
        outwards, anchor = (-10, " end") if frame.middle < top.middle else (10, "")
        place = frame.middle + outwards, frame.y - 10
        shapes.append(svg.text(*place, "db.init_app(app)", kind=f"small muted{anchor}"))
    bottom = y + height + 24
    shapes.append(svg.text(4, bottom, "Outside of a context:", kind="plain"))
    shapes.append(svg.text(140, bottom, f"RuntimeError: {seen.outside}", kind="plain cycle"))
    return shapes, bottom + 8


def _application(frame: Box, application: Application, contexts: list[Context]) -> list[str]:
    shapes = [
        *svg.rectangles(*frame, "fill-frame", "outline quiet", rx=8),
        svg.text(frame.x + GAP, frame.y + 21, f'create_app("{application.config}")', kind="name"),
    ]
    own = [context for context in contexts if context.config == application.config]
    width = (frame.width - GAP * (len(own) + 1)) / len(own)
    below = frame.y + FRAME_TITLE + CONTEXT + ARROWS
    engine = Box(frame.x + GAP, below, frame.width - 2 * GAP, ENGINE)
    for number, context in enumerate(own):
        x = frame.x + GAP + number * (width + GAP)
        box = Box(x, frame.y + FRAME_TITLE, width, CONTEXT)
        words = ["a context", f"db.session {context.session}", f"finds {_people(context)}"]
        shapes += _box(box, words, "box")
        shapes += _arrow(box.middle, box.bottom, box.middle, engine.y)
    words = [f"db.engine {application.engine}", _place(application.url)]
    return shapes + _box(engine, words, "moved")


def _box(box: Box, words: list[str], fill: str) -> list[str]:
    shapes = svg.rectangles(*box, f"fill-{fill}", rx=4)
    y = box.y + box.height / 2 - (len(words) - 1) * LINE / 2 + 4
    for number, line in enumerate(words):
        kind = "plain middle" if number else "name middle"
        shapes.append(svg.text(box.middle, y + number * LINE, line, kind=kind))
    return shapes


def _arrow(x: float, y: float, end_x: float, end_y: float) -> list[str]:
    middle = (y + end_y) / 2
    return [
        svg.path("arrow", "M", x, y, "C", x, middle, end_x, middle, end_x, end_y - 6),
        svg.path("head", "M", end_x - 4, end_y - 8, "h", 8, "L", end_x, end_y, "Z"),
    ]

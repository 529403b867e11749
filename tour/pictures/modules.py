"""The picture of a stage's modules: boxes with an area by lines, and imports as arrows."""

import math
import re
from collections.abc import Iterable
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.pictures import layout
from tour.pictures.plan import Module
from tour.pictures.plan import Plan
from tour.pictures.plan import describe
from tour.pictures.plan import survey
from tour.pictures.svg import Picture
from tour.pictures.svg import path
from tour.pictures.svg import rectangles
from tour.pictures.svg import text
from tour.pictures.svg import text_width
from tour.stages.line import StageLine
from tour.syntax.imports import Import
from tour.system.wording import count

WIDTH = 700

# square pixels for a line of code, in all pictures
AREA = 60

# width by height of a box, unless its label needs another shape that is not too odd
SHAPE = 2.4
SQUAREST, LONGEST = 1.2, 4.0
TESTS_WIDTH, WIDEST_TESTS = 124, 200

# how wide the lines of a label may be, in a box and outside of it
INSIDE, OUTSIDE = 150, 100

# where what a step did may go on in the next line
BREAK = re.compile(r"(?<=,) | (?=from )")

LINE_HEIGHT = {"name": 17, "plain": 15, "small": 14}
PADDING = 8
GAP = 5
FRAME = 14
FRAME_TITLE = 16
LEGEND_ROW = 22


class Label(NamedTuple):
    """Lines of text with the class of each, and the size that they need."""

    lines: tuple[tuple[str, str], ...]
    width: float
    height: float


def draw(repository: Path, line: StageLine, position: int) -> Picture:
    """Draw the modules of the stage at the position in the line."""
    plan = survey(repository, line, position)
    return draw_plan(plan, f"The modules of Flack at {plan.tag}", describe(plan))


def draw_plan(plan: Plan, title: str, description: str, area: float = AREA) -> Picture:
    """Draw modules, each with so many square pixels for a line."""
    return _Drawing(plan, area).picture(title, description)


class _Drawing:
    def __init__(self, plan: Plan, area: float = AREA) -> None:
        self.plan = plan
        self.area = area
        self.labels: dict[str, Label] = {}
        # where a label stands that has no room in its box
        self.sides: dict[str, str] = {}
        self.boxes = {module.path: self._size(module) for module in plan.modules}
        self.styles = {edge: self._style(edge) for edge in plan.imports}
        self.tests_width: float = TESTS_WIDTH
        self.layout = self._arrange()
        # wider tests are lower
        self.tests_width += min(max(WIDTH - 40 - self.layout.width, 0), WIDEST_TESTS - TESTS_WIDTH)
        self.layout = self._arrange()

    def picture(self, title: str, description: str) -> Picture:
        tests = self.plan.tests
        folders = sorted({str(PurePosixPath(path).parent) for path in self.boxes} - {"."})
        left, top = self._origin(folders)
        bottom = top + self.layout.height + (FRAME if folders else 0)
        shapes = [self._frame(folder, left, top) for folder in folders]
        tests_shapes, tests_bottom = self._tests(tests, left, top, bottom) if tests else ([], 0.0)
        bottom = max(bottom, tests_bottom)
        shapes += tests_shapes
        for arrow in self.layout.arrows:
            shapes += _arrow(arrow, left, top)
        for module in self.plan.modules:
            spot = self.layout.spots[module.path]
            shapes += self._box(module, layout.Spot(spot.x + left, spot.y + top))
        legend, bottom = self._legend(bottom + 30)
        return Picture(
            max(WIDTH, left + self.layout.width + FRAME + 4),
            bottom,
            title,
            description,
            shapes + legend,
        )

    def _arrange(self) -> layout.Layout:
        imports = self.plan.imports
        return layout.Arrangement(self.boxes, imports, self.styles, self.tests_width).lay_out()

    # boxes

    def _size(self, module: Module) -> layout.Box:
        label = _label(module, INSIDE)
        # an empty module shows as if it had a line
        area = max(module.lines, 1) * self.area
        column = self._column(module.path)
        # the shapes in which the label has room; where there is none it stands outside
        least = max((label.width + 2 * PADDING) ** 2 / area, SQUAREST)
        most = min(area / (label.height + PADDING) ** 2, LONGEST)
        fits = least <= most
        shape = min(max(SHAPE, least), most) if fits else SHAPE
        width, height = math.sqrt(area * shape), math.sqrt(area / shape)
        side = "inside" if fits else self._free_side(module.path)
        if not fits:
            label = _label(module, OUTSIDE)
        self.labels[module.path], self.sides[module.path] = label, side
        beyond = max(label.width - width, 0)
        if side == "above":
            return layout.Box(width, height, column, above=label.height + GAP, right=beyond)
        if side == "below":
            return layout.Box(width, height, column, below=label.height + GAP, right=beyond)
        if side == "right":
            around = max(label.height - height, 0) / 2
            return layout.Box(width, height, column, around, around, label.width + GAP)
        return layout.Box(width, height, column)

    def _free_side(self, path: str) -> str:
        """Return a side of a module's box where no arrow ends or starts."""
        importers = [edge.importer for edge in self.plan.imports if edge.imported == path]
        if all(self._column(importer) == layout.OUTSIDE for importer in importers):
            return "above"
        if all(edge.importer != path for edge in self.plan.imports):
            return "below"
        return "right"

    def _column(self, path: str) -> int:
        depth = len(PurePosixPath(path).parts)
        packages = any("/" in module.path for module in self.plan.modules)
        return min(depth - 1, layout.INNER) if packages else layout.PACKAGE

    def _origin(self, folders: list[str]) -> tuple[float, float]:
        """Return where the layout starts, so that all of it stands in the middle."""
        outside = any(box.column == layout.OUTSIDE for box in self.boxes.values())
        width = self.layout.width + (FRAME if folders else 0)
        if not outside and self.plan.tests:
            left = self.tests_width + 60
            return left + max(0, (WIDTH - left - width) / 2), 8
        return max(4, (WIDTH - width) / 2), 8 + (FRAME + 2 + FRAME_TITLE if folders else 0)

    def _box(self, module: Module, spot: layout.Spot) -> list[str]:
        box, label = self.boxes[module.path], self.labels[module.path]
        middle = spot.y + (box.height - label.height) / 2
        x, y = {
            "inside": (spot.x + PADDING, middle),
            "above": (spot.x, spot.y - label.height - GAP),
            "below": (spot.x, spot.y + box.height + GAP),
            "right": (spot.x + box.width + GAP, middle),
        }[self.sides[module.path]]
        shapes = _area(module, spot, box.width, box.height, "box")
        return shapes + _write(label, x, y, module.in_cycle)

    def _frame(self, folder: str, left: float, top: float) -> str:
        if "/" in folder:
            members = [path for path in self.boxes if path.startswith(f"{folder}/")]
            spots = [(self.layout.spots[path], self.boxes[path]) for path in members]
            start = min(spot.x for spot, _ in spots)
            end = max(spot.x + box.width + box.right for spot, box in spots)
            over = min(spot.y - box.above for spot, box in spots)
            under = max(spot.y + box.height + box.below for spot, box in spots)
            margin = FRAME
        else:
            start, end = self.layout.package, self.layout.width
            over, under = 0.0, self.layout.height
            margin = FRAME + 2
        x, y = left + start - margin, top + over - margin - FRAME_TITLE
        width, height = end - start + 2 * margin, under - over + 2 * margin + FRAME_TITLE
        words = f"{PurePosixPath(folder).name}/"
        # arrows come into a package inside the package from the left
        if "/" in folder:
            title = text(x + width - 10, y + 17, words, kind="plain muted end")
        else:
            title = text(x + 10, y + 17, words, kind="plain muted")
        frame = rectangles(x, y, width, height, "fill-frame", "outline quiet", rx=10)
        return "\n".join([*frame, title])

    def _tests(
        self, tests: Module, left: float, top: float, bottom: float
    ) -> tuple[list[str], float]:
        """Draw the tests at the side, at the bottom where the package has something beside it."""
        width = self.tests_width
        *first, last = self.plan.imported_by_tests or [""]
        imported = ["imports", *(f"{name}," for name in first), last] if last else []
        label = _label(tests, width - 2 * PADDING, imported)
        height = tests.lines * self.area / width
        outside = [
            self.layout.spots[path].y + box.height + box.below
            for path, box in self.boxes.items()
            if box.column == layout.OUTSIDE
        ]
        x = left if outside else max(left - self.tests_width - 60, 4)
        y = max(bottom - height, top + max(outside) + 30 if outside else top)
        spot = layout.Spot(x, y)
        shapes = _area(tests, spot, width, height, "tests")
        return shapes + _write(label, x + PADDING, y + PADDING, False), y + height

    # arrows and the legend

    def _style(self, edge: Import) -> str:
        return "cycle" if edge in self.plan.cycle else "deferred" if edge.deferred else ""

    def _legend(self, y: float) -> tuple[list[str], float]:
        """Explain what is in this picture, and nothing else."""
        boxes = [*self.plan.modules, *([self.plan.tests] if self.plan.tests else [])]
        entries = [("area", "area: lines of code")]
        kinds = [
            kind
            for kind in ("moved", "edited", "new")
            if any(getattr(module.changes, kind) for module in boxes)
        ]
        if kinds:
            entries += [("", "in this step:"), *((kind, kind) for kind in kinds)]
        styles = set(self.styles.values())
        for style, words in (
            ("", "imports"),
            ("deferred", "imports inside a function"),
            ("cycle", "imports in a cycle"),
        ):
            if style in styles:
                entries.append((f"arrow {style}".strip(), words))
        if self.plan.note:
            entries.append(("", self.plan.note))
        shapes, x = [], 8.0
        for kind, words in entries:
            swatch = (32 if kind.startswith("arrow") else 18) if kind else 0
            width = swatch + text_width(words, "small")
            if x + width > WIDTH - 4:
                x, y = 8.0, y + LEGEND_ROW
            shapes += _swatch(kind, x, y)
            shapes.append(text(x + swatch, y, words, kind="small muted"))
            x += width + (16 if kind else 6)
        return shapes, y + 8


def _wrap(words: Iterable[str], width: float) -> list[str]:
    """Return lines of at most the width, in the small class, that the words make up."""
    rows: list[str] = []
    for word in words:
        if rows and text_width(f"{rows[-1]} {word}", "small") <= width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows


def _label(module: Module, width: float, more: Iterable[str] = ()) -> Label:
    """Return what is written at a box, what the step did in lines of at most that width."""
    rows = [
        ("name", module.name + (f" · {module.mark}" if module.mark else "")),
        ("plain", count(module.lines, "line")),
    ]
    for changes in (module.changes.arrived(), module.changes.left()):
        words = BREAK.split(", ".join(changes)) if changes else []
        rows += [("small", row) for row in _wrap(words, width)]
    rows += [("small muted", row) for row in _wrap([*module.note.split(), *more], width)]
    return Label(
        tuple(rows),
        max(text_width(words, kind.split()[0]) for kind, words in rows),
        sum(LINE_HEIGHT[kind.split()[0]] for kind, _ in rows),
    )


def _write(label: Label, x: float, y: float, in_cycle: bool) -> list[str]:
    shapes = []
    for kind, words in label.lines:
        y += LINE_HEIGHT[kind.split()[0]]
        if kind == "name" and in_cycle:
            kind = "name cycle"
        shapes.append(text(x, y - 4, words, kind=kind))
    return shapes


def _area(module: Module, spot: layout.Spot, width: float, height: float, fill: str) -> list[str]:
    """Draw a box; of its area, what the step changed has the colour of its kind."""
    shapes = rectangles(*spot, width, height, f"fill-{fill}")
    x = spot.x
    for kind in ("moved", "edited", "new"):
        if lines_of_kind := getattr(module.changes, kind):
            share = width * lines_of_kind / module.lines
            shapes += rectangles(x, spot.y, share, height, f"fill-{kind}")
            x += share
    outline = "outline"
    if module.in_cycle:
        outline += " cycle"
    elif module.mark:
        outline += " thick"
    return [*shapes, *rectangles(*spot, width, height, outline)]


def _arrow(arrow: layout.Arrow, left: float, top: float) -> list[str]:
    (x, y), (_, start), (end_x, end), (_, end_y) = ((x + left, y + top) for x, y in arrow.points)
    kind = f"arrow {arrow.style}".strip()
    if arrow.pointing == "right":
        line = path(kind, "M", x, y, "L", end_x - 6, y)
        return [line, _head(end_x, y, "right", arrow.style)]
    head = []
    if arrow.pointing == "down":
        head, end_y = [_head(end_x, end_y, "down", arrow.style)], end_y - 5
        end = min(end, end_y)
    elif arrow.pointing == "up":
        head, y = [_head(x, y, "up", arrow.style)], y + 5
        start = max(start, y)
    middle = (start + end) / 2
    curve = ("C", x, middle, end_x, middle, end_x, end)
    return [path(kind, "M", x, y, "L", x, start, *curve, "L", end_x, end_y), *head]


def _head(x: float, y: float, pointing: str, style: str) -> str:
    sideways, back = 4, 8
    if pointing == "right":
        corners = (x - back, y - sideways, x - back, y + sideways)
    else:
        base = y - back if pointing == "down" else y + back
        corners = (x - sideways, base, x + sideways, base)
    kind = f"head {style}".strip()
    return path(kind, "M", x, y, "L", *corners[:2], "L", *corners[2:], "Z")


def _swatch(kind: str, x: float, y: float) -> list[str]:
    if kind.startswith("arrow"):
        style = kind.removeprefix("arrow").strip()
        line = path(kind, "M", x, y - 4, "L", x + 20, y - 4)
        return [line, _head(x + 26, y - 4, "right", style)]
    if not kind:
        return []
    kinds = ["fill-box", "outline"] if kind == "area" else [f"fill-{kind}"]
    return rectangles(x, y - 10, 12, 12, *kinds)

"""The picture of how many lines each module has, stage by stage."""

from pathlib import Path
from pathlib import PurePosixPath

from tour.pictures import svg
from tour.pictures.spread import spread
from tour.repo import copies
from tour.stages.line import StageLine
from tour.stages.sizes import is_test
from tour.syntax import imports
from tour.system.wording import count
from tour.system.wording import enumerate_words

# pixels: the picture, its labels at the left and right, its head, a stage's bar and the next
WIDTH = 700
LEFT, RIGHT, TOP = 52, 72, 4
BAR, NEXT = 26, 36
BELOW = 24

# a module's colour, by the last part of its name: that of v0.1's section that it is made of
COLOURS = {
    "api": "routes",
    "auth": "authentication",
    "config": "configuration",
    "flack": "line",
    "main": "extensions",
    "manage": "start",
    "models": "models",
    "stats": "stats",
    "utils": "utilities",
    "window": "stats",
}
OTHER_COLOUR = "imports"


def draw(repository: Path, line: StageLine) -> svg.Picture:
    """Draw the lines of each module at each stage as bars, a row a stage."""
    counts = {stage.tag: count_modules(repository, stage.commit) for stage in line.stages}
    return svg.Picture(
        WIDTH,
        TOP + NEXT * len(counts) + BELOW,
        "The lines of Flack's modules, stage by stage",
        describe(counts),
        _shapes(counts),
    )


def count_modules(repository: Path, commit: str) -> dict[str, int]:
    """Return the lines of the application's modules by path, in the order of the paths."""
    counted = imports.count_lines(copies.read_files(repository, commit))
    return {path: lines for path, lines in counted.items() if not is_test(path)}


def describe(counts: dict[str, dict[str, int]]) -> str:
    (first, before), *_, (last, after) = counts.items()
    grown = " to ".join(
        f"{count(sum(modules.values()), 'line')} in {count(len(modules), 'module')} at {tag}"
        for tag, modules in ((first, before), (last, after))
    )
    parts = [
        f"{_module(path)} {after[path]}"
        for path in sorted(after, key=lambda path: (-after[path], path))
    ]
    return (
        f"Bars show the lines of each module stage by stage, from {grown}. In the end they are"
        f" {enumerate_words(parts)}."
    )


def _shapes(counts: dict[str, dict[str, int]]) -> list[str]:
    scale = (WIDTH - LEFT - RIGHT) / max(sum(modules.values()) for modules in counts.values())
    # the older the further left
    paths = dict.fromkeys(path for modules in counts.values() for path in modules)
    order = list(dict.fromkeys(map(_module, paths)))
    shapes = []
    y = TOP
    for tag, modules in counts.items():
        shapes.append(svg.text(4, y + BAR / 2 + 4, tag, kind="name"))
        x: float = LEFT
        outside = []
        for path in sorted(modules, key=lambda path: order.index(_module(path))):
            width = modules[path] * scale
            colour = f"band fill-{_colour(path)}"
            shapes += svg.rectangles(x, y, width, BAR, colour, "outline quiet")
            label = _fitting_label(path, modules[path], width - 6)
            if label:
                shapes.append(svg.text(x + 4, y + BAR / 2 + 4, label, kind="small"))
            else:
                outside.append((path, x + width / 2))
            x += width
        total = f"{sum(modules.values())} lines"
        shapes.append(svg.text(x + 6, y + BAR / 2 + 4, total, kind="plain muted"))
        y += NEXT
    # the last stage names what had no room
    return shapes + _labels_below(modules, outside, y - NEXT + BAR)


def _module(path: str) -> str:
    """Return a module's name without the package that all are in from v0.4 on."""
    parts = PurePosixPath(path).with_suffix("").parts
    inner = parts[1:] or parts
    return ".".join(inner[:-1] if len(inner) > 1 and inner[-1] == "__init__" else inner)


def _colour(path: str) -> str:
    return COLOURS.get(_module(path).rpartition(".")[2], OTHER_COLOUR)


def _fitting_label(path: str, lines: int, width: float) -> str:
    """Return as much of a module's name and lines as has room, nothing where nothing has."""
    short = _module(path).rpartition(".")[2]
    for label in (f"{short}.py {lines}", f"{short} {lines}", short):
        if svg.text_width(label, "small") <= width:
            return label
    return ""


def _labels_below(modules: dict[str, int], outside: list[tuple[str, float]], y: float) -> list[str]:
    shapes = []
    words = [f"{_module(path)} {modules[path]}" for path, _ in outside]
    widths = [svg.text_width(word, "small") for word in words]
    distances = [(left + right) / 2 + 12 for left, right in zip(widths, widths[1:])]
    places = spread([x for _, x in outside], distances)
    beyond = max([place + width / 2 - WIDTH + 4 for place, width in zip(places, widths)] + [0])
    for (_, x), place, word in zip(outside, places, words):
        place -= beyond
        shapes += [
            svg.path("outline", "M", x, y + 1, "L", place, y + 12),
            svg.text(place, y + 24, word, kind="small middle"),
        ]
    return shapes

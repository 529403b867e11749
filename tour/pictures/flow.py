"""The picture of where every line of the first stage's module lives, stage by stage."""

import ast
import functools
import math
import re
from collections import Counter
from collections import defaultdict
from itertools import groupby
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.diff import lines
from tour.pictures import svg
from tour.pictures.spread import spread
from tour.repo import copies
from tour.stages.line import StageLine
from tour.syntax import imports
from tour.system.wording import count
from tour.system.wording import enumerate_words

# the module that the tour takes apart, and the comments that divide it
SOURCE = "flack.py"
BANNER = re.compile(r"# --- (\w+) ---")

# what stands before the first banner, and what starts the program
FIRST_SECTION = "imports"
LAST_SECTION = "start"

# pixels: the picture's width, what its labels take at the left and right, its head and foot; the
# height of a line, between modules, between labels, and the width of a column
WIDTH = 720
LEFT, RIGHT, TOP, FOOT = 132, 124, 34, 40
SCALE = 0.56
GAP = 15
LABEL_GAP = 15
BAR = 4

# a band that is so high has room for its module's name
ROOMY = 14

# rounds in which columns are put level with the ones beside them
ROUNDS = 8


class Home(NamedTuple):
    """Where a line of the first stage's module is at a stage."""

    path: str
    number: int


class Trace(NamedTuple):
    """A line of the first stage's module: its section, and its home at each stage until it goes.

    A line that is edited on the way is the same line still.
    """

    section: str
    homes: tuple[Home, ...]

    def path_at(self, stage: int) -> str | None:
        return self.homes[stage].path if stage < len(self.homes) else None


def draw(repository: Path, line: StageLine) -> svg.Picture:
    """Draw where the lines of the first stage's module live at each stage."""
    traces = follow(repository, line)
    tags = [stage.tag for stage in line.stages]
    drawing = _Drawing(traces, tags)
    title = f"Where the lines of {tags[0]}'s {SOURCE} live"
    return svg.Picture(WIDTH, drawing.height, title, describe(traces, tags), drawing.shapes())


def describe(traces: list[Trace], tags: list[str]) -> str:
    last = len(tags) - 1
    homes = Counter(trace.path_at(last) for trace in traces)
    gone = homes.pop(None, 0)
    parts = [
        f"{homes[path]} in {path}" for path in sorted(homes, key=lambda path: (-homes[path], path))
    ]
    return (
        f"Bands lead from the {count(len(traces), 'line')} of {SOURCE} at {tags[0]}, coloured by"
        f" section, through every stage to the modules that hold them at {tags[last]}:"
        f" {enumerate_words(parts)}. {gone} of them"
        f" {'is' if gone == 1 else 'are'} gone."
    )


@functools.cache
def follow(repository: Path, line: StageLine) -> list[Trace]:
    """Return the first stage's module line by line, each with its homes stage by stage."""
    files = [copies.read_files(repository, stage.commit) for stage in line.stages]
    sections = find_sections(files[0][SOURCE].decode())
    homes = [[Home(SOURCE, number)] for number in range(1, len(sections) + 1)]
    for position in range(1, len(files)):
        old, new = (line.stages[at].commit for at in (position - 1, position))
        changes = lines.compare(repository, old, new)
        new_home = find_homes(files[position - 1], files[position], changes)
        for trace in homes:
            if len(trace) == position and trace[-1] in new_home:
                trace.append(new_home[trace[-1]])
    return [Trace(section, tuple(trace)) for section, trace in zip(sections, homes)]


def find_sections(source: str) -> list[str]:
    """Return for each line of a module the name of the section that it is in."""
    sections, section = [], FIRST_SECTION
    for row in source.removesuffix("\n").split("\n"):
        if banner := BANNER.fullmatch(row):
            section = banner[1]
        sections.append(section)
    for node in ast.parse(source).body:
        if imports.is_start(node):
            # as all nodes have that were parsed
            assert node.end_lineno is not None
            for number in range(node.lineno, node.end_lineno + 1):
                sections[number - 1] = LAST_SECTION
    return sections


def find_homes(
    old: imports.Files, new: imports.Files, changes: list[lines.Change]
) -> dict[Home, Home]:
    """Return where each line of the old files is in the new ones; gone ones have no place there."""
    homes = {
        Home(change.old.path, change.old.number): Home(change.new.path, change.new.number)
        for change in changes
        if change.old and change.new
    }
    left = {Home(change.old.path, change.old.number) for change in changes if change.old}
    came = {Home(change.new.path, change.new.number) for change in changes if change.new}
    for path in imports.count_lines(old):
        if path in new:
            # what no change names is in both, in the same order
            stayed = (home for home in _list_lines(path, old[path]) if home not in left)
            kept = (home for home in _list_lines(path, new[path]) if home not in came)
            homes.update(zip(stayed, kept, strict=True))
    return homes


def _list_lines(path: str, data: bytes) -> list[Home]:
    # the last line may lack its end
    lines = data.removesuffix(b"\n").split(b"\n")
    return [Home(path, number) for number in range(1, len(lines) + 1)]


class _Drawing:
    def __init__(self, traces: list[Trace], tags: list[str]) -> None:
        self.traces = traces
        self.tags = tags
        self.sections = list(dict.fromkeys(trace.section for trace in traces))
        self.step = (WIDTH - LEFT - RIGHT - BAR) / max(len(tags) - 1, 1)
        # by stage and module, the lines as numbers in v0.1, which is the order they are drawn in
        self.columns = self._fill_columns()
        self.tops = self._find_tops()
        lowest = max(
            top + len(self.columns[at][path]) * SCALE
            for at, tops in enumerate(self.tops)
            for path, top in tops.items()
        )
        self.height = lowest + FOOT

    def shapes(self) -> list[str]:
        return [
            *self._heads(),
            *self._bands(),
            *self._bars(),
            *self._section_labels(),
            *self._first_labels(),
            *self._last_labels(),
            self._sum(),
        ]

    # places

    def _fill_columns(self) -> list[dict[str, list[int]]]:
        """Return the modules of each stage, ordered so that the bands cross little."""
        columns = []
        # how far down each line is in the column before
        depths = {number: number for number in range(len(self.traces))}
        for at in range(len(self.tags)):
            found = defaultdict(list)
            for number, trace in enumerate(self.traces):
                if path := trace.path_at(at):
                    found[path].append(number)
            middles = {
                path: sum(depths[number] for number in numbers) / len(numbers)
                for path, numbers in found.items()
            }
            columns.append({path: found[path] for path in sorted(found, key=middles.__getitem__)})
            drawn = [
                number
                for numbers in columns[-1].values()
                for number in sorted(numbers, key=self._section_rank)
            ]
            depths = {number: depth for depth, number in enumerate(drawn)}
        return columns

    def _find_tops(self) -> list[dict[str, float]]:
        """Return where each module's bar starts in each column, level with where its lines were."""
        tops = []
        for column in self.columns:
            height = math.fsum(len(found) * SCALE + GAP for found in column.values()) - GAP
            top, here = -height / 2, {}
            for path, found in column.items():
                here[path] = top
                top += len(found) * SCALE + GAP
            tops.append(here)
        onwards = range(1, len(tops))
        for turn in range(ROUNDS):
            for at in reversed(onwards) if turn % 2 else onwards:
                at, beside = (at - 1, at) if turn % 2 else (at, at - 1)
                column = self.columns[at]
                wanted = [self._level(found, beside, tops[beside]) for found in column.values()]
                sizes = [len(found) * SCALE for found in column.values()]
                places = spread(wanted, [size + GAP for size in sizes[:-1]], sizes)
                tops[at] = dict(zip(column, places))
        shift = TOP + GAP - min(min(column.values()) for column in tops)
        return [{path: top + shift for path, top in column.items()} for column in tops]

    def _level(self, found: list[int], beside: int, tops: dict[str, float]) -> float:
        """Return where a bar would be level with where its lines are in the column beside."""
        offsets = {
            number: (path, offset)
            for path, others in self.columns[beside].items()
            for offset, number in enumerate(others)
        }
        levels = [
            tops[path] + (there - here) * SCALE
            for here, number in enumerate(found)
            if number in offsets
            for path, there in [offsets[number]]
        ]
        return math.fsum(levels) / len(levels)

    def _x(self, at: int) -> float:
        return LEFT + at * self.step

    # shapes

    def _heads(self) -> list[str]:
        return [
            svg.text(self._x(at) + BAR / 2, 16, tag, kind="plain muted middle")
            for at, tag in enumerate(self.tags)
        ]

    def _bars(self) -> list[str]:
        shapes = []
        for at, column in enumerate(self.columns):
            for path, found in column.items():
                for section, start, size in self._runs(found):
                    y = self.tops[at][path] + start * SCALE
                    shapes += svg.rectangles(self._x(at), y, BAR, size * SCALE, f"fill-{section}")
        return shapes

    def _runs(self, found: list[int]) -> list[tuple[str, int, int]]:
        """Return the sections of a module's lines: name, lines above it, lines in it."""
        ordered = sorted(found, key=self._section_rank)
        runs = []
        start = 0
        for section, group in groupby(ordered, key=lambda number: self.traces[number].section):
            size = len(list(group))
            runs.append((section, start, size))
            start += size
        return runs

    def _section_rank(self, number: int) -> int:
        return self.sections.index(self.traces[number].section)

    def _bands(self) -> list[str]:
        """Draw what goes from each module to each in the next column, section by section."""
        shapes = []
        for at in range(len(self.tags) - 1):
            ways = Counter(
                (trace.section, path, trace.path_at(at + 1))
                for trace in self.traces
                if (path := trace.path_at(at))
            )
            here, onwards = (
                {path: rank for rank, path in enumerate(self.columns[column])}
                for column in (at, at + 1)
            )
            # lines that go away are the last of their section
            there = dict[str | None, int](onwards) | {None: len(onwards)}
            starts, ends = dict(self.tops[at]), dict(self.tops[at + 1])
            sections = self.sections.index
            left, right = {}, {}
            for way in sorted(ways, key=lambda way: (sections(way[0]), there[way[2]])):
                left[way] = starts[way[1]]
                starts[way[1]] += ways[way] * SCALE
            for way in sorted(ways, key=lambda way: (sections(way[0]), here[way[1]])):
                if way[2]:
                    right[way] = ends[way[2]]
                    ends[way[2]] += ways[way] * SCALE
            for way, size in sorted(ways.items(), key=lambda item: (left[item[0]], item[0][0])):
                shapes.append(self._band(at, way[0], left[way], right.get(way), size * SCALE))
        return shapes

    def _band(self, at: int, section: str, left: float, right: float | None, size: float) -> str:
        x, end = self._x(at) + BAR, self._x(at + 1)
        middle = (x + end) / 2
        if right is None:
            # it thins out and ends
            end, bottom = x + self.step * 0.45, left + size
            corners = ("M", x, left, "L", end, left + size / 2, "L", x, bottom, "Z")
            return svg.path(f"band fill-{section}", *corners)
        return svg.path(
            f"band fill-{section}",
            *("M", x, left, "C", middle, left, middle, right, end, right),
            *("L", end, right + size),
            *("C", middle, right + size, middle, left + size, x, left + size, "Z"),
        )

    # labels

    def _section_labels(self) -> list[str]:
        """Name v0.1's sections at the left, which tells the colours as well."""
        [(path, top)] = self.tops[0].items()
        runs = self._runs(self.columns[0][path])
        wanted = [top + (start + size / 2) * SCALE for _, start, size in runs]
        places = spread(wanted, [LABEL_GAP] * (len(runs) - 1))
        shapes = [svg.text(4, TOP, f"{path}, {count(len(self.traces), 'line')}", kind="name")]
        for (section, _, size), want, place in zip(runs, wanted, places):
            shapes += [
                *svg.rectangles(4, place - 5, 10, 10, f"fill-{section}"),
                svg.text(18, place + 4, section, kind="small"),
                svg.text(LEFT - 14, place + 4, str(size), kind="small muted end"),
                svg.path("outline", "M", LEFT - 11, place, "L", LEFT - 1, want),
            ]
        return shapes

    def _first_labels(self) -> list[str]:
        """Name modules where they come in: on the band where that is high enough, else above."""
        shapes, named = [], set()
        for at in range(1, len(self.columns) - 1):
            for path, found in self.columns[at].items():
                name = _name(path)
                # what comes in right before the end has its name there
                short = at < len(self.tags) - 2 or svg.text_width(name, "small") < self.step - BAR
                if name in named or not short:
                    continue
                named.add(name)
                top, size = self.tops[at][path], len(found) * SCALE
                roomy = size >= ROOMY
                y = top + min(size / 2, 36) + 4 if roomy else top - 4
                shapes.append(svg.text(self._x(at) + BAR + 2, y, name, kind="small"))
        return shapes

    def _last_labels(self) -> list[str]:
        """Name the modules at the right, with their lines."""
        tops, column = self.tops[-1], self.columns[-1]
        wanted = [tops[path] + len(found) * SCALE / 2 for path, found in column.items()]
        places = spread(wanted, [LABEL_GAP] * (len(wanted) - 1))
        x = self._x(len(self.tags) - 1) + BAR
        shapes = []
        for (path, found), want, place in zip(column.items(), wanted, places):
            shapes += [
                svg.path("outline", "M", x + 1, want, "L", x + 10, place),
                svg.text(x + 13, place + 4, _name(path), kind="small"),
                svg.text(WIDTH - 4, place + 4, str(len(found)), kind="small muted end"),
            ]
        return shapes

    def _sum(self) -> str:
        left = sum(len(found) for found in self.columns[-1].values())
        words = (
            f"{left} of the {count(len(self.traces), 'line')} live on at {self.tags[-1]};"
            f" {len(self.traces) - left} are gone"
        )
        return svg.text(4, self.height - 8, words, kind="small muted")


def _name(path: str) -> str:
    """Return a module's path below the package."""
    parts = PurePosixPath(path).parts
    return "/".join(parts[-2:] if parts[-1] == "__init__.py" or len(parts) > 2 else parts[-1:])

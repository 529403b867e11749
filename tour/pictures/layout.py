"""Places for boxes and for the arrows between them: layers from importers down to the imported.

Boxes stand in rows. What a box imports stands in a lower row; an import that closes a cycle, found
from the top on, points upwards. An arrow that passes a row does so at a place of its own beside the
boxes, shared by arrows of one style that lead to one box, so that no arrow crosses a box. There are
three columns: what is outside of the package, its modules, and the modules of a package inside it.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from tour.pictures.spread import spread
from tour.syntax.imports import Import

OUTSIDE, PACKAGE, INNER = range(3)

# pixels between two boxes in a row, beside an arrow there, between rows, between columns, and
# between arrows that pass outside of the package
APART = 24
BESIDE = 13
ROW_GAP = 40
COLUMN_GAP = 34
LANE = 12

# how often the places are bettered from both sides
ROUNDS = 30


class Box(NamedTuple):
    """A box before it has a place: its size and column, and the space that its label needs."""

    width: float
    height: float
    column: int = PACKAGE
    above: float = 0
    below: float = 0
    right: float = 0


class Spot(NamedTuple):
    """The place of a box: its upper left corner."""

    x: float
    y: float


class Arrow(NamedTuple):
    """A piece of an arrow's way: four points, with a bend between the second and the third.

    `pointing` is the way that its head points (up, down or right), None where it goes on.
    """

    style: str
    points: tuple[tuple[float, float], ...]
    pointing: str | None


class Layout(NamedTuple):
    """Places of boxes by name, the arrows, and how wide and high it all is.

    `package` is how far from the left the package's column starts.
    """

    spots: dict[str, Spot]
    arrows: list[Arrow]
    package: float
    width: float
    height: float


class _Pass(NamedTuple):
    """Where arrows of a style that lead to a box pass a row."""

    imported: str
    style: str
    row: int
    upwards: bool
    column: int


class _Piece(NamedTuple):
    upper: str | _Pass
    lower: str | _Pass
    style: str
    upwards: bool


@dataclass
class Arrangement:
    """Boxes and the imports between them, each of these with its style.

    The column outside of the package is at least `outside` pixels wide, if there is one.
    """

    boxes: dict[str, Box]
    imports: list[Import]
    styles: dict[Import, str]
    outside: float

    def __post_init__(self) -> None:
        self.upward = self._find_upward()
        self.beside = self._find_beside()
        self.layer = self._find_layers()
        self.pieces = self._cut_into_pieces()
        self.rows = self._make_rows()

    def lay_out(self) -> Layout:
        """Return the places of the boxes and of the arrows, one for each import."""
        self._order_rows()
        centres, package = self._find_centres()
        tops, height = self._find_tops()
        spots = {
            name: Spot(centres[name] - box.width / 2, self._box_top(name, tops))
            for name, box in self.boxes.items()
        }
        width = max(spots[name].x + box.width + box.right for name, box in self.boxes.items())
        width = max(width, *centres.values())
        return Layout(spots, self._route(spots, centres, tops), package, width, height)

    # rows

    def _find_upward(self) -> set[Import]:
        """Find the imports that close a cycle, going down from the boxes that nothing imports."""
        found: set[Import] = set()
        done: set[str] = set()

        def descend(name: str, way: tuple[str, ...]) -> None:
            for edge in self.imports:
                if edge.importer == name:
                    if edge.imported in way:
                        found.add(edge)
                    elif edge.imported not in done:
                        descend(edge.imported, (*way, edge.imported))
            done.add(name)

        imported = {edge.imported for edge in self.imports}
        # what nothing imports first, then, as they are given, what a cycle keeps from being such
        for name in sorted(self.boxes, key=lambda name: name in imported):
            if name not in done:
                descend(name, (name,))
        return found

    def _find_beside(self) -> set[Import]:
        """Find the imports by which what nothing imports starts the package that it is beside."""
        imported = {edge.imported for edge in self.imports}
        inside = {
            edge.imported
            for edge in self.imports
            if self._is_inside(edge.importer) and edge not in self.upward
        }
        return {
            edge
            for edge in self.imports
            if edge.importer not in imported
            and not self._is_inside(edge.importer)
            and self._is_inside(edge.imported)
            and edge.imported not in inside
        }

    def _is_inside(self, name: str) -> bool:
        return self.boxes[name].column != OUTSIDE

    def _find_layers(self) -> dict[str, int]:
        layer = dict.fromkeys(self.boxes, 0)
        # longest ways: as many rounds as there are boxes are enough
        for _ in self.boxes:
            for edge in self.imports:
                if edge not in self.upward and edge not in self.beside:
                    below = layer[edge.importer] + 1
                    layer[edge.imported] = max(layer[edge.imported], below)
        return layer

    def _cut_into_pieces(self) -> list[_Piece]:
        pieces: dict[_Piece, None] = {}
        for edge in self.imports:
            if edge in self.beside:
                continue
            upwards = edge in self.upward
            ends = edge.importer, edge.imported
            upper, lower = reversed(ends) if upwards else ends
            columns = {self.boxes[end].column for end in ends}
            column = OUTSIDE if OUTSIDE in columns else min(columns)
            style = self.styles[edge]
            passes = [
                _Pass(edge.imported, style, row, upwards, column)
                for row in range(self.layer[upper] + 1, self.layer[lower])
            ]
            way: list[str | _Pass] = [upper, *passes, lower]
            for above, below in pairwise(way):
                pieces[_Piece(above, below, style, upwards)] = None
        return list(pieces)

    def _make_rows(self) -> list[list[str | _Pass]]:
        rows: list[list[str | _Pass]] = [[] for _ in range(max(self.layer.values()) + 1)]
        for name in sorted(self.boxes):
            rows[self.layer[name]].append(name)
        for item in dict.fromkeys(end for piece in self.pieces for end in piece[:2]):
            if isinstance(item, _Pass):
                rows[item.row].append(item)
        for row in rows:
            row.sort(key=self._column)
        return rows

    def _column(self, item: str | _Pass) -> tuple[int, bool]:
        if isinstance(item, _Pass):
            # beside the boxes: to the right of those outside
            return item.column, item.column == OUTSIDE
        return self.boxes[item].column, False

    # the order in a row

    def _order_rows(self) -> None:
        """Let as few arrows as possible cross: move one item after the other to its best place."""
        best = self._cost()
        better = True
        while better:
            better = False
            for row in self.rows:
                for item in list(row):
                    for place in range(len(row)):
                        before = list(row)
                        row.remove(item)
                        row.insert(place, item)
                        in_columns = row == sorted(row, key=self._column)
                        if in_columns and (cost := self._cost()) < best:
                            best, better = cost, True
                        else:
                            row[:] = before

    def _cost(self) -> tuple[int, int]:
        """Return how many arrows cross, then how far all lead sideways."""
        place = {item: index for row in self.rows for index, item in enumerate(row)}
        between = defaultdict(list)
        for piece in self.pieces:
            between[self._row(piece.upper)].append((place[piece.upper], place[piece.lower]))
        crossings = sum(
            (first[0] - second[0]) * (first[1] - second[1]) < 0
            for pieces in between.values()
            for index, first in enumerate(pieces)
            for second in pieces[:index]
        )
        sideways = sum(
            abs(2 * upper + 1 - len(self.rows[row]) - 2 * lower - 1 + len(self.rows[row + 1]))
            for row, pieces in between.items()
            for upper, lower in pieces
        )
        return crossings, sideways

    def _row(self, item: str | _Pass) -> int:
        return item.row if isinstance(item, _Pass) else self.layer[item]

    # places

    def _find_centres(self) -> tuple[dict[str | _Pass, float], float]:
        """Return the centres of the boxes and passes, and where the package's column starts."""
        centres: dict[str | _Pass, float] = {}
        outside = [name for name in sorted(self.boxes) if not self._is_inside(name)]
        left = max((self._space(name) for name in outside), default=0)
        left = max(left, self.outside) if outside else 0
        for name in outside:
            centres[name] = self.boxes[name].width / 2
        # arrows come straight down on a box outside with nothing above it, else in a lane of theirs
        lanes: dict[tuple[str, str], float] = {}
        for item in (each for row in self.rows for each in row):
            if not isinstance(item, _Pass) or item.column != OUTSIDE:
                continue
            if self._is_free_above(item):
                centres[item] = centres[item.imported]
            else:
                lane = left + LANE * (len(lanes) + 1)
                centres[item] = lanes.setdefault((item.imported, item.style), lane)
        package = left = left + LANE * len(lanes) + COLUMN_GAP if outside else 0
        for column in (PACKAGE, INNER):
            rows = [[item for item in row if self._column(item)[0] == column] for row in self.rows]
            if any(rows):
                left = self._settle(rows, centres, left) + COLUMN_GAP
        return centres, package

    def _is_free_above(self, item: _Pass) -> bool:
        return not self._is_inside(item.imported) and not any(
            item.row <= row < self.layer[item.imported] and not self._is_inside(name)
            for name, row in self.layer.items()
        )

    def _settle(
        self, rows: list[list[str | _Pass]], centres: dict[str | _Pass, float], left: float
    ) -> float:
        """Place a column's items below what they are tied to; return where the column ends."""
        ties = defaultdict(list)
        for piece in self.pieces:
            straight = isinstance(piece.upper, _Pass) and isinstance(piece.lower, _Pass)
            for item, other in (piece[:2], piece[1::-1]):
                ties[item].append((other, 8.0 if straight else 1.0))
        members = {item for row in rows for item in row}
        for row in rows:
            starts = spread([0.0] * len(row), self._distances(row))
            middle = (starts[0] + starts[-1]) / 2 if row else 0
            centres.update((item, start - middle) for item, start in zip(row, starts))
        for turn in range(ROUNDS):
            for row in rows if turn % 2 else reversed(rows):
                wanted, weights = [], []
                for item in row:
                    pulls = [tie for tie in ties[item] if tie[0] in members]
                    weight = math.fsum(pull for _, pull in pulls)
                    if pulls:
                        pulled = math.fsum(centres[other] * pull for other, pull in pulls)
                        wanted.append(pulled / weight)
                    else:
                        wanted.append(centres[item])
                    weights.append(weight or 0.1)
                centres.update(zip(row, spread(wanted, self._distances(row), weights)))
            self._straighten(rows, centres)
        shift = left - min(centres[item] - self._half(item) for item in members)
        for item in members:
            centres[item] += shift
        return max(centres[item] - self._half(item) + self._space(item) for item in members)

    def _straighten(self, rows: list[list[str | _Pass]], centres: dict[str | _Pass, float]) -> None:
        """Let arrows go straight down through all rows that they pass, where there is room."""
        chains = defaultdict(list)
        for row in rows:
            spaces = [0.0, *self._distances(row), 0.0]
            for index, item in enumerate(row):
                if isinstance(item, _Pass):
                    least = centres[row[index - 1]] + spaces[index] if index else -math.inf
                    most = math.inf
                    if index < len(row) - 1:
                        most = centres[row[index + 1]] - spaces[index + 1]
                    chains[item._replace(row=0)].append((item, least, most))
        for chain in chains.values():
            least = max(least for _, least, _ in chain)
            most = min(most for _, _, most in chain)
            if least <= most:
                mean = math.fsum(centres[item] for item, _, _ in chain) / len(chain)
                for item, _, _ in chain:
                    centres[item] = min(max(mean, least), most)

    def _half(self, item: str | _Pass) -> float:
        return 0 if isinstance(item, _Pass) else self.boxes[item].width / 2

    def _space(self, item: str | _Pass) -> float:
        if isinstance(item, _Pass):
            return 0
        box = self.boxes[item]
        return box.width + box.right

    def _distances(self, row: list[str | _Pass]) -> list[float]:
        return [
            self._space(item)
            - self._half(item)
            + self._half(other)
            + (BESIDE if isinstance(item, _Pass) or isinstance(other, _Pass) else APART)
            for item, other in pairwise(row)
        ]

    def _find_tops(self) -> tuple[list[float], float]:
        """Return where each row starts, and where it all ends."""
        tops, top = [], 0.0
        for row in range(len(self.rows)):
            tops.append(top)
            top += math.fsum(self._row_extent(row)) + ROW_GAP
        return [*tops, top], top - ROW_GAP

    def _row_extent(self, row: int) -> tuple[float, float]:
        """Return how far a row reaches over and under the middle of its boxes."""
        boxes = [box for name, box in self.boxes.items() if self.layer[name] == row]
        return (
            max(box.above + box.height / 2 for box in boxes),
            max(box.below + box.height / 2 for box in boxes),
        )

    def _box_top(self, name: str, tops: list[float]) -> float:
        row = self.layer[name]
        return tops[row] + self._row_extent(row)[0] - self.boxes[name].height / 2

    # arrows

    def _route(
        self, spots: dict[str, Spot], centres: dict[str | _Pass, float], tops: list[float]
    ) -> list[Arrow]:
        arrows = []
        ports = self._find_ports(spots, centres)
        for piece in self.pieces:
            upper, lower = piece.upper, piece.lower
            row = self._row(upper)
            start = tops[row + 1] - ROW_GAP
            if isinstance(upper, _Pass):
                over = tops[row]
            else:
                over = spots[upper].y + self.boxes[upper].height
            end = tops[row + 1]
            under = end if isinstance(lower, _Pass) else spots[lower].y
            x, other = ports[piece, upper], ports[piece, lower]
            points = ((x, over), (x, start), (other, end), (other, under))
            arrived = isinstance(upper if piece.upwards else lower, str)
            way = "up" if piece.upwards else "down"
            arrows.append(Arrow(piece.style, points, way if arrived else None))
        for edge in sorted(self.beside):
            here, there = spots[edge.importer], spots[edge.imported]
            y = there.y + self.boxes[edge.imported].height / 2
            start = here.x + self.boxes[edge.importer].width
            points = ((start, y), (start, y), (there.x, y), (there.x, y))
            arrows.append(Arrow(self.styles[edge], points, "right"))
        return arrows

    def _find_ports(
        self, spots: dict[str, Spot], centres: dict[str | _Pass, float]
    ) -> dict[tuple[_Piece, str | _Pass], float]:
        """Return where each piece of an arrow leaves or meets a box, evenly along its side."""
        sides = defaultdict(list)
        for piece in self.pieces:
            sides[piece.upper, "below"].append((centres[piece.lower], piece))
            sides[piece.lower, "above"].append((centres[piece.upper], piece))
        ports: dict[tuple[_Piece, str | _Pass], float] = {}
        for (item, _), pieces in sides.items():
            pieces.sort(key=lambda pair: pair[0])
            # arrows of a style that lead to one box from above or below meet it in one point
            shared = dict.fromkeys(self._port_key(item, piece) for _, piece in pieces)
            for _, piece in pieces:
                if isinstance(item, _Pass):
                    ports[piece, item] = centres[item]
                else:
                    place = list(shared).index(self._port_key(item, piece))
                    width = self.boxes[item].width
                    share = (place + 1) / (len(shared) + 1)
                    ports[piece, item] = spots[item].x + width * share
        return ports

    def _port_key(self, item: str | _Pass, piece: _Piece) -> tuple[str | _Piece]:
        arrived = piece.upper if piece.upwards else piece.lower
        return (piece.style,) if arrived == item else (piece,)

"""Rows across lanes, and that nothing of a picture of them is out of its place."""

import math
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tour import pictures
from tour.pictures import lanes
from tour.pictures import svg
from tour.pictures.lanes import Bar
from tour.pictures.lanes import Lane
from tour.pictures.lanes import Panel
from tour.pictures.lanes import Row
from tour.pictures.lanes import Words
from tour.pictures.svg import Picture
from tour.stages.line import find_stages

SVG = "{http://www.w3.org/2000/svg}"
LANES = (Lane("one"), Lane("two"))


def draw(*panels: Panel) -> ElementTree.Element:
    return ElementTree.fromstring(lanes.draw("Lanes", "Lanes.", list(panels)).to_svg("lanes"))


def classes(root: ElementTree.Element, name: str) -> list[set[str]]:
    return [set(found.get("class").split()) for found in root.iter(f"{SVG}{name}")]


def test_an_arrow_is_red_where_it_ends_in_a_refusal_alone() -> None:
    refused = Row((), ((0, lanes.DONE), (1, lanes.REFUSED)), (0, 1))
    passing = Row((), ((0, lanes.REFUSED), (1, lanes.DONE)), (0, 1))
    for row, is_red in ((refused, True), (passing, False)):
        root = draw(Panel("", LANES, (row,)))
        [arrow] = [found for found in classes(root, "path") if "tour-arrow" in found]
        assert ("tour-cycle" in arrow) == is_red


@pytest.mark.parametrize(("start", "end"), [(0, 1), (1, 0)])
def test_an_arrow_points_to_the_lane_at_which_it_ends(start: int, end: int) -> None:
    root = draw(Panel("", LANES, (Row((), (), (start, end)),)))
    [head] = [found for found in root.iter(f"{SVG}path") if "tour-head" in found.get("class")]
    [arrow] = [found for found in root.iter(f"{SVG}path") if "tour-arrow" in found.get("class")]
    tip = float(head.get("d").split()[1])
    tail = float(arrow.get("d").split()[1])
    assert (tip > tail) == (end > start)
    assert abs(tip - tail) < lanes.LANE


def test_panels_of_the_same_lanes_have_one_head() -> None:
    def names(*panels: Panel) -> list[str]:
        return [found.text for found in draw(*panels).iter(f"{SVG}text") if found.text]

    row = Row((Words(0, "row"),))
    assert names(Panel("A", LANES, (row,)), Panel("B", LANES, (row,))) == [
        *("A", "one", "two", "row"),
        *("B", "row"),
    ]


def test_a_bar_reaches_from_its_first_row_to_its_last() -> None:
    rows = tuple(Row((Words(0, str(number)),)) for number in range(4))
    root = draw(Panel("", LANES, rows, bars=(Bar(0, 1, 3),)))
    heights = {float(found.get("height")) for found in root.iter(f"{SVG}rect")}
    assert heights == {2 * lanes.ROW}


@pytest.mark.parametrize("words", ["db = SQLAlchemy(app)", "import this", ""])
def test_words_are_cut_to_their_room(words: str) -> None:
    short = lanes.cut(words, 60)
    assert svg.text_width(short) <= 60
    assert short == words or (short.endswith(" …") and words.startswith(short[:-2]))


@pytest.fixture(scope="module")
def of_runs(this_repository: Path) -> dict[str, Picture]:
    """The pictures of what stages do when they run."""
    drawings = pictures.find_drawings(this_repository, find_stages(this_repository))
    return {name: drawings[name]() for name in pictures.OF_RUNS}


@pytest.mark.parametrize("name", pictures.OF_RUNS)
def test_words_have_room_and_do_not_run_into_one_another(
    of_runs: dict[str, Picture], name: str
) -> None:
    picture = of_runs[name]
    root = ElementTree.fromstring(picture.to_svg(name))
    rows: dict[float, list[tuple[float, float, str]]] = {}
    for found in root.iter(f"{SVG}text"):
        kinds = found.get("class").replace("tour-", "").split()
        width = svg.text_width(found.text, next(kind for kind in kinds if kind in svg.SIZES))
        share = 1 if "end" in kinds else 0.5 if "middle" in kinds else 0
        left = float(found.get("x")) - share * width
        rows.setdefault(float(found.get("y")), []).append((left, left + width, found.text))
    for y, places in rows.items():
        assert 0 < y < picture.height
        assert min(left for left, _, _ in places) >= 0
        assert max(right for _, right, _ in places) <= picture.width
        for (_, right, words), (left, _, others) in pairwise(sorted(places)):
            assert right <= left, f"{words!r} runs into {others!r}"
    assert math.isclose(float(root.get("height")), picture.height, abs_tol=0.01)

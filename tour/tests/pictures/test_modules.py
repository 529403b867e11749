import graphlib
import itertools
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tour.pictures import layout
from tour.pictures import modules
from tour.pictures.plan import Plan
from tour.pictures.plan import describe
from tour.pictures.plan import survey
from tour.stages import sizes
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

TIMESTAMP = "def timestamp():\n    return int(time.time() + offset)\n"
CYCLE = {
    "v0.1": {"flack.py": f"import time\n{TIMESTAMP}"},
    "v0.2": {"flack.py": "import models\n", "models.py": f"import time\n{TIMESTAMP}"},
    "v0.3": {"flack.py": "import models\n", "models.py": f"import flack\nimport time\n{TIMESTAMP}"},
}

Rectangle = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def this_line(this_repository: Path) -> StageLine:
    return find_stages(this_repository)


@pytest.fixture(scope="module")
def plans(this_repository: Path, this_line: StageLine) -> list[Plan]:
    """The plans of all stages of the clone that is being checked."""
    return [
        survey(this_repository, this_line, position) for position in range(len(this_line.stages))
    ]


@pytest.fixture(scope="module")
def pictures(this_repository: Path, this_line: StageLine) -> list[bytes]:
    """The pictures of all stages of the clone that is being checked."""
    return [
        modules.draw(this_repository, this_line, position).to_svg("plan")
        for position in range(len(this_line.stages))
    ]


@pytest.fixture(scope="module")
def layouts(plans: list[Plan]) -> list[tuple[layout.Layout, dict[str, layout.Box]]]:
    """Where boxes and arrows are at all stages, and how large the boxes are."""
    drawings = [modules._Drawing(plan) for plan in plans]
    return [(drawing.layout, drawing.boxes) for drawing in drawings]


@pytest.fixture
def cycle(clone: Clone) -> StageLine:
    """A line whose second stage moves lines and whose third closes a cycle."""
    publish(clone, grow_line(clone, files=CYCLE), edition=2)
    return find_stages(clone.folder)


def elements(svg: bytes, kind: str) -> list[ElementTree.Element]:
    """Return the picture's elements that have all classes of the kind."""
    wanted = {f"tour-{word}" for word in kind.split()}
    return [
        found
        for found in ElementTree.fromstring(svg).iter()
        if wanted <= set(found.get("class", "").split())
    ]


def rectangle(found: ElementTree.Element) -> Rectangle:
    return tuple(float(found.get(key)) for key in ("x", "y", "width", "height"))


def boxes(svg: bytes) -> list[Rectangle]:
    """Return the boxes of the modules, without the legend's, which comes last."""
    return [rectangle(found) for found in elements(svg, "fill-box")[:-1]]


def bend(points: tuple[tuple[float, float], ...], share: float) -> tuple[float, float]:
    """Return a point of the curve between an arrow's second and third point."""
    (_, (x, y), (end_x, end_y), _) = points
    middle = (y + end_y) / 2
    weights = [(1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3]
    return (
        sum(weight * at for weight, at in zip(weights, (x, x, end_x, end_x))),
        sum(weight * at for weight, at in zip(weights, (y, middle, middle, end_y))),
    )


# the clone that is being checked


def test_areas_are_proportional_to_lines(plans, pictures):
    for plan, svg in zip(plans, pictures):
        areas = [width * height for *_, width, height in boxes(svg)]
        assert areas == pytest.approx(
            [module.lines * modules.AREA for module in plan.modules], rel=0.002
        )


def test_the_area_of_the_tests_has_the_same_scale(plans, pictures):
    for plan, svg in zip(plans, pictures):
        (tests,) = elements(svg, "fill-tests")
        *_, width, height = rectangle(tests)
        assert width * height == pytest.approx(plan.tests.lines * modules.AREA, rel=0.002)


def test_the_modules_have_the_lines_of_the_stage(this_repository, this_line, plans):
    for stage, plan in zip(this_line.stages, plans):
        measured = sizes.measure(this_repository, stage.commit)
        assert sum(module.lines for module in plan.modules) == measured.lines


def test_no_box_overlaps_another(pictures):
    for svg in pictures:
        found = boxes(svg)
        found += [rectangle(tests) for tests in elements(svg, "fill-tests")]
        for one, other in itertools.combinations(found, 2):
            beside = one[0] + one[2] < other[0] or other[0] + other[2] < one[0]
            above = one[1] + one[3] < other[1] or other[1] + other[3] < one[1]
            assert beside or above


def test_no_arrow_crosses_a_box(plans, layouts):
    for plan, (place, sized) in zip(plans, layouts):
        for arrow in place.arrows:
            on_the_way = [bend(arrow.points, step / 20) for step in range(1, 20)]
            start, one, other, end = arrow.points
            on_the_way += [
                ((x + at) / 2, (y + to) / 2) for (x, y), (at, to) in ((start, one), (other, end))
            ]
            for name, spot in place.spots.items():
                for x, y in on_the_way:
                    across = spot.x + 0.1 < x < spot.x + sized[name].width - 0.1
                    along = spot.y + 0.1 < y < spot.y + sized[name].height - 0.1
                    assert not (across and along), (plan.tag, name, arrow)


def test_no_arrow_crosses_a_label(plans, layouts):
    for plan, (place, sized) in zip(plans, layouts):
        for arrow in place.arrows:
            for name, spot in place.spots.items():
                box = sized[name]
                for x, y in (bend(arrow.points, step / 20) for step in range(1, 20)):
                    across = spot.x < x < spot.x + box.width + box.right
                    along = spot.y - box.above < y < spot.y + box.height + box.below
                    # only on its way through a row, an arrow from the side is level with the box
                    assert arrow.pointing == "right" or not (across and along), (plan.tag, name)


def test_an_import_has_an_arrow_that_arrives_at_what_is_imported(plans, layouts):
    for plan, (place, sized) in zip(plans, layouts):
        arrived = set()
        for arrow in place.arrows:
            end = arrow.points[0] if arrow.pointing == "up" else arrow.points[-1]
            for name, spot in place.spots.items():
                inside = spot.x - 0.1 <= end[0] <= spot.x + sized[name].width + 0.1
                if (
                    arrow.pointing
                    and inside
                    and spot.y - 0.1 <= end[1] <= (spot.y + sized[name].height + 0.1)
                ):
                    arrived.add(name)
        assert arrived == {edge.imported for edge in plan.imports}


def test_red_is_there_exactly_where_the_imports_have_a_cycle(plans, pictures):
    for plan, svg in zip(plans, pictures):
        graph = {module.path: set() for module in plan.modules}
        for edge in plan.imports:
            if not edge.deferred:
                graph[edge.importer].add(edge.imported)
        try:
            graphlib.TopologicalSorter(graph).prepare()
            has_cycle = False
        except graphlib.CycleError:
            has_cycle = True
        assert bool(elements(svg, "arrow cycle")) == has_cycle
        assert bool(elements(svg, "outline cycle")) == has_cycle
        assert ("cycle" in describe(plan)) == has_cycle


# a line made for the test


def test_the_first_stage_marks_nothing(clone, cycle):
    plan = survey(clone.folder, cycle, 0)
    assert [module.mark for module in plan.modules] == [""]
    assert not any(module.changes.arrived() for module in plan.modules)


def test_a_module_that_comes_in_is_new_and_says_where_its_lines_are_from(clone, cycle):
    plan = survey(clone.folder, cycle, 1)
    models = plan.modules[1]
    assert (models.path, models.mark) == ("models.py", "new")
    assert models.changes.arrived() == ["3 moved from flack.py"]


def test_a_module_that_stays_says_what_left_it(clone, cycle):
    flack = survey(clone.folder, cycle, 1).modules[0]
    assert (flack.mark, flack.changes.left()) == ("", ["3 moved out"])


def test_a_file_that_only_changes_its_folder_is_moved_and_not_new(clone):
    before = {"v0.2": {"models.py": TIMESTAMP}, "v0.3": {"flack/models.py": TIMESTAMP}}
    publish(clone, grow_line(clone, files=before), edition=2)
    plan = survey(clone.folder, find_stages(clone.folder), 2)
    marks = {module.path: module.mark for module in plan.modules}
    assert marks == {"flack.py": "", "flack/models.py": "moved"}


def test_the_cycle_s_modules_and_arrows_are_red(clone, cycle):
    svg = modules.draw(clone.folder, cycle, 2).to_svg("plan")
    # the legend has an arrow too
    assert len(elements(svg, "arrow cycle")) == 2 + 1
    assert [name.text for name in elements(svg, "name cycle")] == ["flack.py", "models.py"]


def test_without_a_cycle_nothing_is_red(clone, cycle):
    svg = modules.draw(clone.folder, cycle, 1).to_svg("plan")
    assert elements(svg, "cycle") == []


def test_the_description_names_modules_imports_and_cycle(clone, cycle):
    text = describe(survey(clone.folder, cycle, 2))
    assert text.startswith("At v0.3 Flack has 5 lines in 2 modules: flack.py 1 and models.py 4")
    assert "flack.py to models.py; models.py to flack.py" in text
    assert text.endswith("in red, the cycle of flack.py and models.py.")

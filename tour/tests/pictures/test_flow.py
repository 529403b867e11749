from pathlib import Path
from xml.etree import ElementTree

import pytest

from tour.diff import lines
from tour.pictures import flow
from tour.pictures.flow import Home
from tour.pictures.flow import Trace
from tour.repo import copies
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

SECTIONS = """\
import time
# --- utilities ---
def timestamp():
    return int(time.time() + offset)
# --- routes ---
index()
if __name__ == "__main__":
    start()
"""
MOVED = {
    "v0.1": {"flack.py": SECTIONS},
    "v0.2": {
        "flack.py": 'import time\n# --- routes ---\nindex()\nif __name__ == "__main__":\n'
        "    start()\n",
        "utils.py": "def timestamp():\n    return int(time.time() + offset)\n",
    },
    "v0.3": {
        "flack.py": 'index()\nif __name__ == "__main__":\n    start()\n',
        "utils.py": "first = new\ndef timestamp():\n    return int(time.time() - offset)\n",
    },
}


@pytest.fixture(scope="module")
def this_line(this_repository: Path) -> StageLine:
    return find_stages(this_repository)


@pytest.fixture(scope="module")
def traces(this_repository: Path, this_line: StageLine) -> list[Trace]:
    """The lines of the first stage of the clone that is being checked."""
    return flow.follow(this_repository, this_line)


@pytest.fixture
def followed(clone: Clone) -> list[Trace]:
    """The lines of a first stage of which some move, one is edited and some go."""
    publish(clone, grow_line(clone, files=MOVED), edition=2)
    return flow.follow(clone.folder, find_stages(clone.folder))


def texts(repository: Path, commit: str) -> dict[Home, str]:
    return {
        Home(path, number): row
        for path, data in copies.read_files(repository, commit).items()
        if path.endswith(".py")
        for number, row in enumerate(data.decode().split("\n"), 1)
    }


# the clone that is being checked


def test_every_line_of_the_first_module_is_traced(this_repository, this_line, traces):
    source = copies.read_files(this_repository, this_line.stages[0].commit)[flow.SOURCE]
    assert [trace.homes[0].number for trace in traces] == list(range(1, source.count(b"\n") + 1))


def test_no_two_lines_have_the_same_home(this_line, traces):
    for at in range(len(this_line.stages)):
        homes = [trace.homes[at] for trace in traces if len(trace.homes) > at]
        assert len(set(homes)) == len(homes)


def test_a_line_has_its_text_until_a_step_edits_it(this_repository, this_line, traces):
    # an account of its own: what stands at a home, against what git's diff says was edited there
    for at in range(1, len(this_line.stages)):
        old, new = this_line.stages[at - 1].commit, this_line.stages[at].commit
        changed = {
            Home(change.new.path, change.new.number)
            for change in lines.compare(this_repository, old, new)
            if change.kind is lines.Kind.EDITED
        }
        before, after = texts(this_repository, old), texts(this_repository, new)
        for trace in traces:
            if len(trace.homes) > at and trace.homes[at] not in changed:
                text = after[trace.homes[at]]
                # a line that moves may change its indentation
                assert text.strip() == before[trace.homes[at - 1]].strip()


def test_a_line_ends_exactly_where_a_step_takes_it_away(this_repository, this_line, traces):
    for at in range(1, len(this_line.stages)):
        old, new = this_line.stages[at - 1].commit, this_line.stages[at].commit
        gone = {
            Home(change.old.path, change.old.number)
            for change in lines.compare(this_repository, old, new)
            if change.kind is lines.Kind.GONE
        }
        for trace in traces:
            if len(trace.homes) >= at:
                assert (len(trace.homes) == at) == (trace.homes[at - 1] in gone)


def test_bars_are_as_high_as_their_modules_have_lines(this_repository, this_line, traces):
    svg = flow.draw(this_repository, this_line).to_svg("flow")
    heights: dict[str, float] = {}
    for found in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}rect"):
        if found.get("width") == str(flow.BAR):
            heights.setdefault(found.get("x"), 0.0)
            heights[found.get("x")] += float(found.get("height"))
    expected = [
        sum(len(trace.homes) > at for trace in traces) for at in range(len(this_line.stages))
    ]
    assert [height / flow.SCALE for height in heights.values()] == pytest.approx(expected, abs=0.5)
    assert expected[0] == len(traces)


def test_the_description_s_numbers_add_up(this_line, traces):
    text = flow.describe(traces, [stage.tag for stage in this_line.stages])
    counted = text.partition(":")[2].replace(" and ", ", ").replace(". ", ", ").split(", ")
    assert sum(int(part.split()[0]) for part in counted) == len(traces)


# a line made for the test


def test_sections_are_what_stands_under_their_banners():
    assert flow.find_sections(SECTIONS) == [
        "imports",
        *["utilities"] * 3,
        *["routes"] * 2,
        *["start"] * 2,
    ]


def test_a_moved_line_and_one_that_is_edited_later_are_followed(followed):
    assert followed[3] == Trace(
        "utilities", (Home("flack.py", 4), Home("utils.py", 2), Home("utils.py", 3))
    )


def test_a_line_that_nothing_changes_is_followed_when_its_number_shifts(followed):
    assert followed[5].homes == (Home("flack.py", 6), Home("flack.py", 3), Home("flack.py", 1))


def test_a_line_that_goes_has_no_home_from_then_on(followed):
    assert followed[0].homes == (Home("flack.py", 1), Home("flack.py", 1))
    assert followed[0].path_at(2) is None


def test_the_description_says_where_lines_are_and_how_many_went(followed):
    text = flow.describe(followed, ["v0.1", "v0.2", "v0.3"])
    assert "8 lines of flack.py at v0.1" in text
    assert "3 in flack.py and 2 in utils.py" in text
    assert text.endswith("3 of them are gone.")

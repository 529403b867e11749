"""Edits on their way over a step: small ones, and those of v0.1 on the way to the newest stage."""

import textwrap
from pathlib import Path

import pytest

from tour.amend import follow
from tour.amend import replay
from tour.amend.replay import ConflictError
from tour.amend.replay import Step
from tour.repo import copies
from tour.tests.amend.reach import DRAWS
from tour.tests.amend.reach import Edit
from tour.tests.amend.reach import Outcome
from tour.tests.amend.reach import Reach
from tour.tests.amend.reach import change
from tour.tests.amend.reach import delete
from tour.tests.amend.reach import draw
from tour.tests.amend.reach import insert
from tour.tests.synthetic import Clone

Files = dict[str, str]

FUNCTION = "def handle_{0}(argument):\n    return {0}(argument)\n\n\n"
HELPERS = "".join(FUNCTION.format(name) for name in ("one", "two", "six"))
ROUTES = "".join(FUNCTION.format(name) for name in ("red", "green", "blue"))
REST = "last = the_last_line_of_all\n"

# two lines that are long enough to be traced each by itself
FIRST = "from markdown_it import MarkdownIt\n"
SECOND = "from werkzeug.routing import IntegerConverter\n"


class Steps:
    """A repository in which stages are made, and a step between two replayed on a third."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clone = Clone(folder)
        self.clone.git("init", "--quiet", "--template=", "--initial-branch=main")

    def commit(self, files: Files) -> str:
        self.clone.git("rm", "--quiet", "-rf", "--ignore-unmatch", ".")
        self.clone.write(files)
        return self.clone.commit("Go on\n\nIt is next.\n\nStage: v0.2")

    def replay(self, before: Files, after: Files, amended: Files) -> Files:
        """Return the files that come out; raise ConflictError."""
        old, new, onto = (self.commit(files) for files in (before, after, amended))
        picked = replay.pick(self.folder, Step("v0.2", new, old, onto))
        files = copies.read_files(self.folder, picked.commit)
        return {path: data.decode() for path, data in files.items()}

    def stop(self, before: Files, after: Files, amended: Files) -> ConflictError:
        """Return what the maintainer is told."""
        with pytest.raises(ConflictError) as stopped:
            self.replay(before, after, amended)
        return stopped.value


@pytest.fixture
def steps(tmp_path: Path) -> Steps:
    """An empty repository to replay steps in."""
    return Steps(tmp_path)


def moved(error: ConflictError) -> list[str]:
    return [sentence for conflict in error.conflicts for sentence in conflict.moved]


def better(text: str) -> str:
    return text.replace("return two", "return better")


def nest(text: str) -> str:
    """Return the text as it is in a class."""
    return "class Helpers:\n" + textwrap.indent(text, "    ")


def test_an_edit_follows_its_lines_out_of_a_file_that_the_step_renames(steps: Steps) -> None:
    # to git the edit is one of main.py, where its lines are no more
    before = {"flack.py": HELPERS + ROUTES + REST}
    after = {"main.py": ROUTES + REST, "utils.py": HELPERS}
    files = steps.replay(before, after, {"flack.py": better(HELPERS) + ROUTES + REST})
    assert files == after | {"utils.py": better(HELPERS)}


def test_where_a_line_goes_is_told_of_a_file_that_the_step_renames(steps: Steps) -> None:
    before = {"flack.py": HELPERS + ROUTES + REST}
    after = {"main.py": ROUTES + REST, "utils.py": HELPERS.replace("two(", "two(2, ")}
    error = steps.stop(before, after, {"flack.py": better(HELPERS) + ROUTES + REST})
    assert moved(error) == ["line 6 of flack.py goes to line 6 of utils.py; edit it there, too"]


def test_what_git_takes_along_when_a_file_is_renamed_is_not_told(steps: Steps) -> None:
    before = {"flack.py": HELPERS + REST, "README.md": "one\n"}
    after = {"main.py": HELPERS + REST, "README.md": "two\n"}
    error = steps.stop(before, after, {"flack.py": better(HELPERS) + REST, "README.md": "three\n"})
    assert error.relocations == []
    assert [conflict.path for conflict in error.conflicts] == ["README.md"]


def test_a_step_is_not_rewritten_where_git_can_merge(steps: Steps) -> None:
    texts = HELPERS + REST, f"new = 1\n{HELPERS}{REST}", better(HELPERS) + REST
    commits = [steps.commit({"flack.py": text}) for text in texts]
    assert follow.follow(steps.folder, *commits) == ({}, {}, [], [])


def test_a_deleted_line_is_deleted_where_the_step_takes_it(steps: Steps) -> None:
    # git sees that both delete it from flack.py
    before = {"flack.py": FIRST + SECOND + REST, "utils.py": HELPERS}
    after = {"flack.py": SECOND + REST, "utils.py": FIRST + HELPERS}
    files = steps.replay(before, after, before | {"flack.py": SECOND + REST})
    assert files == after | {"utils.py": HELPERS}


def test_deleted_lines_are_deleted_where_the_step_takes_each(steps: Steps) -> None:
    before = {"flack.py": FIRST + SECOND + REST, "one.py": HELPERS, "two.py": ROUTES}
    after = {"flack.py": REST, "one.py": FIRST + HELPERS, "two.py": SECOND + ROUTES}
    files = steps.replay(before, after, before | {"flack.py": REST})
    assert files == before | {"flack.py": REST}


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        (FIRST + SECOND, f"{FIRST}put_between = True\n{SECOND}"),
        # which blank line belongs to which function, nobody knows
        (HELPERS, "".join(FUNCTION.format(name) for name in ("six", "one", "two"))),
        # too short to be traced
        ("import os\n", "import os\n"),
    ],
    ids=["between", "blank", "short"],
)
@pytest.mark.parametrize("goal", ["utils.py", "flack.py"])
def test_deleted_lines_that_the_step_has_elsewhere_are_for_the_maintainer(
    steps: Steps, lines: str, taken: str, goal: str
) -> None:
    # where they cannot be deleted; to git there is no conflict, for both delete them here
    before = {"flack.py": lines + ROUTES + REST, "utils.py": ""}
    deleted = before | {"flack.py": ROUTES + REST}
    error = steps.stop(before, deleted | {goal: deleted[goal] + taken}, deleted)
    number = deleted[goal].count("\n") + taken.split("\n").index(lines.split("\n")[0]) + 1
    told = f"line 1 of flack.py goes to line {number} of {goal}; edit it there, too"
    assert moved(error)[0] == told


def test_a_line_without_words_that_both_delete_is_as_good_as_any_other(steps: Steps) -> None:
    after = {"flack.py": REST, "utils.py": f"{HELPERS}pass\n"}
    assert steps.replay({"flack.py": f"pass\n{REST}"}, after, {"flack.py": REST}) == after


@pytest.mark.parametrize("new", ["trace()\n    return two", "# better\n    return best", "if x:"])
def test_an_edit_is_indented_as_the_step_indents_its_lines(steps: Steps, new: str) -> None:
    amended = HELPERS.replace("return two", new)
    after = {"flack.py": REST, "utils.py": nest(HELPERS)}
    files = steps.replay({"flack.py": HELPERS + REST}, after, {"flack.py": amended + REST})
    assert files == after | {"utils.py": nest(amended)}


def test_edits_side_by_side_follow_lines_that_part(steps: Steps) -> None:
    before = {"flack.py": FIRST + SECOND + REST}
    after = {"flack.py": REST, "one.py": FIRST + HELPERS, "two.py": SECOND + ROUTES}
    first, second = (line.replace("\n", "  # noqa\n") for line in (FIRST, SECOND))
    files = steps.replay(before, after, {"flack.py": first + second + REST})
    assert files == after | {"one.py": first + HELPERS, "two.py": second + ROUTES}


@pytest.mark.parametrize(
    ("before", "after", "amended"),
    [
        ((FIRST + REST, ""), (REST, FIRST), f"{FIRST}new = 1\n{REST}"),
        ((FIRST + SECOND, ""), (f"{FIRST}moved = 1\n{SECOND}", ""), f"{FIRST}new = 1\n{SECOND}"),
        (("one = 1\ntwo = 2\n", ""), ("one = 3\ntwo = 3\n", ""), "one = 1\nnew = 1\ntwo = 2\n"),
        ((FIRST + SECOND, ""), (f"    {FIRST}{SECOND}", ""), f"{FIRST}new = 1\n{SECOND}"),
        ((nest(HELPERS), ""), (HELPERS, ""), nest(HELPERS).replace("    def", "new = 1\n    def")),
        ((FIRST + SECOND, REST), (FIRST, REST + SECOND), f"    {SECOND}    {FIRST}"),
    ],
    ids=["apart", "around", "edited", "indented", "cut", "swapped"],
)
def test_what_has_no_clear_place_after_the_step_is_for_the_maintainer(
    steps: Steps, before: tuple[str, str], after: tuple[str, str], amended: str
) -> None:
    old, new = (dict(zip(("flack.py", "utils.py"), texts)) for texts in (before, after))
    steps.stop(old, new, old | {"flack.py": amended})


def test_an_edit_that_stops_keeps_no_other_of_its_file_back(steps: Steps) -> None:
    after = {"flack.py": REST, "utils.py": HELPERS.replace("one(", "one(1, ")}
    amended = better(HELPERS).replace("return one", "return best")
    error = steps.stop({"flack.py": HELPERS + REST}, after, {"flack.py": amended + REST})
    assert error.relocations == [(("flack.py", 5), ("utils.py", 5))]
    assert moved(error) == ["line 2 of flack.py goes to line 2 of utils.py; edit it there, too"]
    assert steps.folder.joinpath("utils.py").read_text() == better(after["utils.py"])


def test_the_numbers_that_are_told_count_what_is_inserted_above(steps: Steps) -> None:
    after = {"flack.py": REST, "utils.py": HELPERS.replace("six(", "six(6, ")}
    amended = "# new\n# new\n" + better(HELPERS).replace("return six", "return best")
    error = steps.stop({"flack.py": HELPERS + REST}, after, {"flack.py": amended + REST})
    assert [(old.line, new.line) for old, new in error.relocations] == [(0, 0), (7, 7)]
    assert moved(error) == ["line 10 of flack.py goes to line 12 of utils.py; edit it there, too"]


def test_a_move_that_the_step_makes_as_well_is_made_once(steps: Steps) -> None:
    after = {"flack.py": REST, "utils.py": HELPERS}
    assert steps.replay({"flack.py": HELPERS + REST}, after, after) == after


def test_lines_that_the_amended_stage_moves_stay_where_it_has_them(steps: Steps) -> None:
    files = steps.replay(
        {"flack.py": HELPERS + ROUTES + REST},
        {"flack.py": REST, "utils.py": ROUTES + HELPERS},
        {"flack.py": ROUTES + REST, "helpers.py": HELPERS},
    )
    assert files == {"flack.py": REST, "utils.py": ROUTES, "helpers.py": HELPERS}


def test_a_line_that_the_amended_stage_moves_and_the_step_deletes_is_for_the_maintainer(
    steps: Steps,
) -> None:
    amended = {"flack.py": REST, "helpers.py": FIRST + SECOND}
    error = steps.stop({"flack.py": FIRST + SECOND + REST}, {"flack.py": FIRST + REST}, amended)
    assert moved(error) == ["line 2 of flack.py goes to line 2 of helpers.py; edit it there, too"]


def test_lines_are_not_taken_from_where_the_step_has_them_to_where_they_cannot_go(
    steps: Steps,
) -> None:
    after = {"flack.py": REST, "utils.py": HELPERS + ROUTES}
    # between ROUTES and REST, which part
    amended = {"flack.py": ROUTES + HELPERS + REST}
    steps.stop({"flack.py": HELPERS + ROUTES + REST}, after, amended)
    assert steps.folder.joinpath("utils.py").read_text() == HELPERS + ROUTES


def test_a_file_that_both_add_is_for_the_maintainer_where_an_edit_goes_there(
    steps: Steps,
) -> None:
    amended = {"flack.py": better(HELPERS) + REST, "utils.py": "own = 1\n"}
    error = steps.stop(
        {"flack.py": HELPERS + REST}, {"flack.py": REST, "utils.py": HELPERS}, amended
    )
    assert [conflict.path for conflict in error.conflicts] == ["utils.py"]


def test_a_last_line_without_an_end_gets_one_where_others_follow(steps: Steps) -> None:
    before = {"flack.py": HELPERS + ROUTES + REST.rstrip("\n")}
    after = {"flack.py": (REST + ROUTES + HELPERS).rstrip("\n")}
    files = steps.replay(before, after, {"flack.py": f"{HELPERS}{ROUTES}{REST}new = 1"})
    assert files == {"flack.py": f"{REST}new = 1\n{ROUTES}{HELPERS}".rstrip("\n")}


@pytest.fixture(scope="module")
def reach(this_repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Reach:
    """The stages of the clone that is being checked, to replay on top of edits of v0.1."""
    return Reach(this_repository, tmp_path_factory.mktemp("reach"))


@pytest.mark.parametrize(("edit", "first"), [(change, 0), (insert, 1), (delete, 0)])
def test_edits_of_every_other_line_that_lives_on_reach_the_newest_stage(
    reach: Reach, edit: Edit, first: int
) -> None:
    numbers = reach.find_lines(edit)[first::2]
    assert len(numbers) > 100
    assert reach.replay(edit, numbers) is Outcome.REACHED


@pytest.mark.parametrize("size", DRAWS)
def test_edits_of_lines_that_are_drawn_reach_the_newest_stage(reach: Reach, size: int) -> None:
    numbers = draw(reach, change, seed=1, size=size)[0]
    assert reach.replay(change, numbers) is Outcome.REACHED

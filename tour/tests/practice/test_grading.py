"""The grader graded: the stages, the mistakes that the pages show, and what is no Python."""

from pathlib import Path

import pytest

from tour.practice.goals import STEPS
from tour.practice.grading import State
from tour.practice.grading import describe_difference
from tour.practice.grading import grade_structure
from tour.practice.grading import make_trial
from tour.practice.vocabulary.definitions import Offers
from tour.practice.vocabulary.files import Moved
from tour.practice.vocabulary.goal import Behaviour
from tour.practice.vocabulary.goal import Trial
from tour.stages.line import find_stages
from tour.stages.sizes import is_test
from tour.syntax.files import Files
from tour.tests.practice.pages import RIGHT
from tour.tests.practice.pages import SHOWN_BY_RUNNING
from tour.tests.practice.pages import WRONG
from tour.tests.practice.pages import read_patches
from tour.tests.practice.trees import bounds_of
from tour.tests.practice.trees import grade
from tour.tests.practice.trees import model
from tour.tests.practice.trees import unmet

TAGS = list(STEPS)


def test_every_step_has_goals(this_repository: Path) -> None:
    stages = find_stages(this_repository).stages
    assert TAGS == [stage.tag for stage in stages[1:]]


@pytest.mark.parametrize("tag", TAGS)
def test_a_stage_meets_every_goal_of_its_step(this_repository: Path, tag: str) -> None:
    found = grade(this_repository, tag, bounds_of(this_repository, tag).after.files.contents)
    assert unmet(found) == []
    waiting = [each.goal for each in found.results if each.state is State.WAITS]
    assert all(isinstance(goal, Behaviour) for goal in waiting)


@pytest.mark.parametrize("tag", TAGS)
def test_the_stage_before_meets_no_goal_of_the_step(this_repository: Path, tag: str) -> None:
    found = grade(this_repository, tag, bounds_of(this_repository, tag).before.files.contents)
    met = [each.goal.text for each in found.results if each.state is State.MET]
    assert met == ["Python can read every file"]


@pytest.mark.parametrize("tag", TAGS)
def test_a_mistake_of_a_page_fails_one_goal_and_another_way_none(
    this_repository: Path, tag: str
) -> None:
    patches = list(read_patches(this_repository, tag))
    assert WRONG in {patch.section for patch in patches}
    for patch in patches:
        found = unmet(grade(this_repository, tag, patch.tree))
        passes = patch.section != WRONG or (tag, patch.name) in SHOWN_BY_RUNNING | RIGHT
        assert len(found) == (0 if passes else 1), f"{tag} try {patch.name}: {found}"


def test_a_file_that_is_no_python_is_the_first_goal_and_the_others_wait(
    this_repository: Path,
) -> None:
    after = bounds_of(this_repository, "v0.5").after.files.contents
    found = grade(this_repository, "v0.5", {**after, "flack/auth.py": b"x = 1\ndef see(:\n"})
    [reason] = unmet(found)
    assert (
        reason == "Python can read every file -> flack/auth.py:2: not valid Python: invalid syntax"
    )
    assert found.met == 0


def test_a_file_that_is_not_read_is_told_with_the_reason(this_repository: Path) -> None:
    bounds = bounds_of(this_repository, "v0.5")
    contents = dict(bounds.after.files.contents)
    del contents["flack/auth.py"]
    trial = make_trial(Files(contents, {"flack/auth.py": "this is a link"}), bounds)
    found = grade_structure(STEPS["v0.5"], trial)
    assert unmet(found) == ["Python can read every file -> flack/auth.py: this is a link"]


def test_the_first_goal_that_is_not_met_is_the_one_to_go_on_with(this_repository: Path) -> None:
    bounds = bounds_of(this_repository, "v0.5")
    tree = {
        **bounds.before.files.contents,
        "flack/auth.py": bounds.after.files.contents["flack/auth.py"],
    }
    result = grade(this_repository, "v0.5", tree).first_unmet
    assert result and str(result.finding) == (
        "flack/flack.py:67: OptionalTokenAuth is still defined here, and 3 more of them"
    )


def test_a_call_whose_name_is_not_imported_yet_is_told_as_such(this_repository: Path) -> None:
    after = bounds_of(this_repository, "v0.5").after.files.contents
    lines = after["flack/auth.py"].splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith((b"from", b"import"))]
    found = grade(this_repository, "v0.5", {**after, "flack/auth.py": b"".join(kept)})
    assert str(found.first_unmet.finding).endswith(
        "nothing in this module defines or imports HTTPBasicAuth"
    )


def test_lines_that_another_file_had_before_have_not_moved_there() -> None:
    before = model({"flack.py": "x = 1\n", "other.py": "x = 1\n"})
    moved = {"flack.py": [(1, "x = 1")]}
    deleted = model({"flack.py": "", "other.py": "x = 1\ny = 2\n"})
    finding = Moved("flack.py", 90).find(Trial(deleted, before, before, moved))
    assert finding and finding.sentence.startswith("0 of the 1 lines")
    cut = model({"flack.py": "", "other.py": "x = 1\nx = 1\n"})
    assert Moved("flack.py", 90).find(Trial(cut, before, before, moved)) is None


def test_a_test_that_was_deleted_is_missed(this_repository: Path) -> None:
    after = dict(bounds_of(this_repository, "v0.5").after.files.contents)
    del after["tests.py"]
    [found] = unmet(grade(this_repository, "v0.5", after))
    assert found.startswith("each test that was there is there still -> test_")


def test_the_difference_to_the_stage_is_told_in_words(this_repository: Path) -> None:
    bounds = bounds_of(this_repository, "v0.5")
    tree = dict(bounds.after.files.contents)
    tree["flack/auth.py"] += b"\n\ndef index():\n    pass\n\n\ndef helper():\n    pass\n"
    tree["flack/flack.py"] = tree["flack/flack.py"].replace(b"def index", b"def home")
    sentences = describe_difference(make_trial(Files(tree, {}), bounds))
    assert sentences == [
        "your flack/auth.py holds index; the tour has it in flack/flack.py",
        "your flack/auth.py has helper, which the tour's stage has nowhere",
        "your flack/flack.py has home, which the tour's stage has nowhere",
    ]
    assert describe_difference(make_trial(bounds.after.files, bounds)) == []


@pytest.mark.parametrize("tag", TAGS)
def test_what_the_tests_of_a_stage_import_a_goal_asks_for_or_was_there(
    this_repository: Path, tag: str
) -> None:
    bounds = bounds_of(this_repository, tag)
    trial = make_trial(bounds.after.files, bounds)
    asked = {
        (module.name, name)
        for goal in STEPS[tag].goals
        if isinstance(goal, Offers) and (module := trial.module(goal.path))
        for name in goal.names
    }
    before = {
        (module.name, name) for module in trial.before.modules.values() for name in module.bound
    }
    imported = {
        (found.module, found.name)
        for test in trial.model.tests
        for found in test.imports
        if found.name
        and found.module in trial.model.modules
        and not is_test(trial.model.modules[found.module].path)
    }
    assert imported and imported - asked - before == set()

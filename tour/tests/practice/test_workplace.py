"""Where a step is practised: made, found again, begun again, with nothing of the learner's lost."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tour.commands.grade import MARKS
from tour.environments import environment
from tour.practice import behaviour
from tour.practice import workplace
from tour.practice.grading import Grade
from tour.practice.grading import Result
from tour.practice.grading import State
from tour.practice.vocabulary.goal import Finding
from tour.practice.workplace import Again
from tour.practice.workplace import NotBegunError
from tour.practice.workplace import Practice
from tour.repo.clone import tour_command
from tour.repo.worktree import InTheWayError
from tour.stages.line import StageLine
from tour.syntax import files
from tour.syntax.files import Files
from tour.system.errors import UsageError
from tour.tests.synthetic import Clone

MINE = "mine = 1\n"

NO_CURRENT = pytest.mark.skipif(os.name == "nt", reason="there a current folder cannot be deleted")


@pytest.fixture(autouse=True)
def plain_home(home: Path) -> None:
    """No configuration of git's."""
    home.joinpath(".gitconfig").write_text("")


@pytest.fixture
def practice(clone: Clone, line: StageLine) -> Practice:
    """The step to v0.2, which is not begun."""
    found = workplace.find_step(clone.folder, line, clone.folder, "v0.2")
    return found._replace(folder=clone.folder / "practice" / "v0.2")


def again(practice: Practice) -> Again:
    """Begin a step again that was touched."""
    begun = workplace.begin_again(practice)
    assert begun is not None
    return begun


def branch_of(folder: Path) -> str:
    return Clone(folder).git("rev-parse", "--abbrev-ref", "HEAD")


def test_a_step_begins_at_the_stage_before_in_a_folder_that_git_does_not_see(
    clone: Clone, practice: Practice
) -> None:
    before = clone.state()[:3]
    assert workplace.begin(practice)
    workplace.write_task(practice)
    place = Clone(practice.folder)
    assert place.git("rev-parse", "HEAD") == practice.before.commit
    assert branch_of(practice.folder) == "practice/v0.2"
    assert (place.git("status", "--porcelain"), clone.state()[:3]) == ("", before)


def test_pytest_in_the_top_folder_finds_no_test_of_a_try(clone: Clone, practice: Practice) -> None:
    workplace.begin(practice)
    practice.folder.joinpath("setup.cfg").write_text("[tool:pytest]\npython_files = mine.py\n")
    practice.folder.joinpath("mine.py").write_text("def test_mine(): pass\n")
    clone.write({"setup.cfg": "[tool:pytest]\npython_files = mine.py\n"})

    def collect(folder: Path) -> str:
        command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
        # the plugins of the tests' own environment take longer to load
        variables = os.environ | behaviour.NO_PLUGINS
        ended = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
        return ended.stdout

    assert "no tests collected" in collect(clone.folder)
    assert "mine.py::test_mine" in collect(practice.folder)


def test_the_task_has_the_goals_and_nothing_is_written_over_it(practice: Practice) -> None:
    workplace.begin(practice)
    file = workplace.write_task(practice)
    assert "- utils.py is there\n" in file.read_text()
    file.write_text("my notes")
    workplace.write_task(practice)
    assert file.read_text() == "my notes"


def test_what_is_under_way_is_left_as_it_is(practice: Practice) -> None:
    workplace.begin(practice)
    practice.folder.joinpath("utils.py").write_text(MINE)
    assert not workplace.begin(practice)
    assert practice.folder.joinpath("utils.py").read_text() == MINE


@pytest.fixture
def gone(practice: Practice) -> Practice:
    """A practice with a commit, whose folder was deleted."""
    workplace.begin(practice)
    place = Clone(practice.folder)
    place.write({"utils.py": MINE})
    place.commit("Try it")
    shutil.rmtree(practice.folder)
    return practice


def test_a_worktree_that_was_deleted_is_made_again_with_what_was_committed(gone: Practice) -> None:
    assert workplace.begin(gone)
    assert gone.folder.joinpath("utils.py").read_text() == MINE


@pytest.mark.parametrize(
    "path", ["practice/v0.2/notes.txt", "practice/v0.2", "practice/notes.txt", "practice"]
)
def test_what_has_the_place_of_the_worktree_is_not_overwritten(
    clone: Clone, practice: Practice, path: str
) -> None:
    clone.write({path: MINE})
    with pytest.raises(InTheWayError, match="move it away"):
        workplace.begin(practice)
    assert clone.folder.joinpath(path).read_text() == MINE


def test_what_has_the_place_of_a_second_worktree_is_not_overwritten(
    clone: Clone, line: StageLine, practice: Practice
) -> None:
    workplace.begin(practice)
    clone.write({"practice/v0.3/notes.txt": MINE})
    second = workplace.find_step(clone.folder, line, clone.folder / "practice" / "v0.3", "v0.3")
    with pytest.raises(InTheWayError, match="move it away"):
        workplace.begin(second)
    assert clone.folder.joinpath("practice/v0.3/notes.txt").read_text() == MINE


def test_a_branch_of_the_learners_is_not_moved(clone: Clone, practice: Practice) -> None:
    clone.git("branch", "practice/v0.2", "main")
    workplace.begin(practice)
    assert branch_of(practice.folder) == "practice/v0.2-2"
    assert clone.git("rev-parse", "practice/v0.2") == clone.git("rev-parse", "main")


def test_a_step_that_begins_anew_keeps_the_old_try(practice: Practice) -> None:
    workplace.begin(practice)
    place = Clone(practice.folder)
    place.write({"utils.py": MINE, "flack.py": MINE})
    old, _, new = again(practice)
    assert (old, new, branch_of(practice.folder)) == (
        "practice/v0.2",
        "practice/v0.2-2",
        "practice/v0.2-2",
    )
    assert place.git("rev-parse", "HEAD") == practice.before.commit
    assert place.git("status", "--porcelain") == ""
    assert place.git("show", f"{old}:utils.py") == MINE.strip()
    assert place.git("show", f"{old}:flack.py") == MINE.strip()


def test_a_try_of_several_is_taken_up_at_the_newest(clone: Clone, practice: Practice) -> None:
    for name in ("v0.2", "v0.2-2", "v0.2-9", "v0.2-10", "v0.20"):
        clone.git("branch", f"practice/{name}", practice.before.commit)
        if name != "v0.2-2":
            workplace.mark(clone.folder, f"practice/{name}", "v0.2")
    clone.git("branch", "practice/v0.2-11", "main")
    workplace.begin(practice)
    assert branch_of(practice.folder) == "practice/v0.2-10"


def test_a_practice_is_found_from_its_folder_and_from_the_clone(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace.begin(practice)
    for folder in (practice.folder, practice.main):
        monkeypatch.chdir(folder)
        found = workplace.find_practice(None, "grade")
        assert (found.tag, found.folder.resolve()) == ("v0.2", practice.folder.resolve())


def test_a_branch_of_the_learners_in_the_folder_is_of_the_same_step(
    clone: Clone, line: StageLine, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace.begin(practice)
    workplace.begin(
        workplace.find_step(clone.folder, line, clone.folder / "practice" / "v0.3", "v0.3")
    )
    Clone(practice.folder).git("checkout", "--quiet", "-b", "my-own")
    monkeypatch.chdir(practice.folder)
    found = workplace.find_practice(None, "grade")
    assert found.tag == "v0.2"
    found.folder.joinpath("utils.py").write_text(MINE)
    old, _, new = again(found)
    assert (old, new) == ("mine/v0.2", "practice/v0.2-2")
    assert clone.git("show", f"{old}:utils.py") == MINE.strip()


def test_of_several_practices_one_is_to_be_named(
    tour, clone: Clone, line: StageLine, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace.begin(practice)
    other = workplace.find_step(clone.folder, line, clone.folder / "practice" / "v0.3", "v0.3")
    workplace.begin(other)
    monkeypatch.chdir(clone.folder)
    for verb in ("grade", "hint", "reset"):
        # the verb that was typed
        refused = tour(clone.folder, verb)
        assert refused.returncode == 2
        assert "which of v0.2, v0.3, as in\n" in refused.stderr
        assert refused.stderr.endswith(f"tour {verb} v0.2\n")
    assert workplace.find_practice("0.3", "grade").folder == other.folder
    monkeypatch.chdir(practice.folder)
    assert workplace.find_practice("v0.3", "grade").folder == other.folder


@pytest.mark.usefixtures("at_hand")
def test_of_a_folder_that_is_gone_the_way_back_is_told(tour, clone: Clone, gone: Practice) -> None:
    assert " begun" in tour(clone.folder, "list").stdout
    for verb in (("grade", "v0.2"), ("hint", "v0.2"), ("reset", "v0.2"), ("grade",)):
        refused = tour(clone.folder, *verb)
        assert refused.returncode == 2
        assert f"the folder {gone.folder} is gone; to make it again" in refused.stderr
        assert "from your branch practice/v0.2:\n" in refused.stderr
        assert refused.stderr.endswith("tour practice v0.2\n")
    assert tour(clone.folder, "practice", "v0.2").returncode == 0
    assert gone.folder.joinpath("utils.py").read_text() == MINE


def test_a_worktree_that_was_renamed_does_not_share_its_index_with_a_new_one(
    clone: Clone, practice: Practice
) -> None:
    workplace.begin(practice)
    renamed = Clone(practice.folder.rename(practice.folder.with_name("mine")))
    with pytest.raises(InTheWayError, match=f"your try is in {renamed.folder}, on the branch"):
        workplace.begin(practice)
    assert not practice.folder.exists()
    # a new branch there makes room for another try
    renamed.git("checkout", "--quiet", "-b", "mine", "HEAD")
    assert workplace.begin(practice)
    renamed.write({"utils.py": MINE})
    renamed.commit("Try it")
    assert Clone(practice.folder).git("status", "--porcelain") == ""
    assert branch_of(practice.folder) == "practice/v0.2"


@pytest.mark.usefixtures("at_hand")
def test_a_practice_that_git_does_not_find_is_told_and_made_again(
    tour, clone: Clone, practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tour(clone.folder, "practice", "v0.2")
    # one that was moved, and is known still while another one begins
    moved = practice.folder.rename(tmp_path / "moved")
    tour(clone.folder, "practice", "v0.3")
    grade = tour(moved, "grade")
    assert f"\n  {tour_command(clone.folder, moved)} hint v0.2\n" in grade.stdout
    # and one whose clone was moved
    folder = clone.folder.rename(tmp_path / "elsewhere")
    monkeypatch.setattr(sys, "prefix", str(folder / ".venv"))
    inside = folder / "practice" / "v0.3"
    for top, tag in ((inside, "v0.3"), (moved, "v0.2")):
        top.joinpath("part").mkdir()
        answer = tour(top / "part", "grade")
        assert f"git does not know {top} any more" in answer.stderr
        program = tour_command(folder, folder)
        assert answer.stderr.endswith(f"  cd {folder}\n  {program} practice {tag}\n")
        assert tour(folder, "practice", tag).returncode == 0
    assert tour(inside, "grade").returncode == 1


def test_a_copy_of_a_worktree_is_not_taken_for_the_worktree(
    clone: Clone, line: StageLine, practice: Practice
) -> None:
    workplace.begin(practice)
    shutil.copytree(practice.folder, practice.folder.with_name("copy"))
    other = workplace.find_step(clone.folder, line, clone.folder, "v0.3")
    workplace.begin(other._replace(folder=clone.folder / "practice" / "v0.3"))
    assert f"worktree {practice.folder}\n" in clone.git("worktree", "list", "--porcelain")


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize("arguments", [(), ("v0.2",)])
@pytest.mark.parametrize("verb", ["grade", "hint"])
def test_of_a_folder_that_has_lost_its_git_that_is_told(
    tour, clone: Clone, practice: Practice, verb: str, arguments: tuple[str, ...]
) -> None:
    tour(clone.folder, "practice", "v0.3")
    workplace.begin(practice)
    practice.folder.joinpath(".git").unlink()
    answer = tour(practice.folder, verb, *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert f"{practice.folder} has lost its .git" in answer.stderr


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize("elsewhere", ["main", "v0.1"])
def test_of_a_try_on_another_branch_the_way_there_is_told(
    tour, clone: Clone, elsewhere: str
) -> None:
    tour(clone.folder, "practice", "v0.2", "--here")
    clone.write({"utils.py": MINE})
    tour(clone.folder, "go", elsewhere)
    for verb in (("grade", "v0.2"), ("hint", "v0.2"), ("reset", "v0.2"), ("grade",)):
        refused = tour(clone.folder, *verb)
        assert refused.returncode == 2
        assert "v0.2 is begun on the branch mine/practice-v0.2; to go there:\n" in refused.stderr
        assert refused.stderr.endswith("tour go mine/practice-v0.2\n")
    assert tour(clone.folder, "go", "mine/practice-v0.2").returncode == 0
    assert "  + utils.py is there\n" in tour(clone.folder, "grade").stdout


@pytest.mark.usefixtures("at_hand")
def test_another_try_is_told_where_a_new_one_begins(tour, clone: Clone) -> None:
    told = "Another try is on the branch"
    assert told not in tour(clone.folder, "practice", "v0.2", "--here").stdout
    tour(clone.folder, "go", "main")
    printed = tour(clone.folder, "practice", "v0.2").stdout
    assert f"{told} mine/practice-v0.2. To go on with that one instead:\n" in printed
    assert printed.endswith("tour go mine/practice-v0.2\n")
    assert told not in tour(clone.folder, "practice", "v0.2").stdout
    printed = tour(clone.folder, "practice", "v0.2", "--here").stdout
    assert "ready, on the branch mine/practice-v0.2-2\n" in printed
    assert f"{told} mine/practice-v0.2. To" in printed
    assert f"{told} practice/v0.2. To" in printed and printed.endswith("tour practice v0.2\n")


@pytest.mark.usefixtures("at_hand")
def test_a_step_in_the_checkout_is_found_from_the_folder_of_another(
    tour, clone: Clone, practice: Practice
) -> None:
    workplace.begin(practice)
    tour(clone.folder, "practice", "v0.3", "--here")
    grade = tour(practice.folder, "grade", "v0.3", "--json")
    assert json.loads(grade.stdout)["folder"] == str(clone.folder)
    clone.git("checkout", "--quiet", "main")
    refused = tour(practice.folder, "grade", "v0.3")
    # the folder of a practice goes nowhere
    assert f"to go there:\n  cd {clone.folder}\n  " in refused.stderr


def test_files_that_were_begun_by_hand_are_graded_where_they_are(
    clone: Clone, line: StageLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clone.folder)
    with pytest.raises(NotBegunError, match="practice v0.2"):
        workplace.find_practice("v0.2", "grade")
    clone.git("checkout", "--quiet", "-b", "my-v0.2", line.stages[0].commit)
    assert workplace.find_practice("v0.2", "grade").folder == clone.folder


@pytest.mark.parametrize("tag", ["v0.1", "v0.9", "main"])
def test_a_step_that_is_none_is_answered_with_those_that_are(
    clone: Clone, line: StageLine, tag: str
) -> None:
    with pytest.raises(UsageError, match="v0.2"):
        workplace.find_step(clone.folder, line, clone.folder, tag)


# the verbs


@pytest.fixture
def at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """No environment is made."""
    monkeypatch.setattr(environment, "prepare", lambda *arguments: Path(sys.executable))
    monkeypatch.setattr(environment, "stage_environment", lambda *arguments, folder: folder)


@pytest.mark.usefixtures("at_hand")
def test_the_verbs_lead_from_one_to_the_next(tour, clone: Clone) -> None:
    begun = tour(clone.folder, "practice", "v0.2")
    assert begun.returncode == 0
    folder = clone.folder / "practice" / "v0.2"
    program = os.path.relpath(clone.folder / ".venv/bin/tour", folder)
    assert f"cd {os.path.join('practice', 'v0.2')}" in begun.stdout
    assert f"{program} grade" in begun.stdout
    grade = tour(folder, "grade")
    assert grade.returncode == 1
    assert "  - utils.py is there\n      there is no utils.py\n" in grade.stdout
    assert f"{program} hint v0.2" in grade.stdout
    hints = [tour(folder, "hint").stdout for _ in range(4)]
    assert "What is to be in utils.py" in hints[0]
    assert "Hint 2 of 2" in hints[1]
    assert hints[1:] == [hints[1]] * 3
    assert "not begun" in tour(clone.folder, "list").stdout
    assert "4 of 16" in tour(folder, "list").stdout
    folder.joinpath("utils.py").write_text(MINE)
    assert "git diff v0.1 practice/v0.2 --\n" in tour(clone.folder, "reset").stdout
    # in this folder, where one of that name lies
    assert "+mine = 1" in clone.git("diff", *"v0.1 practice/v0.2 --".split())
    assert not folder.joinpath("utils.py").exists()
    assert "begun" in tour(clone.folder, "list").stdout


@pytest.mark.usefixtures("at_hand")
def test_a_step_can_be_practised_in_the_learners_checkout(tour, clone: Clone) -> None:
    clone.write({"notes.txt": MINE})
    begun = tour(clone.folder, "practice", "v0.2", "--here")
    assert begun.returncode == 0
    assert branch_of(clone.folder) == "mine/practice-v0.2"
    assert " begun" in tour(clone.folder, "list").stdout
    assert clone.git("show", "mine/main:notes.txt") == MINE.strip()
    clone.write({"utils.py": MINE})
    assert "  + utils.py is there\n" in tour(clone.folder, "grade").stdout
    assert tour(clone.folder, "reset").returncode == 0
    assert clone.git("show", "mine/practice-v0.2:utils.py") == MINE.strip()
    assert branch_of(clone.folder) == "mine/practice-v0.2-2"
    clone.git("checkout", "--quiet", "main")
    clone.git("branch", "-D", "mine/practice-v0.2", "mine/practice-v0.2-2")
    assert "begun" not in tour(clone.folder, "list").stdout


@pytest.mark.usefixtures("at_hand")
@pytest.mark.usefixtures("at_hand")
def test_from_a_practice_that_began_here_back_leads_to_where_one_was(tour, clone: Clone) -> None:
    tour(clone.folder, "practice", "v0.2", "--here")
    assert tour(clone.folder, "back").returncode == 0
    assert branch_of(clone.folder) == "main"
    assert tour(clone.folder, "back").returncode == 0
    assert branch_of(clone.folder) == "mine/practice-v0.2"


@pytest.mark.usefixtures("at_hand")
def test_a_practice_that_begins_here_offers_no_other_work(tour, clone: Clone) -> None:
    tour(clone.folder, "go", "v0.1")
    clone.write({"notes.txt": MINE})
    tour(clone.folder, "go", "main")
    clone.write({"more.txt": MINE})
    printed = tour(clone.folder, "practice", "v0.2", "--here").stdout
    # what was saved just now is told, and what was saved at this stage before is not
    assert "go mine/main\n" in printed
    assert "mine/v0.1" not in printed


@pytest.mark.parametrize("move", [("next",), ("prev",), ("back",), ("go", "v0.2"), ("go", "main")])
def test_the_folder_of_a_practice_goes_to_no_other_stage(
    tour, practice: Practice, move: tuple[str, ...]
) -> None:
    workplace.begin(practice)
    practice.folder.joinpath("utils.py").write_text(MINE)
    refused = tour(practice.folder, *move)
    assert refused.returncode == 2
    assert "you practise the step to v0.2; go to another stage in your clone itself:\n  cd " in (
        refused.stderr
    )
    assert branch_of(practice.folder) == "practice/v0.2"
    assert practice.folder.joinpath("utils.py").read_text() == MINE


def test_without_a_branch_the_old_try_is_a_commit_or_nothing(
    tour, clone: Clone, practice: Practice
) -> None:
    workplace.begin(practice)
    place = Clone(practice.folder)
    place.git("checkout", "--quiet", "--detach")
    printed = tour(practice.folder, "reset").stdout
    assert printed.startswith("There was no old try to keep: the files were those of v0.1\n")
    assert "on the branch practice/v0.2-2." in printed
    place.write({"utils.py": MINE})
    commit = place.commit("Try it")
    place.git("checkout", "--quiet", "--detach")
    printed = tour(practice.folder, "reset").stdout
    assert printed.startswith(f"Your old try is the commit {commit[:12]}, which was on no branch")
    assert f"  git diff v0.1 {commit[:12]} --\n" in printed
    assert branch_of(practice.folder) == "practice/v0.2-3"


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize("options", [(), ("--here",)])
def test_a_try_without_a_change_is_not_begun_again(
    tour, clone: Clone, practice: Practice, options: tuple[str, ...]
) -> None:
    tour(clone.folder, "practice", "v0.2", *options)
    folder = clone.folder if options else practice.folder
    place = Clone(folder)
    first = branch_of(folder)

    def reset() -> str:
        answer = tour(folder, "reset")
        assert answer.returncode == 0
        return answer.stdout

    heads = clone.git("for-each-ref", "refs/heads")
    assert reset().startswith("There is nothing to reset: the files are those of v0.1.")
    assert clone.git("for-each-ref", "refs/heads") == heads
    # a new file, then one that is staged alone, then one in a commit alone: each is a change
    place.write({"utils.py": MINE})
    assert f"Your old try is on the branch {first}." in reset()
    assert "nothing to reset" in reset() and branch_of(folder) == f"{first}-2"
    place.write({"utils.py": MINE})
    place.git("add", "utils.py")
    folder.joinpath("utils.py").unlink()
    assert f"Your old try is on the branch {first}-2." in reset()
    place.write({"utils.py": MINE})
    place.commit("Try it")
    place.git("rm", "--quiet", "utils.py")
    assert f"Your old try is on the branch {first}-3." in reset()
    assert branch_of(folder) == f"{first}-4"


def grade_of(practice: Practice, met: int) -> Grade:
    """Return a grade of which so many goals are met."""
    states = [State.MET if number < met else State.UNMET for number in range(16)]
    finding = Finding("utils.py", 1, "wrong")
    return Grade(tuple(map(Result, practice.step.goals, states, [finding] * 16)))


def test_a_grade_counts_as_long_as_there_is_what_was_graded(
    clone: Clone, practice: Practice
) -> None:
    def progress() -> str:
        return workplace.describe_progress(clone.folder, "v0.2")

    assert progress() == "not begun"
    workplace.begin(practice)
    assert progress() == "begun"
    place = Clone(practice.folder)
    place.write({"utils.py": MINE})
    workplace.keep_grade(practice, grade_of(practice, 5))
    assert progress() == "5 of 16"
    # what was graded goes with the folder, and its branch has nothing of it
    shutil.rmtree(practice.folder)
    assert progress() == "begun"
    workplace.begin(practice)
    assert (progress(), workplace.last_unmet(practice)) == ("begun", ("", None))
    place.write({"utils.py": MINE})
    place.commit("Try it")
    workplace.keep_grade(practice, grade_of(practice, 16))
    shutil.rmtree(practice.folder)
    assert progress() == "done"
    workplace.begin(practice)
    assert progress() == "done"
    clone.git("worktree", "remove", "--force", str(practice.folder))
    clone.git("branch", "-D", "practice/v0.2")
    assert progress() == "not begun"
    workplace.begin(practice)
    assert (progress(), workplace.last_unmet(practice)) == ("begun", ("", None))


def test_a_grade_of_files_that_were_begun_by_hand_counts_too(
    clone: Clone, line: StageLine, practice: Practice
) -> None:
    clone.git("checkout", "--quiet", "-b", "my-own", line.stages[0].commit)
    clone.write({"utils.py": MINE})
    workplace.keep_grade(practice._replace(folder=clone.folder), grade_of(practice, 5))
    assert workplace.describe_progress(clone.folder, "v0.2") == "5 of 16"
    clone.commit("Try it")
    clone.git("checkout", "--quiet", "main")
    assert workplace.describe_progress(clone.folder, "v0.2") == "5 of 16"
    clone.git("branch", "-D", "my-own")
    assert workplace.describe_progress(clone.folder, "v0.2") == "not begun"


def test_a_hint_is_for_what_the_last_run_found(
    tour, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace.begin(practice)
    goals = practice.step.goals
    structure = Grade(tuple(Result(goal, State.MET) for goal in goals))
    monkeypatch.setattr("tour.commands.hint.grade_structure", lambda step, trial: structure)
    waiting = (*structure.results[:-1], Result(goals[-1], State.WAITS))
    workplace.keep_grade(practice, structure._replace(results=waiting))
    assert "To run it" in tour(practice.folder, "hint").stdout
    finding = Finding("flack.py", 7, "test_it fails")
    results = (*structure.results[:-1], Result(goals[-1], State.UNMET, finding))
    workplace.keep_grade(practice, structure._replace(results=results))
    assert workplace.describe_progress(practice.main, "v0.2") == "15 of 16"
    hint = tour(practice.folder, "hint").stdout
    assert f"{goals[-1].text}\n  flack.py:7: test_it fails\n" in hint
    assert goals[-1].asks in hint
    assert "\nHint 2 of" in tour(practice.folder, "hint").stdout
    # another failure of the same goal begins with the question, and the same further down does not
    for there, number in (("test_it fails", 2), ("test_other fails", 1)):
        results = (
            *structure.results[:-1],
            Result(goals[-1], State.UNMET, Finding("flack.py", 9, there)),
        )
        workplace.keep_grade(practice, structure._replace(results=results))
        assert f"\nHint {number} of" in tour(practice.folder, "hint").stdout


def test_hints_go_on_while_a_goal_comes_nearer_and_begin_again_at_another_finding(
    tour, practice: Practice
) -> None:
    workplace.begin(practice)
    file = practice.folder / "utils.py"
    names = ["timestamp", "url_for", "tidy", "text_field", "render", "is_public"]

    def hint_with(*there: str) -> str:
        file.write_text("".join(f"def {name}():\n    pass\n\n\n" for name in there))
        return tour(practice.folder, "hint").stdout

    assert "\nHint 1 of" in hint_with(*names[:-1])
    # the same is found again
    assert "\nHint 2 of" in hint_with(*names[:-1])
    # what is not there is another name
    assert "\nHint 1 of" in hint_with(*names[1:])


def test_what_to_type_is_told_for_the_folder_in_which_to_type_it(
    tour, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace.begin(practice)
    monkeypatch.setattr("tour.commands.grade._run", lambda *rest: grade_of(practice, 16))
    monkeypatch.setattr("tour.practice.grading.grade_structure", lambda *rest: Grade(()))
    program = os.path.join("..", "..", ".venv", "bin", "tour")
    printed = tour(practice.main, "grade").stdout
    folder = os.path.join("practice", "v0.2")
    assert f"in {folder} type\n  {program} diff --mine v0.2\n" in printed
    printed = tour(practice.folder, "grade").stdout
    assert f"own stage, type\n  {program} diff --mine v0.2\n" in printed


def test_the_help_of_grade_explains_each_mark(tour, clone: Clone) -> None:
    printed = tour(clone.folder, "grade", "--help").stdout
    assert "\nThe mark before a goal: + met, - not met, . looked at later.\n" in printed
    assert MARKS == {State.MET: "+", State.UNMET: "-", State.WAITS: "."}


def test_list_has_no_column_for_practice_before_there_is_one(tour, clone: Clone) -> None:
    assert "practice" not in tour(clone.folder, "list").stdout


@pytest.mark.usefixtures("at_hand")
def test_a_grade_can_be_collected(tour, clone: Clone) -> None:
    tour(clone.folder, "practice", "v0.2")
    answer = tour(clone.folder, "grade", "v0.2", "--json")
    data = json.loads(answer.stdout)
    assert (answer.returncode, data["stage"], data["met"], data["done"]) == (1, "v0.2", 4, False)
    assert data["goals"][1] == {
        "goal": "utils.py is there",
        "state": "unmet",
        "finding": {"path": "", "line": 0, "sentence": "there is no utils.py"},
    }


@pytest.mark.usefixtures("at_hand")
def test_the_grades_of_a_room_are_one_table(tour, clone: Clone, tmp_path: Path) -> None:
    tour(clone.folder, "practice", "v0.2")
    for name in ("ann", "ben"):
        answer = tour(clone.folder, "grade", "v0.2", "--json")
        # as PowerShell may save it
        tmp_path.joinpath(f"{name}.json").write_text(answer.stdout, encoding="utf-16")
        clone.write({"practice/v0.2/utils.py": MINE})
    table = tour(clone.folder, "grade", "--table", str(tmp_path))
    assert table.returncode == 0
    head, ann, ben = table.stdout.splitlines()
    assert ann.split()[:5] == ["ann", "v0.2", "4", "of", "16"]
    assert ann.endswith("there is no utils.py") and "utils.py:1:" in ben


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '{"goals": [1]}'])
def test_a_file_that_is_no_grade_does_not_hide_the_others(
    tour, clone: Clone, tmp_path: Path, text: str
) -> None:
    tmp_path.joinpath("dan.json").write_text(text)
    grade = {"stage": "v0.2", "met": 4, "total": 16, "goals": []}
    tmp_path.joinpath("eve.json").write_text(json.dumps(grade))
    table = tour(clone.folder, "grade", "--table", str(tmp_path))
    assert table.returncode == 1
    _, dan, eve = table.stdout.splitlines()
    assert dan.split()[:3] == ["dan", "not", "a"] and eve.split()[:2] == ["eve", "v0.2"]


def test_a_table_of_no_folder_is_refused(tour, clone: Clone) -> None:
    refused = tour(clone.folder, "grade", "--table", "gone")
    assert refused.returncode == 2 and "there is no folder gone" in refused.stderr


@pytest.mark.skipif(os.name == "nt", reason="there neither is a folder that is there")
def test_a_table_of_what_cannot_be_a_folder_is_refused(tour, clone: Clone) -> None:
    clone.write({"notes.txt": MINE})
    for name in ("notes.txt", "a" * 300):
        refused = tour(clone.folder, "grade", "--table", name)
        assert refused.returncode == 2
        assert refused.stderr.startswith(f"tour: {name} cannot be read: ")


@pytest.mark.usefixtures("at_hand")
def test_a_watch_grades_anew_when_a_file_is_saved(
    tour, clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    tour(clone.folder, "practice", "v0.2")
    file = clone.folder / "practice" / "v0.2" / "utils.py"
    data = file.with_name("flack.sqlite")
    data.touch()
    steps = iter([lambda: None, lambda: file.write_text(MINE), lambda: data.write_text(MINE)])
    read = []

    def read_folder(folder: Path) -> Files:
        read.append(folder)
        return files.read_folder(folder)

    def wait(seconds: float) -> None:
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr(time, "sleep", wait)
    monkeypatch.setattr("tour.commands.grade.read_folder", read_folder)
    answer = tour(clone.folder, "grade", "v0.2", "--watch")
    # it looks four times
    assert (answer.returncode, len(read)) == (1, 2)
    assert answer.stdout.count("utils.py is there\n") == 2
    assert answer.stdout.count("+ utils.py is there\n") == 1


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize("is_inside", [False, pytest.param(True, marks=NO_CURRENT)])
def test_a_watch_ends_when_the_folder_goes(
    tour, clone: Clone, practice: Practice, monkeypatch: pytest.MonkeyPatch, is_inside: bool
) -> None:
    workplace.begin(practice)
    monkeypatch.setattr(time, "sleep", lambda seconds: shutil.rmtree(practice.folder))
    answer = tour(practice.folder if is_inside else clone.folder, "grade", "v0.2", "--watch")
    assert answer.returncode == 2
    assert answer.stdout.count("utils.py is there\n") == 1
    assert f"the folder {practice.folder} is gone; to begin again:\n" in answer.stderr
    assert (f"\n  cd {clone.folder}\n" in answer.stderr) == is_inside
    assert answer.stderr.endswith("tour practice v0.2\n")


@pytest.mark.usefixtures("at_hand")
def test_a_watch_ends_when_another_branch_is_checked_out(
    tour, clone: Clone, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    tour(clone.folder, "practice", "v0.2", "--here")
    was = clone.git("symbolic-ref", "--short", "HEAD")
    monkeypatch.setattr(time, "sleep", lambda seconds: clone.git("checkout", "--quiet", "main"))
    answer = tour(clone.folder, "grade", "v0.2", "--watch")
    assert answer.returncode == 2
    assert answer.stdout.count("utils.py is there\n") == 1
    assert f"{clone.folder} was on {was}, and is on main now" in answer.stderr

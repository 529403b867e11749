"""Amending a stage: replay, conflicts, what follows a move, publishing, and being killed."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from tour import cli
from tour.amend import session
from tour.amend.replay import ConflictError
from tour.amend.session import LostStepError
from tour.amend.session import Phase
from tour.amend.session import Workspace
from tour.check.junit_report import Counts
from tour.check.phases import Failure
from tour.check.stage_checks import Result
from tour.commands import amend as command
from tour.environments import environment
from tour.repo import git
from tour.stages import rules
from tour.stages import tags
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.system.errors import TourError
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish
from tour.tests.synthetic import stage_files

HELPERS = "".join(
    f"def helper_{name}():\n    return {name!r}\n\n\n" for name in ("one", "two", "six")
)

# the verbs of git that change something
WRITING = {
    *("add", "cherry-pick", "commit-tree", "fast-import", "merge", "rerere", "reset"),
    *("update-index", "update-ref", "worktree", "write-tree"),
}

Tour = Callable[..., str]


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tags of the stages that were checked, all of which are fine."""
    checked: list[str] = []

    def check(repository: Path, chosen: list, settings, report) -> list[Result]:
        checked.extend(stage.tag for stage in chosen)
        return [Result(stage.tag, Counts(1), 100.0, Counts(1), 0.1) for stage in chosen]

    monkeypatch.setattr(command, "check_and_report", check)
    return checked


@pytest.fixture
def tour(
    clone: Clone,
    line: StageLine,
    checked: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    home: Path,
) -> Tour:
    """A function that runs `tour amend` in the clone, asks for its code, and returns its output."""
    home.joinpath(".gitconfig").write_text("[user]\n\tname = M\n\temail = m@flack.invalid\n")
    tags.restore(clone.folder, line)
    monkeypatch.chdir(clone.folder)
    monkeypatch.setattr(environment, "prepare", lambda *arguments: Path(sys.executable))

    def run(*arguments: str, code: int = 0) -> str:
        assert cli.main(["amend", *arguments]) == code
        captured = capsys.readouterr()
        return captured.out + captured.err

    return run


def in_workspace(clone: Clone) -> Clone:
    """Return the worktree of the amendment that is under way."""
    return Clone(Workspace(clone.folder).worktree)


def show(clone: Clone, revision: str) -> str:
    return clone.git("show", revision)


def everything(clone: Clone) -> tuple:
    """Return all that an amendment that is given up must leave alone."""
    return clone.state(), clone.tags()


def saved_in(output: str) -> str:
    """Return the commit that `--abort` names."""
    return output.partition("git show ")[2].split()[0]


def republish(clone: Clone, files: dict[str, dict[str, str]]) -> None:
    """Give the clone another stage line, with these files of its stages."""
    publish(clone, grow_line(clone, files=files), edition=2)
    tags.fix(clone.folder, find_stages(clone.folder))


def test_an_amended_stage_and_the_later_ones_become_the_next_edition(
    clone: Clone, line: StageLine, tour: Tour, checked: list[str]
) -> None:
    tour("v0.2", "--message", "Say more")
    in_workspace(clone).write({"notes.txt": "more\n"})
    output = tour("--continue")
    new = find_stages(clone.folder)
    assert new.edition == 2
    assert [stage.tag for stage in new.stages] == ["v0.1", "v0.2", "v0.3"]
    assert new.stages[0] == line.stages[0]
    assert show(clone, "v0.2:notes.txt") == show(clone, "v0.3:notes.txt") == "more"
    assert show(clone, "edition-1/v0.2^{commit}") == show(clone, line.stages[1].commit)
    assert checked == ["v0.2", "v0.3"]
    assert "+more" in output.replace(" ", "")
    assert clone.git("log", "-1", "--format=%s", "main") == "Say more"


def test_the_history_keeps_its_rules(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    tour("--continue")
    line = find_stages(clone.folder)
    assert rules.find_violations(clone.folder, line, "main") == []
    assert show(clone, "main:README.md") == "# Flack Tour"


def test_author_and_date_are_kept(clone: Clone, line: StageLine, tour: Tour) -> None:
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    tour("--continue")
    form = "--format=%an %ae %ad %B"
    old = clone.git("log", form, line.tip.commit)
    assert clone.git("log", form, "v0.3") == old


def test_the_message_of_a_stage_can_be_amended(clone: Clone, tour: Tour) -> None:
    tour("v0.2")
    workspace = in_workspace(clone)
    workspace.git("commit", "--quiet", "--amend", "-m", "Make it so\n\nThis is why.\n\nStage: v0.2")
    tour("--continue")
    assert clone.git("log", "-1", "--format=%s", "v0.2") == "Make it so"
    assert clone.git("log", "-1", "--format=%s", "v0.3") == "Make v0.3"


def test_the_files_of_main_follow_where_it_is_checked_out(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    tour("--continue")
    assert clone.folder.joinpath("notes.txt").read_text() == "more\n"
    assert clone.git("status", "--porcelain") == ""


def test_main_is_moved_where_it_is_not_checked_out(clone: Clone, tour: Tour) -> None:
    clone.git("checkout", "--quiet", "v0.2")
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    tour("--continue")
    assert show(clone, "main:notes.txt") == "more"
    assert not clone.folder.joinpath("notes.txt").exists()


def test_work_on_main_is_left_alone(clone: Clone, tour: Tour) -> None:
    clone.write({"flack.py": "mine\n", "own.txt": "mine\n"})
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    tour("--continue")
    assert clone.folder.joinpath("flack.py").read_text() == "mine\n"
    assert clone.git("status", "--porcelain").split() == ["M", "flack.py", "??", "own.txt"]


def test_work_on_main_in_the_way_stops_before_anything_moves(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    clone.write({"notes.txt": "mine\n"})
    before = everything(clone)
    assert "stash --include-untracked" in tour("--continue", code=3)
    assert everything(clone) == before
    clone.folder.joinpath("notes.txt").unlink()
    tour("--continue")
    assert show(clone, "main:notes.txt") == "more"


def test_overlay_commits_made_meanwhile_are_kept(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    clone.write({"docs/index.md": "# Pages\n"})
    clone.commit("Add a page")
    tour("--continue")
    assert show(clone, "main:docs/index.md") == "# Pages"


def test_an_edit_of_main_in_a_file_of_the_stages_is_not_lost(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    clone.write({"flack.py": "mine\n"})
    clone.commit("Edit what belongs to the stages")
    before = everything(clone)
    output = tour("--continue", code=3)
    assert "main has an edit of its own in flack.py" in output
    assert everything(clone) == before
    [back] = [line for line in output.splitlines() if "git checkout" in line]
    clone.git(*shlex.split(back)[1:])
    clone.commit("Put it back")
    tour("--continue")
    assert show(clone, "main:notes.txt") == "more"


def test_an_edit_of_main_in_a_file_of_the_stages_is_told_at_the_beginning(
    clone: Clone, tour: Tour
) -> None:
    clone.folder.joinpath("flack.py").unlink()
    clone.commit("Delete what belongs to the stages")
    assert "main has an edit of its own in flack.py" in tour("v0.1", code=3)
    assert Workspace(clone.folder).load() is None


@pytest.mark.parametrize("path", ["docs/index.md", "docs", "docs/index.md/more.txt"])
def test_a_file_of_main_alone_is_not_replaced(clone: Clone, tour: Tour, path: str) -> None:
    clone.write({"docs/index.md": "# Pages\n"})
    clone.commit("Add a page")
    tour("v0.1")
    workspace = in_workspace(clone)
    workspace.write({path: "more\n"})
    before = everything(clone)
    output = tour("--continue", code=3)
    assert "of its own, which would be lost; give the stage's another name" in output
    assert everything(clone) == before
    workspace.git("rm", "--quiet", "--force", path)
    workspace.write({"notes.txt": "more\n"})
    tour("--continue")
    assert show(clone, "main:docs/index.md") == "# Pages"


def test_a_file_that_came_to_main_meanwhile_is_not_replaced(clone: Clone, tour: Tour) -> None:
    tour("v0.3")
    in_workspace(clone).write({"notes.txt": "more\n"})
    session.resume(Workspace(clone.folder), Workspace(clone.folder).load(), print)
    clone.write({"notes.txt": "mine\n"})
    clone.commit("Add notes")
    assert "main has notes.txt of its own" in tour("--continue", code=3)
    assert show(clone, "main:notes.txt") == "mine"


def test_another_line_on_main_meanwhile_is_told(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    publish(clone, grow_line(clone, note=" Other."), edition=2)
    before = everything(clone)
    assert "another stage line" in tour("--continue", code=3)
    assert everything(clone) == before


def test_nothing_edited_is_told(clone: Clone, tour: Tour) -> None:
    tour("v0.2")
    assert "nothing is changed at v0.2" in tour("--continue", code=2)
    in_workspace(clone).write({"notes.txt": "more\n"})
    tour("--continue")
    assert show(clone, "v0.2:notes.txt") == "more"


def test_a_conflict_names_file_reason_and_next_command(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    workspace = in_workspace(clone)
    workspace.write({"flack.py": show(clone, "v0.1:flack.py").replace('b"v0.1"', 'b"one"') + "\n"})
    output = tour("--continue", code=1)
    assert "v0.2 cannot be replayed" in output
    assert "flack.py: the step and the amended stage change the same lines" in output
    assert "amend --continue" in output and "amend --abort" in output


def test_a_merged_conflict_goes_on(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    workspace = in_workspace(clone)
    text = show(clone, "v0.1:flack.py")
    workspace.write({"flack.py": text.replace('b"v0.1"', 'b"one"') + "\n"})
    tour("--continue", code=1)
    workspace.write({"flack.py": text.replace('b"v0.1"', 'b"two"') + "\n"})
    tour("--continue", code=1)
    workspace.write({"flack.py": text.replace('b"v0.1"', 'b"three"') + "\n"})
    tour("--continue")
    greetings = [show(clone, f"{tag}:flack.py") for tag in ("v0.1", "v0.2", "v0.3")]
    assert ['b"one"' in greetings[0], 'b"two"' in greetings[1], 'b"three"' in greetings[2]] == [
        True
    ] * 3
    assert clone.git("log", "-1", "--format=%B", "v0.2").endswith("Stage: v0.2")


def test_marks_that_are_left_are_told(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    text = show(clone, "v0.1:flack.py")
    in_workspace(clone).write({"flack.py": text.replace('b"v0.1"', 'b"one"') + "\n"})
    tour("--continue", code=1)
    assert "marks of a conflict" in tour("--continue", code=3)
    assert "marks of a conflict" in tour("--continue", code=3)


def test_a_conflict_that_the_maintainer_committed_goes_on(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    workspace = in_workspace(clone)
    text = show(clone, "v0.1:flack.py")
    workspace.write({"flack.py": text.replace('b"v0.1"', 'b"one"') + "\n"})
    tour("--continue", code=1)
    workspace.write({"flack.py": text.replace('b"v0.1"', 'b"two"') + "\n"})
    workspace.git("add", "flack.py")
    workspace.git("-c", "core.editor=true", "cherry-pick", "--continue")
    tour("--continue", code=1)
    assert 'b"two"' in workspace.git("show", "HEAD:flack.py")


def test_what_was_merged_once_is_remembered(clone: Clone, tour: Tour) -> None:
    for _ in range(2):
        tour("v0.2")
        workspace = in_workspace(clone)
        text = show(clone, "v0.2:flack.py")
        workspace.write({"flack.py": text.replace('b"v0.2"', 'b"two"') + "\n"})
        try:
            tour("--continue", code=1)
        except AssertionError:
            # the second time git needs nobody
            break
        workspace.write({"flack.py": text.replace('b"v0.2"', 'b"three"') + "\n"})
        workspace.git("add", "flack.py")
        # replayed as far as to be remembered, and then given up
        session.resume(Workspace(clone.folder), Workspace(clone.folder).load(), print)
        tour("--abort")
    assert 'b"three"' in show(clone, "v0.3:flack.py")


def test_an_edit_follows_its_lines_to_another_file(clone: Clone, tour: Tour) -> None:
    stage = {"flack.py": f"{HELPERS}last = True\n"}
    moved = {"flack.py": "last = True\n", "utils.py": HELPERS}
    republish(clone, {"v0.1": stage, "v0.2": moved, "v0.3": moved})
    tour("v0.1")
    in_workspace(clone).write({"flack.py": stage["flack.py"].replace("'two'", "'better'")})
    output = tour("--continue")
    assert "flack.py:6, as edited, goes to utils.py:6" in output
    assert "'better'" in show(clone, "v0.3:utils.py")
    assert "'better'" not in show(clone, "v0.3:flack.py")


def test_an_edit_of_a_line_that_the_step_edits_is_for_the_maintainer(
    clone: Clone, tour: Tour
) -> None:
    changed = HELPERS.replace("return 'two'", "return 'two of three'")
    moved = {"flack.py": "last = True\n", "utils.py": changed}
    start = {"flack.py": f"{HELPERS}last = True\n"}
    republish(clone, {"v0.1": start, "v0.2": moved, "v0.3": moved})
    tour("v0.1")
    in_workspace(clone).write({"flack.py": f"{HELPERS.replace('two', 'better')}last = True\n"})
    output = tour("--continue", code=1)
    assert "line 6 of flack.py goes to line 6 of utils.py; edit it there, too" in output


def test_what_can_follow_does_where_another_file_is_for_the_maintainer(
    clone: Clone, tour: Tour
) -> None:
    moved = {"flack.py": "last = True\n", "utils.py": HELPERS, "tests.py": "two = 2\n"}
    start = {"flack.py": f"{HELPERS}last = True\n", "tests.py": "one = 1\n"}
    republish(clone, {"v0.1": start, "v0.2": moved, "v0.3": moved})
    tour("v0.1")
    workspace = in_workspace(clone)
    workspace.write(
        {"flack.py": f"{HELPERS.replace('two', 'better')}last = True\n", "tests.py": "1\n"}
    )
    output = tour("--continue", code=1)
    assert "flack.py:5, as edited, goes to utils.py:5" in output
    assert "tests.py: the step and the amended stage change the same lines" in output
    assert "flack.py: the step" not in output
    workspace.write({"tests.py": "2\n"})
    assert "replayed v0.2" in tour("--continue")
    assert "'better'" in show(clone, "v0.3:utils.py")
    assert show(clone, "v0.3:tests.py") == "2"


def test_an_edit_follows_into_a_file_that_is_for_the_maintainer(clone: Clone, tour: Tour) -> None:
    start = {"flack.py": f"{HELPERS}last = True\n", "utils.py": "first = 1\n"}
    moved = {"flack.py": "last = True\n", "utils.py": f"first = 2\n\n\n{HELPERS}"}
    republish(clone, {"v0.1": start, "v0.2": moved, "v0.3": moved})
    tour("v0.1")
    workspace = in_workspace(clone)
    better = HELPERS.replace("two", "better")
    workspace.write({"flack.py": f"{better}last = True\n", "utils.py": "first = 3\n"})
    output = tour("--continue", code=1)
    assert "flack.py:5, as edited, goes to utils.py:8" in output
    assert "utils.py: the step" in output
    assert better in workspace.folder.joinpath("utils.py").read_text()


def test_lines_that_git_sees_no_conflict_in_wait_for_the_maintainer(
    clone: Clone, tour: Tour
) -> None:
    start = {"flack.py": "import os\nlast = True\n", "utils.py": "first = 1\n"}
    moved = {"flack.py": "last = True\n", "utils.py": "import os\nfirst = 1\n"}
    republish(clone, {"v0.1": start, "v0.2": moved, "v0.3": moved})
    tour("v0.1")
    workspace = in_workspace(clone)
    workspace.write({"flack.py": "last = True\n"})
    output = tour("--continue", code=1)
    assert "line 1 of flack.py goes to line 1 of utils.py; edit it there, too" in output
    workspace.write({"utils.py": "first = 1\n"})
    tour("--continue")
    assert show(clone, "v0.3:utils.py") == "first = 1"
    assert clone.git("log", "-1", "--format=%s", "v0.2") == "Make v0.2"


def test_what_is_remembered_of_a_merge_does_not_keep_an_edit_from_following(
    clone: Clone, tour: Tour
) -> None:
    # rerere had noted that the step removes the lines, and nothing of where they go
    start = {"flack.py": f"{HELPERS}last = True\n"}
    moved = {"flack.py": "last = True\n", "utils.py": HELPERS}
    republish(clone, {"v0.1": start, "v0.2": moved, "v0.3": moved})
    for _ in range(2):
        tour("v0.1")
        in_workspace(clone).write({"flack.py": f"{HELPERS.replace('two', 'better')}last = True\n"})
        session.resume(Workspace(clone.folder), Workspace(clone.folder).load(), print)
        commit = Workspace(clone.folder).load().done[-1]
        assert "'better'" in show(clone, f"{commit}:utils.py")
        tour("--abort")


def test_a_worktree_that_was_deleted_is_made_anew(clone: Clone, tour: Tour) -> None:
    tour("v0.2")
    shutil.rmtree(Workspace(clone.folder).worktree)
    assert "run this again" in " ".join(tour("--continue", code=3).split())
    tour("--continue")
    in_workspace(clone).write({"notes.txt": "more\n"})
    tour("--continue")
    assert show(clone, "v0.2:notes.txt") == "more"


def test_a_folder_that_is_no_worktree_any_more_does_not_lead_to_the_clone_itself(
    clone: Clone, tour: Tour
) -> None:
    clone.write({"flack.py": "mine\n", "own.txt": "mine\n"})
    before = everything(clone)
    tour("v0.2")
    Workspace(clone.folder).worktree.joinpath(".git").unlink()
    tour("--continue", code=3)
    assert everything(clone) == before
    tour("--abort")
    assert everything(clone) == before


def test_a_branch_that_is_checked_out_in_the_worktree_stays(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    workspace = in_workspace(clone)
    workspace.git("checkout", "--quiet", "-b", "feature")
    before = clone.git("rev-parse", "feature")
    workspace.write({"notes.txt": "more\n"})
    tour("--continue")
    assert clone.git("rev-parse", "feature") == before
    assert show(clone, "v0.3:notes.txt") == "more"


def test_another_stage_checked_out_in_the_worktree_is_not_taken_for_the_open_one(
    clone: Clone, tour: Tour
) -> None:
    tour("v0.1")
    in_workspace(clone).git("checkout", "--quiet", "v0.3")
    assert "v0.3 is checked out in the worktree, where v0.1 is open" in tour("--continue", code=3)


def test_a_worktree_of_the_maintainers_that_is_away_is_not_forgotten(
    clone: Clone, tour: Tour, tmp_path: Path
) -> None:
    clone.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "disk"), "v0.1")
    tmp_path.joinpath("disk").rename(tmp_path / "away")
    tour("v0.1")
    tour("--abort")
    tmp_path.joinpath("away").rename(tmp_path / "disk")
    assert Clone(tmp_path / "disk").git("status", "--porcelain") == ""


def test_bytes_that_are_not_text_stay_as_they_are(clone: Clone, tour: Tour) -> None:
    start = {"flack.py": f"{HELPERS}last = True\n", "data.bin": "x"}
    moved = {"flack.py": "last = True\n", "utils.py": HELPERS, "data.bin": "x"}
    republish(clone, {"v0.1": start, "v0.2": moved, "v0.3": moved})
    tour("v0.1")
    workspace = in_workspace(clone)
    workspace.write({"flack.py": f"{HELPERS.replace('two', 'better')}last = True\n"})
    workspace.folder.joinpath("data.bin").write_bytes(b"\x00\xff\r\n\x80")
    tour("--continue")
    blobs = {clone.git("rev-parse", f"{tag}:data.bin") for tag in ("v0.1", "v0.2", "v0.3")}
    assert len(blobs) == 1
    assert "'better'" in show(clone, "v0.3:utils.py")


def test_crlf_of_an_editor_is_lf_in_the_stages_and_told(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    workspace = in_workspace(clone)
    flack = workspace.folder.joinpath("flack.py")
    flack.write_bytes(flack.read_bytes().replace(b"import os\n", b"import io\nimport os\n"))
    flack.write_bytes(flack.read_bytes().replace(b"\n", b"\r\n"))
    output = tour("--continue")
    assert "flack.py: its CRLF line ends are LF now" in output
    assert clone.git("diff", "edition-1/v0.3", "v0.3").count("\n+") == 2
    assert b"\r" not in git.run_bytes(clone.folder, "show", "v0.3:flack.py")


def test_crlf_of_an_editor_is_lf_in_a_stage_that_is_added(clone: Clone, tour: Tour) -> None:
    tour("v0.4", "--add", "Tasks", "--message", "Add tasks\n\nThey wait.")
    in_workspace(clone).folder.joinpath("tasks.py").write_bytes(b"tasks = []\r\n")
    assert "tasks.py: its CRLF line ends are LF now" in tour("--continue")
    assert git.run_bytes(clone.folder, "show", "v0.4:tasks.py") == b"tasks = []\n"


def test_a_file_that_one_side_has_deleted_waits_for_the_maintainer(
    clone: Clone, tour: Tour
) -> None:
    tour("v0.1")
    workspace = in_workspace(clone)
    workspace.folder.joinpath("tests.py").unlink()
    output = tour("--continue", code=1)
    assert "tests.py: the step changes or moves it" in output
    assert "rm tests.py" in output and "git marked" not in output
    assert "Choose whether to keep it" in tour("--continue", code=3)
    workspace.git("rm", "--quiet", "tests.py")
    tour("--continue", code=1)
    assert "tests.py" not in workspace.git("ls-tree", "--name-only", "HEAD").split()


@pytest.mark.parametrize("wanted", ["ours", "theirs"])
def test_a_binary_file_that_both_sides_change_waits_for_the_maintainer(
    clone: Clone, tour: Tour, wanted: str
) -> None:
    republish(clone, {tag: {"logo": f"\0{tag}\n"} for tag in ("v0.1", "v0.2", "v0.3")})
    tour("v0.2")
    workspace = in_workspace(clone)
    workspace.write({"logo": "\0ours\n"})
    output = tour("--continue", code=1)
    assert "git marked" not in output
    told = "logo: the step and the amended stage change it, and it is binary"
    assert told in output and told in tour("--continue", code=3)
    theirs, take = (line.strip() for line in output.splitlines() if line.endswith(" logo"))
    for command_line in [theirs, take] if wanted == "theirs" else [take]:
        subprocess.run(shlex.split(command_line), check=True, capture_output=True)
    tour("--continue")
    assert show(clone, "v0.3:logo") == {"ours": "\0ours", "theirs": "\0v0.3"}[wanted]


def test_a_file_that_both_sides_rename_waits_for_the_maintainer(clone: Clone, tour: Tour) -> None:
    moved = {"in/one.py": HELPERS}
    republish(clone, {"v0.1": {"one.py": HELPERS}, "v0.2": moved, "v0.3": moved})
    tour("v0.1")
    workspace = in_workspace(clone)
    workspace.git("mv", "one.py", "uno.py")
    output = tour("--continue", code=1)
    assert "one.py: the step and the amended stage each rename it\nTake it away, with" in output
    # of what is told, the choice for the new name of the step
    workspace.git("rm", "--quiet", "one.py", "uno.py")
    workspace.git("add", "in/one.py")
    tour("--continue")
    assert show(clone, "v0.1:uno.py") == show(clone, "v0.3:in/one.py")


def test_a_message_without_its_trailer_is_told_before_anything_is_replayed(
    clone: Clone, tour: Tour
) -> None:
    tour("v0.2")
    workspace = in_workspace(clone)
    workspace.git("commit", "--quiet", "--amend", "-m", "Make it so\n\nThis is why.")
    assert "commit --amend" in tour("--continue", code=3)
    workspace.git("commit", "--quiet", "--amend", "-m", "Make it so\n\nThis is why.\n\nStage: v0.2")
    tour("--continue")
    assert clone.git("log", "-1", "--format=%s", "v0.2") == "Make it so"


def test_an_environment_in_the_worktree_stays_out(clone: Clone, tour: Tour) -> None:
    tour("v0.2")
    in_workspace(clone).write({"env/pyvenv.cfg": "", "env/bin/python": "", ".vscode/x.json": ""})
    in_workspace(clone).write({"notes.txt": "more\n"})
    tour("--continue")
    assert "notes.txt" in clone.git("ls-tree", "-r", "--name-only", "v0.3")
    assert clone.git("ls-tree", "v0.3", "env", ".vscode") == ""


def test_what_the_maintainer_ignores_everywhere_stays_out(
    clone: Clone, tour: Tour, home: Path
) -> None:
    home.joinpath("ignored").write_text("*.private\n")
    configuration = home / ".gitconfig"
    configuration.write_text(f"{configuration.read_text()}[core]\n\texcludesFile = ~/ignored\n")
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n", "notes.private": "mine\n"})
    tour("--continue")
    assert "notes.private" not in clone.git("ls-tree", "--name-only", "v0.1").split()


def test_the_amendment_goes_on_from_inside_its_worktree(
    clone: Clone, tour: Tour, monkeypatch: pytest.MonkeyPatch
) -> None:
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    monkeypatch.chdir(Workspace(clone.folder).worktree)
    assert "v0.1 is open" in tour()
    monkeypatch.chdir(clone.folder)
    tour("--continue")


def test_the_amendment_is_the_clones_wherever_it_is_typed(
    clone: Clone, tour: Tour, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone.git("worktree", "add", "--quiet", "practice/v0.2", "v0.1")
    monkeypatch.chdir(clone.folder / "practice" / "v0.2")
    output = tour("v0.1")
    program = os.path.join("..", "..", ".venv", "Scripts" if os.name == "nt" else "bin", "tour")
    assert f"  {program} amend --continue\n" in output
    in_workspace(clone).write({"notes.txt": "more\n"})
    monkeypatch.chdir(clone.folder)
    tour("--continue")
    assert show(clone, "v0.1:notes.txt") == "more"


def test_a_state_that_cannot_be_read_is_told(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    Workspace(clone.folder).file.write_text("{")
    for arguments in ((), ("--continue",), ("--abort",)):
        assert "is not as it was written" in tour(*arguments, code=3)


def test_a_new_file_does_not_silently_stay_where_others_leave(clone: Clone, tour: Tour) -> None:
    modules = {"one.py": HELPERS, "two.py": HELPERS.upper(), "six.py": HELPERS.title()}
    package = {f"in/{path}": text for path, text in modules.items()}
    republish(clone, {"v0.1": modules, "v0.2": package, "v0.3": package})
    tour("v0.1")
    in_workspace(clone).write({"my new.py": "new = True\n"})
    output = tour("--continue", code=1)
    [move] = [line for line in output.splitlines() if " mv " in line]
    subprocess.run(shlex.split(move), check=True)
    tour("--continue")
    assert show(clone, "v0.1:my new.py") == show(clone, "v0.3:in/my new.py") == "new = True"
    assert "my new.py" not in clone.git("ls-tree", "--name-only", "v0.3").splitlines()


def test_a_new_file_does_not_silently_stay_at_a_step_that_was_merged(
    clone: Clone, tour: Tour
) -> None:
    modules = {"one.py": HELPERS, "two.py": HELPERS.upper(), "six.py": HELPERS.title()}
    package = {f"in/{path}": text for path, text in modules.items()}
    republish(clone, {"v0.1": modules, "v0.2": package, "v0.3": package})
    tour("v0.1")
    workspace = in_workspace(clone)
    text = show(clone, "v0.1:flack.py").replace('b"v0.1"', 'b"one"') + "\n"
    workspace.write({"new.py": "new = True\n", "flack.py": text})
    assert " mv " not in tour("--continue", code=1)
    workspace.write({"flack.py": text})
    assert "mv new.py in/new.py" in tour("--continue", code=1)
    workspace.git("mv", "new.py", "in/new.py")
    tour("--continue", code=1)
    workspace.write({"flack.py": text.replace("one", "two")})
    tour("--continue")
    assert show(clone, "v0.2:in/new.py") == show(clone, "v0.3:in/new.py") == "new = True"


def stop_in_conflict(clone: Clone) -> Workspace:
    """Amend v0.1 so that v0.2, which edits three lines, stops over one of them."""
    tags.restore(clone.folder, find_stages(clone.folder))
    workspace = Workspace(edited(clone).folder)
    with pytest.raises(ConflictError):
        session.resume(workspace, workspace.load(), print)
    return workspace


def type_in(clone: Clone, commands: str) -> None:
    """Type commands of git, one a line, in the worktree of the amendment."""
    for words in commands.splitlines():
        in_workspace(clone).git(*shlex.split(words))


@pytest.mark.parametrize(
    "commands",
    [
        "reset --quiet --hard",
        "reset --quiet --hard\ncommit --quiet --allow-empty -C v0.2",
        "cherry-pick --abort",
        "cherry-pick --skip",
        "cherry-pick --quit\nreset --quiet --hard",
        "checkout --quiet --force --detach HEAD",
        "read-tree --reset -u HEAD",
        "restore --source HEAD --staged --worktree .",
        "checkout HEAD -- .",
        "add .\nstash --quiet",
        "checkout --ours flack.py\ncheckout HEAD README.md tests.py\nadd .",
        # with what git remembers now, it would not ask again
        "checkout --ours flack.py\ncheckout HEAD README.md tests.py\nadd .\n"
        "-c core.editor=true commit --quiet --allow-empty",
    ],
)
def test_a_step_that_was_reset_away_is_replayed_anew(clone: Clone, commands: str) -> None:
    workspace = stop_in_conflict(clone)
    before = workspace.load()
    type_in(clone, commands)
    told: list[str] = []
    with pytest.raises(ConflictError):
        session.resume(workspace, workspace.load(), told.append)
    assert told[0].startswith("v0.2 would change nothing, and its step changes 3 lines")
    assert workspace.load() == before
    assert "<<<<<<<" in workspace.worktree.joinpath("flack.py").read_text()


@pytest.mark.parametrize(
    "commands",
    [
        "rm --quiet -rf .",
        "checkout --quiet v0.1 -- .",
        "restore --quiet --source v0.1 --staged --worktree .",
        "checkout --quiet --force --detach v0.1\nreset --quiet --soft HEAD@{1}",
        "checkout --ours flack.py\ncheckout HEAD README.md",
        "checkout --ours flack.py\ncheckout HEAD README.md\nadd .\ncommit --quiet -C v0.2",
    ],
)
def test_a_stage_that_keeps_little_of_its_step_is_refused(clone: Clone, commands: str) -> None:
    workspace = stop_in_conflict(clone)
    before = workspace.load()
    type_in(clone, commands)
    status = in_workspace(clone).git("diff", "HEAD")
    with pytest.raises(LostStepError, match="v0.2 would keep [01] of the 3 lines"):
        session.resume(workspace, before, print)
    assert workspace.load() == before
    assert in_workspace(clone).git("diff", "HEAD") == status


@pytest.mark.parametrize(
    "commands",
    [
        "reset --quiet --hard HEAD^",
        "checkout --quiet --detach HEAD^",
        "restore --source HEAD^ --staged --worktree .",
        "read-tree --reset -u HEAD^",
        "rm --quiet -rf .",
        "revert --no-edit HEAD",
        "checkout --quiet HEAD^ README.md tests.py",
    ],
)
def test_an_open_stage_that_was_taken_back_is_refused(
    clone: Clone, line: StageLine, commands: str
) -> None:
    workspace = Workspace(clone.folder)
    before = session.begin(workspace, line, line.stages[1], "", print)
    type_in(clone, commands)
    with pytest.raises(LostStepError, match="^v0.2"):
        session.resume(workspace, workspace.load(), print)
    assert workspace.load() == before


def test_all_files_of_the_first_stage_deleted_is_refused(clone: Clone, line: StageLine) -> None:
    workspace = Workspace(clone.folder)
    session.begin(workspace, line, line.stages[0], "", print)
    type_in(clone, "rm --quiet -rf .")
    with pytest.raises(LostStepError, match="v0.1 would change nothing"):
        session.resume(workspace, workspace.load(), print)


def test_what_is_told_of_a_lost_step_begins_it_anew(clone: Clone, tour: Tour) -> None:
    stop_in_conflict(clone)
    type_in(clone, "checkout --ours flack.py\ncheckout HEAD README.md")
    output = tour("--continue", code=1)
    assert "v0.2 would keep 1 of the 3 lines" in output
    [again] = [line for line in output.splitlines() if "git -C" in line]
    subprocess.run(shlex.split(again), check=True, capture_output=True)
    assert "flack.py: the step and the amended stage" in tour("--continue", code=1)


def test_who_checked_out_another_stage_in_a_conflict_is_led_back_to_it(clone: Clone) -> None:
    workspace = stop_in_conflict(clone)
    type_in(clone, "checkout --quiet --force v0.3")
    with pytest.raises(TourError, match="go back with") as told:
        session.resume(workspace, workspace.load(), print)
    [back] = [line for line in str(told.value).splitlines() if "git -C" in line]
    subprocess.run(shlex.split(back), check=True, capture_output=True)
    with pytest.raises(ConflictError):
        session.resume(workspace, workspace.load(), print)


def test_a_step_may_become_smaller_when_that_is_asked_for(clone: Clone, tour: Tour) -> None:
    tour("v0.3")
    type_in(clone, "checkout HEAD^ README.md tests.py")
    output = tour("--continue", code=1)
    assert "amend --continue --smaller-step v0.3" in output
    tour("--continue", "--smaller-step", "v0.3")
    assert clone.git("diff", "--name-only", "v0.2", "v0.3") == "flack.py"


def test_no_step_may_become_empty(clone: Clone, tour: Tour) -> None:
    tour("v0.2")
    type_in(clone, "reset --quiet --hard HEAD^")
    output = tour("--continue", "--smaller-step", "v0.2", code=1)
    assert "v0.2 would change nothing" in output
    assert "--smaller-step" not in output


@pytest.mark.parametrize("arguments", [("v0.2",), ("--abort",), ()])
def test_a_smaller_step_that_would_be_passed_over_is_refused(
    tour: Tour, arguments: tuple[str, ...]
) -> None:
    assert "goes with --continue" in tour(*arguments, "--smaller-step", "v0.2", code=2)


def test_a_smaller_step_to_no_stage_is_refused(tour: Tour) -> None:
    tour("v0.2")
    assert "no stage v0.9" in tour("--continue", "--smaller-step", "v0.9", code=2)


def test_an_earlier_stage_that_takes_a_whole_step_leaves_it_no_stage(
    clone: Clone, tour: Tour
) -> None:
    tour("v0.1")
    type_in(clone, "checkout v0.2 -- .")
    assert "v0.2 would change nothing" in tour("--continue", code=1)
    # the earlier stage is opened as ever, and gives a part back
    tour("v0.1")
    type_in(clone, "checkout v0.1 -- README.md tests.py")
    assert "replayed v0.2" in tour("--continue")
    assert clone.git("diff", "--name-only", "v0.1", "v0.2").split() == ["README.md", "tests.py"]


def test_a_line_that_lost_a_step_in_any_way_is_not_published(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    workspace = Workspace(clone.folder)
    in_workspace(clone).write({"notes.txt": "more\n"})
    session.resume(workspace, workspace.load(), print)
    amendment = workspace.load()
    message = "Make v0.3\n\nIt is next.\n\nStage: v0.3"
    tree = clone.git("rev-parse", f"{amendment.done[1]}^{{tree}}")
    amendment.done[2] = clone.git("commit-tree", tree, "-p", amendment.done[1], "-m", message)
    workspace.save(amendment)
    before = everything(clone)
    assert "amend v0.3" in tour("--continue", code=1)
    assert everything(clone) == before


def test_a_step_that_a_rewrite_empties_is_refused(clone: Clone) -> None:
    files = stage_files("v0.1") | {"requirements.txt": "Flask==3.1.3\n"}
    republish(clone, {"v0.2": files})
    line = find_stages(clone.folder)
    workspace = Workspace(clone.folder)
    with pytest.raises(LostStepError, match="v0.2 would change nothing"):
        session.begin_rewrite(
            workspace, line, "requirements.txt", lambda text: "Flask==3.1.4\n", ""
        )


def test_a_stage_that_fails_its_check_is_not_published(
    clone: Clone, tour: Tour, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(repository: Path, chosen: list, settings, report) -> list[Result]:
        bad = show(clone, f"{chosen[-1].commit}:notes.txt") == "bad"
        failures = (Failure("tests", "ended with 1"),) if bad else ()
        results = [Result(stage.tag, Counts(1), 100.0, Counts(1), 0.1) for stage in chosen]
        return [*results[:-1], results[-1]._replace(failures=failures)]

    monkeypatch.setattr(command, "check_and_report", check)
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "bad\n"})
    before = everything(clone)
    assert "amend v0.3" in tour("--continue", code=1)
    assert everything(clone) == before
    tour("v0.3")
    in_workspace(clone).write({"notes.txt": "good\n"})
    tour("--continue")
    assert show(clone, "v0.2:notes.txt") == "bad"
    assert show(clone, "v0.3:notes.txt") == "good"
    assert find_stages(clone.folder).edition == 2


def test_two_stages_are_amended_in_one_edition(clone: Clone, tour: Tour) -> None:
    tour("v0.3")
    in_workspace(clone).write({"last.txt": "last\n"})
    tour("v0.1")
    in_workspace(clone).write({"first.txt": "first\n"})
    tour("--continue")
    assert show(clone, "v0.3:first.txt") == "first"
    assert show(clone, "v0.3:last.txt") == "last"
    assert find_stages(clone.folder).edition == 2


def test_giving_up_leaves_everything_as_it_was(clone: Clone, tour: Tour) -> None:
    before = everything(clone)
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    output = tour("--abort")
    assert everything(clone) == before
    assert not Workspace(clone.folder).worktree.exists()
    assert show(clone, f"{saved_in(output)}:notes.txt") == "more"


def test_giving_up_names_what_was_amended_before(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    tour("v0.2")
    kept = saved_in(tour("--abort"))
    assert show(clone, f"{kept}:notes.txt") == "more"


def test_giving_up_what_was_not_edited_names_nothing(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    assert "git show" not in tour("--abort")


def test_the_message_can_come_last(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    tour("--continue", "--message", "Say more")
    assert clone.git("log", "-1", "--format=%s", "main") == "Say more"


def test_what_comes_next_is_told(clone: Clone, tour: Tour) -> None:
    tour("v0.1")
    assert "v0.1 is open" in tour()
    workspace = in_workspace(clone)
    workspace.write({"flack.py": show(clone, "v0.1:flack.py").replace('b"v0.1"', 'b"one"') + "\n"})
    tour("--continue", code=1)
    assert "v0.2 waits for you to merge" in tour()


@pytest.mark.parametrize("option", ["--continue", "--abort", "--requirements"])
def test_a_tag_that_would_be_passed_over_is_refused(clone: Clone, tour: Tour, option: str) -> None:
    assert "leave it out" in tour("v0.1", option, code=2)


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (("--message", "Say more"), "a TAG or --continue"),
        (("--abort", "--message", "Say more"), "a TAG or --continue"),
        (("--add", "Tasks"), "the TAG of the new stage"),
    ],
)
def test_an_option_that_would_be_passed_over_is_refused(
    clone: Clone, tour: Tour, arguments: tuple[str, ...], needed: str
) -> None:
    tour("v0.1")
    assert f"goes with {needed}; add" in tour(*arguments, code=2)
    assert "v0.1 is open" in tour()


def test_giving_up_in_a_conflict_leaves_everything_as_it_was(clone: Clone, tour: Tour) -> None:
    before = everything(clone)
    tour("v0.1")
    text = show(clone, "v0.1:flack.py")
    in_workspace(clone).write({"flack.py": text.replace('b"v0.1"', 'b"one"') + "\n"})
    tour("--continue", code=1)
    tour("--abort")
    assert everything(clone) == before


def test_a_stage_can_be_added(clone: Clone, line: StageLine, tour: Tour) -> None:
    message = "Move the tasks to tasks.py\n\nThey can wait."
    tour("v0.4", "--add", "Tasks to tasks.py", "--message", message)
    in_workspace(clone).write({"tasks.py": "tasks = []\n"})
    tour("--continue")
    new = find_stages(clone.folder)
    assert new.stages[:3] == line.stages
    assert (new.tip.tag, new.tip.title, new.edition) == ("v0.4", "Tasks to tasks.py", 1)
    assert clone.git("log", "-1", "--format=%s", "v0.4") == "Move the tasks to tasks.py"
    assert rules.find_violations(clone.folder, new, "main") == []


def test_a_stage_that_is_added_and_changes_nothing_is_refused(clone: Clone, tour: Tour) -> None:
    tour("v0.4", "--add", "Tasks", "--message", "Add tasks\n\nThey wait.")
    before = everything(clone)
    assert "v0.4 would change nothing." in tour("--continue", code=1)
    assert everything(clone) == before


@pytest.mark.parametrize(
    ("tag", "message", "words"),
    [
        ("v0.3", "Again\n\nWhy.", "already"),
        ("v 0.4", "More\n\nWhy.", "can be no tag"),
        ("v0.4", "More", "says nothing below its subject"),
        ("v0.4", "", "--message"),
    ],
)
def test_a_stage_that_could_not_be_published_is_not_begun(
    clone: Clone, tour: Tour, tag: str, message: str, words: str
) -> None:
    assert words in tour(tag, "--add", "More", "--message", message, code=2)
    assert Workspace(clone.folder).load() is None


def test_a_stage_that_is_added_and_fails_its_check_can_be_opened_again(
    clone: Clone, tour: Tour, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = [Result("v0.4", Counts(0, 1), 0, Counts(1), 0.1, (Failure("tests", "ended with 1"),))]
    tour("v0.4", "--add", "Tasks", "--message", "Add tasks\n\nThey wait.")
    in_workspace(clone).write({"tasks.py": "bad = True\n"})
    with monkeypatch.context() as patch:
        patch.setattr(command, "check_and_report", lambda *arguments: failed)
        assert "amend v0.4" in tour("--continue", code=1)
    tour("v0.4")
    in_workspace(clone).write({"tasks.py": "tasks = []\n"})
    tour("--continue")
    assert show(clone, "v0.4:tasks.py") == "tasks = []"
    assert len(find_stages(clone.folder).stages) == 4


def test_pins_move_in_all_stages_at_once(
    clone: Clone, tour: Tour, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "# ours\nFlask==3.0.0\n\n# what those need in turn\nJinja2==3.0\n"
    pinned = {"requirements.txt": text}
    republish(clone, {tag: pinned for tag in ("v0.1", "v0.2", "v0.3")})
    monkeypatch.setattr(command, "_resolve", lambda *arguments: "flask==3.1.3\njinja2==3.1.6\n")
    before = find_stages(clone.folder)
    tour("--requirements")
    expected = "# ours\nFlask==3.1.3\n\n# what those need in turn\nJinja2==3.1.6"
    assert [show(clone, f"{tag}:requirements.txt") for tag in ("v0.1", "v0.2", "v0.3")] == [
        expected
    ] * 3
    assert clone.git("diff", "--name-only", before.tip.commit, "v0.3") == "requirements.txt"
    assert "nothing is to be done" in tour("--requirements", code=2)


def test_without_an_amendment_there_is_nothing_to_continue(clone: Clone, tour: Tour) -> None:
    for option in ("--continue", "--abort"):
        assert "no amendment is under way" in tour(option, code=2)


def test_what_was_killed_before_it_made_the_tags_is_only_continued(
    clone: Clone, tour: Tour, monkeypatch: pytest.MonkeyPatch
) -> None:
    tour("v0.1")
    in_workspace(clone).write({"notes.txt": "more\n"})
    with monkeypatch.context() as patch:
        patch.setattr(tags, "fix", Mock(side_effect=KeyboardInterrupt))
        tour("--continue", code=cli.INTERRUPTED)
    assert "its tags are to be made" in tour()
    for arguments in (["--abort"], ["v0.2"]):
        assert "the new line is on main already" in tour(*arguments, code=2)
    tour("--continue")
    assert show(clone, "v0.2:notes.txt") == "more"


def edited(clone: Clone) -> Clone:
    """Open v0.1 and edit it: a new file, and a line that conflicts in v0.2 and v0.3."""
    line = find_stages(clone.folder)
    session.begin(Workspace(clone.folder), line, line.stages[0], "", print)
    text = show(clone, "v0.1:flack.py").replace('b"v0.1"', 'b"one"')
    in_workspace(clone).write({"flack.py": text, "notes.txt": "more\n"})
    return clone


def finish(clone: Clone) -> None:
    """Bring an amendment to its end from wherever it is, as a maintainer does."""
    workspace = Workspace(clone.folder)
    while amendment := workspace.load():
        try:
            if amendment.phase is Phase.OPEN:
                edited(clone)
            else:
                session.resume(workspace, amendment, print)
                session.publish_line(workspace, amendment)
        except ConflictError as error:
            text = show(clone, f"{error.tag}:flack.py").replace(f'b"{error.tag}"', 'b"one"')
            in_workspace(clone).write({"flack.py": text})


def trees(clone: Clone) -> list[str]:
    return [clone.git("rev-parse", f"{tag}^{{tree}}") for tag in ("v0.1", "v0.2", "v0.3")]


def amend_and_put_aside(
    clone: Clone, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, ...]]:
    """Amend the clone, and put what it is before or after each writing call of git aside.

    Return the calls; the folder has for each, by its number from 0, what a kill would have left.
    """
    run_git = git.run_bytes
    calls: list[tuple[str, ...]] = []

    def put_aside() -> None:
        shutil.copytree(clone.folder, folder / str(len(calls)), symlinks=True)

    def run(repository: Path, *arguments: str, **options) -> bytes:
        # what only reads leaves nothing half done
        if not WRITING.intersection(arguments):
            return run_git(repository, *arguments, **options)
        after = len(calls) % 2 == 0
        try:
            if not after:
                put_aside()
            return run_git(repository, *arguments, **options)
        finally:
            # whether it succeeds or fails
            if after:
                put_aside()
            calls.append(arguments)

    with monkeypatch.context() as patch:
        patch.setattr(git, "run_bytes", run)
        finish(edited(clone))
    return calls


def test_an_amendment_that_is_killed_anywhere_can_be_continued_or_given_up(
    clone: Clone, line: StageLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags.restore(clone.folder, line)
    state, kept_tags = everything(clone)
    workspace = Workspace(clone.folder)
    calls = amend_and_put_aside(clone, tmp_path / "aside", monkeypatch)
    expected = trees(clone)
    assert len(calls) > 20
    for index, call in enumerate(calls):
        # in its old place, which the worktree is bound to
        shutil.rmtree(clone.folder)
        tmp_path.joinpath("aside", str(index)).rename(clone.folder)
        # before the first step is written down there is nothing to go on with
        published = find_stages(clone.folder).edition == 2
        if index % 3 == 0 and not published and workspace.load():
            session.save_edits(workspace, workspace.load())
            workspace.clear()
            assert clone.state()[:3] == state[:3], call
            assert clone.tags() == kept_tags, call
        elif workspace.load():
            finish(clone)
            assert trees(clone) == expected, call
            assert find_stages(clone.folder).edition == 2
        else:
            assert clone.state() == state or published
        assert clone.git("fsck", "--no-dangling", "--no-progress") == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")
def test_an_amendment_ends_well_after_a_real_kill(clone: Clone, line: StageLine) -> None:
    tags.restore(clone.folder, line)
    edited(clone)
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from tour.amend import session\n"
        "workspace = session.Workspace(Path(sys.argv[1]))\n"
        "die = lambda line: os.kill(os.getpid(), signal.SIGKILL)\n"
        "session.resume(workspace, workspace.load(), die)\n"
    )
    text = show(clone, "v0.1:flack.py")
    in_workspace(clone).write({"flack.py": text + "\n"})
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    killed = subprocess.run([sys.executable, "-c", script, str(clone.folder)], env=environment)
    assert killed.returncode == -signal.SIGKILL
    finish(clone)
    assert show(clone, "v0.3:notes.txt") == "more"
    assert find_stages(clone.folder).edition == 2

"""Moving between commits with work at hand: nothing of the learner's is ever lost."""

import os
import subprocess
from pathlib import Path

import pytest

from tour.go import checkout
from tour.repo import git
from tour.repo import worktree
from tour.repo.worktree import InTheWayError
from tour.stages import tags
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.system.errors import NotWritableError
from tour.system.errors import TourError
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

V3 = "refs/tags/v0.3"


@pytest.fixture(autouse=True)
def plain_home(home: Path) -> None:
    """A learner who has told git nothing."""
    home.joinpath(".gitconfig").write_text("")


@pytest.fixture
def learner(clone: Clone, line: StageLine) -> Clone:
    """A learner's clone at v0.2, with its tags."""
    tags.restore(clone.folder, line)
    clone.git("checkout", "--quiet", "v0.2")
    return clone


def read(learner: Clone, revision: str) -> str:
    return learner.git("show", revision)


def test_a_clean_checkout_saves_nothing(learner: Clone) -> None:
    assert checkout.check_out(learner.folder, V3, "v0.2") is None
    assert learner.git("rev-parse", "HEAD") == learner.git("rev-parse", "v0.3^{commit}")
    assert learner.git("branch", "--list", "mine/*") == ""


def test_changed_new_and_deleted_files_are_saved(learner: Clone) -> None:
    learner.write({"flack.py": "mine\n", "new/file.py": "new\n"})
    learner.folder.joinpath("setup.cfg").unlink()
    assert checkout.check_out(learner.folder, V3, "v0.2") == "mine/v0.2"
    assert read(learner, "mine/v0.2:flack.py") == "mine"
    assert read(learner, "mine/v0.2:new/file.py") == "new"
    assert "setup.cfg" not in learner.git("ls-tree", "--name-only", "mine/v0.2")
    assert learner.git("rev-parse", "mine/v0.2^") == learner.git("rev-parse", "v0.2^{commit}")
    assert learner.git("status", "--porcelain") == ""
    assert not learner.folder.joinpath("new").exists()


def test_staged_and_unstaged_versions_of_a_file_are_both_saved(learner: Clone) -> None:
    learner.write({"flack.py": "staged\n"})
    learner.git("add", "flack.py")
    learner.write({"flack.py": "not staged\n"})
    checkout.check_out(learner.folder, V3, "v0.2")
    assert read(learner, "mine/v0.2~1:flack.py") == "staged"
    assert read(learner, "mine/v0.2:flack.py") == "not staged"


def test_what_is_staged_and_taken_back_in_the_file_is_saved(learner: Clone) -> None:
    before = learner.folder.joinpath("flack.py").read_text()
    learner.write({"flack.py": "staged\n"})
    learner.git("add", "flack.py")
    learner.write({"flack.py": before})
    checkout.check_out(learner.folder, V3, "v0.2")
    assert read(learner, "mine/v0.2~1:flack.py") == "staged"
    assert read(learner, "mine/v0.2:flack.py") == before.strip()


def test_an_ignored_file_that_is_staged_is_saved(learner: Clone) -> None:
    learner.write({"__pycache__/notes": "mine\n"})
    learner.git("add", "--force", "__pycache__/notes")
    checkout.check_out(learner.folder, V3, "v0.2")
    assert read(learner, "mine/v0.2:__pycache__/notes") == "mine"


def test_a_change_that_git_was_told_not_to_look_at_is_saved(learner: Clone) -> None:
    learner.git("update-index", "--assume-unchanged", "flack.py")
    learner.write({"flack.py": "mine\n"})
    checkout.check_out(learner.folder, V3, "v0.2")
    assert read(learner, "mine/v0.2:flack.py") == "mine"


def test_a_file_that_the_other_stage_has_too_is_saved(clone: Clone, line: StageLine) -> None:
    tip = grow_line(clone, files={"v0.3": {"helpers.py": "theirs\n"}})
    publish(clone, tip, edition=2)
    tags.fix(clone.folder, find_stages(clone.folder))
    clone.git("checkout", "--quiet", "v0.2")
    clone.write({"helpers.py": "mine\n"})
    checkout.check_out(clone.folder, V3, "v0.2")
    assert read(clone, "mine/v0.2:helpers.py") == "mine"
    assert clone.folder.joinpath("helpers.py").read_text() == "theirs\n"


def test_a_file_that_the_other_stage_deletes_is_saved(clone: Clone, line: StageLine) -> None:
    tip = grow_line(clone, files={"v0.1": {"helpers.py": "theirs\n"}})
    publish(clone, tip, edition=2)
    tags.fix(clone.folder, find_stages(clone.folder))
    clone.git("checkout", "--quiet", "v0.1")
    clone.write({"helpers.py": "mine\n"})
    checkout.check_out(clone.folder, V3, "v0.1")
    assert read(clone, "mine/v0.1:helpers.py") == "mine"
    assert not clone.folder.joinpath("helpers.py").exists()


@pytest.mark.parametrize("path", ["cache", "cache/file", "cache/deep/file"])
def test_an_ignored_file_in_the_place_of_a_stages_is_left(
    clone: Clone, line: StageLine, path: str
) -> None:
    early = {".gitignore": "cache\n"}
    files = {"v0.2": early, "v0.3": {"cache/file": "theirs\n"}}
    if path == "cache/deep/file":
        files["v0.3"] = {"cache/deep": "theirs\n"}
    publish(clone, grow_line(clone, files=files), edition=2)
    tags.fix(clone.folder, find_stages(clone.folder))
    clone.git("checkout", "--quiet", "v0.2")
    clone.write({path: "mine\n", "flack.py": "mine\n"})
    before = clone.state()
    with pytest.raises(InTheWayError, match=path):
        checkout.check_out(clone.folder, V3, "v0.2")
    assert clone.folder.joinpath(path).read_text() == "mine\n"
    assert clone.state() == before


def test_an_ignored_file_stays_where_it_is(learner: Clone) -> None:
    learner.write({"__pycache__/notes": "mine\n"})
    checkout.check_out(learner.folder, V3, "v0.2")
    assert learner.folder.joinpath("__pycache__/notes").read_text() == "mine\n"


def test_commits_on_no_branch_get_one(learner: Clone) -> None:
    learner.write({"flack.py": "mine\n"})
    commit = learner.commit("Try something")
    assert checkout.check_out(learner.folder, V3, "v0.2") == "mine/v0.2"
    assert learner.git("rev-parse", "mine/v0.2") == commit


def test_commits_that_only_a_stash_holds_get_a_branch(learner: Clone) -> None:
    learner.write({"flack.py": "mine\n"})
    commit = learner.commit("Try something")
    learner.write({"flack.py": "stashed\n"})
    learner.git("stash", "--quiet")
    checkout.check_out(learner.folder, V3, "v0.2")
    assert learner.git("rev-parse", "mine/v0.2") == commit


def test_a_branch_that_the_learner_made_does_not_move(learner: Clone) -> None:
    learner.git("checkout", "--quiet", "-b", "try")
    commit = learner.git("rev-parse", "try")
    learner.write({"flack.py": "mine\n"})
    assert checkout.check_out(learner.folder, V3, "v0.2") == "mine/v0.2"
    assert learner.git("rev-parse", "try") == commit


def test_a_branch_of_the_learners_with_the_name_is_left(learner: Clone) -> None:
    learner.git("checkout", "--quiet", "-b", "mine/v0.2")
    commit = learner.git("rev-parse", "HEAD")
    learner.write({"flack.py": "mine\n"})
    assert checkout.check_out(learner.folder, V3, "v0.2") == "mine/v0.2-2"
    assert learner.git("rev-parse", "mine/v0.2") == commit


def test_work_on_a_saved_branch_goes_on_there(learner: Clone) -> None:
    learner.write({"flack.py": "first\n"})
    checkout.check_out(learner.folder, V3, "v0.2")
    checkout.check_out(learner.folder, "refs/heads/mine/v0.2", "v0.3")
    learner.write({"flack.py": "second\n"})
    assert checkout.check_out(learner.folder, V3, "v0.2") == "mine/v0.2"
    assert read(learner, "mine/v0.2~1:flack.py") == "first"
    assert read(learner, "mine/v0.2:flack.py") == "second"


def test_other_work_at_the_stage_gets_another_branch(learner: Clone) -> None:
    for text in ("first", "second"):
        learner.write({"flack.py": f"{text}\n"})
        checkout.check_out(learner.folder, V3, "v0.2")
        checkout.check_out(learner.folder, "refs/tags/v0.2", "v0.3")
    assert read(learner, "mine/v0.2:flack.py") == "first"
    assert read(learner, "mine/v0.2-2:flack.py") == "second"
    assert set(worktree.saved_branches(learner.folder, "v0.2")) == {"mine/v0.2", "mine/v0.2-2"}


def test_a_branch_named_mine_is_told(learner: Clone) -> None:
    learner.git("branch", "mine")
    learner.write({"flack.py": "mine\n"})
    before = learner.state()
    with pytest.raises(InTheWayError, match="git branch -m mine"):
        checkout.check_out(learner.folder, V3, "v0.2")
    assert learner.state() == before


def test_a_branch_below_the_name_is_told_from_it(learner: Clone) -> None:
    learner.git("branch", "mine/v0.2/own")
    learner.write({"flack.py": "mine\n"})
    assert checkout.check_out(learner.folder, V3, "v0.2") == "mine/v0.2-2"


def test_a_file_whose_name_is_no_text_is_saved(learner: Clone) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    learner.folder.joinpath(name).write_text("mine\n")
    assert checkout.check_out(learner.folder, V3, "v0.2") == "mine/v0.2"
    checkout.check_out(learner.folder, "refs/heads/mine/v0.2", "v0.3")
    assert learner.folder.joinpath(name).read_text() == "mine\n"


def test_a_repository_inside_that_was_added_stops_no_move(learner: Clone) -> None:
    inside = Clone(learner.folder / "inside")
    inside.folder.mkdir()
    inside.git("init", "--quiet")
    inside.write({"notes.txt": "mine\n"})
    inside.commit("Note")
    learner.git("add", "inside")
    for target in (V3, "refs/heads/mine/v0.2", V3):
        checkout.check_out(learner.folder, target, "v0.2")
    assert inside.folder.joinpath("notes.txt").read_text() == "mine\n"


def test_the_branch_before_is_found_again(learner: Clone) -> None:
    learner.write({"flack.py": "mine\n"})
    checkout.check_out(learner.folder, V3, "v0.2")
    assert worktree.last_checkout(learner.folder) == "refs/heads/mine/v0.2"


def start(*arguments: str):
    def run(clone: Clone) -> None:
        with pytest.raises(subprocess.CalledProcessError):
            clone.git(*arguments)

    return run


@pytest.mark.parametrize(
    ("begin", "advice"),
    [
        (start("merge", "side"), "git merge --abort"),
        (start("rebase", "side"), "git rebase --abort"),
        (start("cherry-pick", "side"), "git cherry-pick --abort"),
        (start("stash", "apply"), "git add FILE"),
    ],
)
def test_nothing_is_done_in_the_middle_of_something(learner: Clone, begin, advice: str) -> None:
    learner.git("checkout", "--quiet", "-b", "side")
    learner.write({"flack.py": "side\n"})
    learner.commit("Take one side")
    learner.git("checkout", "--quiet", "-b", "other", "v0.2")
    learner.write({"flack.py": "stashed\n"})
    learner.git("stash", "--quiet")
    learner.write({"flack.py": "other\n"})
    learner.commit("Take the other side")
    begin(learner)
    before = learner.state()
    with pytest.raises(TourError, match=advice):
        checkout.check_out(learner.folder, V3, "v0.2")
    assert learner.state() == before


def test_patches_that_are_being_applied_are_told_in_their_own_words(learner: Clone) -> None:
    learner.write({"flack.py": "one\n"})
    learner.commit("One")
    learner.write({"flack.py": "two\n"})
    learner.commit("Two")
    patch = learner.folder / "two.patch"
    patch.write_text(learner.git("format-patch", "--stdout", "-1") + "\n\n")
    learner.git("checkout", "--quiet", "v0.1")
    with pytest.raises(subprocess.CalledProcessError):
        learner.git("am", str(patch))
    with pytest.raises(TourError, match="git am --abort"):
        checkout.check_out(learner.folder, V3, "v0.1")


def test_a_tag_that_is_called_as_a_branch_is_not_taken_for_it(learner: Clone) -> None:
    learner.git("tag", "main", "v0.1")
    learner.git("checkout", "--quiet", "main", "--")
    assert worktree.current_branch(learner.folder) == "main"
    checkout.check_out(learner.folder, V3, "main")
    assert worktree.last_checkout(learner.folder) == "refs/heads/main"


def test_a_branch_without_a_commit_is_told(learner: Clone) -> None:
    learner.git("checkout", "--quiet", "--orphan", "empty")
    with pytest.raises(TourError, match="no commit yet"):
        checkout.check_out(learner.folder, V3, "v0.2")


def test_a_hook_of_the_learners_does_not_stop_the_tour(learner: Clone) -> None:
    hook = learner.folder / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    checkout.check_out(learner.folder, V3, "v0.2")
    assert learner.git("status", "--porcelain") == ""


def test_a_bisection_is_not_cut_short(learner: Clone) -> None:
    learner.git("bisect", "start", "v0.3", "v0.1")
    with pytest.raises(TourError, match="git bisect reset"):
        checkout.check_out(learner.folder, V3, "v0.2")


def test_a_linked_worktree_has_its_own_place(learner: Clone, tmp_path: Path) -> None:
    learner.write({"flack.py": "first\n"})
    checkout.check_out(learner.folder, V3, "v0.2")
    linked = Clone(tmp_path / "linked")
    learner.git("worktree", "add", "--quiet", "--detach", str(linked.folder), "v0.2")
    linked.write({"flack.py": "linked\n"})
    assert checkout.check_out(linked.folder, V3, "v0.2") == "mine/v0.2-2"
    assert read(learner, "mine/v0.2-2:flack.py") == "linked"
    assert learner.git("status", "--porcelain") == ""


def test_the_lines_of_a_file_end_as_the_learner_has_them(
    clone: Clone, line: StageLine, home: Path
) -> None:
    home.joinpath(".gitconfig").write_text("[core]\n\tautocrlf = true\n")
    tags.restore(clone.folder, line)
    checkout.check_out(clone.folder, "refs/tags/v0.2", "main")
    clone.folder.joinpath("flack.py").write_bytes(b"mine\r\n")
    assert checkout.check_out(clone.folder, V3, "v0.2") == "mine/v0.2"
    changed = clone.git("diff", "--name-only", "v0.2", "mine/v0.2").split()
    assert changed == ["flack.py"]
    assert clone.folder.joinpath("flack.py").read_bytes().endswith(b"\r\n")


def test_line_ends_that_git_would_refuse_are_saved(learner: Clone, home: Path) -> None:
    home.joinpath(".gitconfig").write_text("[core]\n\tautocrlf = true\n\tsafecrlf = true\n")
    assert checkout.check_out(learner.folder, "refs/tags/v0.1", "v0.2") is None
    learner.folder.joinpath("flack.py").write_bytes(b"mine\n")
    checkout.check_out(learner.folder, V3, "v0.1")
    assert read(learner, "mine/v0.1:flack.py") == "mine"


def test_a_repository_inside_is_left_in_its_place(learner: Clone) -> None:
    inside = learner.folder / "inside"
    inside.mkdir()
    nested = Clone(inside)
    nested.git("init", "--quiet")
    nested.write({"notes.txt": "mine\n"})
    nested.commit("Note")
    checkout.check_out(learner.folder, V3, "v0.2")
    assert inside.joinpath("notes.txt").read_text() == "mine\n"


@pytest.mark.parametrize("verb", ["write-tree", "add", "commit-tree", "update-ref", "read-tree"])
def test_work_is_left_where_the_repository_may_not_be_written_to(
    learner: Clone, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    learner.write({"flack.py": "mine\n"})
    files_before = learner.folder.joinpath("flack.py").read_text()
    head = learner.git("rev-parse", "HEAD")
    run_git = git.run_bytes

    # the system lets root, who runs this in CI, write everywhere
    def refuse(repository: Path, *arguments: str, **options) -> bytes:
        if arguments[0] == verb:
            raise NotWritableError
        return run_git(repository, *arguments, **options)

    monkeypatch.setattr(git, "run_bytes", refuse)
    with pytest.raises(NotWritableError, match="clone it into a folder of your own"):
        checkout.check_out(learner.folder, V3, "v0.2")
    assert learner.folder.joinpath("flack.py").read_text() == files_before
    assert learner.git("rev-parse", "HEAD") == head


@pytest.mark.parametrize("setting", ["true", "false"])
def test_line_ends_that_git_is_told_to_write_otherwise_are_no_work(
    learner: Clone, setting: str
) -> None:
    learner.git("config", "core.autocrlf", "true" if setting == "false" else "false")
    checkout.check_out(learner.folder, "refs/tags/v0.1", "v0.2")
    learner.git("config", "core.autocrlf", setting)
    learner.write({"notes.txt": "mine\n"})
    checkout.check_out(learner.folder, V3, "v0.1")
    assert learner.git("diff", "--name-only", "v0.1", "mine/v0.1") == "notes.txt"
    assert learner.git("status", "--porcelain") == ""
    ends = b"\r\n" if setting == "true" else b"\n"
    assert learner.folder.joinpath("flack.py").read_bytes().splitlines(True)[0].endswith(ends)

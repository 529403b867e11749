"""The verbs that check something out, as a learner types them."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tour import cli
from tour.environments import environment
from tour.stages.line import find_stages
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

Tour = Callable[..., str]


@pytest.fixture
def learner(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, home: Path
) -> Callable[..., str]:
    """A function that runs a verb in the clone, asks for its exit code, and returns its output."""
    home.joinpath(".gitconfig").write_text("")
    monkeypatch.chdir(clone.folder)
    monkeypatch.setattr(environment, "prepare", lambda *arguments: Path(sys.executable))

    def run(*arguments: str, code: int = 0) -> str:
        assert cli.main(list(arguments)) == code
        captured = capsys.readouterr()
        return captured.out if code == 0 else captured.err

    return run


def head(clone: Clone) -> str:
    return clone.git("describe", "--tags", "--exact-match")


def test_a_stage_is_checked_out_by_its_tag(clone: Clone, learner: Tour) -> None:
    assert "You are at v0.1, Make v0.1" in learner("go", "v0.1")
    assert head(clone) == "v0.1"


def test_the_v_may_be_left_out(clone: Clone, learner: Tour) -> None:
    learner("go", "0.2")
    assert head(clone) == "v0.2"


def test_next_and_prev_are_the_neighbours(clone: Clone, learner: Tour) -> None:
    learner("go", "v0.1")
    learner("next")
    assert head(clone) == "v0.2"
    learner("prev")
    assert head(clone) == "v0.1"


@pytest.mark.parametrize(
    ("tag", "verb", "end"), [("v0.1", "prev", "first"), ("v0.3", "next", "last")]
)
def test_the_line_has_ends(clone: Clone, learner: Tour, tag: str, verb: str, end: str) -> None:
    learner("go", tag)
    assert f"{tag} is the {end} stage" in learner(verb, code=2)
    assert head(clone) == tag


def test_from_main_the_neighbours_are_those_of_the_newest_stage(
    clone: Clone, learner: Tour
) -> None:
    learner("prev")
    assert head(clone) == "v0.2"


def test_saved_work_is_named_and_offered_again(clone: Clone, learner: Tour) -> None:
    learner("go", "v0.2")
    clone.write({"notes.txt": "mine\n"})
    assert "saved on the branch mine/v0.2" in learner("next")
    assert "go mine/v0.2" in learner("go", "v0.2")
    assert "notes.txt" not in clone.git("ls-files")
    learner("go", "mine/v0.2")
    assert "notes.txt" in clone.git("ls-files")


def test_back_brings_the_work_back(clone: Clone, learner: Tour) -> None:
    learner("go", "v0.2")
    clone.write({"notes.txt": "mine\n"})
    learner("next")
    learner("back")
    assert clone.git("symbolic-ref", "--short", "HEAD") == "mine/v0.2"
    learner("back")
    assert head(clone) == "v0.3"


def test_back_leads_to_main_and_to_stages(clone: Clone, learner: Tour) -> None:
    learner("go", "v0.2")
    learner("back")
    assert clone.git("symbolic-ref", "--short", "HEAD") == "main"
    learner("back")
    assert head(clone) == "v0.2"


def test_there_may_be_nowhere_to_go_back_to(clone: Clone, learner: Tour, tmp_path: Path) -> None:
    clone.git("reflog", "expire", "--expire=all", "--all")
    assert "nowhere to go back to" in learner("back", code=2)


def test_work_on_main_is_saved_under_its_name(clone: Clone, learner: Tour) -> None:
    clone.write({"notes.txt": "mine\n"})
    assert "mine/main" in learner("go", "v0.2")
    learner("go", "main")
    assert not clone.folder.joinpath("notes.txt").exists()


def test_the_next_stage_after_ones_own_commits_is_the_next_stage(
    clone: Clone, learner: Tour
) -> None:
    learner("go", "v0.1")
    clone.git("checkout", "--quiet", "-b", "try")
    clone.write({"notes.txt": "mine\n"})
    clone.commit("Try")
    learner("next")
    assert head(clone) == "v0.2"


def test_the_next_stage_after_one_of_an_older_edition_is_of_this_edition(
    clone: Clone, learner: Tour
) -> None:
    learner("go", "v0.1")
    old = clone.git("rev-parse", "HEAD")
    clone.git("checkout", "--quiet", "main")
    publish(clone, grow_line(clone, note=" Better."), edition=2)
    clone.git("checkout", "--quiet", "--detach", old)
    assert "stale" in learner("next")
    line = find_stages(clone.folder)
    assert clone.git("rev-parse", "HEAD") == line.stages[1].commit


def test_a_branch_of_the_learners_with_a_stages_name_is_not_taken_for_it(
    clone: Clone, learner: Tour
) -> None:
    clone.git("branch", "v0.2", "main")
    learner("go", "v0.2")
    assert clone.git("rev-parse", "HEAD") == find_stages(clone.folder).stages[1].commit


def test_a_branch_of_the_learners_can_be_gone_to(clone: Clone, learner: Tour) -> None:
    clone.git("branch", "my-models", "main")
    learner("go", "v0.2")
    learner("go", "my-models")
    assert clone.git("symbolic-ref", "--short", "HEAD") == "my-models"


def test_the_learners_name_may_come_from_the_environment(
    clone: Clone, learner: Tour, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner("go", "v0.2")
    clone.write({"notes.txt": "mine\n"})
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ann@flack.invalid")
    learner("next")
    assert clone.git("log", "-1", "--format=%an", "mine/v0.2") == "Ann"


def test_main_may_be_the_origins_alone(clone: Clone, learner: Tour) -> None:
    learner("tags")
    clone.git("update-ref", "refs/remotes/origin/main", "main")
    clone.git("remote", "add", "origin", str(clone.folder))
    clone.git("checkout", "--quiet", "v0.1")
    clone.git("branch", "--quiet", "-D", "main")
    learner("go", "main")
    assert clone.git("symbolic-ref", "--short", "HEAD") == "main"


@pytest.mark.parametrize("target", ["v0.9", "mine/v0.2", "nonsense", "", "mine", "mine/", "ma*"])
def test_an_unknown_target_is_refused(clone: Clone, learner: Tour, target: str) -> None:
    clone.git("branch", "mine/v0.1")
    before = clone.state()
    assert "there is no" in learner("go", target, code=2)
    assert clone.state() == before

"""A checkout that fails or is killed half way: the files are as they were, and nobody's work."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tour.go import checkout
from tour.repo import git
from tour.stages import tags
from tour.stages.line import find_stages
from tour.system.errors import DiskFullError
from tour.system.errors import TourError
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

V3 = "refs/tags/v0.3"

# files of the one stage and of the next, which take each other's places
OLD = {"old.txt": "old\n", "models": "old\n", "flack.py": "old\n"}
NEW = {"new/deep.txt": "new\n", "models/user.py": "new\n", "flack.py": "new\n"}


class KilledError(BaseException):
    """Nothing after it runs, as after SIGKILL."""


@pytest.fixture
def learner(clone: Clone, home: Path) -> Clone:
    """A learner's clone at v0.2, with work in it; v0.3 changes, adds and deletes files."""
    home.joinpath(".gitconfig").write_text("")
    publish(clone, grow_line(clone, files={"v0.2": OLD, "v0.3": NEW}), edition=1)
    tags.fix(clone.folder, find_stages(clone.folder))
    clone.git("checkout", "--quiet", "v0.2")
    clone.write({"notes.txt": "mine\n"})
    return clone


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that lets git's next checkout do something else, and raise an error after it."""
    run_git = git.run_bytes

    def arrange(do: Callable[..., None], error: BaseException | None) -> None:
        def run(repository: Path, *arguments: str, **options) -> bytes:
            if arguments[0] != "checkout":
                return run_git(repository, *arguments, **options)
            monkeypatch.setattr(git, "run_bytes", run_git)
            do(repository, *arguments, **options)
            if error:
                raise error
            return b""

        monkeypatch.setattr(git, "run_bytes", run)

    return arrange


def switch_half(repository: Path, *arguments: str, **options) -> None:
    """Delete, change and add files, the last of them in part."""
    repository.joinpath("old.txt").unlink()
    repository.joinpath("models").unlink()
    repository.joinpath("models").mkdir()
    repository.joinpath("flack.py").write_text("new\n")
    repository.joinpath("models", "user.py").write_text("new\n")
    repository.joinpath("new").mkdir()
    repository.joinpath("new", "deep.txt").write_text("ne")


def leave_one_undeleted(repository: Path, *arguments: str, **options) -> None:
    git.run_bytes(repository, *arguments, **options)
    repository.joinpath("old.txt").write_text("old\n")


def leave_one_unwritten(repository: Path, *arguments: str, **options) -> None:
    git.run_bytes(repository, *arguments, **options)
    repository.joinpath("flack.py").write_text("old\n")


def assert_undone(learner: Clone) -> None:
    assert learner.git("status", "--porcelain", "--branch") == "## mine/v0.2"
    assert learner.git("diff", "--name-only", "v0.2", "mine/v0.2") == "notes.txt"
    assert not learner.folder.joinpath("new").exists()


@pytest.mark.parametrize(
    ("do", "error"),
    [
        (switch_half, DiskFullError()),
        (leave_one_undeleted, None),
        (leave_one_unwritten, None),
    ],
)
def test_a_checkout_that_fails_is_undone(learner: Clone, fail, do, error) -> None:
    fail(do, error)
    with pytest.raises(TourError, match="your files are as they were"):
        checkout.check_out(learner.folder, V3, "v0.2")
    assert_undone(learner)
    assert checkout.recover(learner.folder) is None


def test_an_interrupted_checkout_is_undone(learner: Clone, fail) -> None:
    fail(switch_half, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        checkout.check_out(learner.folder, V3, "v0.2")
    assert_undone(learner)


def test_the_file_that_cannot_be_deleted_is_named(learner: Clone, fail) -> None:
    fail(leave_one_undeleted, None)
    with pytest.raises(TourError, match="cannot be written or deleted: old.txt"):
        checkout.check_out(learner.folder, V3, "v0.2")


@pytest.fixture
def half_way(learner: Clone, fail) -> Clone:
    """The learner's clone after a run that was killed in the middle of its checkout."""
    fail(switch_half, KilledError())
    with pytest.raises(KilledError):
        checkout.check_out(learner.folder, V3, "v0.2")
    return learner


def test_a_checkout_that_was_killed_is_undone_by_the_next_run(half_way: Clone) -> None:
    assert checkout.recover(half_way.folder) == half_way.git("rev-parse", "mine/v0.2")
    assert_undone(half_way)


def test_a_file_that_could_not_be_put_back_whole_is_put_back_later(half_way: Clone) -> None:
    # as where the disk is full
    half_way.write({"old.txt": "ol"})
    checkout.recover(half_way.folder)
    assert_undone(half_way)


def test_what_was_changed_after_a_killed_checkout_is_work(half_way: Clone) -> None:
    half_way.write({"flack.py": "mine\n"})
    checkout.recover(half_way.folder)
    assert half_way.git("status", "--porcelain") == "M flack.py"
    assert half_way.folder.joinpath("flack.py").read_text() == "mine\n"


@pytest.mark.parametrize(
    ("path", "place"), [("models/mine.py", "models"), ("old.txt/mine.py", "old.txt")]
)
def test_what_was_made_in_the_place_of_a_file_after_a_killed_checkout_is_left(
    half_way: Clone, path: str, place: str
) -> None:
    half_way.write({path: "mine\n"})
    with pytest.raises(TourError, match=f"cannot be undone now: .*: {place}"):
        checkout.recover(half_way.folder)
    assert half_way.folder.joinpath(path).read_text() == "mine\n"


def test_a_checkout_that_was_killed_at_its_end_stays(learner: Clone, fail) -> None:
    run_git = git.run_bytes
    fail(run_git, KilledError())
    with pytest.raises(KilledError):
        checkout.check_out(learner.folder, V3, "v0.2")
    assert checkout.recover(learner.folder) is None
    assert learner.git("describe", "--tags", "--exact-match") == "v0.3"
    assert learner.git("status", "--porcelain") == ""


def test_a_killed_checkout_leaves_a_learner_alone_who_has_gone_on(half_way: Clone) -> None:
    half_way.git("checkout", "--quiet", "--force", "v0.1")
    checkout.recover(half_way.folder)
    assert half_way.git("rev-parse", "HEAD") == half_way.git("rev-parse", "v0.1^{commit}")
    assert half_way.git("status", "--porcelain") == ""


def test_a_killed_checkout_is_undone_below_a_commit_of_the_learners(half_way: Clone) -> None:
    half_way.git("commit", "--quiet", "--amend", "--message", "Say it better")
    checkout.recover(half_way.folder)
    assert half_way.git("log", "-1", "--format=%s") == "Say it better"
    assert_undone(half_way)


def test_one_that_cannot_be_undone_is_told_and_undone_later(
    learner: Clone, fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise DiskFullError

    fail(leave_one_undeleted, None)
    with monkeypatch.context() as patch:
        patch.setattr(checkout, "_undo", refuse)
        with pytest.raises(TourError, match="half done.*\n.*\n.*\n  git restore --source="):
            checkout.check_out(learner.folder, V3, "v0.2")
    assert checkout.recover(learner.folder) == learner.git("rev-parse", "mine/v0.2")
    assert_undone(learner)


def test_a_partial_clone_without_its_origin_stays_as_it_is(learner: Clone, tmp_path: Path) -> None:
    learner.git("config", "uploadpack.allowFilter", "true")
    learner.git("checkout", "--quiet", "--force", "v0.1")
    partial = Clone(tmp_path / "partial")
    source = f"file://{learner.folder}"
    learner.git("clone", "--quiet", "--filter=blob:none", source, str(partial.folder))
    learner.folder.rename(tmp_path / "away")
    before = partial.state()
    with pytest.raises(TourError, match="your files are as they were: this is a partial clone"):
        checkout.check_out(partial.folder, V3, "v0.1")
    assert partial.state() == before
    with pytest.raises(TourError, match="without --filter"):
        git.run(partial.folder, "show", "v0.3:flack.py")

"""What git does not track: work is saved, and what is in use stays in place."""

from pathlib import Path

import pytest

from tour.go import checkout
from tour.repo import untracked
from tour.repo.worktree import InTheWayError
from tour.stages import tags
from tour.stages.line import StageLine
from tour.tests.synthetic import Clone

V3 = "refs/tags/v0.3"


@pytest.fixture
def learner(clone: Clone, line: StageLine, home: Path) -> Clone:
    """A learner's clone at v0.2, with its tags."""
    home.joinpath(".gitconfig").write_text("")
    tags.restore(clone.folder, line)
    clone.git("checkout", "--quiet", "v0.2")
    return clone


# a file of each, and the place that is told
NOT_WORK = {
    "env/pyvenv.cfg": "env/",
    "my env/pyvenv.cfg": "my env/",
    "deep/er/venv2/pyvenv.cfg": "deep/er/venv2/",
    "conda/conda-meta/history": "conda/",
    ".idea/workspace.xml": ".idea/",
    ".vscode/settings.json": ".vscode/",
    "flack.code-workspace": "flack.code-workspace",
    ".flack.py.swp": ".flack.py.swp",
    "flack.py~": "flack.py~",
    "deep/.DS_Store": "deep/.DS_Store",
    "Thumbs.db": "Thumbs.db",
    ".env": ".env",
    ".python-version": ".python-version",
}


def test_what_is_no_work_stays_and_gets_no_branch(learner: Clone) -> None:
    learner.write(dict.fromkeys(NOT_WORK, "in use\n"))
    assert untracked.find(learner.folder) == ([], sorted(NOT_WORK.values()))
    assert checkout.check_out(learner.folder, V3, "v0.2") is None
    assert all(learner.folder.joinpath(path).exists() for path in NOT_WORK)
    assert learner.git("branch", "--list", "mine/*") == ""


def test_all_of_an_environment_stays_while_work_beside_it_is_saved(learner: Clone) -> None:
    environment = {f"env/{path}": "in use\n" for path in ("pyvenv.cfg", "bin/python", "notes.txt")}
    learner.write(environment | {"models.py": "mine\n", "flack.py": "mine\n"})
    checkout.check_out(learner.folder, V3, "v0.2")
    saved = learner.git("diff", "--name-only", "v0.2", "mine/v0.2").split()
    assert saved == ["flack.py", "models.py"]
    assert all(learner.folder.joinpath(path).exists() for path in environment)


def test_a_link_to_an_environment_stays(learner: Clone, tmp_path: Path) -> None:
    tmp_path.joinpath("elsewhere").mkdir()
    tmp_path.joinpath("elsewhere", "pyvenv.cfg").touch()
    learner.folder.joinpath("env").symlink_to(tmp_path / "elsewhere")
    assert checkout.check_out(learner.folder, V3, "v0.2") is None
    assert learner.folder.joinpath("env").is_symlink()


def test_an_environment_made_in_the_top_folder_stays_and_work_beside_it_is_saved(
    learner: Clone,
) -> None:
    learner.write({"pyvenv.cfg": "", "bin/python": "in use\n", "lib/site.py": "in use\n"})
    learner.write({"models.py": "mine\n"})
    assert untracked.find(learner.folder) == (["models.py"], ["bin/", "lib/", "pyvenv.cfg"])


@pytest.mark.parametrize("has_a_commit", [True, False])
def test_another_repository_stays_and_gets_no_branch(learner: Clone, has_a_commit: bool) -> None:
    inside = Clone(learner.folder / "inside")
    inside.folder.mkdir()
    inside.git("init", "--quiet")
    inside.write({"notes.txt": "mine\n"})
    if has_a_commit:
        inside.commit("Note")
    assert untracked.find(learner.folder) == ([], ["inside/"])
    assert checkout.check_out(learner.folder, V3, "v0.2") is None
    assert inside.folder.joinpath("notes.txt").read_text() == "mine\n"


def test_nothing_is_written_into_another_repository(learner: Clone) -> None:
    learner.git("checkout", "--quiet", "-b", "own")
    learner.write({"flack/api.py": "new\n"})
    learner.commit("Make a package")
    learner.git("checkout", "--quiet", "v0.2")
    other = Clone(learner.folder / "flack")
    other.folder.mkdir()
    other.git("init", "--quiet")
    learner.write({"notes.txt": "mine\n"})
    before = learner.state()
    with pytest.raises(InTheWayError, match="^flack: another repository, and own has files there"):
        checkout.check_out(learner.folder, "refs/heads/own", "v0.2")
    assert learner.state() == before
    assert [each.name for each in other.folder.iterdir()] == [".git"]


def test_what_is_no_work_but_committed_is_saved_as_the_rest(learner: Clone) -> None:
    learner.git("checkout", "--quiet", "-b", "own")
    learner.write({".vscode/settings.json": "first\n"})
    learner.commit("Share the settings")
    learner.write({".vscode/settings.json": "second\n"})
    assert checkout.check_out(learner.folder, V3, "v0.2") == "mine/v0.2"
    assert learner.git("show", "mine/v0.2:.vscode/settings.json") == "second"


def test_what_is_no_work_is_not_written_over(learner: Clone) -> None:
    learner.git("checkout", "--quiet", "-b", "own")
    learner.write({".env": "theirs\n"})
    learner.commit("Share the environment")
    learner.git("checkout", "--quiet", "v0.2")
    learner.write({".env": "mine\n", "flack.py": "mine\n"})
    before = learner.state()
    with pytest.raises(InTheWayError, match=".env"):
        checkout.check_out(learner.folder, "refs/heads/own", "v0.2")
    assert learner.state() == before
    assert learner.folder.joinpath(".env").read_text() == "mine\n"


@pytest.mark.parametrize("path", ["out.log", "made here/[1].txt"])
def test_what_the_learners_own_gitignore_keeps_out_stays_out(learner: Clone, path: str) -> None:
    learner.write({".gitignore": "__pycache__/\n*.log\nmade here/\n", path: "made\n"})
    assert checkout.check_out(learner.folder, V3, "v0.2") == "mine/v0.2"
    assert checkout.check_out(learner.folder, "refs/tags/v0.1", "v0.3") is None
    assert learner.folder.joinpath(path).read_text() == "made\n"

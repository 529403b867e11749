"""The places of sessions: apart from the learner's files, and with what a session needs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tour.pages.places import Place
from tour.pages.places import main_place
from tour.pages.places import stage_place
from tour.repo import worktree
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.tests.synthetic import Clone


def run(place: Place, command: str) -> str:
    """Return what a command prints in a place, as the pages show it."""
    answer = subprocess.run(
        ["sh", "-c", command],
        cwd=place.folder,
        env=place.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return place.show(answer.stdout).strip()


@pytest.fixture
def venv(clone: Clone) -> Path:
    """What stands for .venv: a program, a module and the tour's own note."""
    clone.write({".venv/.gitignore": "*\n", ".venv/tour.json": "{}", ".venv/bin/tour": "echo tour"})
    return clone.folder / ".venv"


def test_a_stage_has_its_files_and_those_of_a_patch(clone: Clone, line: StageLine) -> None:
    files = {"tests.py": None, "web/new.py": b"new\n", "flack.py": b"patched\n"}
    with stage_place(clone.folder, line.tip.tree, files, Path(sys.executable)) as place:
        found = {path.name for path in place.folder.rglob("*") if path.is_file()}
        assert found == {
            "README.md",
            "flack.py",
            "new.py",
            "requirements.txt",
            "setup.cfg",
            ".gitignore",
        }
        assert run(place, "cat flack.py web/new.py") == "patched\nnew"


def test_a_place_is_gone_when_it_is_left(clone: Clone, line: StageLine) -> None:
    with stage_place(clone.folder, line.tip.tree, {}, Path(sys.executable)) as place:
        pass
    assert not place.folder.parent.exists()


def test_paths_are_shown_as_the_pages_have_them(clone: Clone, line: StageLine) -> None:
    with stage_place(clone.folder, line.tip.tree, {}, Path(sys.executable)) as place:
        assert run(place, "pwd; cd; pwd; command -v python").splitlines() == [
            "/home/you/flack",
            "/home/you",
            "/home/you/flack/venv/bin/python",
        ]


def test_a_session_does_not_see_the_learners_repository_and_settings(
    clone: Clone, line: StageLine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", "the learner's own")
    monkeypatch.setenv("PIP_TARGET", str(home))
    with stage_place(clone.folder, line.tip.tree, {}, Path(sys.executable)) as place:
        assert "not a git repository" in run(place, "git status")
        assert run(place, "git config color.ui") == ""
        assert run(place, "echo $XDG_CONFIG_HOME$DATABASE_URL$PIP_TARGET") == ""


def test_main_has_the_working_tree_the_tags_and_a_clean_status(
    clone: Clone, line: StageLine, venv: Path
) -> None:
    clone.write({"docs/new.md": "new\n", "README.md": "mine\n"})
    before = clone.state()
    tree = worktree.snapshot(clone.folder)
    with main_place(clone.folder, line, tree) as place:
        assert run(place, "cat docs/new.md README.md") == "new\nmine"
        assert run(place, "git status --short --branch") == "## main...origin/main"
        assert run(place, "git tag") == "v0.1\nv0.2\nv0.3"
        assert find_stages(place.folder).tip == line.tip
    assert clone.state() == before
    assert clone.tags() == {}


def test_what_a_session_on_main_does_stays_there(clone: Clone, line: StageLine, venv: Path) -> None:
    before = clone.state()
    with main_place(clone.folder, line, worktree.snapshot(clone.folder)) as place:
        run(place, "git checkout -q v0.1 && git commit -q --allow-empty -m mine; git tag -d v0.2")
        run(place, "git branch mine; echo changed >flack.py; echo changed >.venv/tour.json")
        run(place, "echo changed >.tour/flack.sqlite; rm .venv/bin/tour")
        assert run(place, "git log --format=%an -1") == "You"
    assert clone.state() == before
    assert venv.joinpath("tour.json").read_text() == "{}"
    assert venv.joinpath("bin", "tour").exists()
    assert not clone.folder.joinpath(".tour", "flack.sqlite").exists()


def test_main_shares_what_is_installed(clone: Clone, line: StageLine, venv: Path) -> None:
    clone.write({".tour/envs/one/bin/python": "", ".tour/.gitignore": "*\n"})
    with main_place(clone.folder, line, worktree.snapshot(clone.folder)) as place:
        assert run(place, "ls .tour/envs; sh .venv/bin/tour") == "one\ntour"


def test_python3_on_main_is_the_one_that_runs_the_tour(
    clone: Clone, line: StageLine, venv: Path
) -> None:
    with main_place(clone.folder, line, worktree.snapshot(clone.folder)) as place:
        version = run(place, "python3 -c 'import sys; print(sys.version)'")
        assert version == sys.version


@pytest.mark.parametrize("name", ["CI", "BUILD_NUMBER", "FORCE_COLOR"])
def test_where_the_pages_are_held_changes_nothing_of_what_is_printed(
    clone: Clone, line: StageLine, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # the pages were held in CI, where pytest cuts no line
    monkeypatch.setenv(name, "1")
    with stage_place(clone.folder, line.tip.tree, {}, Path(sys.executable)) as place:
        assert run(place, f"echo ${name}") == ""

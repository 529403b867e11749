"""The sandboxes of sessions: apart from the learner's files, and with what a session needs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tour.pages.sandboxes import Sandbox
from tour.pages.sandboxes import clone_sandbox
from tour.pages.sandboxes import stage_sandbox
from tour.repo import worktree
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.tests.synthetic import Clone


def run(sandbox: Sandbox, command: str) -> str:
    """Return what a command prints in a sandbox, as the pages show it."""
    answer = subprocess.run(
        ["sh", "-c", command],
        cwd=sandbox.folder,
        env=sandbox.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return sandbox.show(answer.stdout).strip()


@pytest.fixture
def venv(clone: Clone) -> Path:
    """What stands for .venv: a program, a module and the tour's own note."""
    clone.write({".venv/.gitignore": "*\n", ".venv/tour.json": "{}", ".venv/bin/tour": "echo tour"})
    return clone.folder / ".venv"


def test_a_stage_has_its_files_and_those_of_a_patch(clone: Clone, line: StageLine) -> None:
    files = {"tests.py": None, "web/new.py": b"new\n", "flack.py": b"patched\n"}
    with stage_sandbox(clone.folder, line.tip.tree, files, Path(sys.executable)) as sandbox:
        found = {path.name for path in sandbox.folder.rglob("*") if path.is_file()}
        assert found == {
            "README.md",
            "flack.py",
            "new.py",
            "requirements.txt",
            "setup.cfg",
            ".gitignore",
        }
        assert run(sandbox, "cat flack.py web/new.py") == "patched\nnew"


def test_a_place_is_gone_when_it_is_left(clone: Clone, line: StageLine) -> None:
    with stage_sandbox(clone.folder, line.tip.tree, {}, Path(sys.executable)) as sandbox:
        pass
    assert not sandbox.folder.parent.exists()


def test_paths_are_shown_as_the_pages_have_them(clone: Clone, line: StageLine) -> None:
    with stage_sandbox(clone.folder, line.tip.tree, {}, Path(sys.executable)) as sandbox:
        assert run(sandbox, "pwd; cd; pwd; command -v python").splitlines() == [
            "/home/you/flack",
            "/home/you",
            "/home/you/flack/venv/bin/python",
        ]


def test_pytest_has_its_folders_within_the_home(clone: Clone, line: StageLine) -> None:
    # in that of all others it would delete what other runs have left, however much
    files = {"probe.py": b"def test_it(tmp_path):\n    print(tmp_path)\n"}
    with stage_sandbox(clone.folder, line.tip.tree, files, Path(sys.executable)) as sandbox:
        assert run(sandbox, "python -m pytest -q -s probe.py").startswith("/home/you/pytest-of-")


def test_a_session_does_not_see_the_learners_repository_and_settings(
    clone: Clone, line: StageLine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", "the learner's own")
    monkeypatch.setenv("PIP_TARGET", str(home))
    with stage_sandbox(clone.folder, line.tip.tree, {}, Path(sys.executable)) as sandbox:
        assert "not a git repository" in run(sandbox, "git status")
        assert run(sandbox, "git config color.ui") == ""
        assert run(sandbox, "echo $XDG_CONFIG_HOME$DATABASE_URL$PIP_TARGET") == ""


def test_main_has_the_working_tree_the_tags_and_a_clean_status(
    clone: Clone, line: StageLine, venv: Path
) -> None:
    clone.write({"docs/new.md": "new\n", "README.md": "mine\n"})
    before = clone.state()
    tree = worktree.snapshot(clone.folder)
    with clone_sandbox(clone.folder, line, tree) as sandbox:
        assert run(sandbox, "cat docs/new.md README.md") == "new\nmine"
        assert run(sandbox, "git status --short --branch") == "## main...origin/main"
        assert run(sandbox, "git tag") == "v0.1\nv0.2\nv0.3"
        assert find_stages(sandbox.folder).tip == line.tip
    assert clone.state() == before
    assert clone.tags() == {}


def test_a_session_on_main_does_not_see_the_branch_that_is_checked_out(
    clone: Clone, line: StageLine, venv: Path
) -> None:
    clone.git("checkout", "--quiet", "-b", "my-change")
    with clone_sandbox(clone.folder, line, worktree.snapshot(clone.folder)) as sandbox:
        assert run(sandbox, "git branch") == "* main"


def test_what_a_session_on_main_does_stays_there(clone: Clone, line: StageLine, venv: Path) -> None:
    before = clone.state()
    with clone_sandbox(clone.folder, line, worktree.snapshot(clone.folder)) as sandbox:
        run(sandbox, "git checkout -q v0.1 && git commit -q --allow-empty -m mine; git tag -d v0.2")
        run(sandbox, "git branch mine; echo changed >flack.py; echo changed >.venv/tour.json")
        run(sandbox, "echo changed >.tour/flack.sqlite; rm .venv/bin/tour")
        assert run(sandbox, "git log --format=%an -1") == "You"
    assert clone.state() == before
    assert venv.joinpath("tour.json").read_text() == "{}"
    assert venv.joinpath("bin", "tour").exists()
    assert not clone.folder.joinpath(".tour", "flack.sqlite").exists()


def test_main_shares_what_is_installed(clone: Clone, line: StageLine, venv: Path) -> None:
    clone.write({".tour/envs/one/bin/python": "", ".tour/.gitignore": "*\n"})
    with clone_sandbox(clone.folder, line, worktree.snapshot(clone.folder)) as sandbox:
        assert run(sandbox, "ls .tour/envs; sh .venv/bin/tour") == "one\ntour"


def test_python3_on_main_is_the_one_that_runs_the_tour(
    clone: Clone, line: StageLine, venv: Path
) -> None:
    with clone_sandbox(clone.folder, line, worktree.snapshot(clone.folder)) as sandbox:
        version = run(sandbox, "python3 -c 'import sys; print(sys.version)'")
        assert version == sys.version


@pytest.mark.parametrize("name", ["CI", "BUILD_NUMBER", "FORCE_COLOR"])
def test_where_the_pages_are_held_changes_nothing_of_what_is_printed(
    clone: Clone, line: StageLine, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # the pages were checked in CI, where pytest cuts no line
    monkeypatch.setenv(name, "1")
    with stage_sandbox(clone.folder, line.tip.tree, {}, Path(sys.executable)) as sandbox:
        assert run(sandbox, f"echo ${name}") == ""

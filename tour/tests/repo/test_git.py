"""Nothing of the user's configuration of git, wherever it stands, changes what the tour says."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tour import pictures
from tour.amend import session
from tour.amend.session import Workspace
from tour.diff.lines import count_step
from tour.environments import environment
from tour.pages.sandboxes import clone_sandbox
from tour.pages.sources import Sources
from tour.repo import copies
from tour.repo import git
from tour.repo import trees
from tour.site import full
from tour.stages import rules
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.stages.manifest import MANIFEST_PATH
from tour.tests.paged import check_pages
from tour.tests.paged import make_paged_tour
from tour.tests.repo import spoiled
from tour.tests.synthetic import Clone


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Flack Tour with pages."""
    return make_paged_tour(tmp_path_factory.mktemp("paged") / "flack-tour").folder


@pytest.fixture
def clone(paged: Path, tmp_path: Path, home: Path) -> Clone:
    """A clone of it, where nobody has configured anything."""
    home.joinpath(".gitconfig").write_text("")
    return Clone(shutil.copytree(paged, tmp_path / "flack-tour", symlinks=True))


@pytest.fixture
def spoil(
    clone: Clone, paged: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """A function that puts another clone in its place, with all that a user can configure."""

    def run() -> None:
        shutil.rmtree(clone.folder)
        shutil.copytree(paged, clone.folder, symlinks=True)
        spoiled.spoil(clone, home, monkeypatch)

    return run


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("tags",),
        ("diff", "v0.1"),
        ("diff", "v0.2", "--stat"),
        ("diff", "v0.3", "--mine"),
        ("go", "v0.2"),
        ("prev",),
    ],
    ids=" ".join,
)
def test_a_verb_prints_the_same_however_git_is_configured(
    clone: Clone,
    tour: Callable,
    spoil: Callable[[], None],
    arguments: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(environment, "prepare", lambda *arguments: Path(sys.executable))
    before = tour(clone.folder, *arguments)
    spoil()
    after = tour(clone.folder, *arguments)
    assert (after.returncode, after.stdout, after.stderr) == (
        before.returncode,
        before.stdout,
        before.stderr,
    )


def test_lines_that_git_for_windows_has_checked_out_count_as_those_of_git(
    clone: Clone, home: Path
) -> None:
    line = find_stages(clone.folder)
    before = count_step(clone.folder, line.stages[1].commit, line.tip.commit)
    home.joinpath(".gitconfig").write_text("[core]\n\tautocrlf = true\n")
    spoiled.check_out_anew(clone)
    assert count_step(clone.folder, line.stages[1].commit, line.tip.commit) == before


def test_a_partial_clone_gets_what_it_lacks(clone: Clone, tmp_path: Path) -> None:
    clone.git("config", "uploadpack.allowFilter", "true")
    options = ("--quiet", "--no-checkout", "--filter=blob:none")
    clone.git("clone", *options, clone.folder.as_uri(), str(tmp_path / "partial"))
    tip = find_stages(clone.folder).tip.commit
    expected = copies.read_files(clone.folder, tip)
    assert copies.read_files(tmp_path / "partial", tip) == expected
    # and keeps it
    shutil.rmtree(clone.folder)
    assert copies.read_files(tmp_path / "partial", tip) == expected


READERS: dict[str, Callable[[Path, StageLine], object]] = {
    "the files of a stage": lambda folder, line: copies.read_files(folder, line.tip.commit),
    "what git diff prints": lambda folder, line: Sources(folder, line).diff("v0.2", "v0.3"),
    "the files that lie there": lambda folder, line: Sources(folder, line).files("main"),
    "a full diff": lambda folder, line: full.write(folder, *line.stages[1:]),
    "the pictures": pictures.render,
    "the rules of the history": lambda folder, line: rules.find_violations(folder, line, "main"),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_what_is_read_is_the_same_however_git_is_configured(
    clone: Clone, spoil: Callable[[], None], read: Callable[[Path, StageLine], object]
) -> None:
    line = find_stages(clone.folder)
    before = read(clone.folder, line)
    spoil()
    assert find_stages(clone.folder) == line
    assert read(clone.folder, line) == before


def test_pages_are_true_however_git_is_configured(
    clone: Clone, spoil: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    python = Path(sys.executable)
    monkeypatch.setattr(environment, "stage_environment", lambda *arguments: python)
    spoil()
    page = clone.folder / "docs" / "page.md"
    before = page.read_bytes()
    assert b"\r\n" in before
    assert check_pages(clone.folder, update=True).findings == []
    assert page.read_bytes() == before


def test_the_clone_of_a_session_is_clean_however_git_is_configured(
    clone: Clone, spoil: Callable[[], None]
) -> None:
    spoil()
    clone.write({".venv/.gitignore": "*\n", ".venv/tour.json": "{}"})
    line = find_stages(clone.folder)
    tree = Sources(clone.folder, line).tree("main")
    with clone_sandbox(clone.folder, line, tree) as place:
        assert b"\r" not in place.folder.joinpath("flack.py").read_bytes()
        command = ["git", "status"]
        status = subprocess.run(
            command, cwd=place.folder, env=place.environment, text=True, stdout=subprocess.PIPE
        ).stdout
    assert status.splitlines()[-1] == "nothing to commit, working tree clean"


def test_a_stage_is_amended_the_same_however_git_is_configured(
    clone: Clone, spoil: Callable[[], None]
) -> None:
    before = amend_second_stage(clone.folder)
    spoil()
    assert amend_second_stage(clone.folder) == before


def amend_second_stage(folder: Path) -> tuple[list[str], str, dict[str, str]]:
    """Amend a file of the second stage, which the third one changes too, and publish it.

    Return the new stages' trees and messages, the comparison without its ids, and main's files.
    """
    line = find_stages(folder)
    workspace = Workspace(folder)
    amendment = session.begin(workspace, line, line.stages[1], "", print)
    module = workspace.worktree / "flack.py"
    module.write_text(f"# More.\n{module.read_text()}", newline="\n")
    session.resume(workspace, amendment, print)
    compared = re.sub(r"\b[0-9a-f]{7,40}\b", "", session.compare(folder, amendment))
    session.publish_line(workspace, amendment)
    form = ["log", "-1", "--format=%T %B"]
    messages = [git.run(folder, *form, stage) for stage in amendment.done]
    files = trees.list_files(folder, "main")
    # it names the new commits, and they their time
    del files[MANIFEST_PATH]
    return messages, compared, files

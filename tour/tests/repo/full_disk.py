"""A learner whose disk is full, on a small file system of the test's own.

Not collected by its name, for mounting one needs a namespace: `test_full_disk` runs this in one.
"""

import shutil
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from tour import cli
from tour.environments import environment
from tour.stages import tags
from tour.stages.line import find_stages
from tour.tests.repo.small_disk import SmallDisk
from tour.tests.repo.small_disk import mounted
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

# bytes of the file system, and a stage's file of several pieces
SIZE = 4_000_000
LONG = "a line of the stage\n" * 1000

Tour = Callable[..., tuple[int, str]]


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    with mounted(SIZE) as disk:
        yield disk
        monkeypatch.undo()


@pytest.fixture
def learner(clone: Clone, disk: SmallDisk, home: Path) -> Clone:
    """A learner's clone on the disk, at v0.2, whose neighbours have files of some size."""
    home.joinpath(".gitconfig").write_text("")
    files = {"v0.3": {f"more/{number}.txt": LONG for number in range(9)}}
    publish(clone, grow_line(clone, files=files), edition=1)
    tags.fix(clone.folder, find_stages(clone.folder))
    clone.git("repack", "--quiet", "-a", "-d")
    folder = disk.folder / "flack-tour"
    shutil.copytree(clone.folder, folder, symlinks=True)
    moved = Clone(folder)
    moved.git("checkout", "--quiet", "v0.2")
    return moved


@pytest.fixture
def run(learner: Clone, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture) -> Tour:
    """A function that runs a verb in the clone and returns its exit code and what it printed."""
    monkeypatch.setattr(environment, "prepare", lambda *arguments: Path(sys.executable))
    monkeypatch.chdir(learner.folder)

    def run_verb(*arguments: str) -> tuple[int, str]:
        code = cli.main(list(arguments))
        captured = capfd.readouterr()
        return code, captured.out + captured.err

    return run_verb


def go_on(disk: SmallDisk, learner: Clone, run: Tour, pieces: int) -> str:
    """Edit a file, and go on with so little room; return what is printed."""
    learner.write({"flack.py": "mine\n"})
    disk.fill(pieces)
    code, output = run("go", "v0.3")
    assert code == 3
    assert learner.folder.joinpath("flack.py").read_text() == "mine\n"
    disk.free()
    return output


@pytest.mark.parametrize("pieces", [0, 1, 4, 6])
def test_work_stays_where_there_is_no_room_to_save_it(
    disk: SmallDisk, learner: Clone, run: Tour, pieces: int
) -> None:
    output = go_on(disk, learner, run, pieces)
    assert "no room" in output
    assert all(branch in output for branch in mine(learner))
    assert run("go", "v0.3")[0] == 0
    assert all(changed(learner, branch) == ["flack.py"] for branch in mine(learner))


@pytest.mark.parametrize("pieces", [9, 24, 48])
def test_a_checkout_for_which_there_is_no_room_is_undone(
    disk: SmallDisk, learner: Clone, run: Tour, pieces: int
) -> None:
    output = go_on(disk, learner, run, pieces)
    assert "Your work is on the branch mine/v0.2" in output
    assert "your files are as they were" in output
    assert learner.git("status", "--porcelain", "--branch") == "## mine/v0.2"
    assert run("go", "v0.3")[0] == 0
    assert mine(learner) == ["mine/v0.2"]
    assert changed(learner, "mine/v0.2") == ["flack.py"]


def mine(learner: Clone) -> list[str]:
    """Return the branches that the tour has saved work on."""
    return learner.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/mine").split()


def changed(learner: Clone, branch: str) -> list[str]:
    """Return the files that the branch has otherwise than the stage."""
    return learner.git("diff", "--name-only", "v0.2", branch).split()

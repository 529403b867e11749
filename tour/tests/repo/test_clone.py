"""The clone, and the folders of the tour's own in it."""

import errno
import os
import re
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tour.repo import git
from tour.repo.clone import find_clone
from tour.repo.clone import find_repository
from tour.repo.clone import tour_command
from tour.repo.locks import exclusive
from tour.repo.own_folder import own_folder
from tour.repo.temporary import FOLDER
from tour.repo.temporary import sweep
from tour.repo.temporary import temporary_folder
from tour.system.errors import NotWritableError
from tour.system.errors import TourError
from tour.tests.synthetic import Clone

# what a run does that is killed while it has a folder
KILLED = """\
import os
import sys
from pathlib import Path

from tour.repo.temporary import temporary_folder

with temporary_folder(Path(sys.argv[1])):
    os._exit(9)
"""


def test_in_a_practice_the_clone_is_found(clone: Clone) -> None:
    for place in ("practice/v0.2", "../beside"):
        clone.git("worktree", "add", "--quiet", "--detach", place)
    practice = clone.folder / "practice" / "v0.2"
    assert find_repository(practice / "tour") == practice
    assert find_clone(practice / "tour") == clone.folder
    # one that the maintainer made has files of its own to check
    beside = clone.folder.with_name("beside")
    assert find_clone(beside) == beside


@pytest.mark.skipif(os.name == "nt", reason="there the programs are elsewhere")
def test_outside_of_the_clone_its_tour_has_its_whole_path_as_a_shell_takes_it() -> None:
    clone = Path("/my clone")
    assert tour_command(clone, clone / "docs") == "../.venv/bin/tour"
    assert tour_command(clone, Path("/elsewhere")) == "'/my clone/.venv/bin/tour'"


def test_git_sees_nothing_of_a_folder_that_began_on_a_full_disk(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_nothing(path: Path, text: str, **options) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", write_nothing)
        with pytest.raises(OSError):
            own_folder(clone.folder)
    own_folder(clone.folder, "locks").joinpath("file").touch()
    assert clone.git("status", "--porcelain") == ""


def test_threads_make_a_folder_at_once(clone: Clone) -> None:
    barrier = threading.Barrier(8)

    def make(number: int) -> Path:
        barrier.wait()
        return own_folder(clone.folder)

    for _ in range(10):
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(make, range(8)))) == 1
        shutil.rmtree(clone.folder / ".tour")


def test_a_zip_within_another_repository_is_no_clone(clone: Clone) -> None:
    inner = clone.folder / "zip"
    shutil.copytree(clone.folder / "tour", inner / "tour")
    with pytest.raises(TourError, match="git clone"):
        find_repository(inner)


def test_who_is_beside_their_clone_is_led_into_it(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_folder(clone.folder)
    monkeypatch.setattr(sys, "prefix", str(clone.folder / ".venv"))
    beside = tmp_path / "beside"
    beside.mkdir()
    with pytest.raises(TourError, match=re.escape(f"cd {clone.folder}")):
        find_repository(beside)
    # a downloaded zip file there is no clone all the same
    shutil.copytree(clone.folder / "tour", beside / "tour")
    with pytest.raises(TourError, match="git clone"):
        find_repository(beside)


def test_a_temporary_folder_is_swept_when_its_process_was_killed(clone: Clone) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    subprocess.run([sys.executable, "-c", KILLED, str(clone.folder)], env=environment)
    place = own_folder(clone.folder, FOLDER)
    assert len(list(place.iterdir())) == 1
    sweep(clone.folder)
    assert list(place.iterdir()) == []


def test_a_temporary_folder_is_not_swept_while_its_process_lives(clone: Clone) -> None:
    with temporary_folder(clone.folder) as folder:
        sweep(clone.folder)
        assert folder.exists()
    assert not folder.exists()


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_may_not_be_written_to_is_named(
    clone: Clone, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(NotWritableError, match="clone it into a folder of your own"):
        with exclusive(clone.folder, "tags"):
            pass


def test_a_folder_of_the_tours_that_is_somebody_elses_is_named(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_folder(clone.folder, "locks")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(NotWritableError):
        own_folder(clone.folder, "locks")


def test_git_that_may_not_write_is_named(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = subprocess.CompletedProcess(
        [], 128, b"", b"fatal: Unable to create temporary file: Permission denied\n"
    )
    monkeypatch.setattr(subprocess, "run", lambda *arguments, **options: refused)
    with pytest.raises(NotWritableError):
        git.run(clone.folder, "fast-import")

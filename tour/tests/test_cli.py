"""The command line as a learner calls it: exit codes, messages, help."""

import errno
import importlib
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tour import cli
from tour import commands
from tour.check import own_checks
from tour.check import production_checks
from tour.check import stage_checks
from tour.check.junit_report import Counts
from tour.check.own_checks import OwnResult
from tour.check.phases import Failure
from tour.check.stage_checks import Result
from tour.commands import tags
from tour.environments import environment
from tour.system import browsers
from tour.system.errors import TourError
from tour.system.errors import UsageError
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

VERBS = [module.name for module in pkgutil.iter_modules(commands.__path__)]


def call(folder: Path, *arguments: str) -> tuple[int, str]:
    """Call the tour as a learner types it; return its exit code and its output."""
    answer = subprocess.run(
        [sys.executable, "-m", "tour", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return answer.returncode, answer.stdout


def test_the_tour_is_a_program(clone: Clone) -> None:
    assert call(clone.folder, "tags") == (0, "made: v0.1 v0.2 v0.3\n")


def test_a_failure_of_a_verb_is_the_programs(clone: Clone) -> None:
    code, output = call(clone.folder, "run", "v0.9")
    assert code == 2
    assert "v0.1, v0.2, v0.3" in output


@pytest.mark.skipif(os.name == "nt", reason="Windows deletes no folder that somebody is in")
@pytest.mark.parametrize("verb", ["list", "grade", "doctor"])
def test_a_folder_that_was_deleted_is_told_to_who_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, verb: str
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert cli.main([verb]) == 2
    assert "the folder that you are in was deleted" in capsys.readouterr().err


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_shows_an_example(tour, clone: Clone, verb: str) -> None:
    answer = tour(clone.folder, verb, "--help")
    assert answer.returncode == 0
    assert f"python3 -m tour {verb}" in re.split("examples?:", answer.stdout)[1]


def test_the_help_shows_the_command_as_it_was_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(sys, "argv", [".venv/bin/tour"])
    assert cli.main(["start", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "  .venv/bin/tour start" in shown
    assert "python3 -m tour" not in shown


def test_the_verbs_are_imported_where_nothing_is_installed() -> None:
    imports = "\n".join(f"import tour.commands.{verb}" for verb in VERBS)
    command = [sys.executable, "-B", "-S", "-c", imports]
    assert subprocess.run(command, cwd=environment.PACKAGE.parent).returncode == 0


def test_a_verb_waits_for_the_import_of_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = []

    def import_module(name: str) -> object:
        imported.append(name)
        return sys.modules[tags.__name__]

    monkeypatch.setattr(importlib, "import_module", import_module)
    assert cli.main(["tags", "--help"]) == 0
    assert imported == [tags.__name__]


@pytest.mark.parametrize("database", ["foo", "postgresql://host/name", "sqlite://", "sqlite:///"])
def test_a_database_that_no_stage_runs_on_is_refused_with_what_is_accepted(
    tour, clone: Clone, database: str
) -> None:
    answer = tour(clone.folder, "check", "--database", database)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "postgresql+psycopg://" in answer.stderr
    assert "sqlite:///" in answer.stderr


@pytest.mark.parametrize("arguments", [(), ("fly",), ("run",), ("run", "v0.9"), ("check", "v9")])
def test_a_wrong_call_ends_with_2(tour, clone: Clone, arguments: tuple[str, ...]) -> None:
    answer = tour(clone.folder, *arguments)
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr


def test_options_may_stand_between_arguments(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(clone.folder)
    orders = [
        ["v0.2", "--files", "flack.py", "README.md"],
        ["v0.2", "flack.py", "--files", "README.md"],
        ["--files", "v0.2", "flack.py", "README.md"],
    ]
    for order in orders:
        assert cli.main(["diff", *order]) == 0
    assert capsys.readouterr().out == "README.md\nflack.py\n" * len(orders)


def test_what_a_verb_does_not_know_is_told_with_its_usage(tour, clone: Clone) -> None:
    answer = tour(clone.folder, "go", "v0.1", "v0.2")
    assert answer.returncode == 2
    assert answer.stderr.startswith("usage: tour go [-h] TAG\n")
    assert "unrecognized arguments: v0.2" in answer.stderr


def test_an_unknown_stage_is_answered_with_the_known_ones(tour, clone: Clone) -> None:
    assert "v0.1, v0.2, v0.3" in tour(clone.folder, "run", "v0.9").stderr


def test_a_zip_ends_with_3_and_the_remedy(tour, clone: Clone, tmp_path: Path) -> None:
    shutil.copytree(clone.folder, tmp_path / "zip", ignore=shutil.ignore_patterns(".git"))
    answer = tour(tmp_path / "zip", "tags")
    assert answer.returncode == 3
    assert "git clone" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_shallow_clone_ends_with_3_and_the_remedy(tour, clone: Clone, tmp_path: Path) -> None:
    clone.git("clone", "--quiet", "--depth=1", clone.folder.as_uri(), str(tmp_path / "shallow"))
    answer = tour(tmp_path / "shallow", "list")
    assert answer.returncode == 3
    assert "git fetch --unshallow" in answer.stderr


def test_tags_ends_with_0_and_says_what_it_made(tour, clone: Clone) -> None:
    answer = tour(clone.folder, "tags")
    assert (answer.returncode, answer.stdout) == (0, "made: v0.1 v0.2 v0.3\n")
    assert tour(clone.folder, "tags").stdout == "right: v0.1 v0.2 v0.3\n"


def test_a_stale_tag_ends_with_1_and_the_command_that_mends_it(tour, clone: Clone) -> None:
    tour(clone.folder, "tags")
    publish(clone, grow_line(clone, note=" Amended."), edition=2)
    answer = tour(clone.folder, "tags")
    assert answer.returncode == 1
    assert "stale, pointing to an older edition of the stage: v0.1 v0.2 v0.3\n" in answer.stdout
    assert "as edition-1/v0.1" in answer.stdout
    assert "tour tags --fix" in answer.stdout
    assert tour(clone.folder, "tags", "--fix").returncode == 0
    assert tour(clone.folder, "tags").returncode == 0


def test_a_tag_on_a_stage_that_main_does_not_hold_is_not_called_no_stage(
    tour, clone: Clone
) -> None:
    clone.git("tag", "v0.3", grow_line(clone, note=" Somebody's own."))
    answer = tour(clone.folder, "tags")
    assert "foreign, pointing to something else than the stage's commit: v0.3\n" in answer.stdout


def test_tags_leaves_a_dirty_tree_as_it_is(tour, clone: Clone) -> None:
    clone.write({"flack.py": "mine\n", "new.py": "mine too\n"})
    before = clone.state()
    tour(clone.folder, "tags")
    assert clone.state() == before


def test_in_a_practice_a_command_is_told_that_is_there(tour, clone: Clone) -> None:
    clone.git("worktree", "add", "--quiet", "--detach", "practice/v0.2")
    tour(clone.folder, "tags")
    clone.git("tag", "--force", "v0.3", "v0.2")
    practice = clone.folder / "practice" / "v0.2"
    # as at a stage, where no module of this name is
    shutil.rmtree(practice / "tour")
    program = os.path.join("..", "..", ".venv", "Scripts" if os.name == "nt" else "bin", "tour")
    assert f"  {program} tags --fix\n" in tour(practice, "tags").stdout
    assert not practice.joinpath(".tour").exists()


def test_list_shows_the_stages_and_marks_the_current_one(tour, clone: Clone) -> None:
    tour(clone.folder, "tags")
    clone.git("checkout", "--quiet", "v0.2")
    answer = tour(clone.folder, "list")
    assert answer.returncode == 0
    rows = [line.split() for line in answer.stdout.splitlines()[1:]]
    assert rows[1][:4] == ["->", "v0.2", "Make", "v0.2"]
    assert [row[0] for row in rows] == ["v0.1", "->", "v0.3"]


def test_the_verbs_work_from_a_folder_within_the_repository(tour, clone: Clone) -> None:
    assert tour(clone.folder / "tour", "tags").returncode == 0


def test_without_a_verb_the_help_is_shown(tour, clone: Clone) -> None:
    answer = tour(clone.folder)
    assert answer.returncode == 2
    assert all(verb in answer.stderr for verb in ("--help", *VERBS))


@pytest.mark.parametrize("port", ["-1", "0", "65536", "99999", "http", "5e3"])
def test_a_port_out_of_range_ends_with_2(tour, clone: Clone, port: str) -> None:
    answer = tour(clone.folder, "run", "v0.1", "--port", port)
    assert answer.returncode == 2
    assert f"{port} is not a number from 1 to 65535" in answer.stderr


@pytest.mark.parametrize("host", ["", "localhost", "192.168.1", "127.0.0.1:80", "fe80::1%"])
def test_a_host_that_is_no_ip_address_ends_with_2(tour, clone: Clone, host: str) -> None:
    answer = tour(clone.folder, "run", "v0.1", "--host", host)
    assert answer.returncode == 2
    assert f"{host} is not an IP address" in answer.stderr


@pytest.mark.parametrize("verb", [("start",), ("run", "v0.1")])
def test_a_host_that_this_machine_does_not_have_ends_with_2(
    tour, clone: Clone, verb: tuple[str, ...]
) -> None:
    answer = tour(clone.folder, *verb, "--host", "203.0.113.1")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("tour: 203.0.113.1 is not an address of this machine; ")
    assert answer.stderr.count("\n") == 1


def test_the_tour_leaves_no_bytecode_beside_its_source(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    source = Path(__file__).parents[1]
    ignored = shutil.ignore_patterns("__pycache__", "tests", "contract", "bench")
    shutil.copytree(source, clone.folder / "tour", ignore=ignored, dirs_exist_ok=True)
    # its manifest names other stages; the call ends with a message all the same
    subprocess.run([sys.executable, "-m", "tour", "list"], cwd=clone.folder, capture_output=True)
    assert list(clone.folder.rglob("__pycache__")) == []


def test_start_makes_the_tags_before_it_installs(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise TourError("no network")

    monkeypatch.chdir(clone.folder)
    monkeypatch.setattr(environment, "prepare", fail)
    assert cli.main(["start"]) == 3
    assert list(clone.tags()) == ["v0.1", "v0.2", "v0.3"]


def test_without_git_the_remedy_is_given(
    tour, clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    answer = tour(clone.folder, "tags")
    assert answer.returncode == 3
    assert "https://git-scm.com/downloads" in answer.stderr


def test_an_old_python_gets_one_clear_line(clone: Clone) -> None:
    program = (
        "import sys; sys.version_info = (3, 10, 0); from tour import __main__;"
        " sys.exit(__main__.run())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 3
    assert "Python 3.11 or newer" in answer.stderr
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code", "lines"),
    [
        (KeyboardInterrupt(), 130, 0),
        (UsageError("no"), 2, 1),
        (PermissionError(errno.EACCES, "no", "file"), 3, 1),
        (OSError(errno.ENOSPC, "no"), 3, 1),
        (OSError(errno.EMFILE, "no"), 3, 1),
        # bugs of ours keep their traceback
        (FileNotFoundError(errno.ENOENT, "no", "file"), 3, None),
        (NotADirectoryError(errno.ENOTDIR, "no", "file"), 3, None),
        (ValueError("no"), 3, None),
    ],
)
def test_what_stops_a_verb_becomes_an_exit_code_and_a_line_or_a_traceback(
    error: BaseException,
    code: int,
    lines: int | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    def fail(arguments: object) -> int:
        raise error

    monkeypatch.setattr(tags, "run", fail)
    assert cli.main(["tags"]) == code
    said = capsys.readouterr().err
    assert said.startswith("Traceback") if lines is None else said.count("\n") == lines


@pytest.mark.parametrize(
    ("firefox", "nginx", "failures", "code", "closing"),
    [
        (None, False, (), 0, "12 passed, 0 failed"),
        (None, False, (Failure("lint", "1"),), 1, "12 passed, 1 failed"),
        ("firefox", False, (), 0, "20 passed, 0 failed"),
        (None, True, (), 0, "18 passed, 0 failed"),
    ],
)
def test_the_closing_line_of_test_sums_all_that_ran(
    clone: Clone,
    firefox: str | None,
    nginx: bool,
    failures: tuple[Failure, ...],
    code: int,
    closing: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    result = Result("v0.1", Counts(3, 0), 99.0, Counts(5, 0), 1.0, failures)
    monkeypatch.chdir(clone.folder)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(browsers, "find", lambda name: firefox)
    monkeypatch.setattr(environment, "prepare", lambda *arguments: Path(sys.executable))
    own = [OwnResult("own tests", Counts(4, 0), 1.0, ["4 passed"])]
    monkeypatch.setattr(own_checks, "run", lambda *arguments: own)
    monkeypatch.setattr(stage_checks, "check_stages", lambda *arguments: [result])
    behind = Result("v0.1 behind nginx", Counts(), None, Counts(6, 0), 1.0)
    monkeypatch.setattr(production_checks, "wanted", lambda *arguments: nginx)
    monkeypatch.setattr(production_checks, "check_short", lambda *arguments: behind)
    assert cli.main(["test"]) == code
    printed = capsys.readouterr().out
    assert printed.splitlines()[-1] == closing
    # what was left out is told
    assert ("not checked behind nginx" in printed) == (not nginx)

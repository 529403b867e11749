"""What the set-up does with processes and logs, without nginx and PostgreSQL."""

import shutil
import signal
import socket
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from tour.production import logs
from tour.production import part
from tour.production import programs
from tour.production import serving
from tour.production.database import Database
from tour.production.deployment import Deployment
from tour.production.faults import Finding
from tour.production.measured import read
from tour.production.measured import write
from tour.production.measured import write_table
from tour.production.operations import Operation
from tour.production.part import Part
from tour.stages.line import StageLine
from tour.system import platforms
from tour.system.address import HOST
from tour.system.errors import UsageError
from tour.system.platforms import Need
from tour.system.platforms import System
from tour.system.server import PortTakenError
from tour.system.server import ServerError
from tour.tests.synthetic import Clone

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the set-up does not run on Windows"
)

SLEEP = "import time; time.sleep(600)"
# a child in a session of its own, as PostgreSQL's are; it says that it is there
CHILD = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {SLEEP!r}], start_new_session=True)
print("started", flush=True)
time.sleep(600)
"""


def make_part(folder: Path, code: str) -> Part:
    return Part("a part", [sys.executable, "-c", code], folder, {}, folder / "part.log")


def test_a_part_that_ends_before_it_is_ready_is_told_with_what_it_printed(tmp_path: Path) -> None:
    broken = make_part(tmp_path, "print('no such database')")
    broken.spawn()
    with pytest.raises(ServerError, match="no such database"):
        broken.wait(lambda: False)


def test_killing_a_part_kills_its_children_in_groups_of_their_own(tmp_path: Path) -> None:
    parent = make_part(tmp_path, CHILD)
    parent.spawn()
    part.wait_until(lambda: "started" in part.read(parent.log), "it has no child", parent.log)
    children = parent.children()
    assert len(children) == 1
    parent.kill()
    part.wait_until(lambda: not is_running(children[0]), "the child runs on")
    assert not parent.is_running


def test_what_a_killed_run_has_left_is_ended_and_no_other_process(tmp_path: Path) -> None:
    own, other = (make_part(tmp_path, SLEEP) for _ in range(2))
    own.arguments.append(str(tmp_path / "settings"))
    signals = {tmp_path / "gone.pid": signal.SIGTERM}
    try:
        for number, each in enumerate((own, other)):
            each.spawn()
            file = tmp_path / f"node-{number}.pid"
            # PostgreSQL's has further lines
            file.write_text(f"{each.pid}\n{tmp_path}\n")
            signals[file] = signal.SIGTERM
        part.end_leftovers(signals, tmp_path)
        assert (own.is_running, other.is_running) == (False, True)
    finally:
        own.kill()
        other.kill()


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    if Path("/proc/self").exists():
        # one that has ended, and that nobody has asked about, is no process that runs
        return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
    return pid in {child for child, _ in part._read_parents()}


@pytest.mark.parametrize(
    "lacking, says",
    [
        ([Need.NGINX], ["nginx was not found"]),
        ([Need.POSTGRESQL], ["PostgreSQL was not found"]),
        ([Need.NGINX, Need.POSTGRESQL], ["nginx was not found", "PostgreSQL was not found"]),
    ],
)
def test_what_lacks_is_named_with_the_command_that_installs_it(
    lacking: list[Need], says: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Path(sys.executable)
    monkeypatch.setattr(programs, "_find_nginx", lambda: None if Need.NGINX in lacking else there)
    monkeypatch.setattr(
        programs, "_find_postgresql", lambda: None if Need.POSTGRESQL in lacking else there
    )
    monkeypatch.setattr(platforms, "this_system", lambda: System.DEBIAN)
    # whether setpriv is there is another matter
    monkeypatch.setattr(shutil, "which", lambda *arguments, **options: str(there))
    said = programs.explain_missing()
    assert all(text in said for text in says)
    assert said.count("sudo apt install") == len(lacking)
    with pytest.raises(UsageError, match="sudo apt install"):
        programs.find()


def test_a_clone_whose_path_the_files_cannot_name_is_refused(
    monkeypatch: pytest.MonkeyPatch, line: StageLine
) -> None:
    monkeypatch.setattr(programs, "explain_missing", lambda: "")
    assert serving.explain_missing(Path("/home/zoë/flack-tour_2.0")) == ""
    for name in ("my clone", "50%", "a;b", "a'b", "a$b", "a#b"):
        with pytest.raises(UsageError, match="move the clone"):
            with serving.prepare(Path("/home", name), line.tip):
                pass


def test_a_port_that_is_taken_is_told_before_anything_is_started(
    clone: Clone, line: StageLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path("unused")
    prepared = serving.Prepared(programs.Programs(place, place), {}, place, place)
    monkeypatch.setattr(serving, "prepare", lambda *arguments: nullcontext(prepared))
    with socket.create_server((HOST, 0)) as taken:
        with pytest.raises(PortTakenError):
            serving.serve(clone.folder, line.tip, 2, taken.getsockname()[1])


LINES = """\
2026/11/28 12:00:00 [error] 5#5: *7 connect() failed (111: refused) while connecting to upstream
2026/11/28 12:00:01 [error] 5#5: *8 connect() failed (111: refused) while connecting to upstream
"""


def test_log_lines_that_differ_in_numbers_are_counted_together() -> None:
    found = [match[1] for line in LINES.splitlines() if (match := logs.NGINX.search(line))]
    assert logs._count(found) == "2 × connect() failed"


@pytest.mark.parametrize(
    "line",
    [
        "psycopg.OperationalError: connection failed: Connection refused",
        "sqlalchemy.exc.OperationalError: (psycopg.errors.AdminShutdown) terminating",
    ],
)
def test_an_exception_in_a_log_is_told_by_its_name(line: str) -> None:
    match = logs.EXCEPTION.match(line)
    assert match is not None and match[1] == "OperationalError"


def test_what_is_more_than_an_access_is_told_of_each_program(tmp_path: Path) -> None:
    place = Path("unused")
    database = Database(programs.Programs(place, place), tmp_path)
    deployment = Deployment({}, place, place, tmp_path, database)
    database.log.touch()
    added = logs.Logs(deployment)
    deployment.logs.joinpath("nginx", "error.log").write_text(LINES)
    deployment.logs.joinpath("error-1.log").write_text(
        "[2026-11-28] [5] [INFO] Booting\n[2026-11-28] [5] [ERROR] Error handling request /stats\n"
        "psycopg.OperationalError: no\n"
    )
    database.log.write_text('12:00 FATAL:  too many connections for role "flack"\n')
    assert added.summary() == (
        "nginx: 2 × connect() failed; nodes: 1 × Error handling request, 1 × OperationalError;"
        " PostgreSQL: 1 × FATAL too many connections for role ..."
    )


def test_figures_come_back_as_a_table_and_those_not_given_stay(tmp_path: Path) -> None:
    tmp_path.joinpath("docs", "production").mkdir(parents=True)
    operation = Operation("TLS", 0.25, 'said "200"')
    finding = Finding("kill -9 of a worker", 100, 2, 1.23, "nothing")
    write(tmp_path, [operation], [finding])
    write(tmp_path, [], [finding._replace(failed=3)])
    text = (tmp_path / "docs/production/measured.toml").read_text(encoding="utf-8")
    assert [row["seen"] for row in read(text)["operation"]] == ['said "200"']
    assert write_table(text, "fault")[-2:] == [
        "| --- | ---: | ---: | ---: | ---: |",
        "| kill -9 of a worker | 100 | 3 | 1.2 | 0 |",
    ]
    assert write_table(text, "logged") == ["- kill -9 of a worker: nothing"]

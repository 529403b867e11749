"""Serving a stage, as `start` and `run` do."""

import re
import socket
import sys
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import pytest

from tour import cli
from tour.environments import environment
from tour.run import serving
from tour.site import builder
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.system import platforms
from tour.system.address import HOST
from tour.system.address import Address
from tour.system.address import port_is_taken
from tour.system.server import PortTakenError
from tour.system.server import ServerError
from tour.system.server import StageServer
from tour.system.server import free_port
from tour.tests.synthetic import FLACK
from tour.tests.synthetic import OTHER
from tour.tests.synthetic import OTHER_HOST
from tour.tests.synthetic import README
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

# a stage that takes no host
DEAF = FLACK.replace('os.environ.get("HOST", "127.0.0.1")', '"127.0.0.1"').format(tag="v0.1")


@pytest.fixture(autouse=True)
def no_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stages run in the environment of the tests."""
    monkeypatch.setattr(environment, "stage_environment", lambda *arguments: Path(sys.executable))


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[StageServer, bytes]]:
    """The servers that were waited for, and their answers; each gets a Ctrl-C after its answer."""
    visits = []

    def wait(server: StageServer, timeout: float) -> bool:
        visits.append((server, urllib.request.urlopen(server.url).read()))
        raise KeyboardInterrupt

    monkeypatch.setattr(StageServer, "wait", wait)
    return visits


def test_a_stage_is_served_until_the_interrupt(
    clone: Clone, line: StageLine, visits: list, capsys: pytest.CaptureFixture
) -> None:
    port = free_port()
    assert serving.serve(clone.folder, line.stages[0], port, print) == 0
    [(server, answer)] = visits
    assert answer == b"v0.1"
    assert f"http://127.0.0.1:{port}" in capsys.readouterr().out
    assert not server.is_running


def test_a_stage_is_served_on_the_host(
    clone: Clone, line: StageLine, visits: list, capsys: pytest.CaptureFixture
) -> None:
    port = free_port()
    assert serving.serve(clone.folder, line.stages[0], port, print, address=OTHER) == 0
    [(_, answer)] = visits
    assert answer == b"v0.1"
    assert f"Flack v0.1 is at {OTHER.url(port)} until" in capsys.readouterr().out


def test_a_stage_that_takes_no_host_names_those_that_do(
    tour, clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "prepare", lambda *arguments: Path(sys.executable))
    runserver = {"README.md": README.replace("flack.py", "manage.py runserver").format(tag="v0.2")}
    files = {"v0.1": {"flack.py": DEAF}, "v0.2": runserver}
    publish(clone, grow_line(clone, files=files), edition=2)
    port = free_port()
    answer = tour(clone.folder, "run", "v0.1", "--host", OTHER_HOST, "--port", str(port))
    assert (answer.returncode, answer.stdout) == (3, "")
    assert answer.stderr.startswith("tour: v0.1 listens on 127.0.0.1 only; the stages from v0.2 on")
    assert f"tour run v0.2 --host {OTHER_HOST}`\n" in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert not port_is_taken(port)


def test_an_address_that_was_not_found_is_told_how_to_be_found(
    clone: Clone, visits: list, capsys: pytest.CaptureFixture
) -> None:
    # the stage takes no host, so that the test listens on 127.0.0.1 only
    publish(clone, grow_line(clone, files={"v0.1": {"flack.py": DEAF}}), edition=2)
    stage = find_stages(clone.folder).stages[0]
    serving.serve(clone.folder, stage, free_port(), print, address=Address("0.0.0.0", HOST))
    command = platforms.how_to_see_addresses()
    assert f"`{command}` shows, in place of 127.0.0.1\n" in capsys.readouterr().out


def test_start_serves_the_pages_and_flack_on_the_host(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(clone.folder)
    monkeypatch.setattr(environment, "prepare", lambda *arguments: None)
    tmp_path.joinpath("index.html").write_text("the pages")
    monkeypatch.setattr(builder, "build", lambda *arguments: tmp_path)
    answers: list[bytes] = []

    def wait(server: StageServer, timeout: float) -> bool:
        urls = re.findall(rf"{re.escape(OTHER.url(5))}\S+", capsys.readouterr().out)
        answers.extend(urllib.request.urlopen(url).read() for url in urls)
        raise KeyboardInterrupt

    monkeypatch.setattr(StageServer, "wait", wait)
    assert cli.main(["start", "--host", OTHER_HOST]) == 0
    assert answers == [b"the pages", b"v0.3"]


def test_all_stages_share_a_database(clone: Clone, line: StageLine, visits: list) -> None:
    for stage in line.stages[:2]:
        serving.serve(clone.folder, stage, free_port(), print)
    first, second = (server.environment["DATABASE_URL"] for server, _ in visits)
    assert first == second
    assert first.endswith("/.tour/flack.sqlite")


def test_serving_leaves_the_working_tree_as_it_is(
    clone: Clone, line: StageLine, visits: list
) -> None:
    clone.write({"flack.py": "mine\n"})
    before = clone.state()
    serving.serve(clone.folder, line.stages[0], free_port(), print)
    assert clone.state() == before


def test_a_server_that_ends_by_itself_is_reported(clone: Clone) -> None:
    files = {"v0.1": {"flack.py": "import sys\nsys.exit('no such table')\n"}}
    publish(clone, grow_line(clone, files=files), edition=2)
    stage = find_stages(clone.folder).stages[0]
    with pytest.raises(ServerError, match="no such table"):
        serving.serve(clone.folder, stage, free_port(), print)


def test_a_port_that_is_taken_is_passed_over_and_named(
    clone: Clone,
    line: StageLine,
    visits: list,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    taken = free_port()
    with socket.create_server((HOST, taken)):
        monkeypatch.setattr(serving, "PORTS", range(taken, taken + 20))
        assert serving.serve(clone.folder, line.stages[0], None, print) == 0
    [(server, answer)] = visits
    assert answer == b"v0.1"
    assert server.port > taken
    assert f"Port {taken} is taken, trying the next one" in capsys.readouterr().out


def test_a_given_port_that_is_taken_is_not_changed(clone: Clone, line: StageLine) -> None:
    with socket.create_server((HOST, 0)) as listener:
        taken = listener.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"port {taken} is taken; choose another one"):
            serving.serve(clone.folder, line.stages[0], taken, print)


def test_no_port_left_is_reported_with_the_option(
    clone: Clone, line: StageLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server((HOST, 0)) as listener:
        taken = listener.getsockname()[1]
        monkeypatch.setattr(serving, "PORTS", range(taken, taken + 1))
        with pytest.raises(ServerError, match="--port"):
            serving.serve(clone.folder, line.stages[0], None, print)


def test_stages_that_are_started_at_once_get_ports_of_their_own(
    clone: Clone, line: StageLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = free_port()
    monkeypatch.setattr(serving, "PORTS", range(first, first + 20))
    answers = set()
    both = threading.Barrier(2, timeout=60)

    def wait(server: StageServer, timeout: float) -> bool:
        both.wait()
        answers.add(urllib.request.urlopen(server.url).read())
        both.wait()
        raise KeyboardInterrupt

    monkeypatch.setattr(StageServer, "wait", wait)
    with ThreadPoolExecutor(2) as pool:
        serve = serving.serve
        futures = [
            pool.submit(serve, clone.folder, stage, None, print) for stage in line.stages[:2]
        ]
    assert [future.result() for future in futures] == [0, 0]
    assert answers == {b"v0.1", b"v0.2"}


def test_the_servers_log_is_in_the_copy(clone: Clone, line: StageLine, visits: list) -> None:
    serving.serve(clone.folder, line.stages[0], free_port(), print)
    [(server, _)] = visits
    assert server.log.is_relative_to(clone.folder / ".tour" / "temporary")


def test_what_is_to_follow_the_first_answer_comes_before_the_address(
    clone: Clone, line: StageLine, visits: list, capsys: pytest.CaptureFixture
) -> None:
    serving.serve(clone.folder, line.stages[0], free_port(), print, lambda: print("answered"))
    assert capsys.readouterr().out.startswith("answered\nFlack v0.1 is at ")


def test_an_interrupt_before_the_address_stops_the_server(clone: Clone, line: StageLine) -> None:
    port = free_port()
    with pytest.raises(KeyboardInterrupt):
        serving.serve(
            clone.folder, line.stages[0], port, print, Mock(side_effect=KeyboardInterrupt)
        )
    assert not port_is_taken(port)

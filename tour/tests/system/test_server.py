"""A stage's server: started, stopped, killed and started again."""

import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path
from pathlib import PurePosixPath
from unittest.mock import Mock

import pytest

from tour.system import process
from tour.system import server as server_module
from tour.system.address import HOST
from tour.system.address import LOOPBACK
from tour.system.address import Address
from tour.system.address import port_is_taken
from tour.system.server import LoopbackOnlyError
from tour.system.server import PortTakenError
from tour.system.server import ServerError
from tour.system.server import StageServer
from tour.system.server import free_port
from tour.system.server import sqlite_url
from tour.tests.synthetic import OTHER

# answers with its arguments, with a variable, and with the port of a child that would outlive it
SERVER = """\
import http.server
import os
import socket
import subprocess
import sys

CHILD = '''
import socket
import time

listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
connection, _ = listener.accept()
time.sleep(600)
'''
child = subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True)
words = [*sys.argv[1:], os.environ.get("DATABASE_URL", "none"), child.stdout.readline().strip()]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(" ".join(words).encode())


if "runserver" in sys.argv:
    host = sys.argv[-3] if "-h" in sys.argv else "127.0.0.1"
    port = sys.argv[-1]
else:
    host = os.environ.get("HOST", "127.0.0.1")
    port = os.environ["PORT"]
server = http.server.ThreadingHTTPServer
server.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
server((host, int(port)), Handler).serve_forever()
"""

# one that knows of no host
DEAF = """\
import http.server
import os

address = ("127.0.0.1", int(os.environ["PORT"]))
http.server.HTTPServer(address, http.server.BaseHTTPRequestHandler).serve_forever()
"""

# asked to end, it says so at the port that it is given, and ends when it gets an answer there
POLITE = """\
import signal
import socket
import sys
import time


def end(*arguments):
    meeting.sendall(b"e")
    meeting.recv(1)
    sys.exit()


meeting = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
signal.signal(getattr(signal, "SIGBREAK", signal.SIGTERM), end)
meeting.sendall(b"s")
time.sleep(600)
"""


def make_server(
    folder: Path, command: str = "python serve.py", address: Address = LOOPBACK, **variables: str
) -> StageServer:
    folder.joinpath("serve.py").write_text(SERVER)
    folder.joinpath("deaf.py").write_text(DEAF)
    folder.joinpath("fail.py").write_text("import sys\nsys.exit('no such table')\n")
    return StageServer(folder, Path(sys.executable), command, variables, address=address)


def ask(server: StageServer) -> list[str]:
    with urllib.request.urlopen(server.url) as answer:
        return answer.read().decode().split(" ")


def test_a_started_server_answers(tmp_path: Path) -> None:
    with make_server(tmp_path) as server:
        assert ask(server)


def test_a_stopped_server_frees_its_port(tmp_path: Path) -> None:
    with make_server(tmp_path) as server:
        assert port_is_taken(server.port)
    assert not port_is_taken(server.port)
    assert server.pid is None


def test_a_killed_server_starts_again_on_its_port(tmp_path: Path) -> None:
    with make_server(tmp_path) as server:
        first = server.pid
        server.kill()
        assert server.pid is None
        server.start()
        assert ask(server)
        assert server.pid != first


@pytest.mark.parametrize("end", [StageServer.stop, StageServer.kill])
def test_the_children_of_a_server_end_with_it(
    tmp_path: Path, end: Callable[[StageServer], None]
) -> None:
    with make_server(tmp_path) as server:
        child_port = int(ask(server)[-1])
        with socket.create_connection(("127.0.0.1", child_port), timeout=60) as connection:
            end(server)
            # the system closes it when the child ends, and not before
            assert connection.recv(1) == b""


def test_runserver_gets_its_port_as_an_option(tmp_path: Path) -> None:
    with make_server(tmp_path, "python serve.py runserver") as server:
        assert ask(server)[:3] == ["runserver", "-p", str(server.port)]


@pytest.mark.parametrize("command", ["python serve.py", "python serve.py runserver"])
def test_a_server_listens_on_its_host_alone(tmp_path: Path, command: str) -> None:
    with make_server(tmp_path, command, OTHER) as server:
        assert ask(server)
        assert not port_is_taken(server.port, HOST)


def test_a_server_that_takes_no_host_is_ended_at_once(tmp_path: Path) -> None:
    server = make_server(tmp_path, "python deaf.py", OTHER)
    with pytest.raises(LoopbackOnlyError, match="python deaf.py listens on 127.0.0.1 only"):
        server.start()
    assert not server.is_running


def test_the_servers_variables_are_the_given_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "the learner's other project")
    with make_server(tmp_path) as server:
        assert ask(server)[-2] == "none"
    with make_server(tmp_path, DATABASE_URL="sqlite:///flack.sqlite") as server:
        assert ask(server)[-2] == "sqlite:///flack.sqlite"


@pytest.mark.parametrize(
    "name",
    [
        # what a shell calls its host is not where a server listens
        *("HOST", "PORT"),
        # without bytecode each start of a server would compile Flask again
        *("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"),
    ],
)
def test_what_would_change_a_stage_does_not_reach_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")
    assert name not in process.clean_environment()


def test_a_server_that_dies_is_reported_with_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="ended with 1:\nno such table"):
        make_server(tmp_path, "python fail.py").start()


def test_a_port_that_is_taken_is_reported(tmp_path: Path) -> None:
    with make_server(tmp_path) as first:
        second = make_server(tmp_path)
        second.port = first.port
        with pytest.raises(PortTakenError, match=f"port {first.port} is taken; choose another"):
            second.start()
        assert ask(first)


def test_the_answer_of_another_program_on_the_port_is_not_taken_for_the_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make_server(tmp_path) as first:
        second = make_server(tmp_path, "python fail.py")
        second.port = first.port
        # free when it is asked for, and taken when the server comes to it
        monkeypatch.setattr(Address, "is_taken", Mock(side_effect=[False, True]))
        monkeypatch.setattr(server_module, "get_status", lambda host, port: second.wait())
        with pytest.raises(PortTakenError):
            second.start()


def test_the_output_goes_to_the_folder_for_logs(tmp_path: Path) -> None:
    server = StageServer(tmp_path, Path(sys.executable), "python serve.py", {}, logs=tmp_path)
    assert server.log.parent == tmp_path


def test_a_command_that_is_not_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="does not start with python"):
        make_server(tmp_path, "gunicorn flack").start()


def test_the_output_of_every_start_is_kept(tmp_path: Path) -> None:
    with make_server(tmp_path) as server:
        server.kill()
        server.start()
        assert server.output().count("GET /") == 2


def test_a_free_port_is_not_taken() -> None:
    assert not port_is_taken(free_port())


def test_a_process_over_its_time_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spawn = process.spawn
    children: list[subprocess.Popen[bytes]] = []

    def remember(*arguments) -> subprocess.Popen[bytes]:
        children.append(spawn(*arguments))
        return children[-1]

    monkeypatch.setattr(process, "spawn", remember)
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    environment = process.clean_environment()
    assert process.run(command, tmp_path, environment, tmp_path / "log", limit=0) is None
    [child] = children
    assert child.poll() is not None


def test_stopping_all_ends_what_runs_still(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    child = process.spawn(command, tmp_path, process.clean_environment(), tmp_path / "log")
    process.stop_all()
    assert child.poll() is not None


def test_all_are_asked_to_end_before_any_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # only a process that waits in vain is ended by force
    monkeypatch.setattr(process, "GRACE", 60.0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-c", POLITE, str(listener.getsockname()[1])]
        environment = process.clean_environment()
        children = [process.spawn(command, tmp_path, environment, log=None) for _ in range(2)]
        connections = [listener.accept()[0] for _ in children]
    assert [connection.recv(1) for connection in connections] == [b"s", b"s"]

    def answer() -> None:
        # each gets its answer when both are asked
        if [connection.recv(1) for connection in connections] == [b"e", b"e"]:
            for connection in connections:
                connection.sendall(b"e")

    meeting = threading.Thread(target=answer)
    meeting.start()
    process.stop_all()
    meeting.join()
    assert [child.returncode for child in children] == [0, 0]
    for connection in connections:
        connection.close()


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/home/you/flack.sqlite", "sqlite:////home/you/flack.sqlite"),
        # else the file would be /home/you/what, and /home/you/a b/flack.sqlite
        ("/home/you/what?/flack.sqlite", "sqlite:////home/you/what%3F/flack.sqlite"),
        ("/home/you/a%20b/flack.sqlite", "sqlite:////home/you/a%2520b/flack.sqlite"),
        ("C:/Users/you/flack.sqlite", "sqlite:///C:/Users/you/flack.sqlite"),
    ],
)
def test_the_path_of_a_database_is_whole_in_its_url(path: str, url: str) -> None:
    assert sqlite_url(PurePosixPath(path)) == url

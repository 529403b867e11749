"""The server of a stage, started by the command that the stage's README gives."""

import http.client
import random
import shlex
import socket
import subprocess
import tempfile
import threading
import time
import weakref
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from pathlib import PurePath
from urllib.parse import quote

from tour.system import process
from tour.system.address import HOST
from tour.system.address import LOOPBACK
from tour.system.address import Address
from tour.system.address import port_is_taken
from tour.system.errors import TourError

# systems give higher ports to outgoing connections, and one of those could take the port before the
# server does
PORTS = range(20_000, 32_000)

# seconds: the longest wait for the first answer, the pause between two tries, one try
START_LIMIT = 120.0
PAUSE = 0.02
TRY_LIMIT = 5.0

# until a new process is another program it holds what all threads have open, such as the port that
# another server is about to take
STARTING = threading.Lock()


class ServerError(TourError):
    """A stage's server did not come up; the message ends with its output."""


class PortTakenError(ServerError):
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"port {port} is taken; choose another one, or end the program that listens there"
        )


class LoopbackOnlyError(ServerError):
    """The stage does not know of hosts: its server listens on 127.0.0.1 and nowhere else."""


def free_port() -> int:
    """Return a free port of 127.0.0.1."""
    while True:
        port = random.choice(PORTS)
        with STARTING, socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        return port


@dataclass(eq=False)
class StageServer(process.Service):
    """A stage's server, as a process that can be stopped, killed and started again.

    `directory` holds the stage's files, `python` is the interpreter of its environment. `command`
    is `python flack.py` or `python manage.py runserver` as in its README. `environment` has
    additional variables (`DATABASE_URL`, `FLACK_PREVIEW_PRIVATE`). Without `port` a free one is
    chosen, and stays the same for every later start. Its output goes to a file in the folder
    `logs`, by default the system's folder for temporary files. It listens on 127.0.0.1, or on the
    host of `address`.
    """

    directory: Path
    python: Path
    command: str
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    logs: Path | None = None
    address: Address = LOOPBACK

    def __post_init__(self) -> None:
        self.url = self.address.url(self.port)
        with tempfile.NamedTemporaryFile(
            prefix="flack-", suffix=".log", dir=self.logs, delete=False
        ) as file:
            self.log = Path(file.name)
        weakref.finalize(self, self.log.unlink, missing_ok=True)

    @property
    def pids(self) -> list[int]:
        """The ids of the server's processes, without those that they have started."""
        return [] if self.pid is None else [self.pid]

    def start(self) -> None:
        """Start the server and return when it answers.

        Raise PortTakenError when another program has its port, LoopbackOnlyError when it listens
        somewhere else than it should, ServerError when it does not answer.
        """
        if self.is_running:
            return
        # the latter two tell a command without options where to listen
        variables = {"PYTHONUNBUFFERED": "1", **self.environment, "PORT": str(self.port)}
        if self.address != LOOPBACK:
            variables["HOST"] = self.address.host
        environment = process.clean_environment(variables)
        arguments = self._arguments()
        with STARTING:
            if self.address.is_taken(self.port):
                raise PortTakenError(self.port)
            started = process.spawn(arguments, self.directory, environment, self.log)
        self._process = started
        try:
            self._wait_for_answer(started)
        except BaseException:
            self.kill()
            raise

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the server ends by itself; False when `timeout` seconds pass before that."""
        assert self._process is not None, "the server was never started"
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    def output(self) -> str:
        """Return the server's output so far, of all starts."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _arguments(self) -> list[str]:
        program, *arguments = shlex.split(self.command)
        if program != "python":
            raise ServerError(f"cannot run {self.command!r}: it does not start with python")
        if takes_options(self.command):
            # without a host, as in the README: `check` has to run that command
            if self.address != LOOPBACK:
                arguments += ["-h", self.address.host]
            arguments += ["-p", str(self.port)]
        return [str(self.python), *arguments]

    def _wait_for_answer(self, started: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_LIMIT
        while True:
            status = get_status(self.address.typed, self.port)
            # only after the answer: another program may have taken the port and given it
            if not self.is_running:
                if self.address.is_taken(self.port):
                    raise PortTakenError(self.port)
                raise ServerError(self._failure(f"ended with {started.returncode}"))
            if status is not None:
                return
            if self._is_on_loopback_only():
                raise LoopbackOnlyError(f"{self.command} listens on {HOST} only")
            if time.monotonic() > deadline:
                raise ServerError(self._failure(f"did not answer in {START_LIMIT:.0f} s"))
            time.sleep(PAUSE)

    def _is_on_loopback_only(self) -> bool:
        """Return whether the server answers at 127.0.0.1, and not at its address.

        A server that listens on all addresses answers at both.
        """
        return (
            self.address != LOOPBACK
            and port_is_taken(self.port)
            and not port_is_taken(self.port, self.address.typed)
        )

    def _failure(self, what: str) -> str:
        return f"{self.command} in {self.directory} {what}:\n{self.output().strip()}"


def sqlite_url(file: PurePath) -> str:
    """Return the DATABASE_URL of an SQLite file, whatever characters its path has."""
    return f"sqlite:///{quote(file.as_posix(), safe='/:')}"


def takes_options(command: str) -> bool:
    """Return whether a server's command takes host and port as options, as Flask-Script's does."""
    return "runserver" in shlex.split(command)


def get_status(host: str, port: int, path: str = "/") -> int | None:
    """Return the status with which a server answers, None when it does not."""
    connection = http.client.HTTPConnection(host, port, timeout=TRY_LIMIT)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()

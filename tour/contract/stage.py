"""The stage under test: how its servers are started, and on which database."""

import secrets
import shlex
import sqlite3
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import httpx
import psutil

from tour.contract.behind import BehindStage
from tour.contract.behind import PsqlRows
from tour.contract.client import TIMEOUT
from tour.contract.client import Person
from tour.contract.client import Server
from tour.contract.client import open_client
from tour.contract.client import register
from tour.contract.client import unique
from tour.production.deployment import Deployment
from tour.system.server import StageServer
from tour.system.server import sqlite_url

SQLITE = "sqlite:///"
# the prefix, and what serves a stage under it
PREFIX = "/chat"
PREFIXED = Path(__file__).with_name("prefixed.py")
INSERT_PERSON = """
    INSERT INTO users (created_at, updated_at, last_seen_at, nickname, password_hash, token)
    VALUES (?, ?, ?, ?, ?, ?)
"""
PASSWORD = "a password"
# as generate_password_hash of Werkzeug 3.1 writes it: method, salt and hash
PASSWORD_HASH = "pbkdf2:sha256:1$salt$" + pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt", 1).hex()


class Stage(NamedTuple):
    """A stage's files, the interpreter of its environment and its README's command.

    `database` is a URL that all servers share, or None: then each gets an SQLite file of its own
    in a folder that `new_folder` makes.
    """

    directory: Path
    python: Path
    command: str
    database: str | None
    new_folder: Callable[[], Path]

    def new_sqlite(self) -> str:
        """Return the DATABASE_URL of an SQLite file that is not there yet."""
        return sqlite_url(self.new_folder() / "flack.sqlite")

    def prefixed(self) -> "Stage":
        """Return this stage with a command that serves it under the prefix."""
        return self._replace(command=f"python {shlex.quote(PREFIXED.as_posix())}")

    @contextmanager
    def server(self, database: str | None = None, **environment: str) -> Iterator[StageServer]:
        """Run a server, and check that it met nothing that it did not expect."""
        url = database or self.database or self.new_sqlite()
        variables = {"DATABASE_URL": url, **environment}
        with StageServer(self.directory, self.python, self.command, variables) as server:
            yield server
        assert "Traceback" not in server.output(), server.output()


class Place(NamedTuple):
    """A server, a client of it, and a connection to the database below it, an SQLite file.

    The file lets a test make things old. Its schema is the same at every stage.
    """

    server: Server
    client: httpx.Client
    database: sqlite3.Connection | PsqlRows

    @classmethod
    @contextmanager
    def open(cls, stage: Stage | BehindStage) -> Iterator["Place"]:
        # private addresses are admitted, for the tests of previews
        variables = {"FLACK_PREVIEW_PRIVATE": "1"}
        if isinstance(stage, BehindStage):
            with stage.server(**variables) as deployment, open_client(deployment) as client:
                yield cls(deployment, client, PsqlRows(deployment))
            return
        path = stage.new_folder() / "chosen by DATABASE_URL.sqlite"
        with stage.server(sqlite_url(path), **variables) as server, open_client(server) as client:
            with closing(sqlite3.connect(path, timeout=TIMEOUT)) as database:
                yield cls(server, client, database)

    def new_person(self) -> Person:
        """Return a person whom no other test knows."""
        return new_person(self.server)

    def age_user(self, id: int, seconds: int) -> None:
        """Make a user have been seen so many seconds earlier."""
        self._age("users", "last_seen_at", id, seconds)

    def age_message(self, id: int, seconds: int) -> None:
        """Make a message have been changed so many seconds earlier."""
        self._age("messages", "updated_at", id, seconds)

    def set_clock_back(self, seconds: int) -> None:
        """Make it as if the server's clock had been set back: all times so far lie ahead of it."""
        with self.database:
            for table in ("users", "messages"):
                self.database.execute(
                    f"UPDATE {table} SET created_at = created_at + ?, updated_at = updated_at + ?",
                    (seconds, seconds),
                )

    def version(self) -> int:
        """Return a number that is another one after each write of the server's."""
        if isinstance(self.database, PsqlRows):
            # each transaction that writes takes the next number, and one that reads takes none
            statement = "SELECT pg_snapshot_xmax(pg_current_snapshot())"
        else:
            statement = "PRAGMA data_version"
        [[version]] = self.database.execute(statement)
        return int(version)

    def tables(self) -> set[str]:
        """Return the names of the tables that there are."""
        if isinstance(self.database, PsqlRows):
            statement = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        else:
            statement = "SELECT name FROM sqlite_master WHERE type = 'table'"
        return {name for [name] in self.database.execute(statement)}

    def _age(self, table: str, column: str, id: int, seconds: int) -> None:
        with self.database:
            self.database.execute(
                f"UPDATE {table} SET {column} = {column} - ? WHERE id = ?", (seconds, id)
            )


class Burst(NamedTuple):
    """Many requests in a short time, and what the statistics said before and after them."""

    client: httpx.Client
    sent: int
    before: float
    after: float
    ended: float

    @classmethod
    def send(cls, client: httpx.Client, sent: int = 95) -> "Burst":
        before = requests_per_second(client)
        for _ in range(sent):
            client.get("/api/messages/0")
        return cls(client, sent, before, requests_per_second(client), time.monotonic())


def new_person(server: Server, nickname: str = "") -> Person:
    """Return a person who has registered, has a token and was seen now.

    Where it can be done the row is put in directly, with a password hash that is cheap to check:
    to hash the passwords of all who register would take more time than all else that is tested.
    """
    nickname = nickname or unique("person")
    if isinstance(server, Deployment):
        return _insert_person(PsqlRows(server), nickname)
    url = server.environment["DATABASE_URL"]
    if not url.startswith(SQLITE):
        with open_client(server) as client:
            return register(client, nickname)
    path = unquote(url.removeprefix(SQLITE))
    with closing(sqlite3.connect(path, timeout=TIMEOUT)) as database, database:
        return _insert_person(database, nickname)


def _insert_person(database: sqlite3.Connection | PsqlRows, nickname: str) -> Person:
    now = int(time.time())
    token = secrets.token_hex(32)
    row = (now, now, now, nickname, PASSWORD_HASH, token)
    [[id]] = database.execute(f"{INSERT_PERSON} RETURNING id", row)
    return Person(int(id), nickname, PASSWORD, token)


def cpu_seconds(server: Server) -> float:
    """Return the CPU time that the server's processes, and what they started, have used so far.

    Other work on the machine makes an answer late, and leaves this as it is.
    """
    processes = [psutil.Process(pid) for pid in server.pids]
    processes += [child for each in processes for child in each.children(recursive=True)]
    times = [each.cpu_times() for each in processes]
    return sum(time.user + time.system for time in times)


def requests_per_second(client: httpx.Client) -> float:
    """Return what /stats says."""
    rate: float = client.get("/stats").json()["requests_per_second"]
    return rate

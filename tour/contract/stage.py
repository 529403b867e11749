"""The stage under test: how its servers are started, and on which database."""

import sqlite3
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from tour.contract.client import open_client
from tour.server import StageServer


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

    @contextmanager
    def server(self, database: str | None = None, **environment: str) -> Iterator[StageServer]:
        """Run a server, and hold it to having met nothing that it did not expect."""
        url = database or self.database or self.new_sqlite()
        variables = {"DATABASE_URL": url, **environment}
        with StageServer(self.directory, self.python, self.command, variables) as server:
            yield server
        assert "Traceback" not in server.output(), server.output()


class Place(NamedTuple):
    """A client of a server, and a connection to the SQLite file below that server.

    The file lets a test make things old. Its schema is the same at every stage.
    """

    client: httpx.Client
    path: Path
    database: sqlite3.Connection

    @classmethod
    @contextmanager
    def open(cls, stage: Stage) -> Iterator["Place"]:
        path = stage.new_folder() / "chosen by DATABASE_URL.sqlite"
        with stage.server(sqlite_url(path)) as server, open_client(server) as client:
            with closing(sqlite3.connect(path, timeout=30)) as database:
                yield cls(client, path, database)

    def age_user(self, id: int, seconds: int) -> None:
        """Make a user have been seen so many seconds earlier."""
        self._age("users", "last_seen_at", id, seconds)

    def age_message(self, id: int, seconds: int) -> None:
        """Make a message have been changed so many seconds earlier."""
        self._age("messages", "updated_at", id, seconds)

    def version(self) -> int:
        """Return a number that is another one after each write of the server's."""
        return self.database.execute("PRAGMA data_version").fetchone()[0]

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
    def send(cls, client: httpx.Client, sent: int = 150) -> "Burst":
        before = requests_per_second(client)
        for _ in range(sent):
            client.get("/api/messages/0")
        return cls(client, sent, before, requests_per_second(client), time.monotonic())


def requests_per_second(client: httpx.Client) -> float:
    """Return what /stats says."""
    return client.get("/stats").json()["requests_per_second"]


def sqlite_url(path: Path) -> str:
    """Return the DATABASE_URL of an SQLite file."""
    return f"sqlite:///{path.as_posix()}"

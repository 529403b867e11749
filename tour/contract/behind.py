"""The stage behind nginx, on PostgreSQL, and the rules of the suite that differ there.

With --stage-production each server of the suite is a set-up of its own: nginx, two nodes of two
workers and a database. What differs is in behind.toml with its reason. It is not skipped: such a
test has to fail, and the last answer that it had has to be the one that behind.toml says.
"""

import itertools
import tomllib
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import NamedTuple

from tour.production import files
from tour.production.database import Database
from tour.production.deployment import NO_BRAKE
from tour.production.deployment import Deployment

DIFFERENCES = "behind.toml"


class Difference(NamedTuple):
    """What a test gets behind the proxy: an answer of this status, or an error with this text.

    `reason` says why that is not what Flack alone answers.
    """

    reason: str
    status: int | None
    said: str | None


class PsqlRows:
    """A database of PostgreSQL, with the part of sqlite3's connection that the suite uses."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment

    def __enter__(self) -> "PsqlRows":
        return self

    def __exit__(self, *exception: object) -> None:
        """There is no transaction to end: each statement is one."""

    def execute(self, statement: str, values: tuple[int | str, ...] = ()) -> list[tuple[str, ...]]:
        return self.deployment.sql(_fill_in(statement, values))

    def executemany(self, statement: str, rows: Iterable[tuple[int | str, ...]]) -> None:
        statements = [_fill_in(statement, values) for values in rows]
        self.deployment.sql(";\n".join(["BEGIN", *statements, "COMMIT"]))


class BehindStage:
    """A stage whose servers are set-ups; it stands in for Stage, whose methods it has."""

    def __init__(
        self,
        directory: Path,
        python: Path,
        database: Database,
        repository: Path,
        new_folder: Callable[[], Path],
        variables: dict[str, str] | None = None,
    ) -> None:
        self.directory = directory
        self.python = python
        self.database = database
        self.repository = repository
        self.new_folder = new_folder
        self.variables = variables or {}
        self.texts = files.read(repository)
        self.names = (f"flack{number}" for number in itertools.count(1))

    def new_sqlite(self) -> None:
        """Return that no database is given: each set-up has one of its own."""

    def prefixed(self) -> "BehindStage":
        """Return this stage, whose nodes have Flack under the prefix."""
        copy = self._replace()
        copy.variables = {"SCRIPT_NAME": "/chat"}
        return copy

    def _replace(self, **changes: Any) -> "BehindStage":
        copy = BehindStage.__new__(BehindStage)
        copy.__dict__ |= self.__dict__ | {
            name: value for name, value in changes.items() if name == "directory"
        }
        return copy

    @contextmanager
    def server(self, database: str | None = None, **variables: str) -> Iterator[Deployment]:
        """Run a set-up, and check that it met nothing that it did not expect."""
        given = {"DATABASE_URL": database} if database else {}
        with Deployment(
            self.texts,
            self.directory,
            self.python,
            self.new_folder(),
            self.database,
            name=next(self.names),
            variables=self.variables | given | variables,
            # the suite registers more people in a second than the page lets in
            replacements=NO_BRAKE,
        ) as deployment:
            yield deployment
        assert "Traceback" not in deployment.output(), deployment.output()


def read_differences() -> dict[str, Difference]:
    """Return what differs, by the name of the test as in test_x.py::test_y[z]."""
    text = Path(__file__).with_name(DIFFERENCES).read_text(encoding="utf-8")
    return {
        test: Difference(entry["reason"], entry.get("status"), entry.get("said"))
        for entry in tomllib.loads(text)["difference"]
        for test in entry["tests"]
    }


def _fill_in(statement: str, values: tuple[int | str, ...]) -> str:
    """Return the statement with the values in the place of its question marks."""
    parts = statement.split("?")
    return "".join(map("".join, zip(parts, [*map(_literal, values), ""])))


def _literal(value: int | str) -> str:
    """Return a value as SQL has it; none that the suite puts in has a backslash."""
    if isinstance(value, int):
        return str(value)
    quoted = value.replace("'", "''")
    return f"'{quoted}'"

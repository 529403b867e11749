"""The people of the contract suite, who are put into a stage's database."""

import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest

from tour.contract.stage import new_person
from tour.system.server import sqlite_url

TABLE = """
    CREATE TABLE users (id INTEGER PRIMARY KEY, created_at, updated_at, last_seen_at, nickname,
    password_hash, token)
"""


@pytest.mark.parametrize("name", ["plain", "a b", "a%20b", "C#"])
def test_a_person_is_put_into_the_database_that_the_url_names(tmp_path: Path, name: str) -> None:
    file = tmp_path / name / "flack.sqlite"
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(TABLE)
        person = new_person(Mock(environment={"DATABASE_URL": sqlite_url(file)}))
        assert database.execute("SELECT nickname FROM users").fetchall() == [(person.nickname,)]

"""Tests of the commands."""
from unittest.mock import Mock

import pytest

from flack import db
from manage import createdb
from manage import make_tables


@pytest.fixture
def create_all(monkeypatch):
    """What makes the tables, and does not."""
    monkeypatch.setattr(db, "create_all", Mock())
    return db.create_all


def failure(text):
    """Return what is raised for a statement that the database refuses."""
    return db.exc.OperationalError("CREATE TABLE", {}, Exception(text))


def test_tables_that_another_process_makes_meanwhile_do_no_harm(create_all, capsys):
    create_all.side_effect = [failure("users is there"), failure("messages is there"), None]
    createdb()
    assert capsys.readouterr().out == "The tables are there.\n"


def test_a_database_that_cannot_be_used_is_not_tried_for_ever(create_all):
    create_all.side_effect = failure("nobody is there")
    with pytest.raises(db.exc.OperationalError, match="nobody"):
        make_tables()

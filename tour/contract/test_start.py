"""How a server is started: only for this machine, without a debugger, on any database."""

import shutil
import socket
from pathlib import Path

import pytest

from tour.contract.client import at_once
from tour.contract.client import expect
from tour.contract.client import open_client
from tour.system.server import ServerError
from tour.system.server import sqlite_url

UNUSABLE = {
    "no address": "nonsense",
    "an unknown database": "klingon://127.0.0.1/flack",
    "a port that is none": "postgresql+psycopg://127.0.0.1:x/flack",
    "as hosts write it, and nothing there": "postgres://127.0.0.1:9/flack",
    "a folder that is not there": "sqlite:////nowhere/at/all/flack.sqlite",
}


def copied(directory: Path, folder: Path) -> Path:
    """Return a copy of a stage's files, without what earlier runs have left among them."""
    ignore = shutil.ignore_patterns("instance", "__pycache__", ".*")
    return Path(shutil.copytree(directory, folder / "copy", ignore=ignore))


def test_the_first_start_makes_the_database(place):
    assert place.tables() >= {"users", "messages"}


def test_servers_that_start_at_the_same_moment_share_a_new_database(stage, tmp_path):
    url = sqlite_url(tmp_path / "flack.sqlite")

    def serve():
        with stage.server(url) as server, open_client(server) as client:
            expect(client.get("/api/users"), 200)

    # a server that found a table there that it was about to make would end with an error
    at_once([serve] * 3)


def test_other_machines_do_not_reach_the_server(server):
    # another of this machine's own addresses stands for the network's
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", server.port), timeout=1)


def test_the_debugger_is_off(server, client):
    assert "Debugger is active" not in server.output()
    assert (
        client.get("/?__debugger__=yes&cmd=resource&f=debugger.js")
        .headers["Content-Type"]
        .startswith("text/html")
    )


@pytest.mark.parametrize("url", UNUSABLE.values(), ids=UNUSABLE)
def test_a_database_that_cannot_be_used_gets_one_line(stage, url):
    with pytest.raises(ServerError) as raised, stage.server(url):
        pass
    # what the server printed follows the command
    [said] = str(raised.value).splitlines()[1:]
    assert said.startswith("DATABASE_URL cannot be used: ")
    # the stages' environments have no driver, and one that had it would find nobody there
    assert not url.startswith("postgres:") or "psycopg" in said


def test_variables_that_are_empty_are_as_if_they_were_not_set(stage, tmp_path):
    names = ["DATABASE_URL", "SECRET_KEY", "HOST", "FLACK_CONFIG", "FLACK_SETTINGS"]
    # in a copy, because the database is made beside the application
    copy = stage._replace(directory=copied(stage.directory, tmp_path), database=None)
    with copy.server(**dict.fromkeys(names, "")) as server, open_client(server) as client:
        expect(client.get("/api/users"), 200)
    assert list(tmp_path.rglob("instance/flack.sqlite"))

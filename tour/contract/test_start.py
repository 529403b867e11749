"""How a server is started: only for this machine, without a debugger, on any database."""

import socket

import pytest


def test_the_first_start_makes_the_database(place):
    tables = place.database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    assert {name for name, in tables} >= {"users", "messages"}


def test_other_machines_do_not_reach_the_server(server):
    # another of this machine's own addresses stands for the network's
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", server.port), timeout=1)


def test_the_debugger_is_off(server, client):
    assert "Debugger is active" not in server.output()
    assert client.get("/?__debugger__=yes&cmd=resource&f=debugger.js").headers[
        "Content-Type"
    ].startswith("text/html")

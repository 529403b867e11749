"""Hosts of their own: made, reached, cut off, gone at the end; and what is told without them."""

import os
import shutil
import socket
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from tour.production import faults
from tour.production import files
from tour.production import hosts
from tour.production import part
from tour.production.database import Database
from tour.production.deployment import Deployment
from tour.production.hosts import Host
from tour.production.hosts import Network
from tour.production.node import Node
from tour.production.programs import Programs
from tour.production.serving import Prepared
from tour.system import platforms
from tour.system.errors import TourError
from tour.system.errors import UsageError

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the set-up does not run on Windows"
)

FAR = Host("10.23.0.11", "host0", ("nsenter", "--net=/proc/1/ns/net"))
# seconds that only a hang takes
HANGS = 60.0
PROGRAMS = Programs(Path("nginx"), Path("postgresql"))


class FakeNetwork(Network):
    def add_host(self) -> Host:
        return FAR


@pytest.fixture(scope="module")
def texts(this_repository: Path) -> dict[str, str]:
    return files.read(this_repository)


def is_reached(address: str, seconds: float) -> bool:
    """Return whether a packet gets there in time: a host without the port refuses it at once."""
    try:
        socket.create_connection((address, 9), timeout=seconds).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return True


def test_a_host_is_reached_until_it_is_cut_off_and_all_goes_at_the_end(tmp_path: Path) -> None:
    if why := hosts.explain_impossible():
        # a system may forbid hosts, but CI installs the programs that make them
        assert not (platforms.all_is_required() and "not found" in why), why
        pytest.skip(why)
    before = hosts.THIS_NAMESPACE.readlink()
    with pytest.raises(KeyboardInterrupt), Network(tmp_path) as network:
        assert hosts.THIS_NAMESPACE.readlink() != before
        first, second = network.add_host(), network.add_host()
        assert is_reached(first.address, HANGS)
        network.cut_off(first)
        # on a busy machine an answer would come later than that, but none comes
        assert not is_reached(first.address, 0.5)
        assert is_reached(second.address, HANGS)
        [_, id] = second.enter[1].split("/")[1:3]
        raise KeyboardInterrupt
    assert hosts.THIS_NAMESPACE.readlink() == before
    part.wait_until(lambda: not Path(f"/proc/{id}/ns/net").exists(), "the host is there still")


def test_only_root_can_make_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert hosts.explain_impossible() == "only root on Linux can make hosts"


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are of Linux")
def test_a_program_that_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name, path: None if name == "ip" else name)
    assert hosts.explain_impossible() == "ip not found"


def test_a_command_that_fails_is_told_with_what_it_said() -> None:
    with pytest.raises(TourError, match="`sh -c echo no >&2; exit 1` failed: no"):
        hosts._run("sh", "-c", "echo no >&2; exit 1")


def test_what_was_not_tried_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hosts, "explain_impossible", lambda: "ip not found")
    found = faults.try_hosts(Prepared(PROGRAMS, {}, tmp_path, tmp_path), tmp_path)
    assert [(each.name, each.logged, each.problem) for each in found] == [
        ("one of three hosts gone", "not tried: ip not found", ""),
        ("a node on a new host", "not tried: ip not found", ""),
    ]


def test_nodes_listen_on_their_hosts_and_nginx_knows_where(
    texts: dict[str, str], tmp_path: Path
) -> None:
    network = FakeNetwork(tmp_path)
    database = Database(PROGRAMS, tmp_path / "database", network=network)
    python = tmp_path / "venv" / "bin" / "python"
    deployment = Deployment(texts, tmp_path, python, tmp_path, database, network=network)
    deployment._write_files()
    ports = deployment.node_ports
    upstream = (deployment.settings / "nginx/upstream.conf").read_text(encoding="utf-8")
    assert all(f"server {FAR.address}:{port} max_fails=0;" in upstream for port in ports)
    assert f"@{network.address}:{database.port}/" in deployment.environment["DATABASE_URL"]
    node = Node(ports[0], deployment.settings, deployment.logs, {}, FAR)
    assert node.environment["FLACK_BIND"] == FAR.address
    assert node.arguments[:2] == list(FAR.enter)


def test_more_nodes_than_postgresql_has_connections_for_are_refused(
    texts: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(PROGRAMS, tmp_path / "database")
    # max_connections and superuser_reserved_connections, as PostgreSQL has them by default
    monkeypatch.setattr(database, "psql", lambda statement: Mock(stdout="100\n3\n"))
    python = tmp_path / "venv" / "bin" / "python"
    fitting, too_many = (
        Deployment(texts, tmp_path, python, tmp_path, database, size=size) for size in (5, 6)
    )
    for deployment in (fitting, too_many):
        deployment._write_files()
    assert fitting._connections() == 88
    with pytest.raises(UsageError, match="104 connections, and PostgreSQL has 97; take at most 5"):
        too_many._connections()

"""Hosts of their own on one machine: network namespaces of Linux, which a bridge joins.

A host is a process that sleeps in a namespace of its own. The namespaces have no names: they go,
with their links and addresses, when the last process in them has ended (network_namespaces(7)).
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tour.production.part import Part
from tour.production.part import wait_until
from tour.system.address import HOST
from tour.system.errors import TourError

# private addresses (RFC 1918), which nothing outside of the namespaces has
NETWORK = "10.23.0.0/24"
ADDRESS = "10.23.0.{}"
FIRST_HOST = 11
BRIDGE = "flack0"

# of unshare(2) and setns(2); Python has both since 3.12
CLONE_NEWNET = 0x40000000

PROGRAMS = ("ip", "nsenter", "unshare")
PATH = "/usr/sbin:/sbin:/usr/bin:/bin"
THIS_NAMESPACE = Path("/proc/thread-self/ns/net")


class Host(NamedTuple):
    """Where a node runs: its address, the link to it, and what a command there begins with."""

    address: str
    link: str = ""
    enter: tuple[str, ...] = ()


THIS_HOST = Host(HOST)


class Network:
    """A network of hosts. In its context this thread, and all that it starts, is on one of them.

    That host has `address`, a loopback of its own, and no way out. `add_host` makes another one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.range = NETWORK
        self.address = ADDRESS.format(1)
        self._hosts: list[Part] = []
        self._home = -1

    def __enter__(self) -> "Network":
        self._home = os.open(THIS_NAMESPACE, os.O_RDONLY)
        try:
            _call("unshare", CLONE_NEWNET)
            _run("ip", "link", "set", "lo", "up")
            _run("ip", "link", "add", BRIDGE, "type", "bridge")
            _run("ip", "address", "add", f"{self.address}/24", "dev", BRIDGE)
            _run("ip", "link", "set", BRIDGE, "up")
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        try:
            for host in self._hosts:
                host.kill()
        finally:
            self._leave()

    def add_host(self) -> Host:
        """Make a host that the others reach."""
        number = len(self._hosts)
        link = f"host{number}"
        address = ADDRESS.format(FIRST_HOST + number)
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [_find("unshare"), "--net", "sleep", "infinity"]
        host = Part(f"the host {address}", command, self.folder, {}, self.folder / f"{link}.log")
        self._hosts.append(host)
        host.spawn()
        namespace = Path(f"/proc/{host.pid}/ns/net")
        here = THIS_NAMESPACE.readlink()
        wait_until(lambda: namespace.readlink() != here, f"{host.name} is not there", host.log)
        enter = (_find("nsenter"), f"--net={namespace}")
        # a cable with one end here, at the bridge, and the other one there
        peer = ("peer", "name", "eth0", "netns", str(host.pid))
        _run("ip", "link", "add", link, "type", "veth", *peer)
        _run("ip", "link", "set", link, "master", BRIDGE, "up")
        _run(*enter, "ip", "link", "set", "lo", "up")
        _run(*enter, "ip", "address", "add", f"{address}/24", "dev", "eth0")
        _run(*enter, "ip", "link", "set", "eth0", "up")
        return Host(address, link, enter)

    def cut_off(self, host: Host) -> None:
        """Pull the host's cable: from now on it answers nothing, and refuses nothing."""
        _run("ip", "link", "set", host.link, "down")

    def _leave(self) -> None:
        _call("setns", self._home, CLONE_NEWNET)
        os.close(self._home)


def explain_impossible() -> str:
    """Return why no hosts can be made here; '' when they can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root on Linux can make hosts"
    if lacks := [name for name in PROGRAMS if shutil.which(name, path=PATH) is None]:
        return f"{', '.join(lacks)} not found"
    # a container's root may be forbidden to
    bridge = ["ip", "link", "add", BRIDGE, "type", "bridge"]
    answer = _ask("unshare", "--net", *bridge)
    return "" if answer.returncode == 0 else f"the system says: {answer.stderr.strip()}"


def _find(name: str) -> str:
    return shutil.which(name, path=PATH) or name


def _ask(*command: str) -> subprocess.CompletedProcess[str]:
    # programs are looked for on this PATH (execvpe(3))
    variables = {"PATH": PATH, "LC_ALL": "C"}
    return subprocess.run(command, capture_output=True, text=True, env=variables)


def _run(*command: str) -> None:
    answer = _ask(*command)
    if answer.returncode != 0:
        raise TourError(f"`{' '.join(command)}` failed: {answer.stderr.strip()}")


def _call(name: str, *arguments: int) -> None:
    """Call a function of the C library that returns 0; raise TourError when it fails."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        raise TourError(f"{name} failed: {os.strerror(ctypes.get_errno())}")

"""The addresses of this machine that servers listen on, and those that others type."""

import errno
import ipaddress
import os
import socket
from contextlib import suppress
from typing import NamedTuple

from tour.system import platforms
from tour.system.errors import UsageError

HOST = "127.0.0.1"
PORTS = range(5000, 5100)

# the hosts that stand for all addresses; for each, the address at which this machine reaches
# itself, and an address that is reserved for documentation (RFC 5737, RFC 3849)
ALL = {"0.0.0.0": (HOST, "203.0.113.1"), "::": ("::1", "2001:db8::1")}

# nothing is sent to it
DISCARD = 9


class Address(NamedTuple):
    """The address of a server: it listens on `host`, and its clients type `typed`."""

    host: str
    typed: str

    @property
    def family(self) -> socket.AddressFamily:
        return _family(self.host)

    @property
    def is_found(self) -> bool:
        """False when the server listens on all addresses, and no address is known for others."""
        return self.host == self.typed or not ipaddress.ip_address(self.typed).is_loopback

    def url(self, port: int) -> str:
        name = f"[{self.typed}]" if ":" in self.typed else self.typed
        return f"http://{name}:{port}"

    def is_taken(self, port: int) -> bool:
        """Return whether another program has the port here, or at 127.0.0.1.

        A stage that takes no host listens at 127.0.0.1.
        """
        if any(port_is_taken(port, host) for host in {HOST, self.typed}):
            return True
        # another program may have bound it without listening, or listen on one of all addresses
        error = try_to_bind(self.host, port)
        return error is not None and error.errno == errno.EADDRINUSE


LOOPBACK = Address(HOST, HOST)


def find_address(host: str) -> Address:
    """Return the address for a server on the host, an IP address as `ipaddress` writes it.

    For a host that stands for all addresses, clients type the address that this machine has in the
    network. Raise UsageError when a server on the host could not be reached.
    """
    with suppress(OSError):
        with socket.create_server((host, 0), family=_family(host)) as listener:
            port = listener.getsockname()[1]
            for typed in _candidates(host):
                if port_is_taken(port, typed):
                    return Address(host, typed)
    raise UsageError(
        f"{host} is not an address of this machine; `{platforms.how_to_see_addresses()}` shows"
        " those that are, and --host 0.0.0.0 stands for all"
    )


def port_is_taken(port: int, host: str = HOST) -> bool:
    """Return whether a program accepts connections on the port.

    It tries a connection, because macOS lets a program bind a port that another one serves for all
    addresses.
    """
    try:
        socket.create_connection((host, port), timeout=0.2).close()
    except OSError:
        return False
    return True


def try_to_bind(host: str, port: int) -> OSError | None:
    """Bind the port as servers do, and give it back; return the error if that fails."""
    with socket.socket(_family(host)) as probe:
        if os.name != "nt":
            # a connection that has just ended must not be in the way
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


def _candidates(host: str) -> list[str]:
    if host not in ALL:
        return [host]
    own, nobody = ALL[host]
    outgoing = _outgoing_address(nobody)
    return [own] if outgoing is None else [outgoing, own]


def _outgoing_address(destination: str) -> str | None:
    """Return the address of this machine that the destination would see, None without a network.

    A datagram socket that connects sends nothing: the system only chooses a route.
    """
    with socket.socket(_family(destination), socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((destination, DISCARD))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET

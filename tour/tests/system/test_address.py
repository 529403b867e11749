"""The addresses that servers listen on, and those that others type."""

import socket

import pytest

from tour.system import address
from tour.system.address import ALL
from tour.system.address import HOST
from tour.system.address import Address
from tour.system.address import find_address
from tour.system.errors import UsageError
from tour.system.server import free_port
from tour.tests.synthetic import OTHER
from tour.tests.synthetic import OTHER_HOST

# what stands for all the addresses of the other host's family
EVERYWHERE = "::" if ":" in OTHER_HOST else "0.0.0.0"


def test_an_address_of_this_machine_is_typed_as_it_is() -> None:
    assert find_address(OTHER_HOST) == OTHER


@pytest.mark.parametrize("host", ["203.0.113.1", "2001:db8::1", "224.0.0.1", "255.255.255.255"])
def test_an_address_at_which_nothing_can_be_reached_is_refused(host: str) -> None:
    with pytest.raises(UsageError, match=f"{host} is not an address of this machine; "):
        find_address(host)


def test_of_all_addresses_the_one_in_the_network_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "_outgoing_address", lambda destination: OTHER_HOST)
    assert find_address(EVERYWHERE) == Address(EVERYWHERE, OTHER_HOST)


@pytest.mark.parametrize("outgoing", [None, "203.0.113.1"])
def test_without_one_that_can_be_reached_the_machines_own_is_typed(
    outgoing: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "_outgoing_address", lambda destination: outgoing)
    found = find_address(EVERYWHERE)
    assert found.typed == ALL[EVERYWHERE][0]
    assert not found.is_found


@pytest.mark.parametrize(("destination", "own"), [(HOST, HOST), ("255.255.255.255", None)])
def test_the_system_tells_the_address_towards_another(destination: str, own: str | None) -> None:
    # to all at once it lets no datagram go that was not meant to
    assert address._outgoing_address(destination) == own


@pytest.mark.parametrize(
    ("typed", "url"), [("192.0.2.1", "http://192.0.2.1:80"), ("::1", "http://[::1]:80")]
)
def test_an_address_is_typed_with_the_port(typed: str, url: str) -> None:
    assert Address("", typed).url(80) == url


@pytest.mark.parametrize("host", [HOST, OTHER_HOST])
def test_a_port_that_is_taken_here_or_at_127_0_0_1_is_taken(host: str) -> None:
    family = Address(host, host).family
    with socket.create_server((host, 0), family=family) as listener:
        assert OTHER.is_taken(listener.getsockname()[1])


def test_a_port_that_is_taken_without_an_answer_is_taken() -> None:
    with socket.socket(OTHER.family) as checker:
        checker.bind((OTHER_HOST, 0))
        assert OTHER.is_taken(checker.getsockname()[1])


def test_a_free_port_is_not_taken_at_another_address() -> None:
    assert not OTHER.is_taken(free_port())

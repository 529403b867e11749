"""Who is online. It is worked out when asked for, and a poll is not a write to the database."""

import httpx
import pytest

from tour.contract.client import assert_refused
from tour.contract.client import expect
from tour.contract.client import get_user
from tour.contract.client import unique
from tour.contract.client import wait_for_the_next_second


def newcomer(client: httpx.Client) -> int:
    """Register a user who then does nothing; return the id."""
    credentials = {"nickname": unique("newcomer"), "password": "a password"}
    return expect(client.post("/api/users", json=credentials), 201).json()["id"]


def is_listed(client: httpx.Client, id: int, online: int) -> bool:
    users = expect(client.get("/api/users", params={"online": online}), 200).json()["users"]
    assert {user["online"] for user in users} <= {bool(online)}
    return id in {user["id"] for user in users}


def test_who_has_only_registered_is_not_online(client):
    id = newcomer(client)
    assert get_user(client, id)["online"] is False
    assert is_listed(client, id, online=0) and not is_listed(client, id, online=1)


def test_asking_for_a_token_makes_one_online(client):
    nickname = unique("seen")
    credentials = {"nickname": nickname, "password": "a password"}
    user = expect(client.post("/api/users", json=credentials), 201).json()
    expect(client.post("/api/tokens", auth=(nickname, "a password")), 200)
    seen = get_user(client, user["id"])
    assert seen["online"] is True
    assert seen["last_seen_at"] >= user["created_at"]
    assert is_listed(client, user["id"], online=1) and not is_listed(client, user["id"], online=0)


def test_a_refused_password_does_not_make_one_online(client):
    id = newcomer(client)
    nickname = get_user(client, id)["nickname"]
    assert_refused(client.post("/api/tokens", auth=(nickname, "a wrong password")), 401)
    assert get_user(client, id)["online"] is False


def test_a_user_is_online_for_60_seconds(place):
    wait_for_the_next_second()
    person = place.new_person()
    place.age_user(person.id, 50)
    assert get_user(place.client, person.id)["online"] is True
    place.age_user(person.id, 10)
    assert get_user(place.client, person.id)["online"] is False
    assert is_listed(place.client, person.id, online=0)
    assert not is_listed(place.client, person.id, online=1)


def test_nobody_stays_online_when_the_servers_clock_is_set_back(place):
    person = place.new_person()
    # as if it had been seen before the clock was set back by an hour
    place.age_user(person.id, -3600)
    assert get_user(place.client, person.id)["online"] is False
    assert is_listed(place.client, person.id, online=0)
    expect(place.client.get("/api/messages?user_id=0", headers=person.bearer), 200)
    assert get_user(place.client, person.id)["online"] is True


@pytest.mark.parametrize("path", ["/api/messages", "/api/users", "/api/users/0"])
def test_an_authenticated_request_brings_one_back_online(place, path):
    person = place.new_person()
    place.age_user(person.id, 1000)
    place.client.get(path)
    assert get_user(place.client, person.id)["online"] is False
    place.client.get(path, headers=person.bearer)
    assert get_user(place.client, person.id)["online"] is True


def test_an_anonymous_poll_writes_nothing(place):
    before = place.version()
    for _ in range(50):
        expect(place.client.get("/api/messages"), 200)
    assert place.version() == before


def test_not_every_poll_with_a_token_writes(place):
    person = place.new_person()
    versions = []
    for _ in range(30):
        # as if the last poll had been a second earlier
        place.age_user(person.id, 1)
        before = place.version()
        expect(place.client.get("/api/messages", headers=person.bearer), 200)
        versions.append((before, place.version()))
    writes = sum(before != after for before, after in versions)
    assert 0 < writes <= 15


def test_being_online_is_no_change_of_the_user(place):
    person = place.new_person()
    before = get_user(place.client, person.id)
    place.age_user(person.id, 1000)
    place.client.get("/api/messages", headers=person.bearer)
    assert get_user(place.client, person.id)["updated_at"] == before["updated_at"]

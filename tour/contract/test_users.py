"""Registering, looking users up, changing oneself."""

import time
from functools import partial
from urllib.parse import urljoin

import httpx
import pytest

from tour.contract.client import USER_KEYS
from tour.contract.client import Person
from tour.contract.client import assert_refused
from tour.contract.client import at_once
from tour.contract.client import expect
from tour.contract.client import get_user
from tour.contract.client import post
from tour.contract.client import register
from tour.contract.client import unique
from tour.contract.client import wait_for_the_next_second
from tour.contract.stage import new_person


def list_users(client: httpx.Client, **arguments: str | int) -> list[dict]:
    return expect(client.get("/api/users", params=arguments), 200).json()["users"]


def ids(users: list[dict]) -> list[int]:
    return [user["id"] for user in users]


def change(client: httpx.Client, person: Person, **changes: str) -> httpx.Response:
    return client.put(f"/api/users/{person.id}", json=changes, headers=person.bearer)


def test_registering_answers_201_with_the_user_and_its_address(client):
    nickname = unique("new")
    before = int(time.time())
    answer = client.post("/api/users", json={"nickname": nickname, "password": "a password"})
    user = expect(answer, 201).json()
    assert user["nickname"] == nickname
    assert before <= user["created_at"] <= time.time()
    found = client.get(urljoin(str(client.base_url), answer.headers["Location"]))
    assert found.json() == user


def test_a_user_has_the_agreed_fields_and_no_other(client, alice):
    user = get_user(client, alice.id)
    assert set(user) == USER_KEYS
    assert set(user["_links"]) == {"self", "messages", "tokens"}
    assert (user["id"], user["nickname"]) == (alice.id, alice.nickname)


def test_times_of_a_user_are_whole_seconds(client, alice):
    user = get_user(client, alice.id)
    assert {type(user[name]) for name in ("created_at", "updated_at", "last_seen_at")} == {int}
    assert type(user["online"]) is bool


def test_links_of_a_user_are_paths_that_lead_to_what_they_name(client, alice, bob):
    message = post(client, alice, "mine")
    post(client, bob, "not mine")
    links = get_user(client, alice.id)["_links"]
    assert all(link.startswith("/") and not link.startswith("//") for link in links.values())
    assert client.get(links["self"]).json()["id"] == alice.id
    messages = client.get(links["messages"]).json()["messages"]
    assert {found["user_id"] for found in messages} == {alice.id}
    assert message["id"] in ids(messages)
    answer = client.post(links["tokens"], auth=alice.basic)
    assert expect(answer, 200).json()["token"] == alice.token


def test_a_taken_nickname_is_refused(client, alice):
    credentials = {"nickname": alice.nickname, "password": "another password"}
    assert_refused(client.post("/api/users", json=credentials), 400)
    expect(client.post("/api/tokens", auth=alice.basic), 200)
    answer = client.post("/api/tokens", auth=(alice.nickname, "another password"))
    assert_refused(answer, 401)


@pytest.mark.parametrize("nickname", ["x" * 32, "é" * 32, "\U0001f600" * 32, "two words", "<b>"])
def test_a_nickname_may_hold_32_characters_of_any_language(client, someone, nickname):
    # made unlike those of other runs at its end, its kind and its length kept
    suffix = unique("")[1:9]
    nickname = nickname[: -len(suffix)] + suffix if len(nickname) == 32 else nickname + suffix
    expect(change(client, someone, nickname=nickname), 204)
    assert get_user(client, someone.id)["nickname"] == nickname


SAME = {
    "a blank before": " {zoë}",
    "a blank after": "{zoë} ",
    "white space around": "\t\u00a0{zoë}\u3000\n",
    "decomposed": "{zoe\u0308}",
}


@pytest.mark.parametrize("written", SAME.values(), ids=SAME)
def test_nicknames_that_look_the_same_are_the_same(server, client, someone, written):
    stem = unique("")
    same = written.replace("{", "").replace("}", stem)
    person = new_person(server, f"zoë{stem}")
    credentials = {"nickname": same, "password": "another password"}
    assert_refused(client.post("/api/users", json=credentials), 400)
    assert_refused(change(client, someone, nickname=same), 400)
    answer = client.post("/api/tokens", auth=(same, person.password))
    assert expect(answer, 200).json()["token"] == person.token


def test_a_nickname_is_kept_without_white_space_and_composed(client, someone):
    stem = unique("")
    expect(change(client, someone, nickname=f" zoe\u0308{stem}\n"), 204)
    assert get_user(client, someone.id)["nickname"] == f"zoë{stem}"
    expect(client.post("/api/tokens", auth=(f"zoë{stem}", someone.password)), 200)


@pytest.mark.parametrize("nickname, status", [(" " * 40 + "x" * 22, 204), ("\u0958" * 17, 400)])
def test_a_nickname_is_measured_as_it_is_kept(client, someone, nickname, status):
    # the second one is composed of 34 characters
    nickname += unique("")[1:9] if status == 204 else ""
    expect(change(client, someone, nickname=nickname), status)


def test_a_password_may_be_long_and_begin_and_end_with_a_blank(client):
    # which signs in with it
    register(client, unique("password"), f" {'p' * 126} ")


def test_a_field_that_is_the_servers_own_is_not_taken_from_a_client(client):
    own = {"id": 10**9, "token": "f" * 64, "last_seen_at": int(time.time()), "created_at": 5}
    credentials = {"nickname": unique("own"), "password": "a password"}
    user = expect(client.post("/api/users", json=credentials | own), 201).json()
    assert user["id"] != own["id"]
    assert user["created_at"] != own["created_at"]
    assert user["online"] is False
    stolen = client.get("/api/users", headers={"Authorization": f"Bearer {own['token']}"})
    assert_refused(stolen, 401)


def test_the_list_has_every_user(client, alice, bob):
    answer = client.get("/api/users")
    assert set(answer.json()) == {"users"}
    users = {user["id"]: user for user in answer.json()["users"]}
    assert users[alice.id]["nickname"] == alice.nickname
    assert users[bob.id]["nickname"] == bob.nickname
    assert set(users[alice.id]) == USER_KEYS


def test_the_list_is_in_the_order_of_change_then_of_nickname(server, client):
    stem = unique("order")
    nicknames = [f"{stem}-{letter}" for letter in "dcba"]
    at_once(partial(new_person, server, nickname) for nickname in nicknames)
    mine = [user for user in list_users(client) if user["nickname"] in nicknames]
    order = [(user["updated_at"], user["nickname"]) for user in mine]
    assert order == sorted(order)
    # or it would have been in the order of the nicknames by chance
    assert len({updated_at for updated_at, nickname in order}) < len(order)


def test_a_change_moves_a_user_to_the_end_of_the_list(server, client, someone):
    new_person(server)
    wait_for_the_next_second()
    expect(change(client, someone, nickname=unique("changed")), 204)
    users = list_users(client)
    updated = [user["updated_at"] for user in users]
    assert updated == sorted(updated)
    changed = users[ids(users).index(someone.id)]
    assert changed["updated_at"] == max(updated)
    assert changed["created_at"] < changed["updated_at"]


def test_the_list_can_be_cut_to_what_changed_later_than_a_time(client, alice, someone):
    updated_at = get_user(client, someone.id)["updated_at"]
    assert someone.id in ids(list_users(client, updated_since=updated_at - 1))
    assert someone.id in ids(list_users(client, updated_since=0))
    assert someone.id not in ids(list_users(client, updated_since=updated_at))


def test_changing_the_nickname_keeps_the_token_and_the_password(client, someone):
    nickname = unique("renamed")
    answer = expect(change(client, someone, nickname=nickname), 204)
    assert answer.content == b""
    assert get_user(client, someone.id)["nickname"] == nickname
    expect(client.get("/api/users", headers=someone.bearer), 200)
    answer = client.post("/api/tokens", auth=(nickname, someone.password))
    assert expect(answer, 200).json()["token"] == someone.token
    assert_refused(client.post("/api/tokens", auth=someone.basic), 401)


def test_a_new_password_revokes_the_token(client, someone):
    expect(change(client, someone, password="a new password"), 204)
    assert_refused(client.get("/api/users", headers=someone.bearer), 401)
    assert_refused(client.post("/api/tokens", auth=someone.basic), 401)
    answer = client.post("/api/tokens", auth=(someone.nickname, "a new password"))
    assert expect(answer, 200).json()["token"] != someone.token


def test_one_may_keep_ones_nickname_when_changing_the_password(client, someone):
    answer = change(client, someone, nickname=someone.nickname, password="a new password")
    expect(answer, 204)
    expect(client.post("/api/tokens", auth=(someone.nickname, "a new password")), 200)


def test_a_nickname_that_is_taken_changes_nothing(client, someone, alice):
    before = get_user(client, someone.id)
    answer = change(client, someone, nickname=alice.nickname, password="a new password")
    assert_refused(answer, 400)
    after = get_user(client, someone.id)
    assert (after["nickname"], after["updated_at"]) == (someone.nickname, before["updated_at"])
    expect(client.get("/api/users", headers=someone.bearer), 200)
    expect(client.post("/api/tokens", auth=someone.basic), 200)


def test_a_field_of_the_servers_own_is_not_changed_by_a_client(client, someone, alice):
    own = {"id": 10**9, "token": "e" * 64, "created_at": 5, "nickname": unique("still")}
    client.put(f"/api/users/{someone.id}", json=own, headers=someone.bearer)
    assert get_user(client, someone.id)["created_at"] != 5
    expect(client.get("/api/users", headers=someone.bearer), 200)


def test_another_user_may_not_be_changed(client, alice, bob):
    answer = client.put(
        f"/api/users/{alice.id}", json={"nickname": unique("stolen")}, headers=bob.bearer
    )
    assert_refused(answer, 403)
    assert get_user(client, alice.id)["nickname"] == alice.nickname


def test_nobody_may_be_changed_anonymously(client, alice):
    answer = client.put(f"/api/users/{alice.id}", json={"nickname": unique("stolen")})
    assert_refused(answer, 401)
    assert get_user(client, alice.id)["nickname"] == alice.nickname

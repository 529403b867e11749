"""Posting, listing and changing messages."""

import time
from urllib.parse import urljoin

import httpx
import pytest

from tour.contract.client import MESSAGE_KEYS
from tour.contract.client import Person
from tour.contract.client import assert_refused
from tour.contract.client import expect
from tour.contract.client import get_message
from tour.contract.client import post
from tour.contract.client import unique
from tour.contract.client import wait_for_the_next_second
from tour.contract.markup import Markup

DAY = 24 * 60 * 60


def list_messages(client: httpx.Client, **arguments: str | int) -> list[dict]:
    return expect(client.get("/api/messages", params=arguments), 200).json()["messages"]


def ids(messages: list[dict]) -> list[int]:
    return [message["id"] for message in messages]


def edit(client: httpx.Client, editor: Person, id: int, source: str) -> httpx.Response:
    return client.put(f"/api/messages/{id}", json={"source": source}, headers=editor.bearer)


def test_posting_answers_201_with_the_message_and_its_address(client, alice):
    before = int(time.time())
    answer = client.post("/api/messages", json={"source": "*hello*"}, headers=alice.bearer)
    message = expect(answer, 201).json()
    assert message["source"] == "*hello*"
    assert message["user_id"] == alice.id
    assert before <= message["created_at"] <= message["updated_at"] <= time.time()
    found = client.get(urljoin(str(client.base_url), answer.headers["Location"]))
    assert found.json() == message


def test_a_message_has_the_agreed_fields_and_no_other(client, alice):
    message = get_message(client, post(client, alice, "hello")["id"])
    assert set(message) == MESSAGE_KEYS
    assert set(message["_links"]) == {"self", "user"}


def test_times_of_a_message_are_whole_seconds(client, alice):
    message = post(client, alice, "hello")
    assert {type(message[name]) for name in ("id", "created_at", "updated_at")} == {int}


def test_links_of_a_message_are_paths_that_lead_to_what_they_name(client, alice):
    message = post(client, alice, "hello")
    links = message["_links"]
    assert all(link.startswith("/") and not link.startswith("//") for link in links.values())
    assert client.get(links["self"]).json() == message
    assert client.get(links["user"]).json()["id"] == alice.id


def test_posting_needs_a_token(client):
    source = unique("anonymous")
    assert_refused(client.post("/api/messages", json={"source": source}), 401)
    assert source not in client.get("/api/messages").text


@pytest.mark.parametrize(
    "source",
    ["x" * 10_000, "é" * 10_000, "\U0001f600" * 10_000, "  spaces around  ", "two\n\nlines"],
)
def test_a_message_is_kept_as_it_was_written(client, alice, source):
    message = post(client, alice, source)
    assert get_message(client, message["id"])["source"] == source


def test_nobody_can_post_in_anothers_name(client, alice, bob):
    body = {"source": "hello", "user_id": bob.id, "id": 10**9, "html": "<u>raw</u>"}
    answer = client.post("/api/messages", json=body, headers=alice.bearer)
    message = expect(answer, 201).json()
    assert message["user_id"] == alice.id
    assert message["id"] != 10**9
    assert "<u>" not in message["html"]


def test_the_list_has_the_messages_of_all(client, alice, bob):
    first = post(client, alice, "first")
    second = post(client, bob, "second")
    answer = client.get("/api/messages")
    assert set(answer.json()) == {"messages"}
    messages = {message["id"]: message for message in answer.json()["messages"]}
    assert messages[first["id"]] == first
    assert messages[second["id"]] == second


def test_the_list_is_the_same_with_a_token(client, alice):
    post(client, alice, "hello")
    assert client.get("/api/messages", headers=alice.bearer).json() == (
        client.get("/api/messages").json()
    )


def test_the_list_is_in_the_order_of_change(client, alice):
    first = post(client, alice, "first")
    second = post(client, alice, "second")
    wait_for_the_next_second()
    expect(edit(client, alice, first["id"], "first, edited"), 204)
    messages = list_messages(client)
    updated = [message["updated_at"] for message in messages]
    assert updated == sorted(updated)
    assert ids(messages).index(second["id"]) < ids(messages).index(first["id"])


def test_the_list_can_be_cut_to_what_is_later_than_a_time(client, alice):
    message = post(client, alice, "hello")
    assert message["id"] in ids(list_messages(client, updated_since=message["updated_at"] - 1))
    assert message["id"] in ids(list_messages(client, updated_since=0))
    assert message["id"] not in ids(list_messages(client, updated_since=message["updated_at"]))
    assert list_messages(client, updated_since=message["updated_at"] + 1000) == []


def test_the_list_can_be_cut_to_one_user(client, someone, alice):
    mine = [post(client, someone, "one")["id"], post(client, someone, "two")["id"]]
    updated_at = post(client, alice, "another's")["updated_at"]
    assert sorted(ids(list_messages(client, user_id=someone.id))) == mine
    both = list_messages(client, user_id=someone.id, updated_since=updated_at + 1000)
    assert both == []


def test_a_user_who_said_nothing_has_no_messages(client, someone):
    assert list_messages(client, user_id=someone.id) == []


def test_the_list_goes_at_most_a_day_back(place):
    client = place.client
    alice = place.new_person()
    new, older, oldest = [post(client, alice, "hello")["id"] for _ in range(3)]
    place.age_message(older, DAY - 60)
    place.age_message(oldest, DAY + 60)
    assert ids(list_messages(client, user_id=alice.id)) == [older, new]
    assert ids(list_messages(client, updated_since=0, user_id=alice.id)) == [older, new]
    assert oldest not in ids(list_messages(client))
    assert get_message(client, oldest)["source"] == "hello"


def test_a_change_replaces_source_and_html(client, alice):
    message = post(client, alice, "before")
    answer = expect(edit(client, alice, message["id"], "*after*"), 204)
    assert answer.content == b""
    changed = get_message(client, message["id"])
    assert changed["source"] == "*after*"
    assert Markup(changed["html"]).tags() == {"em"}
    assert Markup(changed["html"]).text.strip() == "after"
    assert changed["created_at"] == message["created_at"]
    assert changed["user_id"] == alice.id


def test_anothers_message_may_not_be_changed(client, alice, bob):
    message = post(client, alice, "mine")
    assert_refused(edit(client, bob, message["id"], "stolen"), 403)
    assert get_message(client, message["id"]) == message


def test_no_message_may_be_changed_anonymously(client, alice):
    message = post(client, alice, "mine")
    path = f"/api/messages/{message['id']}"
    assert_refused(client.put(path, json={"source": "stolen"}), 401)
    assert get_message(client, message["id"]) == message

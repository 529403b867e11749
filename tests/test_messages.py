"""Tests of /api/messages."""
from io import BytesIO

import pytest

from flack import db
from flack.models import Message
from flack.models import User
from flack.utils import timestamp

from .helpers import LONG_AGO
from .helpers import make_old
from .helpers import sign_in


def test_a_message_is_posted(client, auth):
    answer = client.post("/api/messages", json={"source": "so *good*"}, headers=auth)
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/messages/1"
    assert client.get("/api/messages/1").json == answer.json
    assert answer.json["source"] == "so *good*"
    assert answer.json["html"] == "so <em>good</em>"
    assert answer.json["user_id"] == 1
    assert answer.json["created_at"] == answer.json["updated_at"]
    assert answer.json["_links"] == {"self": "/api/messages/1", "user": "/api/users/1"}


@pytest.mark.parametrize("source", [None, "", " \n", 7, [], "m" * 10_001, "\0", "\udfff"])
def test_a_message_with_a_wrong_source_is_refused(client, auth, source):
    answer = client.post("/api/messages", json={"source": source}, headers=auth)
    assert answer.status_code == 400
    assert client.get("/api/messages").json == {"messages": []}


@pytest.mark.parametrize("body", ["", "no json", "[]", '"text"', "7", "[" * 50_000, b"\xff"])
def test_a_body_that_is_no_object_is_refused(client, auth, body):
    answer = client.post("/api/messages", data=body, headers=auth)
    assert answer.status_code == 400
    assert answer.json == {"error": "The body must be a JSON object."}


def test_a_body_that_is_too_large_is_refused(client, auth):
    answer = client.post("/api/messages", json={"source": "m" * 65_536}, headers=auth)
    assert answer.status_code == 413
    assert answer.json["error"]


def test_a_body_of_unknown_length_is_refused(client, auth):
    headers = {"Transfer-Encoding": "chunked", **auth}
    body = BytesIO(b'{"source": "hello"}')
    answer = client.post("/api/messages", input_stream=body, headers=headers)
    assert answer.status_code == 411
    assert "<" not in answer.json["error"]


def test_a_message_needs_a_token(client):
    assert client.post("/api/messages", json={"source": "hello"}).status_code == 401


def test_messages_are_listed_later_than_a_time(app, client, auth):
    client.post("/api/messages", json={"source": "old"}, headers=auth)
    an_hour_ago = timestamp() - 3600
    make_old(app, Message, updated_at=an_hour_ago)
    client.post("/api/messages", json={"source": "new"}, headers=auth)
    assert sources(client, "") == ["old", "new"]
    assert sources(client, f"?updated_since={an_hour_ago - 1}") == ["old", "new"]
    assert sources(client, f"?updated_since={an_hour_ago}") == ["new"]
    client.put("/api/messages/1", json={"source": "newest"}, headers=auth)
    make_old(app, Message, updated_at=an_hour_ago - Message.id)
    assert sources(client, "") == ["new", "newest"]


def test_messages_are_listed_a_day_back(app, client, auth):
    client.post("/api/messages", json={"source": "old"}, headers=auth)
    make_old(app, Message, updated_at=timestamp() - 86_401)
    assert sources(client, "?updated_since=0") == []
    assert client.get("/api/messages/1").json["source"] == "old"


def test_messages_are_listed_of_one_user(client, auth):
    bob = sign_in(client, "bob")
    client.post("/api/messages", json={"source": "of ann"}, headers=auth)
    client.post("/api/messages", json={"source": "of bob"}, headers=bob)
    assert sources(client, "?user_id=2") == ["of bob"]


@pytest.mark.parametrize("query", ["updated_since=abc", "updated_since=-1", "user_id=" + "9" * 30])
def test_a_list_of_messages_with_a_wrong_argument_is_refused(client, query):
    assert client.get(f"/api/messages?{query}").status_code == 400


def test_an_author_changes_a_message(app, client, auth):
    client.post("/api/messages", json={"source": "*one*"}, headers=auth)
    make_old(app, Message, created_at=LONG_AGO, updated_at=LONG_AGO)
    assert client.put("/api/messages/1", json={"source": "two"}, headers=auth).status_code == 204
    message = client.get("/api/messages/1").json
    assert (message["source"], message["html"]) == ("two", "two")
    assert message["updated_at"] > message["created_at"] == LONG_AGO


@pytest.mark.parametrize("method, path", [("POST", "/api/messages"), ("PUT", "/api/messages/1")])
def test_no_connection_is_held_while_links_are_previewed(client, auth, monkeypatch, method, path):
    client.post("/api/messages", json={"source": "one"}, headers=auth)
    held = []

    def watch(source):
        held.append(db.session().in_transaction() or db.session.new or db.session.dirty)
        return source

    monkeypatch.setattr("flack.models.render", watch)
    client.open(path, method=method, json={"source": "two"}, headers=auth)
    assert [bool(each) for each in held] == [False]


def test_what_a_view_does_not_commit_is_not_kept(app, client, auth):
    client.post("/api/messages", json={"source": "one"}, headers=auth)
    with app.app_context():
        db.session.get(Message, 1).update({"source": "two"})
        db.session.get(User, 1).update({"nickname": "bob"})
    assert client.get("/api/messages/1").json["source"] == "one"
    assert client.get("/api/users/1").json["nickname"] == "ann"


def test_a_wrong_change_of_a_message_changes_nothing(client, auth):
    before = client.post("/api/messages", json={"source": "one"}, headers=auth).json
    assert client.put("/api/messages/1", json={"source": ""}, headers=auth).status_code == 400
    assert client.get("/api/messages/1").json == before


def test_another_users_message_is_not_changed(client, auth):
    client.post("/api/messages", json={"source": "one"}, headers=auth)
    bob = sign_in(client, "bob")
    assert client.put("/api/messages/1", json={"source": "x"}, headers=bob).status_code == 403
    assert client.get("/api/messages/1").json["source"] == "one"


def sources(client, query):
    """Return the sources of the messages that a query lists."""
    return [message["source"] for message in client.get("/api/messages" + query).json["messages"]]

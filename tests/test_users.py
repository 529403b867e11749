"""Tests of /api/users."""
import pytest

from flack.models import User
from flack.utils import timestamp

from .helpers import LONG_AGO
from .helpers import make_old
from .helpers import sign_in


def test_a_user_registers(client):
    answer = client.post("/api/users", json={"nickname": "ann", "password": "secret"})
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/users/1"
    assert client.get("/api/users/1").json == answer.json
    assert answer.json["nickname"] == "ann"
    assert answer.json["online"] is False
    assert answer.json["_links"] == {
        "self": "/api/users/1",
        "messages": "/api/messages?user_id=1",
        "tokens": "/api/tokens",
    }


@pytest.mark.parametrize("user", [
    {},
    {"nickname": "ann"},
    {"password": "secret"},
    {"nickname": "", "password": "secret"},
    {"nickname": " ", "password": "secret"},
    {"nickname": 7, "password": "secret"},
    {"nickname": "a" * 33, "password": "secret"},
    {"nickname": "a:b", "password": "secret"},
    {"nickname": "a\nb", "password": "secret"},
    {"nickname": "ann", "password": None},
    {"nickname": "ann", "password": "p" * 129},
    {"nickname": "ann", "password": "p\0"},
    {"nickname": "ann", "password": "\ud800"},
])
def test_a_registration_with_a_wrong_field_is_refused(client, user):
    answer = client.post("/api/users", json=user)
    assert answer.status_code == 400
    assert answer.json["error"]
    assert client.get("/api/users").json == {"users": []}


def test_a_nickname_is_taken_once(client, auth):
    answer = client.post("/api/users", json={"nickname": "ann", "password": "other"})
    assert answer.status_code == 400
    assert answer.json == {"error": "nickname is taken."}


@pytest.mark.parametrize("nickname", ["zo\u00eb", " zo\u00eb ", "zoe\u0308", "\u00a0zoe\u0308\n"])
def test_nicknames_that_look_the_same_are_the_same(client, nickname):
    sign_in(client, "zo\u00eb")
    user = {"nickname": nickname, "password": "secret"}
    assert client.post("/api/users", json=user).json == {"error": "nickname is taken."}
    assert client.post("/api/tokens", auth=(nickname, "secret")).status_code == 200
    bob = sign_in(client, "bob")
    assert client.put("/api/users/2", json={"nickname": nickname}, headers=bob).status_code == 400


def test_a_nickname_is_measured_as_it_is_kept(client):
    for nickname, status in [(" " * 9 + "a" * 32, 201), ("\u0958" * 17, 400)]:
        user = {"nickname": nickname, "password": "secret"}
        assert client.post("/api/users", json=user).status_code == status
    assert client.get("/api/users/1").json["nickname"] == "a" * 32


def test_users_are_listed_by_time_and_nickname(app, client):
    for nickname in ("zoe", "ann", "bob"):
        client.post("/api/users", json={"nickname": nickname, "password": "secret"})
    make_old(app, User, updated_at=LONG_AGO)
    bob = sign_in(client, "bob")
    client.put("/api/users/3", json={"nickname": "aaron"}, headers=bob)
    users = client.get("/api/users").json["users"]
    assert [user["nickname"] for user in users] == ["ann", "zoe", "aaron"]


def test_users_are_listed_who_changed_since(app, client, auth):
    make_old(app, User, updated_at=LONG_AGO)
    assert len(client.get(f"/api/users?updated_since={LONG_AGO - 1}").json["users"]) == 1
    assert client.get(f"/api/users?updated_since={LONG_AGO}").json == {"users": []}


def test_users_are_listed_who_are_online(app, client, auth):
    client.post("/api/users", json={"nickname": "bob", "password": "secret"})
    assert [user["id"] for user in client.get("/api/users?online=1").json["users"]] == [1]
    assert [user["id"] for user in client.get("/api/users?online=0").json["users"]] == [2]


@pytest.mark.parametrize("query", ["online=2", "online=yes", "updated_since=abc"])
def test_a_list_of_users_with_a_wrong_argument_is_refused(client, query):
    assert client.get(f"/api/users?{query}").status_code == 400


def test_a_user_is_offline_after_a_minute(app, client, auth):
    make_old(app, User, last_seen_at=timestamp() - 50)
    assert client.get("/api/users/1").json["online"] is True
    make_old(app, User, last_seen_at=timestamp() - 60)
    assert client.get("/api/users/1").json["online"] is False


def test_a_poll_with_a_token_makes_a_user_online(app, client, auth):
    make_old(app, User, last_seen_at=LONG_AGO)
    client.get("/api/messages", headers=auth)
    assert client.get("/api/users/1").json["online"] is True


def test_a_poll_soon_after_another_writes_nothing(app, client, auth):
    just_now = timestamp() - 2
    make_old(app, User, last_seen_at=just_now)
    client.get("/api/messages", headers=auth)
    assert client.get("/api/users/1").json["last_seen_at"] == just_now


def test_nobody_stays_online_when_the_clock_is_put_back(app, client, auth):
    make_old(app, User, last_seen_at=timestamp() + 3600)
    assert client.get("/api/users/1").json["online"] is False
    assert client.get("/api/users?online=1").json == {"users": []}
    assert client.get("/api/users/1", headers=auth).json["online"] is True


def test_a_user_changes_the_nickname(client, auth):
    answer = client.put("/api/users/1", json={"nickname": "anna"}, headers=auth)
    assert answer.status_code == 204
    assert client.get("/api/users/1", headers=auth).json["nickname"] == "anna"


def test_a_new_password_revokes_the_token(client, auth):
    client.put("/api/users/1", json={"password": "new"}, headers=auth)
    assert client.get("/api/users/1", headers=auth).status_code == 401
    assert client.post("/api/tokens", auth=("ann", "secret")).status_code == 401
    assert client.post("/api/tokens", auth=("ann", "new")).status_code == 200


def test_a_wrong_change_of_a_user_changes_nothing(client, auth):
    before = client.get("/api/users/1", headers=auth).json
    answer = client.put("/api/users/1", json={"nickname": "x", "password": ""}, headers=auth)
    assert answer.status_code == 400
    assert client.get("/api/users/1", headers=auth).json == before


def test_another_user_is_not_changed(client, auth):
    bob = sign_in(client, "bob")
    assert client.put("/api/users/1", json={"nickname": "x"}, headers=bob).status_code == 403
    assert client.get("/api/users/1").json["nickname"] == "ann"

"""Who may do what, and how a request that may not is refused."""

import base64

import pytest

from tour.contract.client import assert_refused
from tour.contract.client import exchange
from tour.contract.client import expect
from tour.contract.client import register
from tour.contract.client import unique
from tour.contract.stage import cpu_seconds

TOKEN_OPTIONAL = [
    ("GET", "/api/users"),
    ("GET", "/api/users/{user}"),
    ("GET", "/api/messages"),
    ("GET", "/api/messages/{message}"),
]
TOKEN_NEEDED = [
    ("PUT", "/api/users/{user}"),
    ("DELETE", "/api/tokens"),
    ("POST", "/api/messages"),
    ("PUT", "/api/messages/{message}"),
]
BASIC_NEEDED = [("POST", "/api/tokens")]

# Authorization headers that open nothing, wherever they are sent
BROKEN = {
    "empty": b"",
    "a blank": b" ",
    "a word": b"nonsense",
    "Bearer alone": b"Bearer",
    "Bearer and a blank": b"Bearer ",
    "an unknown token": b"Bearer " + b"0" * 64,
    "a token that is none": b"Bearer x",
    "a long token": b"Bearer " + b"x" * 5000,
    "two tokens": b"Bearer " + b"0" * 64 + b" " + b"0" * 64,
    "a token with parameters": b'Bearer realm="x", a=b',
    "a token that is no UTF-8": b"Bearer \xff\xfe",
    "a token with a NUL": b"Bearer a\0b",
    "Basic alone": b"Basic",
    "Basic and a blank": b"Basic ",
    "Basic that is no base64": b"Basic !!!",
    "Basic with a byte left over": b"Basic YTpi=Y",
    "Basic without a colon": b"Basic " + base64.b64encode(b"nobody"),
    "Basic with a colon alone": b"Basic " + base64.b64encode(b":"),
    "Basic of nobody": b"Basic " + base64.b64encode(b"nobody here:a password"),
    "Basic that is no UTF-8": b"Basic " + base64.b64encode(b"\xff\xfe:\xff"),
    "Basic with a lone surrogate": b"Basic " + base64.b64encode(b"\xed\xa0\x80:\xed\xa0\x80"),
    "Basic with a NUL": b"Basic " + base64.b64encode(b"a\0b:c\0d"),
    "Basic that is long": b"Basic " + base64.b64encode(b"x" * 5000 + b":" + b"y" * 5000),
    "Digest": b'Digest username="a", realm="b", nonce="c", uri="/", response="d"',
    "Token": b"Token " + b"0" * 64,
    "Negotiate": b"Negotiate YII=",
    "bytes": bytes(range(128, 256)),
}


@pytest.mark.parametrize("method, path", TOKEN_OPTIONAL)
def test_reading_needs_no_authorization(client, places, method, path):
    expect(client.request(method, path.format(**places)), 200)


@pytest.mark.parametrize("method, path", TOKEN_OPTIONAL)
def test_reading_with_a_token_works_too(client, alice, places, method, path):
    expect(client.request(method, path.format(**places), headers=alice.bearer), 200)


@pytest.mark.parametrize("method, path", TOKEN_NEEDED + BASIC_NEEDED)
def test_what_changes_something_is_refused_without_authorization(client, places, method, path):
    assert_refused(client.request(method, path.format(**places)), 401)


@pytest.mark.parametrize("method, path", TOKEN_OPTIONAL + TOKEN_NEEDED)
def test_a_right_password_is_refused_where_a_token_is_asked_for(
    client, alice, places, method, path
):
    answer = client.request(method, path.format(**places), auth=alice.basic)
    assert_refused(answer, 401)


def test_a_right_token_is_refused_where_a_password_is_asked_for(client, alice):
    assert_refused(client.post("/api/tokens", headers=alice.bearer), 401)


@pytest.mark.parametrize("scheme", ["Bearer", "Digest", "Token", "Negotiate", "Basic,"])
def test_right_credentials_under_another_scheme_are_refused(client, alice, scheme):
    credentials = base64.b64encode(f"{alice.nickname}:{alice.password}".encode()).decode()
    header = {"Authorization": f"{scheme} {credentials}"}
    assert_refused(client.post("/api/tokens", headers=header), 401)


@pytest.mark.parametrize("scheme", ["Basic", "Digest", "Token", "Negotiate", "Bearer,"])
def test_a_right_token_under_another_scheme_is_refused(client, alice, scheme):
    header = {"Authorization": f"{scheme} {alice.token}"}
    assert_refused(client.get("/api/messages", headers=header), 401)
    assert_refused(client.delete("/api/tokens", headers=header), 401)


@pytest.mark.parametrize("change", [str.upper, lambda t: t[:-1], lambda t: t + "0", lambda t: "%"])
def test_a_token_must_match_in_every_digit(client, alice, change):
    authorization = f"Bearer {change(alice.token)}"
    answer = client.get("/api/messages", headers={"Authorization": authorization})
    assert_refused(answer, 401)


@pytest.mark.parametrize("authorization", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "/api/messages"),
        ("GET", "/api/users"),
        ("DELETE", "/api/tokens"),
        ("POST", "/api/messages"),
        ("POST", "/api/tokens"),
    ],
)
def test_a_broken_authorization_is_refused_everywhere(server, method, path, authorization):
    header = b"Authorization: " + authorization
    assert_refused(exchange(server, method, path, [header], b'{"source": "hello"}'), 401)


@pytest.mark.parametrize("authorization", [b"", b"Bearer", b"Basic !!!", b"Bearer " + b"0" * 64])
@pytest.mark.parametrize("kind", ["user", "message"])
def test_a_broken_authorization_is_refused_for_a_single_thing(server, places, kind, authorization):
    header = b"Authorization: " + authorization
    assert_refused(exchange(server, "GET", f"/api/{kind}s/{places[kind]}", [header]), 401)


def test_credentials_may_hold_any_language_and_a_colon_in_the_password(client):
    person = register(client, unique("Zoë-\U0001f600"), "geheim:süß:\U0001f511")
    answer = client.post("/api/tokens", auth=person.basic)
    assert expect(answer, 200).json()["token"] == person.token


def test_credentials_in_latin_1_are_understood(server, client):
    person = register(client, unique("Zoë"), "süß")
    credentials = f"{person.nickname}:{person.password}".encode("latin-1")
    header = b"Authorization: Basic " + base64.b64encode(credentials)
    answer = exchange(server, "POST", "/api/tokens", [header])
    assert answer.status_code == 200, answer.content
    assert answer.json()["token"] == person.token


def test_an_unknown_nickname_takes_as_long_to_refuse_as_a_wrong_password(server, client):
    person = register(client, unique("person"))

    def refusal(nickname: str) -> float:
        before = cpu_seconds(server)
        assert_refused(client.post("/api/tokens", auth=(nickname, "a wrong password")), 401)
        return cpu_seconds(server) - before

    unknown = wrong = 0.0
    for _ in range(3):
        unknown += refusal(unique("unknown"))
        wrong += refusal(person.nickname)
    assert 0.5 < unknown / wrong < 2

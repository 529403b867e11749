"""What no client should send: it is refused with an error that says why, and changes nothing."""

import base64
import json

import pytest

from tour.contract.client import assert_no_server_error
from tour.contract.client import assert_refused
from tour.contract.client import exchange
from tour.contract.client import exchange_bytes
from tour.contract.client import expect
from tour.contract.client import get_message
from tour.contract.client import get_user
from tour.contract.client import post
from tour.contract.client import unique
from tour.contract.stage import new_person

JSON = b"Content-Type: application/json"
LARGEST_BODY = 64 * 1024

BODIES = {
    "nothing": b"",
    "a form": b"nickname=x&password=y&source=z",
    "broken JSON": b'{"nickname": ',
    "JSON and more": b'{"nickname": "x", "password": "y", "source": "z"} {}',
    "single quotes": b"{'nickname': 'x', 'password': 'y', 'source': 'z'}",
    "a list": b'[{"nickname": "x", "password": "y", "source": "z"}]',
    "an empty list": b"[]",
    "a string": b'"nickname password source"',
    "a number": b"5",
    "null": b"null",
    "true": b"true",
    "NaN": b"NaN",
    "an empty object": b"{}",
    "60,000 brackets": b"[" * 60_000,
    "60,000 bytes of objects": b'{"a":' * 12_000,
    "deep and closed": b"[" * 30_000 + b"]" * 30_000,
    "5,000 digits": b"9" * 5000,
    "no UTF-8": b'{"nickname": "\xff\xfe", "password": "\xff", "source": "\xff"}',
    "encoded surrogates": b'{"nickname": "\xed\xa0\x80", "password": "\xed\xa0\x80",'
    b' "source": "\xed\xa0\x80"}',
    "NUL bytes": b"\0" * 16,
    "half of UTF-16": b"\xff\xfe{",
}

# values of a field, as JSON
VALUES = {
    "null": "null",
    "a number": "5",
    "zero": "0",
    "5,000 digits": "9" * 5000,
    "an infinite number": "1e999",
    "NaN": "NaN",
    "true": "true",
    "false": "false",
    "a list": '["text"]',
    "an object": '{"text": "text"}',
    "deeply nested": "[" * 20_000 + "]" * 20_000,
    "empty": '""',
    "blank": '"   "',
    "blank lines": r'"\n\t \r\n"',
    "a NUL": r'"a\u0000b"',
    "a NUL alone": r'"\u0000"',
    "half a surrogate pair": r'"a\ud83db"',
    "the other half": r'"a\ude00b"',
    "a pair the wrong way round": r'"\ude00\ud83d"',
    "a raw line break": '"a\nb"',
}
TOO_LONG = {"nickname": "x" * 33, "password": "x" * 129, "source": "x" * 10_001}


def user_body(nickname: str, field: str, value: str | None) -> bytes:
    """Return the JSON of a user with one field's value, given as JSON, or without the field."""
    fields = {"nickname": json.dumps(nickname), "password": '"another password"', field: value}
    pairs = [f'"{name}": {text}' for name, text in fields.items() if text is not None]
    return f"{{{', '.join(pairs)}}}".encode()


def nicknames(client) -> set[str]:
    return {user["nickname"] for user in client.get("/api/users").json()["users"]}


def authorization(person) -> bytes:
    return f"Authorization: Bearer {person.token}".encode()


@pytest.fixture(scope="module")
def carol(server):
    """A person whom the bad input must leave as she is."""
    return new_person(server, unique("carol"))


@pytest.fixture(scope="module")
def message(client, carol):
    """A message that the bad input must leave as it is."""
    return post(client, carol, "as it was")


@pytest.fixture
def carol_stays(client, carol):
    """Check that the test changes nothing of carol's."""
    before = get_user(client, carol.id)
    yield
    after = get_user(client, carol.id)
    assert (after["nickname"], after["updated_at"]) == (before["nickname"], before["updated_at"])
    # a password that was changed would have revoked the token
    expect(client.get("/api/users/0", headers=carol.bearer), 404)


# bodies


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_registering_needs_a_json_object(server, client, body):
    before = nicknames(client)
    assert_refused(exchange(server, "POST", "/api/users", [JSON], body), 400)
    assert nicknames(client) == before


@pytest.mark.parametrize(
    "body",
    [body for name, body in BODIES.items() if body != b"{}"],
    ids=[name for name, body in BODIES.items() if body != b"{}"],
)
def test_changing_a_user_needs_a_json_object(server, carol, carol_stays, body):
    headers = [JSON, authorization(carol)]
    assert_refused(exchange(server, "PUT", f"/api/users/{carol.id}", headers, body), 400)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_posting_needs_a_json_object(server, client, carol, message, body):
    headers = [JSON, authorization(carol)]
    assert_refused(exchange(server, "POST", "/api/messages", headers, body), 400)
    assert only_message_of(client, carol) == message


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_changing_a_message_needs_a_json_object(server, client, carol, message, body):
    headers = [JSON, authorization(carol)]
    answer = exchange(server, "PUT", f"/api/messages/{message['id']}", headers, body)
    assert_refused(answer, 400)
    assert get_message(client, message["id"]) == message


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "",
        "application/json; charset=klingon",
        "multipart/form-data",
        "a/b/c",
        "\u00ff",
    ],
)
def test_an_odd_content_type_is_no_servers_error(server, alice, content_type):
    headers = [f"Content-Type: {content_type}".encode("latin-1"), authorization(alice)]
    answer = exchange(server, "POST", "/api/messages", headers, b'{"source": "odd"}')
    assert_no_server_error(answer)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "nonsense"])
def test_a_body_that_is_not_encoded_as_it_says_is_no_servers_error(server, alice, encoding):
    headers = [JSON, f"Content-Encoding: {encoding}".encode(), authorization(alice)]
    answer = exchange(server, "POST", "/api/messages", headers, b'{"source": "odd"}')
    assert_no_server_error(answer)


# fields


@pytest.mark.parametrize("value", [*VALUES.values(), None], ids=[*VALUES, "missing"])
@pytest.mark.parametrize("field", ["nickname", "password"])
def test_registering_needs_good_fields(server, client, field, value):
    before = nicknames(client)
    body = user_body(unique("never"), field, value)
    assert_refused(exchange(server, "POST", "/api/users", [JSON], body), 400)
    assert nicknames(client) == before


@pytest.mark.parametrize("field", ["nickname", "password"])
def test_registering_needs_fields_that_are_not_too_long(client, field):
    body = {"nickname": unique("never"), "password": "a password", field: TOO_LONG[field]}
    assert_refused(client.post("/api/users", json=body), 400)
    assert body["nickname"] not in nicknames(client)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("field", ["nickname", "password"])
def test_a_bad_field_leaves_the_good_one_unchanged_too(server, carol, carol_stays, field, value):
    headers = [JSON, authorization(carol)]
    body = user_body(unique("never"), field, value)
    assert_refused(exchange(server, "PUT", f"/api/users/{carol.id}", headers, body), 400)


@pytest.mark.parametrize("field", ["nickname", "password"])
def test_a_field_that_is_too_long_leaves_the_other_one_unchanged_too(
    client, carol, carol_stays, field
):
    body = {"nickname": unique("never"), "password": "a password", field: TOO_LONG[field]}
    assert_refused(client.put(f"/api/users/{carol.id}", json=body, headers=carol.bearer), 400)


# the last ones would show as another nickname: no width, the other direction, a second line
@pytest.mark.parametrize("nickname", ["a:b", ":", "a:", "a\u200bb", "a\u202eb", "a\nb"])
def test_a_nickname_with_a_colon_or_what_does_not_print_is_refused(
    client, carol, carol_stays, nickname
):
    body = {"nickname": nickname, "password": "another password"}
    assert_refused(client.post("/api/users", json=body), 400)
    assert_refused(client.put(f"/api/users/{carol.id}", json=body, headers=carol.bearer), 400)
    assert nickname not in nicknames(client)


@pytest.mark.parametrize("value", [*VALUES.values(), None], ids=[*VALUES, "missing"])
def test_a_message_needs_a_good_source(server, client, carol, message, value):
    headers = [JSON, authorization(carol)]
    body = b"{}" if value is None else f'{{"source": {value}}}'.encode()
    assert_refused(exchange(server, "POST", "/api/messages", headers, body), 400)
    path = f"/api/messages/{message['id']}"
    assert_refused(exchange(server, "PUT", path, headers, body), 400)
    assert only_message_of(client, carol) == message


def test_a_message_must_not_be_too_long(client, carol, message):
    body = {"source": TOO_LONG["source"]}
    assert_refused(client.post("/api/messages", json=body, headers=carol.bearer), 400)
    path = f"/api/messages/{message['id']}"
    assert_refused(client.put(path, json=body, headers=carol.bearer), 400)
    assert only_message_of(client, carol) == message


def only_message_of(client, person) -> dict:
    arguments = {"user_id": person.id}
    [found] = expect(client.get("/api/messages", params=arguments), 200).json()["messages"]
    return found


# sizes


def padded(body: bytes, size: int) -> bytes:
    return body + b" " * (size - len(body))


@pytest.mark.parametrize(
    "size, status", [(LARGEST_BODY, 201), (LARGEST_BODY + 1, 413), (3 * LARGEST_BODY, 413)]
)
def test_a_user_may_take_64_kib_and_no_more(server, client, size, status):
    nickname = unique("large")
    body = padded(user_body(nickname, "password", '"a password"'), size)
    answer = exchange(server, "POST", "/api/users", [JSON], body)
    if status == 413:
        assert_refused(answer, 413)
    assert answer.status_code == status
    assert (nickname in nicknames(client)) == (status == 201)


def test_a_body_over_64_kib_is_refused_where_none_is_read(server, alice):
    credentials = base64.b64encode(f"{alice.nickname}:{alice.password}".encode())
    headers = [b"Authorization: Basic " + credentials]
    answer = exchange(server, "POST", "/api/tokens", headers, padded(b"{}", LARGEST_BODY + 1))
    assert_refused(answer, 413)


@pytest.mark.parametrize(
    "method, path",
    [("PUT", "/api/users/{carol}"), ("POST", "/api/messages"), ("PUT", "/api/messages/{message}")],
)
def test_a_body_over_64_kib_is_refused_everywhere(
    server, client, carol, carol_stays, message, method, path
):
    path = path.format(carol=carol.id, message=message["id"])
    body = b'{"source": "too large", "nickname": "too large", "password": "too large"}'
    headers = [JSON, authorization(carol)]
    answer = exchange(server, method, path, headers, padded(body, LARGEST_BODY + 1))
    assert_refused(answer, 413)
    assert only_message_of(client, carol) == message


def test_a_body_over_64_kib_in_chunks_is_refused_too(server, client):
    nickname = unique("chunks")
    body = padded(user_body(nickname, "password", '"a password"'), LARGEST_BODY + 1)
    pieces = [body[start : start + 8192] for start in range(0, len(body), 8192)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    headers = [JSON, b"Transfer-Encoding: chunked"]
    answer = exchange(server, "POST", "/api/users", headers, chunks)
    assert_no_server_error(answer)
    assert answer.status_code >= 400
    assert "<" not in answer.json()["error"]
    assert nickname not in nicknames(client)


@pytest.mark.parametrize("length", [b"abc", b"-1", b"1e3", b"", b"9" * 30])
def test_a_length_that_is_none_is_no_servers_error(server, length):
    # the header comes last, and the answer may be the web server's own, not Flack's
    request = b"\r\n".join(
        [
            b"POST /api/users HTTP/1.1",
            b"Host: localhost",
            b"Connection: close",
            JSON,
            b"Content-Length: " + length,
            b"",
            b"{}",
        ]
    )
    assert exchange_bytes(server, request, end=True).status_code < 500


# arguments and ids


NO_TIMES = ["abc", "", " ", "1.5.5", "now", "0x10", "\0", "1;2", "[]", "--1"]
ODD_NUMBERS = [
    "-1",
    "1.5",
    "1e9",
    "9" * 30,
    "9" * 5000,
    "inf",
    "nan",
    "+1",
    "1_000",
    "\u0661",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    " 1 ",
]


@pytest.mark.parametrize("text", NO_TIMES)
@pytest.mark.parametrize("path", ["/api/users", "/api/messages"])
def test_a_time_that_is_none_is_refused(client, path, text):
    assert_refused(client.get(path, params={"updated_since": text}), 400)


@pytest.mark.parametrize("text", ["abc", "true", "\0"])
def test_online_is_a_number(client, text):
    assert_refused(client.get("/api/users", params={"online": text}), 400)


@pytest.mark.parametrize("text", ["abc", "me", "\0", "1,2"])
def test_the_user_of_messages_is_a_number(client, text):
    assert_refused(client.get("/api/messages", params={"user_id": text}), 400)


@pytest.mark.parametrize("number", ODD_NUMBERS)
@pytest.mark.parametrize(
    "path, name",
    [
        ("/api/users", "updated_since"),
        ("/api/messages", "updated_since"),
        ("/api/messages", "user_id"),
        ("/api/users", "online"),
    ],
)
def test_an_odd_number_is_no_servers_error(client, path, name, number):
    assert_no_server_error(client.get(path, params={name: number}))


@pytest.mark.parametrize(
    "query",
    [
        "updated_since=1&updated_since=abc",
        "updated_since",
        "online=1&online=0&online=x",
        "%ff=%fe&%00=%00&&&=&==",
        "updated_since=%ff",
        "user_id=%00",
        "x" * 5000,
        "%",
        "%zz",
    ],
)
@pytest.mark.parametrize("path", ["/api/users", "/api/messages", "/api/users/0", "/stats", "/"])
def test_an_odd_query_is_no_servers_error(server, path, query):
    assert exchange(server, "GET", f"{path}?{query}").status_code < 500


IDS = [
    "abc",
    "0",
    "-1",
    "1.0",
    "1e3",
    "9" * 30,
    "9" * 5000,
    "0x1",
    "%00",
    "%ff",
    "1%00",
    "%201",
    str(2**31),
    str(2**32 + 1),
    str(2**63 - 1),
    str(2**63),
    "None",
    "1'--",
    "..%2f1",
    "%d9%a1",
]


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("kind", ["users", "messages"])
def test_an_id_that_nothing_has_is_not_found(server, kind, id):
    assert_refused(exchange(server, "GET", f"/api/{kind}/{id}"), 404)


@pytest.mark.parametrize("id", ["abc", "0", "9" * 30, str(2**31), str(2**63)])
@pytest.mark.parametrize("kind", ["users", "messages"])
def test_what_is_not_there_cannot_be_changed(client, carol, kind, id):
    body = {"nickname": unique("never"), "source": "never"}
    answer = client.put(f"/api/{kind}/{id}", json=body, headers=carol.bearer)
    assert_refused(answer, 404)


# paths and methods


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/users/1/2",
        "/api/%00",
        "/api/%ff",
        "/api/users%00",
        "/api/Users",
        "/api/stats",
    ],
)
def test_an_unknown_path_under_api_is_not_found(server, path):
    assert_refused(exchange(server, "GET", path), 404)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/%00",
        "/%ff",
        "/%",
        "/%zz",
        "/static/",
        "/static/nothing.js",
        "/static/%00",
        "/apiary",
        "/console",
        "/static/../flack.py",
        "/static/..%2fflack.py",
        "/static/%2e%2e/flack.py",
        "/static/..\\flack.py",
        "/flack.sqlite",
        "/.git/config",
    ],
)
def test_an_unknown_path_elsewhere_is_not_found(server, path):
    assert exchange(server, "GET", path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "//api/users",
        "/api//users",
        "http://127.0.0.1/api/users",
        "/api/users/../users",
        "/api/users/",
        "/static//etc/passwd",
        "/" + "x" * 60_000,
        b"/api/\xff\xfe",
        b"/\xc3\xbc",
    ],
)
def test_an_odd_path_is_no_servers_error(server, path):
    assert exchange(server, "GET", path).status_code < 500


@pytest.mark.parametrize(
    "method, path",
    [
        ("DELETE", "/api/users"),
        ("PUT", "/api/users"),
        ("PATCH", "/api/users/1"),
        ("POST", "/api/users/1"),
        ("DELETE", "/api/users/1"),
        ("GET", "/api/tokens"),
        ("PUT", "/api/tokens"),
        ("DELETE", "/api/messages"),
        ("DELETE", "/api/messages/1"),
        ("BREW", "/api/users"),
        ("TRACE", "/api/messages"),
    ],
)
def test_an_unknown_method_under_api_is_not_allowed(server, method, path):
    answer = exchange(server, method, path)
    assert_refused(answer, 405)
    assert answer.headers["Allow"]


@pytest.mark.parametrize(
    "method, path",
    [("POST", "/"), ("DELETE", "/"), ("POST", "/stats"), ("BREW", "/"), ("PUT", "/stats")],
)
def test_an_unknown_method_elsewhere_is_not_allowed(server, method, path):
    answer = exchange(server, method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"]


@pytest.mark.parametrize(
    "header",
    [
        b"Host: a b",
        b"Host:",
        b"Host: \xff",
        b"Cookie: \xff\x00=;;;",
        b"Accept: \xff",
        b"If-Modified-Since: never",
        b"If-None-Match: \xff",
        b"Range: bytes=9-1",
        b"Expect: nonsense",
        b"X-Forwarded-For: \xff",
        b"X-HTTP-Method-Override: BREW",
        b"Accept-Language: " + b"x" * 5000,
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/users/0"])
def test_an_odd_header_is_no_servers_error(server, path, header):
    assert exchange(server, "GET", path, [header]).status_code < 500

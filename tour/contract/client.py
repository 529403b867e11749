"""What the tests speak HTTP with: a client, people who have registered, and raw sockets."""

import http.client
import json
import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from tour.production.deployment import Deployment
from tour.system.server import StageServer

# what the suite speaks with: a stage's own server, or one behind nginx
Server = StageServer | Deployment

# seconds that only a server that hangs takes to answer, however busy the machine
TIMEOUT = 120.0

USER_KEYS = {
    "id",
    "created_at",
    "updated_at",
    "last_seen_at",
    "nickname",
    "online",
    "_links",
}
MESSAGE_KEYS = {
    "id",
    "created_at",
    "updated_at",
    "source",
    "html",
    "user_id",
    "_links",
}
CHALLENGE = 'Bearer realm="Authentication Required"'


class Person(NamedTuple):
    """Someone who has registered and has a token."""

    id: int
    nickname: str
    password: str
    token: str

    @property
    def basic(self) -> tuple[str, str]:
        """Nickname and password, as the client's `auth`."""
        return self.nickname, self.password

    @property
    def bearer(self) -> dict[str, str]:
        """The token, as the client's `headers`."""
        return {"Authorization": f"Bearer {self.token}"}


class RawAnswer(NamedTuple):
    """The answer to a request written byte by byte."""

    status_code: int
    headers: http.client.HTTPMessage
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


# the answers to a test's requests so far, for a rule that differs behind a proxy
ANSWERS: deque[Any] = deque(maxlen=1)


def open_client(server: Server) -> httpx.Client:
    """Return a client that sends what it is told to: no proxy, no .netrc, no redirect followed."""
    return httpx.Client(
        base_url=server.url,
        timeout=TIMEOUT,
        trust_env=False,
        verify=False,
        event_hooks={"response": [ANSWERS.append]},
    )


def unique(stem: str) -> str:
    """Return a nickname or a word that no earlier run has used."""
    return f"{stem}-{secrets.token_hex(5)}"


def register(client: httpx.Client, nickname: str, password: str = "a password") -> Person:
    """Register a person and ask for a token."""
    credentials = {"nickname": nickname, "password": password}
    user = expect(client.post("/api/users", json=credentials), 201).json()
    token = expect(client.post("/api/tokens", auth=(nickname, password)), 200).json()["token"]
    return Person(user["id"], nickname, password, token)


def post(client: httpx.Client, author: Person, source: str) -> dict[str, Any]:
    """Post a message and return it as the server does."""
    answer = client.post("/api/messages", json={"source": source}, headers=author.bearer)
    message: dict[str, Any] = expect(answer, 201).json()
    return message


def get_user(client: httpx.Client, id: int) -> dict[str, Any]:
    """Return a user, asked for anonymously."""
    user: dict[str, Any] = expect(client.get(f"/api/users/{id}"), 200).json()
    return user


def get_message(client: httpx.Client, id: int) -> dict[str, Any]:
    """Return a message, asked for anonymously."""
    message: dict[str, Any] = expect(client.get(f"/api/messages/{id}"), 200).json()
    return message


def expect(answer: httpx.Response, status: int) -> httpx.Response:
    """Return the answer; fail with what it says when its status is another one."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    return answer


def assert_refused(answer: httpx.Response | RawAnswer, *statuses: int) -> None:
    """Check that an answer under /api has one of the statuses and says what is wrong."""
    assert answer.status_code in statuses, (answer.status_code, answer.content)
    assert answer.headers["Content-Type"].partition(";")[0] == "application/json", answer.content
    body = answer.json()
    assert set(body) == {"error"}, body
    assert isinstance(body["error"], str) and body["error"].strip(), body
    if answer.status_code == 401:
        assert answer.headers["WWW-Authenticate"] == CHALLENGE


def assert_no_server_error(answer: httpx.Response | RawAnswer) -> None:
    """Check that an answer under /api is not the server's fault, and that an error is JSON."""
    assert answer.status_code < 500, answer.content
    if answer.status_code >= 400:
        assert_refused(answer, answer.status_code)


def exchange(
    server: Server,
    method: str,
    path: str | bytes,
    headers: Iterable[bytes] = (),
    body: bytes = b"",
) -> RawAnswer:
    """Send a request that a client library would refuse to send; return the answer.

    `headers` are whole lines. Content-Length is put in with a body, unless a header speaks of the
    body already.
    """
    lines = [b"Host: %s" % urlsplit(server.url).netloc.encode(), b"Connection: close", *headers]
    described = b"\n".join(lines).lower()
    if body and b"content-length" not in described and b"transfer-encoding" not in described:
        lines.append(b"Content-Length: %d" % len(body))
    path = path if isinstance(path, bytes) else path.encode()
    start = b"%s %s HTTP/1.1" % (method.encode(), path)
    return exchange_bytes(server, b"\r\n".join([start, *lines, b"", b""]) + body, method)


def exchange_bytes(
    server: Server, request: bytes, method: str = "GET", end: bool = False
) -> RawAnswer:
    """Send bytes, say with `end` that no more will come, and read the answer to them."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT) as connection:
        connection.sendall(request)
        if end:
            connection.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(connection, method=method)
        answer.begin()
        ANSWERS.append(RawAnswer(answer.status, answer.headers, answer.read()))
        return ANSWERS[-1]


def at_once(calls: Iterable[Callable[[], Any]]) -> list[Any]:
    """Call all functions at the same moment, each in a thread; return what they return."""
    calls = list(calls)
    barrier = threading.Barrier(len(calls))

    def call(function: Callable[[], Any]) -> Any:
        barrier.wait()
        return function()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def wait_for_the_next_second() -> None:
    """Let the clock's second pass; times are whole seconds, so nothing sooner can be told."""
    now = time.time()
    time.sleep(int(now) + 1 - now)

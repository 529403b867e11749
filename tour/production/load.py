"""People who use a set-up, all at once: they post, poll and sign in; and what they were told.

With the standard library alone, and as a browser does it: connections stay open, and a request on
an open connection that the server has just closed is sent again on a new one.
"""

import base64
import http.client
import json
import secrets
import threading
import time
from contextlib import ExitStack
from functools import partial
from typing import Any
from typing import NamedTuple

from tour.production.deployment import Deployment
from tour.production.part import wait_until
from tour.system.address import HOST
from tour.system.threads import beside

WRITERS = 6
READERS = 4

# seconds: one answer, between two requests of one person, between two times that one signs in
TIMEOUT = 60.0
PAUSE = 0.05
SIGN_IN_PAUSE = 2.0

INSERT_USER = """
    INSERT INTO users (created_at, updated_at, last_seen_at, nickname, password_hash, token)
    VALUES ({now}, {now}, {now}, '{nickname}', 'admits nobody', '{token}')
"""


class Answer(NamedTuple):
    """The end of a request: a status, 0 without an answer; how long it took; its body."""

    status: int
    seconds: float
    body: bytes = b""

    @property
    def failed(self) -> bool:
        return self.status == 0 or self.status >= 500

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One person's browser: a connection that stays open."""

    def __init__(self, port: int, token: str = "") -> None:
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)

    def request(
        self,
        method: str,
        path: str,
        data: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        body = None if data is None else json.dumps(data).encode()
        start = time.monotonic()
        # the server may have closed an open connection just now
        for _ in range(2 if self.connection.sock else 1):
            try:
                # this opens it where it is closed
                self.connection.request(method, path, body, self.headers | (headers or {}))
                answer = self.connection.getresponse()
                content = answer.read()
                return Answer(answer.status, time.monotonic() - start, content)
            except (http.client.RemoteDisconnected, ConnectionError):
                self.close()
            except (OSError, http.client.HTTPException):
                self.close()
                break
        return Answer(0, time.monotonic() - start)

    def close(self) -> None:
        self.connection.close()


class Person(NamedTuple):
    """A person that posts or polls: put into the database with a token, without a password."""

    nickname: str
    token: str

    @classmethod
    def insert_many(cls, deployment: Deployment, count: int) -> list["Person"]:
        people = [
            cls(f"person-{secrets.token_hex(5)}", secrets.token_hex(32)) for _ in range(count)
        ]
        now = int(time.time())
        statements = [INSERT_USER.format(now=now, **person._asdict()) for person in people]
        deployment.sql(";".join(statements))
        return people


class Load:
    """Writers, readers and one who signs in again and again, as long as the context lasts."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.people = Person.insert_many(deployment, WRITERS + READERS)
        self.nickname = f"signer-{secrets.token_hex(5)}"
        self.password = f"password-{secrets.token_hex(8)}"
        self.answers: list[Answer] = []
        # what was told 201, by the id that came with it
        self.confirmed: dict[int, str] = {}
        self.tokens: set[str] = {person.token for person in self.people}
        self._stack = ExitStack()

    def __enter__(self) -> "Load":
        doers = [self._write] * WRITERS + [self._read] * READERS
        works = [partial(doer, person) for doer, person in zip(doers, self.people)]
        self._stack.enter_context(beside(*works, self._sign_in))
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    @property
    def secrets(self) -> set[str]:
        """What no log may hold."""
        pair = f"{self.nickname}:{self.password}".encode()
        return {*self.tokens, self.password, base64.b64encode(pair).decode()}

    @property
    def failed(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.failed]

    def wait_for_more(self, messages: int = 60) -> None:
        """Wait until so many more messages are confirmed."""
        enough = len(self.confirmed) + messages
        wait_until(lambda: len(self.confirmed) >= enough, "no message was confirmed")

    def missing(self) -> int:
        """Return how many of the confirmed messages the database does not have as they were."""
        stored = {
            int(id): source for id, source in self.deployment.sql("SELECT id, source FROM messages")
        }
        return sum(stored.get(id) != source for id, source in self.confirmed.items())

    def repeated(self) -> int:
        """Return how many messages are there twice; each text was posted once."""
        statement = "SELECT count(*) - count(DISTINCT source) FROM messages"
        [[count]] = self.deployment.sql(f"{statement} WHERE source LIKE '% of person-%'")
        return int(count)

    def _write(self, person: Person, ended: threading.Event) -> None:
        client = Client(self.deployment.port, person.token)
        number = 0
        while not ended.wait(PAUSE):
            number += 1
            source = f"message {number} of {person.nickname}"
            answer = client.request("POST", "/api/messages", {"source": source})
            if answer.status == 201:
                self.confirmed[answer.json()["id"]] = source
            self.answers.append(answer._replace(body=b""))
        client.close()

    def _read(self, person: Person, ended: threading.Event) -> None:
        client = Client(self.deployment.port, person.token)
        while not ended.wait(PAUSE):
            path = f"/api/messages?updated_since={int(time.time()) - 2}"
            self.answers.append(client.request("GET", path)._replace(body=b""))
        client.close()

    def _sign_in(self, ended: threading.Event) -> None:
        client = Client(self.deployment.port)
        user = {"nickname": self.nickname, "password": self.password}
        self.answers.append(client.request("POST", "/api/users", user)._replace(body=b""))
        headers = basic(self.nickname, self.password)
        while not ended.wait(SIGN_IN_PAUSE):
            answer = client.request("POST", "/api/tokens", headers=headers)
            if answer.status == 200:
                self.tokens.add(answer.json()["token"])
            self.answers.append(answer._replace(body=b""))
        client.close()


def basic(nickname: str, password: str) -> dict[str, str]:
    """Return the header with which one signs in."""
    pair = base64.b64encode(f"{nickname}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}

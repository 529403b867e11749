"""A request of the bench, and the check of its answer before it is measured."""

import http.client
import json
from typing import NamedTuple
from urllib.parse import urlsplit

from tour.system.errors import TourError

# seconds until an answer must be there
LIMIT = 30.0


class Request(NamedTuple):
    """A GET, or a POST where there is a body, which is JSON.

    With tokens it is made with each of them in turn. `items` is the number of items in the answer,
    None when the answer is no list.
    """

    path: str
    tokens: tuple[str, ...] = ()
    body: str | None = None
    items: int | None = None

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"


def check(url: str, request: Request) -> bytes:
    """Make the request to the server at `url`, with each token once; return the last answer.

    Raise TourError when an answer has another status or another number of items than it must.
    """
    for token in request.tokens or (None,):
        status, answer = _ask(url, request, token)
        expected = 200 if request.body is None else 201
        if status != expected:
            raise TourError(_wrong(url, request, f"{status}, not {expected}", answer))
        if request.items is not None:
            [listed] = json.loads(answer).values()
            if len(listed) != request.items:
                found = f"{len(listed)} items, not {request.items}"
                raise TourError(_wrong(url, request, found, answer))
    return answer


def _ask(url: str, request: Request, token: str | None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=LIMIT)
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    if request.body is not None:
        headers["Content-Type"] = "application/json"
    try:
        connection.request(request.method, request.path, request.body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException) as error:
        raise TourError(_wrong(url, request, f"no answer: {error!r}", b"")) from None
    finally:
        connection.close()


def _wrong(url: str, request: Request, found: str, answer: bytes) -> str:
    return (
        f"{request.method} {url}{request.path} got {found}; see what `tour check` finds\n"
        f"{answer[:500].decode(errors='replace')}"
    ).rstrip()

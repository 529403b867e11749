"""The rows of the bench: the two requests that are compared, and the ratio to reach."""

import json
import statistics
from enum import Enum
from typing import NamedTuple

from tour.bench.database import TOKENS
from tour.bench.request import Request

MESSAGES = 100
USERS = len(TOKENS)


class Server(Enum):
    """A server of the bench: the stage, the bare application, the stage with many messages."""

    STAGE = "stage"
    BARE = "bare"
    THOUSAND = "a thousand messages"
    MILLION = "a million messages"


class Unit(Enum):
    """The unit of a figure: answers in a second, or the median latency in milliseconds."""

    RATE = "requests/s"
    LATENCY = "ms"


class Side(NamedTuple):
    """A request and the server that it is made to."""

    server: Server
    request: Request


class Row(NamedTuple):
    """Two sides, the ratio to reach (a rate's at least, a latency's at most) and that of 2016.

    The ratio of 2016 is that of the code of the class, https://github.com/miguelgrinberg/flack,
    measured in the same way on two cores; None where it was not measured.
    """

    name: str
    unit: Unit
    connections: int
    measured: Side
    beside: Side
    aim: float
    in_2016: float | None


class Figure(NamedTuple):
    """The figures of a row's two sides in each round."""

    row: Row
    measured: tuple[float, ...]
    beside: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios; other work slows both sides of a round down."""
        return statistics.median(
            measured / beside for measured, beside in zip(self.measured, self.beside)
        )

    @property
    def reached(self) -> bool:
        """Whether the ratio is as good as it should be."""
        if self.row.unit is Unit.LATENCY:
            return self.ratio <= self.row.aim
        return self.ratio >= self.row.aim


def make_rows(now: int) -> list[Row]:
    """Return the rows; all messages in the databases are older than `now`, in Unix seconds.

    Posting comes last, because a poll after it finds messages.
    """
    poll = f"/api/messages?updated_since={now}"
    anonymous = Request(poll, items=0)
    nothing = Side(Server.BARE, Request("/", items=0))
    rates = [
        ("poll, anonymous", anonymous, nothing, 0.38, 0.24),
        ("poll, one token", Request(poll, TOKENS[:1], items=0), nothing, 0.38, 0.14),
        ("poll, fifty tokens", Request(poll, TOKENS, items=0), nothing, 0.38, 0.11),
        (
            "a hundred messages",
            Request("/api/messages", items=MESSAGES),
            Side(Server.BARE, Request("/messages", items=MESSAGES)),
            0.22,
            0.044,
        ),
        (
            "fifty users",
            Request("/api/users", items=USERS),
            Side(Server.BARE, Request("/users", items=USERS)),
            0.2,
            0.08,
        ),
        ("GET /", Request("/"), nothing, 0.7, 0.54),
    ]
    body = json.dumps({"source": "Hello *everybody*"})
    return [
        *(
            Row(name, Unit.RATE, 4, Side(Server.STAGE, request), beside, aim, in_2016)
            for name, request, beside, aim, in_2016 in rates
        ),
        # one connection from here on: a queue would hide a latency, and SQLite has one writer
        Row(
            "poll, a million messages beside a thousand",
            Unit.LATENCY,
            1,
            Side(Server.MILLION, anonymous),
            Side(Server.THOUSAND, anonymous),
            1.2,
            90 / 1.8,
        ),
        Row(
            "posting a message",
            Unit.RATE,
            1,
            Side(Server.STAGE, Request("/api/messages", TOKENS[:1], body)),
            Side(Server.BARE, Request("/messages", body=body)),
            0.35,
            None,
        ),
    ]

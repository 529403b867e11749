"""The bench: what it puts into databases, asks, checks, reads from wrk, and makes of it."""

import http.server
import json
import platform
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tour.bench import database
from tour.bench import measure
from tour.bench import rows
from tour.bench import servers
from tour.bench import wrk
from tour.bench.database import TOKENS
from tour.bench.measure import Settings
from tour.bench.request import Request
from tour.bench.request import check
from tour.bench.rows import Figure
from tour.bench.rows import Row
from tour.bench.rows import Server
from tour.bench.rows import Side
from tour.bench.rows import Unit
from tour.bench.wrk import Drive
from tour.commands import bench
from tour.environments.pythons import Python
from tour.stages.line import Stage
from tour.system.errors import TourError

NOW = 1_790_000_000

# of v0.1, by sqlite3
SCHEMA = """
CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    nickname VARCHAR(32) NOT NULL UNIQUE,
    password_hash VARCHAR(256) NOT NULL,
    token VARCHAR(64) UNIQUE
);
CREATE TABLE messages (
    id INTEGER NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    html VARCHAR NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id)
);
"""

WRK = """\
Running 1s test @ http://127.0.0.1:8000/
  1 threads and 4 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.21ms  250.00us   3.10ms   80.00%
    Req/Sec     3.21k   120.00     3.50k    70.00%
  3000 requests in 2.00s, 0.50MB read
Requests/sec:   1500.00
Transfer/sec:    250.00KB

"""

STAGE = Stage("v0.2", "Move the utilities", "v0.2", "c0ffee", "facade", NOW)


def report_of_drive(**changes: int) -> str:
    """Return what wrk prints, with a last line as of drive.lua."""
    counts = {"answers": 3000, "microseconds": 2_000_000, "median_latency": 1300}
    return WRK + json.dumps({**counts, "refused": 0, "broken": 0, **changes}) + "\n"


def row(unit: Unit, aim: float) -> Row:
    """Return a row between the stage and the bare application."""
    sides = (Side(Server.STAGE, Request("/")), Side(Server.BARE, Request("/")))
    return Row("a row", unit, 1, *sides, aim, 0.25)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A database with a stage's tables."""
    file = tmp_path / "flack.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(SCHEMA)
    return file


@pytest.fixture
def settings() -> Settings:
    """Three rounds of a second."""
    return Settings(Python(Path(sys.executable), platform.python_version()), 3, 1)


class Lists(http.server.BaseHTTPRequestHandler):
    """Answer with a list of two, 201 to a POST, 401 to a token that is not one of TOKENS."""

    def do_GET(self) -> None:
        self.answer(200)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(201)

    def answer(self, status: int) -> None:
        token = self.headers.get("Authorization", f"Bearer {TOKENS[0]}").removeprefix("Bearer ")
        self.send_response(status if token in TOKENS else 401)
        self.end_headers()
        self.wfile.write(b'{"messages": [1, 2]}')

    def log_message(self, *arguments: object) -> None:
        """Print nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    """The address of a server that answers with lists."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lists) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("count", [1, 7, 1000])
def test_seeding_adds_the_messages_within_their_time(tables: Path, count: int) -> None:
    database.seed(tables, count, NOW - 3600, NOW)
    with closing(sqlite3.connect(tables)) as connection:
        question = "SELECT count(*), min(updated_at), max(updated_at) < ? FROM messages"
        found = connection.execute(question, (NOW,)).fetchone()
    assert found == (count, NOW - 3600, True)


def test_seeding_spreads_the_messages_evenly(tables: Path) -> None:
    database.seed(tables, 1000, NOW - 4000, NOW)
    with closing(sqlite3.connect(tables)) as connection:
        question = "SELECT count(*) FROM messages WHERE updated_at >= ?"
        assert connection.execute(question, (NOW - 2000,)).fetchone() == (500,)


def test_seeding_gives_each_token_a_user_with_messages(tables: Path) -> None:
    database.seed(tables, 100, NOW - 3600, NOW)
    with closing(sqlite3.connect(tables)) as connection:
        question = "SELECT DISTINCT token FROM users JOIN messages ON user_id = users.id"
        assert {token for (token,) in connection.execute(question)} == set(TOKENS)


def test_seeding_refuses_a_database_without_the_tables(tmp_path: Path) -> None:
    with pytest.raises(TourError, match="no such table: users; every stage makes the same tables"):
        database.seed(tmp_path / "empty.sqlite", 1, NOW - 1, NOW)


def test_what_wrk_measured_is_read_in_seconds_and_milliseconds() -> None:
    assert wrk.parse(report_of_drive()) == Drive(1500.0, 1.3)


@pytest.mark.parametrize("changes", [{"refused": 1}, {"broken": 1}, {"answers": 0}])
def test_requests_that_went_wrong_are_no_figure(changes: dict[str, int]) -> None:
    with pytest.raises(TourError, match="so their speed says nothing"):
        wrk.parse(report_of_drive(**changes))


def test_without_wrk_the_remedy_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(TourError, match="apt install wrk") as caught:
        wrk.find_wrk()
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    "wanted",
    [
        Request("/"),
        Request("/", items=2),
        Request("/", TOKENS, items=2),
        Request("/", TOKENS[:1], body="{}"),
    ],
)
def test_a_right_answer_is_returned(url: str, wanted: Request) -> None:
    assert check(url, wanted) == b'{"messages": [1, 2]}'


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Request("/", items=3), "2 items, not 3"),
        (Request("/", (*TOKENS, "another"), items=2), "401, not 200"),
        (Request("/", ("another", *TOKENS), items=2), "401, not 200"),
        (Request("/", ("another",), body="{}"), "401, not 201"),
    ],
)
def test_a_wrong_answer_is_refused(url: str, wanted: Request, message: str) -> None:
    with pytest.raises(TourError, match=message):
        check(url, wanted)


def test_a_server_that_is_away_is_refused(url: str) -> None:
    with pytest.raises(TourError, match="no answer"):
        check("http://127.0.0.1:1", Request("/"))


@pytest.mark.parametrize(
    ("files", "target"),
    [
        ({"flack.py": "app = Flask()\n"}, "flack:app"),
        ({"flack/__init__.py": "from .flack import app\n"}, "flack:app"),
        ({"flack/__init__.py": "def create_app(name=None):\n    ...\n"}, "flack:create_app()"),
    ],
)
def test_the_target_is_the_application_or_its_factory(
    tmp_path: Path, files: dict[str, str], target: str
) -> None:
    for path, text in files.items():
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    assert servers.find_target(tmp_path) == target


def test_every_server_that_a_row_needs_has_its_content() -> None:
    needed = {side.server for row in rows.make_rows(NOW) for side in (row.measured, row.beside)}
    assert needed == servers.CONTENTS.keys()


def test_the_sides_of_a_row_are_driven_in_turn(url: str, settings: Settings) -> None:
    speeds = {Server.STAGE: iter([9, 1, 2, 3]), Server.BARE: iter([9, 10, 20, 40])}
    driven: list[object] = []

    def drive(side: Side, connections: int, seconds: int) -> Drive:
        driven.append(side.server)
        return Drive(next(speeds[side.server]), 0.0)

    urls = {Server.STAGE: url, Server.BARE: url}
    figure = measure.measure_row(row(Unit.RATE, 0.5), urls, drive, settings, driven.append)
    # the first drive of a side warms it up
    assert (figure.measured, figure.beside) == ((1, 2, 3), (10, 20, 40))
    assert [entry for entry in driven if entry in urls] == [Server.STAGE, Server.BARE] * 4


def test_a_latency_is_what_a_latency_row_holds(url: str, settings: Settings) -> None:
    figure = measure.measure_row(
        row(Unit.LATENCY, 1.2),
        {Server.STAGE: url, Server.BARE: url},
        lambda side, connections, seconds: Drive(1000.0, 1.5),
        settings,
        lambda text: None,
    )
    assert figure.measured == (1.5, 1.5, 1.5)


def test_a_wrong_answer_is_not_driven(url: str, settings: Settings) -> None:
    wrong = row(Unit.RATE, 0.5)._replace(measured=Side(Server.STAGE, Request("/", items=3)))
    with pytest.raises(TourError, match="items, not 3"):
        measure.measure_row(
            wrong, {Server.STAGE: url}, lambda *arguments: pytest.fail(), settings, print
        )


def test_the_ratio_is_the_median_of_the_rounds_ratios() -> None:
    assert Figure(row(Unit.RATE, 0.5), (40, 4, 1), (100, 8, 1)).ratio == 0.5


@pytest.mark.parametrize(
    ("unit", "measured", "reached"),
    [
        (Unit.RATE, 49, False),
        (Unit.RATE, 50, True),
        (Unit.LATENCY, 50, True),
        (Unit.LATENCY, 51, False),
    ],
)
def test_a_rate_reaches_its_aim_from_above_and_a_latency_from_below(
    unit: Unit, measured: int, reached: bool
) -> None:
    assert Figure(row(unit, 0.5), (measured,), (100,)).reached is reached


def test_the_json_has_every_round(settings: Settings) -> None:
    figure = Figure(row(Unit.RATE, 0.5), (40, 20, 30), (100, 100, 100))
    assert json.loads(bench.format_json(STAGE, settings, [figure])) == {
        "stage": "v0.2",
        "commit": "c0ffee",
        "python": platform.python_version(),
        "rounds": 3,
        "seconds": 1,
        "figures": [
            {
                "name": "a row",
                "unit": "requests/s",
                "measured": [40, 20, 30],
                "beside": [100, 100, 100],
                "ratio": 0.3,
                "aim": 0.5,
                "reached": False,
                "ratio_in_2016": 0.25,
            }
        ],
    }


def test_the_table_has_the_medians_and_marks_what_is_missed(settings: Settings) -> None:
    figure = Figure(row(Unit.RATE, 0.5), (40, 20, 30), (100, 100, 100))
    last = bench.format_text(STAGE, settings, [figure]).splitlines()[-1]
    assert last.split() == "a row requests/s 30 100 0.30 >= 0.50 0.25 missed".split()


@pytest.mark.parametrize("option", ["--rounds=0", "--rounds=-1", "--seconds=1.5"])
def test_a_number_that_is_none_is_a_wrong_call(tour, clone, option: str) -> None:
    answer = tour(clone.folder, "bench", option)
    assert answer.returncode == 2
    assert "is not a whole number from 1 on" in answer.stderr

"""The servers of the bench: a stage and the bare application under gunicorn, and their data.

The stage makes its tables when its server starts by its README's command. The rows are written into
the file directly, because a million posts would take hours.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from pathlib import Path

from tour.bench import database
from tour.bench import request
from tour.bench import rows
from tour.stages import readme
from tour.system.address import HOST
from tour.system.server import StageServer
from tour.system.server import free_port
from tour.system.server import sqlite_url
from tour.system.status_line import Report

# in addition to the stage's requirements
GUNICORN = "gunicorn==27.0.1"
OPTIONS = "--workers 2 --worker-class sync --no-control-socket --log-level warning"

# where a stage has a factory, the server calls it
FACTORY = re.compile(r"^def create_app\(", re.MULTILINE)

# the configuration for others; up to v0.6 a stage has only one, and ignores this
CONFIGURATION = {"FLACK_CONFIG": "production", "SECRET_KEY": "of the bench alone"}

HOUR = 3600
DAY = 24 * HOUR

BARE = Path(__file__).parent


# the first content of each database: a number of messages, and from how many seconds they are
CONTENTS = {
    rows.Server.STAGE: (rows.MESSAGES, HOUR),
    rows.Server.BARE: (rows.MESSAGES, HOUR),
    # half of them are of the day that messages are listed from: the index alone keeps a poll cheap
    rows.Server.THOUSAND: (1_000, 2 * DAY),
    rows.Server.MILLION: (1_000_000, 2 * DAY),
}


@contextmanager
def serve(
    stage: Path, tag: str, python: Path, folder: Path, now: int, report: Report
) -> Iterator[dict[rows.Server, str]]:
    """Start the servers, give their addresses, and stop them at the end.

    `stage` has the stage's files, `python` runs it and gunicorn, and the databases lie in `folder`.
    Their messages are older than `now`, in Unix seconds. `report` is called before each start.
    """
    command = readme.read_commands(stage, tag).run
    urls: dict[rows.Server, str] = {}
    with ExitStack() as stack:
        for server, (messages, seconds) in CONTENTS.items():
            report(f"starting: {server.value}")
            file = folder / f"{server.name.lower()}.sqlite"
            settings = CONFIGURATION | {"DATABASE_URL": sqlite_url(file)}
            with StageServer(stage, python, command, settings):
                # it answers, so its tables are made
                pass
            database.seed(file, messages, now - seconds, now)
            if server is rows.Server.BARE:
                _save_answers(urls[rows.Server.STAGE], folder)
                gunicorn = _gunicorn(BARE, python, "bare:app", {"BENCH_FOLDER": str(folder)})
            else:
                gunicorn = _gunicorn(stage, python, find_target(stage), settings)
            urls[server] = stack.enter_context(gunicorn).url
        yield urls


def find_target(stage: Path) -> str:
    """Return gunicorn's name for the application of the stage in the folder."""
    package = stage / "flack" / "__init__.py"
    if package.exists() and FACTORY.search(package.read_text(encoding="utf-8")):
        return "flack:create_app()"
    return "flack:app"


def _gunicorn(
    directory: Path, python: Path, target: str, environment: dict[str, str]
) -> StageServer:
    port = free_port()
    command = f"python -m gunicorn {OPTIONS} --bind {HOST}:{port} {target}"
    return StageServer(directory, python, command, environment, port)


def _save_answers(url: str, folder: Path) -> None:
    """Save the stage's lists; the bare application answers with them."""
    for name, items in (("messages", rows.MESSAGES), ("users", rows.USERS)):
        answer = request.check(url, request.Request(f"/api/{name}", items=items))
        folder.joinpath(f"{name}.json").write_bytes(answer)

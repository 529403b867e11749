"""The measurement: wrk drives both sides of each row in turn.

The rounds are short, so that other work on the machine slows both sides down alike.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tour.bench import rows
from tour.bench import servers
from tour.bench import wrk
from tour.bench.request import check
from tour.environments import packages
from tour.environments.pythons import Python
from tour.repo import copies
from tour.repo.temporary import temporary_folder
from tour.stages.line import Stage
from tour.system.status_line import Report

# seconds before the first round, in which both workers load what they need
WARM_UP = 1


class Settings(NamedTuple):
    """The Python of the measurement, the number of rounds, and the seconds for each side."""

    python: Python
    rounds: int
    seconds: int


def measure(
    repository: Path, stage: Stage, settings: Settings, report: Report
) -> list[rows.Figure]:
    """Return a figure for each row.

    `report` is called with a line before each action. .venv is there, as `environment.prepare`
    makes it. Raise TourError when wrk is missing, a server does not start, or an answer is wrong.
    """
    program = wrk.find_wrk()
    with (
        temporary_folder(repository) as folder,
        copies.clean_copy(repository, stage.commit, stage.tag) as files,
    ):
        more = f"\n{servers.GUNICORN}\n"
        python = packages.install_stage(repository, stage, report, more, ", and gunicorn")
        now = int(time.time())
        with servers.serve(files, stage.tag, python, folder, now, report) as urls:

            def drive(side: rows.Side, connections: int, seconds: int) -> wrk.Drive:
                url = urls[side.server]
                return wrk.drive(program, url, side.request, connections, seconds, folder)

            return [measure_row(row, urls, drive, settings, report) for row in rows.make_rows(now)]


def measure_row(
    row: rows.Row,
    urls: dict[rows.Server, str],
    drive: Callable[[rows.Side, int, int], wrk.Drive],
    settings: Settings,
    report: Report,
) -> rows.Figure:
    """Check the answers of both sides, warm them up, and drive them in turn."""
    for side in (row.measured, row.beside):
        check(urls[side.server], side.request)
        drive(side, row.connections, WARM_UP)
    found = []
    for number in range(1, settings.rounds + 1):
        report(f"{row.name}: round {number} of {settings.rounds}")
        drives = [
            drive(side, row.connections, settings.seconds) for side in (row.measured, row.beside)
        ]
        is_rate = row.unit is rows.Unit.RATE
        found.append([each.rate if is_rate else each.latency for each in drives])
    return rows.Figure(row, *zip(*found))

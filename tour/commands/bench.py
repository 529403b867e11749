"""measure a stage beside a bare Flask application

Both run under gunicorn, with two workers and SQLite, and wrk makes requests to them in turn. The
table has the medians of the rounds: of both sides, and of the ratio between them, with the ratio to
reach and that of the code of 2016. Other work on the machine spoils the figures. Needs wrk.

With --production two builds are measured as others use them, behind nginx with two nodes and
PostgreSQL: what an open tab costs, how many tabs fit, and the memory of a node. Needs no wrk.

examples:
  python3 -m tour bench v0.1 --rounds 21
  python3 -m tour bench --production --beside edition-4/v0.10
"""

import argparse
import json
import statistics
from pathlib import Path

from tour.bench import measure
from tour.bench import open_tabs
from tour.bench import wrk
from tour.bench.rows import Figure
from tour.bench.rows import Unit
from tour.environments import environment
from tour.environments import pythons
from tour.repo.clone import find_clone
from tour.stages.line import Stage
from tour.stages.line import find_stages
from tour.system import status_line
from tour.system.arguments import positive
from tour.system.errors import UsageError
from tour.system.table import format_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tag", nargs="?", metavar="TAG", help="the stage, by default the newest")
    parser.add_argument(
        "--rounds",
        type=positive,
        default=11,
        metavar="N",
        help="the number of rounds (default: %(default)s)",
    )
    parser.add_argument(
        "--seconds",
        type=positive,
        default=1,
        metavar="S",
        help="the seconds for each side of a row in a round (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, with every round")
    parser.add_argument("--production", action="store_true", help="measure open tabs of two builds")
    parser.add_argument(
        "--beside", metavar="COMMIT", help="with --production: the other build, a commit or a tag"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; return 1 when one misses its ratio."""
    repository = find_clone()
    line = find_stages(repository)
    [stage] = line.select([arguments.tag]) if arguments.tag else [line.tip]
    if arguments.production != bool(arguments.beside):
        raise UsageError("--production and --beside go together")
    if arguments.production:
        return _compare_builds(repository, stage, arguments)
    # its error comes before anything is installed
    wrk.find_wrk()
    environment.prepare(repository, status_line.report)
    settings = measure.Settings(pythons.find_python(), arguments.rounds, arguments.seconds)
    try:
        figures = measure.measure(repository, stage, settings, status_line.report)
    finally:
        status_line.end_report()
    print((format_json if arguments.json else format_text)(stage, settings, figures))
    return 0 if all(figure.reached for figure in figures) else 1


def _compare_builds(repository: Path, stage: Stage, arguments: argparse.Namespace) -> int:
    if arguments.json:
        raise UsageError("--json does not go with --production")
    beside = open_tabs.find_build(repository, stage, arguments.beside)
    environment.prepare(repository, status_line.report)
    try:
        comparisons = open_tabs.compare(
            repository, (stage, beside), arguments.rounds, arguments.seconds, status_line.report
        )
    finally:
        status_line.end_report()
    print(format_comparisons(stage.tag, arguments.beside, comparisons))
    return 0


def format_comparisons(tag: str, beside: str, comparisons: list[open_tabs.Comparison]) -> str:
    """Return the figures of two builds as a table."""

    def number(value: float | None, form: str = ".3g") -> str:
        return "-" if value is None else f"{value:{form}}"

    rows = [
        [each.name, each.unit, number(each.measured), number(each.beside)]
        + [number(each.ratio, ".2f")]
        for each in comparisons
    ]
    return format_table([["", "", tag, beside, "ratio"], *rows], left=2)


def format_text(stage: Stage, settings: measure.Settings, figures: list[Figure]) -> str:
    """Return the figures as a table."""
    headings = ["", "", stage.tag, "beside", "ratio", "aim", "2016", ""]
    return "\n".join(
        [
            f"Medians of {settings.rounds} rounds of {settings.seconds} s on Python"
            f" {settings.python.version}; beside is a bare Flask",
            format_table([headings, *map(_row, figures)], left=2),
        ]
    )


def format_json(stage: Stage, settings: measure.Settings, figures: list[Figure]) -> str:
    """Return the figures as JSON, with those of each round."""
    return json.dumps(
        {
            "stage": stage.tag,
            "commit": stage.commit,
            "python": settings.python.version,
            "rounds": settings.rounds,
            "seconds": settings.seconds,
            "figures": [
                {
                    "name": figure.row.name,
                    "unit": figure.row.unit.value,
                    "measured": figure.measured,
                    "beside": figure.beside,
                    "ratio": figure.ratio,
                    "aim": figure.row.aim,
                    "reached": figure.reached,
                    "ratio_in_2016": figure.row.in_2016,
                }
                for figure in figures
            ],
        },
        indent=2,
    )


def _row(figure: Figure) -> list[str]:
    unit = figure.row.unit
    sign, decimals = ("<=", 2) if unit is Unit.LATENCY else (">=", 0)
    in_2016 = figure.row.in_2016
    return [
        figure.row.name,
        unit.value,
        f"{statistics.median(figure.measured):.{decimals}f}",
        f"{statistics.median(figure.beside):.{decimals}f}",
        f"{figure.ratio:.2f}",
        f"{sign} {figure.row.aim:.2f}",
        "-" if in_2016 is None else f"{in_2016:.2f}",
        "" if figure.reached else "missed",
    ]

"""check stages: their own tests, their server and the contract, each in a clean copy

Each stage gets an environment with its own requirements and nothing else. Its own tests run with
coverage, and flake8 looks at its style. Its server is started by its README's command, and the
contract suite talks to it over HTTP and in a browser. A result that is fine is stored, and counts
until something that it depends on has changed.

With --production the newest stage is checked behind nginx instead, with two nodes and PostgreSQL,
as docs/production.md has it: the contract, and what operators do. With --faults processes are
killed and more under load meanwhile, and each confirmed message has to be there afterwards.

example:
  python3 -m tour check v0.3 v0.4 --python 3.13 --browser firefox
  python3 -m tour check v0.10 --production --faults
"""

import argparse
from functools import partial
from pathlib import Path

from tour.check import production_checks
from tour.check import stage_checks
from tour.check.progress import Progress
from tour.check.results import check_and_report
from tour.check.results import format_faults
from tour.check.results import format_operations
from tour.check.results import format_results
from tour.environments import environment
from tour.environments import pythons
from tour.production import measured
from tour.production import programs
from tour.repo.clone import find_clone
from tour.stages.line import Stage
from tour.stages.line import find_stages
from tour.system import browsers
from tour.system.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("tags", nargs="*", metavar="TAG", help="a stage, as in v0.4; all when none")
    add("--fresh", action="store_true", help="check again even if a result is stored")
    add("--python", metavar="VERSION", help="another Python, as in 3.13")
    add(
        "--database",
        type=stage_checks.database_url,
        metavar="URL",
        help="another database for the servers: postgresql+psycopg://user:password@host/name",
    )
    add(
        "--browser",
        choices=browsers.BROWSERS,
        default=browsers.DEFAULT,
        help="the browser in which the web client is tested; %(default)s when left out",
    )

    add("--production", action="store_true", help="behind nginx, with two nodes and PostgreSQL")
    add("--faults", action="store_true", help="with --production: kill, fill, drop")
    add(
        "--record",
        action="store_true",
        help="with --production: write the figures into docs/production/measured.toml",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check the stages; return 1 when a check fails."""
    repository = find_clone()
    line = find_stages(repository)
    if (arguments.faults or arguments.record) and not arguments.production:
        raise UsageError("--faults and --record go with --production")
    if arguments.production:
        if arguments.python or arguments.database or arguments.browser != browsers.DEFAULT:
            raise UsageError("--production has its own Python, database and browser; name none")
        if len(arguments.tags) > 1:
            raise UsageError("--production checks one stage; name the newest, or none")
        [stage] = line.select(arguments.tags) if arguments.tags else [line.tip]
        return _check_production(repository, stage, arguments)
    chosen = line.select(arguments.tags) if arguments.tags else list(line.stages)
    if arguments.browser != browsers.DEFAULT:
        browsers.require(arguments.browser)
    suite_python = environment.prepare(repository, print)
    python = pythons.find_python()
    if arguments.python:
        uv = environment.program(repository / ".venv", "uv")
        python = pythons.search(uv, arguments.python)
    settings = stage_checks.Settings(
        python,
        suite_python,
        database=arguments.database,
        browser=arguments.browser,
        fresh=arguments.fresh,
    )
    results = check_and_report(repository, chosen, settings, print)
    return 1 if any(result.failures for result in results) else 0


def _check_production(repository: Path, stage: Stage, arguments: argparse.Namespace) -> int:
    programs.find()
    programs.find_logrotate()
    suite_python = environment.prepare(repository, print)
    name = production_checks.name(stage)
    print(f"Checking {name}")
    with Progress(1) as progress:
        begin = partial(progress.begin, name)
        trial = production_checks.check_all(
            repository, stage, suite_python, arguments.faults, progress.report, begin
        )
    print(format_results([trial.contract]))
    print(f"\n{format_operations(trial.operations)}")
    if arguments.faults:
        print(f"\n{format_faults(trial.faults)}")
    if arguments.record:
        measured.write(repository, trial.operations, trial.faults)
    return 0 if trial.is_fine else 1

"""check stages: their own tests, their server and the contract, each in a clean copy

Each stage gets an environment with its own requirements and nothing else. Its own tests run with
coverage, and flake8 looks at its style. Its server is started by its README's command, and the
contract suite talks to it over HTTP and in a browser. A result that is fine is stored, and counts
until something that it depends on has changed.

example:
  python3 -m tour check v0.3 v0.4 --python 3.13 --browser firefox
"""

import argparse

from tour.check import stage_checks
from tour.check.results import check_and_report
from tour.check.stage_checks import Settings
from tour.environments import environment
from tour.environments import pythons
from tour.repo.clone import find_repository
from tour.stages.line import find_stages
from tour.system import browsers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("tags", nargs="*", metavar="TAG", help="a stage, as in v0.4; all when none")
    parser.add_argument(
        "--fresh", action="store_true", help="check again even if a result is stored"
    )
    parser.add_argument("--python", metavar="VERSION", help="another Python, as in 3.13")
    parser.add_argument(
        "--database",
        type=stage_checks.database_url,
        metavar="URL",
        help="another database for the servers: postgresql+psycopg://user:password@host/name",
    )
    parser.add_argument(
        "--browser",
        choices=browsers.BROWSERS,
        default=browsers.DEFAULT,
        help="the browser in which the web client is tested; %(default)s when left out",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check the stages; return 1 when a check fails."""
    repository = find_repository()
    line = find_stages(repository)
    chosen = line.select(arguments.tags) if arguments.tags else list(line.stages)
    if arguments.browser != browsers.DEFAULT:
        browsers.require(arguments.browser)
    suite_python = environment.prepare(repository, print)
    python = pythons.find_python()
    if arguments.python:
        uv = environment.program(repository / ".venv", "uv")
        python = pythons.search(uv, arguments.python)
    settings = Settings(
        python,
        suite_python,
        database=arguments.database,
        browser=arguments.browser,
        fresh=arguments.fresh,
    )
    results = check_and_report(repository, chosen, settings, print)
    return 1 if any(result.failures for result in results) else 0

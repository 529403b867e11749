"""set everything up and run every check there is

flake8 on the tour, the tour's own tests, the pages as `tour docs` holds and builds them, and then
the check of all stages as `tour check` does it.

example:
  python3 -m tour test
"""

import argparse
import tempfile
from pathlib import Path

from tour import check
from tour import environment
from tour import process
from tour import pythons
from tour import stages
from tour import tags
from tour import tally
from tour.check import Settings
from tour.commands.check import check_and_print
from tour.commands.tags import print_wrong
from tour.environment import PACKAGE
from tour.repository import find_repository
from tour.tally import Tally

# seconds that flake8, the tour's own tests and the pages may take each
LIMIT = 900.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the verb takes no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Run every check, print a closing line with the counts; return 1 when one failed."""
    repository = find_repository()
    line = stages.find_stages(repository)
    print_wrong(repository, tags.restore(repository, line))
    python = environment.prepare(repository, print)
    own = [
        _lint(repository, python),
        _run_own_tests(repository, python),
        _hold_pages(repository, python),
    ]
    settings = Settings(pythons.find_python(), python)
    results = check_and_print(repository, list(line.stages), settings)
    total = tally.add([*own, check.sum_up(results)])
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


def _lint(repository: Path, python: Path) -> Tally:
    print("flake8", flush=True)
    # started at the top, where the newest stage's setup.cfg has the settings
    code = _run([str(python), "-m", "flake8", str(PACKAGE)], repository)
    return Tally(failed=int(code != 0))


def _hold_pages(repository: Path, python: Path) -> Tally:
    print("the pages", flush=True)
    code = _run([str(python), "-m", "tour", "docs"], repository)
    return Tally(failed=int(code != 0))


def _run(arguments: list[str], directory: Path) -> int | None:
    """Run a program that prints what it finds; return its exit code, None when it took too long."""
    return process.run(arguments, directory, process.clean_environment(), log=None, limit=LIMIT)


def _run_own_tests(repository: Path, python: Path) -> Tally:
    print("the tour's own tests", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        code = _run(
            [
                *(str(python), "-B", "-m", "pytest", str(PACKAGE / "tests"), "-q"),
                *("-p", "tour.interrupt", f"--repository={repository}", f"--junitxml={report}"),
            ],
            PACKAGE.parent,
        )
        counted = tally.read_tally(report)
    return counted._replace(failed=max(counted.failed, int(code != 0)))

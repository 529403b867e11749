"""set everything up and run every check there is

The tour's style, imports and own tests, the pages as `tour docs` holds and builds them, and the
check of all stages as `tour check` does it, all at once. What passed is kept, and not run again
until something that it depends on is another one.

example:
  python3 -m tour test --fresh
"""

import argparse
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tour.check import own_checks
from tour.check import stage_checks
from tour.check import tally
from tour.check.own_checks import OwnResult
from tour.check.progress import Progress
from tour.check.results import print_results
from tour.check.stage_checks import Result
from tour.check.stage_checks import Settings
from tour.environments import environment
from tour.environments import pythons
from tour.repo.clone import find_repository
from tour.stages import tags
from tour.stages.line import Stage
from tour.stages.line import find_stages
from tour.stages.tags import print_wrong
from tour.system import process
from tour.system.table import format_table

# how the progress names what is not a stage
TOUR = "tour"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("--fresh", action="store_true", help="run again what passed before, too")


def run(arguments: argparse.Namespace) -> int:
    """Run every check, print a closing line with the counts; return 1 when one failed."""
    repository = find_repository()
    line = find_stages(repository)
    print_wrong(repository, tags.restore(repository, line))
    python = environment.prepare(repository, print)
    settings = Settings(pythons.find_python(), python, fresh=arguments.fresh)
    own, results = _run_all(repository, list(line.stages), settings)
    _print_own(own)
    print_results(results)
    total = tally.add([*(result.tests for result in own), stage_checks.sum_up(results)])
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


def _run_all(
    repository: Path, chosen: list[Stage], settings: Settings
) -> tuple[list[OwnResult], list[Result]]:
    python = settings.suite_python
    cancelled = threading.Event()
    with Progress(len(chosen)) as progress, ThreadPoolExecutor(1) as pool:
        report = partial(progress.report, TOUR)
        own = pool.submit(own_checks.run, repository, python, report, cancelled, settings.fresh)
        try:
            results = stage_checks.check_stages(
                repository, chosen, settings, progress.report, cancelled
            )
            return own.result(), results
        except BaseException:
            cancelled.set()
            process.stop_all()
            raise


def _print_own(results: list[OwnResult]) -> None:
    rows = [
        [
            result.name,
            f"{result.tests.total or ''}",
            f"{result.seconds:.1f}",
            "failed" if result.failure else "kept" if result.is_kept else "",
        ]
        for result in results
    ]
    print(format_table([["the tour", "tests", "seconds", ""], *rows], left=1))
    for result in results:
        if result.failure:
            print(f"\n{result.name}: {result.failure.reason}")
            print(Path(result.failure.log).read_text(encoding="utf-8", errors="replace"))
        elif result.closing:
            print("\n".join(result.closing))
    print()

"""set everything up and run every check there is

The tour's style, types, imports and own tests, the pages as `tour docs` checks and builds them, and
the check of all stages as `tour check` does it, all at once. Where Firefox is installed, what
browsers do each in their own way is tried in it too, at the newest stage. Where nginx and
PostgreSQL are installed, that stage is tried behind them, in short. What passed is kept, and not
run again until something that it depends on has changed.

example:
  python3 -m tour test --fresh
"""

import argparse
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tour.check import junit_report
from tour.check import own_checks
from tour.check import production_checks
from tour.check import stage_checks
from tour.check.progress import Progress
from tour.check.results import format_results
from tour.environments import environment
from tour.environments import pythons
from tour.production import programs
from tour.production import serving
from tour.repo.clone import find_clone
from tour.stages import tags
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.system import browsers
from tour.system import platforms
from tour.system import process
from tour.system.table import format_table

# how the progress names what is not a stage
TOUR = "tour"

# the other browser
FIREFOX = "firefox"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fresh", action="store_true", help="run again what passed before, too")


def run(arguments: argparse.Namespace) -> int:
    """Run every check, print a closing line with the counts; return 1 when one failed."""
    repository = find_clone()
    line = find_stages(repository)
    tags.restore(repository, line, print)
    python = environment.prepare(repository, print)
    settings = stage_checks.Settings(pythons.find_python(), python, fresh=arguments.fresh)
    own, results = _run_all(repository, line, settings)
    _print_own(own)
    print(format_results(results))
    if not _wants_firefox():
        print(browsers.explain_missing(FIREFOX))
    if not production_checks.wanted(repository):
        print(
            f"The newest stage was not checked behind nginx: {serving.explain_missing(repository)}"
        )
    if missing := programs.explain_missing_redis():
        print(f"The queue of docs/production.md was not tried: {missing}")
    total = junit_report.add_counts(
        [*(result.tests for result in own), stage_checks.sum_up(results)]
    )
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


def _run_all(
    repository: Path, line: StageLine, settings: stage_checks.Settings
) -> tuple[list[own_checks.OwnResult], list[stage_checks.Result]]:
    python = settings.suite_python
    cancelled = threading.Event()
    again = [line.tip] if _wants_firefox() else []
    served = [line.tip] if production_checks.wanted(repository) else []
    count = len(line.stages) + len(again) + len(served)
    with Progress(count) as progress, ThreadPoolExecutor(3) as pool:
        report = partial(progress.report, TOUR)
        own = pool.submit(own_checks.run, repository, python, report, cancelled, settings.fresh)
        hold = partial(stage_checks.check_stages, repository)
        hold_behind = partial(production_checks.check_short, repository)
        news = progress.report, cancelled
        in_firefox = settings._replace(browser=FIREFOX, short=True)
        others = [pool.submit(hold, [stage], in_firefox, *news) for stage in again]
        production = [pool.submit(hold_behind, stage, settings, *news) for stage in served]
        with process.stopping_all(cancelled):
            results = hold(list(line.stages), settings, *news)
            results += [result for each in others for result in each.result()]
            return own.result(), results + [each.result() for each in production]


def _wants_firefox() -> bool:
    """Return whether to run Firefox: if it is installed, and where it must be."""
    return browsers.find(FIREFOX) is not None or platforms.all_is_required()


def _print_own(results: list[own_checks.OwnResult]) -> None:
    rows = [
        [
            result.name,
            f"{result.tests.total or ''}",
            f"{result.seconds:.1f}",
            "failed" if result.failure else "cached" if result.is_cached else "",
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

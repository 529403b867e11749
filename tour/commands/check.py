"""check stages: their own tests, their server and the contract, each in a clean copy

For each stage: an environment with its own requirements and nothing else, its own tests with
coverage, flake8, its server started by its README's command, and the contract suite over HTTP and
in a browser. What passed is kept, and not run again until something that it depends on is another
one.

example:
  python3 -m tour check v0.3 v0.4 --python 3.13 --browser firefox
"""

import argparse
import shutil
import sys
import threading
import time
from pathlib import Path

from tour import browsers
from tour import check
from tour import environment
from tour import pythons
from tour import stages
from tour.check import Result
from tour.check import Settings
from tour.repository import find_repository
from tour.stages import Stage
from tour.table import format_table

# seconds without news after which a single stage is told to go on, at the next look in a second
HEARTBEAT = 1.5

HEADINGS = ["stage", "tests", "coverage", "contract", "seconds", ""]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("tags", nargs="*", metavar="TAG", help="a stage, as in v0.4; all when none")
    parser.add_argument("--fresh", action="store_true", help="check again what passed before, too")
    parser.add_argument("--python", metavar="VERSION", help="another Python, as in 3.13")
    parser.add_argument(
        "--database",
        type=check.database_url,
        metavar="URL",
        help="another database for the servers: postgresql+psycopg://user:password@host/name",
    )
    parser.add_argument(
        "--browser",
        choices=browsers.BROWSERS,
        default=browsers.DEFAULT,
        help="the browser in which the web client is tried; %(default)s when left out",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check the stages; return 1 when something is wrong with one of them."""
    repository = find_repository()
    line = stages.find_stages(repository)
    chosen = line.select(arguments.tags) if arguments.tags else list(line.stages)
    if arguments.browser != browsers.DEFAULT:
        browsers.demand(arguments.browser)
    suite_python = environment.prepare(repository, print)
    settings = Settings(
        pythons.find_python(arguments.python),
        suite_python,
        database=arguments.database,
        browser=arguments.browser,
        fresh=arguments.fresh,
    )
    results = check_and_print(repository, chosen, settings)
    return 1 if any(result.failures for result in results) else 0


def check_and_print(repository: Path, chosen: list[Stage], settings: Settings) -> list[Result]:
    """Check the stages, print their progress, the table and what failed; return the results."""
    names = ", ".join(settings.name(stage) for stage in chosen)
    print(f"Checking {names} on Python {settings.python.version}")
    with Progress(len(chosen)) as progress:
        results = check.check_stages(repository, chosen, settings, progress.report)
    print_results(results)
    return results


def print_results(results: list[Result]) -> None:
    """Print a table of what was found, and of each failure the output that tells most."""
    print(format_table([HEADINGS, *map(_row, results)], left=1))
    for result in results:
        for failure in result.failures:
            print(f"\n{result.tag}, {failure.phase}: {failure.reason}")
            if failure.output:
                print(failure.output)
                print(f"all of it: {failure.log}")
    if any(result.kept for result in results):
        print("kept: passed before, and nothing has changed since; --fresh checks it again")


class Progress:
    """What is under way: one line that changes on a terminal, a line for each news elsewhere.

    Of many stages every tenth of a phase is news. Of a single one, for which somebody waits,
    every per cent is, and in between it is told every second or two that it goes on.
    """

    def __init__(self, stages: int) -> None:
        self.stages = stages
        self.step = 1 if stages == 1 else 10
        self.phases: dict[str, dict[str, int]] = {}
        self.lock = threading.Lock()
        self.started = self.told = time.monotonic()
        self.ended = threading.Event()
        self.heart = threading.Thread(target=self._beat)

    def __enter__(self) -> "Progress":
        self.heart.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.ended.set()
        self.heart.join()
        if sys.stdout.isatty():
            # empty for what comes next
            self._draw("")
            print("\r", end="", flush=True)

    def report(self, name: str, phase: str, reached: int) -> None:
        """Take note of how far, in per cent, a stage is in a phase; called from several threads."""
        with self.lock:
            phases = self.phases.setdefault(name, {})
            before = phases.get(phase)
            phases[phase] = reached
            if sys.stdout.isatty():
                self._draw(self._summary())
            elif phase in check.ENDS or reached < 100 and (
                before is None or reached // self.step > before // self.step
            ):
                self._print(f"{name}: {_phase(phase, reached)}")

    def _beat(self) -> None:
        while not self.ended.wait(1):
            with self.lock:
                if sys.stdout.isatty():
                    self._draw(self._summary())
                elif self.stages == 1 and time.monotonic() - self.told > HEARTBEAT:
                    self._print(self._summary())

    def _print(self, text: str) -> None:
        print(text, flush=True)
        self.told = time.monotonic()

    def _summary(self) -> str:
        ended = sum(not phases.keys().isdisjoint(check.ENDS) for phases in self.phases.values())
        running = [
            f"{name}: {', '.join(under_way)}"
            for name, phases in self.phases.items()
            if (under_way := [_phase(*item) for item in phases.items() if item[1] < 100])
        ]
        seconds = time.monotonic() - self.started
        return f"{ended} of {self.stages} after {seconds:.0f} s  {'; '.join(running)}"

    @staticmethod
    def _draw(text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        print(f"\r{text[:width]:{width}}", end="", flush=True)


def _phase(phase: str, reached: int) -> str:
    return f"{phase} {reached} %" if 0 < reached < 100 else phase


def _row(result: Result) -> list[str]:
    return [
        result.tag,
        _count(result.tests.total, result.tests.failed),
        "-" if result.coverage is None else f"{result.coverage:.1f} %",
        _count(result.contract.total, result.contract.failed),
        f"{result.seconds:.1f}",
        "failed" if result.failures else "kept" if result.kept else "",
    ]


def _count(total: int, failed: int) -> str:
    return f"{total}, {failed} failed" if failed else f"{total}"

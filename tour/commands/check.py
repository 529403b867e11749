"""check stages: their own tests, their server and the contract, each in a clean copy

For each stage: an environment with its own requirements and nothing else, its own tests with
coverage, flake8, its server started by its README's command, and the contract suite over HTTP. What
passed is kept, and not run again until something that it depends on is another one.

example:
  python3 -m tour check v0.3 v0.4 --python 3.13
"""

import argparse
import shutil
import sys
import threading
from pathlib import Path

from tour import check
from tour import environment
from tour import pythons
from tour import stages
from tour.check import Result
from tour.check import Settings
from tour.repository import find_repository
from tour.stages import Stage
from tour.table import format_table

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


def run(arguments: argparse.Namespace) -> int:
    """Check the stages; return 1 when something is wrong with one of them."""
    repository = find_repository()
    line = stages.find_stages(repository)
    chosen = line.select(arguments.tags) if arguments.tags else list(line.stages)
    suite_python = environment.prepare(repository, print)
    settings = Settings(
        pythons.find_python(arguments.python),
        suite_python,
        database=arguments.database,
        fresh=arguments.fresh,
    )
    results = check_and_print(repository, chosen, settings)
    return 1 if any(result.failures for result in results) else 0


def check_and_print(repository: Path, chosen: list[Stage], settings: Settings) -> list[Result]:
    """Check the stages, print their progress, the table and what failed; return the results."""
    tags = ", ".join(stage.tag for stage in chosen)
    print(f"Checking {tags} on Python {settings.python.version}")
    progress = Progress(len(chosen))
    try:
        results = check.check_stages(repository, chosen, settings, progress.report)
    finally:
        progress.end()
    print(format_table([HEADINGS, *map(_row, results)], left=1))
    for result in results:
        for failure in result.failures:
            print(f"\n{result.tag}, {failure.phase}: {failure.reason}")
            if failure.output:
                print(failure.output)
                print(f"all of it: {failure.log}")
    if any(result.kept for result in results):
        print("kept: passed before, and nothing has changed since; --fresh checks it again")
    return results


class Progress:
    """What is under way: one line that changes on a terminal, a line for each news elsewhere."""

    def __init__(self, stages: int) -> None:
        self.stages = stages
        self.phases: dict[str, str] = {}
        self.lock = threading.Lock()

    def report(self, tag: str, phase: str) -> None:
        """Take note that a stage enters a phase; called from several threads."""
        with self.lock:
            self.phases[tag] = phase
            if sys.stdout.isatty():
                self._draw(self._summary())
            else:
                print(f"{tag}: {phase}")

    def end(self) -> None:
        """Leave the terminal's line empty for what comes next."""
        if sys.stdout.isatty():
            self._draw("")
            print("\r", end="", flush=True)

    def _summary(self) -> str:
        ended = sum(phase in check.ENDS for phase in self.phases.values())
        running = [
            f"{tag} {phase}" for tag, phase in self.phases.items() if phase not in check.ENDS
        ]
        return f"{ended} of {self.stages}  {', '.join(running)}"

    @staticmethod
    def _draw(text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        print(f"\r{text[:width]:{width}}", end="", flush=True)


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

"""put faults into copies, one at a time, and print which test catches each

`flack` puts a fault into the newest stage and runs the contract suite on it; `tour` puts one into
the tour and runs the tour's own tests that should see it. Nothing is changed but copies. It ends
with 1 when a fault escapes, or when one that is known to escape is caught. The tables are
flack.toml and tour.toml beside this module. The last output of a suite is in .tour/logs.

example:
  .venv/bin/python -m tour.mutations flack --suite ../flack-tour-before --json before.json
"""

import argparse
import json
import shutil
import sys
import threading
import time
import xml.etree.ElementTree
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import as_completed
from contextlib import AbstractContextManager
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tour.check import stage_checks
from tour.cli import guard
from tour.environments import environment
from tour.environments import packages
from tour.mutations import rows
from tour.mutations.rows import Mutation
from tour.repo import copies
from tour.repo.clone import find_repository
from tour.repo.own_folder import own_folder
from tour.repo.own_folder import write_whole
from tour.repo.temporary import temporary_folder
from tour.stages import readme
from tour.stages.line import find_stages
from tour.system import process
from tour.system.arguments import positive
from tour.system.errors import TourError
from tour.system.errors import UsageError

# seconds that a suite may take
LIMIT = 1800.0

# where the web client is
CLIENT = ("flack/static/", "flack/templates/")

# the files beside tour/ that the tour's own tests need
BESIDE = ("pyproject.toml", "setup.cfg")

PYTEST = ("-B", "-m", "pytest", "-x", "-q", "-p", "tour.system.interrupt", "-p", "no:cacheprovider")


class Outcome(NamedTuple):
    """The outcome of a mutation; `caught_by` names a test, or another reason for the failure."""

    mutation: Mutation
    caught_by: str | None
    seconds: float


class Flack:
    """The newest stage and the contract suite, which is this checkout's or the one in `suite`."""

    def __init__(self, repository: Path, suite: Path | None) -> None:
        self.repository = repository
        self.stage = find_stages(repository).tip
        self.suite = environment.PACKAGE.parent if suite is None else suite.resolve()
        if not (self.suite / "tour" / "contract").is_dir():
            raise UsageError(f"{self.suite} has no tour/contract; give the top of a checkout")

    def prepare(self, python: Path) -> None:
        """Prepare the parts that all runs share; `python` is the interpreter of .venv."""
        own = environment.interpreter(self.suite / ".venv")
        self.suite_python = own if own.exists() else python
        self.stage_python = packages.install_stage(self.repository, self.stage, print)

    def copy(self) -> AbstractContextManager[Path]:
        return copies.clean_copy(self.repository, self.stage.commit, self.stage.tag)

    def command(self, folder: Path, report: Path, mutations: list[Mutation]) -> list[str]:
        """Return the suite's command for a copy; pytest leaves its report in the file `report`."""
        contract = self.suite / "tour" / "contract"
        is_client = all(mutation.file.startswith(CLIENT) for mutation in mutations)
        # a fault of the client is most likely caught by the browser's tests, another by the others
        files = sorted(contract.glob("test_*.py"))
        files.sort(key=lambda file: (file.name == stage_checks.BROWSER) != is_client)
        return [
            str(self.suite_python),
            *(*PYTEST, *map(str, files), f"--junitxml={report}"),
            f"--stage-directory={folder}",
            f"--stage-python={self.stage_python}",
            f"--stage-command={readme.read_commands(folder, self.stage.tag).run}",
        ]

    def top(self, folder: Path) -> Path:
        """Return the folder in which the suite for a copy runs, and from which it is imported."""
        return self.suite


class Tour:
    """The tour as it lies in the working tree, and its own tests."""

    def __init__(self, repository: Path) -> None:
        self.repository = repository
        if not (repository / "tour" / "tests").is_dir():
            raise UsageError("the tour is not checked out here; check out main")

    def prepare(self, python: Path) -> None:
        self.python = python

    @contextmanager
    def copy(self) -> Iterator[Path]:
        with temporary_folder(self.repository) as folder:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(self.repository / "tour", folder / "tour", ignore=ignored)
            for name in BESIDE:
                shutil.copy(self.repository / name, folder)
            yield folder

    def command(self, folder: Path, report: Path, mutations: list[Mutation]) -> list[str]:
        names = dict.fromkeys(name for mutation in mutations for name in mutation.tests)
        return [
            str(self.python),
            *(*PYTEST, *(str(folder / "tour" / "tests" / name) for name in names)),
            *(f"--repository={self.repository}", f"--junitxml={report}"),
        ]

    def top(self, folder: Path) -> Path:
        return folder


# the code that gets the faults, and the suite that must catch them
Subject = Flack | Tour


def main(arguments: list[str] | None = None) -> int:
    """Run the mutations that the arguments name; return the exit code."""
    return guard(lambda: run(make_parser().parse_args(arguments)), "mutations")


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("names", nargs="*", metavar="NAME", help="a mutation; all when none")
    common.add_argument(
        "--workers",
        type=positive,
        default=1,
        metavar="N",
        help="how many at a time (default: %(default)s); tests that take times want a core each",
    )
    common.add_argument(
        "--json", type=Path, metavar="FILE", help="also write the outcomes to a file"
    )
    common.add_argument(
        "--no-baseline", action="store_true", help="do not run the suite without a fault first"
    )
    parser = argparse.ArgumentParser(
        prog="tour.mutations",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    flack = kinds.add_parser("flack", parents=[common], help="the application's faults")
    flack.add_argument(
        "--suite",
        type=Path,
        metavar="FOLDER",
        help="the top of another checkout, whose tour/contract is run instead",
    )
    kinds.add_parser("tour", parents=[common], help="the tour's faults")
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Run the mutations and print the outcomes; return 1 when one is not as expected."""
    repository = find_repository()
    mutations = rows.select(rows.read(arguments.kind), arguments.names)
    is_flack = arguments.kind == "flack"
    subject: Subject = Flack(repository, arguments.suite) if is_flack else Tour(repository)
    with subject.copy() as folder:
        for mutation in mutations:
            file = folder / mutation.file
            rows.apply(mutation, file.read_text(encoding="utf-8") if file.is_file() else "")
    subject.prepare(environment.prepare(repository, print))
    logs = own_folder(repository, "logs")
    if not arguments.no_baseline:
        run_baseline(subject, mutations, logs)
    outcomes = []
    for outcome in run_all(subject, mutations, logs, arguments.workers):
        outcomes.append(outcome)
        print(describe(outcome))
        if arguments.json:
            # after each one, so that an interrupted run leaves its outcomes
            write_json(arguments.json, outcomes)
    caught = sum(bool(outcome.caught_by) for outcome in outcomes)
    print(f"{caught} of {len(outcomes)} caught")
    expected = all(bool(one.caught_by) != bool(one.mutation.escapes) for one in outcomes)
    return 0 if expected else 1


def run_baseline(subject: Subject, mutations: list[Mutation], logs: Path) -> None:
    """Run the suite without a fault; raise TourError when it fails."""
    print("Running the suite without a fault")
    log = logs / "mutation-none.log"
    start = time.monotonic()
    with subject.copy() as folder:
        failure = _run_suite(subject, folder, mutations, log)
    if failure:
        raise TourError(
            f"without a fault it fails already, at {failure}; fix that first, all of it is in {log}"
        )
    print(f"It passes, in {time.monotonic() - start:.0f} s")


def run_all(
    subject: Subject, mutations: list[Mutation], logs: Path, workers: int
) -> Iterator[Outcome]:
    """Run the mutations, some side by side, and yield each outcome as soon as it is known.

    An exception ends all runs, and so does a caller that stops the generator early.
    """
    cancelled = threading.Event()

    def attempt(mutation: Mutation) -> Outcome:
        start = time.monotonic()
        with subject.copy() as folder:
            file = folder / mutation.file
            text = rows.apply(mutation, file.read_text(encoding="utf-8"))
            file.write_text(text, encoding="utf-8", newline="\n")
            if cancelled.is_set():
                raise TourError("interrupted")
            log = logs / f"mutation-{mutation.name}.log"
            caught_by = _run_suite(subject, folder, [mutation], log)
        return Outcome(mutation, caught_by, time.monotonic() - start)

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(attempt, mutation) for mutation in mutations]
        with process.stopping_all(cancelled, pool):
            for future in as_completed(futures):
                yield future.result()


def describe(outcome: Outcome) -> str:
    """Return a line for the outcome of a mutation."""
    escapes = outcome.mutation.escapes
    if outcome.caught_by:
        said = f"caught by {outcome.caught_by}"
        said += f", though known to escape: {escapes}" if escapes else ""
    else:
        said = f"escaped as known: {escapes}" if escapes else "escaped"
    return f"{outcome.mutation.name}: {said}, {outcome.seconds:.0f} s"


def write_json(file: Path, outcomes: list[Outcome]) -> None:
    """Write the outcomes to a file, sorted by name, whole or not at all."""
    found = [
        {
            "name": mutation.name,
            "file": mutation.file,
            "caught_by": caught_by,
            "escapes": mutation.escapes,
            "seconds": round(seconds, 1),
        }
        for mutation, caught_by, seconds in sorted(outcomes)
    ]
    write_whole(file, json.dumps(found, indent=1) + "\n")


def find_failure(report: Path) -> str | None:
    """Return the first test that failed by pytest's report, None where none did."""
    if not report.exists():
        return None
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            module = case.get("classname", "").rpartition(".")[2]
            return f"{module}.py::{case.get('name')}" if module else case.get("name")
    return None


def _run_suite(subject: Subject, folder: Path, mutations: list[Mutation], log: Path) -> str | None:
    """Run the suite on a copy; return the first failed test, or another reason for the failure."""
    report = folder / "mutation-report.xml"
    log.write_bytes(b"")
    code = process.run(
        subject.command(folder, report, mutations),
        subject.top(folder),
        process.clean_environment(),
        log,
        LIMIT,
    )
    if code == 0:
        return None
    if code is None:
        return f"no end within {LIMIT:.0f} s"
    return find_failure(report) or f"pytest, which ended with {code}"


if __name__ == "__main__":
    sys.exit(main())

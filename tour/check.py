"""What `tour check` does: hold each stage, in a clean copy, against its own tests and the contract.

The results that are fine are kept by all that they depend on, so that a stage is checked anew when
its files, the contract suite, the Python or the kind of database is another one, and only then.
"""

import hashlib
import json
import os
import re
import shlex
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tour import copies
from tour import environment
from tour import process
from tour import readme
from tour import tally
from tour.errors import TourError
from tour.errors import UsageError
from tour.pythons import Python
from tour.repository import own_folder
from tour.stages import Stage
from tour.tally import Tally

PACKAGE = environment.PACKAGE

# what a result depends on, beside the stage and the suite
MODULES = (
    "check.py",
    "chromium.py",
    "copies.py",
    "environment.py",
    "process.py",
    "readme.py",
    "repository.py",
    "requirements.txt",
    "server.py",
)

# per cent of the branches of a stage's code that its tests must reach
LEAST_COVERAGE = 95.0

# seconds that a phase may take, and lines of its output that a failure shows
LIMIT = 900.0
TAIL = 30

# where more tests fail than this, the end of the output does nothing but name them
FEW = 10

# seconds between two looks at how far pytest is, what it says of that, and the steps to report
PAUSE = 1.0
PER_CENT = re.compile(r"\[ *(\d+)%\]$", re.MULTILINE)
STEP = 10

# the databases that a stage can run on
DATABASE = re.compile(r"postgresql\+psycopg://.+|sqlite:///.+")

# the drivers that no stage requires
DRIVERS = {"postgresql+psycopg": "psycopg[binary]==3.3.9"}

# what a report says last of a stage
ENDS = ("passed", "failed", "kept")

Report = Callable[[str, str], None]


class Settings(NamedTuple):
    """How to check.

    `python` runs the stages, `suite_python` the contract suite, which is in the folder `suite`. The
    servers get the `database`, a URL, or SQLite when it is None. `fresh` checks again what is kept.
    """

    python: Python
    suite_python: Path
    suite: Path = PACKAGE / "contract"
    database: str | None = None
    fresh: bool = False

    @property
    def database_kind(self) -> str:
        return "sqlite" if self.database is None else self.database.partition(":")[0]


class Failure(NamedTuple):
    """A phase that found something: what, the end of its output, and where all of it is."""

    phase: str
    reason: str
    output: str = ""
    log: str = ""


class Result(NamedTuple):
    """What the check of a stage found; `coverage` is in per cent, None when it was not measured."""

    tag: str
    tests: Tally
    coverage: float | None
    contract: Tally
    seconds: float
    failures: tuple[Failure, ...] = ()
    kept: bool = False


def database_url(text: str) -> str:
    """Return the URL of a database that stages run on; raise UsageError for any other text."""
    if not DATABASE.fullmatch(text):
        raise UsageError(
            f"{text} is no database that the stages run on; give one as"
            " postgresql+psycopg://user:password@host/name or as sqlite:////path/of/a/file"
        )
    return text


def check_stages(
    repository: Path, stages: list[Stage], settings: Settings, report: Report
) -> list[Result]:
    """Check the stages, side by side where the cores allow, and return their results in order.

    `report` is called, from several threads, with a stage's tag and the phase that it enters. On a
    database that is not SQLite, which the stages share, they are checked one after the other.
    """
    workers = 1 if settings.database else min(len(stages), os.cpu_count() or 1)
    cancelled = threading.Event()
    with ThreadPoolExecutor(workers) as pool:
        futures = [
            pool.submit(_check_or_recall, repository, stage, settings, report, cancelled)
            for stage in stages
        ]
        try:
            return compare([future.result() for future in futures])
        except BaseException:
            cancelled.set()
            pool.shutdown(wait=False, cancel_futures=True)
            process.stop_all()
            raise


def compare(results: list[Result]) -> list[Result]:
    """Return the results with a failure added where a stage has fewer tests than the one before.

    That is the nearest earlier one among the results, whatever lies between them on the line: tests
    only ever come in, so that no stage has fewer than any before it.
    """
    compared = results[:1]
    for before, result in zip(results, results[1:]):
        if result.tests.total < before.tests.total:
            reason = f"{result.tests.total} tests, and {before.tag} has {before.tests.total}"
            result = result._replace(failures=(*result.failures, Failure("tests", reason)))
        compared.append(result)
    return compared


def sum_up(results: list[Result]) -> Tally:
    """Return how many tests passed and failed; a phase that failed without a test counts as one."""
    counted = tally.add([count for result in results for count in (result.tests, result.contract)])
    others = 0
    for result in results:
        found = {"tests": result.tests.failed, "contract": result.contract.failed}
        others += sum(not found.get(failure.phase) for failure in result.failures)
    return counted._replace(failed=counted.failed + others)


def _check_or_recall(
    repository: Path,
    stage: Stage,
    settings: Settings,
    report: Report,
    cancelled: threading.Event,
) -> Result:
    file = own_folder(repository, "results") / f"{_key(stage, settings)}.json"
    if file.exists() and not settings.fresh:
        result = _load(file, stage)
    else:
        result = _Check(repository, stage, settings, report, cancelled).run()
        if cancelled.is_set():
            raise TourError("interrupted")
        if not result.failures:
            _save(file, result)
    report(stage.tag, "failed" if result.failures else "kept" if result.kept else "passed")
    return result


class _Check:
    """The check of one stage, phase by phase; a phase that fails does not keep the others back."""

    def __init__(
        self,
        repository: Path,
        stage: Stage,
        settings: Settings,
        report: Report,
        cancelled: threading.Event,
    ) -> None:
        self.repository = repository
        self.stage = stage
        self.settings = settings
        self.report = report
        self.cancelled = cancelled
        self.logs = own_folder(repository, "logs")
        self.failures: list[Failure] = []
        self.tests = Tally()
        self.coverage: float | None = None
        self.contract = Tally()

    def run(self) -> Result:
        start = time.monotonic()
        with copies.clean_copy(self.repository, self.stage.commit, self.stage.tag) as folder:
            try:
                self._run_phases(folder)
            except TourError as error:
                self.failures.append(Failure("set-up", str(error)))
        return Result(
            self.stage.tag,
            self.tests,
            self.coverage,
            self.contract,
            time.monotonic() - start,
            tuple(self.failures),
        )

    def _run_phases(self, folder: Path) -> None:
        commands = readme.read_commands(folder, self.stage.tag)
        python = self._make_environment(folder)
        self._run_tests(folder, python, commands.test[0])
        self._run_phase("lint", [str(python), "-m", "flake8"], folder)
        self._run_contract(folder, python, commands.run)

    def _make_environment(self, folder: Path) -> Path:
        requirements = (folder / "requirements.txt").read_text(encoding="utf-8")
        if self.settings.database_kind in DRIVERS:
            requirements += f"\n{DRIVERS[self.settings.database_kind]}\n"
        return environment.stage_environment(
            self.repository,
            self.settings.python,
            requirements,
            lambda: self.report(self.stage.tag, "installing"),
        )

    def _run_tests(self, folder: Path, python: Path, command: str) -> None:
        report = folder / "tour-tests.xml"
        self._run_phase(
            "tests",
            test_arguments(command, python),
            folder,
            # read by pytest as a shell reads a line, and so that a backslash means something
            {"PYTEST_ADDOPTS": shlex.quote(f"--junitxml={report.as_posix()}")},
            report=report,
        )
        self.tests = tally.read_tally(report)
        totals = folder / "tour-coverage.json"
        self._run_phase(
            "coverage", [str(python), "-m", "coverage", "json", "-o", str(totals)], folder
        )
        if totals.exists():
            data = json.loads(totals.read_text(encoding="utf-8"))
            self.coverage = data["totals"]["percent_covered"]
            if self.coverage < LEAST_COVERAGE:
                self.failures.append(
                    Failure("coverage", f"{self.coverage:.1f} %, at least {LEAST_COVERAGE:.0f} %")
                )

    def _run_contract(self, folder: Path, python: Path, command: str) -> None:
        report = folder / "tour-contract.xml"
        arguments = [
            str(self.settings.suite_python),
            *("-B", "-m", "pytest", str(self.settings.suite), "-q"),
            *("-p", "no:cacheprovider", "-p", "tour.interrupt"),
            f"--junitxml={report}",
            f"--stage-directory={folder}",
            f"--stage-python={python}",
            f"--stage-command={command}",
        ]
        if self.settings.database:
            arguments.append(f"--stage-database={self.settings.database}")
        self._run_phase("contract", arguments, PACKAGE.parent, report=report)
        self.contract = tally.read_tally(report)

    def _run_phase(
        self,
        phase: str,
        arguments: list[str],
        directory: Path,
        additions: dict[str, str] | None = None,
        report: Path | None = None,
    ) -> None:
        """Run a command; a failure is noted, with what it printed that tells most.

        `report` is where pytest leaves its report, for a command that runs it.
        """
        if self.cancelled.is_set():
            raise TourError("interrupted")
        self.report(self.stage.tag, phase)
        log = self.logs / f"{self.stage.tag}-{phase}.log"
        log.write_bytes(b"")
        variables = process.clean_environment(additions)
        with _progress(log, lambda reached: self.report(self.stage.tag, f"{phase} {reached} %")):
            code = process.run(arguments, directory, variables, log, LIMIT)
        if code != 0:
            reason = f"over {LIMIT:.0f} s" if code is None else f"ended with {code}"
            self.failures.append(Failure(phase, reason, _telling(log, report), str(log)))


@contextmanager
def _progress(log: Path, report: Callable[[int], None]) -> Iterator[None]:
    """Meanwhile call `report` with each step, in per cent, that the pytest writing `log` is at."""
    ended = threading.Event()

    def watch() -> None:
        reported = 0
        while not ended.wait(PAUSE):
            found = PER_CENT.findall(log.read_text(encoding="utf-8", errors="replace"))
            reached = int(found[-1]) // STEP * STEP if found else 0
            if reached > reported:
                report(reached)
                reported = reached

    with ThreadPoolExecutor(1) as pool:
        watcher = pool.submit(watch)
        try:
            yield
        finally:
            ended.set()
        watcher.result()


def _telling(log: Path, report: Path | None) -> str:
    """Return the end of the log, or of the first failure where many tests failed."""
    text = log.read_text(encoding="utf-8", errors="replace")
    if report and tally.read_tally(report).failed > FEW:
        text = tally.read_first_failure(report)
    return "\n".join(text.splitlines()[-TAIL:])


def test_arguments(command: str, python: Path) -> list[str]:
    """Return a README's test command as a process that leaves coverage's data in its folder.

    `pytest` is measured from outside; `python manage.py test` measures itself.
    """
    program, *arguments = shlex.split(command)
    if program == "pytest":
        return [str(python), "-m", "coverage", "run", "-m", "pytest", *arguments]
    if program == "python":
        return [str(python), *arguments]
    raise readme.ReadmeError(f"cannot run {command!r}: it starts with neither pytest nor python")


def _key(stage: Stage, settings: Settings) -> str:
    digest = hashlib.sha256()
    for part in (stage.tree, settings.python.version, settings.database_kind):
        digest.update(f"{part}\0".encode())
    files = [path for path in sorted(settings.suite.rglob("*")) if path.suffix != ".pyc"]
    for file in [*files, *(PACKAGE / name for name in MODULES)]:
        if file.is_file():
            digest.update(f"{file.name}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


def _save(file: Path, result: Result) -> None:
    data = {
        "tests": result.tests,
        "coverage": result.coverage,
        "contract": result.contract,
        "seconds": result.seconds,
    }
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    unfinished.write_text(json.dumps(data), encoding="utf-8")
    unfinished.replace(file)


def _load(file: Path, stage: Stage) -> Result:
    data = json.loads(file.read_text(encoding="utf-8"))
    return Result(
        stage.tag,
        Tally(*data["tests"]),
        data["coverage"],
        Tally(*data["contract"]),
        data["seconds"],
        kept=True,
    )

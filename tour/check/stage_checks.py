"""What `tour check` does: check each stage, in a clean copy, with its own tests and the contract.

The results that are fine are kept by all that they depend on, so that a stage is checked again when
its files, the contract suite, what checks here, the Python, the browser or the kind of database is
another one, and only then.
"""

import json
import os
import re
import shlex
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tour.check import junit_report
from tour.check import phases
from tour.check.junit_report import Counts
from tour.check.phases import Failure
from tour.environments import environment
from tour.environments.pythons import Python
from tour.repo import cache
from tour.repo import copies
from tour.repo import trees
from tour.repo.own_folder import own_folder
from tour.stages import readme
from tour.stages.line import Stage
from tour.system import browsers
from tour.system import process
from tour.system.errors import TourError
from tour.system.errors import UsageError

PACKAGE = environment.PACKAGE

# what checks, and the suite; of another suite only its own files are known
MODULES = ("tour.check.stage_checks", "tour.contract")

# where the results are kept
RESULTS = "results"

# per cent of the branches of a stage's code that its tests must reach
LEAST_COVERAGE = 95.0

# the tests of a suite that drive a browser, which are a phase of their own
BROWSER = "test_browser.py"

# they wait most of their time, for the next poll above all
IN_TWO_PROCESSES = ("--numprocesses", "2", "--dist", "worksteal")

# the mark of those among them that are about what browsers do each in their own way
EACH_BROWSER = "each_browser"

# the mark of the tests that run at each stage, whatever it shares with others
EACH_STAGE = "each_stage"

# the mark of the tests of what a message becomes
RENDERING = "rendering"

# so many failures end a run of the suite: without a server each test fails, some after a wait
MOST_FAILURES = 50

# the phases in the order in which what they find is told
PHASES = ("set-up", "tests", "coverage", "lint", "contract", "browser")

# the databases that a stage can run on
DATABASE = re.compile(r"postgresql\+psycopg://.+|sqlite:///.+")

# the drivers that no stage requires
DRIVERS = {"postgresql+psycopg": "psycopg[binary]==3.3.9"}

# what a report says last of a stage
ENDS = ("passed", "failed", "cached")

# called with a stage's tag, a phase or an end, and how far the phase is in per cent
Report = Callable[[str, str, int], None]


class Settings(NamedTuple):
    """How to check.

    `python` runs the stages, `suite_python` the contract suite, which is in the folder `suite`. The
    servers get the `database`, a URL, or SQLite when it is None. The web client is tried in the
    `browser`; `short` does nothing else, and of that only what browsers do each in their own way.
    `fresh` checks again what is kept.
    """

    python: Python
    suite_python: Path
    suite: Path = PACKAGE / "contract"
    database: str | None = None
    browser: str = browsers.DEFAULT
    short: bool = False
    fresh: bool = False

    @property
    def database_kind(self) -> str:
        return "sqlite" if self.database is None else self.database.partition(":")[0]

    def name(self, stage: Stage) -> str:
        """Return what the stage is called in news, results and logs."""
        if self.browser == browsers.DEFAULT:
            return stage.tag
        return f"{stage.tag} in {browsers.BROWSERS[self.browser].need.value}"


class Part(NamedTuple):
    """A part of Flack that stages may share, by its name in a sentence.

    The groups of `files` are what counts of a file's path: a part may move from one stage to the
    next. Stages share it when they have the same files for each of the patterns.
    """

    name: str
    files: tuple[re.Pattern[str], ...]


# Flask looks for its files in these two folders
WEB_CLIENT = Part("the web client", (re.compile(r"(?:.+/)?((?:static|templates)/.+)"),))

MESSAGES = Part(
    "the rendering of messages",
    (re.compile(r"(?:.+/)?(utils\.py)"), re.compile(r"(requirements\.txt)")),
)


class Result(NamedTuple):
    """What the check of a stage found.

    `coverage` is in per cent, None when it was not measured. `elsewhere` has the parts of which
    only some tests ran here, and the tag of the stage with the same files at which all did.
    """

    tag: str
    tests: Counts
    coverage: float | None
    contract: Counts
    seconds: float
    failures: tuple[Failure, ...] = ()
    is_cached: bool = False
    elsewhere: dict[Part, str] = {}


def database_url(text: str) -> str:
    """Return the URL of a database that stages run on; raise UsageError for any other text."""
    if not DATABASE.fullmatch(text):
        raise UsageError(
            f"{text} is no database that the stages run on; give one as"
            " postgresql+psycopg://user:password@host/name or as sqlite:////path/of/a/file"
        )
    return text


def check_stages(
    repository: Path,
    stages: list[Stage],
    settings: Settings,
    report: Report,
    cancelled: threading.Event | None = None,
) -> list[Result]:
    """Check the stages, side by side where the cores allow, and return their results in order.

    Where stages share a part of Flack, all that is about that part runs at the last of them, and at
    the others the tests that are marked for each stage.

    `report` is called from several threads. On a database that is not SQLite, which the stages
    share, they are checked one after the other. When this is interrupted `cancelled` is set, and
    what waits for its turn does not begin.
    """
    workers = 1 if settings.database else min(len(stages), os.cpu_count() or 1)
    cancelled = cancelled or threading.Event()
    # before the first check: what is changed meanwhile has no part in the later ones
    key = _key(settings)
    checks = [_Check(repository, stage, settings, report, cancelled) for stage in stages]
    for part in (WEB_CLIENT, MESSAGES):
        keys = [_part_key(repository, stage, part) for stage in stages]
        last = {key: stage.tag for key, stage in zip(keys, stages)}
        for check, key_of_part in zip(checks, keys):
            if last[key_of_part] != check.stage.tag:
                check.elsewhere[part] = last[key_of_part]
    with ThreadPoolExecutor(workers) as pool:
        # those first at which most tests run
        order = sorted(checks, key=lambda check: len(check.elsewhere))
        futures = {check.name: pool.submit(_run_unless_cached, check, key) for check in order}
        with process.stopping_all(cancelled, pool):
            return compare([futures[check.name].result() for check in checks])


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


def sum_up(results: list[Result]) -> Counts:
    """Return how many tests passed and failed; a phase that failed without a test counts as one."""
    counted = junit_report.add_counts(
        [count for result in results for count in (result.tests, result.contract)]
    )
    others = 0
    for result in results:
        of_contract = result.contract.failed
        found = {"tests": result.tests.failed, "contract": of_contract, "browser": of_contract}
        others += sum(not found.get(failure.phase) for failure in result.failures)
    return counted._replace(failed=counted.failed + others)


def _part_key(repository: Path, stage: Stage, part: Part) -> str:
    """Return a key of the stage's files of a part, which is the tag where it lacks them."""
    files = trees.list_files(repository, stage.commit).items()
    found = []
    for pattern in part.files:
        matches = [
            f"{match[1]} {entry}" for path, entry in files if (match := pattern.fullmatch(path))
        ]
        if not matches:
            return stage.tag
        found += sorted(matches)
    return cache.digest(*found)


def _run_unless_cached(check: "_Check", key: str) -> Result:
    repository, settings = check.repository, check.settings
    key = cache.digest(key, check.stage.tree)
    in_part = cache.digest(key, *(part.name for part in check.elsewhere))
    result = None
    if not settings.fresh:
        result = load(repository, RESULTS, key, check.name)
        if result is None and check.elsewhere:
            result = load(repository, RESULTS, in_part, check.name)
            result = result and result._replace(elsewhere=check.elsewhere)
    if result is None:
        result = check.run()
        if check.cancelled.is_set():
            raise TourError("interrupted")
        if not result.failures:
            save(repository, RESULTS, in_part if check.elsewhere else key, result)
    end = "failed" if result.failures else "cached" if result.is_cached else "passed"
    check.report(check.name, end, 100)
    return result


@dataclass
class _Check:
    """The check of one stage; a phase that fails does not keep the others back.

    `elsewhere` has the parts of Flack of which all is tested at another stage, and its tag.

    Those of the contract wait for servers and for a browser, which leaves time to the others: they
    run at once.
    """

    repository: Path
    stage: Stage
    settings: Settings
    report: Report
    cancelled: threading.Event
    elsewhere: dict[Part, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    tests: Counts = Counts()
    coverage: float | None = None
    contract: Counts = Counts()
    browser: Counts = Counts()

    def __post_init__(self) -> None:
        self.name = self.settings.name(self.stage)
        self.logs = own_folder(self.repository, "logs")

    def run(self) -> Result:
        start = time.monotonic()
        with copies.clean_copy(self.repository, self.stage.commit, self.stage.tag) as folder:
            try:
                self._run_phases(folder)
            except TourError as error:
                self.failures.append(Failure("set-up", str(error)))
        return Result(
            self.name,
            self.tests,
            self.coverage,
            junit_report.add_counts([self.contract, self.browser]),
            time.monotonic() - start,
            tuple(sorted(self.failures, key=lambda failure: PHASES.index(failure.phase))),
            elsewhere=self.elsewhere,
        )

    def _run_phases(self, folder: Path) -> None:
        commands = readme.read_commands(folder, self.stage.tag)
        python = self._make_environment(folder)
        if self.settings.short:
            self._run_browser(folder, python, commands.run)
            return
        # on a database that they share, two servers that make its tables at once are in each
        # other's way
        with ThreadPoolExecutor(1 if self.settings.database else None) as pool:
            futures = [
                pool.submit(self._run_browser, folder, python, commands.run),
                pool.submit(self._run_contract, folder, python, commands.run),
                pool.submit(self._run_tests, folder, python, commands.test[0]),
            ]
        for future in futures:
            future.result()

    def _make_environment(self, folder: Path) -> Path:
        requirements = (folder / "requirements.txt").read_text(encoding="utf-8")
        if self.settings.database_kind in DRIVERS:
            requirements += f"\n{DRIVERS[self.settings.database_kind]}\n"
        python = environment.stage_environment(
            self.repository,
            self.settings.python,
            requirements,
            lambda: self.report(self.name, "installing", 0),
        )
        self.report(self.name, "installing", 100)
        return python

    def _run_tests(self, folder: Path, python: Path, command: str) -> None:
        report = folder / "tour-tests.xml"
        self._run_phase(
            "tests",
            test_arguments(command, python),
            folder,
            # read by pytest as a shell reads a line, and so that a backslash means something
            {"PYTEST_ADDOPTS": shlex.join(_own_places(report))},
            report,
        )
        self.tests = junit_report.read_counts(report)
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
        self._run_phase("lint", [str(python), "-m", "flake8"], folder)

    def _run_contract(self, folder: Path, python: Path, command: str) -> None:
        """Run the tests of the suite that need no browser."""
        suite = self.settings.suite
        tests = [str(suite), f"--ignore={suite / BROWSER}"]
        if MESSAGES in self.elsewhere:
            tests += ["-m", f"{EACH_STAGE} or not {RENDERING}"]
        self.contract = self._run_suite("contract", tests, folder, python, command)

    def _run_browser(self, folder: Path, python: Path, command: str) -> None:
        tests = [str(self.settings.suite / BROWSER)]
        if not Path(*tests).exists():
            return
        # what is the default a suite need not know
        if self.settings.browser != browsers.DEFAULT:
            tests.append(f"--browser={self.settings.browser}")
        if self.settings.short:
            tests += ["-m", EACH_BROWSER]
        elif WEB_CLIENT in self.elsewhere:
            tests += ["-m", EACH_STAGE]
        else:
            tests += IN_TWO_PROCESSES
        self.browser = self._run_suite("browser", tests, folder, python, command)

    def _run_suite(
        self, phase: str, tests: list[str], folder: Path, python: Path, command: str
    ) -> Counts:
        report = folder / f"tour-{phase}.xml"
        suite_python = self.settings.suite_python
        arguments = suite_arguments(suite_python, tests, folder, python, command, report)
        if self.settings.database:
            arguments.append(f"--stage-database={self.settings.database}")
        bytecode = environment.bytecode(self.repository)
        self._run_phase(phase, arguments, PACKAGE.parent, bytecode, report)
        return junit_report.read_counts(report)

    def _run_phase(
        self,
        phase: str,
        arguments: list[str],
        directory: Path,
        additions: dict[str, str] | None = None,
        junit: Path | None = None,
    ) -> None:
        """Run a command with additional environment variables; a failure is noted."""
        failure = phases.run(
            phase,
            arguments,
            directory,
            process.clean_environment(additions),
            self.logs / f"{self.name.replace(' ', '-')}-{phase}.log",
            partial(self.report, self.name, phase),
            self.cancelled,
            junit,
        )
        if failure:
            self.failures.append(failure)


def suite_arguments(
    suite_python: Path, tests: list[str], folder: Path, python: Path, command: str, report: Path
) -> list[str]:
    """Return the command that runs tests of the contract against the stage in a folder."""
    return [
        str(suite_python),
        *("-m", "pytest", *tests, "--verbose", "-p", "tour.system.interrupt"),
        # its cache would lie in the suite's folder, or in one above, as the clone's place decides
        *("-p", "no:cacheprovider"),
        f"--maxfail={MOST_FAILURES}",
        *_own_places(report),
        f"--stage-directory={folder}",
        f"--stage-python={python}",
        f"--stage-command={command}",
    ]


def _own_places(report: Path) -> list[str]:
    """Return the options with which pytest leaves its report there, and its folders to nobody else.

    In the system's folder for temporary files each pytest deletes those of earlier ones, which
    coverage may still have to read.
    """
    temporary = report.parent.with_name(report.stem)
    return [f"--junitxml={report.as_posix()}", f"--basetemp={temporary.as_posix()}"]


def test_arguments(command: str, python: Path) -> list[str]:
    """Return a README's test command as a process that leaves coverage's data in its folder.

    `pytest` is measured from outside; `python manage.py test` measures itself.
    """
    program, *arguments = shlex.split(command)
    if program == "pytest":
        return [str(python), "-m", "coverage", "run", "-m", "pytest", *arguments]
    if program == "python":
        return [str(python), *arguments]
    raise TourError(f"cannot run {command!r}: it starts with neither pytest nor python")


def _key(settings: Settings) -> str:
    """Return a key of all that the results of any stage depend on."""
    return cache.key(
        MODULES,
        settings.python.version,
        settings.database_kind,
        settings.browser,
        _browser(settings.browser),
        EACH_BROWSER if settings.short else "",
        *cache.flat(cache.read_folder(settings.suite).items()),
    )


def _browser(name: str) -> str:
    """Return what tells the browser from another one, and from an older version of itself."""
    path = browsers.find(name)
    if path is None:
        return ""
    status = os.stat(path)
    return f"{path} {status.st_size} {status.st_mtime_ns}"


def save(repository: Path, kind: str, key: str, result: Result) -> None:
    """Store a result that is fine, without its name, in the cache of that kind."""
    cache.write(repository, kind, key, result[1:5])


def load(repository: Path, kind: str, key: str, name: str) -> Result | None:
    """Return the result that is stored under the key, None when there is none."""
    data = cache.read(repository, kind, key)
    if data is None:
        return None
    tests, coverage, contract, seconds = data
    return Result(name, Counts(*tests), coverage, Counts(*contract), seconds, is_cached=True)

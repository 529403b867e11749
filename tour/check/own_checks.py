"""The checks of the tour itself: its style, imports, own tests and pages, all at once.

What passed is kept by all that it may depend on, which is every file of the clone and its history,
and not run again until something of that is another one.
"""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tour.check import junit_report
from tour.check import phases
from tour.environments import environment
from tour.environments import pythons
from tour.production import programs
from tour.repo import cache
from tour.repo import git
from tour.repo import worktree
from tour.repo.own_folder import own_folder
from tour.stages.manifest import main_branches
from tour.system import browsers
from tour.system import process

PACKAGE = environment.PACKAGE
SETTINGS = "pyproject.toml"

# it has no module that `python -m` could run
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"

# called with a check and how far it is in per cent
Report = Callable[[str, int], None]


class OwnCheck(NamedTuple):
    """A check: its name, its command after that of Python, and where it is started."""

    name: str
    arguments: list[str]
    directory: Path
    junit: Path | None = None


class OwnResult(NamedTuple):
    """What a check found: `closing` is its last lines, `failure` is None when it passed."""

    name: str
    tests: junit_report.Counts
    seconds: float
    closing: list[str]
    failure: phases.Failure | None = None
    is_cached: bool = False


def run(
    repository: Path, python: Path, report: Report, cancelled: threading.Event, fresh: bool = False
) -> list[OwnResult]:
    """Run the checks with the interpreter of .venv and return what they found, in order.

    `report` is called from several threads. None begins when `cancelled` is set. `fresh` runs again
    what is kept.
    """
    checks = _list_checks(repository, fresh)
    one = _Run(repository, python, report, cancelled, fresh, _key(repository))
    with ThreadPoolExecutor(len(checks)) as pool:
        return list(pool.map(one.run_unless_cached, checks))


def _list_checks(repository: Path, fresh: bool) -> list[OwnCheck]:
    report = own_folder(repository, "logs") / "own-tests.xml"
    settings = _find_settings(repository)
    cache = own_folder(repository, "mypy")
    # the other half is for what runs beside them; one alone would be the last to end
    workers = str(max((os.cpu_count() or 1) // 2, 2))
    ruff = ["--no-cache", "--config", settings, str(PACKAGE)]
    return [
        OwnCheck("ruff", ["-m", "ruff", "check", *ruff], repository),
        OwnCheck("ruff format", ["-m", "ruff", "format", "--check", *ruff], repository),
        OwnCheck(
            "mypy",
            ["-m", "mypy", "--config-file", settings, "--cache-dir", str(cache), str(PACKAGE)],
            PACKAGE.parent,
        ),
        OwnCheck(
            "imports",
            # its cache knows a file by its time alone
            ["-c", LINT_IMPORTS, "--no-cache", "--no-logo", "--config", settings],
            PACKAGE.parent,
        ),
        OwnCheck(
            "own tests",
            [
                *("-m", "pytest", str(PACKAGE / "tests"), "--quiet", "--numprocesses", workers),
                *("-p", "tour.system.interrupt"),
                *(f"--repository={repository}", f"--junitxml={report}"),
            ],
            PACKAGE.parent,
            report,
        ),
        OwnCheck("pages", ["-m", "tour", "docs", *["--fresh"] * fresh], repository),
    ]


def _find_settings(repository: Path) -> str:
    """Return the path of the settings of what checks: they lie beside the tour, or on main."""
    settings = PACKAGE.parent / SETTINGS
    if not settings.exists():
        branch = main_branches(repository)[0]
        settings = own_folder(repository, "logs") / SETTINGS
        settings.write_bytes(git.run_bytes(repository, "show", f"{branch}:{SETTINGS}"))
    return str(settings)


class _Run(NamedTuple):
    """A run of the checks, which share the key of what is kept."""

    repository: Path
    python: Path
    report: Report
    cancelled: threading.Event
    fresh: bool
    key: str

    def run_unless_cached(self, check: OwnCheck) -> OwnResult:
        kind = f"results-{check.name.replace(' ', '-')}"
        data = None if self.fresh else cache.read(self.repository, kind, self.key)
        if data is not None:
            tests, seconds = data
            return OwnResult(check.name, junit_report.Counts(*tests), seconds, [], is_cached=True)
        result = self._run(check)
        if result.failure is None:
            cache.write(self.repository, kind, self.key, [result.tests, result.seconds])
        return result

    def _run(self, check: OwnCheck) -> OwnResult:
        start = time.monotonic()
        log = own_folder(self.repository, "logs") / f"{check.name.replace(' ', '-')}.log"
        failure = phases.run(
            check.name,
            [str(self.python), *check.arguments],
            check.directory,
            process.clean_environment(environment.bytecode(self.repository)),
            log,
            partial(self.report, check.name),
            self.cancelled,
            check.junit,
        )
        tests = junit_report.read_counts(check.junit) if check.junit else junit_report.Counts()
        if failure:
            tests = tests._replace(failed=max(tests.failed, 1))
        closing = log.read_text(encoding="utf-8", errors="replace").splitlines()[-2:]
        return OwnResult(check.name, tests, time.monotonic() - start, closing, failure)


def _key(repository: Path) -> str:
    """Return the key of the files as they lie here, the history behind them and the programs."""
    return cache.key(
        ["tour"],
        worktree.snapshot(repository),
        git.run(repository, "rev-parse", "HEAD"),
        git.run(repository, "version"),
        pythons.find_python().version,
        browsers.find(browsers.DEFAULT) or "",
        programs.explain_missing_redis(),
    )

"""The check of a stage behind nginx, with two nodes and PostgreSQL: the contract, and the rest.

The short form is a part of `tour test`: modules of the contract that stand for all, and one fault.
A result that is fine is stored by all that it depends on.
"""

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tour.check import junit_report
from tour.check import phases
from tour.check import stage_checks
from tour.check.junit_report import Counts
from tour.environments import environment
from tour.production import faults
from tour.production import files
from tour.production import operations
from tour.production import programs
from tour.production import serving
from tour.production.faults import Finding
from tour.production.operations import Operation
from tour.repo import cache
from tour.repo.own_folder import own_folder
from tour.repo.temporary import temporary_folder
from tour.stages import readme
from tour.stages.line import Stage
from tour.system import platforms
from tour.system import process

SUITE = environment.PACKAGE / "contract"

# where the cache has the results, and what they depend on
RESULTS = "results-production"
MODULES = ("tour.check.production_checks", "tour.contract")

# of the short form: every kind of request, what differs behind nginx, and a fault
SHORT = ("test_tokens.py", "test_headers.py", "test_races.py", "behind_faults.py")
SHORT_DIFFERENCES = (
    "test_bad_input.py::test_an_unknown_path_under_api_is_not_found",
    "test_bad_input.py::test_an_unknown_method_under_api_is_not_allowed",
    "test_bad_input.py::test_a_body_over_64_kib_is_refused_everywhere",
)


class Trial(NamedTuple):
    """What the whole check found: the contract, what operators do, and the faults where asked."""

    contract: stage_checks.Result
    operations: list[Operation]
    faults: list[Finding]

    @property
    def is_fine(self) -> bool:
        problems = [each.problem for each in self.operations]
        problems += [each.problem for each in self.faults]
        return not self.contract.failures and not any(problems)


def name(stage: Stage) -> str:
    """Return what the stage is called in news, results and logs."""
    return f"{stage.tag} behind nginx"


def wanted(repository: Path) -> bool:
    """Return whether the short form has a part: where it can run, and where it has to."""
    return not serving.explain_missing(repository) or platforms.all_is_required()


def check_short(
    repository: Path,
    stage: Stage,
    settings: stage_checks.Settings,
    report: stage_checks.Report,
    cancelled: threading.Event,
) -> stage_checks.Result:
    """Check the stage in the short form, or read from the cache that it passed."""
    tell = partial(report, name(stage))
    key = _key(repository, stage)
    stored = None if settings.fresh else stage_checks.load(repository, RESULTS, key, name(stage))
    if stored:
        tell("cached", 100)
        return stored
    if lacks := serving.explain_missing(repository):
        failure = phases.Failure("set-up", lacks)
        result = stage_checks.Result(name(stage), Counts(), None, Counts(), 0.0, (failure,))
    else:
        tests = [str(SUITE / test) for test in (*SHORT, *SHORT_DIFFERENCES)]
        with serving.prepare(repository, stage, lambda line: tell("installing", 0)) as prepared:
            tell("installing", 100)
            result = _check_contract(
                repository, stage, prepared, settings.suite_python, tests, tell, cancelled
            )
    if not result.failures:
        stage_checks.save(repository, RESULTS, key, result)
    tell("failed" if result.failures else "passed", 100)
    return result


def check_all(
    repository: Path,
    stage: Stage,
    suite_python: Path,
    with_faults: bool,
    report: stage_checks.Report,
    tell: Callable[[str], None],
) -> Trial:
    """Run the whole contract, do what operators do, and let the faults happen where asked.

    `report` is called for the contract, `tell` with the name of each operation and fault.
    """
    cancelled = threading.Event()
    tests = [str(SUITE)]
    news = partial(report, name(stage))
    with serving.prepare(repository, stage) as prepared, process.stopping_all():
        contract = _check_contract(
            repository, stage, prepared, suite_python, tests, news, cancelled
        )
        with temporary_folder(repository) as folder:
            done = operations.do_all(prepared, folder, tell)
            found = faults.find_all(prepared, folder, tell) if with_faults else []
    return Trial(contract, done, found)


def _check_contract(
    repository: Path,
    stage: Stage,
    prepared: serving.Prepared,
    suite_python: Path,
    tests: list[str],
    report: Callable[[str, int], None],
    cancelled: threading.Event,
) -> stage_checks.Result:
    start = time.monotonic()
    junit = prepared.stage / "tour-production.xml"
    command = readme.read_commands(prepared.stage, stage.tag).run
    arguments = stage_checks.suite_arguments(
        suite_python, tests, prepared.stage, prepared.python, command, junit
    )
    log = own_folder(repository, "logs") / f"{name(stage).replace(' ', '-')}.log"
    failure = phases.run(
        "contract",
        [*arguments, f"--stage-production={repository}"],
        environment.PACKAGE.parent,
        process.clean_environment(environment.bytecode(repository)),
        log,
        partial(report, "contract"),
        cancelled,
        junit,
    )
    count = junit_report.read_counts(junit)
    failures = () if failure is None else (failure,)
    return stage_checks.Result(
        name(stage), Counts(), None, count, time.monotonic() - start, failures
    )


def _key(repository: Path, stage: Stage) -> str:
    installed = [programs.explain_missing(), *programs.versions()]
    texts = cache.flat(sorted(files.read(repository).items()))
    return cache.key(MODULES, stage.tree, *installed, *texts)

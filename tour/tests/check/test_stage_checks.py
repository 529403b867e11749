"""The check of stages, with a small contract suite in place of the real one."""

import platform
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from tour.check import junit_report
from tour.check import phases
from tour.check import stage_checks
from tour.check.junit_report import Counts
from tour.check.phases import Failure
from tour.check.progress import Progress
from tour.check.results import check_and_report
from tour.check.results import format_results
from tour.check.stage_checks import Result
from tour.check.stage_checks import Settings
from tour.environments import environment
from tour.environments.pythons import Python
from tour.repo import cache
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.system import browsers
from tour.system import process
from tour.tests.synthetic import FLACK
from tour.tests.synthetic import TESTS
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import make_flack_tour
from tour.tests.synthetic import publish

SUITE_OPTIONS = """\
def pytest_addoption(parser):
    for name in ("directory", "python", "command", "database"):
        parser.addoption(f"--stage-{name}")
"""

SUITE = """\
import urllib.request

from tour.system.server import StageServer


def test_the_stage_answers(pytestconfig):
    options = [pytestconfig.getoption(f"--stage-{n}") for n in ("directory", "python", "command")]
    with StageServer(*options, {}) as server:
        assert urllib.request.urlopen(server.url).read().startswith(b"v0.")
"""


BROWSER_OPTION = """\
    parser.addoption("--browser")
"""

BROWSER_SUITE = """\
import pytest


@pytest.mark.each_browser
def test_the_browser_is_firefox(pytestconfig):
    assert pytestconfig.getoption("--browser") == "firefox"


def test_another_thing():
    pass
"""


UNTESTED = """\


def untested():
    if greeting():
        return 1
"""

SPOILED = {
    "flack.py": FLACK.format(tag="no") + UNTESTED,
    "extra.py": "import os\n",
    "tests.py": TESTS.format(tag="v0.1"),
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A check on the interpreter that runs the tests, with the small suite."""
    suite = tmp_path_factory.mktemp("suite")
    suite.joinpath("conftest.py").write_text(SUITE_OPTIONS)
    suite.joinpath("test_suite.py").write_text(SUITE)
    python = Python(Path(sys.executable), platform.python_version())
    return Settings(python, python.path, suite)


@pytest.fixture(scope="module", autouse=True)
def no_installation() -> Iterator[None]:
    """Stages run in the environment of the tests, which has what they need."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "stage_environment", lambda *arguments: Path(sys.executable))
        # they belong to the learner, and must not reach the stages' own tests
        patch.setenv("DATABASE_URL", "postgresql://elsewhere")
        # the plugins of the tests' own environment take longer to load than the small suite
        variables = {**environment.bytecode(Path()), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        patch.setattr(environment, "bytecode", lambda repository: variables)
        yield


@pytest.fixture(scope="module")
def checked(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Clone, dict[str, Result]]:
    """A clone after its check, and the results; all is wrong with v0.1, v0.2 has no README."""
    clone = make_flack_tour(tmp_path_factory.mktemp("checked") / "flack-tour")
    tip = grow_line(clone, files={"v0.1": SPOILED, "v0.2": {"README.md": "# Flack\n"}})
    publish(clone, tip, edition=2)
    clone.write({"flack.py": "mine\n"})
    line = find_stages(clone.folder)
    results = stage_checks.check_stages(clone.folder, [*line.stages], settings, lambda *phase: None)
    return clone, {result.tag: result for result in results}


@pytest.fixture
def spoiled(checked: tuple[Clone, dict[str, Result]]) -> Result:
    """The result of the stage with which all is wrong."""
    return checked[1]["v0.1"]


def failure_of(result: Result, phase: str) -> Failure:
    [failure] = [failure for failure in result.failures if failure.phase == phase]
    return failure


def test_results_come_in_the_order_of_the_stages(checked: tuple[Clone, dict[str, Result]]) -> None:
    assert list(checked[1]) == ["v0.1", "v0.2", "v0.3"]


def test_a_stage_in_order_passes_with_its_counts(checked: tuple[Clone, dict[str, Result]]) -> None:
    result = checked[1]["v0.3"]
    assert result.failures == ()
    assert (result.tests, result.contract) == (Counts(2, 0), Counts(1, 0))
    assert result.coverage == 100


def test_a_check_leaves_the_working_tree_and_no_copy(
    checked: tuple[Clone, dict[str, Result]],
) -> None:
    clone = checked[0]
    assert clone.git("status", "--porcelain") == "M flack.py"
    assert list((clone.folder / ".tour" / "temporary").iterdir()) == []


def test_a_failing_test_is_found_and_shown(spoiled: Result) -> None:
    failure = failure_of(spoiled, "tests")
    assert spoiled.tests == Counts(1, 1)
    assert "test_greeting" in failure.output
    assert "test_greeting" in Path(failure.log).read_text(encoding="utf-8")


def test_too_little_coverage_is_found(spoiled: Result) -> None:
    assert "at least 95 %" in failure_of(spoiled, "coverage").reason


def test_a_breach_of_style_is_found(spoiled: Result) -> None:
    assert "F401" in failure_of(spoiled, "lint").output


def test_a_server_against_the_contract_is_found(spoiled: Result) -> None:
    assert "test_the_stage_answers" in failure_of(spoiled, "contract").output
    assert spoiled.contract == Counts(0, 1)


def test_a_readme_without_a_command_is_found(checked: tuple[Clone, dict[str, Result]]) -> None:
    failure = failure_of(checked[1]["v0.2"], "set-up")
    assert "v0.2: README.md has no heading" in failure.reason


def run_contract(
    clone: Clone, settings: Settings, report: stage_checks.Report, suite: Path
) -> tuple[Failure, ...]:
    """Check the first stage of a clone with a suite."""
    stage = find_stages(clone.folder).stages[0]
    settings = settings._replace(suite=suite)
    checking = stage_checks._Check(clone.folder, stage, settings, report, threading.Event())
    checking._run_contract(clone.folder, settings.python.path, "python flack.py")
    return tuple(checking.failures)


def fail_so_often(settings: Settings, folder: Path, failing: int) -> Path:
    """Return a suite in the folder, of so many tests that fail for a reason."""
    suite = Path(shutil.copytree(settings.suite, folder / "suite"))
    suite.joinpath("test_suite.py").write_text(
        "import pytest\n\n\n"
        f"@pytest.mark.parametrize('number', range({failing}))\n"
        "def test_number(number):\n    assert number == 'the reason'\n"
    )
    return suite


@pytest.mark.parametrize("failing", [phases.FEW, phases.FEW + 1])
def test_of_many_failures_the_first_is_shown_and_of_few_the_end_of_the_log(
    clone: Clone, settings: Settings, tmp_path: Path, failing: int
) -> None:
    suite = fail_so_often(settings, tmp_path, failing)
    [failure] = run_contract(clone, settings, lambda *phase: None, suite)
    many = failing > phases.FEW
    assert ("short test summary" in failure.output) != many
    assert ("the first that failed: test_number[0]" in failure.output) == many
    assert "== 'the reason'" in failure.output


def test_a_stage_that_fails_everything_is_left_after_some_failures(
    clone: Clone, settings: Settings, tmp_path: Path
) -> None:
    suite = fail_so_often(settings, tmp_path, stage_checks.MOST_FAILURES + 1)
    [failure] = run_contract(clone, settings, lambda *phase: None, suite)
    counts = junit_report.read_counts(clone.folder / "tour-contract.xml")
    assert counts.failed == stage_checks.MOST_FAILURES
    assert "the first that failed: test_number[0]" in failure.output


def test_a_test_that_cannot_be_set_up_is_a_first_failure(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuite><testcase name="test_fine"/><testcase name="test_it"><error message="failed on'
        ' setup">no database</error></testcase></testsuite>'
    )
    assert junit_report.read_first_failure(report) == "no database\nthe first that failed: test_it"


@pytest.mark.parametrize(
    "output",
    [
        "test_a PASSED [  9%]\ntest_b PASSED [ 43%]\ntest_c ",
        "[gw1] [  9%] PASSED test_a\n[gw0] [ 43%] PASSED test_b\ntest_c ",
    ],
    ids=["in one process", "in two"],
)
def test_the_contract_tells_how_far_it_is(
    clone: Clone, settings: Settings, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    reports = []
    told = threading.Event()

    def report(tag: str, phase: str, reached: int) -> None:
        reports.append((tag, phase, reached))
        if reached:
            told.set()

    def run(arguments: list, directory: Path, variables: dict, log: Path, limit: float) -> int:
        log.write_text(output, encoding="utf-8")
        assert told.wait(timeout=120)
        return 0

    monkeypatch.setattr(process, "run", run)
    run_contract(clone, settings, report, settings.suite)
    assert reports == [("v0.1", "contract", reached) for reached in (0, 43, 100)]


def test_the_suite_is_told_the_browser_and_in_short_runs_what_is_marked(
    clone: Clone, settings: Settings, tmp_path: Path
) -> None:
    suite = Path(shutil.copytree(settings.suite, tmp_path / "suite"))
    suite.joinpath("conftest.py").write_text(SUITE_OPTIONS + BROWSER_OPTION)
    suite.joinpath("test_browser.py").write_text(BROWSER_SUITE)
    first = find_stages(clone.folder).stages[0]
    settings = settings._replace(suite=suite, browser="firefox", short=True)
    [result] = stage_checks.check_stages(clone.folder, [first], settings, lambda *phase: None)
    assert result.failures == ()
    assert result.contract == Counts(1, 0)
    assert result.tests == Counts()


SHARED_SUITE = """\
import pytest

pytestmark = pytest.mark.rendering


@pytest.mark.each_stage
def test_the_stage_has_a_part():
    pass


def test_what_is_shared_alone():
    pass
"""


def test_of_what_stages_share_all_tests_run_at_the_last_one(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the small suite runs without plugins
    monkeypatch.setattr(stage_checks, "IN_TWO_PROCESSES", ())
    # a stage's own tests run whatever it shares
    monkeypatch.setattr(stage_checks._Check, "_run_tests", lambda *arguments: None)
    clone = make_flack_tour(tmp_path / "flack-tour")
    tip = grow_line(
        clone,
        files={
            "v0.1": {
                "static/flack.js": "1",
                "templates/flack.html": "1",
                "utils.py": "one = 1\n",
            },
            "v0.2": {
                "flack/static/flack.js": "1",
                "flack/templates/flack.html": "1",
                "flack/utils.py": "one = 1\n",
            },
            # another web client, and the same rendering with other packages
            "v0.3": {
                "flack/static/flack.js": "1",
                "flack/templates/flack.html": "2",
                "flack/utils.py": "one = 1\n",
                "requirements.txt": "# none\n",
            },
        },
    )
    publish(clone, tip, edition=2)
    suite = Path(shutil.copytree(settings.suite, tmp_path / "suite"))
    for module in ("test_browser.py", "test_markdown.py"):
        suite.joinpath(module).write_text(SHARED_SUITE)
    settings = settings._replace(suite=suite)
    stages = find_stages(clone.folder).stages[:3]
    elsewhere = {stage_checks.WEB_CLIENT: "v0.2", stage_checks.MESSAGES: "v0.2"}

    def check(*chosen: Stage) -> list[tuple[int, dict[stage_checks.Part, str], bool]]:
        results = stage_checks.check_stages(clone.folder, [*chosen], settings, lambda *phase: None)
        assert [result.failures for result in results] == [()] * len(chosen)
        return [(each.contract.total, each.elsewhere, each.is_cached) for each in results]

    # one test of the small suite asks the server
    assert check(*stages) == [(3, elsewhere, False), (5, {}, False), (5, {}, False)]
    assert check(*stages) == [(3, elsewhere, True), (5, {}, True), (5, {}, True)]
    # alone, a stage has all tests, and those count where some would do
    assert check(stages[0]) == [(5, {}, False)]
    assert check(*stages) == [(5, {}, True)] * 3


class Checker:
    """Checks the first stage of a clone, with phases that take no time.

    `runs` counts how often they were gone through; `failures` is what they find.
    """

    def __init__(self, clone: Clone, settings: Settings) -> None:
        self.clone = clone
        self.settings = settings
        self.runs = 0
        self.failures: tuple[Failure, ...] = ()

    def run(self) -> Result:
        self.runs += 1
        return Result("v0.1", Counts(3, 0), 97.5, Counts(5, 0), 1.5, self.failures)

    def check(self, **settings) -> Result:
        line = find_stages(self.clone.folder)
        [result] = stage_checks.check_stages(
            self.clone.folder,
            [line.stages[0]],
            self.settings._replace(**settings),
            lambda *phase: None,
        )
        return result


@pytest.fixture
def checker(clone: Clone, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Checker:
    """A checker of a clone that was never checked."""
    checker = Checker(clone, settings)
    monkeypatch.setattr(stage_checks._Check, "run", lambda _: checker.run())
    return checker


def test_what_passed_is_kept_and_not_run_twice(checker: Checker) -> None:
    first = checker.check()
    assert checker.check() == first._replace(is_cached=True)
    assert checker.runs == 1


def test_fresh_runs_what_passed_again(checker: Checker) -> None:
    checker.check()
    assert not checker.check(fresh=True).is_cached
    assert checker.runs == 2


def test_a_failure_is_not_kept(checker: Checker) -> None:
    checker.failures = (Failure("lint", "ended with 1"),)
    checker.check()
    assert not checker.check().is_cached


def test_an_interrupt_keeps_what_waits_from_beginning(checker: Checker) -> None:
    cancelled = threading.Event()

    def report(*news: object) -> None:
        raise KeyboardInterrupt

    folder = checker.clone.folder
    chosen = list(find_stages(folder).stages)
    with pytest.raises(KeyboardInterrupt):
        stage_checks.check_stages(folder, chosen, checker.settings, report, cancelled)
    assert cancelled.is_set()


@pytest.mark.parametrize(
    "other",
    [
        {"python": Python(Path("python"), "3.99.0")},
        {"database": "postgresql://flack"},
        {"browser": "firefox"},
        {"short": True},
    ],
)
def test_what_is_checked_in_another_way_is_checked_anew(
    checker: Checker, other: dict[str, object]
) -> None:
    checker.check()
    assert not checker.check(**other).is_cached


def test_a_check_begins_with_the_stages_that_it_is_of(
    checker: Checker, line: StageLine, capsys: pytest.CaptureFixture
) -> None:
    settings = checker.settings._replace(python=Python(Path("python"), "3.99.0"))
    check_and_report(checker.clone.folder, list(line.stages[:1]), settings, print)
    assert capsys.readouterr().out.splitlines()[0] == "Checking v0.1 on Python 3.99.0"


def test_the_table_says_where_all_was_tested() -> None:
    client, messages = stage_checks.WEB_CLIENT, stage_checks.MESSAGES
    results = [
        Result(tag, Counts(3, 0), 97.5, Counts(5, 0), 1.5, elsewhere=elsewhere)
        for tag, elsewhere in {
            "v0.1": {client: "v0.3"},
            "v0.2": {client: "v0.3", messages: "v0.3"},
            "v0.3": {},
        }.items()
    ]
    assert format_results(results).splitlines()[-2:] == [
        "v0.1 and v0.2: the web client has the files of v0.3, where all its tests ran",
        "v0.2: the rendering of messages has the files of v0.3, where all its tests ran",
    ]


def test_a_check_in_another_browser_says_so(
    checker: Checker, line: StageLine, capsys: pytest.CaptureFixture
) -> None:
    settings = checker.settings._replace(browser="firefox")
    check_and_report(checker.clone.folder, list(line.stages[:1]), settings, print)
    assert "Checking v0.1 in Firefox on Python" in capsys.readouterr().out


def test_of_many_stages_every_tenth_of_a_phase_is_told(capsys: pytest.CaptureFixture) -> None:
    with Progress(10) as progress:
        for reached in (0, 5, 12, 19, 30, 100):
            progress.report("v0.4", "contract", reached)
        progress.report("v0.4", "passed", 100)
    told = ["contract", "contract 12 %", "contract 30 %", "passed"]
    assert capsys.readouterr().out.splitlines() == [f"v0.4: {news}" for news in told]


def test_of_a_single_stage_something_new_is_told_every_two_seconds(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a clock that stands still until a heartbeat waits for a second
    clock = Mock(return_value=0.0)
    monkeypatch.setattr(time, "monotonic", clock)
    progress = Progress(1)

    def wait(seconds: float) -> bool:
        clock.return_value += seconds
        return clock.return_value > 5

    monkeypatch.setattr(progress.ended, "wait", wait)
    progress.report("v0.4", "tests", 0)
    progress.report("v0.4", "contract", 7)
    progress._beat()
    assert capsys.readouterr().out.splitlines() == [
        "v0.4: tests",
        "v0.4: contract 7 %",
        "0 of 1 after 2 s  v0.4: tests, contract 7 %",
        "0 of 1 after 4 s  v0.4: tests, contract 7 %",
    ]


def test_another_suite_is_checked_anew(checker: Checker, tmp_path: Path) -> None:
    checker.check()
    suite = Path(shutil.copytree(checker.settings.suite, tmp_path / "suite"))
    suite.joinpath("test_more.py").write_text("def test_more():\n    pass\n")
    assert not checker.check(suite=suite).is_cached


def test_another_browser_is_checked_anew(
    checker: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "chromium"
    browser.write_bytes(b"old")
    kept_with = []
    for found in (None, str(browser), str(browser)):
        monkeypatch.setattr(browsers, "find", lambda name: found)
        kept_with.append((checker.check().is_cached, checker.check().is_cached))
        browser.write_bytes(b"newer")
    assert kept_with == [(False, True)] * 3


def test_a_change_of_the_tour_during_a_check_has_no_part_in_its_results(
    checker: Checker, line: StageLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copytree(cache.PACKAGE, tmp_path / "tour"))
    monkeypatch.setattr(cache, "PACKAGE", copy)

    def run(_: object) -> Result:
        copy.joinpath("check", "junit_report.py").write_text("changed", encoding="utf-8")
        return checker.run()

    monkeypatch.setattr(stage_checks._Check, "run", run)
    # one after the other, as on a database that they share
    settings = checker.settings._replace(database="sqlite:///flack.sqlite")
    for _ in range(2):
        stage_checks.check_stages(
            checker.clone.folder, list(line.stages), settings, lambda *phase: None
        )
    assert checker.runs == 2 * len(line.stages)


def test_another_tree_is_checked_anew(checker: Checker) -> None:
    checker.check()
    publish(checker.clone, grow_line(checker.clone, note=" Amended."), edition=2)
    assert not checker.check().is_cached


def test_another_commit_of_the_same_tree_is_kept(checker: Checker) -> None:
    checker.check()
    message = "Make v0.1 otherwise\n\nWhy.\n\nStage: v0.1"
    tree = find_stages(checker.clone.folder).stages[0].tree
    tip = checker.clone.git("commit-tree", tree, "-m", message)
    publish(checker.clone, tip, edition=2, tags=("v0.1",))
    assert checker.check().is_cached


def phases_of(result: Result) -> list[str]:
    return [failure.phase for failure in result.failures]


def make_result(tag: str, tests: int, *failures: Failure) -> Result:
    return Result(tag, Counts(tests, 0), 100.0, Counts(5, 0), 1.0, failures)


def test_fewer_tests_than_the_stage_before_is_found() -> None:
    results = stage_checks.compare([make_result("v0.1", 9), make_result("v0.2", 8)])
    assert [phases_of(result) for result in results] == [[], ["tests"]]
    assert results[1].failures[0].reason == "8 tests, and v0.1 has 9"


def test_a_stage_is_compared_with_the_nearest_that_was_checked() -> None:
    results = stage_checks.compare([make_result("v0.2", 9), make_result("v0.9", 8)])
    assert results[1].failures[0].reason == "8 tests, and v0.2 has 9"


def test_as_many_tests_as_the_stage_before_is_fine() -> None:
    results = stage_checks.compare([make_result("v0.1", 9), make_result("v0.2", 9)])
    assert [phases_of(result) for result in results] == [[], []]


def test_the_sum_counts_a_phase_without_a_failed_test_as_one() -> None:
    broken = make_result("v0.2", 4, Failure("tests", "1"), Failure("coverage", "90 %"))
    failing = Result("v0.3", Counts(3, 2), 99.0, Counts(5, 0), 1.0, (Failure("tests", "1"),))
    assert stage_checks.sum_up([make_result("v0.1", 4), broken, failing]) == Counts(11 + 15, 2 + 2)


def test_a_test_command_is_measured_from_outside_or_measures_itself() -> None:
    python = Path("python")
    assert stage_checks.test_arguments("pytest -x", python)[1:] == [
        "-m",
        "coverage",
        "run",
        "-m",
        "pytest",
        "-x",
    ]
    assert stage_checks.test_arguments("python manage.py test", python)[1:] == ["manage.py", "test"]

"""What a learner's tree does, in a copy: its own tests, the stage's, and what clients see of it.

What runs here is the learner's code, which may do anything: run for ever, start what does not end,
delete its database. So it has a copy of the files, a time limit, and no process of it stays.

A goal that is met is kept with all that it depends on, and not run again before some of that is
another one: who fixes a test need not wait for the contract each time.
"""

import os
import re
import select
import shlex
import shutil
import signal
import sys
import threading
import xml.etree.ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from tour.check import junit_report
from tour.check.stage_checks import suite_arguments
from tour.environments import environment
from tour.practice.grading import Grade
from tour.practice.grading import Result
from tour.practice.grading import State
from tour.practice.vocabulary.goal import Behaviour
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.runs import Command
from tour.practice.vocabulary.runs import Contract
from tour.practice.vocabulary.runs import OwnTests
from tour.repo import cache
from tour.repo import copies
from tour.repo.temporary import temporary_folder
from tour.stages import readme
from tour.stages.line import Stage
from tour.stages.sizes import is_test
from tour.syntax import files
from tour.syntax.model import Model
from tour.system import process
from tour.system.status_line import Report

# where it is kept which goals are met, and the modules on which that depends
RUNS = "practice-runs"
MODULES = ("tour.practice.behaviour", "tour.contract")

# seconds that the tests, or the contract, may take; they need some ten, and more on a busy machine
LIMIT = 120.0

# of the contract, what every step could break and what takes seconds alone; in two parts that take
# as long, for a client and a server that wait for each other keep one core busy
SUITE = environment.PACKAGE / "contract"
CONTRACT = (("authentication", "headers", "stats"), ("messages", "tokens", "users"))

# only the first failure is told, and a step that breaks many tests would take minutes to print them
FIRST_FAILURE = "--exitfirst"

# plugins that the suite has no use for, and that take longer to load than it does
NO_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

# it waits until a window of 15 seconds is empty
SLOW_TESTS = "not forget"

# a database that no test may reach: each has one in memory
UNUSABLE = "sqlite:////nowhere/at/all/flack.sqlite"

# it puts another function in the place of a name of the models' module, which not every right
# solution looks up there: `utils.render` is as good as `render`
TIED_TESTS = ("test_no_connection_is_held_while_links_are_previewed",)

# what tells pytest what to collect, and is the stage's own when its tests run
PYTEST_SETTINGS = ("pytest.ini", ".pytest.ini", "tox.ini", "pyproject.toml", "conftest.py")

# a test that began, in pytest's verbose output, and how far all of them are when it has ended
BEGUN = re.compile(
    r"^\S+\.py::(?P<name>.+?)(?: (?:[A-Z]{5,}\b.*?(?:\[ *(?P<done>\d+)%\])?)?)?$", re.MULTILINE
)

# where a traceback of pytest has a line of a file
FRAME = re.compile(r"^(\S+\.py):(\d+): ", re.MULTILINE)

# a traceback of the server as pytest shows it, with its error; and in it where it has a line
TRACEBACK = re.compile(
    r"^E( +)Traceback \(most recent call last\):\n((?:E\1 .*\n)*)E\1(\S.*)", re.MULTILINE
)
SERVER_FRAME = re.compile(r'File "([^"\n]+)", line (\d+)')

# a server that did not come up: its command, what became of it, what it printed
NO_SERVER = re.compile(
    r"^E +\S+\.ServerError: (.+?) in .* ((?:ended|did not answer) .*):\n((?:E .*\n)*)", re.MULTILINE
)

# a traceback of pytest's own, with its error; what pytest prints otherwise comes before or after it
CRASH = re.compile(r"Traceback \(most recent call last\):\n(?: .*\n)+(\S.*)")

# what the processes of a run have in their environment, so that the last one is found
TOKEN = "TOUR_PRACTICE"


class Place(NamedTuple):
    """Where the learner's tree is, and what runs it: its Python, and the one of the contract."""

    repository: Path
    folder: Path
    python: Path
    suite_python: Path


class _Run(NamedTuple):
    """How a run ended: its code, None when it took too long, its report and what it printed."""

    code: int | None
    report: Path
    output: str


def grade_behaviour(
    grade: Grade, place: Place, stage: Stage, before: Model, report: Report = lambda line: None
) -> Grade:
    """Return the grade with the goals that a run decides, which waited; all others must be met.

    `report` is called from several threads, with a line for each goal that is decided.
    """
    goals = [each.goal for each in grade.results if isinstance(each.goal, Behaviour)]
    with temporary_folder(place.repository) as folder:
        trial = _Trial(place, stage, before, folder)
        stopped = threading.Event()

        def find(goal: Behaviour) -> Finding | None:
            finding = trial.find(goal)
            # what was stopped has found nothing
            if not stopped.is_set():
                report(f"{'not yet' if finding else 'met'}: {goal.text}")
            return finding

        with ThreadPoolExecutor() as pool, process.stopping_all(stopped, pool):
            findings = dict(zip(goals, pool.map(find, goals)))
    results = []
    for each in grade.results:
        if each.goal in findings:
            finding = findings[each.goal]
            each = Result(each.goal, State.UNMET if finding else State.MET, finding)
        results.append(each)
    return Grade(tuple(results))


class _Trial:
    """The runs of one tree, each in a copy of its own; the first copy is the one that is graded."""

    def __init__(self, place: Place, stage: Stage, before: Model, folder: Path) -> None:
        self.place = place
        self.stage = stage
        self.folder = folder
        self.graded = folder / "graded"
        self.graded.mkdir()
        self.files = files.read_folder(place.folder, ends=files.ANY).contents
        copies.write_files(self.graded, self.files)
        self.key = self.make_key()
        # as many tests there must be at least
        self.least = sum(
            name.startswith("test_") for module in before.tests for name in module.functions
        )

    def find(self, goal: Behaviour) -> Finding | None:
        """Return what a run finds for the goal, None when it is met."""
        key = self.key_of(goal)
        if cache.read(self.place.repository, RUNS, key):
            return None
        finding = self.run_for(goal)
        if finding is None:
            cache.write(self.place.repository, RUNS, key, True)
        return finding

    def make_key(self) -> str:
        """Return a key of all that every goal depends on: the stage, what grades, the packages."""
        python = self.place.python
        installed = (
            path.name
            for packages in ("lib/python*/site-packages", "Lib/site-packages")
            for path in python.parents[1].glob(f"{packages}/*.dist-info")
        )
        parts = (self.stage.commit, str(python), str(python.resolve()), *sorted(installed))
        return cache.key(MODULES, *parts, *cache.flat(cache.read_folder(SUITE).items()))

    def key_of(self, goal: Behaviour) -> str:
        """Return a key of a goal and the files that it depends on."""
        # the stage's tests take the place of the learner's, and the server needs none
        is_own = isinstance(goal, OwnTests) and goal.yours
        found = [pair for pair in self.files.items() if is_own or not is_test(pair[0])]
        return cache.digest(self.key, repr(goal), str(self.least), *cache.flat(found))

    def run_for(self, goal: Behaviour) -> Finding | None:
        if isinstance(goal, Contract):
            return self.find_in_contract()
        if isinstance(goal, Command):
            return self.find_in_command(goal)
        assert isinstance(goal, OwnTests)
        return self.find_in_own_tests(goal) if goal.yours else self.find_in_tests(goal)

    def find_in_own_tests(self, goal: OwnTests) -> Finding | None:
        copy = self.make_copy("yours")
        command = self.commands.test[0]
        program, *arguments = shlex.split(command)
        started = ["-m", program, *arguments] if program == "pytest" else arguments
        run = self.run(copy, [str(self.place.python), *started], addopts=True)
        finding = _explain(run, copy, command)
        if finding is None and goal.tells not in run.output:
            return Finding("", 0, f"`{command}` passes, and does not tell what the tests cover")
        return finding or self.find_too_few(run, command)

    def find_in_tests(self, goal: OwnTests) -> Finding | None:
        copy = self.make_copy("stage")
        for name in (*PYTEST_SETTINGS, "tests.py"):
            (copy / name).unlink(missing_ok=True)
        shutil.rmtree(copy / "tests", ignore_errors=True)
        for path, data in copies.read_files(self.place.repository, self.stage.commit).items():
            if is_test(path) or path == "setup.cfg":
                (copy / path).parent.mkdir(parents=True, exist_ok=True)
                (copy / path).write_bytes(data)
        options = ["-k", " and ".join(f"not {name}" for name in (*TIED_TESTS, *goal.without))]
        run = self.run(copy, [str(self.place.python), "-m", "pytest", *options], addopts=True)
        return _explain(run, copy, "pytest") or self.find_too_few(run, "pytest")

    def find_too_few(self, run: _Run, command: str) -> Finding | None:
        """Return that fewer tests passed than there were before, or that one was left out."""
        for name in junit_report.list_skipped(run.report):
            return Finding("", 0, f"{name} is skipped, or may fail, and was not before")
        passed = junit_report.read_counts(run.report).passed
        if passed >= self.least:
            return None
        sentence = f"`{command}` runs {passed} tests, and there were {self.least} at least"
        return Finding("", 0, sentence)

    def find_in_command(self, goal: Command) -> Finding | None:
        copy = self.make_copy(f"command-{uuid4().hex}")
        name, text = goal.file
        if name:
            (copy / name).write_text(text, encoding="utf-8")
        arguments = [str(self.place.python), *shlex.split(goal.command)[1:]]
        run = self.run(copy, arguments, variables=dict(goal.variables))
        return _explain(run, copy, goal.command)

    def find_in_contract(self) -> Finding | None:
        with ThreadPoolExecutor() as pool:
            findings = list(pool.map(self.find_in_part, CONTRACT))
        return next(filter(None, findings), None)

    def find_in_part(self, modules: tuple[str, ...]) -> Finding | None:
        """Return what a run of some modules of the contract finds."""
        copy = self.make_copy(f"contract-{modules[0]}")
        # where pytest makes its folders depends on it: in this trial's folder, which is deleted
        report = copy / "tour-contract.xml"
        tests = [*(str(SUITE / f"test_{name}.py") for name in modules), "-k", SLOW_TESTS]
        place = self.place
        command = self.commands.run
        arguments = suite_arguments(place.suite_python, tests, copy, place.python, command, report)
        arguments.append(FIRST_FAILURE)
        variables = environment.bytecode(place.repository) | NO_PLUGINS
        run = self.run(environment.PACKAGE.parent, arguments, report=report, variables=variables)
        return _explain(run, copy, command)

    @property
    def commands(self) -> readme.Commands:
        """What the README of the stage says: the learner's may be the old one still."""
        files = copies.read_files(self.place.repository, self.stage.commit)
        return readme.parse_commands(files["README.md"].decode(), self.stage.tag)

    def make_copy(self, name: str) -> Path:
        return Path(shutil.copytree(self.graded, self.folder / name / "flack-tour"))

    def run(
        self,
        directory: Path,
        arguments: list[str],
        report: Path | None = None,
        variables: dict[str, str] | None = None,
        addopts: bool = False,
    ) -> _Run:
        """Run pytest, or what runs it; `addopts` is for the one of the learner's environment."""
        name = uuid4().hex
        log = self.folder / f"{name}.log"
        report = report or self.folder / f"{name}.xml"
        variables = {TOKEN: name, **(variables or {})}
        if addopts:
            options = [f"--junitxml={report}", f"--basetemp={self.folder / name}"]
            options += ["-p", "no:cacheprovider", "-o", "junit_family=xunit1"]
            options += [FIRST_FAILURE, "--verbose"]
            variables |= {"PYTEST_ADDOPTS": shlex.join(options), "DATABASE_URL": UNUSABLE}
        try:
            full = process.clean_environment(variables)
            code = process.run(arguments, directory, full, log, LIMIT)
        finally:
            _end_all(name)
        return _Run(code, report, log.read_text(encoding="utf-8", errors="replace"))


def _end_all(token: str) -> None:
    """End what a run has started and left, in a session of its own; Linux tells which that is."""
    if sys.platform != "linux":
        return
    entry = f"{TOKEN}={token}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if entry in (folder / "environ").read_bytes().split(b"\0"):
                _end(int(folder.name))
        except OSError:
            # it is another user's, or has ended
            continue


def _end(pid: int) -> None:
    assert sys.platform == "linux"
    process = os.pidfd_open(pid)
    try:
        os.kill(pid, signal.SIGKILL)
        # it can be read from when the process has ended
        select.select([process], [], [])
    finally:
        os.close(process)


def _explain(run: _Run, copy: Path, command: str) -> Finding | None:
    """Return what a run that did not pass says first, and where."""
    if run.code == 0:
        is_silent = "manage.py" in command and not run.output.strip()
        sentence = f"`{command}` prints nothing, as when nothing calls manager.run()"
        return Finding("", 0, sentence) if is_silent else None
    if run.code is None:
        reached = _describe_reached(run.output)
        return Finding("", 0, f"`{command}` has not ended after {LIMIT:.0f} s; {reached}")
    prefix = f"{copy}{os.sep}"
    for case in _failed_cases(run.report):
        frames = [
            (path, int(line))
            for path, line in FRAME.findall(case.text.replace(prefix, ""))
            if (copy / path).is_file() and not path.startswith(("/", ".."))
        ]
        if not frames and (found := _find_met(run.output, prefix)):
            return found._replace(sentence=f"{case.name} fails: {found.sentence}")
        if ended := NO_SERVER.search(case.text):
            printed = re.sub("^E", "", ended[3], flags=re.MULTILINE)
            return Finding("", 0, f"`{ended[1]}` {ended[2]}; {_describe_reached(printed)}")
        own = [frame for frame in frames if not is_test(frame[0])] or frames or [("", 0)]
        failed = f"{case.name} fails"
        if case.is_module:
            # a test in it may name an argument that it does not take
            failed = f"{case.name} cannot be {'imported' if frames else 'collected'}"
        sentence = f"{failed}: {case.message.replace(prefix, '')}"
        if len(own) > 1 and own[-2][0] != own[-1][0]:
            # where it fails may be a helper that is as it should be
            sentence += f" (called at {own[-2][0]}:{own[-2][1]})"
        return Finding(*own[-1], sentence)
    lines = CRASH.findall(run.output) or run.output.strip().splitlines()
    last = lines[-1] if lines else f"it ended with {run.code}"
    return Finding("", 0, f"`{command}` fails: {last.strip('= ').replace(prefix, '')}")


def _find_met(output: str, prefix: str) -> Finding | None:
    """Return the first error that the server has printed the traceback of, at the learner's line.

    `prefix` is what the paths of the learner's files begin with.
    """
    for _, frames, error in TRACEBACK.findall(output):
        own = [frame for frame in SERVER_FRAME.findall(frames) if frame[0].startswith(prefix)]
        if own:
            path, line = own[-1]
            return Finding(path.removeprefix(prefix), int(line), f"the server met {error}")
    return None


def _describe_reached(output: str) -> str:
    """Return how far a run has come that did not end, in words."""
    begun = list(BEGUN.finditer(output))
    if begun:
        done = [found["done"] for found in begun if found["done"]]
        return f"{begun[-1]['name']} began last, after {(done or ['0'])[-1]} % of the tests"
    lines = output.strip().splitlines()
    return f"it printed last: {lines[-1].strip()}" if lines else "it has printed nothing"


class _Case(NamedTuple):
    """A test that failed, or a module whose tests pytest cannot collect, then named by its path."""

    name: str
    message: str
    text: str
    is_module: bool


def _failed_cases(report: Path) -> list[_Case]:
    """Return the tests that failed, in order, with the first line of why."""
    try:
        root = xml.etree.ElementTree.parse(report).getroot()
    except (OSError, xml.etree.ElementTree.ParseError):
        return []
    found = []
    for case in root.iter("testcase"):
        for failure in (*case.iter("failure"), *case.iter("error")):
            text = failure.text or ""
            reasons = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
            message = reasons[-1 if failure.tag == "error" else 0] if reasons else ""
            is_module = failure.get("message") == "collection failure"
            said = text if is_module else failure.get("message", "")
            message = message or said.partition("\n")[0]
            name = case.get("name") or case.get("classname") or "a test"
            if is_module:
                name = case.get("file") or name
            found.append(_Case(name, message, text, is_module))
    return found

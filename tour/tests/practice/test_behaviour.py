"""What is said of a tree that is run, and what becomes of one that does not end."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tour.practice import behaviour
from tour.practice.behaviour import Place
from tour.practice.behaviour import grade_behaviour
from tour.practice.grading import Grade
from tour.practice.grading import Result
from tour.practice.grading import State
from tour.practice.vocabulary.goal import Behaviour
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.runs import Command
from tour.practice.vocabulary.runs import Contract
from tour.practice.vocabulary.runs import OwnTests
from tour.stages.line import StageLine
from tour.syntax.model import Model
from tour.system import process
from tour.tests.practice.trees import files
from tour.tests.synthetic import SETUP
from tour.tests.synthetic import Clone

TEST = "def test_it():\n    pass\n"

# what a learner's tests are, and what is said of them
HOSTILE = {
    "a test that fails": (
        "import flack\n\n\ndef test_it():\n    flack.f()\n",
        "flack.py:2: test_it fails: ZeroDivisionError: division by zero",
    ),
    "a helper that a test's function calls": (
        "import flack\n\n\ndef test_it():\n    flack.g()\n",
        "flack.py:2: test_it fails: ZeroDivisionError: division by zero (called at other.py:4)",
    ),
    "no test": ("", "`pytest` fails: no tests ran in"),
    "an end at once": ("import os\nos._exit(0)\n", "`pytest` runs 0 tests, and there were 1"),
    "a test that is skipped": (
        "import pytest\n\n\n@pytest.mark.skip\n" + TEST,
        "test_it is skipped, or may fail, and was not before",
    ),
    "a test that may fail": (
        "import pytest\n\n\n@pytest.mark.xfail\ndef test_it():\n    assert 0\n",
        "test_it is skipped, or may fail, and was not before",
    ),
    "a loop": ("while True:\n    pass\n", "`pytest` has not ended after 1 s; it "),
    "a child that does not end": (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],"
        " start_new_session=True)\n" + TEST,
        None,
    ),
    "a database that goes": (
        "import os, shutil\nshutil.rmtree(os.path.dirname(os.path.abspath(__file__)))\n" + TEST,
        "`pytest` fails: FileNotFoundError",
    ),
    "more that is printed after pytest's own error": (
        "import atexit, os, shutil\natexit.register(os.write, 1, b'more')\n"
        "shutil.rmtree(os.path.dirname(os.path.abspath(__file__)))\n" + TEST,
        "`pytest` fails: FileNotFoundError",
    ),
}


@pytest.fixture
def place(clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A learner's folder with a module that fails when it is called."""

    # the plugins of the tests' own environment take longer to load than these tests
    def clean(additions: dict[str, str], clean: Callable = process.clean_environment) -> dict:
        return clean(behaviour.NO_PLUGINS | additions)

    monkeypatch.setattr(process, "clean_environment", clean)
    folder = tmp_path / "mine"
    folder.mkdir()
    folder.joinpath("flack.py").write_text(
        "def f():\n    return 1 / 0\n\n\ndef g():\n    import other\n\n    other.h()\n"
    )
    folder.joinpath("other.py").write_text("def h():\n    import flack\n\n    flack.f()\n")
    folder.joinpath("setup.cfg").write_text(SETUP)
    return Place(clone.folder, folder, Path(sys.executable), Path(sys.executable))


def run(place: Place, line: StageLine, goal: Behaviour) -> Finding | None:
    """Return what is found when the goal is looked at; one test was there before."""
    grade = Grade((Result(goal, State.WAITS),))
    before = Model(files({"tests.py": TEST}))
    [result] = grade_behaviour(grade, place, line.stages[1], before).results
    assert (result.state is State.MET) == (result.finding is None)
    return result.finding


def test_what_is_stopped_is_not_told_as_not_met(
    place: Place, line: StageLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = threading.Event()
    both = threading.Barrier(2)

    def find(trial: behaviour._Trial, goal: OwnTests) -> Finding:
        both.wait()
        if goal.yours:
            raise KeyboardInterrupt
        assert stopped.wait(timeout=120)
        return Finding("", 0, "ended with -15")

    monkeypatch.setattr(behaviour._Trial, "find", find)
    monkeypatch.setattr(process, "stop_all", stopped.set)
    goals = [Result(OwnTests(yours=yours), State.WAITS) for yours in (True, False)]
    told: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        grade_behaviour(Grade(tuple(goals)), place, line.stages[1], Model(files({})), told.append)
    assert told == []


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.skipif(os.name == "nt", reason="what is left of a run is found on Linux alone")
def test_whatever_the_tests_do_the_grade_ends_and_leaves_nothing(
    place: Place, line: StageLine, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(behaviour, "LIMIT", 1.0 if name == "a loop" else 600.0)
    source, expected = HOSTILE[name]
    place.folder.joinpath("tests.py").write_text(source)
    before = sorted(place.folder.iterdir())
    finding = run(place, line, OwnTests(yours=True))
    assert (str(finding)[: len(expected)] if expected else finding) == expected
    assert sorted(place.folder.iterdir()) == before
    mine = str(place.repository).encode()
    assert [each for each in environments() if mine in each] == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "import flack\nfrom flack import tidy\n",
            "tests.py:2: tests.py cannot be imported: ImportError: cannot import name 'tidy'",
        ),
        (
            "import flack\nflack.f()\n",
            "flack.py:2: tests.py cannot be imported: ZeroDivisionError: division by zero",
        ),
        (
            "import pytest\n@pytest.mark.parametrize('a', [1])\ndef test_it(b):\n    pass\n",
            "tests.py cannot be collected: In tests.py::test_it: function uses no argument 'a'",
        ),
    ],
)
def test_a_module_of_tests_that_cannot_be_read_is_named_as_a_file(
    place: Place, line: StageLine, source: str, expected: str
) -> None:
    place.folder.joinpath("tests.py").write_text(source)
    finding = run(place, line, OwnTests(yours=True))
    assert str(finding)[: len(expected)] == expected


def environments() -> list[bytes]:
    """Return the environments of the processes that run; those of a run name its folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found.append((folder / "environ").read_bytes())
        except OSError:
            continue
    return found


def test_the_tests_of_the_stage_take_the_place_of_the_learners(
    place: Place, line: StageLine
) -> None:
    # a learner who has emptied the tests, and told pytest to collect none
    place.folder.joinpath("tests.py").write_text("")
    place.folder.joinpath("setup.cfg").write_text("[tool:pytest]\naddopts = --collect-only\n")
    place.folder.joinpath("conftest.py").write_text("collect_ignore = ['tests.py']\n")
    place.folder.joinpath("flack.py").write_text("def greeting():\n    return b'v0.2'\n")
    finding = run(place, line, OwnTests())
    # the one that fails is about a variable which the grade sets
    assert finding and finding.sentence.startswith("test_database fails")
    assert run(place, line, OwnTests(without=("test_database",))) is None


def test_what_a_command_has_to_tell_is_looked_for(place: Place, line: StageLine) -> None:
    place.folder.joinpath("tests.py").write_text(TEST)
    finding = run(place, line, OwnTests(yours=True, tells="TOTAL"))
    assert finding and "does not tell" in finding.sentence


def test_a_command_is_run_beside_the_file_that_it_needs(place: Place, line: StageLine) -> None:
    place.folder.joinpath("manage.py").write_text(
        "import os\nprint(open(os.environ['FLACK_SETTINGS']).read())\n"
    )
    variables = (("FLACK_SETTINGS", "prod.cfg"),)
    assert run(place, line, Command("python manage.py", variables, ("prod.cfg", "x = 1"))) is None
    finding = run(place, line, Command("python manage.py", variables))
    assert finding and finding.sentence.endswith("No such file or directory: 'prod.cfg'")
    assert not place.folder.joinpath("prod.cfg").exists()


def test_a_command_that_prints_nothing_does_not_work(place: Place, line: StageLine) -> None:
    place.folder.joinpath("manage.py").write_text("def createdb():\n    print('made')\n")
    finding = run(place, line, Command("python manage.py createdb"))
    assert finding and finding.sentence == (
        "`python manage.py createdb` prints nothing, as when nothing calls manager.run()"
    )


def test_of_a_run_that_does_not_end_the_last_test_is_named(
    place: Place, line: StageLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    # each test's process ends, so that this waits for no limit
    def run_too_long(*arguments, run=process.run) -> None:
        run(*arguments)

    monkeypatch.setattr(process, "run", run_too_long)
    place.folder.joinpath("tests.py").write_text(
        f"import os\nimport pytest\n{TEST}\n"
        "@pytest.mark.parametrize('what', ['a word', 'two words'])\n"
        "def test_that(what):\n    os._exit(0)\n\ndef test_last():\n    pass\n"
    )
    finding = run(place, line, OwnTests(yours=True))
    assert finding and finding.sentence == (
        "`pytest` has not ended after 120 s; test_that[a word] began last, after 25 % of the tests"
    )
    place.folder.joinpath("manage.py").write_text("print('first')\nprint('Making it')\n")
    finding = run(place, line, Command("python manage.py"))
    assert finding and finding.sentence.endswith("120 s; it printed last: Making it")
    place.folder.joinpath("manage.py").write_text("")
    finding = run(place, line, Command("python manage.py"))
    assert finding and finding.sentence.endswith("120 s; it has printed nothing")


CONFTEST = """\
import pytest


def pytest_addoption(parser):
    for name in ("directory", "python", "command"):
        parser.addoption(f"--stage-{name}")


@pytest.fixture
def stage(pytestconfig):
    return pytestconfig.getoption("--stage-directory")
"""


@pytest.fixture
def suite(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for a small suite in place of the contract, which is its test_one.py."""
    folder = tmp_path / "suite"
    folder.mkdir()
    folder.joinpath("conftest.py").write_text(CONFTEST)
    monkeypatch.setattr(behaviour, "SUITE", folder)
    monkeypatch.setattr(behaviour, "CONTRACT", (("one",),))
    return folder


def noting(file: Path) -> str:
    """Return a test that notes in the file that it has run."""
    return f"def test_it():\n    with open({str(file)!r}, 'a') as file:\n        file.write('x')\n"


def test_what_is_met_runs_again_when_a_file_that_it_depends_on_is_another_one(
    place: Place, line: StageLine, suite: Path, tmp_path: Path
) -> None:
    suite.joinpath("test_one.py").write_text(noting(tmp_path / "contract"))
    tests = place.folder / "tests.py"
    tests.write_text(noting(tmp_path / "own"))

    def runs() -> tuple[int, int]:
        """Return how often the learner's tests, and the contract, have run after this grade."""
        assert run(place, line, OwnTests(yours=True)) is None
        assert run(place, line, Contract()) is None
        return len((tmp_path / "own").read_text()), len((tmp_path / "contract").read_text())

    assert [runs(), runs()] == [(1, 1), (1, 1)]
    tests.write_text(f"# better\n{noting(tmp_path / 'own')}")
    assert runs() == (2, 1)
    place.folder.joinpath("flack.py").write_text("def f():\n    return 2\n")
    assert runs() == (3, 2)
    suite.joinpath("test_one.py").write_text(f"# better\n{noting(tmp_path / 'contract')}")
    assert runs()[1] == 3
    # what failed runs each time
    tests.write_text(f"{noting(tmp_path / 'own')}    assert False\n")
    before = len((tmp_path / "own").read_text())
    assert run(place, line, OwnTests(yours=True)) and run(place, line, OwnTests(yours=True))
    assert len((tmp_path / "own").read_text()) == before + 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has another layout of an environment")
def test_what_is_met_runs_again_when_a_package_is_installed(
    place: Place, line: StageLine, tmp_path: Path
) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    home = Path(sys.executable).resolve().parent
    tmp_path.joinpath("venv", "pyvenv.cfg").write_text(f"home = {home}\n")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = tmp_path / "venv" / "lib" / version / "site-packages"
    packages.mkdir(parents=True)
    packages.joinpath("these.pth").write_text(str(Path(pytest.__file__).parents[1]))
    place.folder.joinpath("tests.py").write_text(noting(tmp_path / "own"))
    place = place._replace(python=python)
    assert run(place, line, OwnTests(yours=True)) is None
    # what a first run leaves there is no package
    packages.joinpath("__pycache__").mkdir()
    assert run(place, line, OwnTests(yours=True)) is None
    assert (tmp_path / "own").read_text() == "x"
    packages.joinpath("new-1.0.dist-info").mkdir()
    assert run(place, line, OwnTests(yours=True)) is None
    assert (tmp_path / "own").read_text() == "xx"


TWO_FAIL = """\
def test_first():
    assert False, "first"


def test_second():
    open({marker!r}, "w")
    assert False
"""


def test_the_tests_end_at_the_first_that_fails(
    place: Place, line: StageLine, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    place.folder.joinpath("tests.py").write_text(TWO_FAIL.format(marker=str(marker)))
    finding = run(place, line, OwnTests(yours=True))
    assert finding and finding.sentence == "test_first fails: AssertionError: first"
    assert not marker.exists()


def test_the_parts_of_the_contract_run_and_the_first_failure_is_told(
    place: Place, line: StageLine, suite: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    suite.joinpath("test_one.py").write_text(
        "from pathlib import Path\n\n\ndef test_it(stage, tmp_path):\n"
        "    assert Path(stage, 'flack.py').exists()\n"
        # where servers have their databases is deleted with the trial
        "    assert Path(stage).parent in tmp_path.parents\n"
    )
    monkeypatch.setattr(behaviour, "CONTRACT", (("one",), ("two", "three")))
    marker = tmp_path / "marker"
    for name in ("two", "three"):
        suite.joinpath(f"test_{name}.py").write_text("def test_it():\n    pass\n")
    assert run(place, line, Contract()) is None
    suite.joinpath("test_two.py").write_text(TWO_FAIL.format(marker=str(marker)))
    finding = run(place, line, Contract())
    assert finding and finding.sentence == "test_first fails: AssertionError: first"
    assert not marker.exists()
    assert [*place.repository.joinpath(".tour", "temporary").iterdir()] == []


SERVER_MEETS = """\
import subprocess
import sys

import pytest


@pytest.fixture
def server(stage):
    yield
    code = f"import sys; sys.path.insert(0, {str(stage)!r}); import flack; flack.f()"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "Traceback" not in answer.stderr, "Running\\n" + answer.stderr


def test_it(server):
    assert False, "500"
"""


def test_of_a_request_that_failed_in_the_server_its_error_is_told(
    place: Place, line: StageLine, suite: Path
) -> None:
    suite.joinpath("test_one.py").write_text(SERVER_MEETS)
    place.folder.joinpath("flack.py").write_text("import json\n\ndef f():\n    json.loads('')\n")
    finding = run(place, line, Contract())
    said = "test_it fails: the server met json.decoder.JSONDecodeError: Expecting value"
    assert finding and (finding.path, finding.line) == ("flack.py", 4)
    assert finding.sentence.startswith(said)


SERVER_STARTS = """\
import sys
from pathlib import Path

import pytest

from tour.system.server import StageServer


@pytest.fixture
def server(stage):
    command = "python flack.py runserver"
    StageServer(Path(stage), Path(sys.executable), command, {}, logs=Path(stage)).start()


def test_it(server):
    pass
"""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", "ended with 0; it has printed nothing"),
        (
            "import sys\nprint('first')\nsys.exit('no such table')\n",
            "ended with 1; it printed last: no such table",
        ),
    ],
)
def test_of_a_server_that_ends_the_command_is_told_and_what_it_printed(
    place: Place, line: StageLine, suite: Path, source: str, expected: str
) -> None:
    place.folder.joinpath("flack.py").write_text(source)
    for test in (SERVER_STARTS, SERVER_STARTS.replace("@pytest.fixture\ndef server", "def test_")):
        suite.joinpath("test_one.py").write_text(test)
        finding = run(place, line, Contract())
        assert str(finding) == f"`python flack.py runserver` {expected}"

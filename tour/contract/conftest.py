"""The stage under test, its servers and the people who use them."""

from collections.abc import Generator
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tour.contract import behind
from tour.contract.behind import BehindStage
from tour.contract.client import ANSWERS
from tour.contract.client import Person
from tour.contract.client import open_client
from tour.contract.client import post
from tour.contract.client import unique
from tour.contract.pages import PageServer
from tour.contract.stage import Burst
from tour.contract.stage import Place
from tour.contract.stage import Stage
from tour.contract.stage import new_person
from tour.production import programs
from tour.production.database import Database
from tour.system import browsers
from tour.system.server import ServerError
from tour.system.server import StageServer


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("stage", "the stage under test")
    group.addoption("--stage-directory", type=Path, help="where the stage's files are")
    group.addoption("--stage-python", type=Path, help="the interpreter of its environment")
    group.addoption("--stage-command", help="what its README starts the server with")
    group.addoption("--stage-database", help="DATABASE_URL; a new SQLite file when left out")
    group.addoption(
        "--stage-production", type=Path, help="a repository; each server is a set-up behind nginx"
    )
    group.addoption("--browser", default=browsers.DEFAULT, help="what the web client is tried in")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """Let a test that behind.toml lists fail as it says there, and not pass."""
    known = {}
    if pyfuncitem.config.getoption("--stage-production"):
        known = behind.read_differences()
    difference = known.get(f"{pyfuncitem.path.name}::{pyfuncitem.name}")
    ANSWERS.clear()
    try:
        result = yield
    except (AssertionError, ServerError) as error:
        if difference is None:
            raise
        if difference.said is not None:
            assert difference.said in str(error), f"{difference.reason}: not {error}"
        if difference.status is not None:
            assert ANSWERS and ANSWERS[-1].status_code == difference.status, difference.reason
        return True
    assert difference is None, f"this passes now; take it out of behind.toml: {difference.reason}"
    return result


@pytest.fixture(scope="session")
def stage(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage | BehindStage]:
    """The stage that the command line names."""
    names = ("--stage-directory", "--stage-python", "--stage-command")
    values = [pytestconfig.getoption(name) for name in names]
    if not all(values):
        pytest.exit(f"say which stage to test: {', '.join(names)}; or run tour check", 4)
    database = pytestconfig.getoption("--stage-database")
    directory, python, command = values

    def new_folder() -> Path:
        return tmp_path_factory.mktemp("database")

    if repository := pytestconfig.getoption("--stage-production"):
        with Database(programs.find(), new_folder()) as cluster:
            yield BehindStage(directory, python, cluster, repository, new_folder)
    else:
        yield Stage(directory, python, command, database, new_folder)


@pytest.fixture(scope="session", autouse=True)
def send_first(request: pytest.FixtureRequest) -> None:
    """Send the burst before all else where a test asks for it, so that it is old by then."""
    tests = [item for item in request.session.items if isinstance(item, pytest.Function)]
    if any("burst" in test.fixturenames for test in tests):
        request.getfixturevalue("burst")


@pytest.fixture(scope="session")
def burst(stage: Stage) -> Iterator[Burst]:
    """Requests to a server of their own, at which a test looks once they are too old to count."""
    with stage.server() as server, open_client(server) as client:
        yield Burst.send(client)


@pytest.fixture(scope="session")
def server(stage: Stage) -> Iterator[StageServer]:
    """A running server, with nothing set but its database."""
    with stage.server() as server:
        yield server


@pytest.fixture(scope="session")
def client(server: StageServer) -> Iterator[httpx.Client]:
    """An anonymous client of the server; threads may share it."""
    with open_client(server) as client:
        yield client


@pytest.fixture(scope="session")
def alice(server: StageServer) -> Person:
    """A registered person whom no test changes."""
    return new_person(server, unique("alice"))


@pytest.fixture(scope="session")
def bob(server: StageServer) -> Person:
    """Another registered person whom no test changes."""
    return new_person(server, unique("bob"))


@pytest.fixture(scope="session")
def places(client: httpx.Client, alice: Person) -> dict[str, int]:
    """What to put into paths: the ids of alice and of a message of hers."""
    return {"user": alice.id, "message": post(client, alice, "hello")["id"]}


@pytest.fixture
def someone(server: StageServer) -> Person:
    """A registered person of the test's own."""
    return new_person(server)


@pytest.fixture(scope="session")
def place(stage: Stage) -> Iterator[Place]:
    """A server on an SQLite file of its own, whatever database the others run on."""
    with Place.open(stage) as place:
        yield place


@pytest.fixture(scope="session")
def pages() -> Iterator[PageServer]:
    """A web server for the pages that messages link to."""
    with PageServer() as pages:
        yield pages

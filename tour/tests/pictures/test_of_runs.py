"""What the pictures of runs say of the stages, against what is known of them."""

from pathlib import Path

import pytest

from tour.pictures import blueprint
from tour.pictures import loading
from tour.pictures import settings
from tour.pictures.loading import Moment
from tour.pictures.settings import BASE
from tour.pictures.settings import CLASS
from tour.pictures.settings import ENVIRONMENT
from tour.pictures.settings import FILE
from tour.probes import running
from tour.probes.applications import Application
from tour.probes.applications import Context
from tour.probes.blueprint import Step
from tour.probes.loading import Event
from tour.probes.refusals import Answer
from tour.probes.settings import Case
from tour.probes.settings import Own
from tour.repo import copies
from tour.stages.line import Stage
from tour.stages.line import find_stages


def find(repository: Path, tag: str) -> Stage:
    [stage] = find_stages(repository).select([tag])
    return stage


@pytest.fixture(scope="module")
def watch(this_repository: Path):
    """What a program sees of a stage of the clone that is being checked."""

    def see(tag: str, name: str, *arguments: str):
        return running.watch(this_repository, find(this_repository, tag), name, *arguments)

    return see


# the order of loading


def find_moments(watch, repository: Path, way: str) -> list[Moment]:
    files = copies.read_files(repository, find(repository, "v0.3").commit)
    return loading.find_moments([Event(*row) for row in watch("v0.3", "loading", way)], files)


def outline(moments: list[Moment]) -> list[tuple]:
    return [(moment.kind, moment.module, moment.other, *moment.names) for moment in moments]


def test_the_models_of_a_program_that_runs_find_its_db(watch, this_repository: Path) -> None:
    assert outline(find_moments(watch, this_repository, "run")) == [
        ("starts", "__main__", "utils", "IdConverter"),
        ("done", "utils", "__main__"),
        ("makes", "__main__", None, "db"),
        ("starts", "__main__", "models", "is_online"),
        ("has", "models", "__main__", "db"),
        ("uses", "models", None, "User"),
        ("uses", "models", None, "Message"),
        ("done", "models", "__main__"),
        ("serves", "__main__", None),
    ]


def test_the_models_of_a_module_that_is_imported_ask_twice(watch, this_repository: Path) -> None:
    found = outline(find_moments(watch, this_repository, "import"))
    assert found[3:6] == [
        ("starts", "flack", "models", "is_online"),
        ("lacks", "models", "__main__", "db"),
        ("has", "models", "flack", "db"),
    ]
    assert found[-1] == ("done", "flack", None)


def test_a_moment_is_at_the_line_that_the_file_has(watch, this_repository: Path) -> None:
    files = copies.read_files(this_repository, find(this_repository, "v0.3").commit)
    [moment] = [
        moment
        for moment in find_moments(watch, this_repository, "import")
        if moment.kind == loading.LACKS
    ]
    line = files[moment.path].decode().splitlines()[moment.line - 1]
    assert line == "    from __main__ import db"


# 401 and 403


def test_auth_answers_401_and_a_route_all_else(watch) -> None:
    answers = [Answer(*row) for row in watch("v0.5", "refusals")]
    for answer in answers:
        assert (answer.status == 401) == (answer.file == "auth.py") == (answer.function == "refuse")
    statuses = {(answer.method, answer.path, answer.proof): answer.status for answer in answers}
    assert statuses["PUT", "/api/messages/1", "ben's token"] == 403
    assert statuses["PUT", "/api/messages/1", "ann's token"] == 204
    assert statuses["PUT", "/api/messages/2", "no Authorization"] == 401
    assert statuses["GET", "/api/messages", "no Authorization"] == 200
    assert statuses["GET", "/api/messages", "a bad token"] == 401


# settings


def test_the_file_wins_over_the_environment_and_that_over_the_class(watch) -> None:
    cases, own = watch("v0.7", "settings")
    outcomes = settings.find_outcomes([Case(*row) for row in cases], [Own(*row) for row in own])
    orders = {(outcome.config, outcome.setting): outcome.order for outcome in outcomes}
    for setting in ("SECRET_KEY", "SQLALCHEMY_DATABASE_URI"):
        assert orders["development", setting] == (FILE, ENVIRONMENT, BASE)
        assert orders["testing", setting] == (CLASS, BASE)
        assert orders["production", setting] == (FILE, ENVIRONMENT)
    assert orders["development", "HISTORY_SECONDS"] == (FILE, BASE)
    assert orders["testing", "HISTORY_SECONDS"] == (BASE,)
    refused = {outcome[:2] for outcome in outcomes if outcome.refuses}
    assert refused == {("production", "SECRET_KEY"), ("production", "SQLALCHEMY_DATABASE_URI")}
    unread = {outcome[:2]: outcome.unread for outcome in outcomes if outcome.unread}
    assert unread["testing", "SECRET_KEY"] == (ENVIRONMENT, FILE)
    assert unread["production", "HISTORY_SECONDS"] == (ENVIRONMENT,)


def test_an_environment_that_wins_over_a_file_comes_first() -> None:
    def case(environment: bool, file: bool, value: str) -> Case:
        return Case("development", environment, file, [value] * 3, "")

    cases = [
        case(False, False, "class"),
        case(False, True, "file"),
        case(True, False, "environment"),
        case(True, True, "environment"),
    ]
    outcomes = settings.find_outcomes(cases, [Own("development", [])])
    assert {outcome.order for outcome in outcomes} == {(ENVIRONMENT, FILE, BASE)}


# the blueprint


def test_a_blueprint_takes_all_notes_before_the_application_has_a_route(watch) -> None:
    steps = [Step(*row) for row in watch("v0.8", "blueprint")]
    noted, added = steps[:10], steps[10:]
    assert [(step.kind, step.notes, step.routes) for step in noted] == [
        ("noted", number, 0) for number in range(1, 11)
    ]
    assert [(step.kind, step.notes, step.routes) for step in added] == [
        ("added", 10, number) for number in range(1, 11)
    ]
    for note, route in zip(noted, added, strict=True):
        assert (route.path, route.name) == (f"/api{note.path}", f"api.{note.name}")
    assert "takes 10 notes" in blueprint.describe(steps)
    assert "has 0 routes of it then" in blueprint.describe(steps)


# the applications


def test_two_applications_share_db_and_neither_engine_nor_session(watch) -> None:
    tables, one_db, found, contexts, outside = watch("v0.10", "applications")
    assert tables == ["users", "messages"]
    assert one_db
    assert [Application(*row) for row in found] == [
        Application("development", "sqlite:///flack.sqlite", 1),
        Application("testing", "sqlite://", 2),
    ]
    assert [Context(*row) for row in contexts] == [
        Context("development", 1, 1, ["ann"]),
        Context("development", 2, 1, ["ann"]),
        Context("testing", 3, 2, []),
    ]
    assert outside == "Working outside of application context."

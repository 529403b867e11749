"""What a learner is helped with: the page's words, and the change itself."""

import re
from pathlib import Path

import pytest

from tour.practice import changes
from tour.practice import hints
from tour.practice import workplace
from tour.practice.goals import STEPS
from tour.practice.vocabulary.definitions import Complete
from tour.practice.vocabulary.definitions import Offers
from tour.practice.vocabulary.files import Gone
from tour.practice.vocabulary.files import KeepsTests
from tour.practice.vocabulary.files import There
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.imports import Loads
from tour.practice.vocabulary.objects import Commands
from tour.practice.vocabulary.objects import Makes
from tour.practice.vocabulary.objects import MakesMore
from tour.practice.vocabulary.objects import Registers
from tour.practice.vocabulary.runs import Contract
from tour.practice.vocabulary.runs import OwnTests
from tour.practice.workplace import Practice
from tour.stages.line import find_stages
from tour.syntax.files import Files
from tour.tests.practice.trees import stage_files


def practice_of(repository: Path, tag: str) -> Practice:
    return workplace.find_step(repository, find_stages(repository), repository, tag)


@pytest.mark.parametrize("tag", STEPS)
def test_a_goal_about_a_file_of_the_step_has_three_hints(this_repository: Path, tag: str) -> None:
    practice = practice_of(this_repository, tag)
    # all goals would be git's work for seconds
    for goal in practice.step.goals[1:4]:
        found = hints.list_hints(practice, goal)
        assert found[0].endswith("?") and f"{practice.stage.page}.md" in found[1]
        if isinstance(goal, There | Offers | Gone):
            assert "This is what the tour changes there" in found[2]


@pytest.mark.parametrize("tag", STEPS)
def test_what_the_page_says_is_taken_from_there(this_repository: Path, tag: str) -> None:
    practice = practice_of(this_repository, tag)
    page = hints.read_page(practice)
    sections = hints.read_sections(page)
    flat = " ".join(page.split())
    alone = [hints.read_alone(text) for section in sections for text in section.paragraphs]
    # where no sentence has a link
    said = [text for text in alone if text in flat and text]
    assert len(said) > 1 and any(section.paths for section in sections)
    for text in filter(None, alone):
        assert text.endswith((".", ".)", "?")), text
        assert not re.search(r"\b(?:below|These lines|[Tt]he two files)\b", text)
        assert not re.match(r"(?:It|They|These|Without th\w+)\b", text), text
    # of the step's first file that has to be there the page shows the hunk
    goal = practice.step.goals[1]
    part = hints.list_hints(practice, goal)[1]
    assert 'Read "' in part and "](" not in part


def test_of_a_link_in_what_the_page_says_the_words_are_shown(this_repository: Path) -> None:
    practice = practice_of(this_repository, "v0.2")
    part = hints.list_hints(practice, There("utils.py"))[1]
    assert "the callbacks of authentication" in " ".join(part.split())


def test_a_hunk_that_is_long_is_cut_and_says_where_the_rest_is(this_repository: Path) -> None:
    practice = practice_of(this_repository, "v0.7")
    hunk = hints.list_hints(practice, There("config.py"))[2]
    assert len(hunk.splitlines()) < changes.LONGEST + 10
    assert "\n...\n" in hunk
    assert hunk.endswith(" diff v0.7 config.py")


def test_the_hunk_is_the_one_with_the_names(this_repository: Path) -> None:
    practice = practice_of(this_repository, "v0.10")
    hunk = hints.list_hints(practice, Offers("flack/api.py", ("HISTORY_SECONDS",)))[2]
    assert "HISTORY_SECONDS" in hunk
    assert "from .flack import app" not in hunk


@pytest.mark.parametrize(
    ("tag", "goal", "heading", "path"),
    [
        # the page shows a new file whole, and not as a diff
        ("v0.7", There("config.py"), "The classes", "config.py"),
        ("v0.10", MakesMore("flask.Blueprint", "flack/"), "main.py", "flack/main.py"),
        ("v0.8", Registers("flack/api.py"), "Registration", "flack/flack.py"),
        ("v0.2", OwnTests(yours=True), "The tests follow", "tests.py"),
    ],
)
def test_the_part_and_the_hunk_are_those_with_what_the_goal_is_about(
    this_repository: Path, tag: str, goal: Goal, heading: str, path: str
) -> None:
    _, part, hunk = hints.list_hints(practice_of(this_repository, tag), goal)
    assert part.startswith(f'Read "{heading}"')
    assert f"\n{path}\n" in hunk


def test_a_finding_in_a_file_that_goes_keeps_the_hints_of_the_goal(this_repository: Path) -> None:
    practice = practice_of(this_repository, "v0.10")
    goal = Makes("flask.Flask", "flack/", inside=True)
    finding = Finding("flack/flack.py", 19, "Flask(...) is called outside of every function")
    assert hints.list_hints(practice, goal, finding) == hints.list_hints(practice, goal)
    assert len(hints.list_hints(practice, goal)) == 3


@pytest.mark.parametrize(
    ("tag", "path", "failure", "part", "path_of_hunk", "line"),
    [
        (
            "v0.8",
            "flack/utils.py",
            "werkzeug.routing.exceptions.BuildError: Could not build url for endpoint 'get_user'"
            " with values ['id']. Did you mean 'api.get_user' instead?",
            'Is this the mistake "A name that did not follow"? docs/steps/v0.8.md says there',
            "flack/models.py",
            '+            "user": url_for("api.get_user", id=self.user_id),',
        ),
        # a hunk that is not the first of its file
        (
            "v0.2",
            "tests.py",
            "AttributeError: module 'flack' has no attribute 'previews'",
            'Read "The tests follow" in docs/steps/v0.2.md:',
            "tests.py",
            '+    monkeypatch.setattr("utils.previews", lambda links: [])',
        ),
    ],
)
def test_the_hints_for_a_failure_are_about_the_names_in_it(
    this_repository: Path,
    tag: str,
    path: str,
    failure: str,
    part: str,
    path_of_hunk: str,
    line: str,
) -> None:
    finding = Finding(path, 70, f"test_it fails: {failure}")
    goal = OwnTests(yours=True)
    _, second, hunk = hints.list_hints(practice_of(this_repository, tag), goal, finding)
    assert second.startswith(part)
    assert f"\n{line}\n" in hunk and hunk.endswith(f" {path_of_hunk}")


def test_a_failure_without_names_that_the_step_changes_has_no_hunk(this_repository: Path) -> None:
    practice = practice_of(this_repository, "v0.2")
    finding = Finding("", 0, "`pytest` has not ended after 120 s; it has printed nothing")
    _, second = hints.list_hints(practice, Contract(), finding)
    assert second.startswith('Read "What goes wrong" in docs/steps/v0.2.md')


@pytest.mark.parametrize(
    ("goal", "finding", "question"),
    [
        (
            OwnTests(yours=True),
            Finding("", 0, "`python manage.py test` fails: no tests ran in 0.15s"),
            "Where does setup.cfg say that the tests are?",
        ),
        (
            OwnTests(yours=True, tells="TOTAL"),
            Finding(
                "", 0, "`python manage.py test` passes, and does not tell what the tests cover"
            ),
            "Which program counts what the tests cover, and which one prints it?",
        ),
        (
            OwnTests(),
            Finding("manage.py", 15, "test_a_user_registers[x] fails: assert 1 == 2"),
            f"{OwnTests.question} It is one of the stage, at line 12:"
            " git show v0.6:tests/test_users.py",
        ),
        (OwnTests(), Finding("flack/utils.py", 3, "test_it fails: x"), OwnTests.question),
    ],
)
def test_the_question_is_about_what_the_tests_say(
    this_repository: Path, goal: Goal, finding: Finding, question: str
) -> None:
    assert hints.list_hints(practice_of(this_repository, "v0.6"), goal, finding)[0] == question


def test_a_goal_about_all_files_has_hints_for_the_one_that_misses_it(this_repository: Path) -> None:
    practice = practice_of(this_repository, "v0.5")
    assert len(hints.list_hints(practice, Complete())) == 2
    finding = Finding(
        "flack/flack.py", 94, "nothing in this module defines or imports token_optional_auth"
    )
    _, part, hunk = hints.list_hints(practice, Complete(), finding)
    assert "`flack.py` imports what it uses" in part
    assert "\nflack/flack.py\n" in hunk and "+from .auth import token_optional_auth" in hunk


def learner_files(repository: Path, tag: str, path: str, old: str, new: str) -> tuple[Files, int]:
    """Return a stage in which a learner changed a text, and the line of it."""
    contents = dict(stage_files(repository, tag).contents)
    text = contents[path].decode()
    assert old in text
    number = text[: text.index(old)].count("\n") + 1
    return Files(contents | {path: text.replace(old, new, 1).encode()}, {}), number


@pytest.mark.parametrize(
    ("tag", "goal", "place", "new", "sentence", "shown", "hidden"),
    [
        # a file that came from another one: the edits at the place, not the file
        (
            "v0.4",
            Loads("flack/__init__.py"),
            ("flack/flack.py", "from .models import User\n"),
            "from .model import User\n",
            "there is no module flack.model",
            "flack.py -> flack/flack.py\n",
            "import os",
        ),
        # of an edited line each version once
        (
            "v0.4",
            Loads("flack/__init__.py"),
            ("flack/models.py", "from .flack import db\n"),
            "from .flask import db\n",
            "there is no module flack.flask",
            "\n+from .flack import db\n-from utils import render\n+from .utils import render\n",
            "-    from flack import db\n+",
        ),
        # of a long new file the part with the name
        (
            "v0.4",
            Commands(("runserver", "shell", "createdb")),
            ("manage.py", '"""The commands of Flack'),
            '"""The commands of Flack',
            "it has no command runserver",
            '+manager.add_command("runserver"',
            '+"""The commands of Flack',
        ),
        # of a function the part with it
        (
            "v0.4",
            OwnTests(),
            ("manage.py", "    for _ in db.metadata.tables:"),
            "    for _ in ():",
            "test_tables_that_another_process_makes_are_no_error fails: OperationalError: exists",
            "+def make_tables():",
            "diff --git",
        ),
        # lines that moved are counted
        (
            "v0.9",
            Offers("flack/stats/window.py", ("SlidingWindow",)),
            ("flack/stats/window.py", "class SlidingWindow"),
            "class Window",
            "SlidingWindow is not here",
            "... 25 lines that move here from flack/flack.py",
            "+class SlidingWindow",
        ),
        # the import that fails is right, and the one that it waits for is not
        (
            "v0.5",
            Loads("flack/__init__.py"),
            ("flack/flack.py", "from sqlalchemy.exc import ArgumentError\n"),
            "from sqlalchemy.exc import ArgumentError\nfrom .auth import basic_auth\n",
            "db of flack/flack.py is not there yet; that file is at its line 16 and waits for"
            " this one",
            "+from .auth import basic_auth",
            "flack/auth.py\n+",
        ),
        # the test's name says what it is about
        (
            "v0.9",
            OwnTests(),
            ("tests/test_stats.py", "    before = client"),
            "    before = client",
            "test_stats_count_requests fails: TypeError: 'NoneType' object is not subscriptable",
            '+@stats.get("/stats")',
            "tests/test_window.py",
        ),
    ],
)
def test_the_change_is_the_part_at_the_place_of_what_was_found(
    this_repository: Path,
    tag: str,
    goal: Goal,
    place: tuple[str, str],
    new: str,
    sentence: str,
    shown: str,
    hidden: str,
) -> None:
    path, old = place
    files, number = learner_files(this_repository, tag, path, old, new)
    practice = practice_of(this_repository, tag)
    if "waits for" in sentence:
        path, number = "flack/auth.py", 6
    found = hints.list_hints(practice, goal, Finding(path, number, sentence), files)
    assert shown in found[-1] and hidden not in found[-1]


@pytest.mark.parametrize(
    ("tag", "goal", "finding"),
    [
        # a test that is gone is in no change
        (
            "v0.4",
            KeepsTests(),
            Finding("", 0, "test_a_user_registers is gone, which was in tests.py"),
        ),
        # the test's own data
        (
            "v0.4",
            OwnTests(yours=True),
            Finding("tests.py", 554, "test_it fails: assert 'flack.utils.py' == 'utils.py'"),
        ),
    ],
)
def test_no_change_is_shown_where_none_is_about_it(
    this_repository: Path, tag: str, goal: Goal, finding: Finding
) -> None:
    assert len(hints.list_hints(practice_of(this_repository, tag), goal, finding)) == 2


@pytest.mark.parametrize(
    ("tag", "goal", "path", "sentence", "question"),
    [
        (
            "v0.9",
            OwnTests(),
            "tests/test_stats.py",
            "test_stats_count_requests fails: TypeError: 'NoneType' object is not subscriptable",
            "What is the status of that answer?",
        ),
        # there is no test to run alone
        (
            "v0.4",
            OwnTests(),
            "manage.py",
            "tests.py cannot be imported: TypeError: Manager.command() missing 1 argument",
            "Which imports lead",
        ),
        (
            "v0.4",
            Loads("manage.py", as_program=True),
            "manage.py",
            "there is no module flack.manage",
            "Where does Python look for a module of that name?",
        ),
        (
            "v0.9",
            Makes("flask.Blueprint", "flack/stats/"),
            "flack/stats/__init__.py",
            "nothing in this module defines or imports Blueprint",
            "Where does that name live now",
        ),
    ],
)
def test_no_question_is_about_something_else(
    this_repository: Path, tag: str, goal: Goal, path: str, sentence: str, question: str
) -> None:
    practice = practice_of(this_repository, tag)
    asked = hints.list_hints(practice, goal, Finding(path, 2, sentence))[0]
    assert asked.startswith(question)


@pytest.mark.parametrize(
    ("tag", "path", "old", "new", "sentence", "heading"),
    [
        (
            "v0.4",
            "flack/flack.py",
            "from .utils import timestamp",
            "from .util import timestamp",
            "there is no module flack.util",
            "The imports become relative",
        ),
        (
            "v0.4",
            "manage.py",
            "    for _ in db.metadata.tables:",
            "    for _ in ():",
            "test_it fails: OperationalError: table users already exists",
            "The program leaves the application",
        ),
        # the test's name has words of it
        (
            "v0.9",
            "tests/test_stats.py",
            "    before = client",
            "    before = client",
            "test_stats_count_requests fails: TypeError: 'NoneType' object is not subscriptable",
            "The hook and the route",
        ),
        # no part is about it
        (
            "v0.4",
            "tests.py",
            '"flack.models.render"',
            '"models.render"',
            "test_it fails: ModuleNotFoundError: No module named 'models'",
            "What goes wrong",
        ),
    ],
)
def test_the_part_to_read_is_about_what_was_found(
    this_repository: Path, tag: str, path: str, old: str, new: str, sentence: str, heading: str
) -> None:
    files, number = learner_files(this_repository, tag, path, old, new)
    goal = OwnTests(yours=True) if " fails" in sentence else Loads("flack/__init__.py")
    practice = practice_of(this_repository, tag)
    part = hints.list_hints(practice, goal, Finding(path, number, sentence), files)[1]
    assert part.startswith(f'Read "{heading}"')


@pytest.mark.parametrize(
    ("paragraph", "alone"),
    [
        ("These lines come back in `manage.py`, as a class and a function:", ""),
        (
            "Begin with the piece. It takes its imports\nalong:".replace("\n", " "),
            "Begin with the piece.",
        ),
        ("They move. The class takes a clock.", "The class takes a clock."),
        ("A hook counts. The first mistake below shows why.", "A hook counts."),
        ("| who | knows |", ""),
        ("**`flack.py`** at v0.3", ""),
    ],
)
def test_a_sentence_that_points_elsewhere_is_left_out(paragraph: str, alone: str) -> None:
    assert hints.read_alone(paragraph) == alone

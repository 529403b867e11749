"""Which mistake of the page a hint asks for: the one that a teacher would name, or none."""

from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pytest

from tour.practice import hints
from tour.practice.goals import STEPS
from tour.practice.grading import grade_structure
from tour.practice.grading import make_trial
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.runs import OwnTests
from tour.syntax.files import Files
from tour.tests.practice.halfway import replay
from tour.tests.practice.pages import read_patches
from tour.tests.practice.test_hints import practice_of
from tour.tests.practice.trees import bounds_of

INIT = "flack/__init__.py"
CONTROLLER = "flack/flack.py"
STATS = "flack/stats/__init__.py"

# what is changed in the stage that the step leads to: a path, a text in it, and its new text
Change = tuple[str, str, str]


class Case(NamedTuple):
    """A learner's tree, and the heading that a teacher would name.

    A run has `said` it, of the first change's new text or of the line `at` a path. Otherwise the
    finding is that of the first goal that is not met.
    """

    tag: str
    heading: str | None
    changes: tuple[Change, ...]
    said: str = ""
    at: tuple[str, str] | None = None


def case(tag, heading, *changes, said="", at=None):
    return Case(tag, heading, changes, said, at)


URL_FOR = """\
def url_for(endpoint, **values):
    \"\"\"Return the path of an endpoint, under the prefix of the request, where there is one.\"\"\"
    if request:
        return current_app.url_for(endpoint, **values)
    with current_app.test_request_context():
        return current_app.url_for(endpoint, **values)
"""
AT_THE_END = """\
# --- modules that need app or db ---

from .auth import basic_auth
from .auth import token_auth
from .auth import token_optional_auth
"""
SORTED = "from sqlalchemy.exc import ArgumentError\n"
TRICK = "try:\n    from __main__ import db\nexcept ImportError:\n    from flack import db\n"
RACE = "test_tables_that_another_process_makes_meanwhile_are_there fails: sqlalchemy.exc."
NONE = "'NoneType' object is not subscriptable"
OUTSIDE = "RuntimeError: Working outside of application context."
HOOK = "stats.before_app_request(requests_seen.add)"
AT_THE_RATE = (
    "tests/test_stats.py",
    'assert client.get("/stats").json["requests_per_second"] > before + 2',
)
COUNTED = "test_stats_count_requests fails: assert {} > ({} + 2)"

CASES = [
    case(
        "v0.2",
        "Flask's own url_for",
        ("utils.py", URL_FOR, "from flask import url_for\n"),
        said="test_links_need_no_request fails: RuntimeError: Unable to build URLs outside an"
        " active request without 'SERVER_NAME' configured. Also configure 'APPLICATION_ROOT' and"
        " 'PREFERRED_URL_SCHEME' as needed.",
        at=("models.py", ""),
    ),
    case(
        "v0.2",
        "A function takes db along",
        (
            "utils.py",
            "\ndef tidy(",
            "\nfrom flack import db\n\ndef count():\n    db.q()\n\ndef tidy(",
        ),
    ),
    case("v0.2", "A name that nobody imported", ("flack.py", "from utils import UNSTORABLE\n", "")),
    case("v0.2", "A name that nobody imported", ("flack.py", "from utils import tidy\n", "")),
    case(
        "v0.2",
        "A test replaces the old name",
        ("tests.py", '"utils.previews"', '"flack.previews"'),
        said="test_it fails: AttributeError: module 'flack' has no attribute 'previews'",
    ),
    case("v0.2", None, ("flack.py", "from utils import timestamp\n", "def timestamp(): pass\n")),
    case("v0.2", None, ("utils.py", "def tidy(", "def tidier(")),
    case("v0.3", "Without the trick", ("models.py", TRICK, "from flack import db\n")),
    case(
        "v0.3",
        "The import goes to the top",
        (
            "flack.py",
            "from utils import IdConverter\n",
            "from models import is_online\nfrom utils import IdConverter\n",
        ),
    ),
    case("v0.3", None, ("models.py", "from utils import render\n", "")),
    case(
        "v0.3",
        None,
        ("models.py", TRICK, "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"),
    ),
    case(
        "v0.4",
        "A dot is forgotten",
        ("flack/models.py", "from .utils import render", "from utils import render"),
    ),
    case(
        "v0.4",
        "A dot is forgotten",
        (CONTROLLER, "from .utils import timestamp", "from utils import timestamp"),
    ),
    case(
        "v0.4",
        "A dot is forgotten",
        (CONTROLLER, "from .models import User\n", "from models import User\n"),
    ),
    case(
        "v0.4",
        "A dot is forgotten",
        ("flack/models.py", "from .flack import db", "from flack import db"),
    ),
    case("v0.4", "The trick comes along", ("flack/models.py", "from .flack import db\n", TRICK)),
    case(
        "v0.4",
        "A module of the package is run as a program",
        ("manage.py", "from flack import app\n", "from .flack import app\n"),
        said="`python manage.py createdb` fails: ImportError: attempted relative import with no"
        " known parent package",
    ),
    case(
        "v0.4",
        None,
        ("tests.py", '"flack.models.render"', '"models.render"'),
        said="test_it fails: ModuleNotFoundError: No module named 'models'",
    ),
    case(
        "v0.4",
        None,
        ("tests.py", '"flack.utils.is_public"', '"utils.is_public"'),
        said="test_it fails: ModuleNotFoundError: No module named 'utils'",
    ),
    case(
        "v0.4",
        None,
        ("tests.py", "utils.py os.name", "flack.utils.py os.name"),
        said="test_it fails: assert '<p>flack.utils' == '<p>utils'",
    ),
    case(
        "v0.4",
        None,
        (
            "tests.py",
            "from flack.flack import SlidingWindow",
            "from flack.flack import  SlidingWindow",
        ),
        said="tests.py cannot be imported: ImportError: cannot import name 'SlidingWindow' from"
        " 'flack.flack'",
    ),
    case("v0.4", None, ("manage.py", "@manager.command\ndef createdb", "def createdb")),
    case(
        "v0.4",
        None,
        ("manage.py", "from flack import app\n", "from flack import app\nimport flack.manage\n"),
    ),
    case("v0.4", None, (CONTROLLER, "from .utils import timestamp", "from .util import timestamp")),
    case(
        "v0.4",
        None,
        ("manage.py", "for _ in db.metadata.tables:", "for _ in ():"),
        said=f"{RACE}OperationalError: table users already exists",
    ),
    case(
        "v0.5",
        "The imports are sorted to the top",
        (CONTROLLER, SORTED, f"{SORTED}\nfrom .auth import basic_auth\n"),
    ),
    case(
        "v0.5",
        "A copy is left behind",
        (
            CONTROLLER,
            "from .auth import basic_auth\n",
            "from flask_httpauth import HTTPBasicAuth\n\nbasic_auth = HTTPBasicAuth()\n",
        ),
    ),
    case(
        "v0.5",
        'The library\'s own "optional"',
        (
            CONTROLLER,
            '"/api/messages")\n@token_optional_auth.login_required\n',
            '"/api/messages")\n@token_auth.login_required(optional=True)\n',
        ),
        said="test_a_bad_token_is_no_anonymous_request[Foo x] fails: assert 200 == 401",
        at=("tests.py", ""),
    ),
    case("v0.5", None, (CONTROLLER, "from .auth import token_auth\n", "")),
    case(
        "v0.6",
        "The tests in the process of `manage.py`",
        (
            "manage.py",
            "from flask_script_ng import Manager",
            "import pytest\nfrom flask_script_ng import Manager",
        ),
        (
            "manage.py",
            'return run_module("coverage", "run", "-m", "pytest") or run_module("coverage", '
            '"report")',
            'return pytest.main(["-x"])',
        ),
        said="`python manage.py test` passes, and does not tell what the tests cover",
        at=("", ""),
    ),
    case(
        "v0.6", None, ("setup.cfg", "testpaths = tests\n", ""), said="`pytest` fails: no tests ran"
    ),
    case(
        "v0.7",
        "The key that everybody knows",
        ("config.py", '    SECRET_KEY = os.environ.get("SECRET_KEY")\n', ""),
        said="test_production_has_no_secret_and_no_database_of_its_own fails: Failed: DID NOT"
        " RAISE <class 'config.ConfigurationError'>",
        at=("tests/test_config.py", ""),
    ),
    case(
        "v0.7",
        "The name comes too late",
        ("tests/conftest.py", 'os.environ["FLACK_CONFIG"] = "testing"', ""),
        said="test_a_user_registers fails: assert 400 == 201",
        at=("tests/test_users.py", ""),
    ),
    case(
        "v0.7",
        None,
        ("tests/test_users.py", "def test_a_user_registers", "def test_a_user_registers"),
        said="test_a_user_registers fails: assert 500 == 201",
    ),
    case(
        "v0.7",
        "A file that is not found",
        ("config.py", "from_pyfile(os.path.abspath(settings))", "from_pyfile(settings)"),
        said="test_a_file_is_found fails: config.ConfigurationError: FLACK_SETTINGS: no such file",
    ),
    case(
        "v0.8",
        "A name that did not follow",
        ("flack/models.py", 'url_for("api.get_messages"', 'url_for("get_messages"'),
        said="test_a_user_registers fails: werkzeug.routing.exceptions.BuildError: Could not build"
        " url for endpoint 'get_messages' with values ['user_id']. Did you mean"
        " 'api.get_messages' instead?",
        at=("flack/utils.py", "return current_app.url_for(endpoint, **values)"),
    ),
    case(
        "v0.8",
        "The converter comes too late",
        (CONTROLLER, 'app.url_map.converters["id"] = IdConverter\n', ""),
        said="tests/conftest.py cannot be imported: LookupError: the converter 'id' does not exist",
        at=(CONTROLLER, "app.register_blueprint(api)"),
    ),
    case(
        "v0.8",
        "The error handler that went along",
        (CONTROLLER, "@app.errorhandler(HTTPException)", "@api.errorhandler(HTTPException)"),
        said="test_an_unknown_path_is_json fails: assert 'text/html' == 'application/json'",
        at=("tests/test_errors.py", ""),
    ),
    case("v0.8", None, (CONTROLLER, "app.register_blueprint(api)\n", "")),
    case(
        "v0.9",
        "A hook for the blueprint alone",
        (STATS, HOOK, "stats.before_request(requests_seen.add)"),
        said=COUNTED.format(0.13333333333333333, 0.06666666666666667),
        at=AT_THE_RATE,
    ),
    case(
        "v0.9",
        "A hook for the blueprint alone",
        (STATS, HOOK, ""),
        said=COUNTED.format(0.0, 0.0),
        at=AT_THE_RATE,
    ),
    case(
        "v0.9",
        "A hook for the blueprint alone",
        (STATS, HOOK, "stats.before_request(window.add)"),
        said="test_all_is_counted fails: assert 1 == 31",
        at=("tests/test_stats.py", ""),
    ),
    case(
        "v0.9",
        "A hook on the application",
        (STATS, "from .window import", "from ..flack import app\nfrom .window import"),
        (STATS, HOOK, "app.before_request(requests_seen.add)"),
    ),
    case(
        "v0.9",
        "Somebody still has the old address",
        ("tests/test_window.py", "from flack.stats.window import", "from flack.flack import"),
        said="tests/test_window.py cannot be imported: ImportError: cannot import name"
        " 'SlidingWindow' from 'flack.flack' (/tmp/flack/flack.py)",
    ),
    case("v0.9", None, (STATS, "from flask import Blueprint\n", "")),
    case("v0.9", None, (CONTROLLER, "app.register_blueprint(stats)\n", "")),
    case(
        "v0.9",
        None,
        (STATS, '@stats.get("/stats")\n', ""),
        said=f"test_stats_count_requests fails: TypeError: {NONE}",
        at=("tests/test_stats.py", 'before = client.get("/stats").json["requests_per_second"]'),
    ),
    case(
        "v0.10",
        "current_app, too early",
        ("flack/main.py", "\n\n@main.", '\n\nDEBUG = current_app.config["DEBUG"]\n\n\n@main.'),
        said=f"`python manage.py createdb` fails: {OUTSIDE}",
        at=("flack/main.py", 'DEBUG = current_app.config["DEBUG"]'),
    ),
    case(
        "v0.10",
        "The blueprints at the top",
        (
            INIT,
            "from .utils import IdConverter\n",
            "from .api import api\nfrom .utils import IdConverter\n",
        ),
    ),
    case(
        "v0.10",
        "One application for all tests",
        (
            "tests/conftest.py",
            "@pytest.fixture\ndef app",
            '@pytest.fixture(scope="session")\ndef app',
        ),
        said="test_a_user_is_new fails: assert 400 == 201",
        at=("tests/test_users.py", ""),
    ),
    case(
        "v0.10",
        None,
        (
            INIT,
            "from .utils import IdConverter\n",
            "from . import models\nfrom .utils import IdConverter\n",
        ),
    ),
    case(
        "v0.10",
        None,
        ("tests/test_users.py", '"""Tests', 'db.session.scalar(1)\n"""Tests'),
        said=f"tests/test_users.py cannot be imported: {OUTSIDE}",
        at=("tests/test_users.py", "db.session.scalar(1)"),
    ),
]


def find(repository: Path, case: Case) -> tuple[Goal, Finding, Files]:
    bounds = bounds_of(repository, case.tag)
    texts = {path: data for path, data in bounds.after.files.contents.items()}
    for path, old, new in case.changes:
        assert old.encode() in texts[path], (path, old)
        texts[path] = texts[path].replace(old.encode(), new.encode(), 1)
    files = Files(texts, {})
    practice = practice_of(repository, case.tag)
    if not case.said:
        unmet = grade_structure(practice.step, make_trial(files, bounds)).first_unmet
        assert unmet and unmet.finding
        return unmet.goal, unmet.finding, files
    path, line = case.at or (case.changes[0][0], case.changes[0][2].strip())
    lines = texts[path].decode().splitlines() if path in texts else []
    number = next((n for n, each in enumerate(lines, 1) if line and line in each), 0)
    return OwnTests(yours=True), Finding(path, number, case.said), files


@pytest.mark.parametrize("case", CASES)
def test_the_mistake_is_the_one_that_a_teacher_names(this_repository: Path, case: Case) -> None:
    goal, finding, files = find(this_repository, case)
    practice = practice_of(this_repository, case.tag)
    hint = hints.list_hints(practice, goal, finding, files)[1]
    named = hint.split('"')[1] if hint.startswith("Is this") else None
    if case.heading and '"' in case.heading:
        named = named and case.heading
    assert named == case.heading, str(finding)


@pytest.mark.parametrize("tag", STEPS)
def test_of_a_mistake_of_the_page_no_other_one_is_named(this_repository: Path, tag: str) -> None:
    practice = practice_of(this_repository, tag)
    wrong = hints.read_sections(hints.read_page(practice), hints.WRONG)
    for patch in read_patches(this_repository, tag):
        files = Files(patch.tree, {})
        trial = make_trial(files, bounds_of(this_repository, tag))
        if unmet := grade_structure(practice.step, trial).first_unmet:
            hint = hints.list_hints(practice, unmet.goal, unmet.finding, files)[1]
            [own] = [each for each in wrong if f" try {patch.name}\n" in each.body]
            assert not hint.startswith("Is this") or f'"{own.heading}"' in hint


@pytest.mark.parametrize("tag", STEPS)
def test_no_mistake_is_named_on_the_way(this_repository: Path, tag: str) -> None:
    practice = practice_of(this_repository, tag)
    for _, tree in islice(replay(this_repository, tag), 0, None, 3):
        files = Files(tree, {})
        trial = make_trial(files, bounds_of(this_repository, tag))
        if unmet := grade_structure(practice.step, trial).first_unmet:
            hint = hints.list_hints(practice, unmet.goal, unmet.finding, files)[1]
            assert not hint.startswith("Is this"), unmet.finding

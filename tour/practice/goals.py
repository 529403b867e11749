"""What each step asks for: its task in words and its list of goals.

A list has the goals in the order in which one reaches them. What is not on it, a learner is free to
do otherwise.
"""

from typing import NamedTuple

from tour.practice.vocabulary.definitions import Complete
from tour.practice.vocabulary.definitions import Leaves
from tour.practice.vocabulary.definitions import Offers
from tour.practice.vocabulary.definitions import Unused
from tour.practice.vocabulary.files import Gone
from tour.practice.vocabulary.files import KeepsTests
from tour.practice.vocabulary.files import Moved
from tour.practice.vocabulary.files import Readable
from tour.practice.vocabulary.files import Requires
from tour.practice.vocabulary.files import There
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.imports import Imports
from tour.practice.vocabulary.imports import ImportsNo
from tour.practice.vocabulary.imports import Loads
from tour.practice.vocabulary.imports import NoCycle
from tour.practice.vocabulary.imports import NoProgram
from tour.practice.vocabulary.imports import Without
from tour.practice.vocabulary.objects import Commands
from tour.practice.vocabulary.objects import Makes
from tour.practice.vocabulary.objects import MakesMore
from tour.practice.vocabulary.objects import MakesOnce
from tour.practice.vocabulary.objects import Registers
from tour.practice.vocabulary.runs import Command
from tour.practice.vocabulary.runs import Contract
from tour.practice.vocabulary.runs import OwnTests


class Step(NamedTuple):
    """A step to practise: what to do, and what is there when it is done."""

    tag: str
    task: str
    goals: tuple[Goal, ...]


def _step(tag: str, task: str, *goals: Goal) -> Step:
    """Return a step. First Python must be able to read the files; last come the clients."""
    return Step(tag, task, (Readable(), *goals, Contract()))


# no test is lost, and all pass
TESTS = (KeepsTests(), OwnTests(yours=True), OwnTests())

# in the order of the stages
_ALL = (
    # the utilities get a module of their own
    _step(
        "v0.2",
        """\
Move the utilities of flack.py to a module of their own, utils.py. A utility is what knows neither
the application nor the database. It is a move: no line inside the functions changes.
""",
        There("utils.py"),
        Offers("utils.py", ("timestamp", "url_for", "tidy", "text_field", "render", "is_public")),
        Offers("utils.py", ("ValidationError", "IdConverter", "UNSTORABLE")),
        Leaves("flack.py", ("timestamp", "url_for", "tidy", "text_field", "UNSTORABLE")),
        Leaves("flack.py", ("ValidationError", "IdConverter")),
        Leaves(
            "flack.py",
            ("BareLinks", "markdown", "render", "previews", "preview", "fetch", "is_public"),
        ),
        Moved("flack.py", 90),
        Without("utils.py", ("app", "db")),
        Complete(),
        NoCycle(),
        Loads("flack.py"),
        *TESTS,
    ),
    # the models get a module of their own, and a cycle comes with them
    _step(
        "v0.3",
        """\
Move the models of flack.py to a module of their own, models.py, with the queries and the rule about
who is online. The models need db, which flack.py makes, and flack.py needs the models: find a way
that works both for `pytest`, which imports flack.py, and for `python flack.py`, which runs it.
There must be one db, not two.
""",
        There("models.py"),
        Offers("models.py", ("User", "Message", "is_online", "USER_BY_TOKEN", "MESSAGES_SINCE")),
        Leaves("flack.py", ("BigInteger", "User", "Message")),
        Leaves("flack.py", ("USER_BY_TOKEN", "CHANGED_SINCE", "MESSAGES_SINCE", "is_online")),
        Moved("flack.py", 90),
        MakesOnce("flask_sqlalchemy.SQLAlchemy"),
        Complete(),
        Loads("flack.py"),
        Loads("flack.py", as_program=True),
        *TESTS,
    ),
    # the modules become a package, with commands beside it
    _step(
        "v0.4",
        """\
Make a package of the modules: flack/, with flack.py, models.py, utils.py, static/ and templates/ in
it. `from flack import app` and `from flack import db` work as before. Beside it manage.py, written
with Flask-Script-NG 2.1, has the commands runserver, shell and createdb. Two functions of it are
tested: make_tables() makes the tables that are missing, also when another process makes some of
them at the same moment; createdb() calls it and prints "The tables are there." runserver makes the
tables too. Nothing imports __main__ any more, and no module of flack/ asks whether it is __main__.
""",
        There("flack/__init__.py"),
        There("flack/utils.py"),
        There("flack/models.py"),
        There("flack/flack.py"),
        There("flack/static/flack.css"),
        There("flack/templates/index.html"),
        Offers("flack/__init__.py", ("app", "db")),
        Offers("flack/flack.py", ("SlidingWindow", "requests_seen")),
        Offers("flack/models.py", ("User", "Message")),
        Offers("flack/utils.py", ("timestamp", "url_for", "render", "is_public")),
        Moved("flack.py", 90),
        Moved("models.py", 90),
        Moved("utils.py", 90),
        ImportsNo("", "__main__"),
        There("manage.py"),
        Commands(("runserver", "shell", "createdb")),
        Offers("manage.py", ("make_tables", "createdb")),
        Requires("Flask-Script-NG"),
        Gone("flack.py"),
        Gone("models.py"),
        Gone("utils.py"),
        Gone("static/"),
        Gone("templates/"),
        NoProgram("flack/"),
        Complete(),
        Loads("flack/__init__.py"),
        Loads("manage.py", as_program=True),
        *TESTS,
        Command("python manage.py createdb"),
    ),
    # the authentication of the API gets a module of its own
    _step(
        "v0.5",
        """\
Move the authentication of the API to a module of its own, flack/auth.py: the three objects of
Flask-HTTPAuth and what is registered on them. The routes import the objects that they need. It is a
move: no line inside the block changes.
""",
        There("flack/auth.py"),
        Offers("flack/auth.py", ("basic_auth", "token_auth", "token_optional_auth")),
        Leaves(
            "flack/flack.py",
            ("OptionalTokenAuth", "basic_auth", "token_auth", "token_optional_auth"),
        ),
        Leaves("flack/flack.py", ("verify_password", "verify_token", "see", "refuse")),
        Moved("flack/flack.py", 90),
        MakesOnce("flask_httpauth.HTTPBasicAuth"),
        Complete(),
        Loads("flack/__init__.py"),
        *TESTS,
    ),
    # the tests become a package, and manage.py runs them
    _step(
        "v0.6",
        """\
Split tests.py into a package, tests/, with a module for each part of Flack and a conftest.py with
what they share; setup.cfg has to say where the tests are. No test changes, and none gets lost.
manage.py gets the commands test, which also tells what the tests cover, and lint.
""",
        There("tests/__init__.py"),
        There("tests/conftest.py"),
        Gone("tests.py"),
        Moved("tests.py", 80),
        Commands(("test", "lint")),
        Complete(),
        Loads("manage.py", as_program=True),
        KeepsTests(),
        OwnTests(yours=True, tells="TOTAL"),
        OwnTests(),
    ),
    # the configuration gets a module of its own
    _step(
        "v0.7",
        """\
Move the configuration to config.py, beside manage.py: the classes Config, DevelopmentConfig,
TestingConfig and ProductionConfig, and a function configure(app) that takes the one that
FLACK_CONFIG names (development, testing, production), and on top of it the file that FLACK_SETTINGS
names, but not in testing. The database's address may begin with postgres:// in that file, too. What
must not start raises config.ConfigurationError, whose message says what is wrong: an unknown name
(the message lists development, testing, production), a file that cannot be read (it names
FLACK_SETTINGS and the file), production without SECRET_KEY or DATABASE_URL. manage.py prints that
message in one line, without a traceback. A variable that is empty counts as one that is not set.
In development Flask loads templates again when they change (TEMPLATES_AUTO_RELOAD). In production
SQLALCHEMY_ENGINE_OPTIONS has pool_pre_ping and hide_parameters, both True. In the file the address
may be an object of SQLAlchemy's make_url, too.
""",
        There("config.py"),
        Offers("config.py", ("Config", "DevelopmentConfig", "TestingConfig", "ProductionConfig")),
        Offers("config.py", ("configure", "ConfigurationError")),
        Leaves("flack/flack.py", ("DATABASE_URL",)),
        Without("config.py", ("app", "db")),
        Complete(),
        Loads("flack/__init__.py"),
        Loads("manage.py", as_program=True),
        *TESTS,
        Command(
            "python manage.py createdb",
            (("FLACK_CONFIG", "production"), ("FLACK_SETTINGS", "prod.cfg")),
            ("prod.cfg", 'SECRET_KEY = "secret"\nSQLALCHEMY_DATABASE_URI = "sqlite://"\n'),
        ),
    ),
    # the API becomes a blueprint
    _step(
        "v0.8",
        """\
Move the routes of the API to flack/api.py, on a blueprint that is called api, and register it where
the application is made. Clients see no difference; the endpoints are api.get_user and so on.
""",
        There("flack/api.py"),
        Makes("flask.Blueprint", "flack/api.py"),
        Leaves("flack/flack.py", ("json_object", "number_argument")),
        Leaves("flack/flack.py", ("new_user", "get_users", "get_user", "update_user")),
        Leaves("flack/flack.py", ("new_token", "revoke_token")),
        Leaves("flack/flack.py", ("new_message", "get_messages", "get_message", "update_message")),
        Moved("flack/flack.py", 85),
        Registers("flack/api.py"),
        Complete(),
        Loads("flack/__init__.py"),
        *TESTS,
    ),
    # the statistics become a package
    _step(
        "v0.9",
        """\
Move the statistics to a package, flack/stats/: the sliding window to flack/stats/window.py, which
knows neither Flask nor Flack, and its hook and its route to a blueprint beside it. Every request is
counted, whatever becomes of it.
""",
        There("flack/stats/window.py"),
        Offers("flack/stats/window.py", ("SlidingWindow",)),
        There("flack/stats/__init__.py"),
        Makes("flask.Blueprint", "flack/stats/"),
        Leaves("flack/flack.py", ("SlidingWindow", "requests_seen", "get_stats")),
        Moved("flack/flack.py", 85),
        Registers("flack/stats/"),
        ImportsNo("flack/stats/window.py", "flask"),
        Without("flack/stats/window.py", ("app", "db")),
        Complete(),
        Loads("flack/__init__.py"),
        KeepsTests(),
        OwnTests(yours=True),
        # any place of the window is right, and this test asks for one; the contract counts too
        OwnTests(without=("test_stats_count_requests",)),
    ),
    # applications are made by a factory
    _step(
        "v0.10",
        """\
Make applications in a factory: `from flack import create_app`, and create_app(config_name) returns
a new one, with the configuration that is named, else FLACK_CONFIG's. `from flack import db` works
as before. What is left of the controller goes to a blueprint, main. Two applications in one process
have configurations, databases and statistics of their own. manage.py takes `-c` for the name.
""",
        MakesMore("flask.Blueprint", "flack/"),
        Offers("flack/__init__.py", ("create_app", "db")),
        Makes("flask.Flask", "flack/", inside=True),
        MakesOnce("flask_sqlalchemy.SQLAlchemy", "flack/", inside=False),
        Imports("flack/__init__.py", "create_app", "flack/models.py"),
        Unused("app", "flack/"),
        Complete(),
        Loads("flack/__init__.py"),
        Loads("manage.py", as_program=True),
        NoCycle(allowed=("flack/__init__.py", "flack/models.py")),
        KeepsTests(),
        OwnTests(yours=True),
        # models that are imported in the factory are right, and this test asks for those without
        # one
        OwnTests(without=("test_the_package_brings_its_models",)),
        Command("python manage.py -c testing createdb"),
    ),
)

STEPS = {step.tag: step for step in _ALL}

"""What a goal finds in a small tree: it names the cause, and takes every right way."""

import pytest

from tour.practice.vocabulary.definitions import Offers
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.goal import Trial
from tour.practice.vocabulary.imports import Loads
from tour.practice.vocabulary.imports import NoProgram
from tour.practice.vocabulary.objects import Commands
from tour.practice.vocabulary.objects import Makes
from tour.practice.vocabulary.objects import MakesMore
from tour.practice.vocabulary.objects import Registers
from tour.tests.practice.trees import model


def find(goal: Goal, contents: dict[str, str]) -> str:
    """Return what the goal finds, empty when it is met."""
    before = model({})
    finding = goal.find(Trial(model(contents), before, before, {}))
    return str(finding) if finding else ""


# --- commands

SCRIPT = "from flask_script_ng import Command, Manager\nfrom flack import app\n"
MANAGER = f"{SCRIPT}manager = Manager(app)\n"
CREATEDB = "def createdb():\n    pass\n"


@pytest.mark.parametrize(
    "source",
    [
        f"{MANAGER}@manager.command\n{CREATEDB}",
        f"{MANAGER}@manager.option('-n', '--name')\n{CREATEDB}",
        f"{MANAGER}{CREATEDB}manager.command(createdb)\n",
        f"{MANAGER}{CREATEDB}manager.add_command('createdb', Command(createdb))\n",
        f"{MANAGER}{CREATEDB}manager.run({{'createdb': Command(createdb)}})\n",
        f"{MANAGER}{CREATEDB}for name, each in [('createdb', Command(createdb))]:\n"
        "    manager.add_command(name, each)\n",
        f"{MANAGER}class CreateDB(Command):\n    pass\nmanager.add_command(CreateDB())\n",
        f"{SCRIPT}def main():\n    manager = Manager(app)\n"
        "    manager.add_command('createdb', Command(print))\n",
    ],
)
def test_every_way_to_make_a_command_is_one_beside_the_two_that_are_there(source: str) -> None:
    goal = Commands(("runserver", "shell", "createdb"))
    assert find(goal, {"manage.py": source}) == ""
    # and in a module that manage.py imports
    files = {"flack/cli.py": source, "manage.py": "from flack.cli import manager\nmanager.run()\n"}
    assert find(goal, files) == ""


@pytest.mark.parametrize(
    "source",
    [
        f"{MANAGER}{CREATEDB}",
        f"{MANAGER}@app.cli.command()\n{CREATEDB}",
        f"{MANAGER}@app.cli.command('createdb')\n{CREATEDB}",
        f"{MANAGER}import click\n@app.cli.command()\n@click.option('--drop')\n{CREATEDB}",
        f"{MANAGER}{CREATEDB}app.cli.add_command(createdb)\n",
        f"{MANAGER}@manager.command()\n{CREATEDB}",
    ],
)
def test_a_function_is_no_command_by_itself_nor_as_one_of_flask(source: str) -> None:
    line = source.split("\n").index("def createdb():") + 1
    files = {"flack/__init__.py": "app = 1\n", "manage.py": source}
    assert find(Commands(("createdb",)), files) == (
        f"manage.py:{line}: createdb is defined here, and is no command of Flask-Script"
    )


def test_a_command_that_is_nowhere_is_missed() -> None:
    assert find(Commands(("shell", "lint")), {"manage.py": MANAGER}) == (
        "manage.py:1: it has no command lint"
    )
    assert find(Commands(("shell",)), {"manage.py": SCRIPT}) == (
        "manage.py:1: it has no command shell"
    )


@pytest.mark.parametrize("argument", ["with_default_commands=False", "False"])
def test_a_manager_may_be_made_without_its_two_commands(argument: str) -> None:
    source = f"{SCRIPT}manager = Manager(app, {argument})\n"
    assert find(Commands(("shell",)), {"manage.py": source}) == (
        "manage.py:1: it has no command shell"
    )
    added = f"{source}manager.add_command('shell', Command(print))\n"
    assert find(Commands(("shell",)), {"manage.py": added}) == ""
    source = f"{SCRIPT}manager = Manager(app, disable_argcomplete=False)\n"
    assert find(Commands(("shell",)), {"manage.py": source}) == ""


# --- names that a module passes on

OFFERS = Offers("flack/__init__.py", ("app", "db"))
FLACK = "app = 1\ndb = 2\n_hidden = 3\n"


@pytest.mark.parametrize(
    "files",
    [
        {"flack/__init__.py": "from .flack import *\n", "flack/flack.py": FLACK},
        {
            "flack/__init__.py": "from .flack import *\n",
            "flack/flack.py": f"__all__ = ['app', 'db']\n{FLACK}",
        },
        {
            "flack/__init__.py": "from .first import *\n",
            "flack/first.py": "from .flack import *\n",
            "flack/flack.py": f"from .first import *\n{FLACK}",
        },
    ],
)
def test_a_star_passes_names_on(files: dict[str, str]) -> None:
    assert find(OFFERS, files) == ""


@pytest.mark.parametrize("source", [f"__all__ = ['app']\n{FLACK}", "app = 1\n_db = 2\n"])
def test_a_star_passes_on_what_is_public_alone(source: str) -> None:
    files = {"flack/__init__.py": "from .flack import *\n", "flack/flack.py": source}
    assert "db is " in find(OFFERS, files)
    assert "_hidden is " in find(
        Offers("flack/__init__.py", ("_hidden",)), {**files, "flack/flack.py": FLACK}
    )


def test_a_name_that_is_imported_under_another_one_is_told() -> None:
    files = {
        "flack/__init__.py": "\nfrom flack.flack import app, db as database\n",
        "flack/flack.py": FLACK,
    }
    assert find(OFFERS, files) == (
        "flack/__init__.py:2: db is imported as database; `from flack import db` finds nothing"
    )
    files["flack/__init__.py"] = "from flask_sqlalchemy import db\nfrom .flack import app\n"
    assert find(OFFERS, files) == (
        "flack/flack.py:2: db is defined here, and not in flack/__init__.py"
    )


# --- programs


def test_a_program_finds_its_modules_and_loads_none_twice() -> None:
    goal = Loads("manage.py", as_program=True)
    files = {"flack/__init__.py": "", "manage.py": "import flack.manage\n"}
    assert find(goal, files) == "manage.py:1: there is no module flack.manage"
    assert "finds each name" in goal.text and "what is there when" in goal.asks
    files = {"flack.py": "import manage\n", "manage.py": "import flack\n"}
    assert find(goal, files).startswith("flack.py:1: this runs manage.py again")


@pytest.mark.parametrize("test", ['__name__ == "__main__"', '"__main__" == __name__'])
def test_a_module_that_asks_whether_it_is_the_program_is_told_with_the_line(test: str) -> None:
    start = f"if {test}:\n    print()\n"
    files = {"flack/flack.py": f"app = 1\n{start}", "manage.py": start}
    assert find(NoProgram("flack/"), files) == (
        "flack/flack.py:2: this module asks whether it is __main__ here"
    )
    assert find(NoProgram("flack/"), {"manage.py": start}) == ""


# --- blueprints

BLUEPRINT = "from flask import Blueprint\n\nstats = Blueprint('stats', __name__)\n"
REGISTERS = Registers("flack/stats/")


@pytest.mark.parametrize("statement", ["from .stats import stats", "from .stats import *"])
def test_a_blueprint_is_registered_whichever_import_brings_it(statement: str) -> None:
    files = {
        "flack/flack.py": f"{statement}\napp.register_blueprint(stats)\n",
        "flack/stats/__init__.py": "from .stats import *\n",
        "flack/stats/stats.py": BLUEPRINT,
    }
    assert find(REGISTERS, files) == ""
    assert find(REGISTERS, {**files, "flack/stats/__init__.py": BLUEPRINT}) == ""


@pytest.mark.parametrize(
    ("path", "statement"),
    [
        ("flack/stats/stats.py", "from .stats import stats"),
        ("flack/stats/__init__.py", "from . import stats"),
    ],
)
def test_a_module_that_is_registered_in_the_place_of_its_blueprint_is_told(
    path: str, statement: str
) -> None:
    files = {
        "flack/__init__.py": "",
        "flack/flack.py": f"{statement}\napp.register_blueprint(stats)\n",
        "flack/stats/__init__.py": "",
        path: BLUEPRINT,
    }
    assert find(REGISTERS, files) == (
        f"flack/flack.py:2: stats is the module {path} here; the Blueprint is stats.stats"
    )


def test_a_name_that_nothing_brings_is_told_where_it_is_registered_or_called() -> None:
    files = {
        "flack/flack.py": "app = 1\napp.register_blueprint(stats)\n",
        "flack/stats/__init__.py": "stats = Blueprint('stats', __name__)\n",
    }
    assert find(REGISTERS, files) == (
        "flack/flack.py:2: nothing in this module defines or imports stats"
    )
    files["flack/flack.py"] = "app = 1\napp.register_blueprint(\n    stats,\n)\n"
    assert find(REGISTERS, files).endswith(":3: nothing in this module defines or imports stats")
    makes = Makes("flask.Blueprint", "flack/stats/")
    assert find(makes, files) == (
        "flack/stats/__init__.py:1: nothing in this module defines or imports Blueprint"
    )
    files["flack/stats/__init__.py"] = "stats = flask.Blueprint('stats', __name__)\n"
    assert find(makes, files).endswith("nothing in this module defines or imports flask")
    assert find(MakesMore("flask.Blueprint", "flack/"), files) == find(makes, files)

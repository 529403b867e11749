"""The step to v0.4: the modules become a package, with commands beside it."""

from tour.practice.vocabulary import Command
from tour.practice.vocabulary import Commands
from tour.practice.vocabulary import Complete
from tour.practice.vocabulary import Contract
from tour.practice.vocabulary import Gone
from tour.practice.vocabulary import ImportsNo
from tour.practice.vocabulary import KeepsTests
from tour.practice.vocabulary import Loads
from tour.practice.vocabulary import Moved
from tour.practice.vocabulary import Offers
from tour.practice.vocabulary import OwnTests
from tour.practice.vocabulary import Requires
from tour.practice.vocabulary import There

TASK = """\
Make a package of the modules: flack/, with flack.py, models.py, utils.py, static/ and templates/ in
it. `from flack import app` and `from flack import db` work as before. Beside it manage.py, written
with Flask-Script-NG 2.1, has the commands runserver, shell and createdb. Two functions of it are
tested: make_tables() makes the tables that are missing, also when another process makes some of
them at the same moment; createdb() calls it and prints "The tables are there." runserver makes the
tables too. The question to __main__ goes.
"""

GOALS = (
    There("flack/__init__.py"),
    There("flack/utils.py"),
    There("flack/models.py"),
    There("flack/flack.py"),
    There("flack/static/flack.css"),
    There("flack/templates/index.html"),
    Offers("flack/__init__.py", ("app", "db")),
    Moved("flack.py", 90),
    Moved("models.py", 90),
    Moved("utils.py", 90),
    ImportsNo("", "__main__"),
    There("manage.py"),
    Commands(("runserver", "shell", "createdb")),
    Offers("manage.py", ("make_tables",)),
    Requires("Flask-Script-NG"),
    Gone("flack.py"),
    Gone("models.py"),
    Gone("utils.py"),
    Gone("static/"),
    Gone("templates/"),
    Complete(),
    Loads("flack/__init__.py"),
    Loads("manage.py", as_program=True),
    KeepsTests(),
    OwnTests(yours=True),
    OwnTests(),
    Command("python manage.py createdb"),
    Contract(),
)

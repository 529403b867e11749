"""The step to v0.10: applications are made by a factory."""

from tour.practice.vocabulary import Command
from tour.practice.vocabulary import Complete
from tour.practice.vocabulary import Contract
from tour.practice.vocabulary import Imports
from tour.practice.vocabulary import KeepsTests
from tour.practice.vocabulary import Loads
from tour.practice.vocabulary import Makes
from tour.practice.vocabulary import MakesMore
from tour.practice.vocabulary import MakesOnce
from tour.practice.vocabulary import NoCycle
from tour.practice.vocabulary import Offers
from tour.practice.vocabulary import OwnTests
from tour.practice.vocabulary import Unused

TASK = """\
Make applications in a factory: `from flack import create_app`, and create_app(config_name) returns
a new one, with the configuration that is named, else FLACK_CONFIG's. `from flack import db` works
as before. What is left of the controller goes to a blueprint, main. Two applications in one process
have configurations, databases and statistics of their own. manage.py takes `-c` for the name.
"""

GOALS = (
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
    # models that are imported in the factory are right, and this test asks for those without one
    OwnTests(without=("test_the_package_brings_its_models",)),
    Command("python manage.py -c testing createdb"),
    Contract(),
)

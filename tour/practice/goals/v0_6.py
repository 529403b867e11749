"""The step to v0.6: the tests become a package, and manage.py runs them."""

from tour.practice.vocabulary import Commands
from tour.practice.vocabulary import Complete
from tour.practice.vocabulary import Contract
from tour.practice.vocabulary import Gone
from tour.practice.vocabulary import KeepsTests
from tour.practice.vocabulary import Loads
from tour.practice.vocabulary import Moved
from tour.practice.vocabulary import OwnTests
from tour.practice.vocabulary import There

TASK = """\
Split tests.py into a package, tests/, with a module for each part of Flack and a conftest.py with
what they share; setup.cfg has to say where the tests are. No test changes, and none gets lost.
manage.py gets the commands test, which also tells what the tests cover, and lint.
"""

GOALS = (
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
    Contract(),
)

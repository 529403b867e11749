"""The step to v0.3: the models get a module of their own, and a cycle comes with them."""

from tour.practice.vocabulary import Complete
from tour.practice.vocabulary import Contract
from tour.practice.vocabulary import KeepsTests
from tour.practice.vocabulary import Leaves
from tour.practice.vocabulary import Loads
from tour.practice.vocabulary import MakesOnce
from tour.practice.vocabulary import Moved
from tour.practice.vocabulary import Offers
from tour.practice.vocabulary import OwnTests
from tour.practice.vocabulary import There

TASK = """\
Move the models of flack.py to a module of their own, models.py, with the queries and the rule about
who is online. The models need db, which flack.py makes, and flack.py needs the models: find a way
that works both for `pytest`, which imports flack.py, and for `python flack.py`, which runs it.
There must be one db, not two.
"""

GOALS = (
    There("models.py"),
    Offers("models.py", ("User", "Message", "is_online", "USER_BY_TOKEN", "MESSAGES_SINCE")),
    Leaves("flack.py", ("BigInteger", "User", "Message")),
    Leaves("flack.py", ("USER_BY_TOKEN", "CHANGED_SINCE", "MESSAGES_SINCE", "is_online")),
    Moved("flack.py", 90),
    MakesOnce("flask_sqlalchemy.SQLAlchemy"),
    Complete(),
    Loads("flack.py"),
    Loads("flack.py", as_program=True),
    KeepsTests(),
    OwnTests(yours=True),
    OwnTests(),
    Contract(),
)

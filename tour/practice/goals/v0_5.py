"""The step to v0.5: the authentication of the API gets a module of its own."""

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
Move the authentication of the API to a module of its own, flack/auth.py: the three objects of
Flask-HTTPAuth and what is registered on them. The routes import the objects that they need. It is a
move: no line inside the block changes.
"""

GOALS = (
    There("flack/auth.py"),
    Offers("flack/auth.py", ("basic_auth", "token_auth", "token_optional_auth")),
    Leaves(
        "flack/flack.py", ("OptionalTokenAuth", "basic_auth", "token_auth", "token_optional_auth")
    ),
    Leaves("flack/flack.py", ("verify_password", "verify_token", "see", "refuse")),
    Moved("flack/flack.py", 90),
    MakesOnce("flask_httpauth.HTTPBasicAuth"),
    Complete(),
    Loads("flack/__init__.py"),
    KeepsTests(),
    OwnTests(yours=True),
    OwnTests(),
    Contract(),
)

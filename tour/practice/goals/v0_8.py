"""The step to v0.8: the API becomes a blueprint."""

from tour.practice.vocabulary import Complete
from tour.practice.vocabulary import Contract
from tour.practice.vocabulary import KeepsTests
from tour.practice.vocabulary import Leaves
from tour.practice.vocabulary import Loads
from tour.practice.vocabulary import Makes
from tour.practice.vocabulary import Moved
from tour.practice.vocabulary import OwnTests
from tour.practice.vocabulary import Registers
from tour.practice.vocabulary import There

TASK = """\
Move the routes of the API to flack/api.py, on a blueprint that is called api, and register it where
the application is made. Clients see no difference; the endpoints are api.get_user and so on.
"""

GOALS = (
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
    KeepsTests(),
    OwnTests(yours=True),
    OwnTests(),
    Contract(),
)

"""The step to v0.2: the utilities get a module of their own."""

from tour.practice.vocabulary import Complete
from tour.practice.vocabulary import Contract
from tour.practice.vocabulary import KeepsTests
from tour.practice.vocabulary import Leaves
from tour.practice.vocabulary import Loads
from tour.practice.vocabulary import Moved
from tour.practice.vocabulary import NoCycle
from tour.practice.vocabulary import Offers
from tour.practice.vocabulary import OwnTests
from tour.practice.vocabulary import There
from tour.practice.vocabulary import Without

TASK = """\
Move the utilities of flack.py to a module of their own, utils.py. A utility is what knows neither
the application nor the database. It is a move: no line inside the functions changes.
"""

GOALS = (
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
    KeepsTests(),
    OwnTests(yours=True),
    OwnTests(),
    Contract(),
)

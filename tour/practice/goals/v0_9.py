"""The step to v0.9: the statistics become a package."""

from tour.practice.vocabulary import Complete
from tour.practice.vocabulary import Contract
from tour.practice.vocabulary import ImportsNo
from tour.practice.vocabulary import KeepsTests
from tour.practice.vocabulary import Leaves
from tour.practice.vocabulary import Loads
from tour.practice.vocabulary import Makes
from tour.practice.vocabulary import Moved
from tour.practice.vocabulary import Offers
from tour.practice.vocabulary import OwnTests
from tour.practice.vocabulary import Registers
from tour.practice.vocabulary import There
from tour.practice.vocabulary import Without

TASK = """\
Move the statistics to a package, flack/stats/: the sliding window to flack/stats/window.py, which
knows neither Flask nor Flack, and its hook and its route to a blueprint beside it. Every request is
counted, whatever becomes of it.
"""

GOALS = (
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
    Contract(),
)

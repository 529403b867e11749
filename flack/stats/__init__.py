"""How busy Flack is: the hook that counts requests and the route that tells."""
from flask import Blueprint
from flask import current_app

from .window import SlidingWindow

stats = Blueprint("stats", __name__)


@stats.record
def make_window(state):
    """Give each application a window of its own."""
    state.app.extensions["requests_seen"] = SlidingWindow(seconds=15)


@stats.before_app_request
def count_request():
    """Count every request, whatever becomes of it."""
    current_app.extensions["requests_seen"].add()


@stats.get("/stats")
def get_stats():
    """Return how busy this process is."""
    return {"requests_per_second": current_app.extensions["requests_seen"].per_second()}

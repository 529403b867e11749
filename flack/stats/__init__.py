"""How busy Flack is: the hook that counts requests and the route that tells."""
from flask import Blueprint

from .window import SlidingWindow

stats = Blueprint("stats", __name__)

requests_seen = SlidingWindow(seconds=15)
stats.before_app_request(requests_seen.add)


@stats.get("/stats")
def get_stats():
    """Return how busy this process is."""
    return {"requests_per_second": requests_seen.per_second()}

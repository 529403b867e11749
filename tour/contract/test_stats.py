"""Requests per second, over the last fifteen seconds."""

import time

from tour.contract.client import expect
from tour.contract.stage import requests_per_second

WINDOW = 15


def test_stats_are_a_number_for_everyone(client):
    body = expect(client.get("/stats"), 200).json()
    assert set(body) == {"requests_per_second"}
    assert type(body["requests_per_second"]) in (int, float)


def test_stats_count_every_request(burst):
    # two requests for the statistics may or may not count themselves
    counted = (burst.after - burst.before) * WINDOW
    assert burst.sent <= round(counted, 3) <= burst.sent + 2


def test_stats_forget_what_is_older_than_the_window(burst):
    # the burst was sent before the first test, so that little of this is left to wait for
    time.sleep(max(0, burst.ended + WINDOW + 1 - time.monotonic()))
    assert requests_per_second(burst.client) * WINDOW < 5

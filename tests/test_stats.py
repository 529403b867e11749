"""Tests of /stats."""
import pytest


def test_stats_count_requests(client):
    before = client.get("/stats").json["requests_per_second"]
    client.get("/")
    # that one and this one
    after = client.get("/stats").json["requests_per_second"]
    assert after == pytest.approx(before + 2 / 15)

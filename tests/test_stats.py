"""Tests of /stats."""


def test_stats_count_requests(client):
    before = client.get("/stats").json["requests_per_second"]
    client.get("/")
    assert client.get("/stats").json["requests_per_second"] > before

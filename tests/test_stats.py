"""Tests of /stats."""


def test_stats_count_requests(client):
    before = client.get("/stats").json["requests_per_second"]
    for _ in range(30):
        client.get("/")
    # two a second more, less what the window has forgotten of earlier ones
    assert client.get("/stats").json["requests_per_second"] > before + 1

"""Tests of /stats."""


def test_stats_count_requests(client, monkeypatch):
    # time stands still, or a slow machine would forget some of them
    monkeypatch.setattr("flack.stats.requests_seen.clock", lambda: 0)
    before = client.get("/stats").json["requests_per_second"]
    for _ in range(30):
        client.get("/")
    # 30 and this one, in 15 seconds
    assert client.get("/stats").json["requests_per_second"] > before + 2

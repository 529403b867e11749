"""Tests of /stats."""
from threading import Thread

from flack.flack import SlidingWindow


def test_stats_count_requests(client, monkeypatch):
    # time stands still, or a slow machine would forget some of them
    monkeypatch.setattr("flack.flack.requests_seen.clock", lambda: 0)
    before = client.get("/stats").json["requests_per_second"]
    for _ in range(30):
        client.get("/")
    # 30 and this one, in 15 seconds
    assert client.get("/stats").json["requests_per_second"] > before + 2


def test_a_window_forgets_what_is_older():
    now = 100.0
    window = SlidingWindow(seconds=10, clock=lambda: now)
    window.add()
    now = 105.0
    window.add()
    assert window.per_second() == 0.2
    now = 110.0
    assert window.per_second() == 0.1
    now = 115.0
    assert window.per_second() == 0


def test_a_window_counts_the_events_of_all_threads():
    window = SlidingWindow(seconds=10, clock=lambda: 100.0)

    def add_a_thousand():
        for _ in range(1000):
            window.add()

    threads = [Thread(target=add_a_thousand) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert window.per_second() == 400

"""Tests of the sliding window."""
from threading import Thread

from flack.stats.window import SlidingWindow


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

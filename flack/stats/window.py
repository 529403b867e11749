"""A window that slides along with the time."""
import threading
import time
from collections import deque


class SlidingWindow:
    """Count the events of the last so many seconds; the clock tells a time in seconds."""

    def __init__(self, seconds, clock=time.monotonic):
        self.seconds = seconds
        self.clock = clock
        self.times = deque()
        self.lock = threading.Lock()

    def add(self):
        """Count an event, and forget the old ones."""
        self.times.append(self.clock())
        self.per_second()

    def per_second(self):
        """Return how many events there were in a second, on average; forget the older ones."""
        with self.lock:
            while self.times and self.times[0] <= self.clock() - self.seconds:
                self.times.popleft()
            return len(self.times) / self.seconds

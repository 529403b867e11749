"""A window that slides along with the time."""
import threading
import time
from collections import deque


class SlidingWindow:
    """Count the events of the last so many seconds.

    The clock is a function that returns a time in seconds.
    """

    def __init__(self, seconds, clock=time.monotonic):
        self.seconds = seconds
        self.clock = clock
        self.times = deque()
        self.lock = threading.Lock()

    def add(self):
        """Count an event."""
        with self.lock:
            self.times.append(self.clock())
            self.forget_old()

    def per_second(self):
        """Return how many events there were in a second, on average."""
        with self.lock:
            self.forget_old()
            return len(self.times) / self.seconds

    def forget_old(self):
        """Drop the events that are older than the window."""
        oldest = self.clock() - self.seconds
        while self.times and self.times[0] <= oldest:
            self.times.popleft()

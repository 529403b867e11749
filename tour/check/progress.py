"""The progress of checks, printed."""

import sys
import threading
import time

from tour.check import stage_checks
from tour.system import status_line

# seconds without news after which a single stage is told to go on, at the next look in a second
HEARTBEAT = 1.5


class Progress:
    """What is under way: one line that changes on a terminal, a line for each news elsewhere.

    Of many stages every tenth of a phase is news. Of a single one, for which somebody waits,
    every per cent is, and in between it is told every second or two that it goes on.
    """

    def __init__(self, stages: int) -> None:
        self.stages = stages
        self.step = 1 if stages == 1 else 10
        self.phases: dict[str, dict[str, int]] = {}
        self.lock = threading.Lock()
        self.started = self.told = time.monotonic()
        self.ended = threading.Event()
        self.heart = threading.Thread(target=self._beat)

    def __enter__(self) -> "Progress":
        self.heart.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.ended.set()
        self.heart.join()
        if sys.stdout.isatty():
            status_line.clear(sys.stdout)

    def report(self, name: str, phase: str, reached: int) -> None:
        """Take note of how far, in per cent, a stage is in a phase; called from several threads."""
        with self.lock:
            phases = self.phases.setdefault(name, {})
            before = phases.get(phase)
            phases[phase] = reached
            if sys.stdout.isatty():
                status_line.draw(self._summary(), sys.stdout)
            elif (
                phase in stage_checks.ENDS
                or reached < 100
                and (before is None or reached // self.step > before // self.step)
            ):
                self._print(f"{name}: {_phase(phase, reached)}")

    def begin(self, name: str, phase: str) -> None:
        """Take note that a stage begins a phase, and has ended those before."""
        for before in list(self.phases.get(name, {})):
            self.report(name, before, 100)
        self.report(name, phase, 0)

    def _beat(self) -> None:
        while not self.ended.wait(1):
            with self.lock:
                if sys.stdout.isatty():
                    status_line.draw(self._summary(), sys.stdout)
                elif self.stages == 1 and time.monotonic() - self.told > HEARTBEAT:
                    self._print(self._summary())

    def _print(self, text: str) -> None:
        print(text, flush=True)
        self.told = time.monotonic()

    def _summary(self) -> str:
        ends = set(stage_checks.ENDS)
        ended = sum(not ends.isdisjoint(phases) for phases in self.phases.values())
        running = [
            f"{name}: {', '.join(under_way)}"
            for name, phases in self.phases.items()
            if (under_way := [_phase(*item) for item in phases.items() if item[1] < 100])
        ]
        seconds = time.monotonic() - self.started
        return f"{ended} of {self.stages} after {seconds:.0f} s  {'; '.join(running)}"


def _phase(phase: str, reached: int) -> str:
    return f"{phase} {reached} %" if 0 < reached < 100 else phase

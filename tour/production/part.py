"""A process of the set-up: started, asked to stop, killed."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tour.system import process
from tour.system.server import ServerError

# lines of a log that an error shows
TAIL = 20

# seconds: the longest wait for a part, the pause between two looks
LIMIT = 120.0
PAUSE = 0.05


@dataclass(eq=False)
class Part(process.Service):
    """A program of the set-up; `environment` is all that it gets, `log` what it prints goes to."""

    name: str
    arguments: list[str]
    directory: Path
    environment: dict[str, str]
    log: Path

    def spawn(self) -> None:
        """Start the process, and do not wait until it is ready."""
        self._process = process.spawn(
            self.arguments, self.directory, process.clean_environment(self.environment), self.log
        )

    def wait(self, ready: Callable[[], bool]) -> None:
        """Wait until the part is ready; raise ServerError when it ends, or is not ready in time."""
        wait_until(lambda: not self.is_running or ready(), f"{self.name} is not ready", self.log)
        if not self.is_running:
            raise ServerError(f"{self.name} ended; it printed\n{tail(self.log)}")

    def send(self, number: int) -> None:
        """Send a signal to the process, and not to its children."""
        if self._process is not None and self.is_running:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End the process and all its children at once, those in groups of their own, too."""
        for child in self.children():
            kill(child)
        super().kill()

    def children(self) -> list[int]:
        """Return the ids of the processes that the part has started, and those that they have."""
        found = [self.pid] if self.pid else []
        parents = _read_parents()
        for parent in found:
            found += [child for child, other in parents if other == parent]
        return found[1:]


def kill(pid: int) -> None:
    """End a process at once; one that has ended already is left alone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def end_leftovers(signals: Mapping[Path, int], folder: Path) -> None:
    """End what a run that was killed has left: the processes of files that hold their ids.

    `signals` has those files, and the signal that each takes. An id may be another process's by
    now, so one whose command does not name `folder` is left alone.
    """
    left = []
    for file, number in signals.items():
        pid = next(iter(read(file).split()), "")
        if pid.isdigit() and f"{folder}{os.sep}" in _read_command(int(pid)):
            os.kill(int(pid), number)
            left.append(int(pid))
    for each in left:
        wait_until(
            lambda: f"{folder}{os.sep}" not in _read_command(each), f"process {each} has not ended"
        )


def _read_command(pid: int) -> str:
    """Return the command of a process with its arguments; '' when there is none."""
    command = ["ps", "-ww", "-p", str(pid), "-o", "args="]
    return subprocess.run(command, capture_output=True, text=True).stdout


def _read_parents() -> list[tuple[int, int]]:
    """Return the id of each process with that of its parent, as POSIX's ps tells it."""
    # what .venv has for this is not there when `run` starts
    command = ["ps", "-A", "-o", "pid=", "-o", "ppid="]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in listing.splitlines()]
    return [(int(pid), int(parent)) for pid, parent in pairs]


def wait_until(done: Callable[[], bool], what: str, log: Path | None = None) -> None:
    """Wait until something is done; raise ServerError that says what is not, when it takes long."""
    deadline = time.monotonic() + LIMIT
    while not done():
        if time.monotonic() > deadline:
            printed = f"; it printed\n{tail(log)}" if log else ""
            raise ServerError(f"{what} after {LIMIT:.0f} s{printed}")
        time.sleep(PAUSE)


def read(log: Path) -> str:
    """Return what is in a log, '' when it is not there."""
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""


def tail(log: Path) -> str:
    """Return the last lines of a log."""
    return "\n".join(read(log).splitlines()[-TAIL:])

"""A phase of a check: a command run to its end, its output in a log, and how far it is told."""

import os
import re
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tour.check import junit_report
from tour.system import process
from tour.system.errors import TourError
from tour.system.threads import beside

# seconds that a phase may take, and lines of its output that a failure shows
LIMIT = 1800.0
TAIL = 30

# where more tests fail than this, the end of the output does nothing but name them
FEW = 10

# seconds between two looks at how far pytest is, and what it says of that
PAUSE = 1.0
PER_CENT = re.compile(r"\[ *(\d+)%\]")

# so many at once that a core has work while one waits, and not so many that they hold each other up
SLOTS = threading.BoundedSemaphore((os.cpu_count() or 1) + 1)

# called with per cent: 0 at the beginning, each time that there are more, and 100 at the end
Report = Callable[[int], None]


class Failure(NamedTuple):
    """A phase that found something: what, the end of its output, and where all of it is."""

    phase: str
    reason: str
    output: str = ""
    log: str = ""


def run(
    phase: str,
    arguments: list[str],
    directory: Path,
    variables: dict[str, str],
    log: Path,
    report: Report,
    cancelled: threading.Event,
    junit: Path | None = None,
) -> Failure | None:
    """Run a command with these environment variables, when its turn comes; return what it found.

    `log` gets what it prints, in place of what was there. `junit` is where pytest leaves its
    report, for a command that runs it. Raise TourError when `cancelled` is set before its turn.
    """
    log.write_bytes(b"")
    with SLOTS:
        if cancelled.is_set():
            raise TourError("interrupted")
        report(0)
        with beside(partial(_tell_progress, log, report)):
            code = process.run(arguments, directory, variables, log, LIMIT)
        report(100)
    if code == 0:
        return None
    reason = f"over {LIMIT:.0f} s" if code is None else f"ended with {code}"
    return Failure(phase, reason, _telling(log, junit), str(log))


def _tell_progress(log: Path, report: Report, ended: threading.Event) -> None:
    """Tell how many per cent the pytest that writes `log` has behind it, until it has ended."""
    reported = 0
    while not ended.wait(PAUSE):
        found = PER_CENT.findall(log.read_text(encoding="utf-8", errors="replace"))
        reached = int(found[-1]) if found else 0
        if reached > reported:
            report(reached)
            reported = reached


def _telling(log: Path, junit: Path | None) -> str:
    """Return the end of the log, or of the first failure where many tests failed."""
    text = log.read_text(encoding="utf-8", errors="replace")
    if junit and junit_report.read_counts(junit).failed > FEW:
        text = junit_report.read_first_failure(junit)
    return "\n".join(text.splitlines()[-TAIL:])

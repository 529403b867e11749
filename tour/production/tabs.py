"""Open tabs of the web client: what they ask a set-up for, how long they wait, what they cost."""

import os
import statistics
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tour.production.deployment import Deployment
from tour.production.load import Client
from tour.production.load import Person
from tour.system.threads import beside

# as flack/static/js/poll.js has it: seconds between two polls, of which one in so many is full, and
# how many seconds back each asks
POLL = 1.0
FULL_POLL = 5
OVERLAP = 20

PROC = Path("/proc")


class Tabs(NamedTuple):
    """What so many tabs met: medians and 95th percentiles in milliseconds, and what they cost.

    `cost` is the milliseconds of a processor that the nodes spend on a tab in a second, `memory`
    that of a node in MB. Both are None on a system that does not tell.
    """

    median: float
    slow: float
    failed: int
    cost: float | None
    memory: float | None


def open_tabs(deployment: Deployment, count: int, seconds: float) -> Tabs:
    """Open so many tabs for so long; nobody writes meanwhile."""
    people = Person.insert_many(deployment, count)
    waits: list[float] = []
    failed: list[int] = []

    def be_open(number: int, person: Person, ended: threading.Event) -> None:
        client = Client(deployment.port, person.token)
        # not all at the same moment
        ended.wait(POLL * number / count)
        poll = number
        while not ended.is_set():
            since = int(time.time()) - OVERLAP
            paths = [f"/api/messages?updated_since={since}"]
            if poll % FULL_POLL == 0:
                paths += [f"/api/users?updated_since={since}", "/api/users?online=1", "/stats"]
            for path in paths:
                answer = client.request("GET", path)
                waits.append(1000 * answer.seconds)
                if answer.status != 200:
                    failed.append(answer.status)
            poll += 1
            ended.wait(POLL)
        client.close()

    with beside(*(partial(be_open, *each) for each in enumerate(people))):
        # the first polls make connections
        time.sleep(2 * POLL)
        waits.clear()
        before, start = _processor_seconds(deployment), time.monotonic()
        time.sleep(seconds)
        after, lasted = _processor_seconds(deployment), time.monotonic() - start
    cost = None
    if before is not None and after is not None:
        cost = 1000 * (after - before) / lasted / count
    slow = statistics.quantiles(waits, n=20)[-1]
    return Tabs(statistics.median(waits), slow, len(failed), cost, _memory(deployment))


def _processes(deployment: Deployment) -> list[list[int]]:
    """Return the ids of each node's processes."""
    return [[node.pid, *node.children()] for node in deployment.nodes if node.pid is not None]


def _processor_seconds(deployment: Deployment) -> float | None:
    """Return the processor time of all nodes so far, as Linux tells it; see proc(5)."""
    if sys.platform != "linux":
        return None
    ticks = 0
    for pid in sum(_processes(deployment), []):
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        # utime and stime, the 14th and the 15th field of all
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _memory(deployment: Deployment) -> float | None:
    """Return the memory of a node in MB, with what is shared counted once; None elsewhere."""
    if sys.platform != "linux":
        return None
    sizes = []
    for pids in _processes(deployment):
        kilobytes = 0
        for pid in pids:
            text = (PROC / str(pid) / "smaps_rollup").read_text()
            [line] = [line for line in text.splitlines() if line.startswith("Pss:")]
            kilobytes += int(line.split()[1])
        sizes.append(kilobytes / 1000)
    return statistics.mean(sizes)

"""wrk, the program that makes requests as fast as a server answers them, and its report."""

import json
import shutil
from pathlib import Path
from typing import NamedTuple

from tour.bench.request import Request
from tour.system import process
from tour.system.errors import TourError

SCRIPT = Path(__file__).with_name("drive.lua")

# seconds that wrk may take beyond the duration of the round
LIMIT = 30.0


class Drive(NamedTuple):
    """A result of wrk: answers in a second, and the median of the latencies in milliseconds."""

    rate: float
    latency: float


def find_wrk() -> str:
    """Return the path of wrk; raise TourError when it is not installed."""
    path = shutil.which("wrk")
    if path is None:
        raise TourError(
            "the bench needs wrk, which makes the requests; install it and run this again:\n"
            "  sudo apt install wrk   (Debian, Ubuntu and Windows' WSL)\n"
            "  brew install wrk       (macOS)"
        )
    return path


def drive(
    wrk: str, url: str, request: Request, connections: int, seconds: int, folder: Path
) -> Drive:
    """Repeat the request for some seconds, started in `folder`; raise TourError as `parse`."""
    command = [
        *(wrk, "--threads=1", f"--connections={connections}", f"--duration={seconds}s"),
        *(f"--script={SCRIPT}", f"{url}{request.path}"),
        *("--", request.method, request.body or "", *request.tokens),
    ]
    ran = process.finish(command, folder, {}, seconds + LIMIT)
    if ran.code != 0:
        raise TourError(f"wrk failed on {url}{request.path}; it printed\n{ran.output}")
    return parse(ran.output)


def parse(output: str) -> Drive:
    """Return the result from wrk's output, which ends with the line that drive.lua prints.

    Raise TourError when a request was refused, broke off or got no answer in time.
    """
    report = json.loads(output.splitlines()[-1])
    if report["refused"] or report["broken"] or not report["answers"]:
        raise TourError(
            f"of {report['answers']} requests in a row {report['refused']} were refused and"
            f" {report['broken']} broke, so their speed says nothing; wrk printed\n{output.strip()}"
        )
    rate = report["answers"] / report["microseconds"] * 1_000_000
    return Drive(rate, latency=report["median_latency"] / 1_000)

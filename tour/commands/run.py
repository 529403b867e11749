"""run a stage's server, without checking the stage out

The server runs from a clean copy of the stage. All stages share one SQLite file, which is
.tour/flack.sqlite, so that your messages are there at each of them. Ctrl-C stops it.

Only this machine reaches the server. With --host others do; docs/instructor.md names the risks.

With --production the newest stage runs as docs/production.md has it: nginx, nodes of gunicorn and
PostgreSQL, from the files of that page. Its data is in .tour/production.

example:
  python3 -m tour run v0.4 --port 8000
  python3 -m tour run v0.10 --production --nodes 3
"""

import argparse

from tour.environments import environment
from tour.production import serving
from tour.repo.clone import find_clone
from tour.run.serving import explain_loopback_only
from tour.run.serving import serve
from tour.stages.line import find_stages
from tour.system.address import LOOPBACK
from tour.system.address import find_address
from tour.system.arguments import add_address
from tour.system.arguments import positive
from tour.system.errors import UsageError
from tour.system.server import LoopbackOnlyError
from tour.system.server import ServerError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("tag", metavar="TAG", help="the stage, as in v0.4")
    add_address(parser)
    add("--production", action="store_true", help="behind nginx, with several nodes and PostgreSQL")
    add("--nodes", type=positive, metavar="N", help="of --production; 2 when left out")


def run(arguments: argparse.Namespace) -> int:
    """Serve the stage until interrupted."""
    address = find_address(arguments.host)
    if arguments.production and address != LOOPBACK:
        raise UsageError("--production serves this machine alone; leave --host out")
    if arguments.nodes and not arguments.production:
        raise UsageError("--nodes goes with --production")
    repository = find_clone()
    line = find_stages(repository)
    [stage] = line.select([arguments.tag])
    environment.prepare(repository, print)
    if arguments.production:
        return serving.serve(repository, stage, arguments.nodes or 2, arguments.port)
    try:
        return serve(repository, stage, arguments.port, print, address=address)
    except LoopbackOnlyError:
        raise ServerError(explain_loopback_only(repository, line, stage, address.host)) from None

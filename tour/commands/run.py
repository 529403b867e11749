"""run a stage's server, whatever you have checked out

The server runs from a clean copy of the stage. All stages share one SQLite file, which is
.tour/flack.sqlite, so that your messages are there at each of them. Ctrl-C stops it.

example:
  python3 -m tour run v0.4 --port 8000
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tour import copies
from tour import environment
from tour import packages
from tour import pythons
from tour import readme
from tour import stages
from tour.repository import exclusive
from tour.repository import find_repository
from tour.repository import own_folder
from tour.server import PortTakenError
from tour.server import ServerError
from tour.server import StageServer
from tour.stages import Stage

PORTS = range(5000, 5100)
LAST_PORT = 65535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("tag", metavar="TAG", help="the stage, as in v0.4")
    add_port(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve the stage until interrupted."""
    repository = find_repository()
    [stage] = stages.find_stages(repository).select([arguments.tag])
    environment.prepare(repository, print)
    return serve(repository, stage, arguments.port)


def add_port(parser: argparse.ArgumentParser) -> None:
    """Add the option that chooses the port."""
    parser.add_argument(
        "--port",
        type=port_number,
        metavar="N",
        help=f"Flack's, 1 to {LAST_PORT}; by default {PORTS[0]}, or the next that is free",
    )


def port_number(text: str) -> int:
    """Return the number that the text holds; raise ArgumentTypeError when it is no port's."""
    if not text.isdecimal() or not 1 <= int(text) <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {LAST_PORT}")
    return int(text)


def serve(
    repository: Path,
    stage: Stage,
    port: int | None,
    answered: Callable[[], None] = lambda: None,
) -> int:
    """Serve a stage and print where, until interrupted; .venv is prepared before.

    `answered` is called between the server's first answer and that line.
    """
    database = own_folder(repository) / "flack.sqlite"
    python = install(repository, stage)
    with copies.clean_copy(repository, stage.commit, stage.tag) as folder:
        make_server = partial(
            StageServer,
            folder,
            python,
            readme.read_commands(folder, stage.tag).run,
            {"DATABASE_URL": f"sqlite:///{database.as_posix()}"},
            # swept away with the copy when this process is killed
            logs=folder,
        )
        with start_server(repository, make_server, port) as server:
            answered()
            print(f"Flack {stage.tag} is at {server.url} until you press Ctrl-C")
            try:
                # in turns: on Windows a wait without an end cannot be interrupted
                while not server.wait(timeout=1):
                    pass
            except KeyboardInterrupt:
                return 0
        raise ServerError(f"Flack ended by itself; it printed\n{server.output().strip()}")


def install(repository: Path, stage: Stage, uv: Path | None = None) -> Path:
    """Make the stage's environment with uv unless it is there; return its interpreter."""
    return environment.stage_environment(
        repository,
        pythons.find_python(),
        packages.read_requirements(repository, stage),
        lambda: print(f"Installing what {stage.tag} requires"),
        print,
        uv,
    )


def start_server(
    repository: Path, make_server: Callable[[int], StageServer], port: int | None
) -> StageServer:
    """Return a server that answers on the port, by default on the first of the tour's that is free.

    One process at a time does this, from the choice of the port until the answer, for two that
    choose at once would choose the same. Raise PortTakenError when the port is given and taken.
    """
    with exclusive(repository, "port", print):
        for candidate in PORTS if port is None else [port]:
            server = make_server(candidate)
            try:
                server.start()
                return server
            except PortTakenError:
                if port is not None:
                    raise
                print(f"Port {candidate} is taken, trying the next one")
    raise ServerError(f"the ports {PORTS[0]} to {PORTS[-1]} are all taken; give one with --port")

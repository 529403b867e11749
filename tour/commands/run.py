"""run a stage's server, whatever you have checked out

The server runs from a clean copy of the stage. All stages share one SQLite file, which is
.tour/flack.sqlite, so that your messages are there at each of them. Ctrl-C stops it.

Only this machine reaches the server. With --host others do; docs/instructor.md says what is not
safe about that.

example:
  python3 -m tour run v0.4 --port 8000
"""

import argparse
import ipaddress
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tour.environments import environment
from tour.environments import packages
from tour.environments import pythons
from tour.repo import copies
from tour.repo import git
from tour.repo.clone import find_repository
from tour.repo.clone import spelling
from tour.repo.locks import exclusive
from tour.repo.own_folder import own_folder
from tour.stages import readme
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.system import platforms
from tour.system.address import HOST
from tour.system.address import LOOPBACK
from tour.system.address import Address
from tour.system.address import find_address
from tour.system.server import LoopbackOnlyError
from tour.system.server import PortTakenError
from tour.system.server import ServerError
from tour.system.server import StageServer
from tour.system.server import takes_options

PORTS = range(5000, 5100)
LAST_PORT = 65535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("tag", metavar="TAG", help="the stage, as in v0.4")
    add_address(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve the stage until interrupted."""
    address = find_address(arguments.host)
    repository = find_repository()
    line = find_stages(repository)
    [stage] = line.select([arguments.tag])
    environment.prepare(repository, print)
    try:
        return serve(repository, stage, arguments.port, address=address)
    except LoopbackOnlyError:
        raise ServerError(explain_loopback_only(repository, line, stage, address.host)) from None


def add_address(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose the host and the port."""
    parser.add_argument(
        "--host",
        type=ip_address,
        default=HOST,
        metavar="ADDRESS",
        help="serve others too, at this address of this machine, or at each that it has with"
        f" 0.0.0.0; by default only this machine, at {HOST}",
    )
    parser.add_argument(
        "--port",
        type=port_number,
        metavar="N",
        help=f"Flack's, 1 to {LAST_PORT}; by default {PORTS[0]}, or the next that is free",
    )


def ip_address(text: str) -> str:
    """Return the IP address in its usual form; raise ArgumentTypeError when it is none."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is not an IP address, as 192.168.1.5 is; 0.0.0.0 stands for all addresses"
        ) from None


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
    address: Address = LOOPBACK,
) -> int:
    """Serve a stage and print where, until interrupted; .venv is prepared before.

    `answered` is called between the server's first answer and that line. Raise ServerError when
    the server does not come up, LoopbackOnlyError when it does so at 127.0.0.1 only.
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
            address=address,
        )
        with start_server(repository, make_server, port) as server:
            answered()
            if not address.is_found:
                print(
                    "No way to a network was found; others type this machine's address, which"
                    f" `{platforms.how_to_see_addresses()}` shows, in place of {address.typed}"
                )
            print(f"Flack {stage.tag} is at {server.url} until you press Ctrl-C")
            try:
                # in turns: on Windows a wait without an end cannot be interrupted
                while not server.wait(timeout=1):
                    pass
            except KeyboardInterrupt:
                return 0
        raise ServerError(f"Flack ended by itself; it printed\n{server.output().strip()}")


def explain_loopback_only(repository: Path, line: StageLine, stage: Stage, host: str) -> str:
    """Return what to say of a stage whose server takes no host: which stages' servers do."""
    said = f"{stage.tag} listens on {HOST} only"
    for each in line.stages:
        text = git.run(repository, "show", f"{each.commit}:README.md")
        if takes_options(readme.parse_commands(text, each.tag).run):
            command = f"{spelling(repository)} run {each.tag} --host {host}"
            return f"{said}; the stages from {each.tag} on take --host, as in `{command}`"
    return f"{said}; run it without --host"


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

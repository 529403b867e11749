"""The server of a stage: installed, started on a free port, served until interrupted."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tour.environments.packages import install_stage
from tour.repo import copies
from tour.repo import git
from tour.repo.clone import tour_command
from tour.repo.locks import exclusive
from tour.repo.own_folder import own_folder
from tour.stages import readme
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.system import platforms
from tour.system.address import HOST
from tour.system.address import LOOPBACK
from tour.system.address import PORTS
from tour.system.address import Address
from tour.system.server import PortTakenError
from tour.system.server import ServerError
from tour.system.server import StageServer
from tour.system.server import sqlite_url
from tour.system.server import takes_options
from tour.system.status_line import Report


def serve(
    repository: Path,
    stage: Stage,
    port: int | None,
    report: Report,
    answered: Callable[[], None] = lambda: None,
    address: Address = LOOPBACK,
) -> int:
    """Serve a stage until interrupted, with .venv as `prepare` leaves it; return the exit code.

    `report` is called with lines: one before each thing that takes long, and one with the address.
    `answered` is called before the latter, when the server has answered. Raise ServerError when the
    server does not come up, LoopbackOnlyError when it does so at 127.0.0.1 only.
    """
    database = own_folder(repository) / "flack.sqlite"
    python = install_stage(repository, stage, report)
    with copies.clean_copy(repository, stage.commit, stage.tag) as folder:
        make_server = partial(
            StageServer,
            folder,
            python,
            readme.read_commands(folder, stage.tag).run,
            {"DATABASE_URL": sqlite_url(database)},
            # swept away with the copy when this process is killed
            logs=folder,
            address=address,
        )
        with start_server(repository, make_server, port, report) as server:
            answered()
            if not address.is_found:
                report(
                    "No way to a network was found; others type this machine's address, which"
                    f" `{platforms.how_to_see_addresses()}` shows, in place of {address.typed}"
                )
            report(f"Flack {stage.tag} is at {server.url} until you press Ctrl-C")
            try:
                # in turns: on Windows a wait without an end cannot be interrupted
                while not server.wait(timeout=1):
                    pass
            except KeyboardInterrupt:
                return 0
        raise ServerError(f"Flack ended by itself; it printed\n{server.output().strip()}")


def explain_loopback_only(repository: Path, line: StageLine, stage: Stage, host: str) -> str:
    """Return a sentence for a stage whose server takes no host: it names the stages that do."""
    said = f"{stage.tag} listens on {HOST} only"
    for each in line.stages:
        text = git.run(repository, "show", f"{each.commit}:README.md")
        if takes_options(readme.parse_commands(text, each.tag).run):
            command = f"{tour_command(repository)} run {each.tag} --host {host}"
            return f"{said}; the stages from {each.tag} on take --host, as in `{command}`"
    return f"{said}; run it without --host"


def start_server(
    repository: Path, make_server: Callable[[int], StageServer], port: int | None, report: Report
) -> StageServer:
    """Return a server that answers on the port, by default on the first free one of PORTS.

    One process at a time does this, from the choice of the port until the answer: two that choose
    at once would choose the same. Raise PortTakenError when the port is given and taken.
    """
    with exclusive(repository, "port", report):
        for candidate in PORTS if port is None else [port]:
            server = make_server(candidate)
            try:
                server.start()
                return server
            except PortTakenError:
                if port is not None:
                    raise
                report(f"Port {candidate} is taken, trying the next one")
    raise ServerError(f"the ports {PORTS[0]} to {PORTS[-1]} are all taken; give one with --port")

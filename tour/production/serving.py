"""The set-up as it is served, until it is interrupted, with its data kept in .tour/production."""

import re
import signal
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from typing import NamedTuple

from tour.environments import packages
from tour.production import files
from tour.production import part
from tour.production import programs
from tour.production.database import Database
from tour.production.deployment import Deployment
from tour.production.programs import Programs
from tour.repo import copies
from tour.repo.locks import take_lock
from tour.repo.own_folder import own_folder
from tour.stages.line import Stage
from tour.system.address import PORTS
from tour.system.address import port_is_taken
from tour.system.errors import TourError
from tour.system.errors import UsageError
from tour.system.server import PortTakenError
from tour.system.server import free_port
from tour.system.status_line import Report

# the first stage with a factory, which the page's files call
FACTORY = "create_app"

# what ends or changes a path in one of the page's files: nginx's, systemd's, a shell's
UNFIT = re.compile(r"[^\w./+@:,=~-]")


class Prepared(NamedTuple):
    """What a set-up of a stage needs: programs, the page's files, the stage's, its interpreter."""

    programs: Programs
    texts: dict[str, str]
    stage: Path
    python: Path

    def deploy(self, folder: Path, database: Database, **options: Any) -> Deployment:
        """Return a set-up of it in a folder of its own; see Deployment for the options."""
        return Deployment(self.texts, self.stage, self.python, folder, database, **options)


def explain_missing(repository: Path) -> str:
    """Return why there can be no set-up in the clone, and what to do; '' when there can be one."""
    if missing := programs.explain_missing():
        return missing
    if UNFIT.search(str(repository)) is None:
        return ""
    return (
        f"the files of nginx, systemd and the shell cannot name {repository}; move the clone to a"
        " path of letters, digits and none but / . _ - beside them"
    )


@contextmanager
def prepare(repository: Path, stage: Stage, report: Report = print) -> Iterator[Prepared]:
    """Give all that a set-up of the stage needs, installed; .venv is prepared before.

    `report` is called with a line before what takes long. Raise UsageError when a program lacks,
    the clone's path does not fit, or the stage has no application factory.
    """
    if missing := explain_missing(repository):
        raise UsageError(missing)
    installed = programs.find()
    texts = files.read(repository)
    with copies.clean_copy(repository, stage.commit, stage.tag) as folder:
        package = folder / "flack" / "__init__.py"
        if not package.exists() or FACTORY not in package.read_text(encoding="utf-8"):
            raise UsageError(f"{stage.tag} has no application factory; take the newest stage")
        more = f"\n{texts[files.REQUIREMENTS]}"
        named = ", and gunicorn and psycopg"
        python = packages.install_stage(repository, stage, report, more, named)
        yield Prepared(installed, texts, folder, python)


def serve(repository: Path, stage: Stage, nodes: int, port: int | None) -> int:
    """Serve the stage as others use it, and print where, until interrupted."""
    home = own_folder(repository, "production")
    lock = take_lock(home / "lock.sqlite", patience=0)
    if lock is None:
        raise TourError("another `tour run --production` is at work here; end it with Ctrl-C first")
    with closing(lock), prepare(repository, stage) as prepared:
        # nobody else is at work here: what runs is left of a run that was killed
        part.end_leftovers(
            {
                home / "nginx.pid": signal.SIGTERM,
                **dict.fromkeys(home.glob("node-*.pid"), signal.SIGTERM),
                home / "database" / "data" / "postmaster.pid": signal.SIGINT,
            },
            home,
        )
        if port is None:
            port = next((each for each in PORTS if not port_is_taken(each)), None) or free_port()
        elif port_is_taken(port):
            # nginx would say so in its log, while the other program answers in its place
            raise PortTakenError(port)
        print("Starting PostgreSQL, the nodes and nginx", flush=True)
        with (
            Database(prepared.programs, home / "database") as database,
            prepared.deploy(home, database, size=nodes, port=port) as served,
        ):
            print(f"PostgreSQL listens on port {database.port}")
            for node in served.nodes:
                print(f"A node listens on port {node.port}; gunicorn has the process {node.pid}")
            print(f"The files are in {served.settings}, the logs in {served.logs}")
            print(f"Flack {stage.tag} is at {served.url} until you press Ctrl-C", flush=True)
            try:
                while served.proxy.is_running and database.is_running:
                    served.wait(1)
            except KeyboardInterrupt:
                return 0
            raise TourError(f"a part has ended by itself; its log is in {served.logs}")

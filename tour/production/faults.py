"""What happens to a set-up in operation, each under load, and what its users see of it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from io import RawIOBase
from pathlib import Path
from typing import NamedTuple

from tour.production import hosts
from tour.production import part
from tour.production.database import Database
from tour.production.database import Login
from tour.production.deployment import Deployment
from tour.production.load import Load
from tour.production.logs import Logs
from tour.production.serving import Prepared
from tour.system.errors import DISK_FULL_CODES
from tour.system.errors import TourError
from tour.system.server import ServerError
from tour.system.status_line import Report

# seconds that a fault lasts where it does not end by itself
LASTS = 3.0

# of the small file system
DISK = "160m"


class Fault(NamedTuple):
    """Something that happens; `costs` is False when it must not fail a single request."""

    name: str
    happen: Callable[[Deployment, Load], None]
    costs: bool = True


class Finding(NamedTuple):
    """What a fault did: to how many of the requests, how long the longest took, what was logged.

    `missing` counts messages that were confirmed and are not there, `repeated` those that are there
    twice. `leaks` are logs that hold a token or a password. `problem` is '' when all is well.
    """

    name: str
    requests: int
    failed: int
    longest: float
    logged: str
    missing: int = 0
    repeated: int = 0
    leaks: tuple[str, ...] = ()
    problem: str = ""


def kill_worker(deployment: Deployment, load: Load) -> None:
    worker, *_ = deployment.nodes[0].children()
    part.kill(worker)


def kill_node(deployment: Deployment, load: Load) -> None:
    deployment.nodes[0].kill()
    for node in deployment.nodes:
        part.wait_until(node.answers, f"{node.name} does not answer", node.log)


def kill_database(deployment: Deployment, load: Load) -> None:
    deployment.database.kill()
    time.sleep(1)
    deployment.database.start()


def restart_database(deployment: Deployment, load: Load) -> None:
    deployment.database.stop()
    deployment.database.start()


def reload_nginx(deployment: Deployment, load: Load) -> None:
    deployment.proxy.reload()


def deploy(deployment: Deployment, load: Load) -> None:
    deployment.script("deploy.sh", **deployment.deploy_variables())


def deploy_broken_code(deployment: Deployment, load: Load) -> None:
    """Deploy code that does not start, which has to end after the first node; then what did."""
    module = deployment.stage / "flack" / "__init__.py"
    code = module.read_text(encoding="utf-8")
    module.write_text(f"{code}\nraise RuntimeError('this does not start')\n", encoding="utf-8")
    try:
        deployment.script("deploy.sh", FLACK_TRIES="8", **deployment.deploy_variables())
    except ServerError as error:
        if "is out of nginx; the others serve" not in str(error):
            raise
    else:
        raise ServerError("deploy.sh has put code under the nodes that does not start")
    finally:
        module.write_text(code, encoding="utf-8")
    deploy(deployment, load)


def drop_idle_connections(deployment: Deployment, load: Load) -> None:
    deployment.database.psql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE usename = '{deployment.name}' AND state = 'idle'"
    )


def reach_the_connection_limit(deployment: Deployment, load: Load) -> None:
    deployment.limit_connections(2)
    deployment.database.psql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE usename = '{deployment.name}'"
    )
    time.sleep(LASTS)
    deployment.limit_connections()


def fill_the_disk(deployment: Deployment, load: Load) -> None:
    """Leave no room until requests fail, then make room again."""
    database = deployment.database
    filler = database.folder / "filler"
    with filler.open("wb", buffering=0) as file:

        def is_felt() -> bool:
            _fill(file)
            # the journal goes on in a new file, for which there is no room
            database.psql("SELECT pg_switch_wal()", check=False)
            return bool(load.failed)

        part.wait_until(is_felt, "no request fails though the disk is full")
    time.sleep(LASTS)
    filler.unlink()
    # it stops when it cannot write its journal
    if not database.is_running or not database.is_ready():
        database.kill()
        database.start()


def lose_a_host(network: hosts.Network, deployment: Deployment, load: Load) -> None:
    """Cut the host of a node off, as a power cut does; seconds later the operator takes it out."""
    node = deployment.nodes[0]
    network.cut_off(node.host)
    time.sleep(LASTS)
    deployment.remove_node(node)


def add_a_host(deployment: Deployment, load: Load) -> None:
    """Add a node on a host that was not there, and wait until nginx gives it messages."""
    node = deployment.add_node()
    part.wait_until(
        lambda: '"POST /api/messages"' in part.read(node.access_log),
        f"{node.name} gets no message",
        node.access_log,
    )


KILL_WORKER = Fault("kill -9 of a worker", kill_worker)

FAULTS = (
    KILL_WORKER,
    Fault("kill -9 of a node", kill_node),
    Fault("kill -9 of the database", kill_database),
    Fault("the database restarted", restart_database),
    Fault("nginx reloaded", reload_nginx, costs=False),
    Fault("the rolling deploy, both nodes", deploy, costs=False),
    Fault("a deploy of code that does not start", deploy_broken_code, costs=False),
    Fault("idle connections dropped", drop_idle_connections),
    Fault("the role's connection limit reached", reach_the_connection_limit),
)
DISK_FULL = Fault("the disk of the database full", fill_the_disk)
HOST_LOST = "one of three hosts gone"
HOST_ADDED = "a node on a new host"


def try_fault(deployment: Deployment, fault: Fault) -> Finding:
    """Let a fault happen under load; return what it did once messages are confirmed again."""
    logs = Logs(deployment)
    with Load(deployment) as load:
        load.wait_for_more()
        fault.happen(deployment, load)
        load.wait_for_more()
    known = load.secrets | {deployment.login.password, deployment.environment["SECRET_KEY"]}
    missing, repeated = load.missing(), load.repeated()
    leaks = tuple(logs.leaks(known))
    problems = [
        f"{missing} confirmed messages are missing" if missing else "",
        f"{repeated} messages are there twice" if repeated else "",
        f"a secret is in {', '.join(leaks)}" if leaks else "",
        "" if fault.costs or not load.failed else f"{len(load.failed)} requests failed",
    ]
    return Finding(
        fault.name,
        len(load.answers),
        len(load.failed),
        max(answer.seconds for answer in load.answers),
        logs.summary(),
        missing,
        repeated,
        leaks,
        ", ".join(filter(None, problems)),
    )


def fill_a_disk(prepared: Prepared, folder: Path) -> Finding:
    """Try a set-up whose database has a small file system of its own, which only root can make."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return _not_tried(DISK_FULL.name, "only root on Linux can mount")
    with (
        _small_disk(folder / "disk") as disk,
        Database(prepared.programs, disk / "database", small=True) as database,
        prepared.deploy(folder / "full", database) as deployment,
    ):
        return try_fault(deployment, DISK_FULL)


def try_hosts(prepared: Prepared, folder: Path) -> list[Finding]:
    """Try a set-up of three nodes on three hosts of their own: one goes, and then one comes."""
    if why := hosts.explain_impossible():
        return [_not_tried(name, why) for name in (HOST_LOST, HOST_ADDED)]
    with (
        hosts.Network(folder / "hosts") as network,
        Database(prepared.programs, folder / "hosts-database", network=network) as database,
        prepared.deploy(folder / "on-hosts", database, size=3, network=network) as deployment,
    ):
        return [
            try_fault(deployment, Fault(HOST_LOST, partial(lose_a_host, network))),
            try_fault(deployment, Fault(HOST_ADDED, add_a_host, costs=False)),
        ]


def create_twice(deployment: Deployment) -> Finding:
    """Let two `manage.py createdb` make the tables of one database at the same moment."""
    login = Login("flack_twice", "only-for-this-check")
    deployment.database.create(login, deployment.settings / "role.sql", 4)
    url = deployment.environment["DATABASE_URL"]
    own = url.replace(f"//{deployment.name}:", f"//{login.role}:")
    own = own.replace(deployment.login.password, login.password)
    own = own.replace(f"/{deployment.name}?", f"/{login.role}?")
    start = time.monotonic()
    command = [str(deployment.python), "manage.py", "createdb"]
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(deployment.run, command, {"DATABASE_URL": own}) for _ in range(2)]
    answers = [each.result() for each in runs]
    said = [answer.output for answer in answers]
    failed = sum(answer.code != 0 for answer in answers)
    statement = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    tables = deployment.database.psql(statement, login.role).stdout.strip()
    told = " / ".join(text or "nothing" for text in said)
    problem = f"createdb ended with an error: {told}" if failed else ""
    if tables != "2":
        problem = f"{tables} tables are there"
    elif not failed and set(said) != {"The tables are there."}:
        problem = f"createdb does not say that the tables are there: {told}"
    seconds = time.monotonic() - start
    logged = f"they printed: {told}"
    return Finding("two createdb at once", 2, failed, seconds, logged, problem=problem)


def _not_tried(name: str, why: str) -> Finding:
    return Finding(name, 0, 0, 0, f"not tried: {why}")


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True)
    options = ["-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", str(folder)]
    answer = subprocess.run(["mount", *options], capture_output=True, text=True)
    if answer.returncode != 0:
        raise TourError(f"no file system could be mounted: {answer.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _fill(file: RawIOBase) -> None:
    """Write to the file until there is no room left."""
    for size in (64 * 1024, 512):
        try:
            while True:
                file.write(bytes(size))
        except OSError as error:
            if error.errno not in DISK_FULL_CODES:
                raise


def find_all(prepared: Prepared, folder: Path, report: Report) -> list[Finding]:
    """Try all faults, one after the other; `report` is called with the name of each."""
    found = []
    with (
        Database(prepared.programs, folder / "faults-database") as database,
        prepared.deploy(folder / "faults", database) as deployment,
    ):
        for fault in FAULTS:
            report(fault.name)
            found.append(try_fault(deployment, fault))
        report("two createdb at once")
        found.append(create_twice(deployment))
    report(DISK_FULL.name)
    found.append(fill_a_disk(prepared, folder))
    report(HOST_LOST)
    found += try_hosts(prepared, folder)
    return found

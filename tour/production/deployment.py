"""A stage as others use it: its database, its nodes and nginx before them, started in order."""

import os
import secrets
import signal
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from tour.production import files
from tour.production import hosts
from tour.production.database import Database
from tour.production.database import Login
from tour.production.node import ENVIRONMENT
from tour.production.node import Node
from tour.production.part import read
from tour.production.proxy import Proxy
from tour.system import process
from tour.system.address import HOST
from tour.system.errors import UsageError
from tour.system.server import ServerError
from tour.system.server import free_port

# connections that the role may have beside those of the nodes
SPARE = 8

# connections that a process holds at most: SQLAlchemy's pool has 5, and 10 more at need
POOL = 15

# seconds that a command of Flack's may take, and between two looks at the nodes
LIMIT = 120.0
PAUSE = 0.2

NO_BRAKE = (
    files.Replacement("nginx/nginx.conf", "rate=1r/s", "rate=10000r/s"),
    files.Replacement("nginx/nginx.conf", "rate=4r/s", "rate=10000r/s"),
)


@dataclass(eq=False)
class Deployment(process.Running):
    """The set-up: a stage's files in `stage`, run by `python`, with its own folder and ports.

    `texts` are those of docs/production/. `name` is that of the role and of the database, which is
    made when it is not there. `size` is the number of nodes at the start. `variables` are set for
    the nodes beside those of flack.env, and `replacements` change the files beside the ports and
    the paths. With a network, each node has a host of its own there; else all are on this one.
    """

    texts: dict[str, str]
    stage: Path
    python: Path
    folder: Path
    database: Database
    name: str = "flack"
    size: int = 2
    port: int = field(default_factory=free_port)
    variables: dict[str, str] = field(default_factory=dict)
    replacements: tuple[files.Replacement, ...] = ()
    network: hosts.Network | None = None

    def __post_init__(self) -> None:
        self.settings = self.folder / "etc"
        self.logs = self.folder / "log"
        self.backups = self.folder / "backups"
        self.url = f"http://{HOST}:{self.port}"
        self.hosts = {port: self._choose_host() for port in _free_ports(self.size)}
        self.nodes: list[Node] = []
        self.proxy = Proxy(self.database.programs, self.port, self.settings, self.logs)
        self._stack = ExitStack()
        self._ended = threading.Event()

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a node, as its unit gives them."""
        text = (self.settings / ENVIRONMENT).read_text(encoding="utf-8")
        return files.variables(text) | self.variables

    @property
    def pids(self) -> list[int]:
        """The processes of the nodes that run."""
        return [node.pid for node in self.nodes if node.pid is not None]

    @property
    def node_ports(self) -> list[int]:
        return list(self.hosts)

    @property
    def login(self) -> Login:
        return Login(self.name, self._secret("password"))

    def start(self) -> None:
        """Start what does not run, and return when Flack answers behind nginx."""
        self._write_files()
        if not self.database.has(self.name):
            self.database.create(self.login, self.settings / "role.sql", self._connections())
        # there may be more nodes than last time
        self.limit_connections()
        self.manage("createdb")
        if not self.nodes:
            self.nodes = [self._node(port) for port in self.node_ports]
        for node in self.nodes:
            node.begin()
        for node in self.nodes:
            node.wait(node.answers)
        self.proxy.start()
        self._ended = threading.Event()
        watcher = threading.Thread(target=self._watch, args=[self._ended], daemon=True)
        watcher.start()
        self._stack.callback(watcher.join)
        self._stack.callback(self._ended.set)

    def add_node(self) -> Node:
        """Start one node more: first the role may have its connections, last nginx knows of it."""
        [port] = _free_ports(1)
        self.hosts[port] = self._choose_host()
        self.limit_connections()
        node = self._node(port)
        node.start()
        self.nodes = [*self.nodes, node]
        self._write_files()
        self.proxy.reload()
        return node

    def remove_node(self, node: Node) -> None:
        """Take a node away that will not come back: nginx does not ask it any more."""
        node.kill_for_good()
        self.nodes = [other for other in self.nodes if other is not node]
        del self.hosts[node.port]
        self._write_files()
        self.proxy.reload()

    def stop(self) -> None:
        """Stop nginx, then the nodes; the database is not this one's."""
        self._stack.close()
        self.proxy.stop()
        for node in self.nodes:
            node.wanted = False
            node.send(signal.SIGTERM)
        for node in self.nodes:
            node.stop()

    def kill(self) -> None:
        """End nginx and all nodes at once, as a power cut would."""
        self._stack.close()
        self.proxy.kill()
        for node in self.nodes:
            node.kill_for_good()

    def wait(self, seconds: float) -> None:
        """Wait, while the nodes are looked after."""
        self._ended.wait(seconds)

    def output(self) -> str:
        """Return what the nodes and nginx have logged that is no access."""
        logs = [self.proxy.log, self.proxy.error_log]
        for node in self.nodes:
            logs += [node.log, node.error_log]
        return "".join(read(log) for log in logs)

    def manage(self, *arguments: str) -> str:
        """Run a command of the stage's manage.py; raise ServerError with what it printed."""
        command = [str(self.python), "manage.py", *arguments]
        return _checked(" ".join(command[1:]), self.run(command))

    def run(self, command: list[str], variables: dict[str, str] | None = None) -> process.Finished:
        """Run a command in the stage's folder with the nodes' variables."""
        return process.finish(command, self.stage, self.environment | (variables or {}), LIMIT)

    def script(self, name: str, *arguments: str, **variables: str) -> str:
        """Run a script of the page, as PostgreSQL's superuser; raise ServerError when it fails."""
        client = self.database.client(self.name)
        command = ["sh", str(self.settings / name), *arguments]
        return _checked(name, self.run(command, {**client, **variables}))

    def sql(self, statement: str) -> list[tuple[str, ...]]:
        """Run SQL in Flack's database, and return the rows, each value as text."""
        lines = self.database.psql(statement, self.name).stdout.splitlines()
        return [tuple(line.split("|")) for line in lines]

    def limit_connections(self, limit: int | None = None) -> None:
        """Let the role have so many connections, by default those that the nodes may take."""
        limit = self._connections() if limit is None else limit
        self.database.psql(f'ALTER ROLE "{self.name}" CONNECTION LIMIT {limit}')

    def deploy_variables(self) -> dict[str, str]:
        """Return the variables that let deploy.sh restart these nodes without systemd."""
        restart = self.settings / "restart-"
        for node in self.nodes:
            script = restart.with_name(f"restart-{node.port}")
            # the node is started again as the unit says
            script.write_text(
                f'#!/bin/sh\nold=$(cat "{node.pid_file}")\nkill -TERM "$old"\n'
                f'while [ "$(cat "{node.pid_file}")" = "$old" ]; do sleep 0.1; done\n',
                encoding="utf-8",
            )
            script.chmod(0o700)
        return {
            "FLACK_NODES": " ".join(map(str, self.node_ports)),
            "FLACK_RELOAD": f"{' '.join(self.proxy.command)} -s reload",
            "FLACK_RESTART": str(restart),
        }

    def _watch(self, ended: threading.Event) -> None:
        while not ended.wait(PAUSE):
            for node in self.nodes:
                node.look_after()

    def _write_files(self) -> None:
        for folder in (self.settings, self.logs, self.backups, self.folder / "nginx"):
            folder.mkdir(parents=True, exist_ok=True)
        upstream = self.texts["nginx/upstream.conf"]
        [first, second] = [
            line for line in upstream.splitlines() if line.strip().startswith("server ")
        ]
        servers = [
            first.replace("127.0.0.1:8001", f"{host.address}:{port}")
            for port, host in self.hosts.items()
        ]
        replacements = [
            files.Replacement("nginx/upstream.conf", f"{first}\n{second}", "\n".join(servers)),
            files.Replacement("nginx/http.conf", "127.0.0.1:8080", f"{HOST}:{self.port}"),
            files.Replacement("nginx/nginx.conf", "user www-data;", f"user {_user_name()};"),
            files.Replacement("nginx/nginx.conf", "/var/lib/nginx", str(self.folder / "nginx")),
            files.Replacement("nginx/nginx.conf", "/run/nginx.pid", str(self.folder / "nginx.pid")),
            files.Replacement("nginx/nginx.conf", "/var/log/nginx", str(self.logs / "nginx")),
            files.Replacement(ENVIRONMENT, "CHANGE-THIS-KEY", self._secret("key")),
            files.Replacement(ENVIRONMENT, "CHANGE-THIS-PASSWORD", self.login.password),
            files.Replacement(ENVIRONMENT, "//flack:", f"//{self.name}:"),
            files.Replacement(
                ENVIRONMENT,
                "127.0.0.1:5432/flack",
                f"{self.database.address}:{self.database.port}/{self.name}",
            ),
            files.Replacement("", "/srv/flack/venv", str(self.python.parents[1])),
            files.Replacement("", "/srv/flack/app", str(self.stage)),
            files.Replacement("", "/var/backups/flack", str(self.backups)),
            files.Replacement("", "/var/log/flack", str(self.logs)),
            files.Replacement("", "/etc/flack", str(self.settings)),
        ]
        filled = files.fill(self.texts, [*self.replacements, *replacements])
        files.write(filled, self.settings)

    def _choose_host(self) -> hosts.Host:
        return self.network.add_host() if self.network else hosts.THIS_HOST

    def _node(self, port: int) -> Node:
        return Node(port, self.settings, self.logs, self.variables, self.hosts[port])

    def _connections(self) -> int:
        """Return how many connections the role may have, by the sum in role.sql.

        Raise UsageError when PostgreSQL takes fewer.
        """
        workers, threads = (
            int(self.environment[f"FLACK_{name}"]) for name in ("WORKERS", "THREADS")
        )
        node = workers * min(threads, POOL)
        connections = len(self.hosts) * node + SPARE
        most = self.database.most_connections()
        if connections > most:
            raise UsageError(
                f"{len(self.hosts)} nodes may take {connections} connections, and PostgreSQL has"
                f" {most}; take at most {(most - SPARE) // node} nodes"
            )
        return connections

    def _secret(self, name: str) -> str:
        """Return a secret that is made once, and kept in the folder."""
        file = self.folder / name
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(secrets.token_hex(32), encoding="utf-8")
            file.chmod(0o600)
        return file.read_text(encoding="utf-8")


def _checked(name: str, answer: process.Finished) -> str:
    if answer.code != 0:
        raise ServerError(f"{name} {answer.how}:\n{answer.output}")
    return answer.output


def _user_name() -> str:
    # not on Windows, which has no use for it
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def _free_ports(count: int) -> set[int]:
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return ports

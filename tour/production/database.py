"""PostgreSQL for the set-up: a cluster of its own, on loopback alone, with its own superuser."""

import secrets
import signal
import subprocess
from pathlib import Path
from typing import NamedTuple

from tour.production import programs
from tour.production.hosts import Network
from tour.production.part import Part
from tour.system import process
from tour.system.address import HOST
from tour.system.server import ServerError
from tour.system.server import free_port

SUPERUSER = "postgres"

# seconds that initdb or a statement may take
LIMIT = 300.0


class Login(NamedTuple):
    """The user of a database: a role with the database of the same name."""

    role: str
    password: str


class Database(Part):
    """A cluster in a folder, which is made when it is not there.

    `small` writes its journal in pieces of 1 MiB, for a disk that is small. With a network, its
    hosts are let in, too. The superuser's password is in a file beside the data.
    """

    def __init__(
        self,
        installed: programs.Programs,
        folder: Path,
        small: bool = False,
        network: Network | None = None,
    ) -> None:
        self.programs = installed
        self.folder = folder
        self.small = small
        self.network = network
        self.address = network.address if network else HOST
        self.data = folder / "data"
        self.secret = folder / "superuser"
        self.port = free_port()
        settings = {
            "listen_addresses": ",".join(dict.fromkeys([HOST, self.address])),
            "port": str(self.port),
            # no file of a socket, whose path may be too long
            "unix_socket_directories": "",
            # a row that changes nothing is not to be written, which a test of the contract looks at
            "autovacuum_naptime": "1h",
            **({"max_wal_size": "4MB", "min_wal_size": "2MB"} if small else {}),
        }
        options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        command = installed.postgresql_command("postgres", "-D", str(self.data), *options)
        super().__init__("PostgreSQL", command, folder, {}, folder / "postgresql.log")

    def start(self) -> None:
        """Make the cluster unless it is there, start it, and return when it takes connections."""
        self.folder.mkdir(parents=True, exist_ok=True)
        programs.chown(self.folder)
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self.spawn()
        self.wait(self.is_ready)

    def stop(self) -> None:
        """Break off all sessions, and end."""
        # TERM would wait until all sessions end (postgres(1))
        self.send(signal.SIGINT)
        super().stop()

    def is_ready(self) -> bool:
        """Return whether it takes connections: after a crash it recovers first."""
        return self.psql("SELECT 1", check=False).returncode == 0

    def client(self, database: str = SUPERUSER) -> dict[str, str]:
        """Return the variables by which PostgreSQL's programs find the database; see libpq."""
        return {
            "PGHOST": HOST,
            "PGPORT": str(self.port),
            "PGUSER": SUPERUSER,
            "PGPASSWORD": self.secret.read_text(encoding="utf-8"),
            "PGDATABASE": database,
            "PGCONNECT_TIMEOUT": "5",
            "PATH": f"{self.programs.postgresql}:/usr/bin:/bin:/usr/local/bin",
        }

    def psql(
        self, statement: str, database: str = SUPERUSER, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run SQL as the superuser; raise ServerError when it fails and `check` is set."""
        options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        return self._run_psql(options, self.client(database), check, statement)

    def create(self, login: Login, role_sql: Path, connections: int) -> None:
        """Make a role and its database, as the page's role.sql has it."""
        names = {"role": login.role, "database": login.role, "connections": str(connections)}
        sets = [f"--set={name}={value}" for name, value in names.items()]
        variables = self.client() | {"FLACK_PASSWORD": login.password}
        options = ["--no-psqlrc", "--quiet", *sets, "--file", str(role_sql)]
        self._run_psql(options, variables, check=True)

    def has(self, database: str) -> bool:
        """Return whether there is a database of that name."""
        name = f"SELECT count(*) FROM pg_database WHERE datname = '{database}'"
        return self.psql(name).stdout.strip() == "1"

    def most_connections(self) -> int:
        """Return how many connections all roles that are no superuser can have together."""
        names = "'max_connections', 'superuser_reserved_connections'"
        settings = f"SELECT setting FROM pg_settings WHERE name IN ({names}) ORDER BY name"
        most, reserved = map(int, self.psql(settings).stdout.split())
        return most - reserved

    def _run_psql(
        self, arguments: list[str], variables: dict[str, str], check: bool, statements: str = ""
    ) -> subprocess.CompletedProcess[str]:
        answer = subprocess.run(
            [str(self.programs.postgresql / "psql"), *arguments],
            env=process.clean_environment(variables),
            # not as an argument, which has a longest length
            input=statements,
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
        if check and answer.returncode != 0:
            raise ServerError(f"psql ended with {answer.returncode}:\n{answer.stderr.strip()}")
        return answer

    def _make(self) -> None:
        self.secret.write_text(secrets.token_hex(16), encoding="utf-8")
        self.secret.chmod(0o600)
        programs.chown(self.secret)
        self.data.mkdir(exist_ok=True)
        programs.chown(self.data)
        command = self.programs.postgresql_command(
            "initdb",
            *("-D", str(self.data), f"--username={SUPERUSER}", f"--pwfile={self.secret}"),
            # a crash of the machine while it is made only makes it be made again
            "--no-sync",
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"),
            *(["--wal-segsize=1"] if self.small else []),
        )
        made = process.finish(command, self.folder, {}, LIMIT)
        if made.code != 0:
            raise ServerError(f"initdb {made.how}:\n{made.output}")
        if self.network is not None:
            with (self.data / "pg_hba.conf").open("a", encoding="utf-8") as file:
                file.write(f"host all all {self.network.range} scram-sha-256\n")

"""A node: gunicorn with Flack, started as the page's systemd unit starts it."""

import shlex
import time
from pathlib import Path

from tour.production import files
from tour.production.hosts import Host
from tour.production.part import Part
from tour.system.server import get_status

UNIT = "flack@.service"
ENVIRONMENT = "flack.env"


class Node(Part):
    """A node of the filled files in `settings`; `variables` are set beside those of its unit."""

    def __init__(
        self, port: int, settings: Path, logs: Path, variables: dict[str, str], host: Host
    ) -> None:
        unit = (settings / UNIT).read_text(encoding="utf-8").replace("%i", str(port))
        own = dict([files.unit_value(unit, "Environment").split("=", maxsplit=1)])
        environment = files.variables((settings / ENVIRONMENT).read_text(encoding="utf-8"))
        super().__init__(
            f"the node {port}",
            [*host.enter, *shlex.split(files.unit_value(unit, "ExecStart"))],
            Path(files.unit_value(unit, "WorkingDirectory")),
            environment | own | {"FLACK_LOGS": str(logs), "FLACK_BIND": host.address} | variables,
            logs / f"node-{port}.log",
        )
        self.port = port
        self.host = host
        self.prefix = variables.get("SCRIPT_NAME", "")
        self.restart_seconds = float(files.unit_value(unit, "RestartSec"))
        self.error_log = logs / f"error-{port}.log"
        self.access_log = logs / f"access-{port}.log"
        self.pid_file = logs.parent / f"node-{port}.pid"
        # what the set-up wants: a node that ended is started again as long as this is set
        self.wanted = False
        self.ended_at: float | None = None

    def start(self) -> None:
        """Start the node, and return when it answers."""
        self.begin()
        self.wait(self.answers)

    def begin(self) -> None:
        """Start the node."""
        self.wanted = True
        self.ended_at = None
        self.spawn()
        self.pid_file.write_text(str(self.pid), encoding="utf-8")

    def look_after(self) -> None:
        """Do what systemd does with Restart=always: start a node again that has ended."""
        if not self.wanted or self.is_running:
            return
        now = time.monotonic()
        self.ended_at = self.ended_at or now
        if now - self.ended_at >= self.restart_seconds:
            self.begin()

    def stop(self) -> None:
        self.wanted = False
        super().stop()

    def kill_for_good(self) -> None:
        """End the node at once, and let it not be started again."""
        self.wanted = False
        self.kill()

    def answers(self) -> bool:
        return get_status(self.host.address, self.port, f"{self.prefix}/") == 200

"""nginx for the set-up, with the page's configuration."""

import signal
from pathlib import Path

from tour.production.part import Part
from tour.production.part import wait_until
from tour.production.programs import Programs
from tour.system.address import port_is_taken


class Proxy(Part):
    """nginx with the filled files in `settings`, which listens on a port."""

    def __init__(self, installed: Programs, port: int, settings: Path, logs: Path) -> None:
        self.port = port
        self.error_log = logs / "nginx" / "error.log"
        self.error_log.parent.mkdir(parents=True, exist_ok=True)
        self.command = [str(installed.nginx), "-c", str(settings / "nginx" / "nginx.conf")]
        # what it says before it has read where its log is goes there, too
        self.command += ["-e", str(self.error_log)]
        # as a service has it
        arguments = [*self.command, "-g", "daemon off;"]
        super().__init__("nginx", arguments, settings, {}, logs / "nginx.log")

    def start(self) -> None:
        """Start nginx, and return when it listens."""
        self.spawn()
        self.wait(lambda: port_is_taken(self.port))

    def reload(self) -> None:
        """Read the configuration again, and return when all processes with the old one ended."""
        old = set(self.children())
        self.send(signal.SIGHUP)
        wait_until(
            lambda: old.isdisjoint(self.children()),
            "nginx has not taken its new configuration",
            self.error_log,
        )

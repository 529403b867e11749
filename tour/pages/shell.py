"""A shell in which a session's commands run one after the other, as a learner types them."""

import os
import re
import select
import subprocess
import time
from pathlib import Path

from tour.pages import console
from tour.pages.patches import split_lines
from tour.pages.sandboxes import Sandbox
from tour.system import process
from tour.system.address import port_is_taken
from tour.system.errors import TourError
from tour.system.server import free_port

# seconds that a command may take, and a server until it listens
LIMIT = 120.0

# seconds between two looks at whether the shell, or a server, still runs
PAUSE = 0.05

# a shell that is asked to end, with its group, waits for its command to clean up
PATIENT = "trap : TERM"

# reads the names of files with commands from its first argument, and writes to its second how each
# ended
DRIVER = f"""\
{PATIENT}
exec 3<"$1" 4>"$2"
while IFS= read -r tour_file <&3; do
    . "$tour_file" 3<&- 4>&-
    echo $? >&4
done
"""

# the ports that pages have, of the first server and of a second one at the same time
PORTS = ("5000", "5001")

# a server of Flask-Script's, which takes its port from an option alone
RUNSERVER = re.compile(r"\brunserver\b(?!.* (?:-p|--port)\b)")

CARRIAGE_RETURN = re.compile(r"[^\n]*\r(?!\n)")


class CommandError(TourError):
    """A command did not end, or a server did not start."""


class Shell:
    """A shell in a sandbox, and the servers that its commands start."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        # beside the folder, where no command sees it
        self.files = sandbox.folder.parent / ".shell"
        self.files.mkdir()
        self.log = self.files / "output"
        self.log.touch()
        self.command_file = self.files / "command"
        self.code = 0
        self.read = 0
        self.ports = {port: str(free_port()) for port in PORTS}
        self.servers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Shell":
        if os.name == "nt":
            raise TourError(
                "the pages' sessions are typed into sh, which Windows lacks; run this in WSL"
            )
        pipes = [self.files / name for name in ("commands", "codes")]
        for pipe in pipes:
            os.mkfifo(pipe)
        # open for both directions, for else the opening would wait for the other side
        self.commands, self.codes = (os.open(pipe, os.O_RDWR) for pipe in pipes)
        self.process = process.spawn(
            ["sh", "-c", DRIVER, "sh", *map(str, pipes)],
            self.sandbox.folder,
            self.sandbox.environment,
            self.log,
        )
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop_servers()
        # the shell ends when it has read its last command
        os.close(self.commands)
        process.stop(self.process)
        os.close(self.codes)

    def run(self, command: console.Command) -> list[str]:
        """Run a command to its end and return the lines that it prints; start a server.

        Raise CommandError when it does not end, or the server does not listen.
        """
        text = self._put_ports_in(command.text)
        if command.is_server:
            self._start(text.removesuffix(console.SERVER))
            return []
        self._type(text)
        data = self.log.read_bytes()
        output = self._decode(data[self.read :])
        self.read = len(data)
        return split_lines(output)

    def stop_servers(self) -> None:
        """End the servers that were started since this was called last."""
        for server in self.servers:
            process.stop(server)
        self.servers.clear()

    def _type(self, text: str) -> None:
        # on the first line, so that the shell's messages have the right number; the code of the
        # command before is what $? is
        self.command_file.write_text(f"(exit {self.code}); {text}\n", encoding="utf-8")
        os.write(self.commands, f"{self.command_file}\n".encode())
        deadline = time.monotonic() + LIMIT
        while not select.select([self.codes], [], [], PAUSE)[0]:
            if self.process.poll() is not None:
                raise CommandError("this ended the shell")
            if time.monotonic() > deadline:
                raise CommandError(f"this did not end in {LIMIT:.0f} s; is ' &' missing?")
        self.code = int(os.read(self.codes, 16))

    def _start(self, text: str) -> None:
        named = [port for port in PORTS if self.ports[port] in text]
        port = self.ports[named[0] if named else PORTS[0]]
        # a server has the directory and the variables that the shell has by now
        state = self.files / "state"
        self._type(f"{{ pwd; env; }} >'{state}'")
        directory, *variables = state.read_text(encoding="utf-8").splitlines()
        environment = dict(variable.split("=", 1) for variable in variables if "=" in variable)
        if port_is_taken(int(port)):
            raise CommandError("another server runs already; give this one the port 5001")
        log = self.files / f"server-{port}"
        server = process.spawn(
            ["sh", "-c", f"{PATIENT}\n{text}"],
            Path(directory),
            {"PORT": port, "FLASK_RUN_PORT": port, **environment},
            log,
        )
        self.servers.append(server)
        deadline = time.monotonic() + LIMIT
        while not port_is_taken(int(port)):
            if server.poll() is not None or time.monotonic() > deadline:
                output = self._decode(log.read_bytes()).splitlines()
                last = f"; its last line: {output[-1]}" if output else ""
                raise CommandError(f"this server did not come to listen{last}")
            time.sleep(PAUSE)

    def _put_ports_in(self, text: str) -> str:
        for port, real in self.ports.items():
            text = re.sub(rf"\b{port}\b", real, text)
        if self.servers or text.endswith(console.SERVER):
            text = RUNSERVER.sub(f"runserver -p {self.ports[PORTS[0]]}", text)
        return text

    def _decode(self, data: bytes) -> str:
        text = data.decode(errors="replace").replace("\r\n", "\n")
        # what is written over is not seen
        text = CARRIAGE_RETURN.sub("", text).replace(f"{self.command_file}: ", "sh: ")
        text = self.sandbox.show(text)
        for port, real in self.ports.items():
            text = re.sub(rf"\b{real}\b", port, text)
        return text

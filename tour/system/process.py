"""Child processes that see a clean environment and end together with their own children."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextlib import nullcontext
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from typing import Self

# a process has this long, in seconds, to finish when it is asked to stop; on a busy machine a test
# run needs some of it to end the servers and the browser that it started
GRACE = 20.0

# variables that a learner may have set for another project, or for Flack, must not reach a stage;
# nor those that keep Python from reading or writing bytecode: each start would compile Flask
UNWANTED_NAMES = {
    *("DATABASE_URL", "HOST", "PORT", "SECRET_KEY", "VIRTUAL_ENV"),
    *("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "PYTHONPYCACHEPREFIX"),
    *("PYTHONSTARTUP", "PYTHONWARNINGS"),
}
UNWANTED_PREFIXES = ("COVERAGE_", "FLACK_", "FLASK_", "GIT_", "PYTEST_", "WERKZEUG_")

# this makes a new group on Windows, elsewhere a session does
NEW_GROUP: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)

_running: set[subprocess.Popen[bytes]] = set()


def clean_environment(additions: dict[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment variables, without those that change how a stage behaves.

    `additions` come on top, and may have any name that was left out.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in UNWANTED_NAMES and not name.startswith(UNWANTED_PREFIXES)
    }
    return environment | (additions or {})


class Finished(NamedTuple):
    """The end of a process: its code, None when it took too long, the same in words, its output."""

    code: int | None
    how: str
    output: str


def spawn(
    arguments: list[str], directory: Path, environment: dict[str, str], log: Path | None
) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own.

    Its output is appended to the file `log`. Without one it goes where the tour's own output goes.
    """
    with log.open("ab") if log else nullcontext() as output:
        process = subprocess.Popen(
            arguments,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            creationflags=NEW_GROUP,
            start_new_session=sys.platform != "win32",
        )
    _running.add(process)
    return process


class Running:
    """What is started at the beginning of a `with` statement, and stopped at its end."""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and return when it is ready."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop it, however far its start has come."""
        raise NotImplementedError


class Service(Running):
    """A process that goes on until it is stopped, and may be started again."""

    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process, None when it does not run."""
        return self._process.pid if self._process and self.is_running else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask the process and its children to end, and make them when they do not."""
        if self._process is not None:
            stop(self._process)

    def kill(self) -> None:
        """End the process and its children at once, with no chance to finish anything."""
        if self._process is not None:
            kill(self._process)


def run(
    arguments: list[str], directory: Path, environment: dict[str, str], log: Path, limit: float
) -> int | None:
    """Run a process to its end and return its exit code, None when it took over `limit` seconds."""
    process = spawn(arguments, directory, environment, log)
    try:
        return process.wait(limit)
    except subprocess.TimeoutExpired:
        return None
    finally:
        stop(process)


def finish(
    arguments: list[str], directory: Path, additions: dict[str, str], limit: float
) -> Finished:
    """Run a process as `run` does, in a clean environment with additions; return its output too."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        log = Path(folder, "log")
        code = run(arguments, directory, clean_environment(additions), log, limit)
        output = log.read_text(encoding="utf-8", errors="replace").strip()
    how = f"did not end in {limit:.0f} s" if code is None else f"ended with {code}"
    return Finished(code, how, output)


def stop_all() -> None:
    """End every process that was started here and runs still, all at once."""
    stop(*_running)


@contextmanager
def stopping_all(
    cancelled: threading.Event | None = None, pool: ThreadPoolExecutor | None = None
) -> Iterator[None]:
    """Where the block fails, end all that runs, and let nothing begin that waits in the pool."""
    try:
        yield
    except BaseException:
        if cancelled:
            cancelled.set()
        if pool:
            pool.shutdown(wait=False, cancel_futures=True)
        stop_all()
        raise


def stop(*processes: subprocess.Popen[bytes]) -> None:
    """End the processes and their children: politely, and after GRACE seconds by force."""
    asked = [process for process in processes if process.poll() is None]
    for process in asked:
        if sys.platform == "win32":
            process.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            _signal_group(process, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    for process in asked:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0, deadline - time.monotonic()))
    for process in processes:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and its children at once, as a power cut would."""
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(command, capture_output=True)
    else:
        _signal_group(process, signal.SIGKILL)
    process.wait()
    _running.discard(process)


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    # macOS gives PermissionError when only a zombie is left in the group
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)

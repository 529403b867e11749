"""Child processes that see a clean environment and end together with their own children."""

import os
import signal
import subprocess
import time
from contextlib import nullcontext
from pathlib import Path

# a process has this long, in seconds, to finish when it is asked to stop; on a busy machine a test
# run needs some of it to end the servers and the browser that it started
GRACE = 20.0

# what a learner may have set for a project of their own, or for Flack, must not reach a stage; nor
# what keeps Python from reading bytecode, or from leaving it: each start would compile Flask again
UNWANTED_NAMES = {
    "DATABASE_URL",
    "HOST",
    "PORT",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONPYCACHEPREFIX",
    "PYTHONSTARTUP",
    "PYTHONWARNINGS",
    "SECRET_KEY",
    "VIRTUAL_ENV",
}
UNWANTED_PREFIXES = ("COVERAGE_", "FLACK_", "FLASK_", "GIT_", "PYTEST_", "WERKZEUG_")

_running: set[subprocess.Popen] = set()


def clean_environment(additions: dict[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment variables without what would change a stage's behaviour.

    `additions` are put in last, so they may hold any of the names that were taken out.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in UNWANTED_NAMES and not name.startswith(UNWANTED_PREFIXES)
    }
    return environment | (additions or {})


def spawn(
    arguments: list[str], directory: Path, environment: dict[str, str], log: Path | None
) -> subprocess.Popen:
    """Start a process in a group of its own.

    What it prints is appended to the file `log`; without one it goes where the tour's own goes.
    """
    with log.open("ab") if log else nullcontext() as output:
        process = subprocess.Popen(
            arguments,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            **_new_group(),
        )
    _running.add(process)
    return process


def run(
    arguments: list[str],
    directory: Path,
    environment: dict[str, str],
    log: Path | None,
    limit: float,
) -> int | None:
    """Run a process to its end and return its exit code, None when it took over `limit` seconds."""
    process = spawn(arguments, directory, environment, log)
    try:
        return process.wait(limit)
    except subprocess.TimeoutExpired:
        return None
    finally:
        stop(process)


def stop(process: subprocess.Popen, grace: float = GRACE) -> None:
    """End the process and its children: politely, and after `grace` seconds by force."""
    _stop([process], grace)


def stop_all() -> None:
    """End every process that was started here and runs still, all at once."""
    _stop(list(_running), GRACE)


def _stop(processes: list[subprocess.Popen], grace: float) -> None:
    asked = [process for process in processes if process.poll() is None]
    for process in asked:
        _ask(process)
    deadline = time.monotonic() + grace
    for process in asked:
        try:
            process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
    for process in processes:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    """End the process and its children at once, as a power cut would."""
    if os.name == "nt":
        subprocess.run(
            ["taskkill", "/F", "/T", "/PID", str(process.pid)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    else:
        _signal_group(process, signal.SIGKILL)
    process.wait()
    _running.discard(process)


def _new_group() -> dict:
    if os.name == "nt":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _ask(process: subprocess.Popen) -> None:
    if os.name == "nt":
        process.send_signal(signal.CTRL_BREAK_EVENT)
    else:
        _signal_group(process, signal.SIGTERM)


def _signal_group(process: subprocess.Popen, number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass
    except PermissionError:
        # macOS answers so when only a zombie is left in the group
        pass

"""Whether a machine is ready for class: what the tour needs, looked at one thing after the other.

Each check has a limit, none keeps the others back, and none changes anything but in .tour. All of
it runs before .venv exists.
"""

import http.client
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Callable
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from tour.environments import environment
from tour.environments import packages
from tour.environments import pythons
from tour.environments import wheels
from tour.repo import copies
from tour.repo import git
from tour.repo.clone import find_repository
from tour.repo.clone import tour_command
from tour.repo.own_folder import own_folder
from tour.stages import readme
from tour.stages import tags
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.stages.manifest import MANIFEST_PATH
from tour.stages.tags import State
from tour.system import browsers
from tour.system import platforms
from tour.system.address import HOST
from tour.system.address import port_is_taken
from tour.system.errors import FULL_CLONE
from tour.system.errors import TourError
from tour.system.platforms import Need
from tour.system.platforms import System
from tour.system.server import ServerError
from tour.system.server import StageServer

# GIT_CONFIG_GLOBAL and GIT_CONFIG_SYSTEM, which keep the user's configuration out of what the tour
# asks, are obeyed since 2.32 (git's release notes, RelNotes/2.32.0.txt); all else that the tour
# asks is older, `%(trailers:key=...,valueonly)` of 2.22 (RelNotes/2.22.0.txt) the latest of it
OLDEST_GIT = (2, 32)

# bytes on the disk, measured after a full `test`: .venv has 230 MB; .tour has 90 MB where files
# can share their blocks, and 530 MB where they cannot; an installation under way and the copies of
# the stages come on top
ROOM_TO_INSTALL = 1_000_000_000
ROOM_TO_WORK = 100_000_000

# macOS 12 and later listen on it:
# https://flask.palletsprojects.com/en/stable/server/#address-already-in-use
AIRPLAY = 5000
AIRPLAY_REMEDY = (
    "where it is ControlCenter, switch AirPlay Receiver off in System Settings, General,"
    " AirDrop & Handoff"
)

# seconds that a check may take: one that looks, one that asks an installer, one that boots a stage
LOOK = 20.0
ASK = 150.0
BOOT = 75.0

# seconds between two chances for Ctrl-C, which on Windows does not end a wait
TURN = 1.0


class Level(Enum):
    """What a finding means for class; WARNING is for what goes on all the same."""

    OK = "ok"
    WARNING = "warning"
    FAILS = "fails"


class Finding(NamedTuple):
    """What a check found, in one line, and the lines of its remedy, which `ok` does without."""

    level: Level
    text: str
    remedy: str = ""
    name: str = ""


def ok(text: str) -> Finding:
    return Finding(Level.OK, text)


def warning(text: str, remedy: str) -> Finding:
    return Finding(Level.WARNING, text, remedy)


def fails(text: str, remedy: str) -> Finding:
    return Finding(Level.FAILS, text, remedy)


def examine(start: Path, ports: range) -> Iterator[Finding]:
    """Yield a finding for each check, as soon as it is done.

    `start` is where the learner is, at best in a clone; `ports` are those that the tour serves on.
    """
    examination = Examination(start)
    checks = [
        ("Python", check_python, LOOK),
        ("git", lambda: check_git(start), LOOK),
        ("clone", examination.check_clone, LOOK),
        ("folder", examination.check_folder, LOOK),
        ("tags", examination.check_tags, LOOK),
        ("packages", examination.check_packages, ASK),
        ("disk", examination.check_disk, LOOK),
        ("ports", lambda: check_ports(ports), LOOK),
        ("stage", examination.check_stage, BOOT),
        ("browser", check_browser, LOOK),
        ("clock", examination.check_clock, LOOK),
    ]
    for name, check, limit in checks:
        yield _run(check, limit, f"{examination.tour_command} doctor")._replace(name=name)


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> Finding:
    """Look at the version of the Python that runs the tour, and at what makes environments."""
    said = f"Python {version[0]}.{version[1]}"
    if version < pythons.OLDEST:
        return fails(
            f"{said}, and the stages need 3.11 or newer", platforms.how_to_install(Need.PYTHON)
        )
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        return fails(
            f"{said} without {' and '.join(missing)}, so it cannot make environments",
            platforms.how_to_install(Need.VENV, f"{version[0]}.{version[1]}"),
        )
    if version > pythons.NEWEST:
        newest = ".".join(map(str, pythons.NEWEST))
        return warning(
            f"{said}, and the stages are checked up to {newest}",
            f"where something fails, take {newest}:"
            f" {platforms.how_to_install(Need.OTHER_PYTHON, newest)}\n"
            f"run the tour by it once, which makes .venv again:\n"
            f"  {platforms.how_to_run(newest)} -m tour start\n"
            f"and from then on type {environment.program(Path('.venv'), 'tour')}, which runs by it",
        )
    return ok(f"{said} at {pythons.find_python().path}")


def check_git(folder: Path) -> Finding:
    """Look for git, and at its version."""
    try:
        said = git.run(folder, "--version").strip()
    except git.GitError as error:
        # on macOS, a placeholder that asks for the developer tools
        last = error.output.strip().rpartition("\n")[2]
        return fails(f"git does not run: {last}", platforms.how_to_install(Need.GIT))
    except TourError:
        return fails("git is not installed", platforms.how_to_install(Need.GIT))
    version = re.search(r"(\d+)\.(\d+)", said)
    oldest = ".".join(map(str, OLDEST_GIT))
    if version is None:
        return warning(
            f"a git that calls itself {said!r}, and the tour needs {oldest}",
            platforms.how_to_install(Need.GIT),
        )
    if tuple(map(int, version.groups())) < OLDEST_GIT:
        return fails(
            f"{said}, and the tour needs {oldest} or newer", platforms.how_to_install(Need.GIT)
        )
    return ok(said)


def check_ports(ports: range) -> Finding:
    """Look for the first port that the tour can serve on, which at best is the first of all."""
    free = next((port for port in ports if _can_serve(port)), None)
    remedy = (
        "see what listens there, and end it if you can:\n"
        f"  {platforms.how_to_see_who_listens(ports[0])}"
    )
    if platforms.this_system() is System.MACOS and ports[0] == AIRPLAY:
        remedy += f"\n{AIRPLAY_REMEDY}"
    if free is None:
        return fails(f"the ports {ports[0]} to {ports[-1]} are all taken", remedy)
    if free != ports[0]:
        return warning(f"port {ports[0]} is taken, so that Flack will be at {HOST}:{free}", remedy)
    return ok(f"port {free} is free for Flack")


def check_disk(folder: Path, installed: bool) -> Finding:
    """Look whether the disk has room for what is still to be installed, and to work."""
    free = shutil.disk_usage(folder).free
    needed = ROOM_TO_WORK if installed else ROOM_TO_INSTALL
    if free < needed:
        return fails(
            f"{_in_megabytes(free)} free, and the tour needs {_in_megabytes(needed)}",
            f"free some on the disk that holds {folder}, or clone Flack Tour to another one",
        )
    return ok(f"{_in_megabytes(free)} free, of which the tour needs {_in_megabytes(needed)}")


def check_browser() -> Finding:
    """Look for the browser that `test` and `check` try the web client with, and start it once."""
    path = browsers.find(browsers.DEFAULT)
    if path is None:
        missing = "no Chromium, Chrome or Edge, which `check` and `test` need for the web client"
        remedy = platforms.how_to_install(Need.BROWSER)
        if _has_other_browser():
            return warning(f"{missing}; to use it, the browser that is there will do", remedy)
        return fails(missing, remedy)
    if os.name == "nt":
        # there it would open a window instead of telling its version
        return ok(path)
    try:
        answer = subprocess.run(
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LOOK / 2,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return fails(f"{path} does not start: {error}", platforms.how_to_install(Need.BROWSER))
    if answer.returncode != 0:
        last = answer.stderr.strip().rpartition("\n")[2]
        return fails(f"{path} does not start: {last}", platforms.how_to_install(Need.BROWSER))
    return ok(f"{answer.stdout.strip()} at {path}")


def _has_other_browser() -> bool:
    """Tell whether the system opens pages with some browser."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


class Examination:
    """The checks that build on one another: what one has found out, later ones go by."""

    def __init__(self, start: Path) -> None:
        # the top of the clone, or where the learner is when it is not in one
        self.folder = start
        self.line: StageLine | None = None
        self.installed = False
        self.tip_python: Path | None = None

    @property
    def tour_command(self) -> str:
        return tour_command(self.folder)

    @property
    def stages(self) -> tuple[Stage, ...]:
        return () if self.line is None else self.line.stages

    @property
    def is_ours(self) -> bool:
        """Whether this is a Flack Tour, though maybe a broken one, so that .tour may be here."""
        return self.line is not None or (self.folder / MANIFEST_PATH).exists()

    def check_clone(self) -> Finding:
        self.folder = find_repository(self.folder)
        self.line = find_stages(self.folder)
        first, last = self.line.stages[0].tag, self.line.tip.tag
        if git.run(self.folder, "rev-parse", "--is-shallow-repository").strip() == "true":
            return warning(
                f"a shallow clone that holds {first} to {last}, but not all of main",
                "fetch the rest with\n  git fetch --unshallow",
            )
        if git.succeeds(self.folder, "config", "--get-regexp", r"^remote\..*\.promisor$"):
            return warning(
                "a partial clone, which asks the network whenever it lacks a file",
                FULL_CLONE,
            )
        return ok(f"a full one in {self.folder}, which holds {first} to {last}")

    def check_folder(self) -> Finding:
        if not self.is_ours:
            return self._for_want_of_a_clone()
        with tempfile.TemporaryFile(dir=own_folder(self.folder)) as file:
            file.write(b"x")
        if not os.access(self.folder, os.W_OK):
            return fails(
                f"{self.folder} cannot be written to by you", "clone it into a folder of your own"
            )
        return ok(f"{self.folder} can be written to")

    def check_tags(self) -> Finding:
        if self.line is None:
            return self._for_want_of_a_clone()
        found = tags.inspect(self.folder, self.line)
        by_state = {
            state: " ".join(tag.name for tag in found if tag.state is state) for state in State
        }
        wrong = [
            f"{by_state[state]} {meaning}"
            for state, meaning in (
                (State.STALE, "of an older edition"),
                (State.FOREIGN, "not on the stage"),
                (State.MISSING, "missing"),
            )
            if by_state[state]
        ]
        fail = any(tag.keep for tag in found)
        remedies = []
        if fail:
            fix = f"{self.tour_command} tags --fix"
            remedies.append(f"make them right, the old ones are kept:\n  {fix}")
        elif wrong:
            remedies.append(f"make them with\n  {self.tour_command} tags")
        for text, remedy in self._find_namesakes():
            wrong.append(text)
            remedies.append(remedy)
        if not wrong:
            return ok(f"{found[0].name} to {found[-1].name} are right")
        level = Level.FAILS if fail else Level.WARNING
        return Finding(level, "; ".join(wrong), "\n".join(remedies))

    def check_packages(self) -> Finding:
        if not self.is_ours:
            return self._for_want_of_a_clone()
        ready = packages.venv_is_ready(self.folder)
        found = {stage: packages.find_stage_python(self.folder, stage) for stage in self.stages}
        lacking = [stage for stage, python in found.items() if python is None]
        self.installed = ready and not lacking
        if self.line is not None:
            self.tip_python = found[self.line.tip]
        if self.installed:
            return ok(f"all are installed, for the tour and for {len(found)} stages")
        return self._look_for_what_lacks(ready, lacking)

    def check_disk(self) -> Finding:
        return check_disk(self.folder, self.installed)

    def check_stage(self) -> Finding:
        if self.line is None:
            return self._for_want_of_a_clone()
        stage = self.line.tip
        if self.tip_python is None:
            return warning(
                f"{stage.tag} was not started, for its packages are not installed",
                f"install them and start it, then run this again:\n  {self.tour_command} start",
            )
        try:
            seconds, status = _try(self.folder, stage, self.tip_python)
        except ServerError as error:
            what, _, printed = str(error).partition("\n")
            last = printed.rpartition("\n")[2]
            return fails(
                f"{stage.tag}: {what} {last}".rstrip(),
                f"see all that it printed:\n  {self.tour_command} run {stage.tag}",
            )
        if status != http.client.OK:
            return fails(
                f"{stage.tag} answers with {status}",
                f"see why:\n  {self.tour_command} check {stage.tag}",
            )
        return ok(f"{stage.tag} started and answered in {seconds:.1f} s")

    def check_clock(self) -> Finding:
        now = time.time()
        said = time.strftime("%Y-%m-%d %H:%M", time.localtime(now))
        # no clock that is right can be behind what has been committed already
        if self.line is not None and now < self.line.tip.time:
            return warning(
                f"{said}, which is before the newest stage was made; a clock that is wrong keeps"
                " secure connections from being made",
                f"set it with\n  {platforms.how_to_set_the_clock()}",
            )
        return ok(said)

    def _find_namesakes(self) -> Iterator[tuple[str, str]]:
        """Yield what is taken for a stage or for main, and the remedy; to git a name may be both.

        Of the two `git checkout` takes the branch, and most else the tag.
        """
        there = git.run(
            self.folder, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags/main"
        ).split()
        for stage in self.stages:
            if f"refs/heads/{stage.tag}" in there:
                yield (
                    f"a branch is called {stage.tag} too, which git checkout takes for it",
                    f"rename the branch:\n  git branch -m {stage.tag} my-{stage.tag}",
                )
        if "refs/tags/main" in there:
            yield (
                "a tag is called main, which git diff takes for it",
                "rename the tag:\n  git tag my-main refs/tags/main\n  git tag -d main",
            )

    def _look_for_what_lacks(self, ready: bool, lacking: list[Stage]) -> Finding:
        """Ask for what is not installed as the installer would."""
        said = _say_what_lacks(ready, lacking)
        targets = wheels.find_targets(self.folder)
        source = "the wheels in the clone" if targets else "the package index"
        try:
            packages.ask(self.folder, lacking, ready)
        except packages.UnavailableError as error:
            return fails(
                f"{said}; {source} cannot give it: {error}",
                wheels.advice(self.folder, targets)
                if targets
                else "connect to the network, and run this again; behind a proxy set HTTPS_PROXY;\n"
                "where packages come from a mirror set PIP_INDEX_URL and UV_DEFAULT_INDEX to it;\n"
                "for a room without a network, on a machine that has one:\n"
                f"  {self.tour_command} pack",
            )
        return ok(f"{said}; {source} can give it")

    def _for_want_of_a_clone(self) -> Finding:
        return warning(
            "not looked at, for the stages were not found",
            f"fix what is said of git and of the clone, then\n  {self.tour_command} doctor",
        )


def _run(check: Callable[[], Finding], limit: float, again: str) -> Finding:
    """Return what the check finds, or what became of it; whatever it is, the next can follow.

    A check runs in a thread of its own, so that one that hangs can be left behind; `again` is the
    command that runs all of them.
    """
    findings: list[Finding] = []

    def attempt() -> None:
        try:
            findings.append(check())
        except TourError as error:
            # the tour's errors say what is the matter, and then what to do
            text, _, remedy = str(error).partition("; ")
            findings.append(fails(text.replace("\n", " "), remedy or f"then\n  {again}"))
        except Exception as error:
            findings.append(fails(f"{type(error).__name__}: {error}", f"fix it, then\n  {again}"))

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    deadline = time.monotonic() + limit
    while thread.is_alive() and time.monotonic() < deadline:
        thread.join(min(TURN, limit))
    return findings[0] if findings else fails(f"no answer in {limit:.0f} s", f"try\n  {again}")


def _try(repository: Path, stage: Stage, python: Path) -> tuple[float, int]:
    """Start a stage in a clean copy; return the seconds until it answered, and with what status."""
    with copies.clean_copy(repository, stage.commit, stage.tag) as folder:
        command = readme.read_commands(folder, stage.tag).run
        database = {"DATABASE_URL": f"sqlite:///{(folder / 'doctor.sqlite').as_posix()}"}
        start = time.monotonic()
        with StageServer(folder, python, command, database, logs=folder) as server:
            seconds = time.monotonic() - start
            connection = http.client.HTTPConnection(HOST, server.port, timeout=LOOK)
            try:
                connection.request("GET", "/")
                return seconds, connection.getresponse().status
            finally:
                connection.close()


def _say_what_lacks(ready: bool, lacking: list[Stage]) -> str:
    what = [] if ready else [".venv"]
    if lacking:
        what.append(f"what {len(lacking)} of the stages require")
    return f"not installed yet: {' and '.join(what)}"


def _can_serve(port: int) -> bool:
    """Tell whether a server can have the port: nothing listens there, and the system allows it."""
    if port_is_taken(port):
        return False
    with socket.socket() as probe:
        if os.name != "nt":
            # as servers do, so that a connection which has just ended is not in the way
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _in_megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"

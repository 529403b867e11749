"""The checks that show whether a machine is ready for class.

Each check has a time limit, its failure does not stop the others, and it changes nothing outside
.tour. All checks run before .venv exists.
"""

import http.client
import os
import tempfile
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

from tour.doctor.machine import LOOK
from tour.doctor.machine import Finding
from tour.doctor.machine import Level
from tour.doctor.machine import check_browser
from tour.doctor.machine import check_disk
from tour.doctor.machine import check_git
from tour.doctor.machine import check_ports
from tour.doctor.machine import check_python
from tour.doctor.machine import fails
from tour.doctor.machine import ok
from tour.doctor.machine import warning
from tour.environments import packages
from tour.environments import wheels
from tour.repo import copies
from tour.repo import git
from tour.repo.clone import find_clone
from tour.repo.clone import is_shallow
from tour.repo.clone import tour_command
from tour.repo.own_folder import own_folder
from tour.stages import line
from tour.stages import readme
from tour.stages import tags
from tour.stages.manifest import MANIFEST_PATH
from tour.system import platforms
from tour.system.address import HOST
from tour.system.errors import FULL_CLONE
from tour.system.errors import TourError
from tour.system.server import ServerError
from tour.system.server import StageServer
from tour.system.server import get_status
from tour.system.server import sqlite_url

# seconds that a check may take if it asks an installer, and if it starts a stage
ASK = 150.0
BOOT = 75.0

# seconds between two chances for Ctrl-C, which on Windows does not end a wait
TURN = 1.0


def run_checks(start: Path, ports: range) -> Iterator[Finding]:
    """Yield a finding for each check, as soon as it is done.

    `start` is the learner's folder, which should be in a clone. The tour serves on one of `ports`.
    """
    clone = CloneChecks(start)
    checks = [
        ("Python", check_python, LOOK),
        ("git", lambda: check_git(start), LOOK),
        ("clone", clone.check_clone, LOOK),
        ("folder", clone.check_folder, LOOK),
        ("tags", clone.check_tags, LOOK),
        ("packages", clone.check_packages, ASK),
        ("disk", lambda: check_disk(clone.folder, clone.installed), LOOK),
        ("ports", lambda: check_ports(ports), LOOK),
        ("stage", clone.check_stage, BOOT),
        ("browser", check_browser, LOOK),
        ("clock", clone.check_clock, LOOK),
    ]
    for name, check, limit in checks:
        yield _run(check, limit, f"{clone.tour_command} doctor")._replace(name=name)


class CloneChecks:
    """The checks of a clone, which use the findings of earlier ones."""

    def __init__(self, start: Path) -> None:
        # the top of the clone, or the learner's folder outside of one
        self.folder = start
        self.line: line.StageLine | None = None
        self.installed = False
        self.tip_python: Path | None = None

    @property
    def tour_command(self) -> str:
        return tour_command(self.folder)

    @property
    def stages(self) -> tuple[line.Stage, ...]:
        return () if self.line is None else self.line.stages

    @property
    def is_ours(self) -> bool:
        """Whether this is a clone of Flack Tour, maybe a broken one, so that .tour may be here."""
        return self.line is not None or (self.folder / MANIFEST_PATH).exists()

    def check_clone(self) -> Finding:
        self.folder = find_clone(self.folder)
        self.line = line.find_stages(self.folder)
        first, last = self.line.stages[0].tag, self.line.tip.tag
        if is_shallow(self.folder):
            return warning(
                f"a shallow clone that holds {first} to {last}, but not all of main",
                "fetch the rest with\n  git fetch --unshallow",
            )
        if git.succeeds(self.folder, "config", "--get-regexp", r"^remote\..*\.promisor$"):
            return warning(
                "a partial clone, which needs the network to get missing files", FULL_CLONE
            )
        return ok(f"a full one in {self.folder}, which holds {first} to {last}")

    def check_folder(self) -> Finding:
        if not self.is_ours:
            return self._skip_without_clone()
        with tempfile.TemporaryFile(dir=own_folder(self.folder)) as file:
            file.write(b"x")
        if not os.access(self.folder, os.W_OK):
            return fails(
                f"{self.folder} cannot be written to by you", "clone it into a folder of your own"
            )
        return ok(f"{self.folder} can be written to")

    def check_tags(self) -> Finding:
        if self.line is None:
            return self._skip_without_clone()
        found = tags.inspect(self.folder, self.line)
        wrong = []
        for state, meaning in (
            (tags.State.STALE, "of an older edition"),
            (tags.State.FOREIGN, "not on the stage"),
            (tags.State.MISSING, "missing"),
        ):
            if names := [tag.name for tag in found if tag.state is state]:
                wrong.append(f"{' '.join(names)} {meaning}")
        fail = any(tag.keep for tag in found)
        fixes = []
        if fail:
            fix = f"{self.tour_command} tags --fix"
            fixes.append(f"make them right, the old ones are kept:\n  {fix}")
        elif wrong:
            fixes.append(f"make them with\n  {self.tour_command} tags")
        for text, fix in self._find_name_clashes():
            wrong.append(text)
            fixes.append(fix)
        if not wrong:
            return ok(f"{found[0].name} to {found[-1].name} are right")
        level = Level.FAILS if fail else Level.WARNING
        return Finding(level, "; ".join(wrong), "\n".join(fixes))

    def check_packages(self) -> Finding:
        if not self.is_ours:
            return self._skip_without_clone()
        ready = packages.venv_is_ready(self.folder)
        found = {stage: packages.find_stage_python(self.folder, stage) for stage in self.stages}
        missing = [stage for stage, python in found.items() if python is None]
        self.installed = ready and not missing
        if self.line is not None:
            self.tip_python = found[self.line.tip]
        if self.installed:
            return ok(f"all are installed, for the tour and for {len(found)} stages")
        return self._check_missing_packages(ready, missing)

    def check_stage(self) -> Finding:
        if self.line is None:
            return self._skip_without_clone()
        stage = self.line.tip
        if self.tip_python is None:
            return warning(
                f"{stage.tag} was not started, because its packages are not installed",
                f"install them and start it, then run this again:\n  {self.tour_command} start",
            )
        try:
            seconds, status = _start_stage(self.folder, stage, self.tip_python)
        except ServerError as error:
            problem, _, printed = str(error).partition("\n")
            last = printed.rpartition("\n")[2]
            return fails(
                f"{stage.tag}: {problem} {last}".rstrip(),
                f"see its whole output:\n  {self.tour_command} run {stage.tag}",
            )
        if status != http.client.OK:
            return fails(
                f"{stage.tag} answers with {status or 'nothing'}",
                f"see why:\n  {self.tour_command} check {stage.tag}",
            )
        return ok(f"{stage.tag} started and answered in {seconds:.1f} s")

    def check_clock(self) -> Finding:
        now = time.time()
        said = time.strftime("%Y-%m-%d %H:%M", time.localtime(now))
        # a clock that is behind the newest stage's commit is wrong
        if self.line is not None and now < self.line.tip.time:
            return warning(
                f"{said}, which is before the newest stage was made; with a wrong clock secure"
                " connections fail",
                f"set it with\n  {platforms.how_to_set_the_clock()}",
            )
        return ok(said)

    def _find_name_clashes(self) -> Iterator[tuple[str, str]]:
        """Yield a sentence for each name that a branch and a tag share, and its fix.

        `git checkout` takes the branch of that name, and most other commands take the tag.
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

    def _check_missing_packages(self, ready: bool, missing: list[line.Stage]) -> Finding:
        """Ask the installer whether the missing packages are available."""
        what = [] if ready else [".venv"]
        if missing:
            what.append(f"what {len(missing)} of the stages require")
        said = f"not installed yet: {' and '.join(what)}"
        targets = wheels.find_targets(self.folder)
        source = "the folder .tour/wheels" if targets else "the package index"
        try:
            packages.require_available(self.folder, missing, ready)
        except packages.UnavailableError as error:
            return fails(
                f"{said}; {source} does not have it: {error}",
                wheels.advice(self.folder, targets)
                if targets
                else "connect to the network, and run this again; behind a proxy set HTTPS_PROXY;\n"
                "where packages come from a mirror set PIP_INDEX_URL and UV_DEFAULT_INDEX to it;\n"
                "for a room without a network, on a machine that has one:\n"
                f"  {self.tour_command} pack",
            )
        return ok(f"{said}; {source} has it")

    def _skip_without_clone(self) -> Finding:
        return warning(
            "not checked, because the stages were not found",
            f"fix the findings about git and the clone, then\n  {self.tour_command} doctor",
        )


def _run(check: Callable[[], Finding], limit: float, again: str) -> Finding:
    """Return the check's finding; an exception and a check that hangs are findings, too.

    A check runs in a thread of its own, so that the others go on when it hangs. `again` is the
    command that runs all checks.
    """
    findings: list[Finding] = []

    def attempt() -> None:
        try:
            findings.append(check())
        except TourError as error:
            # an error of the tour has the problem before the semicolon, and the fix after it
            text, _, fix = str(error).partition("; ")
            findings.append(fails(text.replace("\n", " "), fix or f"then\n  {again}"))
        except Exception as error:
            findings.append(fails(f"{type(error).__name__}: {error}", f"fix it, then\n  {again}"))

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    deadline = time.monotonic() + limit
    while thread.is_alive() and time.monotonic() < deadline:
        thread.join(min(TURN, limit))
    return findings[0] if findings else fails(f"no answer in {limit:.0f} s", f"try\n  {again}")


def _start_stage(repository: Path, stage: line.Stage, python: Path) -> tuple[float, int | None]:
    """Start a stage in a clean copy; return the seconds until its answer, and the status."""
    with copies.clean_copy(repository, stage.commit, stage.tag) as folder:
        command = readme.read_commands(folder, stage.tag).run
        database = {"DATABASE_URL": sqlite_url(folder / "doctor.sqlite")}
        start = time.monotonic()
        with StageServer(folder, python, command, database, logs=folder) as server:
            seconds = time.monotonic() - start
            return seconds, get_status(HOST, server.port)

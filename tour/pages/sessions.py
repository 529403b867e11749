"""The sessions of pages: run side by side, each once, and what they print.

What a session prints is kept by all that it depends on, once the page quotes it as it is, and not
run again until something of that is another one.
"""

import os
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import NamedTuple

from tour.environments import packages
from tour.environments import pythons
from tour.pages import sandboxes
from tour.pages.console import Command
from tour.pages.fences import MAIN
from tour.pages.shell import CommandError
from tour.pages.shell import Shell
from tour.pages.sources import Sources
from tour.production import programs
from tour.repo import cache
from tour.repo.trees import list_top
from tour.system import platforms
from tour.system import process
from tour.system.errors import TourError
from tour.system.status_line import Report

# one more than two cores take, for a session often waits for its servers
WORKERS = 3

# what a session's output depends on beside the stage, its patch and its commands
MODULES = ("tour.pages.sessions",)

# where it is kept
SESSIONS = "sessions"

# what the environment of a stage holds
REQUIREMENTS = "requirements.txt"

# the pages may change without any effect on what the tour prints
PAGES = "docs"


class Session(NamedTuple):
    """The console blocks of a page for a stage, or for a patch that makes `files` of its files."""

    page: str
    tag: str
    name: str
    files: dict[str, bytes | None]
    blocks: list[list[Command]]

    @property
    def title(self) -> str:
        return " ".join(filter(None, (self.page, self.tag, self.name)))

    def starts(self, program: str) -> bool:
        """Return whether a command of the session begins with the program."""
        commands = (command for block in self.blocks for command in block)
        return any(command.text.split()[0] == program for command in commands)


class Answer(NamedTuple):
    """What a command printed; `problem` is set when it did not end as it should."""

    lines: list[str]
    problem: str = ""


class Runner:
    """Runs sessions, and keeps what they printed: all for as long as it lives, on disk what fits.

    `fresh` takes nothing from the disk.
    """

    def __init__(self, sources: Sources, report: Report, fresh: bool = False) -> None:
        self.sources = sources
        self.repository = sources.repository
        self.report = report
        self.fresh = fresh
        # once: what is changed while the sessions run has no part in them
        self.code = cache.key(MODULES)
        self.known: dict[str, list[list[Answer]]] = {}
        self.kept: set[str] = set()
        # the titles of sessions that were not run
        self.left_out: set[str] = set()
        self.cancelled = threading.Event()

    def run(self, sessions: Iterable[Session]) -> list[list[list[Answer]]]:
        """Return the answers to each session's commands, by its blocks.

        What follows a command that did not end is not run, and has no answers. A session that
        starts Redis has none where it is not installed; in CI it fails there.
        """
        with ThreadPoolExecutor(min(WORKERS, (os.cpu_count() or 1) + 1)) as pool:
            futures = [pool.submit(self._run_unless_cached, session) for session in sessions]
            with process.stopping_all(self.cancelled, pool):
                return [future.result() for future in futures]

    def keep(self, session: Session) -> None:
        """Store what a session printed, because the page quotes it as it is."""
        key = self._key(session)
        if key not in self.kept:
            data = [[answer.lines for answer in block] for block in self.known[key]]
            cache.write(self.repository, SESSIONS, key, data)
            self.kept.add(key)

    def _run_unless_cached(self, session: Session) -> list[list[Answer]]:
        missing = session.starts(programs.REDIS) and programs.explain_missing_redis()
        if missing and not platforms.all_is_required():
            self.left_out.add(session.title)
            return []
        key = self._key(session)
        if key not in self.known:
            data = None if self.fresh else cache.read(self.repository, SESSIONS, key)
            if data is None:
                self.known[key] = self._run(session)
            else:
                self.known[key] = [[Answer(lines) for lines in block] for block in data]
                self.kept.add(key)
        return self.known[key]

    def _run(self, session: Session) -> list[list[Answer]]:
        answers: list[list[Answer]] = []
        with self._open_sandbox(session) as sandbox, Shell(sandbox) as shell:
            for block in session.blocks:
                answers.append([])
                for command in block:
                    if self.cancelled.is_set():
                        raise TourError("interrupted")
                    self.report(f"{session.title}: {command.text.splitlines()[0]}")
                    try:
                        answers[-1].append(Answer(shell.run(command)))
                    except CommandError as error:
                        answers[-1].append(Answer([], str(error)))
                        return answers
                shell.stop_servers()
        return answers

    def _open_sandbox(self, session: Session) -> AbstractContextManager[sandboxes.Sandbox]:
        tree = self.sources.tree(session.tag)
        if session.tag == MAIN:
            return sandboxes.clone_sandbox(self.repository, self.sources.line, tree)
        stage = self.sources.stages[session.tag]
        # a patch may require other packages
        changed = session.files.get(REQUIREMENTS)
        python = packages.install_stage(
            self.repository,
            stage,
            self.report,
            named=f", as {session.name} changes it" if changed else "",
            requirements=changed.decode() if changed else None,
        )
        return sandboxes.stage_sandbox(self.repository, tree, session.files, python)

    def _key(self, session: Session) -> str:
        tree = self.sources.tree(session.tag)
        if session.tag == MAIN:
            entries = list_top(self.repository, tree).items()
            tree = "\n".join(f"{entry}\t{path}" for path, entry in entries if path != PAGES)
        return cache.digest(
            self.code,
            tree,
            pythons.find_python().version,
            session.tag,
            repr(sorted(session.files.items())),
            repr([[command.text for command in block] for block in session.blocks]),
        )

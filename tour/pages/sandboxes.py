"""The folders in which a page's sessions run: a stage's files, or a clone of main, and a home.

A session sees itself in /home/you/flack. Nothing in it leads to the learner's own files: its home
is its own, and of what the tour has installed it has copies, or what is never written again.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tour.environments import pythons
from tour.repo import copies
from tour.repo import git
from tour.repo.own_folder import own_folder
from tour.repo.temporary import temporary_folder
from tour.repo.worktree import ROLES
from tour.stages import tags
from tour.stages.line import StageLine
from tour.system import process

HOME = "/home/you"
FOLDER = "flack"

# what a program of the learner's own reads beside the home folder
UNWANTED_PREFIXES = ("LC_", "PIP_", "UV_", "XDG_")

# pytest prints longer lines where it sees CI or BUILD_NUMBER, and colours where it sees FORCE_COLOR
UNWANTED_NAMES = ("BUILD_NUMBER", "CI", "FORCE_COLOR")

GIT_CONFIGURATION = """\
[user]
    name = You
    email = you@example.com
[safe]
    directory = *
"""

IDENTITY = {f"GIT_{role}_NAME": "Flack Tour" for role in ROLES}
IDENTITY |= {f"GIT_{role}_EMAIL": "tour@flack.invalid" for role in ROLES}

# in .tour, what a clone shares: it is added to, and never changed
SHARED = ("envs", "cache")


class Sandbox(NamedTuple):
    """A folder to run a session in, its environment variables, and how its paths are shown."""

    folder: Path
    environment: dict[str, str]
    shown: list[tuple[str, str]]

    def show(self, text: str) -> str:
        """Return the text with the paths of this machine as the pages have them."""
        for real, shown in self.shown:
            text = text.replace(real, shown)
        return text


@contextmanager
def stage_sandbox(
    repository: Path, tree: str, files: dict[str, bytes | None], python: Path
) -> Iterator[Sandbox]:
    """Give a sandbox of a stage's tree with `files` in their place, and the stage's `python`."""
    with copies.clean_copy(repository, tree, FOLDER) as folder:
        copies.write_files(folder, files)
        home = folder.parent
        programs = python.parent
        environment_folder = programs.parent
        yield Sandbox(
            folder,
            _variables(home, programs),
            [(str(environment_folder), f"{HOME}/{FOLDER}/venv"), *_shown(home)],
        )


@contextmanager
def clone_sandbox(repository: Path, line: StageLine, tree: str) -> Iterator[Sandbox]:
    """Give a sandbox with a clone whose main has this tree, with tags and with .venv prepared."""
    with temporary_folder(repository) as home:
        folder = home / FOLDER
        _clone(repository, tree, folder)
        tags.restore(folder, line)
        _share(repository, folder)
        # python3 is the one that runs the tour, whatever else the machine has of that name
        programs = home / "bin"
        programs.mkdir()
        for name in ("python", "python3"):
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec "{pythons.find_python().path}" "$@"\n')
            program.chmod(0o755)
        shared = (str(repository), f"{HOME}/{FOLDER}")
        yield Sandbox(folder, _variables(home, programs), [*_shown(home), shared])


def _variables(home: Path, programs: Path) -> dict[str, str]:
    home.joinpath(".gitconfig").write_text(GIT_CONFIGURATION, encoding="utf-8")
    inherited = {
        name: value
        for name, value in process.clean_environment().items()
        if name not in UNWANTED_NAMES and not name.startswith(UNWANTED_PREFIXES)
    }
    return inherited | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "PATH": f"{programs}{os.pathsep}{inherited.get('PATH', os.defpath)}",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "dumb",
        "COLUMNS": "80",
        "LINES": "24",
        "NO_COLOR": "1",
        "PY_COLORS": "0",
        "PAGER": "cat",
        "GIT_PAGER": "cat",
        "GIT_CONFIG_NOSYSTEM": "1",
        # the copy lies within the learner's repository, which git would find otherwise
        "GIT_CEILING_DIRECTORIES": str(home),
        "GIT_TERMINAL_PROMPT": "0",
        # elsewhere a pytest first deletes the folders of earlier ones, which may take it minutes
        "PYTEST_DEBUG_TEMPROOT": str(home),
        # else what goes to stdout would come after what goes to stderr, as on no terminal
        "PYTHONUNBUFFERED": "1",
        # what is not in the environment is not installed, least of all in the learner's own Python
        "PIP_NO_INDEX": "1",
        "PIP_REQUIRE_VIRTUALENV": "1",
        "UV_OFFLINE": "1",
    }


def _shown(home: Path) -> list[tuple[str, str]]:
    homes = dict.fromkeys((str(home), str(home.resolve())))
    return [*((path, HOME) for path in homes), (sys.base_prefix, "/usr")]


def _clone(repository: Path, tree: str, folder: Path) -> None:
    """Clone the repository, with a main that has the tree and is the only branch."""
    options = ("--quiet", "--shared", "--no-checkout", "--no-tags")
    git.run(repository, "clone", *options, str(repository), str(folder))
    commit = git.run(repository, "rev-parse", "HEAD").strip()
    if git.run(repository, "rev-parse", "HEAD^{tree}").strip() != tree:
        message = ("-p", commit, "-m", "Take the working tree as it lies")
        commit = git.run(folder, "commit-tree", tree, *message, environment=IDENTITY).strip()
    git.run(folder, "update-ref", "refs/remotes/origin/main", commit)
    git.run(folder, "checkout", "--quiet", "--force", "-B", "main", "--track", "origin/main")
    # the one that is checked out in the repository, which git has cloned as well
    for branch in git.run(folder, "for-each-ref", "--format=%(refname)", "refs/heads").split():
        if branch != "refs/heads/main":
            git.run(folder, "update-ref", "-d", branch)


def _share(repository: Path, folder: Path) -> None:
    """Let the clone have what the tour has installed in the repository."""
    shutil.copytree(repository / ".venv", folder / ".venv", symlinks=True, copy_function=_link)
    for name in SHARED:
        source = own_folder(repository, name)
        own_folder(folder).joinpath(name).symlink_to(source, target_is_directory=True)


def _link(source: str, target: str) -> str:
    """Give a file a second name, which takes neither time nor room."""
    # the tour writes its own note in place, which would change the other one, too
    if Path(source).name == "tour.json":
        return shutil.copy2(source, target)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target

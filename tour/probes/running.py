"""Run one of these programs on a stage, and keep what it saw until something of it changes."""

import json
from pathlib import Path
from typing import Any

from tour.environments import packages
from tour.environments import pythons
from tour.repo import cache
from tour.repo import copies
from tour.repo.temporary import temporary_folder
from tour.stages.line import Stage
from tour.system import process
from tour.system.errors import TourError

# seconds that a program may take, which needs about one
LIMIT = 120.0

# where the cache has what they saw
CACHED = "probes"

# the last lines of what a program that failed has printed
SHOWN = 8


class ProbeError(TourError):
    """A program did not get through the stage; the message ends with what it printed."""


def watch(repository: Path, stage: Stage, name: str, *arguments: str) -> Any:
    """Return what the program of that name saw of the stage, as JSON gives it.

    The program gets the arguments, in a clean copy of the stage and with a database in memory.
    Raise ProbeError when it fails.
    """
    python = pythons.find_python()
    modules = (__name__, "tour.probes.__main__", f"{__package__}.{name}")
    key = cache.key(modules, stage.tree, python.version, *arguments)
    seen = cache.read(repository, CACHED, key)
    if seen is None:
        seen = _run(repository, stage, name, arguments)
        cache.write(repository, CACHED, key, seen)
    return seen


def _run(repository: Path, stage: Stage, name: str, arguments: tuple[str, ...]) -> Any:
    python = packages.install_stage(repository, stage, lambda line: None)
    with (
        copies.clean_copy(repository, stage.commit, stage.tag) as folder,
        temporary_folder(repository) as beside,
    ):
        # as a program in it sees it
        folder = folder.resolve()
        result = beside / "result"
        # not the programs' own folder, whose names are not the stage's
        command = [str(python), "-P", str(Path(__file__).with_name("__main__.py"))]
        variables = {"DATABASE_URL": "sqlite://", "PYTHONPATH": str(folder)}
        ran = process.finish([*command, str(result), name, *arguments], folder, variables, LIMIT)
        if ran.code != 0:
            problem = f"{stage.tag} is watched by tour/probes/{name}.py, which {ran.how}:"
            raise ProbeError("\n".join([problem, *ran.output.splitlines()[-SHOWN:]]))
        return json.loads(result.read_text(encoding="utf-8"))

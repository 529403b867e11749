"""Open tabs of two builds behind nginx: what a tab costs, how many fit, the memory of a node."""

import statistics
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from tour.production import serving
from tour.production import tabs
from tour.production.database import Database
from tour.production.deployment import Deployment
from tour.production.tabs import Tabs
from tour.repo import git
from tour.repo.temporary import temporary_folder
from tour.stages.line import Stage
from tour.system.errors import TourError
from tour.system.errors import UsageError

# tabs whose cost is measured
TABS = 40

# how many tabs are tried, one after the other, and the milliseconds that 95 % of polls stay below
LADDER = (20, 40, 60, 80, 100, 150, 200, 300, 400)
SLOW = 250.0

# what flack/static/js/poll.js says when its tabs ask as tour/production/tabs.py does
CLIENT = "flack/static/js/poll.js"
PATTERN = (
    f"POLL_MILLISECONDS = {tabs.POLL * 1000:.0f};",
    f"FULL_POLL = {tabs.FULL_POLL};",
    f"OVERLAP_SECONDS = {tabs.OVERLAP};",
)


class Comparison(NamedTuple):
    """A figure of both builds; None where the system does not tell."""

    name: str
    unit: str
    measured: float | None
    beside: float | None

    @property
    def ratio(self) -> float | None:
        return self.measured / self.beside if self.measured is not None and self.beside else None


def find_build(repository: Path, stage: Stage, revision: str) -> Stage:
    """Return the stage as a revision has it; raise UsageError when git does not know it."""
    commit = git.ask(repository, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if commit is None:
        raise UsageError(f"git knows no {revision}; name a commit or a tag")
    return stage._replace(tag=revision.replace("/", "-"), commit=commit.strip())


def compare(
    repository: Path,
    builds: tuple[Stage, Stage],
    rounds: int,
    seconds: int,
    report: Callable[[str], None],
) -> list[Comparison]:
    """Measure both builds; raise TourError when a build's client asks otherwise than the tabs."""
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder(repository))
        prepared = [
            stack.enter_context(serving.prepare(repository, build, report)) for build in builds
        ]
        for build, each in zip(builds, prepared):
            check_client(build.tag, (each.stage / CLIENT).read_text(encoding="utf-8"))
        report("starting PostgreSQL, the nodes and nginx")
        database = stack.enter_context(Database(prepared[0].programs, folder / "database"))
        sides = [
            stack.enter_context(each.deploy(folder / name, database, name=f"flack_{name}"))
            for name, each in zip(("measured", "beside"), prepared)
        ]
        met: list[list[Tabs]] = [[], []]
        for number in range(rounds):
            # the rounds take turns, so that other work slows both down
            for index, side in enumerate(sides):
                report(f"round {number + 1} of {rounds}: {TABS} tabs of {builds[index].tag}")
                met[index].append(tabs.open_tabs(side, TABS, seconds))
        held = [find_most(side, seconds, report) for side in sides]
    costs = [_median([each.cost for each in side]) for side in met]
    memories = [_median([each.memory for each in side]) for side in met]
    return [
        Comparison("a tab and second", "ms of a core", *costs),
        Comparison(f"tabs with p95 below {SLOW:.0f} ms", "tabs", *map(float, held)),
        Comparison("a node", "MB", *memories),
    ]


def check_client(name: str, code: str) -> None:
    """Raise TourError unless the client polls as the tabs do."""
    if lacks := [text for text in PATTERN if text not in code]:
        raise TourError(
            f"the client of {name} has no {lacks[0]!r} in {CLIENT}; change tour/production/tabs.py"
        )


def find_most(side: Deployment, seconds: float, report: Callable[[str], None]) -> int:
    """Return how many tabs, of those tried, are the most that wait no longer than SLOW."""
    most = 0
    for count in LADDER:
        report(f"{count} tabs of {side.stage.name}")
        met = tabs.open_tabs(side, count, seconds)
        if met.failed or met.slow >= SLOW:
            break
        most = count
    return most


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None

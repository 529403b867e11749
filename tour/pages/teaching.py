"""The times of a class: how long each step takes, and what a plan does with a day.

They are in a file beside the pages, from which the guides have all their tables of times.
"""

import datetime
import tomllib
from os import path as paths
from pathlib import Path
from typing import NamedTuple

from tour.pages.findings import PageError
from tour.pages.links import anchor_of
from tour.stages.line import Stage

PATH = "docs/class-times.toml"

# the ways to take a step, and the page that says how to teach each
WAYS = ("read", "run", "do")
GUIDE = "docs/teaching.md"

# what a step's minutes are for, in this order, as the tables say it; `work` differs by the way
MOVES = {
    "pain": "show the pain, and ask",
    "idea": "say the idea",
    "work": "",
    "mistake": "make the mistake",
    "questions": "ask the questions",
    "next": "the checkpoint; everybody to the stage",
}
WORK = "work"


class Step(NamedTuple):
    """A step in class: its minutes by the way, what it is about, and the mistake to show."""

    read: int
    run: int
    do: int
    about: str
    mistake: str

    def minutes(self, way: str) -> int:
        return int(getattr(self, way))


class Part(NamedTuple):
    """A part of a plan: a step, or something else and its minutes."""

    how: str = ""
    step: str = ""
    what: str = ""
    minutes: int = 0


class Plan(NamedTuple):
    start: datetime.time
    parts: list[Part]


class Teaching(NamedTuple):
    """What is planned: of each way what its minutes go to, each step, each plan."""

    moves: dict[str, dict[str, int | str]]
    steps: dict[str, Step]
    plans: dict[str, Plan]

    def step(self, tag: str) -> Step:
        """Return a step; raise PageError when it has no times."""
        if tag not in self.steps:
            raise PageError(f"{PATH} has no times for {tag}")
        return self.steps[tag]


def read(file: Path) -> Teaching:
    """Return what the file says; raise PageError when it cannot be read."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        plans = {
            name: Plan(plan["start"], [Part(**part) for part in plan["parts"]])
            for name, plan in data["plans"].items()
        }
        steps = {tag: Step(**step) for tag, step in data["steps"].items()}
        moves = {way: data["moves"][way] for way in WAYS}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PageError(f"{PATH} cannot be read: {error}") from error
    return Teaching(moves, steps, plans)


def write_times(teaching: Teaching) -> list[str]:
    """Return the table of all steps' minutes."""
    rows = [
        f"| [{tag}](steps/{tag}.md) | {step.about} | {step.read} | {step.run} | {step.do} |"
        for tag, step in teaching.steps.items()
    ]
    steps = teaching.steps.values()
    sums = " | ".join(str(sum(step.minutes(way) for step in steps)) for way in WAYS)
    return [
        "| step | what it is about | read | run | do |",
        "|---|---|---:|---:|---:|",
        *rows,
        f"| all | | {sums} |",
    ]


def write_plan(teaching: Teaching, name: str) -> list[str]:
    """Return a plan's table: from when, how long, what and how."""
    if name not in teaching.plans:
        raise PageError(f"{PATH} has no plan '{name}'; it has {', '.join(teaching.plans)}")
    start, parts = teaching.plans[name]
    # of any day
    clock = datetime.datetime.combine(datetime.date.min, start)
    rows = []
    total = 0
    for part in parts:
        minutes = part.minutes
        what = part.what
        if part.step:
            step = teaching.step(part.step)
            minutes = step.minutes(part.how)
            what = f"[{part.step}](steps/{part.step}.md): {step.about}"
        rows.append(f"| {_time(clock)} | {minutes} | {what} | {part.how} |")
        clock += datetime.timedelta(minutes=minutes)
        total += minutes
    return [
        "| from | minutes | what | how |",
        "|---|---:|---|---|",
        *rows,
        f"| {_time(clock)} | {total} | in all | |",
    ]


def write_step(teaching: Teaching, stage: Stage, page: str) -> list[str]:
    """Return what a step's minutes go to, and the mistake to show, with a link to it."""
    step = teaching.step(stage.tag)
    target = paths.relpath(f"{stage.page}.md", paths.dirname(page)).replace("\\", "/")
    columns = {way: _split(teaching.moves[way], step.minutes(way)) for way in WAYS}
    works = ", ".join(f"{teaching.moves[way][WORK]} ({way})" for way in WAYS)
    rows = [
        f"| {words or works} | {' | '.join(str(columns[way].get(move, '')) for way in WAYS)} |"
        for move, words in MOVES.items()
    ]
    mistake = f"[{step.mistake}]({target}#{anchor_of(step.mistake)})"
    return [
        f"[The page]({target}) · the mistake to show: {mistake}",
        "",
        "| minutes | read | run | do |",
        "|---|---:|---:|---:|",
        *rows,
        f"| in all | {step.read} | {step.run} | {step.do} |",
    ]


def _time(clock: datetime.datetime) -> str:
    return f"{clock.hour}:{clock.minute:02}"


def _split(moves: dict[str, int | str], minutes: int) -> dict[str, int]:
    """Return the minutes of each move; what the others leave is for the work."""
    fixed = {move: length for move, length in moves.items() if isinstance(length, int)}
    rest = minutes - sum(fixed.values())
    if rest < 1:
        raise PageError(f"{PATH}: {minutes} minutes are too few for what they go to")
    return {**fixed, WORK: rest}

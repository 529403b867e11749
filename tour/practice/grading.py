"""A tree held against the goals of a step: which are met, and what is still the case."""

from collections import defaultdict
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tour.diff import lines
from tour.diff.lines import Kind
from tour.practice.goals import Step
from tour.practice.vocabulary.files import There
from tour.practice.vocabulary.files import is_code
from tour.practice.vocabulary.goal import Behaviour
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.goal import Trial
from tour.syntax.files import Files
from tour.syntax.files import read_commit
from tour.syntax.model import Model


class State(StrEnum):
    """Whether a goal is met; one that waits is not looked at before others are."""

    MET = "met"
    UNMET = "unmet"
    WAITS = "waits"


class Result(NamedTuple):
    """A goal and its state; `finding` is what is still the case where it is unmet."""

    goal: Goal
    state: State
    finding: Finding | None = None


class Grade(NamedTuple):
    """The results of a step's goals, in order."""

    results: tuple[Result, ...]

    @property
    def met(self) -> int:
        return sum(result.state is State.MET for result in self.results)

    @property
    def total(self) -> int:
        return len(self.results)

    @property
    def is_done(self) -> bool:
        return self.met == self.total

    @property
    def first_unmet(self) -> Result | None:
        """The first goal to go on with."""
        unmet = (result for result in self.results if result.state is State.UNMET)
        return next(unmet, None)


@cache
def read_bounds(repository: Path, before: str, after: str) -> Trial:
    """Read both ends of a step, which are commits by their ids; the tree is that of the first."""
    moved = defaultdict(list)
    for change in lines.compare(repository, before, after):
        old, new = change.old, change.new
        if change.kind is Kind.MOVED and old and new and old.path != new.path:
            if old.path.endswith(".py") and is_code(old.text.strip()):
                moved[old.path].append((old.number, old.text.strip()))
    ordered = {path: sorted(found) for path, found in moved.items()}
    start, end = (Model(read_commit(repository, commit)) for commit in (before, after))
    return Trial(start, start, end, ordered)


def make_trial(files: Files, bounds: Trial) -> Trial:
    """Return what the goals of a step look at: these files between its ends."""
    return bounds._replace(model=Model(files))


def grade_structure(step: Step, trial: Trial) -> Grade:
    """Hold a tree against the goals of a step, but for those of behaviour, which wait."""
    results: list[Result] = []
    absent: set[str] = set()
    for goal in step.goals:
        is_open = any(result.state is not State.MET for result in results)
        is_broken = bool(results) and results[0].state is State.UNMET
        # of a file that is not there no more is said
        is_absent = bool(absent & set(goal.about))
        if isinstance(goal, Behaviour) or is_broken or is_absent or goal.guards and is_open:
            results.append(Result(goal, State.WAITS))
            continue
        finding = goal.find(trial)
        if finding and isinstance(goal, There):
            absent.update(goal.about)
        results.append(Result(goal, State.UNMET if finding else State.MET, finding))
    return Grade(tuple(results))


def describe_difference(trial: Trial) -> list[str]:
    """Return in sentences where a tree defines what the tour's own stage defines elsewhere."""
    yours = {
        name: module
        for module in trial.model.application
        for name in module.definitions
        if not name.startswith("_")
    }
    sentences = []
    for module in trial.after.application:
        for name in module.definitions:
            other = yours.get(name)
            own = trial.model.modules.get(module.name)
            if other is None and not name.startswith("_"):
                sentences.append(f"the tour's {module.path} has {name}, which yours has nowhere")
            elif other and other.name != module.name and not (own and name in own.definitions):
                theirs = f"the tour has it in {module.path}"
                sentences.append(f"your {other.path} holds {name}; {theirs}")
    there = {name for module in trial.after.application for name in module.definitions}
    for name, module in yours.items():
        if name not in there:
            sentences.append(f"your {module.path} has {name}, which the tour's stage has nowhere")
    return sentences

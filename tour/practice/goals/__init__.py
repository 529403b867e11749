"""What each step asks for: a module a step, with its task in words and its list of goals.

A list has the goals in the order in which one reaches them. What is not on it, a learner is free to
do otherwise.
"""

import importlib
import pkgutil
from typing import NamedTuple

from tour.practice.vocabulary import Goal
from tour.practice.vocabulary import Readable


class Step(NamedTuple):
    """A step to practise: what to do, and what is there when it is done."""

    tag: str
    task: str
    goals: tuple[Goal, ...]


def find_steps() -> dict[str, Step]:
    """Return the steps that have goals, by their tags, in order."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    tags = {f"v{name[1:].replace('_', '.')}": name for name in names}
    steps = {}
    for tag in sorted(tags, key=lambda tag: [int(part) for part in tag[1:].split(".")]):
        module = importlib.import_module(f"{__name__}.{tags[tag]}")
        steps[tag] = Step(tag, module.TASK, (Readable(), *module.GOALS))
    return steps

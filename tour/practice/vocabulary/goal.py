"""What every goal has: the sentence on the list, a question, and what it finds in a tree."""

from dataclasses import dataclass
from typing import ClassVar
from typing import NamedTuple

from tour.stages.sizes import is_test
from tour.syntax.imports import dotted_name
from tour.syntax.model import Model
from tour.syntax.modules import Module
from tour.system.wording import enumerate_words

# where the tests of a stage are, to v0.5 and from v0.6
TESTS = ("tests.py", "tests/")


class Finding(NamedTuple):
    """What is still the case, and where: the line is 0 when it is about no line."""

    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.sentence}" if place else self.sentence


class Trial(NamedTuple):
    """A learner's tree beside the stage that the step starts from, and the one that it leads to.

    `moved` are the lines that the step moves, by the file where they were, as text.
    """

    model: Model
    before: Model
    after: Model
    moved: dict[str, list[tuple[int, str]]]

    def module(self, path: str) -> Module | None:
        """Return the module at the path, or the package in its place, but for a package none."""
        module = self.model.modules.get(dotted_name(path))
        is_package = path.endswith("__init__.py")
        return None if module and is_package and module.path != path else module

    def within(self, path: str) -> list[Module]:
        """Return the modules of the application at the path, and below it."""
        there = self.model.within(dotted_name(path)) if path else self.model.application
        return [module for module in there if not is_test(module.path)]


@dataclass(frozen=True)
class Goal:
    """A goal: `sentence` is what is on the list, `question` the first hint.

    In both a field in braces stands for its value. What is the same for all goals of a kind is an
    attribute of its class, and no property.
    """

    guards: ClassVar[bool] = False
    sentence: ClassVar[str]
    question: ClassVar[str]

    @property
    def text(self) -> str:
        """The goal as it is on the list."""
        return self._fill(self.sentence)

    @property
    def asks(self) -> str:
        """A question that leads on."""
        return self._fill(self.question)

    def _fill(self, form: str) -> str:
        names = getattr(self, "names", ())
        return form.format(**vars(self) | {"names": enumerate_words(names) if names else ""})

    @property
    def about(self) -> tuple[str, ...]:
        """The paths that the goal is about, for the hints."""
        path = getattr(self, "path", "")
        return (path,) if path else ()

    @property
    def words(self) -> tuple[str, ...]:
        """What stands in the code that the goal is about, for the hints."""
        return getattr(self, "names", ())

    def find(self, trial: Trial) -> Finding | None:
        """Return what is still the case, None when the goal is met."""
        raise NotImplementedError


@dataclass(frozen=True)
class Behaviour(Goal):
    """A goal that the tree is run for; `behaviour` does that."""

    guards: ClassVar[bool] = True


# how a name that is bound nowhere is told; the hints know it by this
NOT_IMPORTED = "nothing in this module defines or imports "


def find_missing(module: Module, *dotted: str) -> Finding | None:
    """Return the first name, of these or of all, that is used and bound nowhere in a module."""
    names = {name.split(".")[0] for name in dotted}
    for name, line in module.missing().items():
        if name in names or not names:
            sentence = f"{NOT_IMPORTED}{name}"
            return Finding(module.path, line, sentence)
    return None


def be(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def own_names(model: Model) -> set[str]:
    """Return what the modules of a tree are called, each without its package."""
    return {name.rpartition(".")[2] for name in model.modules}

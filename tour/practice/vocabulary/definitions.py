"""Goals about names: which module defines them, offers them, or uses them."""

from dataclasses import dataclass

from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.goal import Trial
from tour.practice.vocabulary.goal import be
from tour.practice.vocabulary.goal import find_missing
from tour.syntax.modules import Module
from tour.system.wording import count
from tour.system.wording import enumerate_words


@dataclass(frozen=True)
class Offers(Goal):
    """Names can be imported from a module, be they defined there or passed on."""

    path: str
    names: tuple[str, ...]

    sentence = "{path} offers {names}"
    question = "Which lines make {names}, and which names do they need in turn?"

    def find(self, trial: Trial) -> Finding | None:
        module = trial.module(self.path)
        if module is None:
            return Finding("", 0, f"there is no {self.path}")
        missing = [name for name in self.names if not self._has(trial, module, name)]
        if not missing:
            return None
        for found in module.imports:
            if found.name == missing[0] != found.bound and not found.deferred:
                sentence = f"`from {module.name} import {found.name}` finds nothing"
                sentence = f"{found.name} is imported as {found.bound}; {sentence}"
                return Finding(module.path, found.line, sentence)
        for other in trial.model.application:
            if missing[0] in other.definitions:
                line = other.definitions[missing[0]]
                others = missing[1:]
                nor = f"; nor {be(others)} {enumerate_words(others)}" if others else ""
                sentence = f"{missing[0]} is defined here, and not in {module.path}{nor}"
                return Finding(other.path, line, sentence)
        return Finding(module.path, 1, f"{enumerate_words(missing)} {be(missing)} not here")

    @staticmethod
    def _has(trial: Trial, module: Module, name: str) -> bool:
        origin = trial.model.origin(module, name)
        return name in trial.model.bound(module) and origin.module in trial.model.modules


@dataclass(frozen=True)
class Leaves(Goal):
    """A module does not define names any more."""

    path: str
    names: tuple[str, ...]

    sentence = "{path} no longer defines {names}"
    question = "Which of these does {path} use still, and how does it get them?"

    def find(self, trial: Trial) -> Finding | None:
        module = trial.module(self.path)
        left = [name for name in self.names if module and name in module.definitions]
        if module is None or not left:
            return None
        others = f", and {len(left) - 1} more of them" if len(left) > 1 else ""
        line = module.definitions[left[0]]
        return Finding(module.path, line, f"{left[0]} is still defined here{others}")


@dataclass(frozen=True)
class Unused(Goal):
    """Within a package, a name of a module's is neither bound nor imported any more."""

    name: str
    package: str

    sentence = "no module of {package} has a global {name}, or imports one"
    question = "What does Flask offer in the place of {name} while a request is at work?"

    @property
    def about(self) -> tuple[str, ...]:
        return (self.package,)

    @property
    def words(self) -> tuple[str, ...]:
        return (self.name,)

    def find(self, trial: Trial) -> Finding | None:
        own = trial.model.modules
        for module in trial.within(self.package):
            for found in module.imports:
                if found.name == self.name and found.module in own:
                    return Finding(module.path, found.line, f"{self.name} is still imported here")
        for module in trial.within(self.package):
            if self.name in module.definitions:
                line = module.definitions[self.name]
                return Finding(module.path, line, f"{self.name} is still a global here")
            if self.name in module.missing():
                line = module.missing()[self.name]
                return Finding(module.path, line, f"{self.name} is still used here")
            for (start, attribute), line in module.attributes.items():
                if attribute == self.name:
                    origin = trial.model.resolve(module, start)
                    if origin.module in own and not origin.name:
                        return Finding(module.path, line, f"{self.name} is still used here")
        return None


@dataclass(frozen=True)
class Complete(Goal):
    """Each name that is used is bound in its module."""

    guards = True
    sentence = "every name that is used is defined or imported"
    question = (
        "Where does that name live now, and which line tells this module so? `flake8` lists all"
        " such names (F821), and the imports that nobody needs any more (F401)."
    )

    def find(self, trial: Trial) -> Finding | None:
        for module in trial.model.application:
            if finding := find_missing(module):
                others = list(module.missing())[1:]
                more = f"; {count(len(others), 'more name')} {be(others)} missing too"
                return finding._replace(sentence=f"{finding.sentence}{more if others else ''}")
        return None

"""Goals about what is made of a library: calls of its classes, blueprints, commands."""

from dataclasses import dataclass

from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.goal import Trial
from tour.syntax.model import Origin
from tour.syntax.modules import Call
from tour.syntax.modules import Module
from tour.system.wording import enumerate_words


@dataclass(frozen=True)
class Makes(Goal):
    """A class of a library is called, at a path or anywhere; `inside` tells if in a function."""

    what: str
    path: str = ""
    inside: bool | None = None

    @property
    def text(self) -> str:
        where = f" in {self.path}" if self.path else ""
        how = {None: "", True: ", in a function", False: ", outside of functions"}[self.inside]
        return f"{self._name}(...) is called{where}{how}"

    @property
    def asks(self) -> str:
        return f"When is the line with {self._name}(...) run, and how often, from start to end?"

    @property
    def words(self) -> tuple[str, ...]:
        return (f"{self._name}(",)

    @property
    def _name(self) -> str:
        return self.what.rpartition(".")[2]

    def find(self, trial: Trial) -> Finding | None:
        calls = self._find_calls(trial)
        for module, call in calls:
            if self.inside not in (None, call.inside):
                how = "outside of every function" if self.inside else "in a function"
                return Finding(module.path, call.line, f"{self._name}(...) is called {how}")
        return None if calls else self._explain(trial)

    def _find_calls(self, trial: Trial) -> list[tuple[Module, Call]]:
        """Return the calls, at the path or anywhere, of something that has this dotted name."""
        package, _, name = self.what.rpartition(".")
        return [
            (module, call)
            for module in trial.within(self.path)
            for call in module.calls
            if call.name and trial.model.resolve(module, call.name) == Origin(package, name)
        ]

    def _explain(self, trial: Trial) -> Finding:
        """Return that nothing calls it, or where it is called before it is imported."""
        for module in trial.within(self.path):
            for call in module.calls:
                if call.name == self._name and call.name in module.missing():
                    sentence = f"nothing in this module defines or imports {self._name}"
                    return Finding(module.path, call.line, sentence)
        return Finding(self.path, 0, f"nothing calls {self._name}(...)")


@dataclass(frozen=True)
class MakesOnce(Makes):
    """A class of a library is called in one line alone."""

    guards = True

    @property
    def text(self) -> str:
        return f"{super().text} once"

    def find(self, trial: Trial) -> Finding | None:
        calls = self._find_calls(trial)
        if len(calls) > 1:
            module, call = calls[1]
            return Finding(module.path, call.line, f"{self._name}(...) is called a second time")
        return super().find(trial)


@dataclass(frozen=True)
class MakesMore(Makes):
    """A class of a library is called, at a path, more often than at the stage before."""

    @property
    def text(self) -> str:
        return f"{self.path} has one more {self._name}(...)"

    @property
    def asks(self) -> str:
        return "What is left in that module when the application is made elsewhere?"

    def find(self, trial: Trial) -> Finding | None:
        calls = self._find_calls(trial)
        before = self._find_calls(trial._replace(model=trial.before))
        if len(calls) > len(before):
            return None
        where = f", in {enumerate_words([module.path for module, _ in calls])}" if calls else ""
        return Finding("", 0, f"there are {len(calls)} as before{where}")


@dataclass(frozen=True)
class Registers(Goal):
    """A blueprint of a module is registered on the application."""

    path: str

    guards = True
    sentence = "the blueprint of {path} is registered on the application"
    question = "How does the application get to know of a blueprint's routes?"
    about = ("flack/flack.py",)
    words = ("register_blueprint(",)

    def find(self, trial: Trial) -> Finding | None:
        names = {module.name for module in trial.within(self.path)}
        registering = [
            (module, call)
            for module in trial.model.application
            for call in module.calls
            if call.name.endswith(".register_blueprint")
        ]
        for module, call in registering:
            bound = {found.bound for found in module.imports} | module.definitions.keys()
            arguments = {name for name in call.arguments if name.split(".")[0] in bound}
            # what is registered in a loop is among the names that the module imports
            for name in arguments or bound:
                if trial.model.resolve(module, name).module in names:
                    if trial.model.resolve(module, name).name or not arguments:
                        return None
        if not registering:
            return Finding("", 0, "nothing registers a blueprint")
        module, call = registering[-1]
        sentence = f"a blueprint is registered here, and none of {self.path}"
        return Finding(module.path, call.line, sentence)


@dataclass(frozen=True)
class Commands(Goal):
    """manage.py has commands of these names."""

    names: tuple[str, ...]

    sentence = "manage.py has {names}"
    question = "What does Flask-Script make a command of, and how is one that is a class added?"
    about = ("manage.py",)

    def find(self, trial: Trial) -> Finding | None:
        module = trial.module("manage.py")
        if module is None:
            return Finding("", 0, "there is no manage.py")
        missing = [
            name for name in self.names if not {name} & (module.words | module.functions.keys())
        ]
        return Finding(module.path, 1, f"it has no command {missing[0]}") if missing else None

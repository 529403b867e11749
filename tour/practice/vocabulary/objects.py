"""Goals about what is made of a library: calls of its classes, blueprints, commands."""

from collections.abc import Iterator
from dataclasses import dataclass

from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.goal import Trial
from tour.practice.vocabulary.goal import find_missing
from tour.syntax.model import Model
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
        if calls:
            return None
        return self._find_unbound(trial) or Finding(
            self.path, 0, f"nothing calls {self._name}(...)"
        )

    def _find_calls(self, trial: Trial) -> list[tuple[Module, Call]]:
        """Return the calls, at the path or anywhere, of something that has this dotted name."""
        package, _, name = self.what.rpartition(".")
        return [
            (module, call)
            for module in trial.within(self.path)
            for call in module.calls
            if call.name and trial.model.resolve(module, call.name) == Origin(package, name)
        ]

    def _find_unbound(self, trial: Trial) -> Finding | None:
        """Return where it is called and nothing binds its name."""
        for module in trial.within(self.path):
            for call in module.calls:
                if call.name.endswith(self._name) and (finding := find_missing(module, call.name)):
                    return finding
        return None


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
        sentence = f"there are {len(calls)} as before{where}"
        return self._find_unbound(trial) or Finding("", 0, sentence)


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
        finding = cause = None
        for module in trial.model.application:
            bound = {found.bound for found in module.imports} | trial.model.bound(module)
            for call in module.calls:
                if not call.name.endswith(".register_blueprint"):
                    continue
                arguments = {name for name in call.arguments if name.split(".")[0] in bound}
                # what is registered in a loop is among the names that the module imports
                for name in arguments or bound:
                    origin = trial.model.resolve(module, name)
                    if origin.module in names and (origin.name or not arguments):
                        return None
                    if origin.module in names:
                        sentence = self._describe(trial.model.modules[origin.module], name)
                        cause = Finding(module.path, call.line, sentence)
                cause = cause or find_missing(module, call.name, *call.arguments)
                sentence = f"a blueprint is registered here, and none of {self.path}"
                finding = Finding(module.path, call.line, sentence)
        return cause or finding or Finding("", 0, "nothing registers a blueprint")

    @staticmethod
    def _describe(module: Module, name: str) -> str:
        """Return that a module is none, and which of its names is a blueprint."""
        lines = {call.line for call in module.calls if call.name.endswith("Blueprint")}
        made = [each for each, line in module.definitions.items() if line in lines]
        instead = f"; the Blueprint is {name}.{made[0]}" if made else ", and no Blueprint"
        return f"{name} is the module {module.path} here{instead}"


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
        modules = [module, *(other for _, other in trial.model.reached(module))]
        there = {name for each in modules for name in self._read_commands(trial.model, each)}
        missing = [name for name in self.names if name not in there]
        for each in modules if missing else ():
            if line := each.functions.get(missing[0]):
                sentence = f"{missing[0]} is defined here, and is no command of Flask-Script"
                return Finding(each.path, line, sentence)
        return Finding(module.path, 1, f"it has no command {missing[0]}") if missing else None

    @staticmethod
    def _read_commands(model: Model, module: Module) -> Iterator[str]:
        """Yield what may be the names of commands that a module makes."""
        for call in module.calls:
            manager, _, method = call.name.rpartition(".")
            origin = model.resolve(module, call.name)
            if origin == Origin("flask_script_ng", "Manager"):
                if not {1, "with_default_commands"} & {*call.false}:
                    yield from ("runserver", "shell")
            # those of Flask's own have the same names
            if origin.module not in model.modules or manager.endswith(".cli"):
                continue
            if method in ("command", "option()"):
                yield from call.arguments
            elif method in ("add_command", "run"):
                yield from call.texts
            if method == "add_command" and not call.texts:
                # the name is a variable, or that of the class
                yield from module.words
                for name in call.arguments:
                    yield name.removesuffix("()").lower().removesuffix("command")

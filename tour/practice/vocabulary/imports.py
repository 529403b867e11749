"""Goals about who imports whom, and whether that works when a program is loaded."""

from dataclasses import dataclass

from tour.practice.loading import ImportFailure
from tour.practice.loading import Loader
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.goal import Trial
from tour.practice.vocabulary.goal import own_names
from tour.syntax.imports import dotted_name
from tour.syntax.imports import find_cycle
from tour.syntax.modules import Start
from tour.system.wording import enumerate_words


@dataclass(frozen=True)
class Without(Goal):
    """A module knows nothing of names: no import in it leads to where one of them is made."""

    path: str
    names: tuple[str, ...]

    guards = True
    question = "What in {path} needs that import, and does it belong there?"

    @property
    def text(self) -> str:
        return f"{self.path} imports nothing that needs {' or '.join(self.names)}"

    def find(self, trial: Trial) -> Finding | None:
        for module in trial.within(self.path):
            for found, other in trial.model.reached(module):
                for name in self.names:
                    if name in other.definitions:
                        sentence = f"this import leads to {name} in {other.path}"
                        return Finding(module.path, found.line, sentence)
        return None


@dataclass(frozen=True)
class Imports(Goal):
    """A module is imported where a name is defined, or at the path that offers it."""

    path: str
    name: str
    imported: str

    sentence = "{path} imports {imported}, at the top or in {name}"
    question = "Who imports {imported} when a program needs no route?"

    @property
    def words(self) -> tuple[str, ...]:
        return (dotted_name(self.imported).rpartition(".")[2],)

    def find(self, trial: Trial) -> Finding | None:
        module = trial.module(self.path)
        if module is None:
            return Finding("", 0, f"there is no {self.path}")
        origin = trial.model.modules.get(trial.model.origin(module, self.name).module)
        for each in filter(None, (module, origin)):
            for found in each.imports:
                if trial.module(self.imported) in trial.model.imported(found):
                    return None
        return Finding(module.path, 1, f"{self.imported} is not imported here")


@dataclass(frozen=True)
class ImportsNo(Goal):
    """Nothing at a path, or anywhere, imports from a module of elsewhere."""

    path: str
    module: str

    question = "What is {module} needed for, and can that come from elsewhere?"

    @property
    def text(self) -> str:
        return f"{self.path or 'nothing'} imports {'no ' * bool(self.path)}{self.module}"

    def find(self, trial: Trial) -> Finding | None:
        modules = trial.within(self.path)
        for module in modules:
            for found in module.imports:
                if f"{found.module}.".startswith(f"{self.module}."):
                    return Finding(module.path, found.line, f"{self.module} is imported here")
        return None if modules or not self.path else Finding("", 0, f"there is no {self.path}")


@dataclass(frozen=True)
class NoProgram(Goal):
    """No module at a path does something only when it is the program."""

    path: str

    guards = True
    sentence = "no module of {path} asks whether it is __main__"
    question = "Which file is __main__ now when Flack starts, and what in {path} is for it?"

    def find(self, trial: Trial) -> Finding | None:
        for module in trial.within(self.path):
            for event in module.events:
                if isinstance(event, Start):
                    sentence = "this module asks whether it is __main__ here"
                    return Finding(module.path, event.line, sentence)
        return None


@dataclass(frozen=True)
class Loads(Goal):
    """The imports of a program succeed, in the order in which they are met; it is not run for it.

    `as_program` starts the module, and then no file may be loaded under two names, because
    that would make everything in it twice.
    """

    path: str
    as_program: bool = False

    guards = True
    # wherever the import stands that fails
    about = ()

    @property
    def asks(self) -> str:
        more = f" {self.path} is called __main__ then." if self.as_program else ""
        return (
            f"Follow the imports with a finger, from the first line on: what is there when?{more}"
        )

    @property
    def text(self) -> str:
        if self.as_program:
            return f"`python {self.path}` finds each name in time, and loads each module once"
        return f"`import {dotted_name(self.path)}` finds each name in time"

    def find(self, trial: Trial) -> Finding | None:
        loader = Loader(trial.model, own_names(trial.before) | own_names(trial.after))
        name = dotted_name(self.path)
        if name not in trial.model.modules:
            return Finding("", 0, f"there is no {self.path}")
        try:
            if self.as_program:
                loader.start(name)
            else:
                # what a function imports comes after the package itself
                for module in trial.within(self.path):
                    loader.load(module.name)
        except ImportFailure as failure:
            return Finding(failure.path, failure.line, failure.reason)
        names: dict[str, str] = {}
        for run in loader.runs:
            path = run.module.path
            if path in names:
                sentence = f"this runs {path} again, as {run.name}; it runs as {names[path]}"
                return Finding(run.path, run.line, sentence)
            names[path] = run.name
        return None


@dataclass(frozen=True)
class NoCycle(Goal):
    """No modules import each other, but for those that may."""

    allowed: tuple[str, ...] = ()

    guards = True
    question = "Which of the modules in the cycle needs the others least, and what for?"

    @property
    def text(self) -> str:
        besides = f", but for {enumerate_words(self.allowed)}" if self.allowed else ""
        return f"no modules import each other in a cycle{besides}"

    def find(self, trial: Trial) -> Finding | None:
        allowed = set()
        for path in self.allowed:
            # a package's own file alone, else what is in the package too
            is_package = path.endswith("__init__.py")
            modules = [trial.module(path)] if is_package else trial.within(path)
            allowed |= {module.path for module in modules if module}
        for edge in find_cycle(trial.model.edges):
            if {edge.importer, edge.imported} <= allowed:
                continue
            for module in trial.model.application:
                if module.path == edge.importer:
                    for found in module.imports:
                        if [each.path for each in trial.model.imported(found)] == [edge.imported]:
                            sentence = f"this import of {edge.imported} closes a cycle"
                            return Finding(module.path, found.line, sentence)
        return None

"""The kinds of goal: what must be true of a tree, each with the sentence that it is on the list by.

A goal looks at a `Trial` and returns a `Finding`, which says what is still the case, or None when
it is met. Where a goal names a module by its path, a package of that name is as good. A goal that
`guards` may have been met before the step, or says more of what others ask for: it counts once the
goals before it on the list are met.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar
from typing import NamedTuple

from tour.practice.loading import ImportFailure
from tour.practice.loading import Loader
from tour.stages.sizes import is_test
from tour.syntax.imports import dotted_name
from tour.syntax.imports import find_cycle
from tour.syntax.model import Model
from tour.syntax.model import Origin
from tour.syntax.modules import Call
from tour.syntax.modules import Module


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
    """A goal; `asks` is the first hint, a question."""

    guards: ClassVar[bool] = False

    @property
    def text(self) -> str:
        """The goal as it is on the list."""
        raise NotImplementedError

    @property
    def asks(self) -> str:
        """A question that leads on."""
        raise NotImplementedError

    @property
    def about(self) -> tuple[str, ...]:
        """The paths that the goal is about, for the hints."""
        path = getattr(self, "path", "")
        return (path,) if path else ()

    def find(self, trial: Trial) -> Finding | None:
        """Return what is still the case, None when the goal is met."""
        raise NotImplementedError


@dataclass(frozen=True)
class Readable(Goal):
    """All files can be read, and are Python."""

    @property
    def text(self) -> str:
        return "Python can read every file"

    @property
    def asks(self) -> str:
        return "What does Python say of that line? python -m py_compile FILE tells it in full."

    def find(self, trial: Trial) -> Finding | None:
        for path, why in trial.model.files.unread.items():
            if path.endswith(".py"):
                return Finding(path, 0, why)
        for module in trial.model.modules.values():
            if module.fault:
                return Finding(module.path, module.fault.line, f"no Python: {module.fault.reason}")
        return None


@dataclass(frozen=True)
class There(Goal):
    """A file is there; in the place of a module a package will do."""

    path: str

    @property
    def text(self) -> str:
        return f"{self.path} is there"

    @property
    def asks(self) -> str:
        return f"What is to be in {self.path}, and in a sentence, why there?"

    def find(self, trial: Trial) -> Finding | None:
        is_module = self.path.endswith(".py") and trial.module(self.path)
        if is_module or self.path in trial.model.files.paths:
            return None
        return Finding("", 0, f"there is no {self.path}")


@dataclass(frozen=True)
class Gone(Goal):
    """A file, or a folder, is no longer where it was."""

    guards: ClassVar[bool] = True

    path: str

    @property
    def text(self) -> str:
        return f"{self.path} is gone"

    @property
    def asks(self) -> str:
        return f"What does {self.path} still hold, and where should each part of it live?"

    def find(self, trial: Trial) -> Finding | None:
        for path in sorted(trial.model.files.paths):
            if path == self.path or self.path.endswith("/") and path.startswith(self.path):
                return Finding(path, 1, "this file is still there")
        return None


@dataclass(frozen=True)
class Offers(Goal):
    """Names can be imported from a module, be they defined there or passed on."""

    path: str
    names: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.path} offers {listed(self.names)}"

    @property
    def asks(self) -> str:
        return f"Which lines make {listed(self.names)}, and which names do they need in turn?"

    def find(self, trial: Trial) -> Finding | None:
        module = trial.module(self.path)
        if module is None:
            return Finding("", 0, f"there is no {self.path}")
        missing = [name for name in self.names if not self._has(trial, module, name)]
        if not missing:
            return None
        for other in trial.model.application:
            if missing[0] in other.definitions:
                line = other.definitions[missing[0]]
                nor = f"; nor {be(missing[1:])} {listed(missing[1:])}" if missing[1:] else ""
                sentence = f"{missing[0]} is defined here, and not in {module.path}{nor}"
                return Finding(other.path, line, sentence)
        return Finding(module.path, 1, f"{listed(missing)} {be(missing)} not here")

    @staticmethod
    def _has(trial: Trial, module: Module, name: str) -> bool:
        origin = trial.model.origin(module, name)
        return name in module.bound and origin.module in trial.model.modules


@dataclass(frozen=True)
class Leaves(Goal):
    """A module does not define names any more."""

    path: str
    names: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.path} no longer defines {listed(self.names)}"

    @property
    def asks(self) -> str:
        return f"Which of these does {self.path} use still, and how does it get them?"

    def find(self, trial: Trial) -> Finding | None:
        module = trial.module(self.path)
        left = [name for name in self.names if module and name in module.definitions]
        if module is None or not left:
            return None
        others = f", and {len(left) - 1} more of them" if len(left) > 1 else ""
        line = module.definitions[left[0]]
        return Finding(module.path, line, f"{left[0]} is still defined here{others}")


@dataclass(frozen=True)
class Moved(Goal):
    """Of the lines that the step moves away from a file, a share is elsewhere, unchanged."""

    guards: ClassVar[bool] = True

    path: str
    percent: int

    @property
    def text(self) -> str:
        return f"what left {self.path} is moved, not rewritten: {self.percent} % of the lines"

    @property
    def asks(self) -> str:
        return "Did you cut and paste, or type it again? A move changes no line inside the block."

    def find(self, trial: Trial) -> Finding | None:
        names = own_names(trial.before) | own_names(trial.after)
        # utils.timestamp() is timestamp() in another form of import
        qualifier = re.compile(rf"\b(?:{'|'.join(sorted(names))})\.")
        here: Counter[str] = Counter()
        for file, data in trial.model.files.contents.items():
            if file != self.path and file.endswith(".py"):
                here.update(qualifier.sub("", line) for line in lines_of(data))
                before = trial.before.files.contents.get(file, b"")
                here.subtract(qualifier.sub("", line) for line in lines_of(before))
        moved = trial.moved.get(self.path, [])
        others = []
        for number, text in moved:
            plain = qualifier.sub("", text)
            if here[plain] > 0:
                here[plain] -= 1
            else:
                others.append((number, text))
        found = len(moved) - len(others)
        if 100 * found >= self.percent * len(moved):
            return None
        number, text = others[0]
        counts = f"{found} of the {len(moved)} lines that move are elsewhere unchanged"
        return Finding(self.path, number, f"{counts}; this one, as it was here, is not: {text}")


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
    def _name(self) -> str:
        return self.what.rpartition(".")[2]

    def find(self, trial: Trial) -> Finding | None:
        calls = list(find_calls(trial, self.what, self.path))
        for module, call in calls:
            if self.inside not in (None, call.inside):
                how = "outside of every function" if self.inside else "in a function"
                return Finding(module.path, call.line, f"{self._name}(...) is called {how}")
        return None if calls else Finding(self.path, 0, f"nothing calls {self._name}(...)")


@dataclass(frozen=True)
class MakesOnce(Makes):
    """A class of a library is called in one line alone."""

    guards: ClassVar[bool] = True

    @property
    def text(self) -> str:
        return f"{super().text}, in one line alone"

    def find(self, trial: Trial) -> Finding | None:
        calls = list(find_calls(trial, self.what, self.path))
        if len(calls) > 1:
            module, call = calls[1]
            return Finding(module.path, call.line, f"{self._name}(...) is called a second time")
        return super().find(trial)


@dataclass(frozen=True)
class MakesMore(Goal):
    """A class of a library is called, at a path, more often than at the stage before."""

    what: str
    path: str

    @property
    def text(self) -> str:
        return f"{self.path} has one more {self._name}(...)"

    @property
    def asks(self) -> str:
        return "What is left in that module when the application is made elsewhere?"

    @property
    def _name(self) -> str:
        return self.what.rpartition(".")[2]

    def find(self, trial: Trial) -> Finding | None:
        calls = list(find_calls(trial, self.what, self.path))
        before = list(find_calls(trial._replace(model=trial.before), self.what, self.path))
        if len(calls) > len(before):
            return None
        where = f", in {listed([module.path for module, _ in calls])}" if calls else ""
        return Finding("", 0, f"there are {len(calls)} as before{where}")


@dataclass(frozen=True)
class Registers(Goal):
    """A blueprint of a module is registered on the application."""

    guards: ClassVar[bool] = True

    path: str

    @property
    def text(self) -> str:
        return f"the blueprint of {self.path} is registered on the application"

    @property
    def asks(self) -> str:
        return "How does the application get to know of a blueprint's routes?"

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
class Requires(Goal):
    """A file of requirements has a package."""

    package: str

    @property
    def text(self) -> str:
        return f"requirements.txt has {self.package}"

    @property
    def asks(self) -> str:
        return "What does somebody need who installs this today, on a machine that has nothing?"

    @property
    def about(self) -> tuple[str, ...]:
        return ("requirements.txt",)

    def find(self, trial: Trial) -> Finding | None:
        data = trial.model.files.contents.get("requirements.txt", b"").decode(errors="replace")
        names = [line.partition("==")[0].strip().lower().replace("_", "-") for line in lines(data)]
        if self.package.lower() in names:
            return None
        return Finding("requirements.txt", 0, f"{self.package} is not in it")


@dataclass(frozen=True)
class Commands(Goal):
    """manage.py has commands of these names."""

    names: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"manage.py has {listed(self.names)}"

    @property
    def asks(self) -> str:
        return "What does Flask-Script make a command of, and how is one that is a class added?"

    @property
    def about(self) -> tuple[str, ...]:
        return ("manage.py",)

    def find(self, trial: Trial) -> Finding | None:
        module = trial.module("manage.py")
        if module is None:
            return Finding("", 0, "there is no manage.py")
        missing = [
            name for name in self.names if not {name} & (module.words | module.functions.keys())
        ]
        return Finding(module.path, 1, f"there is no {missing[0]}") if missing else None


@dataclass(frozen=True)
class Without(Goal):
    """A module knows nothing of names: no import in it leads to where one of them is made."""

    guards: ClassVar[bool] = True

    path: str
    names: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.path} imports nothing that needs {listed(self.names, 'or')}"

    @property
    def asks(self) -> str:
        return f"What in {self.path} needs that import, and does it belong there?"

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

    @property
    def text(self) -> str:
        return f"{self.path} imports {self.imported}, at the top or in {self.name}"

    @property
    def asks(self) -> str:
        return f"Who imports {self.imported} when a program needs no route?"

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

    @property
    def text(self) -> str:
        return f"{self.path or 'nothing'} imports {'no ' * bool(self.path)}{self.module}"

    @property
    def asks(self) -> str:
        return f"What is {self.module} needed for, and can that come from elsewhere?"

    def find(self, trial: Trial) -> Finding | None:
        modules = trial.within(self.path)
        for module in modules:
            for found in module.imports:
                if f"{found.module}.".startswith(f"{self.module}."):
                    return Finding(module.path, found.line, f"{self.module} is imported here")
        return None if modules or not self.path else Finding("", 0, f"there is no {self.path}")


@dataclass(frozen=True)
class Unused(Goal):
    """Within a package, a name of a module's is neither bound nor imported any more."""

    name: str
    package: str

    @property
    def text(self) -> str:
        return f"no module of {self.package} has a global {self.name}, or imports one"

    @property
    def asks(self) -> str:
        return f"What does Flask offer in the place of {self.name} while a request is at work?"

    @property
    def about(self) -> tuple[str, ...]:
        return (self.package,)

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

    guards: ClassVar[bool] = True

    @property
    def text(self) -> str:
        return "every name that is used is defined or imported"

    @property
    def asks(self) -> str:
        return "Where does that name live now, and which line tells this module so?"

    def find(self, trial: Trial) -> Finding | None:
        for module in trial.model.application:
            for name, line in module.missing().items():
                return Finding(module.path, line, f"nothing in this module binds {name}")
        return None


@dataclass(frozen=True)
class Loads(Goal):
    """The imports of a program succeed, in the order in which they are met; it is not run for it.

    `as_program` starts the module, and then no file may be loaded under two names, for it would
    make everything in it twice.
    """

    guards: ClassVar[bool] = True

    path: str
    as_program: bool = False

    @property
    def text(self) -> str:
        if self.as_program:
            return f"`python {self.path}` loads each module once"
        return f"`import {dotted_name(self.path)}` finds each name in time"

    @property
    def asks(self) -> str:
        return "Follow the imports with a finger, from the first line on: what is there when?"

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
        for name, loaded in loader.loaded.items():
            path = loaded.module.path
            if path in names:
                sentence = f"this file is loaded twice, as {names[path]} and as {name}"
                return Finding(path, 1, sentence)
            names[path] = name
        return None


@dataclass(frozen=True)
class NoCycle(Goal):
    """No modules import each other, but for those that may."""

    guards: ClassVar[bool] = True

    allowed: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        besides = f", but for {listed(self.allowed)}" if self.allowed else ""
        return f"no modules import each other in a cycle{besides}"

    @property
    def asks(self) -> str:
        return "Which of the modules in the cycle needs the others least, and what for?"

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


@dataclass(frozen=True)
class KeepsTests(Goal):
    """Each test of the stage before is there still."""

    guards: ClassVar[bool] = True

    @property
    def text(self) -> str:
        return "each test that was there is there still"

    @property
    def asks(self) -> str:
        return "How many tests did pytest collect before, and how many does it now?"

    @property
    def about(self) -> tuple[str, ...]:
        return ("tests",)

    def find(self, trial: Trial) -> Finding | None:
        there = {name for module in trial.model.tests for name in module.functions}
        for module in trial.before.tests:
            for name in module.functions:
                if name.startswith("test_") and name not in there:
                    return Finding("", 0, f"{name} is gone, which was in {module.path}")
        return None


@dataclass(frozen=True)
class Behaviour(Goal):
    """A goal that the tree is run for; `behaviour` does that."""

    guards: ClassVar[bool] = True


@dataclass(frozen=True)
class OwnTests(Behaviour):
    """Tests pass: those of the stage that the step leads to, but for some, or the learner's own.

    `tells` is what the command that runs the learner's has to print.
    """

    yours: bool = False
    without: tuple[str, ...] = ()
    tells: str = ""

    @property
    def text(self) -> str:
        return "your tests pass" if self.yours else "the tests of the stage pass"

    @property
    def asks(self) -> str:
        return "What is the first error, not the last? Run that test alone."


@dataclass(frozen=True)
class Command(Behaviour):
    """A command succeeds, with these variables, beside a file that is written for it."""

    command: str
    variables: tuple[tuple[str, str], ...] = ()
    file: tuple[str, str] = ("", "")

    @property
    def text(self) -> str:
        set_before = "".join(f"{name}={value} " for name, value in self.variables)
        beside = f" works beside a {self.file[0]}" if self.file[0] else " works"
        return f"`{set_before}{self.command}`{beside}"

    @property
    def asks(self) -> str:
        return "What does it print when you type it? The last line says what is wrong."

    @property
    def about(self) -> tuple[str, ...]:
        return ("manage.py",)


@dataclass(frozen=True)
class Contract(Behaviour):
    """A client finds the server as it was."""

    @property
    def text(self) -> str:
        return "the server starts, and clients find it as it was"

    @property
    def asks(self) -> str:
        return "Start the server as the README says and send that request: what is in the answer?"


def listed(names: tuple[str, ...] | list[str], word: str = "and") -> str:
    """Return the names as they stand in a sentence."""
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last


def be(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n")]


def lines_of(data: bytes) -> Iterator[str]:
    """Yield the lines of a module that count as moved: its code, without imports."""
    for line in lines(data.decode(errors="replace")):
        if is_code(line):
            yield line


def is_code(line: str) -> bool:
    """Whether a stripped line is no import and says something."""
    return any(map(str.isalnum, line)) and not line.startswith(("import ", "from "))


def own_names(model: Model) -> set[str]:
    """Return what the modules of a tree are called, each without its package."""
    return {name.rpartition(".")[2] for name in model.modules}


def find_calls(trial: Trial, what: str, path: str) -> Iterator[tuple[Module, Call]]:
    """Yield the calls, at a path or anywhere, of something that has this dotted name."""
    package, _, name = what.rpartition(".")
    for module in trial.within(path):
        for call in module.calls:
            if call.name and trial.model.resolve(module, call.name) == Origin(package, name):
                yield module, call

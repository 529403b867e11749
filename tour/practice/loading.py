"""What happens when a program is loaded: its imports, one after the other, without running it.

Python loads a module once, from its top; what is imported from one that is half loaded has to be
bound by then. That is where cycles break, and it can be told from the order of the lines.
"""

from dataclasses import dataclass
from dataclasses import field
from typing import NamedTuple

from tour.syntax.model import Model
from tour.syntax.modules import Attempt
from tour.syntax.modules import Bind
from tour.syntax.modules import Either
from tour.syntax.modules import Event
from tour.syntax.modules import Import
from tour.syntax.modules import Module
from tour.syntax.modules import Read
from tour.syntax.modules import Start

MAIN = "__main__"


class ImportFailure(Exception):
    """An import that does not succeed: where it stands, and why."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.line = line
        self.reason = reason


@dataclass
class _Loaded:
    """A module that is loaded, or half: what it has bound, and the line that it has reached.

    A name that is bound has that of the module that it is, else nothing.
    """

    module: Module
    bound: dict[str, str] = field(default_factory=dict)
    line: int = 1
    is_done: bool = False


class Run(NamedTuple):
    """A module that is run, the name that it has then, and the line that asks for it."""

    module: Module
    name: str
    path: str
    line: int


class Loader:
    """Loads a tree's modules; `own` are names that a module of elsewhere does not have.

    `runs` has also those in which an import fails later.
    """

    def __init__(self, model: Model, own: set[str]) -> None:
        self.model = model
        self.own = own
        self.loaded: dict[str, _Loaded] = {}
        self.runs: list[Run] = []

    def start(self, name: str) -> None:
        """Load a module as the program that is started; raise ImportFailure."""
        self._run(self.model.modules[name], MAIN)

    def load(self, name: str, path: str = "", line: int = 0) -> None:
        """Import a module, and the packages that it is in; raise ImportFailure.

        `path` and `line` say where it is asked for.
        """
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            part = ".".join(parts[:end])
            if part in self.model.modules and part not in self.loaded:
                self._run(self.model.modules[part], part, path, line)
                package = self.loaded.get(".".join(parts[: end - 1]))
                if package:
                    package.bound[parts[end - 1]] = part

    def _run(self, module: Module, name: str, path: str = "", line: int = 0) -> None:
        self.loaded[name] = state = _Loaded(module)
        self.runs.append(Run(module, name, path, line))
        self._follow(module.events, state, is_main=name == MAIN)
        state.is_done = True

    def _follow(self, events: list[Event], state: _Loaded, is_main: bool) -> None:
        for event in events:
            match event:
                case Bind(name, line):
                    state.bound[name] = ""
                    state.line = line
                case Read():
                    self._read(event, state)
                case Import():
                    state.line = event.line
                    self._import(event, state)
                case Attempt(body, handler):
                    before = dict(self.loaded)
                    try:
                        self._follow(body, state, is_main)
                    except ImportFailure:
                        if handler is None:
                            raise
                        self.loaded = before
                        self._follow(handler, state, is_main)
                case Either(body, otherwise):
                    # the condition is not known: as long as one of the two succeeds, it may be that
                    loaded, runs = dict(self.loaded), list(self.runs)
                    try:
                        self._follow(body, state, is_main)
                    except ImportFailure:
                        self.loaded, self.runs = loaded, runs
                        self._follow(otherwise, state, is_main)
                    branches = (*body, *otherwise)
                    bound = {each.name for each in branches if isinstance(each, Bind)}
                    bound |= {each.bound for each in branches if isinstance(each, Import)}
                    state.bound = dict.fromkeys(bound, "") | state.bound
                case Start(body) if is_main:
                    self._follow(body, state, is_main)

    def _import(self, found: Import, state: _Loaded) -> None:
        here = state.module.path
        # the program is there whatever it is, and its names are those of another one
        if found.module == MAIN and found.name and MAIN not in self.loaded:
            raise ImportFailure(here, found.line, f"the program that runs has no {found.name}")
        if not self._may_be_there(found.module):
            raise ImportFailure(here, found.line, f"there is no module {found.module}")
        self.load(found.module, here, found.line)
        if not found.name:
            is_top = found.bound == found.module.split(".")[0]
            state.bound[found.bound] = found.bound if is_top else found.module
            return
        source = self.loaded.get(found.module)
        if found.name == "*":
            if source:
                names = filter(source.module.passes_on, source.bound)
                state.bound |= {name: source.bound[name] for name in names}
            return
        submodule = f"{found.module}.{found.name}"
        if source and (found.name in source.bound or submodule not in self.model.modules):
            self._demand(source, found.name, state, found.line)
            state.bound[found.bound] = source.bound.get(found.name, "")
        else:
            # without a source it is of elsewhere, or of a folder that is no package
            self.load(submodule, here, found.line)
            state.bound[found.bound] = submodule

    def _read(self, event: Read, state: _Loaded) -> None:
        """Look up the attributes of modules that a dotted name begins with."""
        first, *rest = event.name.split(".")
        source = self.loaded.get(state.bound.get(first, ""))
        for name in rest:
            if source:
                self._demand(source, name, state, event.line)
                source = self.loaded.get(source.bound.get(name, ""))

    def _demand(self, source: _Loaded, name: str, state: _Loaded, line: int) -> None:
        """Raise ImportFailure when a module does not have a name that another one needs now."""
        module = source.module
        # a function may bind it, or find it, or it may be in what another package has
        stars = (each.module for each in module.imports if each.name == "*")
        is_open = "__getattr__" in source.bound or not self.model.modules.keys() >= {*stars}
        if is_open or name in source.bound.keys() | module.rebound or name.startswith("__"):
            return
        is_to_come = name in self.model.bound(module)
        is_to_come |= f"{module.name}.{name}" in self.model.modules
        if is_to_come and not source.is_done:
            reason = f"{name} of {module.path} is not there yet; that file is at its line"
            waits = "" if source is state else " and waits for this one"
            raise ImportFailure(state.module.path, line, f"{reason} {source.line}{waits}")
        raise ImportFailure(state.module.path, line, f"{module.path} has no {name}")

    def _may_be_there(self, name: str) -> bool:
        """Return whether the tree has a module, or a folder, of the name, or another one may."""
        folders = {".".join(each.split(".")[:-1]) for each in self.model.modules}
        there = self.model.modules.keys() | folders
        top = name.split(".")[0]
        return name in there if top in there else top not in self.own

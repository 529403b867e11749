"""The modules of a tree together: what an import leads to, and which modules a module reaches."""

from collections.abc import Iterable
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from tour.stages.sizes import is_test
from tour.syntax import imports
from tour.syntax import modules
from tour.syntax.files import Files
from tour.syntax.modules import Import
from tour.syntax.modules import Module
from tour.syntax.modules import Start

# the name under which a program's own module is known
MAIN = "__main__"


class Origin(NamedTuple):
    """Where a name comes from: a module of the tree or of elsewhere, and its name there.

    The name is empty when it is the module itself.
    """

    module: str
    name: str


class Model:
    """The modules of a tree by their dotted names, a package's `__init__.py` by the package's."""

    def __init__(self, files: Files) -> None:
        self.files = files
        paths = sorted(path for path in files.contents if path.endswith(".py"))
        parsed = [modules.parse(path, files.contents[path]) for path in paths]
        self.modules = {module.name: module for module in parsed}

    @cached_property
    def application(self) -> list[Module]:
        """The modules that are no tests."""
        return [module for module in self.modules.values() if not is_test(module.path)]

    @cached_property
    def tests(self) -> list[Module]:
        """The modules of tests."""
        return [module for module in self.modules.values() if is_test(module.path)]

    def within(self, name: str) -> list[Module]:
        """Return the module of that name, and those of the package that it may be."""
        return [
            module for module in self.modules.values() if f"{module.name}.".startswith(f"{name}.")
        ]

    @cached_property
    def program(self) -> Module | None:
        """The module that is started, which is `__main__` then; None without one."""
        started = (
            module
            for module in self.application
            if any(isinstance(event, Start) for event in module.events)
        )
        return next(started, None)

    def imported(self, found: Import) -> list[Module]:
        """Return the modules of the tree that an import loads by its names, the last one first."""
        if found.module == MAIN:
            return [self.program] if self.program else []
        names = [found.module]
        package = self.modules.get(found.module)
        # what the package binds itself comes before a module of that name
        if found.name and not (package and self._binds(package, found)):
            names.insert(0, f"{found.module}.{found.name}")
        return [self.modules[name] for name in names if name in self.modules][:1]

    @staticmethod
    def _binds(package: Module, found: Import) -> bool:
        if found.name in package.definitions:
            return True
        # from . import models binds what is a module all the same
        return any(
            each.bound == found.name and not each.deferred and each.module != package.name
            for each in package.imports
        )

    def bound(self, module: Module, seen: tuple[str, ...] = ()) -> set[str]:
        """Return the names that a module has once it is loaded, with those of the tree's stars."""
        return module.bound.union(*(names for _, names in self._stars(module, seen)))

    def _stars(
        self, module: Module, seen: tuple[str, ...] = ()
    ) -> Iterator[tuple[Import, Iterable[str]]]:
        """Yield a module's imports of all names of a module of the tree, and what each brings."""
        seen = (*seen, module.name)
        for found in module.imports:
            source = self.modules.get(found.module)
            if found.name == "*" and source and source.name not in seen:
                yield found, set(filter(source.passes_on, self.bound(source, seen)))

    def origin(self, module: Module, name: str) -> Origin:
        """Return where a name of a module comes from, through the modules that pass it on."""
        seen = set()
        while (module.name, name) not in seen:
            seen.add((module.name, name))
            if name in module.definitions:
                break
            found = next((each for each in module.imports if each.bound == name), None)
            stars = (star for star, names in self._stars(module) if name in names)
            found = found or next(stars, None)
            if found is None:
                break
            if not found.name:
                # import a.b binds a
                whole = found.module.split(".")[0] == found.bound
                return Origin(found.bound if whole else found.module, "")
            source = self.modules.get(found.module)
            submodule = f"{found.module}.{found.name}"
            if submodule in self.modules:
                # what the package binds itself comes before a module of that name
                if source is None or source is module or found.name not in self.bound(source):
                    return Origin(submodule, "")
            if source is None:
                return Origin(found.module, found.name)
            module, name = source, name if found.name == "*" else found.name
        return Origin(module.name, name)

    def resolve(self, module: Module, dotted: str) -> Origin:
        """Return what a dotted name in a module is: `api.routes.index` of some module, say."""
        first, *rest = dotted.split(".")
        origin = self.origin(module, first)
        for name in rest:
            full = f"{origin.module}.{name}"
            if origin.name:
                return Origin(origin.module, f"{origin.name}.{'.'.join(rest)}")
            if full in self.modules:
                origin = Origin(full, "")
            elif origin.module in self.modules:
                origin = self.origin(self.modules[origin.module], name)
            else:
                origin = Origin(origin.module, name)
        return origin

    @cached_property
    def edges(self) -> list[imports.Import]:
        """The imports among the modules that are no tests, by paths, each pair once."""
        return self.edges_of(self.application)

    def edges_of(self, modules: Iterable[Module]) -> list[imports.Import]:
        """Return the imports of modules of the tree, by paths, each pair once."""
        pairs: dict[tuple[str, str], bool] = {}
        for module in modules:
            for found in module.imports:
                for other in self.imported(found):
                    if other is not module:
                        pair = module.path, other.path
                        pairs[pair] = found.deferred and pairs.get(pair, True)
        return [imports.Import(*pair, deferred) for pair, deferred in sorted(pairs.items())]

    def reached(self, module: Module) -> Iterator[tuple[Import, Module]]:
        """Yield the modules that a module leads to, each with the import in it that does."""
        for found in module.imports:
            seen = {module.path}
            waiting = self.imported(found)
            while waiting:
                other = waiting.pop()
                if other.path not in seen:
                    seen.add(other.path)
                    yield found, other
                    waiting += [up for each in other.imports for up in self.imported(each)]

"""The import cycles of a tree, and the one definition whose move to its own module ends each."""

from collections.abc import Iterator
from typing import NamedTuple

from tour.survey.objects import Objects
from tour.survey.registration import hangs_on
from tour.survey.result import Borrowed
from tour.survey.result import Cycle
from tour.survey.result import Move
from tour.syntax.imports import Import
from tour.syntax.imports import find_cycle
from tour.syntax.imports import group_cycles
from tour.syntax.model import MAIN
from tour.syntax.model import Model
from tour.syntax.model import Origin
from tour.syntax.modules import Module

# the path of the module that a definition moves to
OWN = "its own module"


class _Reason(NamedTuple):
    """Why a module imports another: a definition, its line here, and what could do instead.

    That is, if it is the application: `current_app` for functions, a blueprint for views.
    """

    origin: Origin
    line: int
    instead: str = ""

    @property
    def name(self) -> str:
        """The name of the definition."""
        return self.origin.name


Reasons = dict[tuple[str, str], list[_Reason]]


def find_cycles(tree: Model, objects: dict[str, Objects]) -> tuple[Cycle, ...]:
    """Return the cycles of a tree; `objects` are those of its modules, by their names."""
    return tuple(_Tangle(tree, objects, edges).describe() for edges in group_cycles(tree.edges))


class _Tangle:
    """Modules that import each other."""

    def __init__(self, tree: Model, objects: dict[str, Objects], edges: list[Import]) -> None:
        self.tree = tree
        self.objects = objects
        self.edges = edges
        self.paths = {module.path: module for module in tree.application}
        self.reasons: Reasons = {
            (edge.importer, edge.imported): list(dict.fromkeys(self._reasons(edge)))
            for edge in edges
        }

    def describe(self) -> Cycle:
        """Return the cycle with the least that ends it."""
        borrowed = [
            Borrowed(importer, reason.name, reason.line, reason.instead)
            for (importer, _), reasons in self.reasons.items()
            for reason in reasons
            if reason.instead
        ]
        imports = tuple(
            (edge, tuple(dict.fromkeys(reason.name for reason in self.reasons[edge[:2]])))
            for edge in self.edges
        )
        modules = tuple(sorted({edge.importer for edge in self.edges}))
        for lent in ([], borrowed) if borrowed else ([],):
            if lent and self._is_ended(None, lent):
                return Cycle(modules, imports, None, tuple(lent))
            for origin in self._candidates():
                if self._is_ended(origin, lent):
                    return Cycle(modules, imports, self._move(origin), tuple(lent))
        return Cycle(modules, imports, None, ())

    def _move(self, origin: Origin) -> Move:
        home, objects = self.tree.modules[origin.module], self.objects[origin.module]
        uses = objects.by_name[origin.name].uses if origin.name in objects.by_name else {}
        is_bound = origin.name in objects.databases and any(
            name in uses for name in objects.applications
        )
        return Move(origin.name, home.path, home.definitions[origin.name], is_bound)

    def _reasons(self, edge: Import) -> Iterator[_Reason]:
        """Yield the definitions for which a module imports another one."""
        importer, imported = self.paths[edge.importer], self.paths[edge.imported]
        for found in importer.imports:
            if found.deferred or imported not in self.tree.imported(found):
                continue
            origin = self.tree.origin(importer, found.bound)
            if origin.module == MAIN:
                origin = Origin(imported.name, origin.name)
            if origin.name:
                yield _Reason(origin, found.line, self._instead(importer, found.bound, origin))
                continue
            for (start, attribute), line in importer.attributes.items():
                if start == found.bound:
                    used = self.tree.origin(imported, attribute)
                    yield _Reason(used, line, self._instead(importer, start, used))

    def _instead(self, importer: Module, bound: str, origin: Origin) -> str:
        """Return what a module could use that is no import of an application object, if any."""
        if not self._is_application(origin):
            return ""
        if bound not in importer.loading:
            return "current_app"
        pieces = self.objects[importer.name].pieces
        loading = [piece for piece in pieces if piece.needs_to_load(bound)]
        return "a blueprint" if all(hangs_on(piece, bound) for piece in loading) else ""

    def _is_application(self, origin: Origin) -> bool:
        objects = self.objects.get(origin.module)
        return objects is not None and origin.name in objects.applications

    def _candidates(self) -> list[Origin]:
        """Return the definitions that may move: a database object first, then what needs least."""
        found = dict.fromkeys(
            reason.origin for reasons in self.reasons.values() for reason in reasons
        )

        def rank(origin: Origin) -> tuple[bool, int, int]:
            module = self.tree.modules[origin.module]
            objects = self.objects[origin.module]
            uses = objects.by_name[origin.name].uses if origin.name in objects.by_name else {}
            line = module.definitions[origin.name]
            return origin.name not in objects.databases, len(uses), line

        defined = [
            origin
            for origin in found
            if origin.module in self.objects
            and origin.name in self.tree.modules[origin.module].definitions
            # an application, and a blueprint, are nothing without what is registered on them
            and origin.name not in self.objects[origin.module].registrars
        ]
        return sorted(defined, key=rank)

    def _is_ended(self, moved: Origin | None, lent: list[Borrowed]) -> bool:
        """Return whether no cycle is left once a definition has moved and uses of app are lent."""
        edges = set()
        free = {(each.path, each.name) for each in lent}
        for (importer, imported), reasons in self.reasons.items():
            left = [
                reason
                for reason in reasons
                if reason.origin != moved and (importer, reason.name) not in free
            ]
            # an import for no name loads the module for what it does
            if left or not reasons:
                edges.add(Import(importer, imported, False))
            if any(reason.origin == moved for reason in reasons):
                edges.add(Import(importer, OWN, False))
        if moved:
            home = self.tree.modules[moved.module]
            edges.add(Import(home.path, OWN, False))
            edges.update(Import(OWN, path, False) for path in self._needs(home, moved.name))
        return not find_cycle(sorted(edges))

    def _needs(self, home: Module, name: str) -> Iterator[str]:
        """Yield the paths of the modules that a definition needs once it has left its own."""
        objects = self.objects[home.name]
        piece = objects.by_name.get(name)
        for used in piece.uses if piece else ():
            # a database object is made without the application, which it is given later
            if name in objects.databases and used in objects.applications:
                continue
            if used in home.definitions and used not in (piece.names if piece else ()):
                yield home.path
            for found in home.imports:
                if found.bound == used:
                    yield from (module.path for module in self.tree.imported(found))

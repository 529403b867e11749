"""The objects that an application is made of, and the pieces of a module that reach them.

An application object, a database object and what registers views are known by how they are made.
"""

import ast
from collections.abc import Callable
from collections.abc import Iterator

from tour.survey import libraries
from tour.survey.pieces import Piece
from tour.survey.pieces import Pieces
from tour.survey.pieces import chain_of
from tour.survey.pieces import dotted
from tour.survey.pieces import root_of
from tour.syntax.modules import name_of


class Objects:
    """The names of a module's objects, and the pieces that touch its application and database.

    `outside` are imported names that reach a database in their own modules.
    """

    def __init__(self, module: Pieces, outside: frozenset[str] = frozenset()) -> None:
        self.module = module
        self.outside = outside
        self.pieces = module.pieces
        self.by_name = {name: piece for piece in self.pieces for name in piece.names}
        # what has been found out, in this order
        self.application_classes: set[str] = set()
        self.factories: set[str] = set()
        self.applications: list[str] = []
        # the library of each database object
        self.databases: dict[str, str] = {}
        # the blueprint of each object that registers views, empty for the application's
        self.registrars: dict[str, str] = {}
        self._find_objects()
        self.users = self._find_users()
        self.kept_in_g: set[str] = set()
        self.touching_database = self._reach(self._touches_database)
        self.kept_in_g = self._find_kept_in_g()
        if self.kept_in_g:
            self.touching_database = self._reach(self._touches_database)
        applications = {*self.applications, *self.factories}
        objects = {*applications, *self.databases}
        self.touching_application = self._reach(
            lambda piece: bool(applications & piece.uses.keys()),
            through=lambda piece: objects.isdisjoint(piece.names),
        )
        # an extension for a database has them, though they may be in another module
        self.has_models = any(map(self.is_model, self.pieces)) or any(
            library.startswith("flask_") for library in self.databases.values()
        )

    def _find_objects(self) -> None:
        for piece in self.pieces:
            bases = [self.module.origin(dotted(base)) for base in piece.bases]
            if any(map(_is_application, bases)):
                self.application_classes.update(piece.names)
            for origin in filter(_is_connection, bases):
                self.databases.update(dict.fromkeys(piece.names, top_of(origin)))
        for piece in self.pieces:
            made = self.made_in(piece)
            if piece.is_function and (
                any(map(_is_application, made))
                or any(dotted(call) in self.application_classes for call in piece.calls)
            ):
                self.factories.update(piece.names)
        for piece in self.pieces:
            if not piece.is_function and not isinstance(piece.node, ast.ClassDef):
                self._note_object(piece)

    def made_in(self, piece: Piece) -> list[str]:
        """Return what the calls of a piece call, such as `flask.Flask`."""
        return [origin for call in piece.calls if (origin := self.module.origin(dotted(call)))]

    def _note_object(self, piece: Piece) -> None:
        """Note what an assignment makes."""
        local = {dotted(call) for call in piece.calls}
        value = getattr(piece.node, "value", None)
        root = root_of(value) if value is not None else ""
        for origin in self.made_in(piece):
            last = origin.rpartition(".")[2]
            if _is_application(origin):
                self.applications += piece.names
            elif origin == libraries.BLUEPRINT:
                self.registrars.update(dict.fromkeys(piece.names, piece.names[0]))
            elif last in libraries.REGISTRARS:
                argument = next((name for name in piece.uses if name in self.registrars), "")
                self.registrars.update(
                    dict.fromkeys(piece.names, self.registrars.get(argument, ""))
                )
            elif _is_connection(origin):
                self.databases.update(dict.fromkeys(piece.names, top_of(origin)))
        if local & (self.factories | self.application_classes):
            self.applications += piece.names
        elif isinstance(value, ast.Name) and root in self.applications:
            self.applications += piece.names
        elif isinstance(value, ast.Attribute) and root in self.registrars | dict.fromkeys(
            self.applications
        ):
            if chain_of(value) & (libraries.ROUTES | libraries.RULES | libraries.HOOKS):
                self.registrars.update(dict.fromkeys(piece.names, self.registrars.get(root, "")))
        self.registrars.update(dict.fromkeys(self.applications, ""))

    # what reaches what

    def _find_users(self) -> dict[Piece, list[Piece]]:
        users: dict[Piece, list[Piece]] = {piece: [] for piece in self.pieces}
        for piece in filter(None, (*self.pieces, self.module.start)):
            for used in dict.fromkeys(self.by_name.get(name) for name in piece.uses):
                if used and used is not piece:
                    users[used].append(piece)
        return users

    def _reach(
        self,
        touches: Callable[[Piece], bool],
        through: Callable[[Piece], bool] = lambda piece: True,
    ) -> set[Piece]:
        """Return the pieces that touch something, and all that use them, and those that these."""
        found = set(filter(touches, self.pieces))
        waiting = [piece for piece in found if through(piece)]
        while waiting:
            for user in self.users[waiting.pop()]:
                if user in self.users and user not in found:
                    found.add(user)
                    if through(user):
                        waiting.append(user)
        return found

    def _touches_database(self, piece: Piece) -> bool:
        if any(name in self.databases for name in piece.names):
            return True
        if self.kept_in_g and piece.mentions("g") & self.kept_in_g:
            return True
        return any(self._is_of_database(name) for name in piece.uses)

    def _find_kept_in_g(self) -> set[str]:
        """Return the attributes of `flask.g` that hold a connection, as in g.db = connect()."""
        return {
            target.attr
            for piece in self.touching_database
            if "g" in piece.uses
            for statement in piece.statements
            for node in ast.walk(statement.node)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
            for target in node.targets
            if isinstance(target, ast.Attribute) and name_of(target.value) == "g"
            if self._gives_connection(node.value)
        }

    def _gives_connection(self, call: ast.Call) -> bool:
        local = self.by_name.get(dotted(call))
        if local:
            return any(map(_is_connection, self.made_in(local)))
        return _is_connection(self.module.origin(dotted(call)))

    def _is_of_database(self, name: str) -> bool:
        if name in self.databases or name in self.outside:
            return True
        return name not in self.by_name and (
            top_of(self.module.origin(name)) in libraries.DATABASES
        )

    def bases(self, piece: Piece) -> Iterator[ast.expr]:
        """Yield the bases of a class, and those of the classes of the module among them."""
        seen = {piece}
        waiting = [piece]
        while waiting:
            for base in waiting.pop().bases:
                yield base
                local = self.by_name.get(root_of(base))
                if local and local not in seen:
                    seen.add(local)
                    waiting.append(local)

    def is_model(self, piece: Piece) -> bool:
        """Return whether a piece is a class of what a database keeps."""
        if any(name in self.databases for name in piece.names):
            return False
        return any(
            root_of(base) in self.databases
            or root_of(base) in self.outside
            or self.module.origin(dotted(base)) in libraries.MODELS
            for base in self.bases(piece)
        )


def _is_application(origin: str) -> bool:
    return origin.endswith(libraries.APPLICATION) and "flask" in top_of(origin).lower()


def _is_connection(origin: str) -> bool:
    last = origin.rpartition(".")[2]
    return top_of(origin) in libraries.DATABASES and last in libraries.CONNECTIONS


def top_of(origin: str) -> str:
    """Return the package that a dotted name begins with."""
    return origin.partition(".")[0]

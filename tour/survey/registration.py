"""How the functions and classes of a module are registered: as views, hooks or commands."""

import ast
from typing import NamedTuple

from tour.survey import libraries
from tour.survey.objects import Objects
from tour.survey.pieces import Piece
from tour.survey.pieces import chain_of
from tour.survey.pieces import dotted
from tour.survey.pieces import root_of


class Registration(NamedTuple):
    """How a piece is registered: as a command or not, by which object, and at which path.

    `registrar` is the name of the object, empty when the module has no such one; `path` is None
    for what has none.
    """

    is_command: bool
    registrar: str
    path: str | None = None
    is_teardown: bool = False


def find_registered(objects: Objects) -> dict[Piece, Registration]:
    """Return how each piece is registered that is."""
    return _Search(objects).find()


def hangs_on(piece: Piece, name: str) -> bool:
    """Return whether a piece uses an object of that name to be registered on it."""
    return any(root_of(decorator) == name for decorator in piece.decorators) or any(
        root_of(call.func) == name and chain_of(call.func) & (libraries.RULES | libraries.HOOKS)
        for call in piece.calls
    )


class _Search:
    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.constants = self._find_constants()

    def find(self) -> dict[Piece, Registration]:
        found: dict[Piece, Registration] = {}
        for piece in self.objects.pieces:
            for decorator in piece.decorators:
                if registration := self._decorated(decorator):
                    found.setdefault(piece, registration)
        for piece in self.objects.pieces:
            for call in piece.calls:
                chain = chain_of(call.func)
                if not chain & (libraries.RULES | libraries.HOOKS | {"add_command"}):
                    continue
                root = root_of(call.func)
                # in a function it may be what the function is given
                if root not in self.objects.registrars and (
                    root in self.objects.by_name or not piece.is_function
                ):
                    continue
                registration = _register(root, chain, self._path_in(call))
                for name in _names_in(call):
                    named = self.objects.by_name.get(name)
                    if named and named.definitions:
                        found.setdefault(named, registration)
                if not piece.names and root in self.objects.registrars:
                    found.setdefault(piece, registration)
        for piece in self.objects.pieces:
            if piece not in found and self._is_view_class(piece):
                found[piece] = Registration(False, "")
        return found

    def _decorated(self, decorator: ast.expr) -> Registration | None:
        root, chain = root_of(decorator), chain_of(decorator)
        path = self._path_in(decorator)
        if root in self.objects.registrars:
            return _register(root, chain, path)
        if self.objects.module.origin(dotted(decorator)) in ("click.command", "click.group"):
            return Registration(True, "")
        local = self.objects.by_name.get(root)
        if local and path and local.is_function and local in self.objects.touching_application:
            return Registration(False, root, path)
        return None

    def _is_view_class(self, piece: Piece) -> bool:
        return any(
            dotted(base).rpartition(".")[2] in libraries.VIEWS
            and root_of(base) not in self.objects.by_name
            for base in self.objects.bases(piece)
        )

    def _path_in(self, node: ast.expr) -> str | None:
        """Return the path that is an argument of a call, as far as it is a text."""
        if isinstance(node, ast.Call):
            for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
                if (text := self._text(argument)).startswith("/"):
                    return text
        return None

    def _text(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Name(id=name):
                return self.constants.get(name, "")
            case ast.BinOp(op=ast.Add()):
                parts = []
                while isinstance(node, ast.BinOp):
                    parts.append(self._text(node.right))
                    node = node.left
                return "".join([self._text(node), *reversed(parts)])
            case ast.JoinedStr(values=values):
                return "".join(map(self._text, values))
            case ast.FormattedValue(value=value):
                return self._text(value)
        return ""

    def _find_constants(self) -> dict[str, str]:
        """Return the texts that names stand for, of which paths may be made."""
        return {
            name: piece.node.value.value
            for piece in self.objects.pieces
            if isinstance(piece.node, ast.Assign)
            and isinstance(piece.node.value, ast.Constant)
            and isinstance(piece.node.value.value, str)
            for name in piece.names
        }


def _register(root: str, chain: set[str], path: str | None) -> Registration:
    """Return how an object registers by the attributes in a chain."""
    is_command = bool(chain & (libraries.COMMANDS | {"add_command"}))
    is_teardown = any(name.startswith("teardown") for name in chain)
    return Registration(is_command, root, path, is_teardown)


def _names_in(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}

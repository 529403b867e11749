"""The pieces of a module: statements that move together, and the names that each uses.

A piece is a definition with the statements that finish it, such as `db = SQLAlchemy()` and
`db.session.autoflush = False`; or a statement that defines nothing, such as `app.run()`.
"""

import ast
import re
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from typing import NamedTuple

from tour.survey.libraries import APPLICATION
from tour.survey.libraries import CHANGES
from tour.survey.libraries import DONE_BY_APPLICATION
from tour.survey.libraries import REGISTRARS
from tour.syntax.imports import is_start
from tour.syntax.modules import Import
from tour.syntax.modules import Module
from tour.syntax.modules import Statement
from tour.syntax.modules import name_of
from tour.syntax.modules import read_statements

# a comment that divides a module: `# --- models ---`, `#### Models ####`, `# ======`
BANNER = re.compile(rb"#+\s*[-=#*~_]{3,}.*|#{3,}.*")


Function = ast.FunctionDef | ast.AsyncFunctionDef


class Use(NamedTuple):
    """A use of a name: the first line, and whether it happens in functions alone."""

    line: int
    deferred: bool


@dataclass(eq=False)
class Piece:
    """Statements that move together; `uses` has the names of the module that they need."""

    statements: list[Statement]
    region: int
    names: list[str] = field(default_factory=list)
    uses: dict[str, Use] = field(default_factory=dict)
    rebinds: set[str] = field(default_factory=set)
    lines: int = 0

    @property
    def node(self) -> ast.stmt:
        """The statement that defines, or the only one."""
        return self.statements[0].node

    @property
    def first(self) -> int:
        """The first line."""
        return self.statements[0].first

    @property
    def is_function(self) -> bool:
        """Whether the piece is a function."""
        return isinstance(self.node, Function)

    @property
    def bases(self) -> list[ast.expr]:
        """The bases of a class, none of another piece."""
        return self.node.bases if isinstance(self.node, ast.ClassDef) else []

    @cached_property
    def definitions(self) -> "list[Function | ast.ClassDef]":
        """The functions and classes in the piece, those under a condition too."""
        return find_definitions(self.node)

    @property
    def decorators(self) -> Iterator[ast.expr]:
        """The decorators of its functions and classes."""
        for definition in self.definitions:
            yield from definition.decorator_list

    @cached_property
    def calls(self) -> list[ast.Call]:
        """All calls in the piece."""
        return [
            node
            for statement in self.statements
            for node in ast.walk(statement.node)
            if isinstance(node, ast.Call)
        ]

    def needs_to_load(self, name: str) -> bool:
        """Return whether a name is used while the module is loaded, and not in functions alone."""
        return name in self.uses and not self.uses[name].deferred

    def mentions(self, name: str) -> set[str]:
        """Return the attributes of a name that the piece speaks of: {"config"} for app.config."""
        return {
            attribute
            for statement in self.statements
            for start, attribute in statement.holds.attributes
            if start == name
        }

    @cached_property
    def changes(self) -> set[str]:
        """The names of the module whose objects the piece changes, without binding them again."""
        changed = set()
        for statement in self.statements:
            for node in ast.walk(statement.node):
                match node:
                    case ast.Attribute() | ast.Subscript() if not isinstance(node.ctx, ast.Load):
                        changed.add(root_of(node))
                    case ast.Call(func=ast.Attribute(attr=method)) if method in CHANGES:
                        changed.add(root_of(node.func))
                    case ast.Call(func=ast.Name(id="next"), args=[ast.Name(id=name), *_]):
                        changed.add(name)
                    case ast.withitem(context_expr=ast.Name(id=name)):
                        # such as a lock
                        changed.add(name)
        return changed & self.uses.keys()

    def words(self) -> set[str]:
        """Return the attributes and texts in the piece, its own names among them."""
        held = {word for statement in self.statements for word in statement.holds.words}
        used = {name for statement in self.statements for name in statement.holds.used}
        return held | used | set(self.names)


class Pieces(NamedTuple):
    """A module in its pieces: those that define and do, what starts it, and the lines of the rest.

    `rest` are the module's docstring and its imports, which each new module has of its own.
    """

    module: Module
    imports: dict[str, Import]
    pieces: list[Piece]
    start: Piece | None
    rest: int

    def origin(self, dotted: str) -> str:
        """Return what a name stands for, such as `flask.Flask` for `Flask`; empty if unknown."""
        first, _, more = dotted.partition(".")
        found = self.imports.get(first)
        if found is None:
            return self._from_star(first) if not more else ""
        # import a.b binds a
        whole = first if not found.name and found.module.split(".")[0] == first else found.module
        return ".".join(filter(None, (whole, found.name, more)))

    def _from_star(self, name: str) -> str:
        """Return where a name that nothing binds may come from, by what the library has."""
        stars = [each.module for each in self.module.imports if each.name == "*"]
        if not stars or name in self.module.bound | self.module.stored:
            return ""
        is_flask = name.endswith("Flask") or name == "Blueprint"
        fitting = [module for module in stars if (module == "flask") == is_flask]
        return f"{fitting[0]}.{name}" if fitting else ""


def read(path: str, source: bytes) -> Pieces:
    """Read a module. One with a fault, which its `module` tells, has no pieces."""
    module, statements = read_statements(path, source)
    rows = source.splitlines()
    pieces: list[Piece] = []
    by_name: dict[str, Piece] = {}
    start = None
    rest = region = reached = 0
    for statement in statements:
        between = range(reached, statement.first - 1)
        region += any(BANNER.match(rows[number]) for number in between if number < len(rows))
        comment = _count_comment(rows, reached, statement.first)
        reached = statement.last
        lines = statement.last - statement.first + 1
        if is_start(statement.node):
            start = Piece([statement], region, lines=lines)
            _note_uses(start)
        elif _is_heading(statement.node):
            rest += lines
        else:
            names = list(statement.holds.definitions)
            piece = next((by_name[name] for name in names if name in by_name), None)
            if piece is None and not names:
                piece = by_name.get(_finished(statement.node))
                piece = None if piece and _is_made_for_views(piece) else piece
            if piece is None:
                piece = Piece([], region)
                pieces.append(piece)
            piece.statements.append(statement)
            piece.names += [name for name in names if name not in piece.names]
            piece.lines += lines + comment
            by_name.update((name, piece) for name in names)
    for piece in pieces:
        _note_uses(piece)
    imports = {found.bound: found for found in reversed(module.imports)}
    return Pieces(module, imports, pieces, start, rest)


def _count_comment(rows: list[bytes], after: int, first: int) -> int:
    """Return how many lines of comment stand right above a line."""
    number = first - 2
    while number >= after and rows[number].startswith(b"#") and not BANNER.match(rows[number]):
        number -= 1
    return first - 2 - number


def _note_uses(piece: Piece) -> None:
    for statement in piece.statements:
        holds = statement.holds
        for name, line in holds.used.items():
            known = piece.uses.get(name)
            deferred = name not in holds.loading and (known is None or known.deferred)
            piece.uses[name] = Use(known.line if known else line, deferred)
        for name in holds.rebound:
            piece.rebinds.add(name)
            piece.uses.setdefault(name, Use(statement.first, True))


def _is_heading(node: ast.stmt) -> bool:
    """Return whether a statement is one that each module has of its own: an import, a docstring."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Pass():
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.Assign(value=ast.Call(args=[ast.Name(id="__name__")]) as call):
            return dotted(call).endswith("getLogger")
        case ast.Try(body=body) | ast.If(body=body):
            return all(isinstance(each, ast.Import | ast.ImportFrom) for each in body)
    return False


def _finished(node: ast.stmt) -> str:
    """Return the name of what a statement that defines nothing goes on to set up, if any."""
    target = target_of(node)
    return "" if DONE_BY_APPLICATION & chain_of(target) else root_of(target)


def target_of(node: ast.stmt) -> ast.AST:
    """Return what a statement changes by an attribute, an item or a method, or else itself."""
    match node:
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript() as target]):
            return target
        case ast.AugAssign(target=ast.Attribute() | ast.Subscript() as target):
            return target
        case ast.Expr(value=ast.Call(func=ast.Attribute() as target)):
            return target
    return node


def _is_made_for_views(piece: Piece) -> bool:
    """Return whether a piece makes an application, or what registers views as one does."""
    made = {dotted(call).rpartition(".")[2] for call in piece.calls}
    return any(name.endswith(APPLICATION) for name in made) or bool(made & REGISTRARS)


def chain_of(node: ast.AST) -> set[str]:
    """Return the attributes in an expression such as `app.cli.command("x")`."""
    found = set()
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        node = node.func if isinstance(node, ast.Call) else node.value
    return found


def find_definitions(node: ast.stmt) -> "list[Function | ast.ClassDef]":
    """Return the functions and classes that a statement defines at the module's top."""
    if isinstance(node, Function | ast.ClassDef):
        return [node]
    inner: Iterable[ast.stmt] = ()
    match node:
        case ast.If(body=body, orelse=orelse):
            inner = [*body, *orelse]
        case ast.Try(body=body, handlers=handlers, orelse=orelse):
            inner = [*body, *orelse, *(each for handler in handlers for each in handler.body)]
    return [found for each in inner for found in find_definitions(each)]


def root_of(node: ast.AST) -> str:
    """Return the first name of an expression such as `app.cli.command("x")`; empty without one."""
    while True:
        match node:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Call(func=inner):
                node = inner
            case ast.Name(id=name):
                return name
            case _:
                return ""


def dotted(node: ast.AST) -> str:
    """Return the dotted name of what is called, or of an expression; empty when it is another."""
    return name_of(node.func if isinstance(node, ast.Call) else node)

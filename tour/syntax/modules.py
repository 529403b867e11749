"""What a module holds, by its syntax alone: definitions, imports, names, calls."""

import ast
import builtins
import itertools
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from functools import cache
from typing import NamedTuple

from tour.stages.sizes import is_test
from tour.syntax.imports import absolute_name
from tour.syntax.imports import dotted_name
from tour.syntax.imports import is_start

# what every module has without binding it
GIVEN = {*dir(builtins), "__file__", "__name__", "__path__", "__package__", "__spec__", "__doc__"}

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# what a source raises that is not Python, or too much of it
FAULTS = (SyntaxError, ValueError, RecursionError, MemoryError)
# what the reason has where a source is not in the encoding that it says, or has a NUL
ENCODING = re.compile("encoding|codec|null bytes")
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (*FUNCTIONS, ast.ClassDef, *COMPREHENSIONS)


class Import(NamedTuple):
    """An import of a module, or of a `name` from it, which is bound as `bound`.

    `name` is empty for `import module`, `*` for all names. `deferred` is one inside a function.
    """

    module: str
    name: str
    bound: str
    line: int
    deferred: bool


class Bind(NamedTuple):
    """A name that gets a value when the module is loaded."""

    name: str
    line: int


class Read(NamedTuple):
    """A dotted name that is looked up when the module is loaded."""

    name: str
    line: int


class Attempt(NamedTuple):
    """A `try`: what is loaded first, and what instead where that catches an import that fails."""

    body: list["Event"]
    handler: list["Event"] | None


class Either(NamedTuple):
    """An `if` with an `else`, of which at least one imports: one of the two is loaded."""

    body: list["Event"]
    otherwise: list["Event"]


class Start(NamedTuple):
    """What happens only when the module is the program."""

    body: list["Event"]
    line: int


Event = Import | Bind | Read | Attempt | Either | Start


class Call(NamedTuple):
    """A call of something, by the dotted name it has there; `inside` is one in a function.

    `arguments` are those that are names or calls of names, `texts` all texts within them, `false`
    the keywords, or else the places, of those that are False. A decorator counts as a call with the
    function; it is `f()` where it is a call itself.
    """

    name: str
    line: int
    inside: bool
    arguments: tuple[str, ...]
    texts: tuple[str, ...] = ()
    false: tuple[str | int | None, ...] = ()


class Fault(NamedTuple):
    """Where and why a file cannot be read as Python; `may_be_newer` is one that a later one may."""

    line: int
    reason: str
    may_be_newer: bool = False


@dataclass
class Module:
    """A module: the lines of what it defines and uses; `events` is what loading it does."""

    path: str
    name: str
    fault: Fault | None = None
    definitions: dict[str, int] = field(default_factory=dict)
    imports: list[Import] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    # names that are looked up in the module, by their first line; while it is loaded, and ever
    loading: dict[str, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    attributes: dict[tuple[str, str], int] = field(default_factory=dict)
    # attributes and texts
    words: set[str] = field(default_factory=set)
    # what is bound in a way that defines nothing, in a loop or by a function's `global`
    stored: set[str] = field(default_factory=set)
    # what functions bind by `global`
    rebound: set[str] = field(default_factory=set)
    functions: dict[str, int] = field(default_factory=dict)
    # what `__all__` has, None without one
    listed: set[str] | None = None

    @property
    def bound(self) -> set[str]:
        """The names that the module has once it is loaded, but for those of a star."""
        return {*self.definitions, *(each.bound for each in self.imports if not each.deferred)}

    def passes_on(self, name: str) -> bool:
        """Return whether a star imports the name if the module has it."""
        return not name.startswith("_") if self.listed is None else name in self.listed

    def missing(self) -> dict[str, int]:
        """Return the names that are used and bound nowhere, by their lines."""
        if any(each.name == "*" for each in self.imports) or "__getattr__" in self.definitions:
            return {}
        known = self.bound | self.stored | GIVEN
        return {name: line for name, line in self.used.items() if name not in known}


class Statement(NamedTuple):
    """A statement at the top of a module, with its lines, and what it holds if it stood alone."""

    node: ast.stmt
    first: int
    last: int
    holds: Module


@cache
def parse(path: str, source: bytes) -> Module:
    """Read a module; one that is not Python has a fault and nothing else."""
    module = Module(path, dotted_name(path))
    try:
        _Reader(module).read(_parse(source))
    except FAULTS as error:
        return Module(path, module.name, _describe(error))
    return module


def read_statements(path: str, source: bytes) -> tuple[Module, list[Statement]]:
    """Read the statements at the top of a module, and the module that they make up.

    A module that is not Python has a fault, and no statements.
    """
    module = parse(path, source)
    statements: list[Statement] = []
    if module.fault:
        return module, statements
    for node in _parse(source).body:
        holds = Module(path, module.name)
        _Reader(holds).read(ast.Module([node], []))
        decorators = getattr(node, "decorator_list", [])
        first = min(each.lineno for each in (node, *decorators))
        # as all nodes have that were parsed
        assert node.end_lineno is not None
        statements.append(Statement(node, first, node.end_lineno, holds))
    return module, statements


def _parse(source: bytes) -> ast.Module:
    with warnings.catch_warnings():
        # such as that of an escape that means nothing, which is no concern of the tour
        warnings.simplefilter("ignore")
        return ast.parse(source)


def _describe(error: Exception) -> Fault:
    if isinstance(error, SyntaxError):
        # neither indentation nor an encoding is what a later Python has other rules for
        is_syntax = type(error) is SyntaxError and not ENCODING.search(error.msg)
        return Fault(error.lineno or 1, f"{error.msg}", is_syntax)
    return Fault(1, str(error) or "it is nested too deeply")


def name_of(node: ast.AST) -> str:
    """Return the dotted name that an expression is, empty when it is another one."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = name_of(node.value)
        return f"{start}.{node.attr}" if start else ""
    return ""


def _spell(node: ast.AST) -> str:
    """Return the dotted name that an expression is, or `f()` for a call of one."""
    called = name_of(node.func) if isinstance(node, ast.Call) else ""
    return f"{called}()" if called else name_of(node)


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts in an expression."""
    for found in ast.walk(node):
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield found.value


class _Reader:
    """Goes through a module's tree once for what is at its top, and once for the rest."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def read(self, tree: ast.Module) -> None:
        self.module.events = list(self.load(tree.body))
        self.read_scope(tree, frozenset(), inside=False)

    # what happens when the module is loaded

    def load(self, body: list[ast.stmt]) -> Iterator[Event]:
        for node in body:
            yield from self.load_statement(node)

    def load_statement(self, node: ast.stmt) -> Iterator[Event]:
        yield from _reads(node)
        match node:
            case ast.Import() | ast.ImportFrom():
                yield from self.imports(node, deferred=False)
            case ast.If() if is_start(node):
                yield Start(list(self.load(node.body)), node.lineno)
            case ast.If() if name_of(node.test).endswith("TYPE_CHECKING"):
                yield from self.load(node.orelse)
            case ast.Try() | ast.TryStar():
                body = list(self.load(node.body))
                handlers = [list(self.load(handler.body)) for handler in node.handlers]
                catching = map(_catches_import_error, node.handlers)
                yield Attempt(body, next(itertools.compress(handlers, catching), None))
                yield from self.load([*node.orelse, *node.finalbody])
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield self.define(node.name, node.lineno)
            case ast.For() | ast.AsyncFor():
                yield from (Bind(name, node.lineno) for name in _names(node.target))
                yield from self.load([*node.body, *node.orelse])
            case ast.Match():
                for case in node.cases:
                    yield from (Bind(name, node.lineno) for name in _captures(case.pattern))
                    yield from self.load(case.body)
            case _:
                for target in _targets(node):
                    if target == "__all__":
                        self.module.listed = (self.module.listed or set()) | {*_texts(node)}
                    if alias := self.find_alias(node, target):
                        self.module.imports.append(alias)
                        yield Bind(target, node.lineno)
                    else:
                        yield self.define(target, node.lineno)
                body = list(self.load(getattr(node, "body", [])))
                otherwise = list(self.load(getattr(node, "orelse", [])))
                is_import = [not isinstance(event, Bind | Read) for event in (*body, *otherwise)]
                if isinstance(node, ast.If) and otherwise and any(is_import):
                    yield Either(body, otherwise)
                else:
                    yield from (*body, *otherwise)

    def define(self, name: str, line: int) -> Bind:
        self.module.definitions.setdefault(name, line)
        return Bind(name, line)

    def find_alias(self, node: ast.stmt, target: str) -> Import | None:
        """Return the import that a statement of the form `render = utils.render` is, if it is one.

        It defines nothing.
        """
        if not isinstance(node, ast.Assign):
            return None
        start, _, end = name_of(node.value).rpartition(".")
        found = next((each for each in self.module.imports if each.bound == start), None)
        if found is None or end != target:
            return None
        module = f"{found.module}.{found.name}".rstrip(".")
        return Import(module, target, target, node.lineno, False)

    def imports(self, node: ast.Import | ast.ImportFrom, deferred: bool) -> list[Import]:
        """Note what a statement imports, and return it."""
        if isinstance(node, ast.Import):
            found = []
            for each in node.names:
                package, _, name = each.name.rpartition(".")
                if package and each.asname:
                    # as `from package import name as asname`
                    found.append(Import(package, name, each.asname, node.lineno, deferred))
                else:
                    bound = each.asname or each.name.split(".")[0]
                    found.append(Import(each.name, "", bound, node.lineno, deferred))
        else:
            source = absolute_name(node, self.module.path)
            found = [
                Import(source, each.name, each.asname or each.name, node.lineno, deferred)
                for each in node.names
            ]
        self.module.imports += found
        return found

    # all that stands in the module

    def read_scope(self, scope: ast.AST, outer: frozenset[str], inside: bool) -> None:
        """Note what a scope uses; `outer` are the names of the functions around it."""
        nodes = list(_walk_scope(scope))
        if isinstance(scope, ast.Module):
            self.module.stored |= _locals(scope, nodes)
        own = outer | _locals(scope, nodes) if isinstance(scope, SCOPES) else outer
        # what a class binds only its own body sees
        passed = outer if isinstance(scope, ast.ClassDef) else own
        for node in nodes:
            self.note(node, own, inside)
            if isinstance(node, SCOPES):
                self.read_scope(node, passed, inside or isinstance(node, FUNCTIONS))

    def note(self, node: ast.AST, known: frozenset[str], inside: bool) -> None:
        module = self.module
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name not in known:
                # the bases of a class come after what is in it
                module.used[name] = min(module.used.get(name, node.lineno), node.lineno)
                if not inside:
                    module.loading[name] = min(module.loading.get(name, node.lineno), node.lineno)
            case ast.Attribute(attr=attribute):
                module.words.add(attribute)
                if start := name_of(node.value):
                    module.attributes.setdefault((start, attribute), node.lineno)
            case ast.Call():
                places = [*enumerate(node.args), *((key.arg, key.value) for key in node.keywords)]
                arguments = [each for _, each in places]
                names = tuple(filter(None, map(_spell, arguments)))
                texts = tuple(text for each in arguments for text in _texts(each))
                false = tuple(at for at, each in places if getattr(each, "value", None) is False)
                name = name_of(node.func)
                module.calls.append(Call(name, node.lineno, inside, names, texts, false))
            case ast.Constant(value=str(text)):
                module.words.add(text)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for each in node.decorator_list:
                    module.calls.append(Call(_spell(each), node.lineno, inside, (node.name,)))
                # pytest collects no test that is in a function
                if not (inside and is_test(module.path)):
                    module.functions.setdefault(node.name, node.lineno)
            case ast.Global(names=names):
                module.stored |= set(names)
                module.rebound |= set(names)
            case ast.Import() | ast.ImportFrom() if inside:
                self.imports(node, deferred=True)


def _reads(node: ast.stmt) -> Iterator[Read]:
    """Yield the dotted names that a statement looks up, but for those of statements in it."""
    if isinstance(node, ast.Match) or hasattr(node, "body") and not isinstance(node, SCOPES):
        heads = [getattr(node, name, None) for name in ("test", "iter", "subject")]
        heads += [item.context_expr for item in getattr(node, "items", [])]
        statements: list[ast.stmt] = [ast.Expr(each) for each in heads if each]
    else:
        statements = [node]
    for found in _walk_scope(ast.Module(statements, [])):
        if isinstance(found, ast.Attribute) and isinstance(found.ctx, ast.Load):
            yield Read(name_of(found), found.lineno)


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    caught = ("ImportError", "AttributeError", "Exception")
    return any(name_of(each) in caught for each in types)


def _targets(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement gives a value to, but for those of statements in it."""
    expressions: list[ast.AST] = []
    match node:
        case ast.Assign(targets=targets):
            expressions = [*targets]
        case ast.AnnAssign(target=target, value=value) if value is not None:
            expressions = [target]
        case ast.AugAssign(target=target):
            expressions = [target]
        case ast.With(items=items) | ast.AsyncWith(items=items):
            expressions = [item.optional_vars for item in items if item.optional_vars]
        case ast.stmt() if type(node).__name__ == "TypeAlias":
            # `type Names = list[str]`, from Python 3.12 on
            expressions = [getattr(node, "name")]
    for expression in expressions:
        yield from _names(expression)
    # `if (home := os.environ.get("HOME")):` gives a value to a name of the module
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from _named_in(child)


def _named_in(node: ast.AST) -> Iterator[str]:
    """Yield the names to which `:=` gives a value in an expression."""
    for found in ast.walk(node):
        if isinstance(found, ast.NamedExpr):
            yield from _names(found.target)


def _names(target: ast.AST) -> Iterator[str]:
    """Yield the names in a target of an assignment."""
    for found in ast.walk(target):
        if isinstance(found, ast.Name) and isinstance(found.ctx, ast.Store):
            yield found.id


def _captures(pattern: ast.AST) -> Iterator[str]:
    """Yield the names to which a pattern of a `match` gives values."""
    for found in ast.walk(pattern):
        yield from _captured(found)


def _captured(node: ast.AST) -> Iterator[str]:
    match node:
        case (
            ast.MatchAs(name=str(name))
            | ast.MatchStar(name=str(name))
            | ast.MatchMapping(rest=str(name))
        ):
            yield name


def _walk_scope(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a scope; of those in it, what they are, and what is evaluated outside."""
    outside = list(_outer(scope))
    waiting = list(ast.iter_child_nodes(scope))[::-1]
    while waiting:
        node = waiting.pop()
        if node not in outside:
            yield node
            inner = _outer(node) if isinstance(node, SCOPES) else ast.iter_child_nodes(node)
            waiting += list(inner)[::-1]


def _outer(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what of a function, class or comprehension is evaluated where it stands."""
    if isinstance(node, COMPREHENSIONS):
        yield node.generators[0].iter
    elif isinstance(node, ast.ClassDef):
        yield from [*node.decorator_list, *node.bases, *node.keywords]
    elif isinstance(node, FUNCTIONS):
        yield from getattr(node, "decorator_list", [])
        # their defaults and annotations
        yield node.args
        yield from filter(None, [getattr(node, "returns", None)])


def _locals(scope: ast.AST, nodes: list[ast.AST]) -> frozenset[str]:
    """Return the names that a scope of these nodes binds."""
    if isinstance(scope, COMPREHENSIONS):
        # what := binds in one is bound around it
        return frozenset(name for each in scope.generators for name in _names(each.target))
    names: set[str] = set()
    shared: set[str] = set()
    if isinstance(scope, FUNCTIONS):
        arguments = ast.iter_child_nodes(scope.args)
        names |= {each.arg for each in arguments if isinstance(each, ast.arg)}
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names |= {each.asname or each.name.split(".")[0] for each in aliases}
            case ast.ExceptHandler(name=str(name)):
                names.add(name)
            case ast.pattern():
                names.update(_captured(node))
            case ast.Global(names=found):
                shared |= set(found)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                names.update(_named_in(node))
        # the types that a generic one has for parameters, from Python 3.12 on
        names |= {each.name for each in getattr(node, "type_params", [])}
    return frozenset(names - shared)

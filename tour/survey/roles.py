"""What each piece of a module is for, by what it touches: the application, the database, neither.

An application object, a database object and what registers views are known by how they are made;
models, views and the rest by how they use these. A piece that touches neither belongs to those
that it stands beside, as far as they alone use it; else it is a utility.
"""

import ast
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from tour.survey import libraries
from tour.survey.pieces import Piece
from tour.survey.pieces import Pieces
from tour.survey.pieces import chain_of
from tour.survey.pieces import dotted
from tour.survey.pieces import root_of
from tour.syntax.modules import name_of

# groups of views by their paths that are so small are none
SMALLEST_GROUP = 2
# of more groups the smaller ones are left with the other views
MOST_GROUPS = 8

# the name of a blueprint for signing in, as Flask's tutorial has it
AUTHENTICATION_VIEWS = "auth"

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Kind(StrEnum):
    """What a section is for; the first one stays, the others in the order of how little they know.

    What touches neither comes first, then what touches the database, then the application.
    """

    APPLICATION = "application"
    UTILITIES = "utilities"
    EXTENSIONS = "extensions"
    DATABASE = "database"
    MODELS = "models"
    FORMS = "forms"
    AUTHENTICATION = "authentication"
    CONFIGURATION = "configuration"
    HELPERS = "helpers"
    ROUTES = "routes"
    COMMANDS = "commands"


class Role(NamedTuple):
    """A kind, of the views with the group that they are in: a blueprint's, or a path's."""

    kind: Kind
    group: str = ""


STAYS = Role(Kind.APPLICATION)


class Registration(NamedTuple):
    """How a function is registered: the kind, by which object, and at which path, if at one.

    `registrar` is the name of the object, empty when the module has no such one.
    """

    kind: Kind
    registrar: str
    path: str | None = None
    is_teardown: bool = False


class Roles:
    """The pieces of a module with their roles, and the names of its application and database.

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
        self.databases: dict[str, str] = {}
        # the group of each object that registers views
        self.registrars: dict[str, str] = {}
        self._find_objects()
        self.constants = self._find_constants()
        self.users = self._find_users()
        self.kept_in_g: set[str] = set()
        self.touching_database = self._reach(self._touches_database)
        self.kept_in_g = self._find_kept_in_g()
        if self.kept_in_g:
            self.touching_database = self._reach(self._touches_database)
        self.touching_application = self._reach(
            lambda piece: any(name in piece.uses for name in self._application_names()),
            through=lambda piece: not self._is_object(piece),
        )
        # an extension for a database has them, though they may be in another module
        self.has_models = any(map(self._is_model, self.pieces)) or any(
            library.startswith("flask_") for library in self.databases.values()
        )
        self.registered = self._find_registered()
        self.guards = self._find_guards()
        self.signers = self._find_signers()
        self.roles: dict[Piece, Role] = {}
        self._assign()

    # the objects

    def _find_objects(self) -> None:
        for piece in self.pieces:
            if isinstance(piece.node, ast.ClassDef):
                bases = [self.module.origin(dotted(base)) for base in piece.node.bases]
                if any(map(_is_application, bases)):
                    self.application_classes.update(piece.names)
                for origin in filter(_is_connection, bases):
                    self.databases.update(dict.fromkeys(piece.names, _top(origin)))
        for piece in self.pieces:
            made = self._made_in(piece)
            if piece.is_function and (
                any(map(_is_application, made))
                or any(dotted(call) in self.application_classes for call in piece.calls)
            ):
                self.factories.update(piece.names)
        for piece in self.pieces:
            if not piece.is_function and not isinstance(piece.node, ast.ClassDef):
                self._note_object(piece)

    def _made_in(self, piece: Piece) -> list[str]:
        return [origin for call in piece.calls if (origin := self.module.origin(dotted(call)))]

    def _note_object(self, piece: Piece) -> None:
        """Note what an assignment makes."""
        local = {dotted(call) for call in piece.calls}
        value = getattr(piece.node, "value", None)
        root = root_of(value) if value is not None else ""
        for origin in self._made_in(piece):
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
                self.databases.update(dict.fromkeys(piece.names, _top(origin)))
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

    def _application_names(self) -> list[str]:
        return [*self.applications, *self.factories]

    def _is_object(self, piece: Piece) -> bool:
        return any(
            name in self.databases or name in self.applications or name in self.factories
            for name in piece.names
        )

    def _find_constants(self) -> dict[str, str]:
        """Return the texts that names stand for, of which paths may be made."""
        return {
            name: piece.node.value.value
            for piece in self.pieces
            if isinstance(piece.node, ast.Assign)
            and isinstance(piece.node.value, ast.Constant)
            and isinstance(piece.node.value.value, str)
            for name in piece.names
        }

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
            return any(map(_is_connection, self._made_in(local)))
        return _is_connection(self.module.origin(dotted(call)))

    def _is_of_database(self, name: str) -> bool:
        if name in self.databases or name in self.outside:
            return True
        return name not in self.by_name and (_top(self.module.origin(name)) in libraries.DATABASES)

    def _bases(self, piece: Piece) -> Iterator[ast.expr]:
        """Yield the bases of a class, and those of the classes of the module among them."""
        seen = {piece}
        waiting = [piece]
        while waiting:
            node = waiting.pop().node
            for base in node.bases if isinstance(node, ast.ClassDef) else ():
                yield base
                local = self.by_name.get(root_of(base))
                if local and local not in seen:
                    seen.add(local)
                    waiting.append(local)

    def _is_model(self, piece: Piece) -> bool:
        """Tell whether a piece is a class of what a database keeps."""
        if any(name in self.databases for name in piece.names):
            return False
        return any(
            root_of(base) in self.databases
            or root_of(base) in self.outside
            or self.module.origin(dotted(base)) in libraries.MODELS
            for base in self._bases(piece)
        )

    # what is registered

    def _find_registered(self) -> dict[Piece, Registration]:
        found: dict[Piece, Registration] = {}
        for piece in self.pieces:
            for definition in _definitions(piece.node):
                for decorator in definition.decorator_list:
                    if registration := self._decorated(decorator):
                        found.setdefault(piece, registration)
        for piece in self.pieces:
            for call in piece.calls:
                chain = chain_of(call.func)
                if not chain & (libraries.RULES | libraries.HOOKS | {"add_command"}):
                    continue
                root = root_of(call.func)
                # in a function it may be what the function is given
                if root not in self.registrars and (root in self.by_name or not piece.is_function):
                    continue
                registration = Registration(
                    _kind_of(chain),
                    root,
                    self._path_in(call),
                    any(name.startswith("teardown") for name in chain),
                )
                for name in _names_in(call):
                    named = self.by_name.get(name)
                    if named and _definitions(named.node):
                        found.setdefault(named, registration)
                if not piece.names and root in self.registrars:
                    found.setdefault(piece, registration)
        for piece in self.pieces:
            if piece not in found and self._is_view_class(piece):
                found[piece] = Registration(Kind.ROUTES, "")
        return found

    def _decorated(self, decorator: ast.expr) -> Registration | None:
        root, chain = root_of(decorator), chain_of(decorator)
        path = self._path_in(decorator)
        if root in self.registrars:
            teardown = any(name.startswith("teardown") for name in chain)
            return Registration(_kind_of(chain), root, path, teardown)
        if self.module.origin(dotted(decorator)) in ("click.command", "click.group"):
            return Registration(Kind.COMMANDS, "")
        local = self.by_name.get(root)
        if local and path and local.is_function and local in self.touching_application:
            return Registration(Kind.ROUTES, root, path)
        return None

    def _is_view_class(self, piece: Piece) -> bool:
        return any(
            dotted(base).rpartition(".")[2] in libraries.VIEWS and root_of(base) not in self.by_name
            for base in self._bases(piece)
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

    # who may come in

    def _find_guards(self) -> set[Piece]:
        """Return the functions that decorate views and ask who the client is."""
        found = set()
        for piece in self.registered:
            for definition in _definitions(piece.node):
                for decorator in definition.decorator_list:
                    local = self.by_name.get(root_of(decorator))
                    if local and local.is_function and local not in self.registered:
                        words = local.words() | set(local.names[0].split("_"))
                        if words & libraries.GUARDS:
                            found.add(local)
        return found

    def _find_signers(self) -> set[Piece]:
        """Return the objects and classes of a library for authentication."""
        found: set[Piece] = set()
        for piece in self.pieces:
            if piece.is_function or self._is_model(piece):
                continue
            if isinstance(piece.node, ast.ClassDef):
                sources = [root_of(base) for base in piece.node.bases]
            else:
                sources = [root_of(call.func) for call in piece.calls] if piece.names else []
            for source in sources:
                local = self.by_name.get(source)
                if local in found or _top(self.module.origin(source)) in libraries.AUTHENTICATION:
                    found.add(piece)
        return found

    # roles

    def _assign(self) -> None:
        pending: list[Piece] = []
        for piece in self.pieces:
            role = self._own_role(piece)
            if role:
                self.roles[piece] = role
            else:
                pending.append(piece)
        self._group_views()
        reaching = [piece for piece in pending if self._touches(piece)]
        self._give_to_users(reaching)
        self._give_runs([piece for piece in pending if not self._touches(piece)])
        self._keep_with_rebinders()
        self._join_authentication()

    def _touches(self, piece: Piece) -> bool:
        """Tell whether a piece cannot do without the database, or the application object."""
        if piece in self.touching_database:
            return True
        if piece not in self.touching_application:
            return False
        used = [name for name in self.applications if name in piece.uses]
        spoken = {word for name in used for word in piece.mentions(name)}
        bound = libraries.ROUTES | libraries.RULES | libraries.HOOKS | libraries.WITHOUT_REQUEST
        is_made = any(name in piece.uses for name in self.factories)
        loaded = any(not piece.uses[name].deferred for name in used)
        return is_made or loaded or bool(spoken & bound)

    def _starts(self, piece: Piece) -> bool:
        """Tell whether a piece makes an application, by a function, or runs one."""
        runs = any("run" in piece.mentions(name) for name in self.applications)
        return runs or any(name in piece.uses for name in self.factories)

    def _own_role(self, piece: Piece) -> Role | None:
        """Return the role of a piece that is known by itself; None for what depends on others."""
        node = piece.node
        if self.application_classes & {*piece.names} or self.factories & {*piece.names}:
            return STAYS
        if any(name in self.applications for name in piece.names):
            return STAYS
        if any(name in self.registrars for name in piece.names):
            return self._role_of_registrar(piece)
        registration = self.registered.get(piece)
        if registration:
            if self._is_of_database_section(piece, registration):
                return Role(Kind.DATABASE)
            return Role(registration.kind, self.registrars.get(registration.registrar, ""))
        if any(name in self.databases for name in piece.names):
            return self._role_of_database(piece)
        for definition in _definitions(node):
            for decorator in definition.decorator_list:
                root = root_of(decorator)
                if root in self.databases:
                    return self._role_of_database(self.by_name[root])
                if self.by_name.get(root) in self.signers:
                    return Role(Kind.AUTHENTICATION)
        if piece in self.signers or piece in self.guards:
            return Role(Kind.AUTHENTICATION)
        if self._is_model(piece):
            return Role(Kind.MODELS)
        if self._is_form(piece):
            return Role(Kind.FORMS)
        if _definitions(node):
            return None
        return self._role_of_statement(piece)

    def _is_of_database_section(self, piece: Piece, registration: Registration) -> bool:
        """Tell whether a hook or command is there for the database alone."""
        if registration.is_teardown:
            has_connections = bool(self.touching_database) and not self.has_models
            return piece in self.touching_database or has_connections
        is_free = registration.kind is Kind.COMMANDS and not registration.registrar
        return is_free and piece in self.touching_database and not self.has_models

    def _role_of_registrar(self, piece: Piece) -> Role:
        made = {origin.rpartition(".")[2] for origin in self._made_in(piece)}
        if made & {"Manager", "AppGroup"}:
            return Role(Kind.COMMANDS)
        if made & {"SocketIO", "Admin"}:
            return STAYS
        return Role(Kind.ROUTES, self.registrars[piece.names[0]])

    def _role_of_database(self, piece: Piece) -> Role:
        """Return the role of what connects to the database; what needs the application stays."""
        if any(name in piece.uses and not piece.uses[name].deferred for name in self.applications):
            return STAYS
        library = next(self.databases[name] for name in piece.names if name in self.databases)
        return Role(Kind.EXTENSIONS if library.startswith("flask") else Kind.DATABASE)

    def _role_of_statement(self, piece: Piece) -> Role | None:
        loaded = [name for name in self.applications if name in piece.uses]
        if not piece.names:
            mentioned = {word for name in loaded for word in piece.mentions(name)}
            if mentioned and mentioned <= libraries.CONFIGURATION:
                return Role(Kind.CONFIGURATION)
            # what is done, and not defined, is done where the application is made
            return STAYS
        if any(not piece.uses[name].deferred for name in loaded):
            return STAYS
        if piece in self.touching_database:
            return Role(Kind.MODELS if self.has_models else Kind.DATABASE)
        made = [_top(origin) for origin in self._made_in(piece)]
        if any(library.startswith("flask_") for library in made):
            return Role(Kind.EXTENSIONS)
        return None

    def _is_form(self, piece: Piece) -> bool:
        return any(
            _top(self.module.origin(dotted(base))) in libraries.FORMS for base in self._bases(piece)
        )

    def _group_views(self) -> None:
        """Give the views that have no blueprint to groups by the first part of their paths."""
        views = [piece for piece, role in self.roles.items() if role == Role(Kind.ROUTES)]
        segment = {
            piece: _group_of(registration.path)
            for piece in views
            if (registration := self.registered.get(piece)) and registration.path is not None
        }
        others = [piece for piece in views if piece not in segment]
        seen = self._segments_of_helpers(segment)
        for piece in others:
            # a hook belongs to the views that share a variable with it
            variables = [used for used in self._closure([piece]) if not _definitions(used.node)]
            votes = [seen.get(used, set()) for used in variables]
            groups = {group for vote in votes if len(vote) == 1 for group in vote}
            if len(groups) == 1 and "" not in groups:
                segment[piece] = groups.pop()
        sizes = Counter(segment.values())
        sizes.pop("", None)
        large = [group for group, size in sizes.items() if size >= SMALLEST_GROUP]
        large = sorted(large, key=lambda group: -sizes[group])[:MOST_GROUPS]
        for piece, group in segment.items():
            if group in large:
                self.roles[piece] = Role(Kind.ROUTES, group)

    def _segments_of_helpers(self, segment: dict[Piece, str]) -> dict[Piece, set[str]]:
        """Return the groups of the views that each piece of no role is used by, directly or not."""
        seen: dict[Piece, set[str]] = {}
        for group in dict.fromkeys(segment.values()):
            members = [piece for piece, each in segment.items() if each == group]
            for used in self._closure(members):
                seen.setdefault(used, set()).add(group)
        return seen

    def _closure(self, pieces: list[Piece]) -> set[Piece]:
        """Return the pieces of no role that these use, directly or not."""
        waiting, found = list(pieces), set()
        while waiting:
            for used in self._used_without_role(waiting.pop()):
                if used not in found:
                    found.add(used)
                    waiting.append(used)
        return found

    def _used_without_role(self, piece: Piece) -> Iterator[Piece]:
        for name in piece.uses:
            used = self.by_name.get(name)
            if used and used is not piece and used not in self.roles:
                yield used

    def _give_to_users(self, pending: list[Piece]) -> None:
        """Give the functions that reach something to their users' section, if there is one."""
        waiting = dict.fromkeys(pending)
        while waiting:
            ready = [
                piece
                for piece in waiting
                if not any(user in waiting for user in self.users[piece] if user is not piece)
            ]
            # those that wait for each other are taken together
            for piece in ready or list(waiting):
                del waiting[piece]
                self.roles[piece] = self._role_by_users(piece)

    def _role_by_users(self, piece: Piece) -> Role:
        users = {self.roles.get(user, STAYS) for user in self.users[piece]}
        only = next(iter(users)) if len(users) == 1 else None
        if piece not in self.touching_database:
            return only or (STAYS if self._starts(piece) else Role(Kind.HELPERS))
        answers = any(
            self.module.origin(name) == f"flask.{name}"
            for name in libraries.ANSWERS & piece.uses.keys()
        )
        if only and only.kind is Kind.AUTHENTICATION:
            return only
        if only and only.kind is Kind.ROUTES and (self.has_models or answers):
            return only
        return Role(Kind.MODELS if self.has_models else Kind.DATABASE)

    def _give_runs(self, pending: list[Piece]) -> None:
        """Give neighbours that touch neither to a section that alone uses them, or the utilities.

        Neighbours are taken as one, since their author has put them together.
        """
        places = {piece: place for place, piece in enumerate(self.pieces)}
        regions: dict[int, Counter[Role]] = {}
        for piece, role in self.roles.items():
            regions.setdefault(piece.region, Counter())[role] += 1
        runs = [
            [piece for _, piece in group]
            for _, group in groupby(
                enumerate(pending),
                # the places of neighbours grow as their numbers do
                lambda pair: (places[pair[1]] - pair[0], pair[1].region),
            )
        ]
        configures_itself = self._reads_its_own_constants()
        for run in reversed(runs):
            users = Counter(
                self.roles.get(user, STAYS if user is self.module.start else Role(Kind.UTILITIES))
                for piece in run
                for user in self.users[piece]
                if user not in run
            )
            role = self._role_of_run(users, regions.get(run[0].region, Counter()))
            for piece in run:
                is_setting = configures_itself and all(map(str.isupper, piece.names))
                self.roles[piece] = Role(Kind.CONFIGURATION) if is_setting else role

    def _role_of_run(self, users: Counter[Role], beside: Counter[Role]) -> Role:
        movable = [role for role in users if role.kind not in (Kind.APPLICATION, Kind.UTILITIES)]
        together = [role for role in movable if beside[role]]
        if len(users) == 1 and movable and movable[0].kind not in (Kind.MODELS, Kind.DATABASE):
            return movable[0]
        if len(beside) == 1 and together:
            return together[0]
        return Role(Kind.UTILITIES)

    def _reads_its_own_constants(self) -> bool:
        """Tell whether the application is configured by `from_object(__name__)`."""
        return any(
            "from_object" in chain_of(call.func) and "__name__" in map(name_of, call.args)
            for piece, role in self.roles.items()
            if role.kind is Kind.CONFIGURATION
            for call in piece.calls
        )

    def _keep_with_rebinders(self) -> None:
        """Keep a variable in the module of the functions that rebind it, which is all that can."""
        for piece in self.pieces:
            if not self._touches(piece) and not _definitions(piece.node):
                rebinders = {
                    self.roles[user]
                    for user in self.users[piece]
                    if user in self.roles and user.rebinds & {*piece.names}
                }
                if len(rebinders) == 1:
                    self.roles[piece] = rebinders.pop()

    def _join_authentication(self) -> None:
        """Let a blueprint for signing in have what asks who is signed in."""
        views = Role(Kind.ROUTES, AUTHENTICATION_VIEWS)
        if views in self.roles.values():
            for piece, role in self.roles.items():
                if role.kind is Kind.AUTHENTICATION:
                    self.roles[piece] = views

    def find_shared_variables(self) -> Iterator[tuple[str, Piece]]:
        """Yield the names that functions of other sections rebind, each with such a function."""
        for piece in self.pieces:
            for user in self.users[piece]:
                for name in sorted(user.rebinds & {*piece.names}):
                    if user in self.roles and self.roles[user] != self.roles[piece]:
                        yield name, user

    def count_nested_views(self) -> int:
        """Return how many views are defined inside a function that makes the application."""
        return sum(
            bool(chain_of(decorator) & (libraries.ROUTES | libraries.HOOKS))
            for name in self.factories
            for node in ast.walk(self.by_name[name].node)
            if isinstance(node, Function)
            for decorator in node.decorator_list
        )


def _is_application(origin: str) -> bool:
    return origin.endswith(libraries.APPLICATION) and "flask" in _top(origin).lower()


def _is_connection(origin: str) -> bool:
    last = origin.rpartition(".")[2]
    return _top(origin) in libraries.DATABASES and last in libraries.CONNECTIONS


def _top(origin: str) -> str:
    return origin.partition(".")[0]


def _kind_of(chain: set[str]) -> Kind:
    is_command = chain & (libraries.COMMANDS | {"add_command"})
    return Kind.COMMANDS if is_command else Kind.ROUTES


def _names_in(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}


def _group_of(path: str) -> str:
    """Return the first part of a path, with its slash; empty without one that is fixed."""
    first = path.strip("/").partition("/")[0]
    return "" if not first or first.startswith("<") else f"/{first}"


def _definitions(node: ast.stmt) -> "list[Function | ast.ClassDef]":
    """Return the functions and classes that a statement defines at the module's top."""
    if isinstance(node, Function | ast.ClassDef):
        return [node]
    inner: Iterable[ast.stmt] = ()
    match node:
        case ast.If(body=body, orelse=orelse):
            inner = [*body, *orelse]
        case ast.Try(body=body, handlers=handlers, orelse=orelse):
            inner = [*body, *orelse, *(each for handler in handlers for each in handler.body)]
    return [found for each in inner for found in _definitions(each)]

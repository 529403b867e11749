"""What each piece of a module is for, by what it touches: the application, the database, neither.

Models, views and the rest are known by how they use the objects of the application. A piece that
touches neither belongs to those that it stands beside, as far as they alone use it; else it is a
utility.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from tour.survey import libraries
from tour.survey.authentication import find_guards
from tour.survey.authentication import find_signers
from tour.survey.objects import Objects
from tour.survey.objects import top_of
from tour.survey.pieces import Function
from tour.survey.pieces import Piece
from tour.survey.pieces import chain_of
from tour.survey.pieces import dotted
from tour.survey.pieces import root_of
from tour.survey.pieces import target_of
from tour.survey.registration import Registration
from tour.survey.registration import find_registered
from tour.syntax.modules import name_of

# groups of views by their paths that are so small are none
SMALLEST_GROUP = 2
# of more groups the smaller ones are left with the other views
MOST_GROUPS = 8

# the name of a blueprint for signing in, as Flask's tutorial has it
AUTHENTICATION_VIEWS = "auth"


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


class Roles:
    """The pieces of a module with their roles."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.registered = find_registered(objects)
        self.guards = find_guards(objects, {*self.registered})
        self.signers = find_signers(objects)
        self.roles: dict[Piece, Role] = {}
        self._assign()

    def _assign(self) -> None:
        pending: list[Piece] = []
        for piece in self.objects.pieces:
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
        self._leave_settings()

    def _touches(self, piece: Piece) -> bool:
        """Return whether a piece cannot do without the database, or the application object."""
        if piece in self.objects.touching_database:
            return True
        if piece not in self.objects.touching_application:
            return False
        used = [name for name in self.objects.applications if name in piece.uses]
        spoken = {word for name in used for word in piece.mentions(name)}
        bound = libraries.ROUTES | libraries.RULES | libraries.HOOKS | libraries.WITHOUT_REQUEST
        is_made = any(name in piece.uses for name in self.objects.factories)
        loaded = any(map(piece.needs_to_load, used))
        return is_made or loaded or bool(spoken & bound)

    def _starts(self, piece: Piece) -> bool:
        """Return whether a piece makes an application, by a function, or runs one."""
        used = [name for name in self.objects.applications if name in piece.uses]
        runs = any("run" in piece.mentions(name) for name in used)
        return runs or any(name in piece.uses for name in self.objects.factories)

    def _own_role(self, piece: Piece) -> Role | None:
        """Return the role of a piece that is known by itself; None for what depends on others."""
        if (self.objects.application_classes | self.objects.factories) & {*piece.names}:
            return STAYS
        if any(name in self.objects.applications for name in piece.names):
            return STAYS
        if any(name in self.objects.registrars for name in piece.names):
            return self._role_of_registrar(piece)
        registration = self.registered.get(piece)
        if registration:
            if self._is_of_database_section(piece, registration):
                return Role(Kind.DATABASE)
            kind = Kind.COMMANDS if registration.is_command else Kind.ROUTES
            return Role(kind, self.objects.registrars.get(registration.registrar, ""))
        if any(name in self.objects.databases for name in piece.names):
            return self._role_of_database(piece)
        for decorator in piece.decorators:
            root = root_of(decorator)
            if root in self.objects.databases:
                return self._role_of_database(self.objects.by_name[root])
            if self.objects.by_name.get(root) in self.signers:
                return Role(Kind.AUTHENTICATION)
        if piece in self.signers or piece in self.guards:
            return Role(Kind.AUTHENTICATION)
        if self.objects.is_model(piece):
            return Role(Kind.MODELS)
        if self._is_form(piece):
            return Role(Kind.FORMS)
        if piece.definitions:
            return None
        return self._role_of_statement(piece)

    def _is_of_database_section(self, piece: Piece, registration: Registration) -> bool:
        """Return whether a hook or command is there for the database alone."""
        if registration.is_teardown:
            has_connections = bool(self.objects.touching_database) and not self.objects.has_models
            return piece in self.objects.touching_database or has_connections
        is_free = registration.is_command and not registration.registrar
        return is_free and piece in self.objects.touching_database and not self.objects.has_models

    def _role_of_registrar(self, piece: Piece) -> Role:
        made = {origin.rpartition(".")[2] for origin in self.objects.made_in(piece)}
        if made & {"Manager", "AppGroup"}:
            return Role(Kind.COMMANDS)
        if made & {"SocketIO", "Admin"}:
            return STAYS
        return Role(Kind.ROUTES, self.objects.registrars[piece.names[0]])

    def _role_of_database(self, piece: Piece) -> Role:
        """Return the role of what connects to the database; what needs the application stays."""
        if any(map(piece.needs_to_load, self.objects.applications)):
            return STAYS
        library = next(
            self.objects.databases[name] for name in piece.names if name in self.objects.databases
        )
        return Role(Kind.EXTENSIONS if library.startswith("flask") else Kind.DATABASE)

    def _role_of_statement(self, piece: Piece) -> Role | None:
        if not piece.names:
            target = target_of(piece.node)
            is_application = root_of(target) in self.objects.applications
            if is_application and chain_of(target) & libraries.CONFIGURATION:
                return Role(Kind.CONFIGURATION)
            # what is done, and not defined, is done where the application is made
            return STAYS
        if any(map(piece.needs_to_load, self.objects.applications)):
            return STAYS
        if piece in self.objects.touching_database:
            return Role(Kind.MODELS if self.objects.has_models else Kind.DATABASE)
        value = getattr(piece.node, "value", None)
        if isinstance(value, ast.Call):
            if top_of(self.objects.module.origin(dotted(value))).startswith("flask_"):
                return Role(Kind.EXTENSIONS)
        return None

    def _is_form(self, piece: Piece) -> bool:
        return any(
            top_of(self.objects.module.origin(dotted(base))) in libraries.FORMS
            for base in self.objects.bases(piece)
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
            variables = [used for used in self._closure([piece]) if not used.definitions]
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
        left = [piece for piece in views if self.roles[piece] == Role(Kind.ROUTES)]
        if large and not any(piece in self.registered for piece in left):
            # an object such as Api(app) is nothing without the views that it registers
            self.roles.update(dict.fromkeys(left, Role(Kind.ROUTES, large[0])))

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
        waiting, found = list(pieces), set[Piece]()
        while waiting:
            for used in map(self.objects.by_name.get, waiting.pop().uses):
                if used and used not in self.roles and used not in found:
                    found.add(used)
                    waiting.append(used)
        return found

    def _give_to_users(self, pending: list[Piece]) -> None:
        """Give the functions that reach something to their users' section, if there is one."""
        waiting = dict.fromkeys(pending)
        while waiting:
            ready = [
                piece for piece in waiting if waiting.keys().isdisjoint(self.objects.users[piece])
            ]
            # those that wait for each other are taken together
            for piece in ready or list(waiting):
                del waiting[piece]
                self.roles[piece] = self._role_by_users(piece)

    def _role_by_users(self, piece: Piece) -> Role:
        users = {self.roles.get(user, STAYS) for user in self.objects.users[piece]}
        only = next(iter(users)) if len(users) == 1 else None
        if piece not in self.objects.touching_database:
            return only or (STAYS if self._starts(piece) else Role(Kind.HELPERS))
        answers = any(
            self.objects.module.origin(name) == f"flask.{name}"
            for name in libraries.ANSWERS & piece.uses.keys()
        )
        if only and only.kind is Kind.AUTHENTICATION:
            return only
        if only and only.kind is Kind.ROUTES and (self.objects.has_models or answers):
            return only
        return Role(Kind.MODELS if self.objects.has_models else Kind.DATABASE)

    def _give_runs(self, pending: list[Piece]) -> None:
        """Give neighbours that touch neither to a section that alone uses them, or the utilities.

        Neighbours are taken as one, since their author has put them together.
        """
        places = {piece: place for place, piece in enumerate(self.objects.pieces)}
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
            beside = regions.get(run[0].region, Counter())
            role = self._role_of_run(self._users_of(run), beside)
            for piece in run:
                self.roles[piece] = role
                is_constant = not self._is_changed(piece)
                if configures_itself and is_constant and all(map(str.isupper, piece.names)):
                    self.roles[piece] = Role(Kind.CONFIGURATION)
                elif not piece.definitions and not (
                    is_constant and any(map(str.isupper, piece.names))
                ):
                    # a variable is a matter of those who use it, wherever it stands
                    own = self._role_of_run(self._users_of([piece]), Counter())
                    self.roles[piece] = role if own.kind is Kind.UTILITIES else own

    def _is_changed(self, piece: Piece) -> bool:
        """Return whether a function changes the object that a piece binds."""
        users = (user for user in self.objects.users[piece] if user.definitions)
        return any(user.changes & {*piece.names} for user in users)

    def _users_of(self, run: list[Piece]) -> Counter[Role]:
        """Return the roles of what uses some pieces; what has none yet counts as a utility."""
        start = self.objects.module.start
        return Counter(
            self.roles.get(user, STAYS if user is start else Role(Kind.UTILITIES))
            for piece in run
            for user in self.objects.users[piece]
            if user not in run
        )

    def _role_of_run(self, users: Counter[Role], beside: Counter[Role]) -> Role:
        movable = [role for role in users if role.kind not in (Kind.APPLICATION, Kind.UTILITIES)]
        together = [role for role in movable if beside[role]]
        if len(users) == 1 and movable and movable[0].kind not in (Kind.MODELS, Kind.DATABASE):
            return movable[0]
        if len(beside) == 1 and together:
            return together[0]
        return Role(Kind.UTILITIES)

    def _reads_its_own_constants(self) -> bool:
        """Return whether the application is configured by `from_object(__name__)`."""
        return any(
            "from_object" in chain_of(call.func) and "__name__" in map(name_of, call.args)
            for piece, role in self.roles.items()
            if role.kind is Kind.CONFIGURATION
            for call in piece.calls
        )

    def _keep_with_rebinders(self) -> None:
        """Keep a variable in the module of the functions that rebind it, which is all that can."""
        for piece in self.objects.pieces:
            if not self._touches(piece) and not piece.definitions:
                rebinders = {
                    self.roles[user]
                    for user in self.objects.users[piece]
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

    def _leave_settings(self) -> None:
        """Leave what reads the configuration from elsewhere, where there is nothing to cut."""
        section = [piece for piece, role in self.roles.items() if role.kind is Kind.CONFIGURATION]
        reads = (any(word.startswith("from_") for word in piece.words()) for piece in section)
        if not any(piece.names for piece in section) and all(reads):
            self.roles.update(dict.fromkeys(section, STAYS))

    def find_shared_variables(self) -> Iterator[tuple[str, Piece]]:
        """Yield the names that functions of other sections rebind, each with such a function."""
        for piece in self.objects.pieces:
            for user in self.objects.users[piece]:
                for name in sorted(user.rebinds & {*piece.names}):
                    if user in self.roles and self.roles[user] != self.roles[piece]:
                        yield name, user

    def count_nested_views(self) -> int:
        """Return how many views are defined inside a function that makes the application."""
        return sum(
            bool(chain_of(decorator) & (libraries.ROUTES | libraries.HOOKS))
            for name in self.objects.factories
            for node in ast.walk(self.objects.by_name[name].node)
            if isinstance(node, Function)
            for decorator in node.decorator_list
        )


def _group_of(path: str) -> str:
    """Return the first part of a path, with its slash; empty without one that is fixed."""
    first = path.strip("/").partition("/")[0]
    return "" if not first or first.startswith("<") else f"/{first}"

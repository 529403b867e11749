"""The sections of a module, and the order in which they can be cut."""

import re
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import PurePosixPath

from tour.survey.pieces import Piece
from tour.survey.result import Cut
from tour.survey.result import Need
from tour.survey.result import Section
from tour.survey.roles import STAYS
from tour.survey.roles import Kind
from tour.survey.roles import Role
from tour.survey.roles import Roles

MODULES = {
    Kind.UTILITIES: "utils",
    Kind.EXTENSIONS: "extensions",
    Kind.DATABASE: "db",
    Kind.MODELS: "models",
    Kind.FORMS: "forms",
    Kind.AUTHENTICATION: "auth",
    Kind.CONFIGURATION: "config",
    Kind.HELPERS: "helpers",
    Kind.ROUTES: "main",
    Kind.COMMANDS: "commands",
}

# these know the application whatever they use: they set it up, or hang on it
OF_APPLICATION = (Kind.CONFIGURATION, Kind.HELPERS, Kind.ROUTES, Kind.COMMANDS)

STAYING = "what stays"


def cut(roles: Roles, lines: int) -> Cut:
    """Return the sections of a module of so many lines, the one to cut first as the first."""
    module = roles.objects.module
    members: dict[Role, list[Piece]] = {}
    for piece in module.pieces:
        members.setdefault(roles.roles[piece], []).append(piece)
    staying = members.pop(STAYS, [])
    titles = _name(members, PurePosixPath(module.module.path).stem)
    sections = []
    cut_before: set[Role] = set()
    for role in _put_in_order(roles, members):
        sections.append(_describe(role, members[role], titles, roles, cut_before))
        cut_before.add(role)
    rest = sum(piece.lines for piece in filter(None, (*staying, module.start)))
    return Cut(
        module.module.path,
        lines,
        tuple(dict.fromkeys(roles.objects.applications)),
        tuple(sorted(roles.objects.factories)),
        tuple(roles.objects.databases),
        tuple(sections),
        tuple(name for piece in staying for name in piece.names),
        rest + module.rest,
        tuple(_notes(roles)),
    )


def _put_in_order(roles: Roles, members: dict[Role, list[Piece]]) -> Iterator[Role]:
    """Yield what to cut next: what needs nothing that waits still, and of that what knows least."""
    needed = {role: _find_needed(role, pieces, roles) for role, pieces in members.items()}
    waiting = dict.fromkeys(members)

    def rank(role: Role) -> tuple[int, int, int, int, int]:
        pieces = members[role]
        waits_for = [each for each in needed[role] if each in waiting]
        return (
            len(waits_for),
            _knowledge(role, pieces, roles),
            list(Kind).index(role.kind),
            -sum(piece.lines for piece in pieces),
            pieces[0].first,
        )

    while waiting:
        role = min(waiting, key=rank)
        del waiting[role]
        yield role


def _find_needed(role: Role, pieces: list[Piece], roles: Roles) -> set[Role]:
    """Return the other sections that a section needs names of."""
    by_name = roles.objects.by_name
    names = {name for piece in pieces for name in piece.uses}
    needed = {roles.roles[by_name[name]] for name in names if name in by_name}
    return needed - {role, STAYS}


def _knowledge(role: Role, pieces: list[Piece], roles: Roles) -> int:
    """Return 0 for what touches neither, 1 for the database, 2 for the application."""
    if role.kind in OF_APPLICATION:
        return 2
    if any(piece in roles.objects.touching_database for piece in pieces):
        return 1
    return 2 if any(_knows_application(piece, roles) for piece in pieces) else 0


def _name(roles: Iterable[Role], kept: str) -> dict[Role, tuple[str, str]]:
    """Return titles and names of modules, no name twice, nor that of the module that is kept."""
    names: dict[Role, tuple[str, str]] = {}
    used = {kept}
    for role in sorted(roles, key=lambda role: (list(Kind).index(role.kind), role.group)):
        module = MODULES[role.kind]
        title = str(role.kind)
        if role.group:
            module = re.sub(r"\W+", "_", role.group).strip("_").lower() or "views"
            title = f"{role.kind} of {role.group}"
        while module in used:
            module = f"{module}_routes" if role.kind is Kind.ROUTES else f"more_{module}"
        used.add(module)
        names[role] = title, f"{module}.py"
    return names


def _describe(
    role: Role,
    pieces: list[Piece],
    titles: dict[Role, tuple[str, str]],
    roles: Roles,
    cut_before: set[Role],
) -> Section:
    title, module = titles[role]
    needs, back = [], []
    own = {name for piece in pieces for name in piece.names}
    uses = _uses(pieces)
    for name, line in uses.items():
        used = roles.objects.by_name.get(name)
        if used is None or name in own:
            continue
        if name in roles.objects.applications and not _needs_object(role, pieces, roles, name):
            continue
        provider = roles.roles[used]
        if provider in cut_before:
            needs.append(Need(name, titles[provider][0], line))
        elif provider != role:
            back.append(Need(name, titles[provider][0] if provider in titles else STAYING, line))
    touches = []
    if any(_knows_application(piece, roles) for piece in pieces):
        touches.append("application")
    if any(piece in roles.objects.touching_database for piece in pieces):
        touches.append("database")
    return Section(
        title,
        module,
        tuple(touches),
        tuple(name for piece in pieces for name in piece.names),
        pieces[0].first,
        sum(piece.lines for piece in pieces),
        tuple(sorted(needs, key=lambda need: (need.section, need.line))),
        tuple(sorted(back, key=lambda need: need.line)),
        tuple(_instead(role, pieces, roles)),
    )


def _knows_application(piece: Piece, roles: Roles) -> bool:
    """Return whether a piece uses the application object, or hangs on it."""
    if any(name in piece.uses for name in roles.objects.applications):
        return True
    registration = roles.registered.get(piece)
    return registration is not None and not roles.objects.registrars.get(registration.registrar)


def _uses(pieces: list[Piece]) -> dict[str, int]:
    """Return the names that pieces use, with the first line of each."""
    found: dict[str, int] = {}
    for piece in pieces:
        for name, use in piece.uses.items():
            found[name] = min(found.get(name, use.line), use.line)
    return found


def _needs_object(role: Role, pieces: list[Piece], roles: Roles, name: str) -> bool:
    """Return whether a section needs an application object itself.

    In functions current_app stands for it, and for what is registered a blueprint, or init_app.
    """
    if role.kind in OF_APPLICATION:
        return False
    loading = [piece for piece in pieces if piece.needs_to_load(name)]
    if role.kind is Kind.DATABASE:
        return any(piece not in roles.registered for piece in loading)
    return bool(loading)


def _instead(role: Role, pieces: list[Piece], roles: Roles) -> Iterable[str]:
    """Yield what takes the place of the application object in a section."""
    uses = [
        piece.uses[name]
        for piece in pieces
        for name in dict.fromkeys(roles.objects.applications)
        if name in piece.uses
    ]
    loaded = any(not use.deferred for use in uses)
    if role.kind is Kind.CONFIGURATION and loaded:
        yield "from_object"
    elif role.kind is Kind.ROUTES and loaded:
        yield "a blueprint"
    elif role.kind is Kind.COMMANDS and loaded:
        yield "a blueprint's cli"
    elif loaded:
        yield "init_app"
    if any(use.deferred for use in uses):
        yield "current_app"


def _notes(roles: Roles) -> Iterable[str]:
    """Yield what the survey cannot settle, as sentences."""
    for name, user in roles.find_shared_variables():
        yield (
            f"{user.names[0] if user.names else 'a statement'} in line {user.first} rebinds {name},"
            " which other sections use: let one module set it, by a function"
        )
    if number := roles.count_nested_views():
        factory = sorted(roles.objects.factories)[0]
        views = "1 view or hook stands" if number == 1 else f"{number} views and hooks stand"
        yield f"{views} inside {factory}: move them out of it, to a blueprint"
    for found in roles.objects.module.module.imports:
        if found.name == "*":
            yield (
                f"line {found.line} imports * from {found.module}: name what is used, so that it"
                " can be seen where each name comes from"
            )

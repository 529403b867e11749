"""See what two applications of one process have in common, and what each has of its own."""

import os
from typing import NamedTuple

CONFIGS = ("development", "testing")


class Application(NamedTuple):
    """An application: its configuration, its database's address, and its engine's number."""

    config: str
    url: str
    engine: int


class Context(NamedTuple):
    """A context of an application, with the numbers of its session and of the engine behind it.

    `users` are the nicknames that a query finds in it.
    """

    config: str
    session: int
    engine: int
    users: list[str]


class Sight(NamedTuple):
    """What was seen: the tables that `db` knows before there is an application, and the rest.

    `one_db` tells whether all applications have the same `db`. `outside` is what `db.session` says
    where no application is current.
    """

    tables: list[str]
    one_db: bool
    applications: list[Application]
    contexts: list[Context]
    outside: str


def see() -> Sight:
    """Return what is so of the applications that the current folder's `flack` makes."""
    # each configuration has its own
    os.environ.pop("DATABASE_URL", None)
    from flack import create_app
    from flack import db
    from flack.models import User

    tables = list(db.metadata.tables)
    applications = {config: create_app(config) for config in CONFIGS}
    # objects that are kept, for the place of one that is gone may be another's
    engines: dict[object, int] = {}
    sessions: dict[object, int] = {}

    def number(things: dict[object, int], thing: object) -> int:
        return things.setdefault(thing, len(things) + 1)

    seen = []
    for config, app in applications.items():
        with app.app_context():
            db.create_all()
            url = app.config["SQLALCHEMY_DATABASE_URI"]
            seen.append(Application(config, url, number(engines, db.engine)))
    contexts = []
    first, second = CONFIGS
    for config, adds in ((first, True), (first, False), (second, False)):
        with applications[config].app_context():
            if adds:
                db.session.add(
                    User(created_at=1, updated_at=1, nickname="ann", password_hash="none")
                )
                db.session.commit()
            session = db.session()
            users = list(db.session.scalars(db.select(User.nickname)))
            engine = number(engines, session.get_bind(User))
            contexts.append(Context(config, number(sessions, session), engine, users))
    try:
        db.session()
    except RuntimeError as error:
        outside = str(error).splitlines()[0]
    one_db = all(app.extensions["sqlalchemy"] is db for app in applications.values())
    return Sight(tables, one_db, seen, contexts, outside)

"""Flack, a chat application."""
import sqlite3

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import ArgumentError

from config import ConfigurationError
from config import configure

from .utils import IdConverter

# objects stay readable after a commit, so that an answer needs no second query
db = SQLAlchemy(session_options={"expire_on_commit": False})


@db.event.listens_for(db.Engine, "connect")
def set_up_sqlite(connection, record):
    """Let SQLite read while it writes, and wait for its only writer."""
    if isinstance(connection, sqlite3.Connection):
        connection.executescript("PRAGMA busy_timeout = 15000; PRAGMA journal_mode = WAL")


# after db, which they need: only models that were imported have tables
from . import models  # noqa: F401


def create_app(config_name=None):
    """Return a new application with one of the configurations, FLACK_CONFIG's without a name."""
    # not at the top: they need db, which is made here
    from .api import api
    from .main import main
    from .stats import stats

    app = Flask(__name__)
    configure(app, config_name)

    # extensions
    try:
        db.init_app(app)
    except (ImportError, ValueError, ArgumentError) as error:
        raise ConfigurationError(f"DATABASE_URL cannot be used: {error}") from error

    # blueprints
    app.url_map.converters["id"] = IdConverter
    app.register_blueprint(api)
    app.register_blueprint(stats)
    app.register_blueprint(main)

    return app

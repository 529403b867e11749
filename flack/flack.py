"""The application: its configuration, its database and its routes."""
import sqlite3

from flask import Flask
from flask import render_template
from flask import request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import ArgumentError
from werkzeug.exceptions import HTTPException

from config import ConfigurationError
from config import configure

from .stats import stats
from .utils import IdConverter

# --- configuration ---

app = Flask(__name__)
configure(app)

# --- extensions ---

try:
    # objects stay readable after a commit, so that an answer needs no second query
    db = SQLAlchemy(app, session_options={"expire_on_commit": False})
except (ImportError, ValueError, ArgumentError) as error:
    raise ConfigurationError(f"DATABASE_URL cannot be used: {error}") from error


@db.event.listens_for(db.Engine, "connect")
def set_up_sqlite(connection, record):
    """Let SQLite read while it writes, and wait for its only writer."""
    if isinstance(connection, sqlite3.Connection):
        connection.executescript("PRAGMA busy_timeout = 15000; PRAGMA journal_mode = WAL")


# --- modules that need app or db ---

from .api import api

app.url_map.converters["id"] = IdConverter
app.register_blueprint(api)
app.register_blueprint(stats)

# --- routes ---


@app.errorhandler(HTTPException)
def handle_http_error(error):
    """Answer an error under /api with JSON, elsewhere with a page."""
    response = error.get_response()
    if f"{request.path}/".startswith("/api/"):
        response.data = app.json.dumps({"error": error.description})
        response.content_type = "application/json"
    return response


@app.after_request
def add_security_headers(response):
    """Let browsers load and run only what this server serves."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src"
        " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@app.get("/")
def index():
    """Return the web client, which says so when the debugger is on."""
    return render_template("index.html", debug=app.debug)

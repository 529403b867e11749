"""The application: its configuration, its database and its routes."""
import re
import sqlite3
import threading
import time
from collections import deque

from flask import abort
from flask import Flask
from flask import render_template
from flask import request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import ArgumentError
from werkzeug.exceptions import HTTPException

from config import ConfigurationError
from config import configure

from .utils import IdConverter
from .utils import timestamp
from .utils import url_for
from .utils import ValidationError

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

from .auth import basic_auth
from .auth import token_auth
from .auth import token_optional_auth
from .models import Message
from .models import MESSAGES_SINCE
from .models import User

# --- routes ---

app.url_map.converters["id"] = IdConverter


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


def json_object():
    """Return the JSON object that a client sent. Raise ValidationError."""
    if "Transfer-Encoding" in request.headers:
        # a body in chunks would be cut at the limit, not refused
        abort(411, "The length of the body is missing, in Content-Length.")
    try:
        data = request.get_json(force=True, silent=True)
    except RecursionError:
        data = None
    if not isinstance(data, dict):
        raise ValidationError("The body must be a JSON object.")
    return data


def number_argument(name, largest=10 ** 18 - 1):
    """Return a number from the query string, None without it. Raise ValidationError."""
    text = request.args.get(name)
    if text is not None and not (re.fullmatch("[0-9]{1,18}", text) and int(text) <= largest):
        raise ValidationError(f"{name} must be a whole number from 0 to {largest}.")
    return int(text) if text else None


@app.post("/api/users")
def new_user():
    """Register a user. 400 when a field is missing or wrong or the nickname is taken."""
    user = User(created_at=timestamp())
    user.update({"nickname": None, "password": None, **json_object()})
    db.session.commit()
    return user.to_dict(), 201, {"Location": url_for("get_user", id=user.id)}


@app.get("/api/users")
@token_optional_auth.login_required
def get_users():
    """Return the users, where asked those online or not, or those changed since a time."""
    since, online = number_argument("updated_since"), number_argument("online", largest=1)
    return {"users": [user.to_dict() for user in User.changed_since(since or 0, online)]}


@app.get("/api/users/<id:id>")
@token_optional_auth.login_required
def get_user(id):
    """Return a user."""
    return db.get_or_404(User, id, description=f"There is no user {id}.").to_dict()


@app.put("/api/users/<id:id>")
@token_auth.login_required
def update_user(id):
    """Change a user; a new password revokes the token. 403 for another user."""
    user = db.get_or_404(User, id, description=f"There is no user {id}.")
    if user != token_auth.current_user():
        abort(403, "Only the user may do that.")
    user.update(json_object())
    db.session.commit()
    return "", 204


@app.post("/api/tokens")
@basic_auth.login_required
def new_token():
    """Return the user's token, the same one until it is revoked."""
    # a body has no meaning here, and a limit all the same
    request.get_data()
    token = basic_auth.current_user().get_token()
    db.session.commit()
    return {"token": token}


@app.delete("/api/tokens")
@token_auth.login_required
def revoke_token():
    """Revoke the user's token."""
    token_auth.current_user().token = None
    db.session.commit()
    return "", 204


@app.post("/api/messages")
@token_auth.login_required
def new_message():
    """Post a message. 400 when the source is missing or wrong."""
    message = Message(user_id=token_auth.current_user().id)
    # what was read is read: no connection is held while the pages of links are fetched
    db.session.commit()
    message.update(json_object())
    db.session.commit()
    return message.to_dict(), 201, {"Location": url_for("get_message", id=message.id)}


@app.get("/api/messages")
@token_optional_auth.login_required
def get_messages():
    """Return a day's messages, where asked those changed since a time, or those of a user."""
    since, user_id = number_argument("updated_since") or 0, number_argument("user_id")
    day = timestamp() - app.config["HISTORY_SECONDS"]
    messages = MESSAGES_SINCE if user_id is None else MESSAGES_SINCE.filter_by(user_id=user_id)
    found = db.session.scalars(messages, {"since": max(day, since)})
    return {"messages": [message.to_dict() for message in found]}


@app.get("/api/messages/<id:id>")
@token_optional_auth.login_required
def get_message(id):
    """Return a message."""
    return db.get_or_404(Message, id, description=f"There is no message {id}.").to_dict()


@app.put("/api/messages/<id:id>")
@token_auth.login_required
def update_message(id):
    """Change a message. 403 for another user's."""
    message = db.get_or_404(Message, id, description=f"There is no message {id}.")
    if message.user_id != token_auth.current_user().id:
        abort(403, "Only its author may do that.")
    db.session.commit()
    message.update(json_object())
    db.session.commit()
    return "", 204


# --- stats ---


class SlidingWindow:
    """Count the events of the last so many seconds; the clock tells a time in seconds."""

    def __init__(self, seconds, clock=time.monotonic):
        self.seconds = seconds
        self.clock = clock
        self.times = deque()
        self.lock = threading.Lock()

    def add(self):
        """Count an event, and forget the old ones."""
        self.times.append(self.clock())
        self.per_second()

    def per_second(self):
        """Return how many events there were in a second, on average; forget the older ones."""
        with self.lock:
            while self.times and self.times[0] <= self.clock() - self.seconds:
                self.times.popleft()
            return len(self.times) / self.seconds


requests_seen = SlidingWindow(seconds=15)
app.before_request(requests_seen.add)


@app.get("/stats")
def get_stats():
    """Return how busy this process is."""
    return {"requests_per_second": requests_seen.per_second()}

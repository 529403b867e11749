"""The application: its configuration, its database and its routes."""
import sqlite3
import threading
import time
from collections import deque

from flask import abort
from flask import Flask
from flask import json
from flask import render_template
from flask import request
from flask_sqlalchemy import SQLAlchemy
from werkzeug.exceptions import BadRequest
from werkzeug.exceptions import HTTPException

from config import configure

from .utils import IdConverter
from .utils import timestamp
from .utils import ValidationError

# --- configuration ---

app = Flask(__name__)
configure(app)

# --- extensions ---

# objects stay readable after a commit, so that an answer needs no second query
db = SQLAlchemy(app, session_options={"expire_on_commit": False})


@db.event.listens_for(db.Engine, "connect")
def set_up_sqlite(connection, record):
    """Let SQLite read while it writes, and wait for its only writer."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA busy_timeout = 15000")
        connection.execute("PRAGMA journal_mode = WAL")


# --- modules that need app or db ---

from .auth import basic_auth
from .auth import token_auth
from .auth import token_optional_auth
from .models import Message
from .models import User

# --- routes ---

app.url_map.converters["id"] = IdConverter


@app.errorhandler(HTTPException)
def handle_http_error(error):
    """Answer an error under /api with JSON, elsewhere with a page."""
    response = error.get_response()
    if f"{request.path}/".startswith("/api/"):
        response.data = json.dumps({"error": error.description})
        response.content_type = "application/json"
    return response


@app.errorhandler(ValidationError)
def handle_validation_error(error):
    """Answer 400 to what a client may not send."""
    return handle_http_error(BadRequest(str(error)))


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


def get_or_404(model, id):
    """Return the object of a model that has an id, or answer 404."""
    return db.session.get(model, id) or abort(404, f"There is no {model.__name__.lower()} {id}.")


def json_object():
    """Return the JSON object that a client sent. Raise ValidationError."""
    if "Transfer-Encoding" in request.headers:
        # a body in chunks would be cut at the limit, not refused
        abort(411)
    try:
        data = request.get_json(force=True, silent=True)
    except RecursionError:
        data = None
    if not isinstance(data, dict):
        raise ValidationError("The body must be a JSON object.")
    return data


def number_argument(name):
    """Return a number from the query string, None without it. Raise ValidationError."""
    text = request.args.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ValidationError(f"{name} must be a whole number of at most 18 digits.")
    return int(text)


@app.post("/api/users")
def new_user():
    """Register a user. 400 when a field is missing or wrong or the nickname is taken."""
    user = User.create(json_object())
    db.session.commit()
    answer = user.to_dict()
    return answer, 201, {"Location": answer["_links"]["self"]}


@app.get("/api/users")
@token_optional_auth.login_required
def get_users():
    """Return the users, where asked those online or not, or those changed since a time."""
    online = number_argument("online")
    if online not in (None, 0, 1):
        raise ValidationError("online must be 0 or 1.")
    since = number_argument("updated_since") or 0
    users = User.changed_since(since, online)
    return {"users": [User.to_dict(row) for row in users]}


@app.get("/api/users/<id:id>")
@token_optional_auth.login_required
def get_user(id):
    """Return a user."""
    return get_or_404(User, id).to_dict()


@app.put("/api/users/<id:id>")
@token_auth.login_required
def update_user(id):
    """Change a user; a new password revokes the token. 403 for another user."""
    user = get_or_404(User, id)
    if user != token_auth.current_user():
        abort(403, "Only the user may do that.")
    user.update(json_object())
    db.session.commit()
    return "", 204


@app.post("/api/tokens")
@basic_auth.login_required
def new_token():
    """Return the user's token, the same one until it is revoked."""
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
    message = Message.create(json_object(), token_auth.current_user())
    db.session.commit()
    answer = message.to_dict()
    return answer, 201, {"Location": answer["_links"]["self"]}


@app.get("/api/messages")
@token_optional_auth.login_required
def get_messages():
    """Return a day's messages, where asked those changed since a time, or those of a user."""
    day = timestamp() - app.config["HISTORY_SECONDS"]
    since = max(day, number_argument("updated_since") or 0)
    user_id = number_argument("user_id")
    messages = Message.changed_since(since, user_id)
    return {"messages": [Message.to_dict(row) for row in messages]}


@app.get("/api/messages/<id:id>")
@token_optional_auth.login_required
def get_message(id):
    """Return a message."""
    return get_or_404(Message, id).to_dict()


@app.put("/api/messages/<id:id>")
@token_auth.login_required
def update_message(id):
    """Change a message. 403 for another user's."""
    message = get_or_404(Message, id)
    if message.user_id != token_auth.current_user().id:
        abort(403, "Only its author may do that.")
    message.update(json_object())
    db.session.commit()
    return "", 204


# --- stats ---


class SlidingWindow:
    """Count the events of the last so many seconds.

    The clock is a function that returns a time in seconds.
    """

    def __init__(self, seconds, clock=time.monotonic):
        self.seconds = seconds
        self.clock = clock
        self.times = deque()
        self.lock = threading.Lock()

    def add(self):
        """Count an event."""
        with self.lock:
            self.times.append(self.clock())
            self.forget_old()

    def per_second(self):
        """Return how many events there were in a second, on average."""
        with self.lock:
            self.forget_old()
            return len(self.times) / self.seconds

    def forget_old(self):
        """Drop the events that are older than the window."""
        oldest = self.clock() - self.seconds
        while self.times and self.times[0] <= oldest:
            self.times.popleft()


requests_seen = SlidingWindow(seconds=15)


@app.before_request
def count_request():
    """Count every request, whatever becomes of it."""
    requests_seen.add()


@app.get("/stats")
def get_stats():
    """Return how busy this process is."""
    return {"requests_per_second": requests_seen.per_second()}

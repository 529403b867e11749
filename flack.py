"""Flack, a chat application."""
import os
import secrets
import sqlite3
import sys
import threading
import time
from collections import deque

from flask import abort
from flask import Flask
from flask import json
from flask import render_template
from flask import request
from flask_httpauth import HTTPBasicAuth
from flask_httpauth import HTTPTokenAuth
from flask_sqlalchemy import SQLAlchemy
from werkzeug.exceptions import BadRequest
from werkzeug.exceptions import HTTPException
from werkzeug.security import check_password_hash
from werkzeug.security import generate_password_hash

from utils import IdConverter
from utils import render
from utils import text_field
from utils import timestamp
from utils import UNSTORABLE
from utils import url_for
from utils import ValidationError

# --- configuration ---

app = Flask(__name__)
app.config.update(
    SECRET_KEY=os.environ.get("SECRET_KEY", "not a secret"),
    SQLALCHEMY_DATABASE_URI=os.environ.get("DATABASE_URL", "sqlite:///flack.sqlite"),
    # bytes; a larger request body is refused
    MAX_CONTENT_LENGTH=64 * 1024,
    # seconds; an older message is not listed
    HISTORY_SECONDS=24 * 60 * 60,
    PASSWORD_HASH="scrypt",
)

# --- extensions ---

# objects stay readable after a commit, so that an answer needs no second query
db = SQLAlchemy(app, session_options={"expire_on_commit": False})


@db.event.listens_for(db.Engine, "connect")
def set_up_sqlite(connection, record):
    """Let SQLite read while it writes, and wait for its only writer."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA busy_timeout = 15000")
        connection.execute("PRAGMA journal_mode = WAL")


# --- models ---

# a user is online who was seen within so many seconds
ONLINE_SECONDS = 60
# a poll a second must not be a write a second
SEEN_SECONDS = 5
# SQLite numbers new rows by INTEGER alone, which has 64 bits there
BigInteger = db.BigInteger().with_variant(db.Integer, "sqlite")


class User(db.Model):
    """A person with a nickname, a password and, once signed in, a token."""

    __tablename__ = "users"

    id: db.Mapped[int] = db.mapped_column(BigInteger, primary_key=True)
    created_at: db.Mapped[int] = db.mapped_column(BigInteger)
    updated_at: db.Mapped[int] = db.mapped_column(BigInteger, index=True)
    # 0 until the first authenticated request
    last_seen_at: db.Mapped[int] = db.mapped_column(BigInteger, default=0, index=True)
    nickname: db.Mapped[str] = db.mapped_column(db.String(32), unique=True)
    password_hash: db.Mapped[str] = db.mapped_column(db.String(256))
    token: db.Mapped[str | None] = db.mapped_column(db.String(64), unique=True)

    @classmethod
    def create(cls, data):
        """Add a user with a client's nickname and password. Raise ValidationError."""
        user = cls(created_at=timestamp())
        user.update({"nickname": None, "password": None, **data})
        return user

    @classmethod
    def authenticate(cls, nickname, password):
        """Return the user with that nickname and password, None without one."""
        user = db.session.scalar(db.select(cls).filter_by(nickname=nickname))
        if user is None:
            # take as long as with a user, or the time tells which nicknames there are
            hash_password(password)
            return None
        return user if check_password_hash(user.password_hash, password) else None

    @classmethod
    def find_by_token(cls, token):
        """Return the user with that token, None without one."""
        return db.session.scalar(USER_BY_TOKEN, {"token": token})

    @classmethod
    def changed_since(cls, since, online=None):
        """Return rows, for to_dict, of the users who changed later than a time."""
        users = USERS_SINCE
        if online is not None:
            seen = is_online(User.last_seen_at)
            users = users.where(seen if online else ~seen)
        return db.session.execute(users, {"since": since})

    def update(self, data):
        """Change nickname, password or both. Raise ValidationError and change nothing."""
        nickname = text_field(data, "nickname", 32) if "nickname" in data else self.nickname
        # basic authentication ends the nickname at a colon
        if ":" in nickname or not nickname.isprintable():
            raise ValidationError("nickname holds a colon or what does not print.")
        if "password" in data:
            self.password_hash = hash_password(text_field(data, "password", 128))
            self.token = None
        self.nickname = nickname
        self.updated_at = timestamp()
        db.session.add(self)
        try:
            db.session.flush()
        except db.exc.IntegrityError:
            db.session.rollback()
            raise ValidationError("nickname is taken.") from None

    def get_token(self):
        """Return the token, a new one when there is none."""
        # of several requests at the same moment the first makes the token of all
        new_token = db.update(User).where(User.id == self.id, User.token.is_(None))
        db.session.execute(new_token.values(token=secrets.token_hex(32)))
        db.session.refresh(self)
        return self.token

    def see(self):
        """Note that the user is there."""
        if self.last_seen_at <= timestamp() - SEEN_SECONDS:
            self.last_seen_at = timestamp()
            db.session.commit()

    def to_dict(self):
        """Return what clients see of the user."""
        return {
            "id": self.id,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "last_seen_at": self.last_seen_at,
            "nickname": self.nickname,
            "online": is_online(self.last_seen_at),
            "_links": {
                "self": url_for("get_user", id=self.id),
                "messages": url_for("get_messages", user_id=self.id),
                "tokens": url_for("new_token"),
            },
        }


class Message(db.Model):
    """What a user wrote, in Markdown and as HTML."""

    __tablename__ = "messages"
    __table_args__ = (db.Index("ix_messages_user_id_updated_at", "user_id", "updated_at"),)

    id: db.Mapped[int] = db.mapped_column(BigInteger, primary_key=True)
    created_at: db.Mapped[int] = db.mapped_column(BigInteger)
    updated_at: db.Mapped[int] = db.mapped_column(BigInteger, index=True)
    source: db.Mapped[str]
    html: db.Mapped[str]
    user_id: db.Mapped[int] = db.mapped_column(BigInteger, db.ForeignKey("users.id"))

    @classmethod
    def create(cls, data, user):
        """Add a message with a client's source. Raise ValidationError."""
        message = cls(user_id=user.id)
        message.update(data)
        message.created_at = message.updated_at
        return message

    @classmethod
    def changed_since(cls, since, user_id=None):
        """Return rows, for to_dict, of all messages, or a user's, that are later than a time."""
        messages = MESSAGES_SINCE
        if user_id is not None:
            messages = messages.where(Message.user_id == user_id)
        return db.session.execute(messages, {"since": since})

    def update(self, data):
        """Take a client's source, after a commit. Raise ValidationError and change nothing."""
        source = text_field(data, "source", 10_000)
        # previews take their time: the connection goes back to its pool meanwhile
        db.session.commit()
        self.html = render(source)
        self.source = source
        self.updated_at = timestamp()
        db.session.add(self)

    def to_dict(self):
        """Return what clients see of the message."""
        return {
            "id": self.id,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "source": self.source,
            "html": self.html,
            "user_id": self.user_id,
            "_links": {
                "self": url_for("get_message", id=self.id),
                "user": url_for("get_user", id=self.user_id),
            },
        }


# polls run these every second, and to build a statement takes as long as to run it; the lists
# select columns, since objects would take twice as long
USER_BY_TOKEN = db.select(User).where(User.token == db.bindparam("token"))
USERS_SINCE = (
    db.select(*User.__table__.columns)
    .where(User.updated_at > db.bindparam("since"))
    .order_by(User.updated_at, User.nickname)
)
MESSAGES_SINCE = (
    db.select(*Message.__table__.columns)
    .where(Message.updated_at > db.bindparam("since"))
    .order_by(Message.updated_at, Message.id)
)


def is_online(last_seen_at):
    """Whether who was seen then is online; for a column it is the condition in SQL."""
    return last_seen_at > timestamp() - ONLINE_SECONDS


def hash_password(password):
    """Return the hash that is kept of a password."""
    return generate_password_hash(password, method=app.config["PASSWORD_HASH"])


# --- authentication ---


class OptionalTokenAuth(HTTPTokenAuth):
    """Token authentication in which only a request without Authorization is anonymous."""

    def authenticate(self, auth, stored_password):
        """Return True for a request without Authorization, else whose token it bears."""
        # the library's own optional=True takes a bad token for none
        if "Authorization" not in request.headers:
            return True
        return super().authenticate(auth, stored_password)


basic_auth = HTTPBasicAuth()
token_auth = HTTPTokenAuth()
token_optional_auth = OptionalTokenAuth()


@basic_auth.verify_password
def verify_password(nickname, password):
    """Return the user with that nickname and password, None without one."""
    # the library takes credentials under any scheme
    if request.authorization is None or request.authorization.type != "basic":
        return None
    user = None if UNSTORABLE.search(nickname) else User.authenticate(nickname, password)
    if user is not None:
        user.see()
    return user


@token_auth.verify_token
@token_optional_auth.verify_token
def verify_token(token):
    """Return the user with that token, None without one."""
    user = None if UNSTORABLE.search(token) else User.find_by_token(token)
    if user is not None:
        user.see()
    return user


@basic_auth.error_handler
@token_auth.error_handler
@token_optional_auth.error_handler
def refuse(status):
    """Answer a request whose authentication is missing or wrong."""
    error = "The nickname and password, or the token, are missing or wrong."
    # not Basic, for which browsers would ask with a window of their own
    return {"error": error}, status, {"WWW-Authenticate": token_auth.authenticate_header()}


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


if __name__ == "__main__":
    port = os.environ.get("PORT", "5000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"PORT must be a number from 1 to 65535, not {port}.")
    with app.app_context():
        db.create_all()
    app.run(port=int(port), threaded=True)

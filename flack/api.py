"""The API: users, tokens and messages."""
import re

from flask import abort
from flask import Blueprint
from flask import current_app
from flask import request

from . import db
from .auth import basic_auth
from .auth import token_auth
from .auth import token_optional_auth
from .models import Message
from .models import MESSAGES_SINCE
from .models import User
from .utils import timestamp
from .utils import url_for
from .utils import ValidationError

api = Blueprint("api", __name__, url_prefix="/api")


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


@api.post("/users")
def new_user():
    """Register a user. 400 when a field is missing or wrong or the nickname is taken."""
    user = User(created_at=timestamp())
    user.update({"nickname": None, "password": None, **json_object()})
    db.session.commit()
    return user.to_dict(), 201, {"Location": url_for("api.get_user", id=user.id)}


@api.get("/users")
@token_optional_auth.login_required
def get_users():
    """Return the users, where asked those online or not, or those changed since a time."""
    since, online = number_argument("updated_since"), number_argument("online", largest=1)
    return {"users": [user.to_dict() for user in User.changed_since(since or 0, online)]}


@api.get("/users/<id:id>")
@token_optional_auth.login_required
def get_user(id):
    """Return a user."""
    return db.get_or_404(User, id, description=f"There is no user {id}.").to_dict()


@api.put("/users/<id:id>")
@token_auth.login_required
def update_user(id):
    """Change a user; a new password revokes the token. 403 for another user."""
    user = db.get_or_404(User, id, description=f"There is no user {id}.")
    if user != token_auth.current_user():
        abort(403, "Only the user may do that.")
    user.update(json_object())
    db.session.commit()
    return "", 204


@api.post("/tokens")
@basic_auth.login_required
def new_token():
    """Return the user's token, the same one until it is revoked."""
    # a body has no meaning here, and a limit all the same
    request.get_data()
    token = basic_auth.current_user().get_token()
    db.session.commit()
    return {"token": token}


@api.delete("/tokens")
@token_auth.login_required
def revoke_token():
    """Revoke the user's token."""
    token_auth.current_user().token = None
    db.session.commit()
    return "", 204


@api.post("/messages")
@token_auth.login_required
def new_message():
    """Post a message. 400 when the source is missing or wrong."""
    message = Message(user_id=token_auth.current_user().id)
    # what was read is read: no connection is held while the pages of links are fetched
    db.session.commit()
    message.update(json_object())
    db.session.commit()
    return message.to_dict(), 201, {"Location": url_for("api.get_message", id=message.id)}


@api.get("/messages")
@token_optional_auth.login_required
def get_messages():
    """Return a day's messages, where asked those changed since a time, or those of a user."""
    since, user_id = number_argument("updated_since") or 0, number_argument("user_id")
    day = timestamp() - current_app.config["HISTORY_SECONDS"]
    messages = MESSAGES_SINCE if user_id is None else MESSAGES_SINCE.filter_by(user_id=user_id)
    found = db.session.scalars(messages, {"since": max(day, since)})
    return {"messages": [message.to_dict() for message in found]}


@api.get("/messages/<id:id>")
@token_optional_auth.login_required
def get_message(id):
    """Return a message."""
    return db.get_or_404(Message, id, description=f"There is no message {id}.").to_dict()


@api.put("/messages/<id:id>")
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

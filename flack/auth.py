"""Who a request comes from."""
from flask import request
from flask_httpauth import HTTPBasicAuth
from flask_httpauth import HTTPTokenAuth

from . import db
from .models import is_online
from .models import User
from .models import USER_BY_TOKEN
from .utils import timestamp
from .utils import UNSTORABLE


class OptionalTokenAuth(HTTPTokenAuth):
    """Token authentication in which only a request without Authorization is anonymous."""

    def authenticate(self, auth, stored_password):
        # the library's own optional=True takes a bad token for none
        return "Authorization" not in request.headers or super().authenticate(auth, stored_password)


basic_auth = HTTPBasicAuth()
token_auth = HTTPTokenAuth()
token_optional_auth = OptionalTokenAuth()


@basic_auth.verify_password
def verify_password(nickname, password):
    """Return the user with that nickname and password, None without one."""
    # the library takes credentials under any scheme
    scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
    if scheme != "basic" or UNSTORABLE.search(nickname):
        return None
    return see(User.authenticate(nickname, password))


@token_auth.verify_token
@token_optional_auth.verify_token
def verify_token(token):
    """Return the user with that token, None without one."""
    if UNSTORABLE.search(token):
        return None
    return see(db.session.scalar(USER_BY_TOKEN, {"token": token}))


def see(user):
    """Return the user, None without one, whom this request has shown to be there."""
    # a poll a second must not be a write a second
    if user is not None and not is_online(user.last_seen_at, within=5):
        user.last_seen_at = timestamp()
        db.session.commit()
    return user


@basic_auth.error_handler
@token_auth.error_handler
@token_optional_auth.error_handler
def refuse(status):
    """Answer a request whose authentication is missing or wrong."""
    error = "The nickname and password, or the token, are missing or wrong."
    # not Basic, for which browsers would ask with a window of their own
    return {"error": error}, status, {"WWW-Authenticate": token_auth.authenticate_header()}

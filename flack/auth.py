"""Who a request comes from."""
from flask import request
from flask_httpauth import HTTPBasicAuth
from flask_httpauth import HTTPTokenAuth

from .models import User
from .utils import UNSTORABLE


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

"""A stage's application under the prefix /chat, as a proxy has it: python prefixed.py.

It runs in the environment of the stage, which has Werkzeug and not the tour, from the stage's
folder. Flask's test client would do it otherwise: it puts APPLICATION_ROOT into SCRIPT_NAME, which
no server does.
"""

import os
import sys
from collections.abc import Iterable
from wsgiref.types import StartResponse
from wsgiref.types import WSGIEnvironment

from werkzeug.serving import run_simple

sys.path.insert(0, os.getcwd())

import flack

PREFIX = "/chat"


def under_prefix(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Hand the application what is under the prefix, as WSGI tells of it; the rest is not found."""
    path = environ["PATH_INFO"]
    if path != PREFIX and not path.startswith(f"{PREFIX}/"):
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"not under the prefix"]
    # a proxy asks for nothing as for a slash
    inside = {"SCRIPT_NAME": PREFIX, "PATH_INFO": path.removeprefix(PREFIX) or "/"}
    answer: Iterable[bytes] = app({**environ, **inside}, start_response)
    return answer


app = flack.create_app() if hasattr(flack, "create_app") else flack.app
with app.app_context():
    flack.db.create_all()
run_simple("127.0.0.1", int(os.environ["PORT"]), under_prefix, threaded=True)

#!/bin/sh
# A body that httpx streams does not arrive in a Flask application.
#
# WSGITransport lets httpx ask an application without a server, in tests.
# A body of bytes arrives. A body from a generator is empty in Flask.
# There is no error. Over a real server the same body arrives.
# In httpx2, which goes on from httpx, the body is empty as well, though
# the length of the body is in the environment there.
#
# Seen on 2026-11-28 with httpx 0.28.1, httpx2 2.16.2, Flask 3.1.3 and
# Werkzeug 3.1.9 on Python 3.11, 3.12 and 3.13:
#
#   bytes, httpx, server: hello
#   bytes, httpx, transport: hello
#   generator, httpx, server: hello
#   generator, httpx, transport: (empty)
#     CONTENT_LENGTH None, HTTP_TRANSFER_ENCODING chunked
#   generator, httpx2, transport: (empty)
#     CONTENT_LENGTH 5, HTTP_TRANSFER_ENCODING chunked
#
# Expected: "hello" in each line.
# PEP 3333 builds on the variables of CGI. There a body has no transfer
# coding: RFC 3875, section 4.2, lets the server remove it and work
# CONTENT_LENGTH out anew.
#
# Why: neither transport chunks anything, but both pass the header on
# that says so. httpx gives no length. httpx2 does, since its pull request
# 1137. Werkzeug ignores a length beside Transfer-Encoding, and reads no
# body without a length unless wsgi.input_terminated is set.
#
# What helps: bytes instead of a generator, or a middleware that sets
# wsgi.input_terminated to True.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
import threading

import httpx
import httpx2
from flask import Flask
from flask import request
from werkzeug.serving import make_server
from werkzeug.serving import WSGIRequestHandler

app = Flask(__name__)


@app.post("/")
def echo():
    return {"body": request.get_data(as_text=True) or "(empty)",
            "length": request.environ.get("CONTENT_LENGTH"),
            "coding": request.environ.get("HTTP_TRANSFER_ENCODING")}


class Quiet(WSGIRequestHandler):
    def log(self, type, message, *args):
        pass


def generate():
    yield b"hel"
    yield b"lo"


server = make_server("127.0.0.1", 0, app, request_handler=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.port}/"
for kind, body in ("bytes", lambda: b"hello"), ("generator", generate):
    for library in httpx, httpx2:
        name = f"{kind}, {library.__name__}"
        with library.Client(trust_env=False) as client:
            answer = client.post(url, content=body()).json()
        if library is httpx:
            print(f"{name}, server:", answer["body"])
        transport = library.WSGITransport(app=app)
        with library.Client(transport=transport) as client:
            answer = client.post(url, content=body()).json()
        if library is httpx or kind == "generator":
            print(f"{name}, transport:", answer["body"])
        if kind == "generator":
            print(f"  CONTENT_LENGTH {answer['length']},",
                  f"HTTP_TRANSFER_ENCODING {answer['coding']}")
server.shutdown()
END

cat >"$work/expected" <<'END'
bytes, httpx, server: hello
bytes, httpx, transport: hello
generator, httpx, server: hello
generator, httpx, transport: (empty)
  CONTENT_LENGTH None, HTTP_TRANSFER_ENCODING chunked
generator, httpx2, transport: (empty)
  CONTENT_LENGTH 5, HTTP_TRANSFER_ENCODING chunked
END

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    httpx==0.28.1 httpcore==1.0.9 certifi==2026.10.19.post1 \
    httpx2==2.16.2 httpcore2==2.16.2 truststore==0.10.5 \
    anyio==4.16.0 h11==0.16.0 idna==3.20 typing_extensions==4.16.0 \
    Flask==3.1.3 Werkzeug==3.1.9 blinker==1.9.0 click==8.5.1 \
    itsdangerous==2.2.0 Jinja2==3.1.6 MarkupSafe==3.0.4
"$work/venv/bin/python" "$work/try.py" >"$work/seen"

cat "$work/seen"
if ! cmp -s "$work/expected" "$work/seen"; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi

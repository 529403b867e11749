#!/bin/sh
# Of two headers of one name, httpx gives an application only the last.
#
# WSGITransport lets httpx ask an application without a server, in tests.
# A proxy may add a second X-Forwarded-For to one that is there.
# A server hands both to the application, joined by a comma.
# WSGITransport hands over the last one alone.
# ProxyFix, told to trust two values, then finds too few and takes none.
# Werkzeug's own test client joins them, like a server.
#
# Seen on 2026-11-28 with httpx 0.28.1 (and the same with httpx2 2.16.2),
# Flask 3.1.3 and Werkzeug 3.1.9 on Python 3.11, 3.12 and 3.13:
#
#   server
#     X-Forwarded-For 192.0.2.1,192.0.2.2, client 192.0.2.1
#   httpx transport
#     X-Forwarded-For 192.0.2.2, client 127.0.0.1
#   Werkzeug test client
#     X-Forwarded-For 192.0.2.1,192.0.2.2, client 192.0.2.1
#
# Expected: the second like the other two.
# PEP 3333 builds on the variables of CGI. RFC 3875, section 4.1.18,
# says that several headers of one name must become one value that means
# the same.
#
# Why: each header overwrites the variable of the one before it.
#
# What helps: one header with both values and a comma.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
import threading

import httpx
from flask import Flask
from flask import request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.serving import make_server
from werkzeug.serving import WSGIRequestHandler

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=2)


@app.get("/")
def show():
    values = request.headers["X-Forwarded-For"].replace(", ", ",")
    return f"  X-Forwarded-For {values}, client {request.remote_addr}"


class Quiet(WSGIRequestHandler):
    def log(self, type, message, *args):
        pass


server = make_server("127.0.0.1", 0, app, request_handler=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.port}/"
headers = [("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-For", "192.0.2.2")]
with httpx.Client(trust_env=False) as client:
    print("server", client.get(url, headers=headers).text, sep="\n")
with httpx.Client(transport=httpx.WSGITransport(app=app)) as client:
    print("httpx transport", client.get(url, headers=headers).text, sep="\n")
answer = app.test_client().get(url, headers=headers)
print("Werkzeug test client", answer.text, sep="\n")
server.shutdown()
END

cat >"$work/expected" <<'END'
server
  X-Forwarded-For 192.0.2.1,192.0.2.2, client 192.0.2.1
httpx transport
  X-Forwarded-For 192.0.2.2, client 127.0.0.1
Werkzeug test client
  X-Forwarded-For 192.0.2.1,192.0.2.2, client 192.0.2.1
END

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    httpx==0.28.1 httpcore==1.0.9 certifi==2026.10.19.post1 \
    anyio==4.16.0 h11==0.16.0 idna==3.20 typing_extensions==4.16.0 \
    Flask==3.1.3 Werkzeug==3.1.9 blinker==1.9.0 click==8.5.1 \
    itsdangerous==2.2.0 Jinja2==3.1.6 MarkupSafe==3.0.4
"$work/venv/bin/python" "$work/try.py" >"$work/seen"

cat "$work/seen"
if ! cmp -s "$work/expected" "$work/seen"; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi

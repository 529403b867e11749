#!/bin/sh
# MultiAuth refuses a good token if "bearer" is in lower case.
#
# Flask-HTTPAuth has HTTPTokenAuth for tokens.
# Alone it takes "Bearer", "bearer" and "BEARER".
# MultiAuth puts it beside HTTPBasicAuth on one route.
# There only "Bearer" works. The others get status 401,
# and the answer asks for Basic.
# "basic" in lower case works in MultiAuth only if HTTPBasicAuth is its
# first argument.
#
# Seen on 2026-11-28 with Flask-HTTPAuth 4.8.1, Flask 3.1.3 and
# Werkzeug 3.1.9 on Python 3.11, 3.12 and 3.13:
#
#   HTTPTokenAuth Bearer 200
#   HTTPTokenAuth bearer 200
#   HTTPTokenAuth BEARER 200
#   MultiAuth Bearer 200
#   MultiAuth bearer 401 Basic
#   MultiAuth BEARER 401 Basic
#
# Expected: status 200 in all six lines.
# RFC 9110, section 11.1, says that the name of a scheme is the same in
# lower and in upper case.
# The documentation of Flask-HTTPAuth says that MultiAuth tries all of
# its authentication objects until one succeeds.
#
# Why: MultiAuth chooses the object with a comparison that sees case.
# The object itself compares without case, but it is never asked.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'EOF'
from flask import Flask
from flask_httpauth import HTTPBasicAuth
from flask_httpauth import HTTPTokenAuth
from flask_httpauth import MultiAuth

basic = HTTPBasicAuth()
token = HTTPTokenAuth()
basic.verify_password(lambda name, password: None)
token.verify_token(lambda text: "ann" if text == "good" else None)

for auth in token, MultiAuth(basic, token):
    app = Flask(__name__)
    app.add_url_rule("/", view_func=auth.login_required(lambda: "welcome"))
    for scheme in "Bearer", "bearer", "BEARER":
        headers = {"Authorization": f"{scheme} good"}
        answer = app.test_client().get("/", headers=headers)
        asks = answer.headers.get("WWW-Authenticate", "").partition(" ")[0]
        print(type(auth).__name__, scheme, answer.status_code, asks)
EOF

cat >"$work/expected" <<'EOF'
HTTPTokenAuth Bearer 200
HTTPTokenAuth bearer 200
HTTPTokenAuth BEARER 200
MultiAuth Bearer 200
MultiAuth bearer 401 Basic
MultiAuth BEARER 401 Basic
EOF

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    Flask-HTTPAuth==4.8.1 Flask==3.1.3 Werkzeug==3.1.9 blinker==1.9.0 \
    click==8.5.1 itsdangerous==2.2.0 Jinja2==3.1.6 MarkupSafe==3.0.4
"$work/venv/bin/python" "$work/try.py" | sed 's/ *$//' >"$work/seen"

cat "$work/seen"
if ! cmp -s "$work/expected" "$work/seen"; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi

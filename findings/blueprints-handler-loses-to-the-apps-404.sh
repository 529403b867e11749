#!/bin/sh
# The application's page for 404 replaces the JSON of a blueprint.
#
# A blueprint for the API turns each HTTPException into JSON.
# The application has a page in HTML for 404.
# abort(404) in a view of the blueprint gives the page.
# abort(403) gives the JSON, because no handler names 403.
# So a client that was given JSON for a missing message gets HTML once
# somebody adds a page for 404 elsewhere.
# A handler of the blueprint for 404 gets the JSON back.
# A handler of the blueprint for Exception loses in the same way.
#
# Seen on 2026-11-29 with Flask 3.1.3 and Werkzeug 3.1.9 on Python 3.11,
# 3.12 and 3.13:
#
#   blueprint HTTPException, app 404
#     abort(404): page of the application
#     abort(403): JSON of the blueprint
#   blueprint Exception, app 404
#     abort(404): page of the application
#     abort(403): JSON of the blueprint
#   blueprint HTTPException and 404, app 404
#     abort(404): JSON of the blueprint
#     abort(403): JSON of the blueprint
#
# Expected: JSON in each line.
# The documentation of Flask ("Handling Application Errors") says that
# handlers of a blueprint take precedence over those of the application,
# if a blueprint handles the request. It excepts only what fails before
# a view is found.
#
# Why: Flask looks for a handler of the code first, in the blueprint and
# then in the application. Only then does it look for one of a class.
# The order is in the docstring of a private method,
# Flask._find_error_handler, and in Flask's pull request 2314.
#
# What helps: the blueprint's handler for each code as well, from
# werkzeug.exceptions.default_exceptions.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
from flask import abort
from flask import Blueprint
from flask import Flask
from werkzeug.exceptions import HTTPException


def as_json(error):
    return {"error": error.code}, error.code


def as_page(error):
    return "<h1>Nothing here</h1>", 404


for label, kinds in (
    ("blueprint HTTPException, app 404", [HTTPException]),
    ("blueprint Exception, app 404", [Exception]),
    ("blueprint HTTPException and 404, app 404", [HTTPException, 404]),
):
    print(label)
    api = Blueprint("api", __name__)
    api.add_url_rule("/<int:code>", "fail", abort)
    for kind in kinds:
        api.register_error_handler(kind, as_json)
    app = Flask(__name__)
    app.register_error_handler(404, as_page)
    app.register_blueprint(api)
    for code in 404, 403:
        answer = app.test_client().get(f"/{code}")
        assert answer.status_code == code
        kind = ("JSON of the blueprint" if answer.is_json
                else "page of the application")
        print(f"  abort({code}): {kind}")
END

cat >"$work/expected" <<'END'
blueprint HTTPException, app 404
  abort(404): page of the application
  abort(403): JSON of the blueprint
blueprint Exception, app 404
  abort(404): page of the application
  abort(403): JSON of the blueprint
blueprint HTTPException and 404, app 404
  abort(404): JSON of the blueprint
  abort(403): JSON of the blueprint
END

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    Flask==3.1.3 Werkzeug==3.1.9 blinker==1.9.0 click==8.5.1 \
    itsdangerous==2.2.0 Jinja2==3.1.6 MarkupSafe==3.0.4
"$work/venv/bin/python" "$work/try.py" >"$work/seen"

cat "$work/seen"
if ! cmp -s "$work/expected" "$work/seen"; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi

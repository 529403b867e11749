#!/bin/sh
# What a client refuses is "in" the list of what it accepts.
#
# In an Accept header, ";q=0" means "not this one".
# Werkzeug reads it, and gives the quality 0 for such an entry.
# But "in" says True for it, and accept_json is True as well.
# With "*;q=0" everything is in the list, "br" and "nonsense" too.
# A server that compresses a file if "br" is in accept_encodings sends
# what the client cannot read.
#
# Seen on 2026-11-28 with Werkzeug 3.1.9 and MarkupSafe 3.0.4 on
# Python 3.11, 3.12 and 3.13:
#
#   Accept-Encoding: gzip;q=1.0, identity; q=0.5, *;q=0
#     gzip: in the list True, quality 1.0
#     br: in the list True, quality 0.0
#     best match of br and identity: identity
#   Accept: text/html, application/json;q=0
#     accept_json True, quality 0.0
#     best match of json and html: text/html
#
# Expected: False for "br" and for accept_json, as best_match has it.
# RFC 9110, section 12.4.2, says that a value of 0 means "not
# acceptable". The first header is an example of its section 12.5.3.
# The documentation of Werkzeug says that accept_json is true if this
# object accepts JSON, and that "in" keeps to the rules of the header.
#
# What helps: accept_encodings["br"] > 0, or best_match.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request


def request(name, value):
    print(f"{name}: {value}")
    return Request(EnvironBuilder(headers={name: value}).get_environ())


encodings = request("Accept-Encoding",
                    "gzip;q=1.0, identity; q=0.5, *;q=0").accept_encodings
for name in "gzip", "br":
    print(f"  {name}: in the list {name in encodings},",
          f"quality {encodings[name]:.1f}")
print("  best match of br and identity:",
      encodings.best_match(["br", "identity"]))

types = request("Accept",
                "text/html, application/json;q=0").accept_mimetypes
print(f"  accept_json {types.accept_json},",
      f"quality {types['application/json']:.1f}")
print("  best match of json and html:",
      types.best_match(["application/json", "text/html"]))
END

cat >"$work/expected" <<'END'
Accept-Encoding: gzip;q=1.0, identity; q=0.5, *;q=0
  gzip: in the list True, quality 1.0
  br: in the list True, quality 0.0
  best match of br and identity: identity
Accept: text/html, application/json;q=0
  accept_json True, quality 0.0
  best match of json and html: text/html
END

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    Werkzeug==3.1.9 MarkupSafe==3.0.4
"$work/venv/bin/python" "$work/try.py" >"$work/seen"

cat "$work/seen"
if ! cmp -s "$work/expected" "$work/seen"; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi

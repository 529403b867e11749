#!/bin/sh
# Who asks for the last 100 bytes of a short file gets an error.
#
# "Range: bytes=-100" asks for the last 100 bytes, like "curl -r -100".
# Programs that read archives ask so, or look at the end of a log.
# Flask serves a file of 200 bytes and one of 50 here, by send_file.
# For the long one the answer is right. For the short one it is status
# 416 and no file, although all of its bytes are among the last 100.
# "Range: bytes=0-99" of the short file is taken, and gives all of it.
# Two ranges in one header get 416, too, from a file that has both.
#
# Seen on 2026-11-29 with Werkzeug 3.1.9 and Flask 3.1.3 on Python 3.11,
# 3.12 and 3.13, over a socket and not with the test client:
#
#   200 bytes, bytes=-100: 206, 100 bytes, bytes 100-199/200
#   50 bytes, bytes=-100: 416, no file, bytes */50
#   50 bytes, bytes=-50: 206, 50 bytes, bytes 0-49/50
#   50 bytes, bytes=0-99: 206, 50 bytes, bytes 0-49/50
#   50 bytes, bytes=0-9,20-29: 416, no file, bytes */50
#
# Expected: the whole file in the second line, as in the third, and the
# file or both parts of it in the last.
# RFC 9110, section 14.1.2, says that the entire representation is used
# if it is shorter than the last bytes that are asked for, and calls
# such a range satisfiable.
# Its section 15.5.17 has 416 for ranges of which none overlaps the
# file, and for sets of ranges that are invalid or too many.
# The documentation of Werkzeug has 416 for a Range that cannot be
# parsed or satisfied.
#
# Why: Range.range_for_length counts 100 bytes back from the end of 50,
# and finds that -50 is no place in the file. It takes one range only.
#
# Known: no issue of Werkzeug about the second line was found.
# Starlette had the same, and takes it since its pull request 3307.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
import http.client
import io
import threading

from flask import Flask
from flask import send_file
from werkzeug.serving import make_server
from werkzeug.serving import WSGIRequestHandler

app = Flask(__name__)


@app.get("/<int:length>")
def show(length):
    return send_file(io.BytesIO(b"x" * length), mimetype="text/plain")


class Quiet(WSGIRequestHandler):
    def log(self, type, message, *args):
        pass


server = make_server("127.0.0.1", 0, app, request_handler=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
for length, value in (
    (200, "bytes=-100"),
    (50, "bytes=-100"),
    (50, "bytes=-50"),
    (50, "bytes=0-99"),
    (50, "bytes=0-9,20-29"),
):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", f"/{length}", headers={"Range": value})
    answer = connection.getresponse()
    body = answer.read()
    size = f"{len(body)} bytes" if body.strip(b"x") == b"" else "no file"
    print(f"{length} bytes, {value}: {answer.status}, {size},",
          answer.headers["Content-Range"])
    connection.close()
server.shutdown()
END

cat >"$work/expected" <<'END'
200 bytes, bytes=-100: 206, 100 bytes, bytes 100-199/200
50 bytes, bytes=-100: 416, no file, bytes */50
50 bytes, bytes=-50: 206, 50 bytes, bytes 0-49/50
50 bytes, bytes=0-99: 206, 50 bytes, bytes 0-49/50
50 bytes, bytes=0-9,20-29: 416, no file, bytes */50
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

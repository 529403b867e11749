"""A bare Flask application, the yardstick for a stage.

gunicorn runs it in the stage's environment. BENCH_FOLDER names a folder with three files:
`messages.json` and `users.json` are answers of the stage, `bare.sqlite` has the stage's tables.
"""

import json
import os
import sqlite3
import time
from pathlib import Path

from flask import Flask

folder = Path(os.environ["BENCH_FOLDER"])
messages: dict[str, object] = json.loads(folder.joinpath("messages.json").read_bytes())
users: dict[str, object] = json.loads(folder.joinpath("users.json").read_bytes())

# one connection a worker, set up as the stages set theirs up
connection = sqlite3.connect(folder / "bare.sqlite")
connection.execute("PRAGMA busy_timeout = 15000")
connection.execute("PRAGMA journal_mode = WAL")

app = Flask(__name__)


@app.get("/")
def get_nothing() -> dict[str, object]:
    """Return a small JSON."""
    return {"messages": []}


@app.get("/messages")
def get_messages() -> dict[str, object]:
    """Return the messages that the stage returned."""
    return messages


@app.get("/users")
def get_users() -> dict[str, object]:
    """Return the users that the stage returned."""
    return users


@app.post("/messages")
def commit_message() -> tuple[dict[str, object], int]:
    """Commit one row."""
    now = int(time.time())
    with connection:
        connection.execute(
            "INSERT INTO messages (created_at, updated_at, source, html, user_id)"
            " VALUES (?, ?, 'bare', 'bare', 1)",
            (now, now),
        )
    return {}, 201

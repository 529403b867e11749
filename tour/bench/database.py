"""Users and messages for the bench, written into a database whose tables a stage has made."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tour.system.errors import TourError

# a token for each user
TOKENS = tuple(f"{number:064x}" for number in range(1, 51))

# the times of the messages go evenly from `oldest` on and end before `now`
INSERT_USERS = """
INSERT INTO users (id, created_at, updated_at, last_seen_at, nickname, password_hash, token)
VALUES (:id, :now, :now, :now, :nickname, 'admits nobody', :token)
"""
INSERT_MESSAGES = """
WITH RECURSIVE numbers(number, time) AS (
    SELECT 0, :oldest
    UNION ALL
    SELECT number + 1, :oldest + (number + 1) * (:now - :oldest) / :count
    FROM numbers WHERE number + 1 < :count
)
INSERT INTO messages (created_at, updated_at, source, html, user_id)
SELECT
    time,
    time,
    'Hello *everybody*, this is message ' || number,
    'Hello <em>everybody</em>, this is message ' || number,
    number % :users + 1
FROM numbers
"""


def seed(file: Path, messages: int, oldest: int, now: int) -> None:
    """Add a user for each of TOKENS, and messages, one or more, from `oldest` to before `now`.

    Both are Unix seconds. No server may use the SQLite file meanwhile. Raise TourError when it
    does not have the stages' tables.
    """
    users = [
        {"id": number, "now": now, "nickname": f"user{number}", "token": token}
        for number, token in enumerate(TOKENS, start=1)
    ]
    numbers = {"count": messages, "oldest": oldest, "now": now, "users": len(users)}
    with closing(sqlite3.connect(file)) as connection:
        try:
            with connection:
                connection.executemany(INSERT_USERS, users)
                connection.execute(INSERT_MESSAGES, numbers)
        except sqlite3.DatabaseError as error:
            raise TourError(
                f"{file} cannot be filled: {error}; every stage makes the same tables, so fix the"
                " stage, or tour/bench/database.py if the tables are to be others"
            ) from None

#!/bin/sh
# A row is not found by the time that was read from it.
#
# The database sets the time of a message: server_default=func.now().
# Two messages are added at once. Somebody has read the first, and asks
# for what is not older than that: created_at >= first.created_at.
# SQLite gives neither of them. Both are "older" than the time of the
# first, and an UPDATE with that condition changes no row.
# But the session takes the objects for found, and changes them.
# The time of a message from the next second compares as it should.
# So only messages of one second get lost, now and then.
#
# Seen on 2026-11-29 with SQLAlchemy 2.1.9 and typing_extensions 4.16.0
# on Python 3.11, 3.12 and 3.13 (and the same with SQLAlchemy 2.0.58):
#
#   time from func.now()
#     at the time of the first: []
#     not older than it: []
#     older than it: [1, 2]
#     updated: 0 rows, row "new", object "read"
#   time from func.now(), with truncate_microseconds
#     at the time of the first: [1, 2]
#     not older than it: [1, 2]
#     older than it: []
#     updated: 2 rows, row "read", object "read"
#
# Expected: the first block like the second.
# The documentation of SQLAlchemy ("Date and Time Types" of SQLite) says
# that its strings "nicely support ordering", and it has examples with
# such a column on SQLite ("Working with Large Collections").
#
# Why: SQLite compares texts. func.now() writes "2026-11-29 06:00:00",
# and SQLAlchemy asks for "2026-11-29 06:00:00.000000". A text is less
# than a longer one that begins with it.
# No issue of SQLAlchemy about it was found.
#
# What helps: sqlalchemy.dialects.sqlite.DATETIME with
# truncate_microseconds=True, or a time that Python makes.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
from datetime import datetime

from sqlalchemy import create_engine
from sqlalchemy import DateTime
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import Session


class Base(DeclarativeBase):
    pass


class Message(Base):
    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="new")
    created_at: Mapped[datetime] = mapped_column(
        DateTime, server_default=func.now())


class Truncated(Base):
    __tablename__ = "truncated"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="new")
    created_at: Mapped[datetime] = mapped_column(
        sqlite.DATETIME(truncate_microseconds=True),
        server_default=func.now())


engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
for label, model in (
    ("time from func.now()", Message),
    ("time from func.now(), with truncate_microseconds", Truncated),
):
    print(label)
    with Session(engine) as session:
        # one statement, so one time for both
        session.add_all([model(id=1), model(id=2)])
        session.commit()
        first = session.get(model, 1)
        time = first.created_at
        for words, condition in (
            ("at the time of the first", model.created_at == time),
            ("not older than it", model.created_at >= time),
            ("older than it", model.created_at < time),
        ):
            found = session.scalars(select(model.id).where(condition))
            print(f"  {words}: {found.all()}")
        result = session.execute(
            update(model).where(model.created_at >= time).values(state="read"))
        row = session.scalar(select(model.state).where(model.id == 1))
        print(f"  updated: {result.rowcount} rows,",
              f'row "{row}", object "{first.state}"')
END

cat >"$work/expected" <<'END'
time from func.now()
  at the time of the first: []
  not older than it: []
  older than it: [1, 2]
  updated: 0 rows, row "new", object "read"
time from func.now(), with truncate_microseconds
  at the time of the first: [1, 2]
  not older than it: [1, 2]
  older than it: []
  updated: 2 rows, row "read", object "read"
END

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    SQLAlchemy==2.1.9 typing_extensions==4.16.0
"$work/venv/bin/python" "$work/try.py" >"$work/seen"

cat "$work/seen"
if ! cmp -s "$work/expected" "$work/seen"; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi

#!/bin/sh
# After a commit that fails, the session says that it is "prepared".
#
# A statement can fail at once, or only when COMMIT comes.
# The second happens with a deferred foreign key, with a database that
# is locked, or with one that has gone away.
# After the first, the next query raises PendingRollbackError.
# After the second it raises InvalidRequestError instead, and speaks of
# a "prepared" state. Nobody asked for a two-phase commit.
# A handler that catches PendingRollbackError misses it.
# rollback() puts the session right in both cases.
#
# Seen on 2026-11-28 with SQLAlchemy 2.1.9 and typing_extensions 4.16.0
# on Python 3.11, 3.12 and 3.13:
#
#   fails at once: IntegrityError
#     then: PendingRollbackError
#     after rollback: 0 messages
#   fails at COMMIT: IntegrityError
#     then: InvalidRequestError
#     This session is in 'prepared' state; no further SQL can be emitted
#     within this transaction.
#     after rollback: 0 messages
#
# Expected: PendingRollbackError in both cases.
# SQLAlchemy's documentation has it for a transaction that has failed
# and must be rolled back before the session goes on.
# There "prepare" is about two-phase commits alone.
#
# Why: a commit without two phases also sets the state "prepared" before
# it sends COMMIT. An error from COMMIT leaves the session there.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
import textwrap

from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.exc import PendingRollbackError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import Session
from sqlalchemy import ForeignKey


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)


class Message(Base):
    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", deferrable=True, initially="DEFERRED"))


engine = create_engine("sqlite://")


@event.listens_for(engine, "connect")
def check_foreign_keys(connection, record):
    connection.execute("PRAGMA foreign_keys = ON")


Base.metadata.create_all(engine)
count = text("SELECT count(*) FROM message")
for label, user_id in ("at once", None), ("at COMMIT", 99):
    session = Session(engine)
    session.add(Message(user_id=user_id))
    try:
        session.commit()
    except IntegrityError as error:
        print(f"fails {label}:", type(error).__name__)
    try:
        session.scalar(count)
    except InvalidRequestError as error:
        print("  then:", type(error).__name__)
        if not isinstance(error, PendingRollbackError):
            said = str(error).partition(" (")[0]
            print(textwrap.indent(textwrap.fill(said, 66), "  "))
    session.rollback()
    print("  after rollback:", session.scalar(count), "messages")
    session.close()
END

cat >"$work/expected" <<'END'
fails at once: IntegrityError
  then: PendingRollbackError
  after rollback: 0 messages
fails at COMMIT: IntegrityError
  then: InvalidRequestError
  This session is in 'prepared' state; no further SQL can be emitted
  within this transaction.
  after rollback: 0 messages
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

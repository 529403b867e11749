#!/bin/sh
# A default given as text() has NULL where it had a colon and a word.
#
# server_default=text("...") is for SQL that the database is to take as
# it stands. A room has options in JSON, open unless they say otherwise:
# text("""'{"open":true}'"""). The table is made without a complaint.
# Its default is '{"open"NULL}', which is no JSON. A room can be added,
# and SQLite stores that. Reading its options raises JSONDecodeError.
# PostgreSQL refuses the table, for a NULL that nobody wrote.
# With a space behind the colon, the default is right.
# A CHECK loses a word in the same way. It is another rule then.
# A statement with the same text raises an error instead.
#
# Seen on 2026-11-29 with SQLAlchemy 2.1.9 and typing_extensions 4.16.0
# on Python 3.11, 3.12 and 3.13 (and the same with SQLAlchemy 2.0.58):
#
#   table: options JSON DEFAULT '{"open"NULL}'
#   table: with_space JSON DEFAULT '{"open": true}'
#   table: string JSON DEFAULT '{"open":true}'
#   table: CHECK (topic NOT IN ('NULL', 'NULL'))
#   topic ":help": accepted
#   stored: {"open"NULL}
#   read: JSONDecodeError
#   statement: A value is required for bind parameter 'true'
#
# Expected: the default and the CHECK as written, or the error of the
# last line when the table is made.
# The documentation of SQLAlchemy (Column.server_default) says that a
# text() expression is rendered as-is. That of text() says that ":name"
# is a parameter, and that it needs a backslash to be none.
#
# Why: CREATE TABLE cannot have parameters, so SQLAlchemy puts values in
# their place. A parameter without a value is taken for NULL.
# No issue of SQLAlchemy about it was found.
#
# What helps: a string as default, which SQLAlchemy quotes itself, or a
# backslash before the colon.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
from json import JSONDecodeError

from sqlalchemy import CheckConstraint
from sqlalchemy import Column
from sqlalchemy import create_engine
from sqlalchemy import insert
from sqlalchemy import Integer
from sqlalchemy import JSON
from sqlalchemy import MetaData
from sqlalchemy import select
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import text
from sqlalchemy.exc import StatementError

room = Table(
    "room", MetaData(),
    Column("id", Integer, primary_key=True),
    Column("topic", String(40)),
    Column("options", JSON, server_default=text("""'{"open":true}'""")),
    Column("with_space", JSON, server_default=text("""'{"open": true}'""")),
    Column("string", JSON, server_default='{"open":true}'),
    CheckConstraint("topic NOT IN (':help', ':quit')"),
)
with create_engine("sqlite://").begin() as connection:
    room.create(connection)
    sql = connection.scalar(text("SELECT sql FROM sqlite_master"))
    for line in sql.splitlines():
        if "DEFAULT" in line or "CHECK" in line:
            print("table:", line.strip(" \t,"))
    connection.execute(insert(room), {"topic": ":help"})
    print('topic ":help": accepted')
    print("stored:", connection.scalar(text("SELECT options FROM room")))
    try:
        print("read:", connection.scalar(select(room.c.options)))
    except JSONDecodeError as error:
        print("read:", type(error).__name__)
    try:
        connection.execute(
            text("""UPDATE room SET options = '{"open":true}'"""))
    except StatementError as error:
        print("statement:", error.orig.args[0])
END

cat >"$work/expected" <<'END'
table: options JSON DEFAULT '{"open"NULL}'
table: with_space JSON DEFAULT '{"open": true}'
table: string JSON DEFAULT '{"open":true}'
table: CHECK (topic NOT IN ('NULL', 'NULL'))
topic ":help": accepted
stored: {"open"NULL}
read: JSONDecodeError
statement: A value is required for bind parameter 'true'
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

#!/bin/sh
# A migration that is printed as SQL doubles each percent sign.
#
# "flask db upgrade --sql" prints the SQL of a migration instead of
# running it, for somebody else to look at and to run with psql.
# A migration adds a room with the topic "100% Python".
# For PostgreSQL, Flask-Migrate prints "100%% Python". psql stores that.
# There is no error and no warning. A text in op.execute, a CHECK and a
# server_default get the second sign, too. For SQLite there is only one.
#
# Seen on 2026-11-29 with Flask-Migrate 4.1.0, Alembic 1.20.1,
# SQLAlchemy 2.1.9 and psycopg 3.3.9 on Python 3.11, 3.12 and 3.13:
#
#   postgresql
#     INSERT INTO room (id, topic) VALUES (1, '100%% Python');
#     UPDATE room SET topic = 'sold at 50%%' WHERE id = 2;
#   sqlite
#     INSERT INTO room (id, topic) VALUES (1, '100% Python');
#     UPDATE room SET topic = 'sold at 50%' WHERE id = 2;
#   postgresql, with dialect_opts in env.py
#     INSERT INTO room (id, topic) VALUES (1, '100% Python');
#     UPDATE room SET topic = 'sold at 50%' WHERE id = 2;
#
# Expected: one "%" everywhere.
# The documentation of Flask-Migrate says that "--sql" prints the
# statements that need to be executed.
#
# Why: for psycopg a "%" begins a parameter, so SQLAlchemy doubles it,
# and psycopg makes it one again. psql does not.
# Alembic's issue 562 (closed) has the same. Since Alembic 1.0.11 its own
# env.py asks for another style of parameters. "flask db init" copies an
# env.py that does not. No issue of Flask-Migrate about it was found.
#
# What helps: dialect_opts={"paramstyle": "named"} beside literal_binds
# in migrations/env.py.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cd "$work"
cat >app.py <<'END'
import os

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
Migrate(app, SQLAlchemy(app))
END

cat >first.py <<'END'
import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade():
    room = op.create_table(
        "room",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("topic", sa.String(40)),
    )
    op.bulk_insert(room, [{"id": 1, "topic": "100% Python"}])
    op.execute("UPDATE room SET topic = 'sold at 50%' WHERE id = 2")
END

cat >expected <<'END'
postgresql
  INSERT INTO room (id, topic) VALUES (1, '100%% Python');
  UPDATE room SET topic = 'sold at 50%%' WHERE id = 2;
sqlite
  INSERT INTO room (id, topic) VALUES (1, '100% Python');
  UPDATE room SET topic = 'sold at 50%' WHERE id = 2;
postgresql, with dialect_opts in env.py
  INSERT INTO room (id, topic) VALUES (1, '100% Python');
  UPDATE room SET topic = 'sold at 50%' WHERE id = 2;
END

python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    Flask-Migrate==4.1.0 alembic==1.20.1 Mako==1.4.3 \
    Flask-SQLAlchemy==3.1.1 SQLAlchemy==2.1.9 typing_extensions==4.16.0 \
    psycopg==3.3.9 psycopg-binary==3.3.9 \
    Flask==3.1.3 Werkzeug==3.1.9 blinker==1.9.0 click==8.5.1 \
    itsdangerous==2.2.0 Jinja2==3.1.6 MarkupSafe==3.0.4

# run "flask db" for the database of the first argument
migrate() {
    url=$1
    shift
    if ! DATABASE_URL=$url venv/bin/flask --app app db "$@" >output 2>log; then
        cat log >&2
        exit 1
    fi
}

show() {
    migrate "$1" upgrade --sql
    sed -n -e 's/^INSERT INTO room/  &/p' -e 's/^UPDATE room/  &/p' output
}

# nothing connects to it
postgresql="postgresql+psycopg://127.0.0.1/chat"
migrate "$postgresql" init
cp first.py migrations/versions/first.py

{
    echo postgresql
    show "$postgresql"
    echo sqlite
    show sqlite://
    sed 's/literal_binds=True/&, dialect_opts={"paramstyle": "named"}/' \
        migrations/env.py >env.py
    mv env.py migrations/env.py
    echo "postgresql, with dialect_opts in env.py"
    show "$postgresql"
} >seen

cat seen
if ! cmp -s expected seen; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi

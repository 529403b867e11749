#!/bin/sh
# One question in two spellings asks two databases.
#
# Flask-SQLAlchemy knows two databases: the default one and "archive".
# Each has a table "message". A model with __bind_key__ = "archive"
# belongs to the second. Only the archive holds a message, number 7.
# Is there a message 7 in the archive?
# select(select(...).exists()) says yes.
# select(exists().where(...)) says no: it asks the default database.
# There is no error, because a table of that name is there too.
# A select of the model's table goes to the wrong one as well.
#
# Seen on 2026-11-28 with Flask-SQLAlchemy 3.1.1, SQLAlchemy 2.1.9 and
# Flask 3.1.3 on Python 3.11, 3.12 and 3.13:
#
#   get: True
#   select of exists of select: True
#   select of exists of where: False
#   table: []
#   select of exists of where, plain SQLAlchemy: True
#   table, plain SQLAlchemy: [7]
#
# Expected: True and 7 in every line.
# The documentation of Flask-SQLAlchemy (Session.get_bind) says that the
# bind key of the model or table in the query chooses the engine.
# The session of plain SQLAlchemy finds the right one, too: it has the
# same default engine, and "binds" with the two models.
#
# Flask-SQLAlchemy's issues 1210 (insert) and 1231 (union), both closed,
# are about other statements, with an error and not a wrong answer.
#
# What helps: bind_arguments={"mapper": Model} in session.execute.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'EOF'
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import exists
from sqlalchemy import select
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import Session

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
app.config["SQLALCHEMY_BINDS"] = {"archive": "sqlite://"}
db = SQLAlchemy(app)


class New(db.Model):
    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)


class Old(db.Model):
    __tablename__ = "message"
    __bind_key__ = "archive"
    id: Mapped[int] = mapped_column(primary_key=True)


with app.app_context():
    db.create_all()
    db.session.add(Old(id=7))
    db.session.commit()
    ids = select(Old.id).where(Old.id == 7)
    asked = select(exists().where(Old.id == 7))
    table = select(Old.__table__)
    print("get:", db.session.get(Old, 7) is not None)
    print("select of exists of select:",
          db.session.scalar(select(ids.exists())))
    print("select of exists of where:", db.session.scalar(asked))
    print("table:", db.session.scalars(table).all())
    binds = {New: db.engine, Old: db.engines["archive"]}
    with Session(db.engine, binds=binds) as plain:
        print("select of exists of where, plain SQLAlchemy:",
              plain.scalar(asked))
        print("table, plain SQLAlchemy:", plain.scalars(table).all())
EOF

cat >"$work/expected" <<'EOF'
get: True
select of exists of select: True
select of exists of where: False
table: []
select of exists of where, plain SQLAlchemy: True
table, plain SQLAlchemy: [7]
EOF

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    Flask-SQLAlchemy==3.1.1 SQLAlchemy==2.1.9 typing_extensions==4.16.0 \
    Flask==3.1.3 Werkzeug==3.1.9 blinker==1.9.0 click==8.5.1 \
    itsdangerous==2.2.0 Jinja2==3.1.6 MarkupSafe==3.0.4
"$work/venv/bin/python" "$work/try.py" >"$work/seen"

cat "$work/seen"
if ! cmp -s "$work/expected" "$work/seen"; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi

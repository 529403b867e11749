#!/bin/sh
# After a migration of another column, a taken nickname is free again.
#
# A nickname is unique in lower and upper case: the column has the
# collation NOCASE. Where "Ann" is taken, "ann" is refused.
# A migration makes the column "text" NOT NULL.
# For SQLite, Alembic's batch mode makes the table anew and copies it.
# The new table has no COLLATE NOCASE. "ann" can be added, and a search
# for "ann" does not find "Ann".
# There is no warning, though Alembic warns about a CHECK without a name
# that it leaves out. A comparison with the models finds no difference.
#
# Seen on 2026-11-28 with Alembic 1.20.1 and SQLAlchemy 2.1.9 on
# Python 3.11, 3.12 and 3.13:
#
#   before: nickname VARCHAR(32) COLLATE "NOCASE" NOT NULL
#     ann beside Ann: refused
#   after: nickname VARCHAR(32) NOT NULL
#     ann beside Ann: accepted
#     warnings 0, differences from the model 0
#   after, with reflect_args: nickname VARCHAR(32) COLLATE "NOCASE" NOT NULL
#     ann beside Ann: refused
#     warnings 0, differences from the model 0
#
# Expected: a column that the migration does not name stays as it was.
# The documentation of Alembic ("Running Batch Migrations") says that
# the new table has the structure of the old one and the changes of the
# migration. It tells which constraints can get lost, but speaks of no
# collation.
#
# Known: batch mode learns the old table from SQLAlchemy's reflection.
# SQLAlchemy's issue 6511 asks for collations there. PostgreSQL and MySQL
# have them now. Issue 13447 (closed) has dropped the other databases.
#
# What helps: the column in reflect_args, or the table in copy_from.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
import warnings

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column
from sqlalchemy import create_engine
from sqlalchemy import insert
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError


def nickname(**options):
    return Column("nickname", String(32, collation="NOCASE"), nullable=False,
                  **options)


def make_user(nullable):
    return Table("user", MetaData(),
                 Column("id", Integer, primary_key=True),
                 nickname(unique=True),
                 Column("text", String(64), nullable=nullable))


def show(connection, label):
    sql = connection.scalar(text("SELECT sql FROM sqlite_master"))
    line = next(line for line in sql.splitlines() if "nickname" in line)
    print(f"{label}:", line.strip(" \t,"))
    try:
        with connection.begin_nested():
            connection.execute(insert(new), {"nickname": "ann", "text": ""})
            print("  ann beside Ann: accepted")
    except IntegrityError:
        print("  ann beside Ann: refused")


old, new = make_user(nullable=True), make_user(nullable=False)
for label, options in (("after", {}),
                       ("after, with reflect_args",
                        {"reflect_args": [nickname()]})):
    with create_engine("sqlite://").begin() as connection:
        old.create(connection)
        connection.execute(insert(old), {"nickname": "Ann", "text": ""})
        if not options:
            show(connection, "before")
        context = MigrationContext.configure(connection)
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            with Operations(context).batch_alter_table("user", **options) as batch:
                batch.alter_column("text", nullable=False)
        show(connection, label)
        differences = compare_metadata(context, new.metadata)
        print(f"  warnings {len(seen)},",
              f"differences from the model {len(differences)}")
END

cat >"$work/expected" <<'END'
before: nickname VARCHAR(32) COLLATE "NOCASE" NOT NULL
  ann beside Ann: refused
after: nickname VARCHAR(32) NOT NULL
  ann beside Ann: accepted
  warnings 0, differences from the model 0
after, with reflect_args: nickname VARCHAR(32) COLLATE "NOCASE" NOT NULL
  ann beside Ann: refused
  warnings 0, differences from the model 0
END

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    alembic==1.20.1 SQLAlchemy==2.1.9 typing_extensions==4.16.0 \
    Mako==1.4.3 MarkupSafe==3.0.4
"$work/venv/bin/python" "$work/try.py" >"$work/seen"

cat "$work/seen"
if ! cmp -s "$work/expected" "$work/seen"; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi

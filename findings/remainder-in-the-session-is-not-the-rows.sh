#!/bin/sh
# After an UPDATE with "%", the object and its row hold different numbers.
#
# A user has one of five colours, 0 to 4, and goes back by one:
# update(User).values(colour=(User.colour - 1) % 5).
# From 0, SQL makes -1: a remainder has the sign of the left number.
# Python makes 4: there it has the sign of the right number.
# SQLAlchemy sends the SQL, and puts Python's number into the object.
# The page that is made now shows 4. After the commit it is -1.
# The strategy "fetch" does not help. It finds the objects by RETURNING,
# but the new value still comes from Python.
#
# Seen on 2026-11-28 with SQLAlchemy 2.1.9 and typing_extensions 4.16.0
# on Python 3.11, 3.12 and 3.13 (and the same with SQLAlchemy 2.0.58):
#
#   %: row -1, object 4, after the commit -1
#   % with fetch: row -1, object 4, after the commit -1
#   op("%"): row -1, object -1, after the commit -1
#
# Expected: the object has what its row has, as in the last line.
# The documentation of SQLAlchemy ("Selecting a Synchronization
# Strategy") says that updated attributes get the new value, or are
# expired, so that they are read again.
#
# Why: SQLAlchemy works "%" out with Python's operator. What it cannot
# work out, like op("%"), it expires.
#
# What helps: op("%"), session.refresh, or (User.colour + 4) % 5, which
# keeps the left number from being negative.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
from sqlalchemy import create_engine
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import Session


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    colour: Mapped[int]


back = User.colour - 1
fetch = {"synchronize_session": "fetch"}
for label, value, options in (("%", back % 5, {}),
                              ("% with fetch", back % 5, fetch),
                              ('op("%")', back.op("%")(5), {})):
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        user = User(id=1, colour=0)
        session.add(user)
        session.flush()
        session.execute(update(User).values(colour=value),
                        execution_options=options)
        row = session.scalar(select(User.colour))
        print(f"{label}: row {row}, object {user.colour},", end=" ")
        session.commit()
        print("after the commit", user.colour)
END

cat >"$work/expected" <<'END'
%: row -1, object 4, after the commit -1
% with fetch: row -1, object 4, after the commit -1
op("%"): row -1, object -1, after the commit -1
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

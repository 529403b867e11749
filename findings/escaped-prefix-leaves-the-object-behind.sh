#!/bin/sh
# An UPDATE changes the row, and the object in the session stays as it was.
#
# startswith("bot_", autoescape=True) is for text that begins with just
# that. Without autoescape, "_" stands for any sign.
# An UPDATE or a DELETE with it finds the right rows.
# But the session does not find the objects of these rows.
# The updated object keeps its old value until it is expired.
# The deleted object is still in the session, and get() finds it.
# A change of it ends with StaleDataError at the next flush.
# endswith() with autoescape does the same.
#
# Seen on 2026-11-28 with SQLAlchemy 2.1.9 and typing_extensions 4.16.0
# on Python 3.11, 3.12 and 3.13 (and the same with SQLAlchemy 2.0.58):
#
#   update: row "away", object "here"
#   delete: 0 rows, object in the session True
#     then a change of the object: StaleDataError
#   update with fetch: row "away", object "away"
#   delete with fetch: 0 rows, object in the session False
#
# Expected: the first lines like the last two.
# The documentation of SQLAlchemy ("Selecting a Synchronization
# Strategy") says that "auto" is the default, and that this is "fetch"
# where the database has RETURNING. SQLite has it.
#
# Why: "auto" tries "evaluate" first, which looks for the objects in
# Python. There the text is compared with "bot/_", the escaped pattern.
#
# What helps: execution_options={"synchronize_session": "fetch"}.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
from sqlalchemy import create_engine
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    nickname: Mapped[str]
    state: Mapped[str]


engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
bots = User.nickname.startswith("bot_", autoescape=True)
count = select(func.count()).select_from(User)
for label, options in ("", {}), (" with fetch", {"synchronize_session": "fetch"}):
    with Session(engine) as session:
        user = User(id=1, nickname="bot_news", state="here")
        session.add(user)
        session.flush()
        session.execute(update(User).where(bots).values(state="away"),
                        execution_options=options)
        row = session.scalar(select(User.state))
        print(f'update{label}: row "{row}", object "{user.state}"')
    with Session(engine) as session:
        user = User(id=1, nickname="bot_news", state="here")
        session.add(user)
        session.flush()
        session.execute(delete(User).where(bots), execution_options=options)
        print(f"delete{label}: {session.scalar(count)} rows,",
              "object in the session", session.get(User, 1) is user)
        if user in session:
            user.state = "away"
            try:
                session.flush()
            except StaleDataError as error:
                print("  then a change of the object:", type(error).__name__)
END

cat >"$work/expected" <<'END'
update: row "away", object "here"
delete: 0 rows, object in the session True
  then a change of the object: StaleDataError
update with fetch: row "away", object "away"
delete with fetch: 0 rows, object in the session False
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

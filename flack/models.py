"""The models: users and messages."""
import secrets

from flask import current_app
from werkzeug.security import check_password_hash
from werkzeug.security import generate_password_hash

from . import db
from .utils import render
from .utils import text_field
from .utils import timestamp
from .utils import url_for
from .utils import ValidationError

# a user is online who was seen within so many seconds
ONLINE_SECONDS = 60
# a poll a second must not be a write a second
SEEN_SECONDS = 5
# SQLite numbers new rows by INTEGER alone, which has 64 bits there
BigInteger = db.BigInteger().with_variant(db.Integer, "sqlite")


class User(db.Model):
    """A person with a nickname, a password and, once signed in, a token."""

    __tablename__ = "users"

    id: db.Mapped[int] = db.mapped_column(BigInteger, primary_key=True)
    created_at: db.Mapped[int] = db.mapped_column(BigInteger)
    updated_at: db.Mapped[int] = db.mapped_column(BigInteger, index=True)
    # 0 until the first authenticated request
    last_seen_at: db.Mapped[int] = db.mapped_column(BigInteger, default=0, index=True)
    nickname: db.Mapped[str] = db.mapped_column(db.String(32), unique=True)
    password_hash: db.Mapped[str] = db.mapped_column(db.String(256))
    token: db.Mapped[str | None] = db.mapped_column(db.String(64), unique=True)

    @classmethod
    def create(cls, data):
        """Add a user with a client's nickname and password. Raise ValidationError."""
        user = cls(created_at=timestamp())
        user.update({"nickname": None, "password": None, **data})
        return user

    @classmethod
    def authenticate(cls, nickname, password):
        """Return the user with that nickname and password, None without one."""
        user = db.session.scalar(db.select(cls).filter_by(nickname=nickname))
        if user is None:
            # take as long as with a user, or the time tells which nicknames there are
            hash_password(password)
            return None
        return user if check_password_hash(user.password_hash, password) else None

    @classmethod
    def find_by_token(cls, token):
        """Return the user with that token, None without one."""
        return db.session.scalar(USER_BY_TOKEN, {"token": token})

    @classmethod
    def changed_since(cls, since, online=None):
        """Return rows, for to_dict, of the users who changed later than a time."""
        users = USERS_SINCE
        if online is not None:
            seen = is_online(User.last_seen_at)
            users = users.where(seen if online else ~seen)
        return db.session.execute(users, {"since": since})

    def update(self, data):
        """Change nickname, password or both. Raise ValidationError and change nothing."""
        nickname = text_field(data, "nickname", 32) if "nickname" in data else self.nickname
        # basic authentication ends the nickname at a colon
        if ":" in nickname or not nickname.isprintable():
            raise ValidationError("nickname holds a colon or what does not print.")
        if "password" in data:
            self.password_hash = hash_password(text_field(data, "password", 128))
            self.token = None
        self.nickname = nickname
        self.updated_at = timestamp()
        db.session.add(self)
        try:
            db.session.flush()
        except db.exc.IntegrityError:
            db.session.rollback()
            raise ValidationError("nickname is taken.") from None

    def get_token(self):
        """Return the token, a new one when there is none."""
        # of several requests at the same moment the first makes the token of all
        new_token = db.update(User).where(User.id == self.id, User.token.is_(None))
        db.session.execute(new_token.values(token=secrets.token_hex(32)))
        db.session.refresh(self)
        return self.token

    def see(self):
        """Note that the user is there."""
        if self.last_seen_at <= timestamp() - SEEN_SECONDS:
            self.last_seen_at = timestamp()
            db.session.commit()

    def to_dict(self):
        """Return what clients see of the user."""
        return {
            "id": self.id,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "last_seen_at": self.last_seen_at,
            "nickname": self.nickname,
            "online": is_online(self.last_seen_at),
            "_links": {
                "self": url_for("api.get_user", id=self.id),
                "messages": url_for("api.get_messages", user_id=self.id),
                "tokens": url_for("api.new_token"),
            },
        }


class Message(db.Model):
    """What a user wrote, in Markdown and as HTML."""

    __tablename__ = "messages"
    __table_args__ = (db.Index("ix_messages_user_id_updated_at", "user_id", "updated_at"),)

    id: db.Mapped[int] = db.mapped_column(BigInteger, primary_key=True)
    created_at: db.Mapped[int] = db.mapped_column(BigInteger)
    updated_at: db.Mapped[int] = db.mapped_column(BigInteger, index=True)
    source: db.Mapped[str]
    html: db.Mapped[str]
    user_id: db.Mapped[int] = db.mapped_column(BigInteger, db.ForeignKey("users.id"))

    @classmethod
    def create(cls, data, user):
        """Add a message with a client's source. Raise ValidationError."""
        message = cls(user_id=user.id)
        message.update(data)
        message.created_at = message.updated_at
        return message

    @classmethod
    def changed_since(cls, since, user_id=None):
        """Return rows, for to_dict, of all messages, or a user's, that are later than a time."""
        messages = MESSAGES_SINCE
        if user_id is not None:
            messages = messages.where(Message.user_id == user_id)
        return db.session.execute(messages, {"since": since})

    def update(self, data):
        """Take a client's source, after a commit. Raise ValidationError and change nothing."""
        source = text_field(data, "source", 10_000)
        # previews take their time: the connection goes back to its pool meanwhile
        db.session.commit()
        self.html = render(source)
        self.source = source
        self.updated_at = timestamp()
        db.session.add(self)

    def to_dict(self):
        """Return what clients see of the message."""
        return {
            "id": self.id,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "source": self.source,
            "html": self.html,
            "user_id": self.user_id,
            "_links": {
                "self": url_for("api.get_message", id=self.id),
                "user": url_for("api.get_user", id=self.user_id),
            },
        }


# polls run these every second, and to build a statement takes as long as to run it; the lists
# select columns, since objects would take twice as long
USER_BY_TOKEN = db.select(User).where(User.token == db.bindparam("token"))
USERS_SINCE = (
    db.select(*User.__table__.columns)
    .where(User.updated_at > db.bindparam("since"))
    .order_by(User.updated_at, User.nickname)
)
MESSAGES_SINCE = (
    db.select(*Message.__table__.columns)
    .where(Message.updated_at > db.bindparam("since"))
    .order_by(Message.updated_at, Message.id)
)


def is_online(last_seen_at):
    """Whether who was seen then is online; for a column it is the condition in SQL."""
    return last_seen_at > timestamp() - ONLINE_SECONDS


def hash_password(password):
    """Return the hash that is kept of a password."""
    return generate_password_hash(password, method=current_app.config["PASSWORD_HASH"])

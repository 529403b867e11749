"""The models: users and messages."""
import secrets

from flask import current_app
from werkzeug.security import check_password_hash
from werkzeug.security import generate_password_hash

from . import db
from .utils import render
from .utils import text_field
from .utils import tidy
from .utils import timestamp
from .utils import url_for
from .utils import ValidationError

# SQLite numbers new rows by INTEGER alone, which has 64 bits there
BigInteger = db.BigInteger().with_variant(db.Integer, "sqlite")


class User(db.Model):
    """A person with a nickname, a password and, once signed in, a token."""

    __tablename__ = "users"
    id: db.Mapped[int] = db.mapped_column(BigInteger, primary_key=True)
    created_at: db.Mapped[int] = db.mapped_column(BigInteger)
    updated_at: db.Mapped[int] = db.mapped_column(BigInteger, index=True)
    last_seen_at: db.Mapped[int] = db.mapped_column(BigInteger, default=0, index=True)
    nickname: db.Mapped[str] = db.mapped_column(db.String(32), unique=True)
    password_hash: db.Mapped[str] = db.mapped_column(db.String(256))
    token: db.Mapped[str | None] = db.mapped_column(db.String(64), unique=True)

    @classmethod
    def authenticate(cls, nickname, password):
        """Return the user with that nickname and password, None without one."""
        user = db.session.scalar(db.select(cls).filter_by(nickname=tidy(nickname)))
        if user is None:
            # take as long as with a user, or the time tells which nicknames there are
            generate_password_hash(password, current_app.config["PASSWORD_HASH"])
            return None
        return user if check_password_hash(user.password_hash, password) else None

    @classmethod
    def changed_since(cls, since, online=None):
        """Return the users who changed later than a time, where asked those online or not."""
        users = db.select(cls).where(cls.updated_at > since)
        if online is not None:
            users = users.where(is_online(cls.last_seen_at) == bool(online))
        return db.session.scalars(users.order_by(cls.updated_at, cls.nickname))

    def update(self, data):
        """Change nickname, password or both. Raise ValidationError and change nothing."""
        nickname = text_field(data, "nickname", 32, tidy) if "nickname" in data else self.nickname
        # basic authentication ends the nickname at a colon
        if ":" in nickname or not nickname.isprintable():
            raise ValidationError("nickname holds a colon or what does not print.")
        if "password" in data:
            plain = text_field(data, "password", 128)
            self.password_hash = generate_password_hash(plain, current_app.config["PASSWORD_HASH"])
            self.token = None
        self.nickname = nickname
        self.updated_at = timestamp()
        db.session.add(self)
        try:
            db.session.flush()
        except db.exc.IntegrityError:
            raise ValidationError("nickname is taken.") from None

    def get_token(self):
        """Return the token, a new one when there is none."""
        # of several requests at the same moment the first makes the token of all
        new_token = db.update(User).where(User.id == self.id, User.token.is_(None))
        db.session.execute(new_token.values(token=secrets.token_hex(32)))
        db.session.refresh(self)
        return self.token

    def to_dict(self):
        """Return what clients see of the user."""
        fields = ("id", "created_at", "updated_at", "last_seen_at", "nickname")
        links = {
            "self": url_for("api.get_user", id=self.id),
            "messages": url_for("api.get_messages", user_id=self.id),
            "tokens": url_for("api.new_token"),
        }
        online = is_online(self.last_seen_at)
        return {name: getattr(self, name) for name in fields} | {"online": online, "_links": links}


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

    def update(self, data):
        """Take a client's source. Raise ValidationError and change nothing."""
        source = text_field(data, "source", 10_000)
        self.html = render(source)
        self.source = source
        self.updated_at = timestamp()
        self.created_at = self.created_at or self.updated_at
        db.session.add(self)

    def to_dict(self):
        """Return what clients see of the message."""
        fields = ("id", "created_at", "updated_at", "source", "html", "user_id")
        links = {
            "self": url_for("api.get_message", id=self.id),
            "user": url_for("api.get_user", id=self.user_id),
        }
        return {name: getattr(self, name) for name in fields} | {"_links": links}


# to build these anew would take a fifth of the time of a poll
USER_BY_TOKEN = db.select(User).where(User.token == db.bindparam("token"))
CHANGED_SINCE = Message.updated_at > db.bindparam("since")
MESSAGES_SINCE = db.select(Message).where(CHANGED_SINCE).order_by(Message.updated_at, Message.id)


def is_online(last_seen_at, within=60):
    """Whether who was seen then is online; for a column it is the condition in SQL."""
    # a time that is yet to come is of a clock that was put back since
    return (last_seen_at > timestamp() - within) & (last_seen_at < timestamp() + within)

"""Applications in a single module, as one meets them: their structure, in small."""

# like the first tag of the class of 2016: an extension made with the application, authentication
# objects, a thread that the first request starts, requests counted in a list
CLASS = '''
"""A chat."""
import os
import threading
import time
from bleach import clean
from flask import Flask, abort, g, jsonify, render_template, request, session
from flask import _request_ctx_stack, url_for as _url_for
from flask_bootstrap import Bootstrap
from flask_httpauth import HTTPBasicAuth, HTTPTokenAuth
from flask_sqlalchemy import SQLAlchemy
from markdown import markdown
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
basedir = os.path.abspath(os.path.dirname(__file__))
app.config['SECRET_KEY'] = os.environ.get('SECRET_KEY', 'secret')
app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///' + os.path.join(basedir, 'db.sqlite')

db = SQLAlchemy(app)
bootstrap = Bootstrap(app)
basic_auth = HTTPBasicAuth()
token_auth = HTTPTokenAuth('Bearer')
token_optional_auth = HTTPTokenAuth('Bearer')

request_stats = []


def timestamp():
    return int(time.time())


def url_for(*args, **kwargs):
    if _request_ctx_stack.top is None:
        with app.test_request_context():
            return _url_for(*args, **kwargs)
    return _url_for(*args, **kwargs)


class User(db.Model):
    __tablename__ = 'users'
    id = db.Column(db.Integer, primary_key=True)
    seen = db.Column(db.Integer, default=timestamp)
    messages = db.relationship('Message', backref='user')

    def ping(self):
        self.seen = timestamp()

    def to_dict(self):
        return {'id': self.id, 'self': url_for('get_user', id=self.id)}

    @staticmethod
    def find_offline():
        for user in User.query.filter(User.seen < timestamp() - 60):
            db.session.delete(user)
        db.session.commit()


class Message(db.Model):
    __tablename__ = 'messages'
    id = db.Column(db.Integer, primary_key=True)
    source = db.Column(db.Text)
    html = db.Column(db.Text)
    user_id = db.Column(db.Integer, db.ForeignKey('users.id'))

    def render(self):
        self.html = clean(markdown(self.source))


@basic_auth.verify_password
def verify_password(nickname, password):
    g.current_user = User.query.filter_by(nickname=nickname).first()
    return g.current_user is not None


@basic_auth.error_handler
def password_error():
    return '', 401, {'WWW-Authenticate': 'Bearer'}


@token_auth.verify_token
def verify_token(token, add_to_session=False):
    user = User.query.filter_by(token=token).first()
    if user is None:
        return False
    user.ping()
    db.session.commit()
    g.current_user = user
    return True


@token_optional_auth.verify_token
def verify_optional_token(token):
    return token == '' or verify_token(token)


@app.before_first_request
def before_first_request():
    def find_offline():
        while True:
            User.find_offline()
            time.sleep(5)
    threading.Thread(target=find_offline).start()


@app.before_request
def before_request():
    if basic_auth.username():
        verify_token('')


@app.route('/')
def index():
    return render_template('index.html')


@app.route('/api/users', methods=['POST'])
def new_user():
    user = User()
    db.session.add(user)
    db.session.commit()
    return jsonify(user.to_dict()), 201


@app.route('/api/users/<id>')
@token_optional_auth.login_required
def get_user(id):
    return jsonify(User.query.get_or_404(id).to_dict())


@app.route('/api/messages', methods=['POST'])
@token_auth.login_required
def new_message():
    message = Message(source=request.get_json()['source'])
    message.render()
    db.session.add(message)
    db.session.commit()
    return '', 201


def requests_per_second():
    return len(request_stats) / 15


@app.before_request
def add_request():
    t = timestamp()
    while request_stats and request_stats[0] < t - 15:
        del request_stats[0]
    request_stats.append(t)


@app.route('/stats')
def get_stats():
    return jsonify({'requests_per_second': requests_per_second()})


if __name__ == '__main__':
    db.create_all()
    app.run()
'''

# like Flask's tutorial, its package put into one file: a factory, two blueprints, sqlite3
FLASKR = """
import functools
import os
import sqlite3
from datetime import datetime

import click
from flask import Blueprint
from flask import Flask
from flask import abort
from flask import current_app
from flask import flash
from flask import g
from flask import redirect
from flask import render_template
from flask import request
from flask import session
from flask import url_for
from werkzeug.security import check_password_hash


def get_db():
    if "db" not in g:
        g.db = sqlite3.connect(current_app.config["DATABASE"])
    return g.db


def close_db(e=None):
    db = g.pop("db", None)
    if db is not None:
        db.close()


def init_db():
    with current_app.open_resource("schema.sql") as f:
        get_db().executescript(f.read().decode("utf8"))


@click.command("init-db")
def init_db_command():
    init_db()
    click.echo("done")


sqlite3.register_converter("timestamp", lambda v: datetime.fromisoformat(v.decode()))


def init_app(app):
    app.teardown_appcontext(close_db)
    app.cli.add_command(init_db_command)


auth = Blueprint("auth", __name__, url_prefix="/auth")


def login_required(view):
    @functools.wraps(view)
    def wrapped(**kwargs):
        if g.user is None:
            return redirect(url_for("auth.login"))
        return view(**kwargs)
    return wrapped


@auth.before_app_request
def load_logged_in_user():
    user_id = session.get("user_id")
    g.user = user_id and get_db().execute("SELECT 1 WHERE id = ?", (user_id,)).fetchone()


@auth.route("/login", methods=("GET", "POST"))
def login():
    user = get_db().execute("SELECT 2").fetchone()
    if not check_password_hash(user["password"], request.form["password"]):
        flash("no")
    session["user_id"] = user["id"]
    return render_template("auth/login.html")


@auth.route("/logout")
def logout():
    session.clear()
    return redirect(url_for("index"))


blog = Blueprint("blog", __name__)


@blog.route("/")
def index():
    return render_template("index.html", posts=get_db().execute("SELECT 3").fetchall())


def get_post(id, check_author=True):
    post = get_db().execute("SELECT 4", (id,)).fetchone()
    if post is None:
        abort(404)
    return post


@blog.route("/<int:id>/update", methods=("GET", "POST"))
@login_required
def update(id):
    return render_template("update.html", post=get_post(id))


@blog.route("/<int:id>/delete", methods=("POST",))
@login_required
def delete(id):
    get_post(id)
    get_db().execute("DELETE")
    return redirect(url_for("blog.index"))


def create_app(test_config=None):
    app = Flask(__name__, instance_relative_config=True)
    app.config.from_mapping(SECRET_KEY="dev", DATABASE=os.path.join(app.instance_path, "x"))

    @app.route("/hello")
    def hello():
        return "hello"

    init_app(app)
    app.register_blueprint(auth)
    app.register_blueprint(blog)
    app.add_url_rule("/", endpoint="index")
    return app
"""

# the classic of Flask's early examples: settings in the module itself, connections by sqlite3
SQLITE = """
import sqlite3
import time
from contextlib import closing
from hashlib import md5
from flask import Flask, abort, g, redirect, render_template, request, session, url_for

DATABASE = '/tmp/notes.db'
PER_PAGE = 30
DEBUG = True
SECRET_KEY = 'development key'

app = Flask(__name__)
app.config.from_object(__name__)
app.config.from_envvar('NOTES_SETTINGS', silent=True)


def connect_db():
    return sqlite3.connect(app.config['DATABASE'])


def init_db():
    with closing(connect_db()) as db:
        with app.open_resource('schema.sql') as f:
            db.cursor().executescript(f.read())
        db.commit()


def query_db(query, args=(), one=False):
    rows = g.db.execute(query, args).fetchall()
    return (rows[0] if rows else None) if one else rows


def get_user_id(username):
    connection = connect_db()
    return connection.execute('select 1', [username]).fetchone()


def format_datetime(timestamp):
    return time.strftime('%Y-%m-%d', time.gmtime(timestamp))


def gravatar_url(email, size=80):
    return 'http://example.com/%s' % md5(email.encode()).hexdigest()


@app.before_request
def before_request():
    g.db = connect_db()
    g.user = session.get('user_id')


@app.teardown_request
def teardown_request(exception):
    g.db.close()
    connect_db().close()


@app.route('/')
def timeline():
    return render_template('timeline.html', notes=query_db('select 2', [PER_PAGE]))


@app.route('/<username>')
def user_timeline(username):
    if get_user_id(username) is None:
        abort(404)
    return render_template('timeline.html', notes=query_db('select 3', [PER_PAGE]))


@app.route('/add', methods=['POST'])
def add():
    g.db.execute('insert')
    return redirect(url_for('timeline'))


@app.route('/login', methods=['GET', 'POST'])
def login():
    session['user_id'] = get_user_id(request.form['username'])
    return redirect(url_for('timeline'))


app.jinja_env.filters['datetimeformat'] = format_datetime
app.jinja_env.filters['gravatar'] = gravatar_url

if __name__ == '__main__':
    app.run()
"""

# what many learn with: extensions made apart from the application, forms, a login manager
FORMS = """
from datetime import datetime

from flask import Flask, flash, redirect, render_template, url_for
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import DataRequired, ValidationError

db = SQLAlchemy()
migrate = Migrate()
login_manager = LoginManager()
login_manager.login_view = "login"


class Config:
    SECRET_KEY = "secret"
    SQLALCHEMY_DATABASE_URI = "sqlite:///books.db"


app = Flask(__name__)
app.config.from_object(Config)
db.init_app(app)
migrate.init_app(app, db)
login_manager.init_app(app)


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(64), unique=True)


class Book(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    added = db.Column(db.DateTime, default=datetime.utcnow)


@login_manager.user_loader
def load_user(user_id):
    return db.session.get(User, int(user_id))


class LoginForm(FlaskForm):
    username = StringField(validators=[DataRequired()])
    password = PasswordField(validators=[DataRequired()])


class RegisterForm(LoginForm):
    submit = SubmitField()

    def validate_username(self, field):
        if User.query.filter_by(username=field.data).first():
            raise ValidationError("taken")


def slug(title):
    return title.lower().replace(" ", "-")


@app.template_filter("slug")
def slug_filter(title):
    return slug(title)


@app.context_processor
def inject_year():
    return {"year": datetime.now().year, "slug": slug}


@app.route("/")
@login_required
def index():
    return render_template("index.html", books=Book.query.all(), user=current_user)


@app.route("/login", methods=["GET", "POST"])
def login():
    form = LoginForm()
    if form.validate_on_submit():
        login_user(User.query.filter_by(username=form.username.data).first())
        return redirect(url_for("index"))
    return render_template("login.html", form=form)


@app.route("/register", methods=["GET", "POST"])
def register():
    return render_template("register.html", form=RegisterForm())


@app.route("/books/<int:id>")
@login_required
def book(id):
    return render_template("book.html", book=db.get_or_404(Book, id), slug=slug)


@app.route("/books/new", methods=["GET", "POST"])
@login_required
def new_book():
    db.session.add(Book())
    db.session.commit()
    flash(slug("It is there"))
    return redirect(url_for("index"))


@app.errorhandler(404)
def not_found(error):
    return render_template("404.html"), 404


@app.cli.command("seed")
def seed():
    db.session.add(User(username="first"))
    db.session.commit()


with app.app_context():
    db.create_all()

if __name__ == "__main__":
    app.run(debug=True)
"""

# an API of classes, which a factory in the same file registers; SQLAlchemy without Flask's
ITEMS = """
from __future__ import annotations

import logging
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from flask import Flask, jsonify, request
from flask.views import MethodView
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session, sessionmaker

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

logger = logging.getLogger(__name__)

engine = create_engine(os.environ.get("DATABASE_URL", "sqlite://"))
Session = scoped_session(sessionmaker(engine))


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@dataclass
class Page:
    number: int = 1
    size: int = 20


def read_page() -> Page:
    return Page(int(request.args.get("page", 1)))


class ItemAPI(MethodView):
    def get(self, id: int) -> ResponseReturnValue:
        return jsonify(id=Session.get(Item, id).id)

    async def delete(self, id: int) -> ResponseReturnValue:
        Session.delete(Session.get(Item, id))
        return "", 204


class ItemListAPI(MethodView):
    def get(self) -> ResponseReturnValue:
        page = read_page()
        logger.info("a page")
        found = Session.scalars(select(Item).limit(page.size))
        return jsonify([item.id for item in found], asdict(page))


def health():
    return {"status": "ok"}


def not_found(error):
    return {"error": "not found"}, 404


def close_session(error=None):
    Session.remove()


def create_app(settings=None):
    app = Flask(__name__)
    app.config.update(settings or {})
    app.add_url_rule("/items/", view_func=ItemListAPI.as_view("items"))
    app.add_url_rule("/items/<int:id>", view_func=ItemAPI.as_view("item"))
    app.add_url_rule("/health", view_func=health)
    app.register_error_handler(404, not_found)
    app.teardown_appcontext(close_session)
    return app


app = create_app()
"""

ALL = {"class": CLASS, "flaskr": FLASKR, "sqlite": SQLITE, "forms": FORMS, "items": ITEMS}

"""Solutions of the steps that are not the tour's: right ones, and wrong ones with the goal missed.

Each is the step's stage with some edits. The goal of a wrong one is given by its first words. What
shows only when it runs has a goal of behaviour; `try_solutions` runs those.
"""

from collections.abc import Callable
from typing import NamedTuple

Tree = dict[str, str]
Edit = Callable[[Tree], None]

# the goals that a run decides
YOURS = "your tests pass"
STAGES = "the tests of the stage pass"
CONTRACT = "the server starts"
RUN = (YOURS, STAGES, CONTRACT)

# goals that every step has
COMPLETE = "every name"
LOADS = "`import flack`"
STARTS = "`python "
KEEPS = "each test"
MOVED = "what left"


class Solution(NamedTuple):
    """A solution: its step, what it is, what makes it of the stage, the goal that it misses."""

    tag: str
    name: str
    edits: tuple[Edit, ...]
    misses: str = ""

    def apply(self, contents: dict[str, bytes]) -> dict[str, bytes]:
        """Return the tree of the solution, made of the stage's."""
        tree = {path: data.decode() for path, data in contents.items()}
        for edit in self.edits:
            edit(tree)
        return {path: text.encode() for path, text in tree.items()}


def right(tag: str, name: str, *edits: Edit) -> Solution:
    return Solution(tag, name, edits)


def wrong(tag: str, misses: str, name: str, *edits: Edit) -> Solution:
    return Solution(tag, name, edits, misses)


def swap(path: str, *pairs: tuple[str, str]) -> Edit:
    """Replace texts, each of which is there."""

    def edit(tree: Tree) -> None:
        for old, new in pairs:
            assert old in tree[path], f"{path} has no {old!r}"
            tree[path] = tree[path].replace(old, new)

    return edit


def cut(path: str, first: str, last: str = "\n\n\n", to: str = "") -> Edit:
    """Cut from one text to before another, and paste it at the end of another file."""

    def edit(tree: Tree) -> None:
        before, found, rest = tree[path].partition(first)
        assert found, f"{path} has no {first!r}"
        middle, end, after = rest.partition(last)
        tree[path] = before + end.lstrip("\n") + after
        if to:
            tree[to] = f"{tree.get(to, '')}\n\n{first}{middle}\n"

    return edit


def write(path: str, text: str) -> Edit:
    return lambda tree: tree.update({path: text})


def append(path: str, text: str) -> Edit:
    return lambda tree: tree.update({path: f"{tree[path]}{text}"})


def prepend(path: str, text: str) -> Edit:
    """Put text below a module's docstring."""

    def edit(tree: Tree) -> None:
        first, _, rest = tree[path].partition("\n")
        tree[path] = f"{first}\n{text}{rest}"

    return edit


def delete(path: str) -> Edit:
    def edit(tree: Tree) -> None:
        del tree[path]

    return edit


def rename(old: str, new: str) -> Edit:
    def edit(tree: Tree) -> None:
        tree[new] = tree.pop(old)

    return edit


def everywhere(*pairs: tuple[str, str]) -> Edit:
    """Replace texts in every module."""

    def edit(tree: Tree) -> None:
        for path in [path for path in tree if path.endswith(".py")]:
            for old, new in pairs:
                tree[path] = tree[path].replace(old, new)

    return edit


def retype(path: str) -> Edit:
    """Write a third of a module's lines in another way."""

    def edit(tree: Tree) -> None:
        lines = tree[path].split("\n")
        for number in range(0, len(lines), 3):
            if lines[number].strip() and lines[number].count('"""') != 1:
                lines[number] += "  # typed again"
        tree[path] = "\n".join(lines)

    return edit


def lose(path: str, test: str) -> Edit:
    """Turn a test into a function that nobody runs."""
    return swap(path, (f"def {test}(", f"def not_{test}("))


def see(path: str) -> Edit:
    return append(path, "\n\ndef see(user):\n    return user\n")


ERRORS = '''\
"""What a client is told."""
from werkzeug.exceptions import BadRequest


class ValidationError(BadRequest):
    """What a client sent cannot be taken; the text says why."""
'''

V2 = (
    right(
        "v0.2",
        "errors in a module of their own",
        write("errors.py", ERRORS),
        cut("utils.py", "class ValidationError"),
        swap("utils.py", ("from werkzeug.exceptions import BadRequest\n", "")),
        swap("utils.py", ("\n# NUL and", "\nfrom errors import ValidationError\n\n# NUL and")),
        swap("flack.py", ("utils import ValidationError", "errors import ValidationError")),
    ),
    right(
        "v0.2",
        "the module imported whole",
        swap("flack.py", ("timestamp()", "utils.timestamp()"), ("url_for(", "utils.url_for(")),
        swap("flack.py", ("from utils import timestamp\n", "import utils\n")),
        swap("flack.py", ("from utils import url_for\n", "")),
    ),
    right("v0.2", "a package", rename("utils.py", "utils/__init__.py")),
    right(
        "v0.2",
        "a private helper more",
        append("utils.py", "\n\ndef _now():\n    return int(time.time())\n"),
    ),
    wrong(
        "v0.2",
        "utils.py is there",
        "another name",
        rename("utils.py", "helpers.py"),
        everywhere(("from utils", "from helpers")),
    ),
    wrong(
        "v0.2",
        "flack.py no longer",
        "a copy left",
        append("flack.py", "\n\ndef tidy(nickname):\n    return nickname.strip()\n"),
    ),
    wrong(
        "v0.2",
        "flack.py no longer",
        "one that stays, and is asked for",
        cut("utils.py", "def is_public", "\n\n\n", "flack.py"),
        prepend("utils.py", "from flack import is_public\n"),
    ),
    wrong(
        "v0.2",
        "flack.py no longer",
        "a constant twice",
        append("flack.py", '\nUNSTORABLE = re.compile("[\\0]")\n'),
    ),
    wrong(
        "v0.2",
        "utils.py imports nothing",
        "the application in a function",
        swap("utils.py", ("    if request:\n", "    from flack import app\n    if request:\n")),
    ),
    wrong(
        "v0.2",
        "utils.py imports nothing",
        "db by way of another module",
        write("clock.py", "from flack import db\n"),
        prepend("utils.py", "import clock\n"),
    ),
    wrong("v0.2", MOVED, "typed again", retype("utils.py")),
    wrong("v0.2", COMPLETE, "an import forgotten", swap("utils.py", ("import time\n", ""))),
    wrong(
        "v0.2",
        "no modules import",
        "a cycle with another module",
        write("texts.py", "import utils\n"),
        append("utils.py", "\nimport texts  # noqa\n"),
    ),
    wrong("v0.2", KEEPS, "a test lost", lose("tests.py", "test_a_user_registers")),
    wrong(
        "v0.2",
        YOURS,
        "tests that do not follow",
        swap("tests.py", ("from utils import is_public", "from flack import is_public")),
    ),
    wrong(
        "v0.2",
        STAGES,
        "paths that need a request",
        swap("utils.py", ("    if request:\n        return", "    if True:\n        return")),
    ),
)

V3 = (
    right(
        "v0.3",
        "whichever of the two is there",
        swap(
            "models.py",
            (
                "try:\n    from __main__ import db\nexcept ImportError:\n"
                "    from flack import db\n",
                'db = (sys.modules.get("flack") or sys.modules["__main__"]).db\n',
            ),
        ),
        swap("models.py", ("import secrets\n", "import secrets\nimport sys\n")),
    ),
    right("v0.3", "a package", rename("models.py", "models/__init__.py")),
    right(
        "v0.3",
        "the rule in a module of its own",
        cut("models.py", "def is_online", "\n\n\n", "presence.py"),
        write(
            "presence.py",
            "from utils import timestamp\n\n\ndef is_online(last_seen_at, within"
            "=60):\n    # a time that is yet to come is of a clock that was put back since\n"
            "    return (last_seen_at > timestamp() - within) & (last_seen_at < timestamp() +"
            " within)\n",
        ),
        swap(
            "models.py",
            (
                "from utils import render\n",
                "from presence import is_online\nfrom utils import render\n",
            ),
        ),
    ),
    right(
        "v0.3",
        "the models imported whole",
        swap(
            "flack.py",
            ("from models import User\n", "import models\n"),
            ("User.", "models.User."),
            ("User(", "models.User("),
            ("(User,", "(models.User,"),
        ),
    ),
    wrong(
        "v0.3",
        "models.py is there",
        "another name",
        rename("models.py", "model.py"),
        everywhere(("from models", "from model")),
    ),
    wrong("v0.3", "models.py offers", "a name changed", everywhere(("USER_BY_TOKEN", "BY_TOKEN"))),
    wrong(
        "v0.3",
        "flack.py no longer",
        "a copy left",
        append("flack.py", "\n\nclass Message(db.Model):\n    pass\n"),
    ),
    wrong(
        "v0.3",
        "flack.py no longer",
        "a query twice",
        append("flack.py", "\nUSER_BY_TOKEN = db.select(User)\n"),
    ),
    wrong("v0.3", MOVED, "typed again", retype("models.py")),
    wrong(
        "v0.3",
        "SQLAlchemy(...)",
        "a db of the models' own",
        swap(
            "models.py",
            (
                "try:\n    from __main__ import db\nexcept ImportError:\n"
                "    from flack import db\n",
                "db = SQLAlchemy()\n",
            ),
        ),
        prepend("models.py", "from flask_sqlalchemy import SQLAlchemy\n"),
    ),
    wrong("v0.3", COMPLETE, "an import forgotten", swap("models.py", ("import secrets\n", ""))),
    wrong(
        "v0.3",
        LOADS,
        "the program alone asked",
        swap(
            "models.py",
            (
                "try:\n    from __main__ import db\nexcept ImportError:\n"
                "    from flack import db\n",
                "from __main__ import db\n",
            ),
        ),
    ),
    # it serves in the end, when flack.py has run twice and made two of all
    wrong(
        "v0.3",
        STARTS,
        "flack asked first",
        swap(
            "models.py",
            (
                "    from __main__ import db\nexcept ImportError:\n    from flack import db\n",
                "    from flack import db\nexcept ImportError:\n    from __main__ import db\n",
            ),
        ),
    ),
    right(
        "v0.3",
        "the modules asked",
        swap(
            "models.py",
            (
                "try:\n    from __main__ import db\nexcept ImportError:\n"
                "    from flack import db\n",
                'if "flack" in sys.modules:\n    from flack import db\nelse:\n'
                "    from __main__ import db\n",
            ),
        ),
        prepend("models.py", "import sys\n"),
    ),
    right(
        "v0.3",
        "the program asked for its db",
        swap(
            "models.py",
            (
                "try:\n    from __main__ import db\nexcept ImportError:\n"
                "    from flack import db\n",
                'if hasattr(main, "db"):\n    db = main.db\nelse:\n    from flack import db\n',
            ),
        ),
        prepend("models.py", "import __main__ as main\n"),
    ),
    wrong("v0.3", KEEPS, "a test lost", lose("tests.py", "test_a_user_registers")),
)

V4 = (
    right(
        "v0.4",
        "absolute imports",
        everywhere(
            ("from .flack import", "from flack.flack import"),
            ("from .utils import", "from flack.utils import"),
            ("from .models import", "from flack.models import"),
        ),
    ),
    right(
        "v0.4",
        "the modules imported whole",
        swap(
            "flack/__init__.py",
            (
                "from .flack import app\nfrom .flack import db",
                "from . import flack\n\napp = flack.app\ndb = flack.db",
            ),
        ),
    ),
    right(
        "v0.4",
        "a command that is added",
        swap(
            "manage.py",
            ("@manager.command\ndef createdb(", "def createdb("),
            (
                "\n\nif __name__",
                '\n\nmanager.add_command("createdb", Command(createdb))\n\n\nif __name__',
            ),
            (
                "from flask_script_ng import Manager",
                "from flask_script_ng import Command\nfrom flask_script_ng import Manager",
            ),
        ),
    ),
    wrong("v0.4", "flack/__init__.py is there", "no package", delete("flack/__init__.py")),
    wrong(
        "v0.4",
        "flack/__init__.py offers",
        "an empty package",
        write("flack/__init__.py", '"""Flack, a chat application."""\n'),
    ),
    wrong(
        "v0.4",
        "flack/templates/index.html",
        "templates left",
        rename("flack/templates/index.html", "templates/index.html"),
    ),
    wrong("v0.4", MOVED, "typed again", retype("flack/models.py")),
    wrong("v0.4", "manage.py is there", "no commands", delete("manage.py")),
    wrong(
        "v0.4",
        "manage.py has",
        "a command missing",
        swap("manage.py", ("@manager.command\n", "")),
    ),
    wrong(
        "v0.4",
        "manage.py offers",
        "a command that no test can call",
        swap(
            "manage.py",
            ("@manager.command\ndef createdb(drop_first=False)", "def tables(drop_first=False)"),
            (
                "\n\nif __name__",
                '\n\nmanager.add_command("createdb", Command(tables))\n\n\nif __name__',
            ),
            (
                "from flask_script_ng import Manager",
                "from flask_script_ng import Command\nfrom flask_script_ng import Manager",
            ),
        ),
    ),
    wrong(
        "v0.4",
        "flack/flack.py offers",
        "all in the package's own file",
        swap(
            "flack/flack.py",
            ("class SlidingWindow", "class Window"),
            ("= SlidingWindow(", "= Window("),
        ),
        append("flack/__init__.py", "\n\nclass SlidingWindow:\n    pass\n"),
    ),
    right(
        "v0.4",
        "the commands in the package",
        rename("manage.py", "flack/cli.py"),
        cut("flack/cli.py", "if __name__", "\n\n\n"),
        write(
            "manage.py",
            "from flack.cli import createdb, make_tables, manager\n\n"
            'if __name__ == "__main__":\n    manager.run()\n',
        ),
    ),
    right(
        "v0.4",
        "all names of the module",
        write("flack/__init__.py", "from .flack import *\n"),
    ),
    right(
        "v0.4",
        "the shell of Flask-Script",
        swap("manage.py", ('manager.add_command("shell", Shell(make_context=shell_names))\n', "")),
    ),
    wrong(
        "v0.4",
        "no module of flack/ asks",
        "a program left",
        append("flack/flack.py", '\n\nif __name__ == "__main__":\n    app.run()\n'),
    ),
    wrong(
        "v0.4",
        "requirements.txt",
        "a requirement forgotten",
        swap("requirements.txt", ("Flask-Script-NG==2.1\n", "")),
    ),
    wrong("v0.4", "utils.py is gone", "a copy left", write("utils.py", "import time\n")),
    wrong(
        "v0.4",
        COMPLETE,
        "an import forgotten",
        swap("manage.py", ("from flack.models import User\n", "")),
    ),
    wrong(
        "v0.4",
        STARTS,
        "the old name",
        swap("manage.py", ("from flack.models import User", "from models import User")),
    ),
    wrong("v0.4", KEEPS, "a test lost", lose("tests.py", "test_a_user_registers")),
)

V5 = (
    right(
        "v0.5",
        "a package",
        rename("flack/auth.py", "flack/auth/__init__.py"),
        swap("flack/auth/__init__.py", ("from .", "from ..")),
    ),
    right(
        "v0.5",
        "the module imported whole",
        swap(
            "flack/flack.py",
            ("from .auth import basic_auth\n", "from . import auth\n"),
            ("from .auth import token_auth\nfrom .auth import token_optional_auth\n", ""),
            ("@basic_auth", "@auth.basic_auth"),
            (" basic_auth.", " auth.basic_auth."),
            ("@token_auth", "@auth.token_auth"),
            (" token_auth.", " auth.token_auth."),
            ("=token_auth.", "=auth.token_auth."),
            ("@token_optional_auth", "@auth.token_optional_auth"),
        ),
    ),
    right(
        "v0.5",
        "absolute imports",
        everywhere(("from .auth", "from flack.auth"), ("from .models", "from flack.models")),
    ),
    right(
        "v0.5",
        "see beside the models",
        cut("flack/auth.py", "def see(", "\n\n\n", "flack/models.py"),
        swap(
            "flack/auth.py",
            ("from .models import User\n", "from .models import see\nfrom .models import User\n"),
        ),
    ),
    wrong(
        "v0.5",
        "flack/auth.py is there",
        "another name",
        rename("flack/auth.py", "flack/authentication.py"),
        everywhere(("from .auth", "from .authentication")),
    ),
    wrong(
        "v0.5",
        "flack/auth.py offers",
        "a name changed",
        everywhere(("token_optional_auth", "optional_auth")),
    ),
    wrong(
        "v0.5",
        "flack/flack.py no longer",
        "one that stays, and is asked for",
        cut("flack/auth.py", "def see(", "\n\n\n"),
        see("flack/flack.py"),
        swap(
            "flack/auth.py",
            ("from .flack import db\n", "from .flack import db\nfrom .flack import see\n"),
        ),
    ),
    wrong(
        "v0.5",
        "flack/flack.py no longer",
        "the objects left",
        cut("flack/auth.py", "basic_auth = HTTPBasicAuth()\n", "token_auth ="),
        swap(
            "flack/flack.py",
            ("from .auth import basic_auth\n", ""),
            ("# --- modules", "basic_auth = HTTPBasicAuth()\n\n# --- modules"),
            (
                "from flask_sqlalchemy",
                "from flask_httpauth import HTTPBasicAuth\nfrom flask_sqlalchemy",
            ),
        ),
        swap(
            "flack/auth.py",
            ("from .flack import db", "from .flack import basic_auth\nfrom .flack import db"),
        ),
    ),
    wrong("v0.5", MOVED, "typed again", retype("flack/auth.py")),
    wrong(
        "v0.5",
        "HTTPBasicAuth(...)",
        "an object twice",
        append("flack/auth.py", "\n\nbasic_auth_for_tests = HTTPBasicAuth()\n"),
    ),
    wrong(
        "v0.5",
        COMPLETE,
        "an import forgotten",
        swap("flack/auth.py", ("from .utils import UNSTORABLE\n", "")),
    ),
    wrong(
        "v0.5",
        LOADS,
        "a name that is not there",
        swap(
            "flack/auth.py", ("from .utils import timestamp", "from .utils import now as timestamp")
        ),
    ),
    wrong("v0.5", KEEPS, "a test lost", lose("tests.py", "test_a_user_registers")),
    wrong(
        "v0.5",
        STAGES,
        "a callback that is not registered",
        swap("flack/auth.py", ("@token_optional_auth.verify_token\n", "")),
    ),
)

V6 = (
    right(
        "v0.6",
        "two modules in one",
        lambda tree: tree.update(
            {"tests/test_users.py": tree["tests/test_users.py"] + tree.pop("tests/test_stats.py")}
        ),
    ),
    right(
        "v0.6",
        "a folder more",
        write("tests/api/__init__.py", ""),
        rename("tests/test_tokens.py", "tests/api/test_tokens.py"),
        swap("tests/api/test_tokens.py", ("from .helpers", "from ..helpers")),
    ),
    right(
        "v0.6",
        "commands that are added",
        swap(
            "manage.py",
            ("@manager.command\ndef lint(", "def check_style("),
            (
                "\n\ndef run_module",
                '\n\nmanager.add_command("lint", Command(check_style))\n\n\ndef run_module',
            ),
            (
                "from flask_script_ng import Manager",
                "from flask_script_ng import Command\nfrom flask_script_ng import Manager",
            ),
        ),
    ),
    wrong("v0.6", "tests/__init__.py", "no package", delete("tests/__init__.py")),
    wrong(
        "v0.6", "tests/conftest.py", "no conftest", rename("tests/conftest.py", "tests/common.py")
    ),
    wrong("v0.6", "tests.py is gone", "a copy left", write("tests.py", "import pytest\n")),
    wrong(
        "v0.6",
        MOVED,
        "typed again",
        *map(retype, ("tests/test_users.py", "tests/test_messages.py", "tests/test_utils.py")),
    ),
    wrong("v0.6", "manage.py has", "no lint", swap("manage.py", ("def lint", "def style"))),
    wrong("v0.6", "manage.py has", "no test", swap("manage.py", ("def test", "def tests"))),
    wrong("v0.6", COMPLETE, "an import forgotten", swap("manage.py", ("import subprocess\n", ""))),
    wrong("v0.6", KEEPS, "a module lost", delete("tests/test_tokens.py")),
    wrong(
        "v0.6",
        YOURS,
        "a code that is dropped",
        swap(
            "manage.py",
            (
                'return run_module("coverage", "run", "-m", "pytest") or run_module('
                '"coverage", "report")',
                'return run_module("pytest")',
            ),
        ),
    ),
    wrong("v0.6", YOURS, "nothing run", swap("manage.py", ("manager.run()", "manager"))),
    wrong(
        "v0.6",
        YOURS,
        "nothing collected",
        swap("setup.cfg", ("testpaths = tests", "testpaths = tests\naddopts = -k nothing")),
    ),
)

V7 = (
    right("v0.7", "a package", rename("config.py", "config/__init__.py")),
    right(
        "v0.7",
        "errors in a module of their own",
        cut("config.py", "class ConfigurationError", "\n\n\n", "errors.py"),
        prepend("config.py", "from errors import ConfigurationError\n"),
    ),
    right(
        "v0.7",
        "the module imported whole",
        swap(
            "flack/flack.py",
            (
                "from config import ConfigurationError\nfrom config import configure\n",
                "import config\n",
            ),
            ("configure(app)", "config.configure(app)"),
            ("raise ConfigurationError", "raise config.ConfigurationError"),
        ),
    ),
    wrong(
        "v0.7",
        "config.py is there",
        "in the package",
        rename("config.py", "flack/config.py"),
        everywhere(("from config", "from flack.config")),
    ),
    wrong(
        "v0.7",
        "config.py offers",
        "a class missing",
        swap("config.py", ("DevelopmentConfig", "DevConfig")),
    ),
    wrong(
        "v0.7",
        "config.py offers",
        "another name",
        everywhere(("ConfigurationError", "ConfigError")),
    ),
    wrong(
        "v0.7",
        "flack/flack.py no longer",
        "a copy left",
        append("flack/flack.py", '\nDATABASE_URL = ""\n'),
    ),
    wrong(
        "v0.7",
        "config.py imports nothing",
        "the application in it",
        swap(
            "config.py",
            ("    name = os.environ", "    from flack import app\n    name = os.environ"),
        ),
    ),
    wrong("v0.7", COMPLETE, "an import forgotten", swap("config.py", ("import re\n", ""))),
    wrong(
        "v0.7",
        LOADS,
        "a name that is not there",
        swap(
            "flack/flack.py",
            ("from config import configure\n", "from config import setup\nconfigure = setup\n"),
        ),
    ),
    wrong("v0.7", KEEPS, "a test lost", lose("tests/test_users.py", "test_a_user_registers")),
    wrong(
        "v0.7",
        STAGES,
        "a key that everybody knows",
        swap("config.py", ('    SECRET_KEY = os.environ.get("SECRET_KEY")\n', "")),
    ),
)

V8 = (
    right(
        "v0.8",
        "the prefix at the registration",
        swap("flack/api.py", (', url_prefix="/api"', "")),
        swap("flack/flack.py", ("_blueprint(api)", '_blueprint(api, url_prefix="/api")')),
    ),
    right(
        "v0.8",
        "the module imported whole",
        swap(
            "flack/flack.py",
            ("from .api import api", "from . import api"),
            ("register_blueprint(api)", "register_blueprint(api.api)"),
        ),
    ),
    right(
        "v0.8",
        "registered in a loop",
        swap(
            "flack/flack.py",
            ("app.register_blueprint(api)", "for each in [api]:\n    app.register_blueprint(each)"),
        ),
    ),
    right(
        "v0.8",
        "routes without decorators",
        swap("flack/api.py", ('@api.get("/users")\n', "")),
        append("flack/api.py", '\n\napi.add_url_rule("/users", view_func=get_users)\n'),
    ),
    right(
        "v0.8",
        "a package",
        rename("flack/api.py", "flack/api/__init__.py"),
        swap("flack/api/__init__.py", ("from .", "from ..")),
    ),
    wrong(
        "v0.8",
        "flack/api.py is there",
        "another name",
        rename("flack/api.py", "flack/routes.py"),
        everywhere(("from .api", "from .routes")),
    ),
    wrong(
        "v0.8",
        "Blueprint(...)",
        "routes of the application",
        swap(
            "flack/api.py",
            ('api = Blueprint("api", __name__, url_prefix="/api")', "api = app"),
            ("from flask import Blueprint\n", ""),
        ),
    ),
    wrong(
        "v0.8",
        "flack/flack.py no longer",
        "a helper left",
        append(
            "flack/flack.py", "\n\ndef number_argument(name):\n    return request.args.get(name)\n"
        ),
    ),
    wrong(
        "v0.8",
        "flack/flack.py no longer",
        "a route left",
        append("flack/flack.py", '\n\n@app.get("/api/users")\ndef get_users():\n    return {}\n'),
    ),
    wrong("v0.8", MOVED, "typed again", retype("flack/api.py")),
    wrong(
        "v0.8",
        "the blueprint of flack/api.py",
        "not registered",
        swap("flack/flack.py", ("app.register_blueprint(api)\n", "")),
    ),
    wrong("v0.8", COMPLETE, "an import forgotten", swap("flack/api.py", ("import re\n", ""))),
    wrong(
        "v0.8",
        LOADS,
        "too early",
        swap(
            "flack/flack.py",
            ("from .api import api\n", ""),
            (
                "from .utils import IdConverter\n",
                "from .api import api\nfrom .utils import IdConverter\n",
            ),
        ),
    ),
    wrong("v0.8", KEEPS, "a test lost", lose("tests/test_users.py", "test_a_user_registers")),
    wrong(
        "v0.8",
        STAGES,
        "an endpoint's old name",
        swap("flack/models.py", ("api.get_user", "get_user")),
    ),
)

V9 = (
    right(
        "v0.9",
        "the route in a module of its own",
        rename("flack/stats/__init__.py", "flack/stats/routes.py"),
        write("flack/stats/__init__.py", "from .routes import stats\n\n__all__ = ['stats']\n"),
        swap("tests/test_stats.py", ("stats.requests_seen", "stats.routes.requests_seen")),
    ),
    right(
        "v0.9",
        "the module imported whole",
        swap(
            "flack/flack.py",
            ("from .stats import stats", "from . import stats"),
            ("register_blueprint(stats)", "register_blueprint(stats.stats)"),
        ),
    ),
    right(
        "v0.9",
        "a hook that is a function",
        swap(
            "flack/stats/__init__.py",
            (
                "stats.before_app_request(requests_seen.add)\n",
                "\n\n@stats.before_app_request\ndef count():\n    requests_seen.add()\n",
            ),
        ),
    ),
    wrong(
        "v0.9",
        "flack/stats/window.py is there",
        "all in one",
        lambda tree: tree.update(
            {
                "flack/stats/__init__.py": tree.pop("flack/stats/window.py")
                + tree["flack/stats/__init__.py"].replace("from .window import SlidingWindow\n", "")
            }
        ),
    ),
    wrong(
        "v0.9",
        "flack/stats/window.py offers",
        "another name",
        everywhere(("SlidingWindow", "Window")),
    ),
    wrong(
        "v0.9",
        "flack/flack.py no longer",
        "a route left",
        append("flack/flack.py", '\n\n@app.get("/stats")\ndef get_stats():\n    return {}\n'),
    ),
    wrong(
        "v0.9",
        "flack/flack.py no longer",
        "a copy left",
        append("flack/flack.py", "\n\nclass SlidingWindow:\n    pass\n"),
    ),
    wrong("v0.9", MOVED, "typed again", retype("flack/stats/window.py")),
    wrong(
        "v0.9",
        "the blueprint of flack/stats/",
        "not registered",
        swap("flack/flack.py", ("app.register_blueprint(stats)\n", "")),
    ),
    wrong(
        "v0.9",
        "flack/stats/window.py imports no flask",
        "a window that knows Flask",
        prepend("flack/stats/window.py", "from flask import current_app\n"),
    ),
    wrong(
        "v0.9",
        "flack/stats/window.py imports nothing",
        "a window that knows db",
        prepend("flack/stats/window.py", "from ..flack import db\n"),
    ),
    wrong(
        "v0.9",
        COMPLETE,
        "an import forgotten",
        swap("flack/stats/window.py", ("import threading\n", "")),
    ),
    wrong("v0.9", KEEPS, "tests lost", delete("tests/test_window.py")),
    wrong(
        "v0.9",
        CONTRACT,
        "the blueprint's own requests",
        swap("flack/stats/__init__.py", ("before_app_request", "before_request")),
    ),
)

V10 = (
    right(
        "v0.10",
        "the models in the factory",
        lose("tests/test_factory.py", "test_the_package_brings_its_models"),
        swap(
            "flack/__init__.py",
            ("from . import models  # noqa: F401\n", ""),
            (
                "    from .api import api\n",
                "    from . import models  # noqa: F401\n    from .api import api\n",
            ),
        ),
    ),
    right(
        "v0.10",
        "the factory in a module of its own",
        cut("flack/__init__.py", "def create_app", "\n\n\n", "flack/factory.py"),
        write(
            "flack/factory.py",
            """\
from flask import Flask
from sqlalchemy.exc import ArgumentError

from config import ConfigurationError
from config import configure

from . import db
from . import models  # noqa: F401
from .api import api
from .main import main
from .stats import stats
from .utils import IdConverter


def create_app(config_name=None):
    app = Flask("flack")
    configure(app, config_name)
    try:
        db.init_app(app)
    except (ImportError, ValueError, ArgumentError) as error:
        raise ConfigurationError(f"DATABASE_URL cannot be used: {error}") from error
    app.url_map.converters["id"] = IdConverter
    for blueprint in (api, main, stats):
        app.register_blueprint(blueprint)
    return app
""",
        ),
        append(
            "flack/__init__.py",
            "\n\ndef create_app(config_name=None):\n"
            "    from . import factory\n    return factory.create_app(config_name)\n",
        ),
    ),
    right(
        "v0.10",
        "the controller's old name",
        rename("flack/main.py", "flack/flack.py"),
        swap("flack/__init__.py", ("from .main import main", "from .flack import main")),
    ),
    right(
        "v0.10",
        "an application beside the package",
        write("wsgi.py", "from flack import create_app\n\napp = create_app()\n"),
    ),
    wrong(
        "v0.10", "flack/__init__.py offers", "another name", everywhere(("create_app", "make_app"))
    ),
    wrong(
        "v0.10",
        "flack/ has one more",
        "a controller without a blueprint",
        delete("flack/main.py"),
        swap(
            "flack/__init__.py",
            ("    from .main import main\n", ""),
            ("    app.register_blueprint(main)\n", ""),
        ),
    ),
    wrong(
        "v0.10",
        "Flask(...)",
        "an application at the top",
        swap(
            "flack/__init__.py",
            ("    app = Flask(__name__)\n", "    app = application\n"),
            ("def create_app", "application = Flask(__name__)\n\n\ndef create_app"),
        ),
    ),
    wrong(
        "v0.10",
        "SQLAlchemy(...)",
        "a db for each application",
        swap("flack/__init__.py", ("        db.init_app(app)\n", "        SQLAlchemy(app)\n")),
    ),
    wrong(
        "v0.10",
        "no module of flack/ has",
        "an application made on import",
        append("flack/__init__.py", "\n\napp = create_app()\n"),
    ),
    wrong(
        "v0.10",
        "no module of flack/ has",
        "app still used in a view",
        swap("flack/main.py", ("debug=current_app.debug", "debug=app.debug")),
    ),
    wrong(
        "v0.10",
        COMPLETE,
        "an import forgotten",
        swap("flack/main.py", ("from flask import render_template\n", "")),
    ),
    wrong(
        "v0.10",
        LOADS,
        "a name that is not there",
        swap("flack/auth.py", ("from . import db", "from . import data as db")),
    ),
    wrong(
        "v0.10",
        "no modules import each other",
        "two blueprints in a cycle",
        prepend("flack/main.py", "from . import api\n"),
        prepend("flack/api.py", "from . import main\n"),
    ),
    wrong("v0.10", KEEPS, "a test lost", lose("tests/test_users.py", "test_a_user_registers")),
    wrong(
        "v0.10",
        STAGES,
        "one window for all applications",
        swap(
            "flack/stats/__init__.py",
            (
                'state.app.extensions["requests_seen"] = SlidingWindow(seconds=15)',
                'state.app.extensions["requests_seen"] = WINDOW',
            ),
            ("@stats.record", "WINDOW = SlidingWindow(seconds=15)\n\n\n@stats.record"),
        ),
    ),
    wrong(
        "v0.10",
        CONTRACT,
        "headers of one blueprint only",
        swap("flack/main.py", ("after_app_request", "after_request")),
    ),
)

SOLUTIONS = (*V2, *V3, *V4, *V5, *V6, *V7, *V8, *V9, *V10)

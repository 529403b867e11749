"""The modules of a package that import each other, and what would end that."""

from pathlib import Path

import pytest

from tour.survey.result import Borrowed
from tour.survey.result import Cycle
from tour.survey.survey import survey
from tour.survey.survey import survey_files
from tour.syntax.files import Files
from tour.tests.practice.trees import stage_files

MODELS = "from .app import db\nclass User(db.Model): pass\n"
APP = (
    "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\napp = Flask(__name__)\n"
    "db = SQLAlchemy(app)\nfrom .models import User\n"
)


def cycles(files: dict[str, str]) -> tuple[Cycle, ...]:
    contents = {f"shop/{path}": text.encode() for path, text in files.items()}
    return survey_files("shop", Files({"shop/__init__.py": b"", **contents}, {})).cycles


@pytest.mark.parametrize(
    ("tag", "home", "borrowed"),
    [
        ("v0.3", "flack.py", 0),
        ("v0.4", "flack/flack.py", 0),
        ("v0.5", "flack/flack.py", 0),
        ("v0.6", "flack/flack.py", 0),
        ("v0.7", "flack/flack.py", 0),
        ("v0.8", "flack/flack.py", 1),
        ("v0.9", "flack/flack.py", 1),
        ("v0.10", "flack/__init__.py", 0),
    ],
)
def test_the_cycle_of_a_stage_ends_when_db_moves(
    this_repository: Path, tag: str, home: str, borrowed: int
) -> None:
    [cycle] = survey_files(tag, stage_files(this_repository, tag)).cycles
    assert cycle.move[:2] == ("db", home)
    # the API asks the application for a setting, from v0.8 on where its views are
    assert len(cycle.borrowed) == borrowed
    assert cycle.move.is_bound == (tag != "v0.10")
    assert home in cycle.modules


def test_no_cycle_is_in_a_stage_with_a_single_controller(this_repository: Path) -> None:
    for tag in ("v0.1", "v0.2"):
        assert survey_files(tag, stage_files(this_repository, tag)).cycles == ()


def test_a_cycle_is_told_with_its_names() -> None:
    [cycle] = cycles({"app.py": APP, "models.py": MODELS})
    assert cycle.modules == ("shop/app.py", "shop/models.py")
    assert [names for _, names in cycle.imports] == [("User",), ("db",)]


def test_a_module_that_is_imported_whole_is_asked_for_what_is_used_of_it() -> None:
    [cycle] = cycles({"app.py": APP, "models.py": "from . import app\nclass U(app.db.Model): 1\n"})
    assert cycle.move.name == "db"


def test_what_the_module_needs_where_it_is_does_not_end_a_cycle() -> None:
    # what moves would take its import of the other module along
    one = "from .two import Two\ndef first(): return Two()\n"
    [cycle] = cycles({"one.py": one, "two.py": "from .one import first\nclass Two: x = first\n"})
    assert (cycle.move, cycle.borrowed) == (None, ())


def test_an_import_of_the_application_for_functions_alone_needs_no_move() -> None:
    app = "from flask import Flask\napp = Flask(__name__)\nfrom .mail import send\n"
    [cycle] = cycles({"app.py": app, "mail.py": "from .app import app\ndef send(): app.config\n"})
    assert cycle.move is None
    assert cycle.borrowed == (Borrowed("shop/mail.py", "app", 1, "current_app"),)


def test_views_that_import_the_application_take_a_blueprint() -> None:
    views = "from .app import app, db\n@app.get('/')\ndef index(): return db.name\n"
    [cycle] = cycles(
        {"app.py": APP.replace("models import User", "views import index"), "views.py": views}
    )
    assert cycle.move.name == "db"
    assert cycle.borrowed == (Borrowed("shop/views.py", "app", 1, "a blueprint"),)


def test_an_application_that_is_set_up_in_another_module_is_needed_there() -> None:
    more = "from .app import app\napp.config['X'] = 1\n"
    app = "from flask import Flask\napp = Flask(__name__)\nfrom . import more\n"
    [cycle] = cycles({"app.py": app, "more.py": more})
    assert (cycle.move, cycle.borrowed) == (None, ())


def test_a_blueprint_is_nothing_without_its_views() -> None:
    views = (
        "from flask import Blueprint\nfrom .app import limit\nviews = Blueprint('views', __name__)"
        "\n@views.get('/')\ndef index(): return limit()\n"
    )
    app = (
        "from flask import Flask\ndef limit(): return 1\nfrom .views import views\n"
        "app = Flask(__name__)\napp.register_blueprint(views)\n"
    )
    [cycle] = cycles({"app.py": app, "views.py": views})
    assert cycle.move.name == "limit"


def test_two_cycles_are_two() -> None:
    pairs = {"one": "two", "two": "one", "three": "four", "four": "three"}
    files = {f"{name}.py": f"from .{other} import {other}\n" for name, other in pairs.items()}
    assert [cycle.modules for cycle in cycles(files)] == [
        ("shop/four.py", "shop/three.py"),
        ("shop/one.py", "shop/two.py"),
    ]


def test_a_package_may_be_named_by_its_own_folder(tmp_path: Path) -> None:
    package = tmp_path / "shop"
    package.mkdir()
    for path, text in {"__init__.py": "", "app.py": APP, "models.py": MODELS}.items():
        package.joinpath(path).write_text(text)
    found = survey(package)
    assert list(found.modules) == ["shop/__init__.py", "shop/app.py", "shop/models.py"]
    assert found.cycles[0].move.path == "shop/app.py"
    assert found.cut.path == "shop/app.py"


def test_what_a_module_imports_may_reach_the_database_there() -> None:
    files = {
        "app.py": f"{APP}\n@app.get('/')\ndef index(): return User.query\n",
        "models.py": MODELS,
        "__init__.py": "",
    }
    contents = {f"shop/{path}": text.encode() for path, text in files.items()}
    [routes] = survey_files("shop", Files(contents, {})).cut.sections
    assert routes.touches == ("application", "database")

"""The verb survey: the table, the data, the picture, and how it ends."""

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tour.tests.survey import applications

BROKEN = "def f(:\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with applications, which lies in no clone."""
    for name, source in applications.ALL.items():
        tmp_path.joinpath(f"{name}_app.py").write_text(source, encoding="utf-8")
    return tmp_path


def rows(printed: str) -> list[list[str]]:
    """Return the words of the rows of the table."""
    table = printed.split("\n\n")[1]
    return [line.split() for line in table.splitlines()]


def test_the_table_has_the_sections_in_order(tour, folder: Path) -> None:
    answer = tour(folder, "survey", "class_app.py")
    assert (answer.returncode, answer.stderr) == (0, "")
    heading, *sections, stays = rows(answer.stdout)
    assert heading == ["section", "to", "touches", "needs", "cycle", "lines"]
    assert sections[:3] == [
        ["1", "utilities", "utils.py", "application", "7"],
        ["2", "models", "models.py", "database", "1", "db", "26"],
        ["3", "authentication", "auth.py", "database", "2", "db", "22"],
    ]
    assert stays == ["what", "stays", "class_app.py", "18"]


def test_the_text_says_what_is_first_what_makes_a_cycle_and_what_is_last(tour, folder: Path):
    printed = " ".join(tour(folder, "survey", "class_app.py").stdout.split())
    assert "First: utilities, to utils.py. It needs nothing that stays." in printed
    assert "In place of the application, in utils.py: use current_app in functions." in printed
    assert (
        "Cycle: models.py, auth.py and api.py would import db from class_app.py, which imports"
        " them. To avoid that, make db in a module of its own, without the application"
    ) in printed
    assert "Last: what stays makes app whenever it is imported." in printed


def test_each_line_fits_the_terminal(tour, folder: Path) -> None:
    for name in applications.ALL:
        printed = tour(folder, "survey", f"{name}_app.py").stdout
        assert max(map(len, printed.splitlines())) <= 80


def test_a_factory_is_not_told_to_become_one(tour, folder: Path) -> None:
    printed = tour(folder, "survey", "flaskr_app.py").stdout
    assert "makes applications in create_app" in printed
    assert "Last:" not in printed


def test_the_data_are_those_of_the_table(tour, folder: Path) -> None:
    found = json.loads(tour(folder, "survey", "class_app.py", "--json").stdout)
    assert found["modules"] == {"class_app.py": applications.CLASS.count("\n")}
    models = found["cut"]["sections"][1]
    assert (models["title"], models["touches"]) == ("models", ["database"])
    first = applications.CLASS.splitlines().index("class User(db.Model):") + 1
    assert models["back"] == [{"name": "db", "section": "what stays", "line": first}]


def test_a_file_that_is_not_python_is_told_with_its_line(tour, tmp_path: Path) -> None:
    tmp_path.joinpath("app.py").write_text(f"x = 1\n{BROKEN}")
    answer = tour(tmp_path, "survey", "app.py")
    assert answer.returncode == 1
    assert answer.stdout.startswith("app.py:2: invalid syntax, or it needs a newer Python than 3.")


def test_the_others_of_a_folder_are_surveyed_beside_a_broken_one(tour, folder: Path) -> None:
    folder.joinpath("broken.py").write_text(BROKEN)
    answer = tour(folder, "survey", ".")
    assert answer.returncode == 1
    assert answer.stdout.startswith("broken.py:1: invalid syntax")
    assert "makes the application app" in answer.stdout


def test_a_module_without_flask_is_not_cut(tour, tmp_path: Path) -> None:
    tmp_path.joinpath("numbers.py").write_text("def double(x):\n    return 2 * x\n")
    answer = tour(tmp_path, "survey", "numbers.py")
    assert answer.stdout.startswith("numbers.py has 2 lines and makes no Flask application.\n")
    assert "Name the module that makes your application" in answer.stdout
    assert "First:" not in answer.stdout


@pytest.mark.parametrize("path", ["tests", "tests/__init__.py"])
def test_a_folder_of_tests_is_not_said_to_define_nothing(tour, tmp_path: Path, path: str) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    folder.joinpath("__init__.py").touch()
    folder.joinpath("test_app.py").write_text("def test_one():\n    assert True\n")
    said = " outside of tests" if path == "tests" else ""
    told = f"{path} defines nothing{said}, so there is nothing to cut\n"
    assert tour(tmp_path, "survey", path).stdout == told


def test_what_each_section_holds_is_listed(tour, folder: Path) -> None:
    printed = tour(folder, "survey", "class_app.py").stdout
    data = json.loads(tour(folder, "survey", "class_app.py", "--json").stdout)
    words = printed.partition("What each section holds:\n")[2].split()
    for number, section in enumerate(data["cut"]["sections"], 1):
        assert str(number) in words and set(section["names"]) <= {
            word.rstrip(",") for word in words
        }


def test_the_other_applications_of_a_folder_are_named(tour, tmp_path: Path) -> None:
    make = "from flask import Flask\n"
    tmp_path.joinpath("app.py").write_text(f"{make}app = Flask(__name__)\nx = 1\n")
    tmp_path.joinpath("admin.py").write_text(f"{make}admin = Flask(__name__)\n")
    tmp_path.joinpath("more").mkdir()
    tmp_path.joinpath("more", "__init__.py").write_text(
        f"{make}def create_app(): return Flask(__name__)\n"
    )
    printed = tour(tmp_path, "survey", ".").stdout
    assert printed.startswith("app.py has 3 lines and makes the application app.\n")
    assert printed.splitlines()[-3:] == [
        "Also: admin.py makes the application admin. To survey it, name that file.",
        "Also: more/__init__.py makes applications in create_app. To survey it, name",
        "  that file.",
    ]
    assert "Also:" not in tour(tmp_path, "survey", "app.py").stdout


def test_a_cycle_of_a_folder_comes_first(tour, tmp_path: Path) -> None:
    tmp_path.joinpath("app.py").write_text(
        "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n"
        "app = Flask(__name__)\ndb = SQLAlchemy(app)\nfrom models import User\n"
    )
    tmp_path.joinpath("models.py").write_text("from app import db\nclass User(db.Model): pass\n")
    printed = tour(tmp_path, "survey", ".").stdout
    assert printed.splitlines()[:5] == [
        "Import cycle: app.py and models.py",
        "  app.py imports models.py for User",
        "  models.py imports app.py for db",
        "It ends when db moves from app.py (line 4) to a module of its own, made without",
        "  the application, which its init_app gets later.",
    ]


@pytest.mark.parametrize("arguments", [("gone.py",), (".",), ("app.py", "--picture", "no/a.svg")])
def test_a_wrong_call_says_what_to_name(tour, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    if "app.py" in arguments:
        tmp_path.joinpath("app.py").write_text("x = 1\n")
    answer = tour(tmp_path, "survey", *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("tour: there is no ")


def test_a_picture_is_not_written_over_a_module(tour, tmp_path: Path) -> None:
    module = tmp_path / "app.py"
    module.write_text("x = 1\n")
    answer = tour(tmp_path, "survey", "app.py", "--picture", "app.py")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "app.py does not end in .svg" in answer.stderr
    assert module.read_text() == "x = 1\n"


@pytest.mark.skipif(os.name == "nt", reason="there a path that is too long leads to nothing")
def test_a_picture_that_cannot_be_written_is_told_in_a_line(tour, tmp_path: Path) -> None:
    tmp_path.joinpath("app.py").write_text("x = 1\n")
    tmp_path.joinpath("link.svg").symlink_to("gone/away.svg")
    for name in ("link.svg", f"{'a' * 300}.svg"):
        answer = tour(tmp_path, "survey", "app.py", "--picture", name)
        assert (answer.returncode, answer.stdout) == (2, "")
        assert answer.stderr.startswith(f"tour: {name} cannot be written: ")
        assert answer.stderr.endswith("; name another place for the picture\n")


def test_the_picture_has_a_box_for_each_module(tour, folder: Path) -> None:
    answer = tour(folder, "survey", "class_app.py", "--picture", "class.svg")
    assert answer.stdout.endswith("\nThe picture is class.svg\n")
    svg = ElementTree.fromstring(folder.joinpath("class.svg").read_bytes())
    texts = [found.text for found in svg.iter() if found.tag.endswith("text")]
    assert {"class_app.py", "utils.py · 1", "models.py · 2", "stats.py · 7"} <= {*texts}
    assert "imports in a cycle" in texts
    described = next(found.text for found in svg.iter() if found.tag.endswith("desc"))
    assert "1, utils.py, 7 lines, which touches application;" in described
    assert "in red, the import cycle of class_app.py, models.py, auth.py" in described


def test_the_picture_of_a_folder_has_the_modules_that_there_are(tour, folder: Path) -> None:
    tour(folder, "survey", ".", "--picture", "all.svg")
    svg = folder.joinpath("all.svg").read_text()
    assert all(f">{name}_app.py</text>" in svg for name in applications.ALL)


def test_the_picture_of_too_many_modules_is_refused(tour, tmp_path: Path) -> None:
    for number in range(41):
        tmp_path.joinpath(f"module_{number}.py").write_text("x = 1\n")
    answer = tour(tmp_path, "survey", ".", "--picture", "a.svg")
    assert answer.returncode == 2
    assert "a picture has at most 40 modules" in answer.stderr

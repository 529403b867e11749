"""The sections that are found in a module, their order, and what would keep them there."""

import os
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tour.survey.result import Cut
from tour.survey.result import Section
from tour.survey.survey import survey
from tour.survey.survey import survey_files
from tour.syntax.files import Files
from tour.syntax.modules import parse
from tour.system.errors import UsageError
from tour.tests.practice.trees import stage_files
from tour.tests.survey import applications

TAGS = [f"v0.{number}" for number in range(1, 11)]

ORDER = {
    "utilities": "utils.py",
    "models": "models.py",
    "authentication": "auth.py",
    "configuration": "config.py",
    "routes of /api": "api.py",
    "routes of /stats": "stats.py",
    "routes": "main.py",
}

# the page whose table says why a step does something else than what is proposed
PAGE = "docs/your-own-application.md"

APPLICATION = "from flask import Flask\napp = Flask(__name__)\n"
DATABASE = "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy(app)\n"


def cut(source: str, path: str = "app.py") -> Cut:
    """Return what is said of a module with this source."""
    found = survey_files(path, Files({path: source.encode()}, {}))
    assert found.faults == ()
    return found.cut


def names(found: Cut) -> dict[str, tuple[str, ...]]:
    """Return the names in the sections, by their titles in order."""
    return {section.title: section.names for section in found.sections}


def titles(found: Cut) -> list[str]:
    return [section.title for section in found.sections]


def section(found: Cut, title: str) -> Section:
    [only] = [each for each in found.sections if each.title == title]
    return only


def back(found: Cut, title: str) -> list[str]:
    return [need.name for need in section(found, title).back]


# the tour's own stages


@cache
def stage_cut(repository: Path, tag: str) -> Cut:
    return survey_files(tag, stage_files(repository, tag)).cut


def test_the_order_of_the_tour_is_found_in_its_first_stage(this_repository: Path) -> None:
    found = stage_cut(this_repository, "v0.1")
    assert {each.title: each.module for each in found.sections} == ORDER
    assert titles(found) == list(ORDER)
    touches = [each.touches for each in found.sections]
    assert touches[0] == ()
    assert touches[2:4] == [("database",), ("application",)]
    assert {each.title: [need.name for need in each.back] for each in found.sections} == {
        title: ["db"] * (title in ("models", "authentication", "routes of /api")) for title in ORDER
    }
    assert found.stays == ("app", "db", "set_up_sqlite")


def test_the_order_needs_no_comments_between_the_sections(this_repository: Path) -> None:
    source = stage_files(this_repository, "v0.1").contents["flack.py"].decode()
    plain = "".join(line for line in source.splitlines(True) if not line.startswith("# ---"))
    found, other = cut(plain), stage_cut(this_repository, "v0.1")
    assert titles(found) == titles(other)
    # it touches neither, and stands at the end of the models
    assert {*names(found)["utilities"]} - {*names(other)["utilities"]} == {"is_online"}


@pytest.mark.parametrize(
    ("tag", "modules"),
    [
        ("v0.1", ["utils.py"]),
        ("v0.2", ["models.py"]),
        ("v0.4", ["flack/auth.py"]),
        # what is proposed at v0.6 has no name at v0.7, where it is in the attributes of classes
        ("v0.7", ["flack/api.py"]),
        ("v0.8", ["flack/stats/__init__.py", "flack/stats/window.py"]),
        ("v0.9", ["flack/main.py"]),
    ],
)
def test_the_first_proposal_is_what_the_next_step_moves(
    this_repository: Path, tag: str, modules: list[str]
) -> None:
    first = stage_cut(this_repository, tag).sections[0]
    after = stage_files(this_repository, TAGS[TAGS.index(tag) + 1]).contents
    made = {name for path in modules for name in parse(path, after[path]).definitions}
    assert {*first.names} <= made
    # the same names leave that the step takes, but for what is made for them there
    if tag in ("v0.1", "v0.2", "v0.4"):
        assert {*first.names} == made


def test_the_page_says_of_each_stage_what_is_proposed_and_why_a_step_differs(
    this_repository: Path,
) -> None:
    page = this_repository.joinpath(PAGE).read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (v0\.\d+) \| ([^|]+) \|", page, re.MULTILINE))
    proposed = {tag: stage_cut(this_repository, tag).sections[0].title for tag in TAGS[:-1]}
    assert rows == proposed
    assert re.findall(r"^- \*\*After (v0\.\d+)\*\* ", page, re.MULTILINE) == ["v0.3", "v0.5"]
    # what they put off comes next
    assert (proposed["v0.3"], proposed["v0.5"]) == (proposed["v0.4"], proposed["v0.6"])


# applications of other kinds


def test_a_setting_that_is_kept_elsewhere_is_no_section() -> None:
    found = cut(f"from config import Config\n{APPLICATION}app.config.from_object(Config)\n")
    assert found.sections == ()


def test_a_setting_may_ask_the_application() -> None:
    found = cut(
        f"{APPLICATION}PREFIX = 'sqlite:///'\napp.config['URL'] = PREFIX + app.root_path\n"
        "@app.get('/')\ndef index(): return 'x'\n"
    )
    assert names(found) == {"configuration": ("PREFIX",), "routes": ("index",)}


def test_what_registers_classes_stands_beside_them() -> None:
    found = cut(
        f"from flask_restful import Api, Resource, fields\n{APPLICATION}api = Api(app)\n"
        "FIELDS = {'name': fields.String}\n"
        "class List(Resource):\n    def get(self): return FIELDS\n"
        "class Item(Resource):\n    def get(self, id): return FIELDS\n"
        "api.add_resource(List, '/items')\napi.add_resource(Item, '/items/<int:id>')\n"
    )
    assert names(found) == {"routes of /items": ("api", "FIELDS", "List", "Item")}


def test_the_class_of_2016() -> None:
    found = cut(applications.CLASS)
    assert names(found) == {
        "utilities": ("timestamp", "url_for"),
        "models": ("User", "Message"),
        "authentication": (
            *("basic_auth", "token_auth", "token_optional_auth", "verify_password"),
            *("password_error", "verify_token", "verify_optional_token"),
        ),
        "configuration": ("basedir",),
        "routes of /api": ("new_user", "get_user", "new_message"),
        "routes": ("before_first_request", "before_request", "index"),
        "routes of /stats": ("request_stats", "requests_per_second", "add_request", "get_stats"),
    }
    assert section(found, "utilities").instead == ("current_app",)
    assert back(found, "models") == back(found, "authentication") == ["db"]


def test_the_tutorial_in_one_file() -> None:
    found = cut(applications.FLASKR)
    assert (found.applications, found.factories) == ((), ("create_app",))
    assert names(found) == {
        "database": ("get_db", "close_db", "init_db", "init_db_command", "init_app"),
        "routes of auth": ("auth", "login_required", "load_logged_in_user", "login", "logout"),
        "routes of blog": ("blog", "index", "get_post", "update", "delete"),
    }
    assert [each.module for each in found.sections] == ["db.py", "auth.py", "blog.py"]
    assert not any(each.back for each in found.sections)
    assert found.notes == (
        "1 view or hook stands inside create_app: move them out of it, to a blueprint",
    )


def test_connections_by_hand_and_settings_in_the_module() -> None:
    found = cut(applications.SQLITE)
    assert names(found) == {
        "utilities": ("format_datetime", "gravatar_url"),
        "database": ("connect_db", "init_db", "query_db", "get_user_id", "teardown_request"),
        "configuration": ("DATABASE", "PER_PAGE", "DEBUG", "SECRET_KEY"),
        "routes": ("before_request", "timeline", "user_timeline", "add", "login"),
    }
    assert section(found, "database").instead == ("init_app", "current_app")
    assert [need.name for need in section(found, "routes").needs] == [
        *("PER_PAGE", "connect_db", "query_db", "get_user_id"),
    ]


def test_forms_and_a_login_manager_and_extensions_apart_from_the_application() -> None:
    found = cut(applications.FORMS)
    assert names(found) == {
        "utilities": ("slug",),
        "extensions": ("db", "migrate"),
        "models": ("User", "Book"),
        "forms": ("LoginForm", "RegisterForm"),
        "authentication": ("login_manager", "load_user"),
        "configuration": ("Config",),
        "routes": ("slug_filter", "inject_year", "index", "login", "register", "not_found"),
        "routes of /books": ("book", "new_book"),
        "commands": ("seed",),
    }
    # db is made without the application, so nothing needs to be imported back
    assert not any(each.back for each in found.sections)


def test_classes_of_views_that_a_factory_registers() -> None:
    found = cut(applications.ITEMS)
    assert names(found) == {
        "database": ("engine", "Session", "Base", "close_session"),
        "models": ("Item",),
        "routes of /items": ("Page", "read_page", "ItemAPI", "ItemListAPI"),
        "routes": ("health", "not_found"),
    }
    assert not any(each.back for each in found.sections)
    assert found.applications == ("app",)


# what a module may be like


def test_a_module_without_flask_has_sections_too() -> None:
    found = cut("import sqlite3\ndef read(): return sqlite3.connect('x')\ndef add(x): return x\n")
    assert found.applications == ()
    assert names(found) == {"utilities": ("add",), "database": ("read",)}


@pytest.mark.parametrize("source", ["", '"""Only this."""\nimport os\n', "# nothing\n"])
def test_a_module_that_defines_nothing_is_not_cut(source: str) -> None:
    assert cut(source) is None


def test_what_is_not_python_is_told_with_its_line() -> None:
    found = survey_files("app.py", Files({"app.py": b"x = 1\ndef f(:\n"}, {}))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    reason = f"invalid syntax, or it needs a newer Python than {version}, which reads it"
    assert (found.cut, found.faults) == (None, (("app.py", 2, reason),))


@pytest.mark.parametrize(
    "source",
    [
        b"if 1:\nx = 1\n",
        b"x = '\xff'\n",
        b"# coding: ascii\nx = '\xc3\xa9'\n",
        b"# coding: nonsense\n",
        b"x = '\\x'\n",
        b"x = 1\0\n",
    ],
)
def test_what_no_python_will_ever_read_is_not_taken_for_newer(source: bytes) -> None:
    [fault] = survey_files("app.py", Files({"app.py": source}, {})).faults
    assert "newer" not in fault.reason


def test_an_encoding_that_is_declared_is_read() -> None:
    source = "# coding: latin-1\nNAME = 'caf\xe9'\n".encode("latin-1")
    assert survey_files("app.py", Files({"app.py": source}, {})).faults == ()
    undeclared = source.replace(b"coding", b"c")
    [fault] = survey_files("app.py", Files({"app.py": undeclared}, {})).faults
    assert fault.path == "app.py"


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "app.py"
    with file.open("wb") as large:
        large.truncate(10_000_000)
    with pytest.raises(UsageError, match="has 10.0 MB"):
        survey(file)


def test_a_folder_without_python_and_a_path_to_nothing_are_refused(tmp_path: Path) -> None:
    tmp_path.joinpath("README.md").touch()
    with pytest.raises(UsageError, match="there is no Python in"):
        survey(tmp_path)
    with pytest.raises(UsageError, match="there is no .*gone.py; name a module"):
        survey(tmp_path / "gone.py")
    data = tmp_path / "blob.bin"
    data.write_bytes(b"\0\1")
    with pytest.raises(UsageError, match="does not end in .py"):
        survey(data)


@pytest.mark.skipif(os.name == "nt", reason="there a path that is too long leads to nothing")
def test_a_path_that_leads_nowhere_on_this_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: File name too long; name a module"):
        survey(tmp_path / f"{'a' * 300}.py")
    tmp_path.joinpath("app.py").symlink_to("app.py")
    with pytest.raises(UsageError, match="cannot be read: .*; name a module"):
        survey(tmp_path / "app.py")
    with pytest.raises(UsageError, match="there is no .*app.py"):
        survey(Path(__file__, "app.py"))


def test_tests_and_migrations_of_a_folder_are_left_out(tmp_path: Path) -> None:
    for path in ("app.py", "test_app.py", "tests/test_all.py", "migrations/env.py", "conftest.py"):
        tmp_path.joinpath(path).parent.mkdir(exist_ok=True)
        tmp_path.joinpath(path).write_text(APPLICATION)
    assert survey(tmp_path).modules == {"app.py": 2}


def test_the_names_of_packages_in_src_begin_there(tmp_path: Path) -> None:
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    package.joinpath("__init__.py").touch()
    package.joinpath("app.py").write_text(f"{APPLICATION}from shop import views\n")
    package.joinpath("views.py").write_text("from shop.app import app\n")
    [cycle] = survey(tmp_path).cycles
    assert cycle.modules == ("shop/app.py", "shop/views.py")


def test_what_starts_the_program_stays() -> None:
    found = cut(
        "from flask import Flask\ndef make(): return Flask(__name__)\ndef main(): make().run()\n"
        "if __name__ == '__main__':\n    main()\n"
    )
    assert (found.sections, found.stays) == ((), ("make", "main"))


def test_imports_for_type_checkers_and_a_logger_are_each_modules_own() -> None:
    found = cut(
        APPLICATION + "import logging\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
        "    from flask import Response\nlogger = logging.getLogger(__name__)\n"
        "def check(response: 'Response'): logger.info(response)\n"
    )
    assert names(found) == {"utilities": ("check",)}
    assert section(found, "utilities").back == ()


@pytest.mark.parametrize(
    "decorator",
    [
        "@app.route('/users')",
        "@app.get('/users')",
        "@route('/users')",
        "@api_route('/users')",
        "@app.route(PREFIX + 's')",
        "@app.route(f'{PREFIX}s')",
        "@app.route(rule='/users')",
    ],
)
def test_a_view_is_known_however_its_decorator_is_spelt(decorator: str) -> None:
    found = cut(
        f"{APPLICATION}PREFIX = '/user'\nroute = app.route\n"
        "def api_route(path, **options):\n    return app.route(path, **options)\n"
        f"{decorator}\nasync def list_users(): return 'users'\n"
        f"{decorator.replace('(', '(', 1)}\ndef more_users(): return 'more'\n"
    )
    assert {"list_users", "more_users"} <= {*names(found)["routes of /users"]}


def test_names_of_a_star_are_taken_for_those_of_the_library_that_has_them() -> None:
    found = cut(
        "from flask import *\nfrom flask_sqlalchemy import *\napp = Flask(__name__)\n"
        "db = SQLAlchemy(app)\nclass User(db.Model): pass\n"
    )
    assert (found.applications, found.databases) == (("app",), ("db",))
    assert [note.split(":")[0] for note in found.notes] == [
        "line 1 imports * from flask",
        "line 2 imports * from flask_sqlalchemy",
    ]


@pytest.mark.parametrize(
    "definition",
    [
        "match 1:\n    case 1:\n        HOME = 2\n",
        "try:\n    pass\nexcept* ValueError:\n    HOME = 2\n",
        "try:\n    pass\nexcept* ValueError:\n    pass\nfinally:\n    HOME = 2\n",
        "if (HOME := 2) > 1:\n    pass\n",
        "print(HOME := 2)\n",
        pytest.param(
            "type HOME = int\n",
            marks=pytest.mark.skipif(sys.version_info < (3, 12), reason="no Python 3.12"),
        ),
    ],
)
def test_a_name_is_defined_by_each_statement_that_gives_it_a_value(definition: str) -> None:
    found = cut(f"{APPLICATION}{definition}@app.get('/')\ndef home(): return HOME\n")
    assert "HOME" in {*section(found, "routes").names, *found.stays}


def test_a_definition_under_a_condition_is_one_whichever_way_it_goes() -> None:
    found = cut(
        f"{APPLICATION}import os\nif os.name == 'nt':\n    def clear(): return 'cls'\nelse:\n"
        "    def clear(): return 'clear'\nif app.debug:\n    @app.route('/debug')\n"
        "    def debug(): return clear()\n"
    )
    assert names(found) == {"routes": ("clear", "debug")}


def test_a_variable_stays_with_the_function_that_rebinds_it() -> None:
    found = cut(
        f"{APPLICATION}hits = 0\n@app.before_request\n"
        "def count():\n    global hits\n    hits += 1\n"
        "@app.get('/hits')\ndef show(): return str(hits)\n@app.get('/')\ndef index(): return 'x'\n"
    )
    assert names(found) == {"routes of /hits": ("hits", "count", "show"), "routes": ("index",)}
    assert found.notes == ()


def test_a_variable_that_several_sections_rebind_is_noted() -> None:
    rebinding = "    global cache\n    cache = {}\n    return 'x'\n"
    found = cut(
        f"{APPLICATION}cache = None\n@app.get('/')\ndef index():\n{rebinding}"
        f"@app.cli.command()\ndef warm():\n{rebinding}"
    )
    assert [note.split(",")[0] for note in found.notes] == [
        "index in line 4 rebinds cache",
        "warm in line 9 rebinds cache",
    ]


def test_a_database_that_is_made_without_the_application_is_cut_before_the_models() -> None:
    found = cut(
        "from flask import Flask, current_app\nfrom flask_sqlalchemy import SQLAlchemy\n"
        "db = SQLAlchemy()\nclass User(db.Model): pass\n"
        "def limit(): return current_app.config['LIMIT']\n"
        "def create_app():\n    app = Flask(__name__)\n    db.init_app(app)\n    return app\n"
        "app = create_app()\n"
    )
    assert names(found) == {"utilities": ("limit",), "extensions": ("db",), "models": ("User",)}
    assert section(found, "utilities").touches == ()
    assert (found.applications, found.factories) == (("app",), ("create_app",))


def test_sections_that_need_each_other_are_told_by_the_name() -> None:
    found = cut(
        f"{APPLICATION}{DATABASE}from flask_login import LoginManager\nlogin = LoginManager()\n"
        "class User(db.Model):\n    def allowed(self): return load(self.id)\n"
        "@login.user_loader\ndef load(id): return db.session.get(User, id)\n"
    )
    assert titles(found) == ["models", "authentication"]
    assert [(need.name, need.section) for need in section(found, "models").back] == [
        ("db", "what stays"),
        ("load", "authentication"),
    ]


def test_a_section_comes_after_those_that_it_needs_however_large_it_is() -> None:
    views = "".join(f"@app.get('/big/{n}')\ndef big_{n}(): return small_1()\n" for n in range(5))
    small = "".join(f"@app.get('/small/{n}')\ndef small_{n}(): return 'x'\n" for n in range(2))
    assert titles(cut(APPLICATION + views + small)) == ["routes of /small", "routes of /big"]


def test_neighbours_stay_together_and_others_go_with_the_views_that_use_them() -> None:
    shared, own = "def shared(): return 'x'\n", "def own(): return 'x'\n"
    views = "@app.get('/a')\ndef a(): return shared()\n@app.get('/b/1')\ndef b(): return shared()\n"
    other = "@app.get('/b/2')\ndef c(): return own()\n"
    together = names(cut(APPLICATION + shared + own + views + other))
    assert together["utilities"] == ("shared", "own")
    apart = names(cut(APPLICATION + shared + views + own + other))
    assert apart["utilities"] == ("shared",)
    assert apart["routes of /b"] == ("b", "own", "c")


@pytest.mark.parametrize(
    ("value", "use"),
    [
        ("{}", "SEEN['a'] = 1"),
        ("[]", "SEEN.append(1)"),
        ("{'a': {}}", "SEEN['a'].update(b=1)"),
        ("make()", "SEEN.limit += 1"),
        ("make()", "next(SEEN)"),
        ("make()", "with SEEN: pass"),
    ],
)
def test_what_a_view_alone_changes_goes_with_it_and_a_constant_with_its_neighbours(
    value: str, use: str
) -> None:
    def names_with(use: str, settings: str = "") -> dict[str, tuple[str, ...]]:
        source = (
            f"{APPLICATION}{settings}SEEN = {value}\ndef shared(): return 'x'\n"
            f"@app.get('/a')\ndef a():\n    {use}\n    return shared()\n"
            "@app.get('/b/1')\ndef b(): return shared()\n@app.get('/b/2')\ndef c(): return 'x'\n"
        )
        return names(cut(source))

    changed = {"utilities": ("shared",), "routes of /b": ("b", "c"), "routes": ("SEEN", "a")}
    assert names_with(use) == changed
    assert names_with("print(SEEN)")["utilities"] == ("SEEN", "shared")
    settings = "app.config.from_object(__name__)\nURL = ''\n"
    assert names_with(use, settings)["routes"] == ("SEEN", "a")
    assert names_with(use, settings)["configuration"] == ("URL",)


def test_an_object_that_is_made_with_the_application_has_to_import_it_back() -> None:
    found = cut(
        f"{APPLICATION}from flask_login import LoginManager\nlogin = LoginManager(app)\n"
        "@login.user_loader\ndef load(id): return id\n"
    )
    assert back(found, "authentication") == ["app"]
    assert section(found, "authentication").instead == ("init_app",)


def test_what_touches_the_application_comes_after_what_touches_the_database_alone() -> None:
    found = cut(
        f"{APPLICATION}{DATABASE}from flask_login import LoginManager\nlogin = LoginManager(app)\n"
        "@login.user_loader\ndef load(id): return None\n"
        "class User(db.Model): pass\n"
    )
    assert titles(found) == ["models", "authentication"]


def test_a_name_of_a_function_or_a_comprehension_is_not_that_of_the_module() -> None:
    found = cut(
        f"{APPLICATION}{DATABASE}LABELS = [app.upper() for app in ('a', 'b')]\n"
        "def ids(rows): return {db.id: db for db in rows if db.id}\n"
        "def serve(app): app.run()\n"
        "def count(rows): return len([app for app in rows]), db.session\n"
        "@app.get('/')\ndef index(): return 'x'\n"
    )
    assert section(found, "utilities").names == ("LABELS", "ids", "serve")
    assert section(found, "utilities").touches == ()
    assert section(found, "models").names == ("count",)
    assert section(found, "models").touches == ("database",)


def test_a_class_whose_bases_go_round_in_a_circle_is_no_trap() -> None:
    assert names(cut("class A(B): pass\nclass B(A): pass\n")) == {"utilities": ("A", "B")}


def test_no_section_takes_the_name_of_the_module_that_is_cut() -> None:
    source = f"{APPLICATION}def add(x): return x\n@app.get('/')\ndef index(): return 'x'\n"
    assert [each.module for each in cut(source, "main.py").sections][-1] == "main_routes.py"
    assert [each.module for each in cut(source, "utils.py").sections][0] == "more_utils.py"


@pytest.mark.parametrize("name", applications.ALL)
def test_each_definition_is_in_one_section_or_stays(name: str) -> None:
    source = applications.ALL[name]
    found = cut(source)
    told = [name for each in found.sections for name in each.names] + [*found.stays]
    defined = {*parse("app.py", source.encode()).definitions} - {"logger"}
    assert sorted(told) == sorted(defined)


# the work


def big(parts: int) -> bytes:
    """Return an application of so many models, views and helpers, of 22 lines each."""
    part = '''
LIMIT_{0} = {0}


def helper_{0}(text):
    """Return the start of it."""
    return text[:LIMIT_{0}]


class Model{0}(db.Model):
    id = db.Column(db.Integer, primary_key=True)

    def to_dict(self):
        return {{"id": self.id, "name": helper_{0}(self.name)}}


@app.route("/group{1}/{0}")
def view_{0}():
    found = Model{0}.query.filter_by(name=request.args.get("name")).all()
    return jsonify([each.to_dict() for each in found])

'''
    parts_of = (part.format(number, number % 20) for number in range(parts))
    return "".join([APPLICATION, DATABASE, *parts_of]).encode()


def count_calls(function: Callable[[], object]) -> int:
    """Return how many functions are called while this one runs."""
    calls = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(before)
    return calls


def test_twice_the_lines_are_twice_the_work() -> None:
    files = [Files({"app.py": big(parts)}, {}) for parts in (30, 60)]
    small, large = (count_calls(lambda: survey_files("app.py", each)) for each in files)
    assert large < 2.2 * small


def test_a_module_of_5000_lines_is_read_whole() -> None:
    source = big(240)
    assert source.count(b"\n") > 5000
    found = survey_files("app.py", Files({"app.py": source}, {})).cut
    assert titles(found)[:3] == ["utilities", "models", "routes"]
    assert len(section(found, "models").names) == 240

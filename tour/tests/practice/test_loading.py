"""Which programs would come to the end of their imports."""

import sys
from pathlib import Path

import pytest

from tour.practice.loading import ImportFailure
from tour.practice.loading import Loader
from tour.syntax.model import Model
from tour.tests.practice.trees import model
from tour.tests.practice.trees import stage_files

TAGS = [f"v0.{number}" for number in range(1, 11)]


def fail(contents: dict[str, str], name: str = "flack") -> tuple[str, int, str]:
    """Return where and why an import of the module fails."""
    with pytest.raises(ImportFailure) as caught:
        Loader(model(contents), {"utils"}).load(name)
    return caught.value.path, caught.value.line, caught.value.reason


@pytest.mark.parametrize("tag", TAGS)
def test_the_stages_load_each_file_once(this_repository: Path, tag: str) -> None:
    tree = Model(stage_files(this_repository, tag))
    loader = Loader(tree, set())
    loader.start("manage" if "manage" in tree.modules else "flack")
    paths = [run.module.path for run in loader.runs]
    assert len(paths) == len(set(paths))


def test_a_cycle_breaks_where_a_name_is_not_there_yet() -> None:
    tree = {
        "flack/__init__.py": "from .flack import app\n",
        "flack/flack.py": "from .auth import see\n\ndb = 1\napp = 2\n",
        "flack/auth.py": "from .flack import db\nsee = 1\n",
    }
    path, line, reason = fail(tree)
    assert (path, line) == ("flack/auth.py", 1)
    assert "db of flack/flack.py is not there yet; that file is at its line 1" in reason
    tree["flack/flack.py"] = "db = 1\napp = 2\n\nfrom .auth import see\n"
    Loader(model(tree), set()).load("flack")


def test_a_cycle_of_modules_that_ask_for_each_other_later_does_not_break() -> None:
    tree = {
        "flack/__init__.py": "from . import a\n",
        "flack/a.py": "from . import b\ndef f(): return b.g\n",
        "flack/b.py": "from . import a\ndef g(): return a.f\n",
    }
    Loader(model(tree), set()).load("flack")


def test_of_an_if_either_way_may_be_the_one_that_is_taken() -> None:
    tree = {
        "flack.py": "if f():\n    from utils import a\nelse:\n    from utils import b\n    c = 1\n",
        "utils.py": "b = 1\n",
        "other.py": "from flack import a, b, c\n",
    }
    Loader(model(tree), {"utils"}).load("other")
    tree["utils.py"] = ""
    assert fail(tree) == ("flack.py", 4, "utils.py has no b")


# how flack/models.py gets db, which flack/flack.py has by then, and whether Python comes to an end
MODELS = {
    "import flack.flack\ndb = flack.flack.db\n": "flack of flack/__init__.py is not there yet",
    "import flack.flack\nclass User(flack.flack.db.Model): pass\n": "flack of flack/__init__.py",
    "import flack.flack\n@flack.flack.app.get('/')\ndef f(): pass\n": "flack of flack/__init__.py",
    "from . import flack\ndb = flack.late\n": "late of flack/flack.py is not there yet",
    "from .flack import *\nfrom .models import late\n": "late of flack/models.py is not there yet",
    "from . import flack\ndb = flack.nothing\n": "flack/flack.py has no nothing",
    "from . import flack\ndb = flack.db.Model\n": "",
    "import flack.flack as controller\ndb = controller.db\n": "",
    "import flack.flack as flack\ndb = flack.db\n": "",
    "from .flack import *\nfrom .models import db\n": "",
    "import flack.flack\ndef f(): return flack.flack.late\ng = lambda: flack.flack.late\n": "",
    "import flack.flack\ntry: db = flack.flack.db\nexcept AttributeError: db = 1\n": "",
    "import flack.flack\nflack.__file__\n": "",
    "import os\ndb = os.environ\n": "",
    "match 1:\n    case 1:\n        from . import flack\n        db = flack.db\n": "",
}


@pytest.mark.parametrize("source", MODELS)
def test_an_attribute_of_a_module_has_to_be_there_when_it_is_read(source: str) -> None:
    tree = {
        "flack/__init__.py": "from .flack import db\n",
        "flack/flack.py": "db = 1\nfrom . import models\nlate = 2\n",
        "flack/models.py": source,
    }
    if MODELS[source]:
        path, line, reason = fail(tree)
        assert path == "flack/models.py" and line > 1
        assert MODELS[source] in reason
    else:
        Loader(model(tree), set()).load("flack")


def test_a_package_that_imports_its_module_whole_has_its_own_name_twice() -> None:
    tree = {"flack/__init__.py": "import flack.flack\napp = flack.flack.app\n"}
    tree["flack/flack.py"] = "app = 1\n"
    path, line, reason = fail(tree)
    assert (path, line) == ("flack/__init__.py", 2)
    assert reason == "app of flack/__init__.py is not there yet; that file is at its line 1"
    tree["flack/__init__.py"] = "import flack.flack as controller\napp = controller.app\n"
    Loader(model(tree), set()).load("flack")


def test_a_name_that_a_module_does_not_have_is_told() -> None:
    tree = {"flack.py": "from utils import render\n", "utils.py": ""}
    assert fail(tree) == ("flack.py", 1, "utils.py has no render")


@pytest.mark.parametrize("statement", ["from utils import render", "import flack.nowhere"])
def test_a_module_that_is_not_there_is_told(statement: str) -> None:
    tree = {"flack/__init__.py": f"\n{statement}\n", "flack/utils.py": ""}
    path, line, reason = fail(tree)
    assert (path, line) == ("flack/__init__.py", 2)
    assert "there is no module" in reason


def test_models_that_are_imported_first_break_at_v03(this_repository: Path) -> None:
    tree = Model(stage_files(this_repository, "v0.3"))
    with pytest.raises(ImportFailure) as caught:
        Loader(tree, set()).load("models")
    assert (caught.value.path, caught.value.line) == ("flack.py", 58)


def test_an_import_in_a_function_or_for_types_loads_nothing() -> None:
    tree = {
        "flack.py": "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import flack.nowhere\n"
        "def f():\n    import flack.nowhere\n"
        "if __name__ == '__main__':\n    import flack.nowhere\n"
    }
    Loader(model(tree), set()).load("flack")
    with pytest.raises(ImportFailure):
        Loader(model(tree), set()).start("flack")


def test_nothing_of_a_tree_is_run(tmp_path: Path) -> None:
    source = f"open({str(tmp_path / 'ran')!r}, 'w')\nwhile True: pass\n"
    Loader(model({"flack.py": source}), set()).start("flack")
    assert not tmp_path.joinpath("ran").exists()
    assert "flack" not in sys.modules

"""What is read in modules, by their syntax alone."""

from pathlib import Path

import pytest

from tour.syntax.model import Model
from tour.syntax.model import Origin
from tour.syntax.modules import parse
from tour.tests.practice.trees import model
from tour.tests.practice.trees import stage_files

TAGS = [f"v0.{number}" for number in range(1, 11)]

# the ways to reach flack/auth.py from flack/flack.py
FORMS = {
    "import flack.auth\n": "flack.auth.see",
    "import flack.auth as checks\n": "checks.see",
    "from . import auth\n": "auth.see",
    "from flack import auth\n": "auth.see",
    "from flack import auth as checks\n": "checks.see",
    "from .auth import see\n": "see",
    "from flack.auth import see as look\n": "look",
    "from . import see\n": "see",
}


@pytest.mark.parametrize(("statement", "spelling"), FORMS.items())
def test_every_form_of_import_leads_to_the_definition(statement: str, spelling: str) -> None:
    tree = model(
        {
            "flack/__init__.py": "from .auth import see\n",
            "flack/auth.py": "def see(): pass\n",
            "flack/flack.py": statement,
        }
    )
    assert tree.resolve(tree.modules["flack.flack"], spelling) == Origin("flack.auth", "see")


def test_a_package_may_bind_the_name_of_its_module_to_something_else() -> None:
    tree = model(
        {
            "flack/__init__.py": "from .api import api\n",
            "flack/api.py": "api = object()\n",
            "flack/flack.py": "from flack import api\n",
        }
    )
    assert tree.resolve(tree.modules["flack.flack"], "api") == Origin("flack.api", "api")


@pytest.mark.parametrize("tag", TAGS)
def test_no_name_is_missing_in_a_stage(this_repository: Path, tag: str) -> None:
    tree = Model(stage_files(this_repository, tag))
    assert [module.missing() for module in tree.application] == [{}] * len(tree.application)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b"x = 1\ndef f(:\n", 2),
        (b"x = '\xff'\n", 1),
        (b"x = 1\0\n", 1),
        (b"(" * 5000, 1),
        (b"x = " + b"-" * 100_000 + b"1\n", 1),
    ],
)
def test_what_is_not_python_is_a_fault_with_its_line(source: bytes, line: int) -> None:
    module = parse("utils.py", source)
    assert module.fault is not None
    assert (module.fault.line, module.definitions) == (line, {})


def test_definitions_are_those_that_loading_makes() -> None:
    source = """
import re
from . import utils
try:
    db = make()
except ValueError:
    db = None
if re:
    first, (second, *rest) = 1, (2, 3)
class User:
    name = 1
    def method(self): local = 2
with open() as file: pass
render = utils.render
again = render
declared: int
"""
    found = parse("flack/models.py", source.encode()).definitions
    assert list(found) == ["db", "first", "second", "rest", "User", "file", "again"]


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("def f(): return x\n", {"x": 1}),
        ("def f():\n    x = 1\n    def g(): return x\n", {}),
        ("class A:\n    x = 1\n    def f(self): return x\n", {"x": 3}),
        ("class A:\n    x = 1\n    y = x\n", {}),
        ("def f(x, *a, k=z, **b): return x, a, k, b\n", {"z": 1}),
        ("def f(*a: y, **b: z): return a, b\n", {"y": 1, "z": 1}),
        ("[x for x in range(3) if x]\n", {}),
        ("[y for x in range(3) for y in (x,)]\n", {}),
        ("{x: z for x in range(3)}\n", {"z": 1}),
        ("[x for x in x]\n", {"x": 1}),
        ("[x for x in range(3)]\nx\n", {"x": 2}),
        ("def f():\n    [x for x in range(3)]\n    return x\n", {"x": 3}),
        ("def f():\n    any((y := x) for x in range(3))\n    return y\n", {}),
        ("class A:\n    x = 1\n    y = [x for _ in range(3)]\n", {"x": 3}),
        ("class A:\n    x = [1]\n    y = [_ for _ in x]\n", {}),
        ("lambda y: [y for x in range(3)]\n", {}),
        ("def f():\n    global x\n    x = 1\ndef g(): return x\n", {}),
        ("try: pass\nexcept ValueError as error: print(error)\n", {}),
        ("from utils import *\nx\n", {}),
        ("@x.route\ndef f(): pass\n", {"x": 1}),
        ("lambda y: x + y\n", {"x": 1}),
        ("def f():\n    import re\n    return re\n", {}),
        ("for x in []: pass\nx\n", {}),
        ("match 1:\n    case x: x\n", {}),
        ("match 1:\n    case [*x]: x\n", {}),
        ("match 1:\n    case {**x}: x\n", {}),
    ],
)
def test_a_name_that_nothing_binds_is_missing(source: str, missing: dict[str, int]) -> None:
    assert parse("flack.py", source.encode()).missing() == missing

import pytest

from tour.syntax import imports
from tour.syntax.files import Files
from tour.syntax.imports import Import
from tour.syntax.model import Model

STARTED = b'from models import User\nif __name__ == "__main__":\n    main()\n'


def found(**files: bytes) -> list[Import]:
    """Return the imports among modules in one folder, which are given by name."""
    return found_in({f"{name}.py": data for name, data in files.items()})


def found_in(files: dict[str, bytes]) -> list[Import]:
    """Return the imports among modules, which are given by path."""
    tree = Model(Files(files, {}))
    return tree.edges_of(tree.modules.values())


@pytest.mark.parametrize(
    ("statement", "imported"),
    [
        (b"import flack", "flack/__init__.py"),
        (b"import flack.models", "flack/models.py"),
        (b"from flack import db", "flack/__init__.py"),
        (b"from flack import models", "flack/models.py"),
        (b"from flack.models import User", "flack/models.py"),
        (b"from . import db", "flack/__init__.py"),
        (b"from . import models", "flack/models.py"),
        (b"from .models import User", "flack/models.py"),
        (b"from .stats import stats", "flack/stats/__init__.py"),
        (b"from .stats.window import SlidingWindow", "flack/stats/window.py"),
    ],
)
def test_an_import_goes_to_the_module_that_is_loaded_for_it(statement, imported):
    files = {
        "flack/__init__.py": b"",
        "flack/api.py": statement,
        "flack/models.py": b"",
        "flack/stats/__init__.py": b"",
        "flack/stats/window.py": b"",
    }
    assert found_in(files) == [Import("flack/api.py", imported, False)]


def test_a_package_inside_a_package_imports_what_is_above_it_by_dots():
    files = {"flack/__init__.py": b"", "flack/stats/window.py": b"from .. import db"}
    assert found_in(files) == [Import("flack/stats/window.py", "flack/__init__.py", False)]


def test_main_is_the_module_that_is_started():
    assert Import("models.py", "flack.py", False) in found(
        flack=STARTED, models=b"from __main__ import db"
    )


def test_two_ways_to_import_a_module_are_one_import():
    trick = b"try:\n    from __main__ import db\nexcept ImportError:\n    from flack import db\n"
    assert found(flack=STARTED, models=trick).count(Import("models.py", "flack.py", False)) == 1


def test_what_is_not_of_the_stage_is_left_out():
    assert found(flack=b"import os\nfrom flask import Flask\n") == []


def test_an_import_inside_a_function_is_deferred():
    assert found(flack=b"def make():\n    import utils\n", utils=b"") == [
        Import("flack.py", "utils.py", True)
    ]


def test_an_import_in_the_middle_of_a_module_is_not_deferred():
    middle = b"db = 1\nif db:\n    import utils\n"
    assert found(flack=middle, utils=b"") == [Import("flack.py", "utils.py", False)]


def test_an_import_both_inside_a_function_and_outside_is_not_deferred():
    both = b"import utils\ndef make():\n    import utils\n"
    assert found(flack=both, utils=b"") == [Import("flack.py", "utils.py", False)]


def test_a_cycle_is_what_leads_back_and_not_what_leads_there():
    edges = found(
        flack=b"import models",
        models=b"import auth\nimport utils",
        auth=b"import models",
        utils=b"",
    )
    assert imports.find_cycle(edges) == [
        Import("auth.py", "models.py", False),
        Import("models.py", "auth.py", False),
    ]


def test_a_deferred_import_closes_no_cycle():
    edges = found(flack=b"def make():\n    import models\n", models=b"import flack")
    assert imports.find_cycle(edges) == []

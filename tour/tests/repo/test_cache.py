"""A result is kept for as long as all that it depends on stays as it is, and no longer."""

import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from tour.check import stage_checks
from tour.check.stage_checks import Settings
from tour.environments.pythons import Python
from tour.pages.sessions import Runner
from tour.pages.sessions import Session
from tour.repo import cache
from tour.site import builder
from tour.stages.line import StageLine

SETTINGS = Settings(Python(Path("python"), "3.99.0"), Path("python"))
SESSION = Session("docs/page.md", "v0.1", "", {}, [])
LINE = StageLine(1, ())


def key_of_session() -> str:
    return Runner(Mock(**{"tree.return_value": "a tree"}), print)._key(SESSION)


# who keeps results, by what makes the keys, and what is deep below them
USERS = {
    "check": lambda: stage_checks._key(SETTINGS),
    "site": lambda: builder.find_digest({}, LINE),
    "sessions": key_of_session,
}
DEEP = {
    "check": [
        "check/junit_report.py",
        "repo/git.py",
        "repo/gitconfig",
        "system/interrupt.py",
        "pytest.ini",
        "environments/requirements.txt",
        "__init__.py",
        "contract/conftest.py",
        "contract/vectors.py",
        "contract/test_start.py",
    ],
    "site": [
        "pages/blocks.py",
        "repo/copies.py",
        "repo/git.py",
        "repo/gitconfig",
        "environments/requirements.txt",
        "site/extension.py",
        "site/static/tour.css",
        "site/templates/full.html",
    ],
    "sessions": [
        "stages/tags.py",
        "repo/git.py",
        "repo/gitconfig",
        "repo/own_folder.py",
        "environments/requirements.txt",
        "pages/console.py",
    ],
}
ELSEWHERE = [
    "__main__.py",
    "bench/drive.lua",
    "commands/amend.py",
    "doctor/checks.py",
    "stages.toml",
    "tests/conftest.py",
    "tests/test_cli.py",
]


@pytest.fixture
def tour_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tour's package, which the results depend on in place of this one."""
    copy = Path(shutil.copytree(cache.PACKAGE, tmp_path / "tour"))
    monkeypatch.setattr(cache, "PACKAGE", copy)
    return copy


def change(file: Path) -> None:
    data = bytearray(file.read_bytes() or b" ")
    data[-1] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize(
    ("user", "path"), [(user, path) for user, paths in DEEP.items() for path in paths]
)
def test_a_byte_in_what_a_result_depends_on_forgets_it(
    tour_copy: Path, tmp_path: Path, user: str, path: str
) -> None:
    cache.write(tmp_path, "results", USERS[user](), "fine")
    assert cache.read(tmp_path, "results", USERS[user]()) == "fine"
    change(tour_copy / path)
    assert cache.read(tmp_path, "results", USERS[user]()) is None


@pytest.mark.parametrize("user", USERS)
def test_a_change_elsewhere_keeps_the_result(tour_copy: Path, tmp_path: Path, user: str) -> None:
    cache.write(tmp_path, "results", USERS[user](), "fine")
    for path in ELSEWHERE:
        change(tour_copy / path)
    assert cache.read(tmp_path, "results", USERS[user]()) == "fine"


@pytest.fixture
def needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """A function that writes a package of some files and returns what its module `a` needs."""
    package = tmp_path / "tour"
    monkeypatch.setattr(cache, "PACKAGE", package)

    def find(files: dict[str, str]) -> str:
        for path, text in {"__init__.py": "", **files}.items():
            file = package / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        sources = sorted(cache.sources(["tour.a"]))
        found = [file.relative_to(package).as_posix() for file in sources]
        return " ".join(path for path in found if path not in ("__init__.py", "a.py"))

    return find


@pytest.mark.parametrize(
    "text",
    [
        "import tour.b",
        "import os, tour.b as c",
        "from tour import b",
        "from tour.b import Name",
        "from tour.b import *",
        "from . import b",
        "from .b import Name",
        "def late():\n    from tour import b",
        "if TYPE_CHECKING:\n    from tour.b import Name",
        "try:\n    pass\nexcept OSError:\n    import tour.b",
        "run('-p', 'tour.b')",
    ],
)
def test_an_import_counts_however_it_is_written(needed: Callable[..., str], text: str) -> None:
    assert needed({"a.py": text, "b.py": "", "c.py": ""}) == "b.py"


def test_what_is_imported_imports_in_its_turn(needed: Callable[..., str]) -> None:
    files = {"a.py": "import tour.b", "b.py": "import tour.c", "c.py": "import tour.a", "d.py": ""}
    assert needed(files) == "b.py c.py"


def test_a_package_runs_when_something_in_it_is_imported(needed: Callable[..., str]) -> None:
    files = {"p/__init__.py": "from tour import b", "p/c.py": "", "p/d.py": "", "b.py": ""}
    assert needed({"a.py": "from tour.p.c import Name", **files}) == "b.py p/__init__.py p/c.py"


@pytest.mark.parametrize("text", ["run('-m', 'tour.p')", "PackageLoader('tour.p')"])
def test_a_package_in_a_string_counts_with_all_in_it(needed: Callable[..., str], text: str) -> None:
    files = {"p/__init__.py": "", "p/c.py": "", "p/q/page.html": "", "d.py": ""}
    assert needed({"a.py": text, **files}) == "p/__init__.py p/c.py p/q/page.html"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with_name('data')", "data"),
        ("HERE / 'data.txt'", "data.txt"),
        ("with_name('folder')", "folder/deep/one.css folder/two.js"),
        ("HERE / 'folder/two.js'", ""),
        ("'the data is in data.txt'", ""),
        ("'p' + 'tour' + '' + '.' + '..' + '/'", ""),
        ("with_name('other.txt')", ""),
        ("with_name('stages.toml')", ""),
        ("with_name('pytest.ini')", ""),
    ],
)
def test_data_beside_a_module_counts_when_a_string_names_it(
    needed: Callable[..., str], text: str, expected: str
) -> None:
    data = ("data", "data.txt", "folder/deep/one.css", "folder/two.js")
    others = ("p/__init__.py", "p/other.txt", "pytest.ini", "stages.toml")
    assert needed({"a.py": text, **dict.fromkeys((*data, *others), "")}) == expected


def test_what_pytest_reads_for_a_test_counts(needed: Callable[..., str]) -> None:
    files = {"pytest.ini": "", "conftest.py": "import tour.b", "b.py": "", "p/__init__.py": ""}
    assert needed({"a.py": "import tour.p", **files}) == "p/__init__.py"
    files |= {"p/test_it.py": "", "p/conftest.py": "", "q/conftest.py": ""}
    assert needed({"a.py": "import tour.p.test_it", **files}) == (
        "b.py conftest.py p/__init__.py p/conftest.py p/test_it.py pytest.ini"
    )


def test_a_module_that_is_no_python_needs_nothing(needed: Callable[..., str]) -> None:
    assert needed({"a.py": "import tour.b\ndef", "b.py": ""}) == ""


def test_bytecode_is_no_source(needed: Callable[..., str]) -> None:
    files = {"p/__init__.py": "", "p/__pycache__/c.pyc": "", "p/__pycache__/c.pyc.12": ""}
    assert needed({"a.py": "'tour.p', '__pycache__'", **files}) == "p/__init__.py"


def test_a_module_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="tour.nowhere"):
        cache.sources(["tour.nowhere"])


def test_parts_are_told_apart() -> None:
    parts = [(), ("",), ("", ""), ("ab",), ("a", "b"), ("b", "a"), ("a\0b",), ("1", "a")]
    keys = {cache.key(["tour.check.junit_report"], *some) for some in parts}
    assert len(keys) == len(parts)


def test_text_and_its_bytes_make_the_same_key() -> None:
    assert cache.digest("ü", "\udcff") == cache.digest("ü".encode(), b"\xff")


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    result = {"lines": ["ü", "\n"], "seconds": 1.5, "none": None}
    cache.write(tmp_path, "results", "key", result)
    assert cache.read(tmp_path, "results", "key") == result
    assert cache.read(tmp_path, "results", "other") is None
    assert cache.read(tmp_path, "others", "key") is None


@pytest.mark.parametrize(
    "text", [b"", b'{"key": "key", "res', b"\xff", b"[1]", b'{"result": 1}', b'{"key": "other"}']
)
def test_a_broken_or_foreign_file_is_no_result(tmp_path: Path, text: bytes) -> None:
    cache.write(tmp_path, "results", "key", "fine")
    tmp_path.joinpath(".tour", "results", "key.json").write_bytes(text)
    assert cache.read(tmp_path, "results", "key") is None
    cache.write(tmp_path, "results", "key", "fine")
    assert cache.read(tmp_path, "results", "key") == "fine"


def test_a_writer_that_is_killed_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_half(file: Path, text: str, encoding: str) -> None:
        file.write_bytes(text.encode(encoding)[:-5])
        raise KeyboardInterrupt

    cache.write(tmp_path, "results", "old", "fine")
    monkeypatch.setattr(Path, "write_text", write_half)
    for key in ("old", "new"):
        with pytest.raises(KeyboardInterrupt):
            cache.write(tmp_path, "results", key, "another")
    assert cache.read(tmp_path, "results", "old") == "fine"
    assert cache.read(tmp_path, "results", "new") is None

"""A cache of results, each under a key of all that it depends on.

No list names the tour's own files on which a result depends. They are found, from the imports of
the modules that make the result. The caller gives the rest as parts of the key, such as a stage's
files or the Python.
"""

import ast
import functools
import hashlib
import json
import os
from collections.abc import Iterable
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path
from typing import Any

from tour.repo.own_folder import own_folder
from tour.repo.own_folder import write_whole

PACKAGE = Path(__file__).parents[1]

# each edition changes it; a result that depends on the stages has them among its parts
MANIFEST = "stages.toml"

# pytest reads these by itself, for the tests beside them and in the folders below
FOR_TESTS = ("conftest.py", "pytest.ini")


def sources(modules: Iterable[str]) -> dict[Path, bytes]:
    """Return the modules' own files and those of the tour on which they depend.

    They depend on the modules that they import, at the top or in a function, and so on; on the
    modules that a string names in full, as "tour.system.interrupt"; on the files and folders beside
    a module that a string in it names; and on the files that pytest reads for tests. A package that
    is given, or named in a string, counts with all its files. A name that the code puts together is
    not seen.
    """
    package = _Package()
    waiting = [file for name in modules for file in package.find_named(name)]
    found: dict[Path, bytes] = {}
    while waiting:
        file = waiting.pop()
        if file not in found:
            found[file] = file.read_bytes()
            if file.suffix == ".py":
                waiting += package.find_needed(file, found[file])
    return found


def key(modules: Iterable[str], *parts: str | bytes) -> str:
    """Return a key of the modules' sources and of the parts, which a result depends on beside."""
    files = sources(modules).items()
    named = sorted((file.relative_to(PACKAGE).as_posix(), data) for file, data in files)
    return digest(str(len(named)), *flat(named), *parts)


def flat(files: Iterable[tuple[str, str | bytes]]) -> Iterator[str | bytes]:
    """Yield the paths and the contents of files one after the other, as parts of a key."""
    for path, data in files:
        yield path
        yield data


def digest(*parts: str | bytes) -> str:
    """Return a key of the parts alone; other parts have another key."""
    whole = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
        whole.update(b"%d\0" % len(data) + data)
    return whole.hexdigest()[:32]


def read(repository: Path, kind: str, key: str) -> Any | None:
    """Return the result that is stored under the key, None when none can be read."""
    try:
        data = json.loads(_file(repository, kind, key).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data.get("result") if isinstance(data, dict) and data.get("key") == key else None


def write(repository: Path, kind: str, key: str, result: Any) -> None:
    """Store a result, which JSON can hold, under the key; whole or not at all."""
    data = json.dumps({"key": key, "result": result})
    write_whole(_file(repository, kind, key), data)


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of `list_files` by their paths in the folder."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in list_files(folder)}


def list_files(folder: Path) -> list[Path]:
    """Return all files in the folder, and in those below, but for Python's bytecode."""
    files = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        files += [Path(place, name) for name in names if name != "__pycache__"]
    return sorted(file for file in files if file.is_file())


def _file(repository: Path, kind: str, key: str) -> Path:
    return own_folder(repository, kind) / f"{key}.json"


class _Package:
    """The tour's files, as they are now: the modules by their names, and the others."""

    def __init__(self) -> None:
        self.files = list_files(PACKAGE)
        self.modules = {_name(file): file for file in self.files if file.suffix == ".py"}
        self.for_tests = [file for file in self.files if file.name in FOR_TESTS]
        # of each other file: its package, and the name that it, or its folder, has there
        self.data = []
        packages = {file.parent for file in self.files if file.name == "__init__.py"}
        for file in self.files:
            if file.suffix != ".py" and file.name not in (MANIFEST, *FOR_TESTS):
                folder = next(up for up in file.parents if up in packages)
                self.data.append((folder, file.relative_to(folder).parts[0], file))

    def find_named(self, name: str) -> list[Path]:
        """Return the files of a module, or of a package with all that is in it."""
        if name not in self.modules:
            raise ValueError(f"the tour has no module {name}")
        files = self._find_imported(name)
        if files[-1].name == "__init__.py":
            files += [file for file in self.files if file.is_relative_to(files[-1].parent)]
        return files

    def find_needed(self, file: Path, source: bytes) -> Iterator[Path]:
        """Yield the files that a module needs directly."""
        imports, strings = _parse(source)
        package = _name(file.with_name("__init__.py"))
        for name in imports:
            yield from self._find_imported(resolve_name(name, package))
        # a plain "tour" is the name of the command, or of the folder
        for name in strings & self.modules.keys() - {PACKAGE.name}:
            yield from self.find_named(name)
        for folder, name, data in self.data:
            if folder == file.parent and name in strings:
                yield data
        if file.name.startswith("test_"):
            yield from (other for other in self.for_tests if file.is_relative_to(other.parent))

    def _find_imported(self, name: str) -> list[Path]:
        """Return the modules that an import runs, by the name of a module or of a thing in it."""
        parts = name.split(".")
        names = (".".join(parts[: number + 1]) for number in range(len(parts)))
        return [self.modules[name] for name in names if name in self.modules]


def _name(file: Path) -> str:
    """Return the name under which a module is imported."""
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


@functools.cache
def _parse(source: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that a module imports, and its strings."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        # no result is made with it before it is fixed, and then it is another file
        return frozenset(), frozenset()
    imports: set[str] = set()
    strings = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            strings.add(node.value)
        elif isinstance(node, ast.Import):
            imports.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = f"{'.' * node.level}{node.module}." if node.module else "." * node.level
            imports.update(module + alias.name for alias in node.names)
    return frozenset(imports), frozenset(strings)

"""The survey of a file or a folder: its modules are read, and nothing of them runs."""

import os
import platform
from collections.abc import Iterator
from pathlib import Path
from pathlib import PurePosixPath

from tour.survey import pieces
from tour.survey.cutting import cut
from tour.survey.cycles import find_cycles
from tour.survey.objects import Objects
from tour.survey.pieces import Pieces
from tour.survey.result import Cut
from tour.survey.result import Fault
from tour.survey.result import Other
from tour.survey.result import Survey
from tour.survey.roles import Roles
from tour.syntax import modules
from tour.syntax.files import Files
from tour.syntax.files import read_folder
from tour.syntax.imports import find_cycle
from tour.syntax.imports import imported_first
from tour.syntax.model import Model
from tour.syntax.modules import Module
from tour.system.errors import UsageError

# a module of 5,000 lines has some 200,000 bytes; what has more than this was made by a program
LARGEST = 2_000_000

SUFFIX = ".py"
INIT = "__init__.py"

# what may lie beside the folder src, in which a project can have its packages
BESIDE_SRC = {"setup.py", "conftest.py", "noxfile.py"}


def survey(path: Path) -> Survey:
    """Read a module, or the modules in a folder. Raise UsageError where there is nothing to read.

    A file that is not Python is one of the survey's faults.
    """
    try:
        where, files = _read(path)
    except OSError as error:
        # such as a name that is too long for the system, or a folder that may not be read
        raise UsageError(
            f"{path} cannot be read: {error.strerror}; name a module, such as app.py, or its folder"
        ) from None
    return survey_files(where, files)


def _read(path: Path) -> tuple[str, Files]:
    """Return the files to survey, and the path that they are from."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(
            f"there is no {path}; name a module, such as app.py, or its folder"
        ) from None
    if path.is_dir():
        folder = path / "src" if _has_src(path) else path
        return str(folder), _read_modules(folder)
    if not path.is_file():
        raise UsageError(f"{path} is no file; name a module, such as app.py, or its folder")
    if path.suffix != SUFFIX:
        raise UsageError(f"{path} does not end in .py; name a module, such as app.py")
    size = path.stat().st_size
    if size > LARGEST:
        raise UsageError(
            f"{path} has {size / 1e6:.1f} MB, and a module of up to {LARGEST / 1e6:.0f} MB is read;"
            " move its data to a file of another kind first"
        )
    return str(path), Files({path.name: path.read_bytes()}, {})


def survey_files(path: str, files: Files) -> Survey:
    """Return the survey of files by their paths, the tests among them left out."""
    files = Files(
        {name: data for name, data in files.contents.items() if _is_read(name, files)}, files.unread
    )
    read = [pieces.read(path, data) for path, data in sorted(files.contents.items())]
    tree = Model(files)
    faults = [
        Fault(module.path, module.fault.line, _describe(module.fault))
        for module in tree.modules.values()
        if module.fault
    ]
    faults += [
        Fault(name, 0, reason) for name, reason in files.unread.items() if name.endswith(SUFFIX)
    ]
    objects = _find_objects(tree, {each.module.name: each for each in read})
    found = _cut_largest(files, objects)
    return Survey(
        path,
        {module.path: _count_lines(files, module) for module in tree.modules.values()},
        tuple(tree.edges),
        find_cycles(tree, objects),
        found,
        tuple(sorted(_find_others(objects, found))),
        tuple(sorted(faults)),
    )


def _has_src(folder: Path) -> bool:
    """Return whether the names of a project's packages begin in its folder src."""
    beside = {file.name for file in folder.glob("*.py")}
    is_package = (folder / "src" / INIT).exists()
    return beside <= BESIDE_SRC and not is_package and any(folder.glob(f"src/*/{INIT}"))


def _read_modules(folder: Path) -> Files:
    # reading all of it would pass over what may not be read
    os.listdir(folder)
    top = folder.resolve()
    # the names of a package's modules begin with its own
    while (top / INIT).exists():
        top = top.parent
    start = folder.resolve().relative_to(top).as_posix()
    files = read_folder(folder, LARGEST)
    prefix = "" if start == "." else f"{start}/"
    found = Files(
        {f"{prefix}{name}": data for name, data in files.contents.items()},
        {f"{prefix}{name}": reason for name, reason in files.unread.items()},
    )
    if not any(name.endswith(SUFFIX) for name in found.paths):
        raise UsageError(f"there is no Python in {folder}; name a module, such as app.py")
    return found


def _is_read(path: str, files: Files) -> bool:
    if not path.endswith(SUFFIX):
        return False
    *folders, name = PurePosixPath(path).parts
    is_test = name.startswith("test_") or name in ("tests.py", "conftest.py")
    # the only file is what was asked for, whatever its name
    return len(files.contents) == 1 or not (is_test or {"tests", "test", "migrations"} & {*folders})


def _describe(fault: modules.Fault) -> str:
    """Return why a file is not Python, which it may be for another Python than this one."""
    if not fault.may_be_newer:
        return fault.reason
    version = ".".join(platform.python_version_tuple()[:2])
    return f"{fault.reason}, or it needs a newer Python than {version}, which reads it"


def _count_lines(files: Files, module: Module) -> int:
    return len(files.contents[module.path].splitlines())


def _find_objects(tree: Model, read: dict[str, Pieces]) -> dict[str, Objects]:
    """Return the objects of each module, by its name; an import may reach the database, too."""
    objects: dict[str, Objects] = {}
    names = {module.path: name for name, module in tree.modules.items()}
    order = [names[path] for path in imported_first(names, tree.edges)]
    # where modules import each other, what is known of the later ones counts the second time
    for name in order * 2 if find_cycle(tree.edges) else order:
        objects[name] = Objects(read[name], _find_outside(tree, read[name], objects))
    return objects


def _find_outside(tree: Model, module: Pieces, objects: dict[str, Objects]) -> frozenset[str]:
    """Return the names that a module imports from the tree and that reach the database there."""
    found = set()
    for each in module.module.imports:
        origin = tree.origin(module.module, each.bound)
        known = objects.get(origin.module)
        if known and known.by_name.get(origin.name) in known.touching_database:
            found.add(each.bound)
    return frozenset(found)


def _cut_largest(files: Files, objects: dict[str, Objects]) -> Cut | None:
    """Return the sections of the module that makes the application, else of the largest one."""
    with_pieces = [each for each in objects.values() if each.pieces]
    if not with_pieces:
        return None

    def rank(each: Objects) -> tuple[bool, bool, int]:
        return bool(each.applications), bool(each.factories), len(each.pieces)

    chosen = max(with_pieces, key=rank)
    return cut(Roles(chosen), _count_lines(files, chosen.module.module))


def _find_others(objects: dict[str, Objects], found: Cut | None) -> Iterator[Other]:
    """Yield the modules that make an application, but for the one that is cut."""
    for each in objects.values():
        path = each.module.module.path
        if found and path != found.path and (each.applications or each.factories):
            made = tuple(dict.fromkeys(each.applications)), tuple(sorted(each.factories))
            yield Other(path, *made)

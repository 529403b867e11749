"""The modules of a stage, and which of them imports which."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.stages.sizes import is_test

Files = dict[str, bytes]


class Import(NamedTuple):
    """A module that imports another, both by their paths.

    `deferred` is an import that happens inside functions alone, so not when the module is loaded.
    """

    importer: str
    imported: str
    deferred: bool


def count_lines(files: Files) -> dict[str, int]:
    """Return the number of lines of each Python file, tests too, by path in order."""
    return {path: files[path].count(b"\n") for path in sorted(files) if path.endswith(".py")}


def dotted_name(path: str) -> str:
    """Return the name by which a module at the path is imported."""
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def find_program(files: Files) -> str | None:
    """Return the path of the module that is started, which is `__main__` then; None without one."""
    for path in count_lines(files):
        if not is_test(path) and any(map(is_start, ast.parse(files[path]).body)):
            return path
    return None


def is_start(node: ast.stmt) -> bool:
    """Whether a statement of a module is `if __name__ == "__main__":`."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def find_imports(files: Files) -> list[Import]:
    """Return the imports among the files, in order, each pair of modules once.

    An import of a name that a package defines goes to its `__init__.py`, one of `__main__` to the
    module that is started.
    """
    paths = {dotted_name(path): path for path in count_lines(files)}
    program = find_program(files)
    if program:
        paths["__main__"] = program
    deferred: dict[tuple[str, str], bool] = {}
    for importer in count_lines(files):
        for name, inside in _imported_names(ast.parse(files[importer]), importer):
            imported = paths.get(name) or paths.get(name.rpartition(".")[0])
            if imported and imported != importer:
                pair = importer, imported
                deferred[pair] = inside and deferred.get(pair, True)
    return [Import(*pair, inside) for pair, inside in sorted(deferred.items())]


def find_cycle(imports: list[Import]) -> list[Import]:
    """Return the imports that are part of a cycle: what is imported leads back to the importer.

    A deferred import closes no cycle, since both modules are loaded when it happens.
    """
    loading = [found for found in imports if not found.deferred]

    def reached(start: str) -> set[str]:
        found, waiting = set(), [start]
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                waiting += [other.imported for other in loading if other.importer == module]
        return found

    return [found for found in loading if found.importer in reached(found.imported)]


def _imported_names(
    node: ast.AST, importer: str, inside: bool = False
) -> Iterator[tuple[str, bool]]:
    """Yield the dotted names that are imported, and whether that is inside a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield alias.name, inside
        elif isinstance(child, ast.ImportFrom):
            module = absolute_name(child, importer)
            for alias in child.names:
                yield f"{module}.{alias.name}", inside
        else:
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imported_names(child, importer, inside or function)


def absolute_name(node: ast.ImportFrom, importer: str) -> str:
    """Return the full name of the module that names are imported from."""
    if not node.level:
        # only what begins with a dot may be nothing else
        assert node.module is not None
        return node.module
    folders = PurePosixPath(importer).parent.parts
    kept = folders[: len(folders) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])

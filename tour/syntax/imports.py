"""The imports between the modules of a tree: their names, and those that are in a cycle."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NamedTuple

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


def is_start(node: ast.stmt) -> bool:
    """Whether a statement of a module is `if __name__ == "__main__":`, in either order."""
    orders = ("__name__ == '__main__'", "'__main__' == __name__")
    return isinstance(node, ast.If) and ast.unparse(node.test) in orders


def find_cycle(imports: list[Import]) -> list[Import]:
    """Return the imports that are part of a cycle: what is imported leads back to the importer.

    A deferred import closes no cycle, since both modules are loaded when it happens.
    """
    cycles = {found for cycle in group_cycles(imports) for found in cycle}
    return [found for found in imports if found in cycles]


def group_cycles(imports: list[Import]) -> list[list[Import]]:
    """Return the imports that `find_cycle` does, those of one cycle together."""
    loading = [found for found in imports if not found.deferred]
    group = _find_groups(loading)
    cycles: dict[str, list[Import]] = {}
    for found in loading:
        if group[found.importer] == group[found.imported]:
            cycles.setdefault(group[found.importer], []).append(found)
    return list(cycles.values())


def _find_groups(imports: list[Import]) -> dict[str, str]:
    """Return for each module one of those that it leads to and that lead back, the same for all.

    This is Kosaraju's algorithm for strongly connected components, without recursion.
    """
    importers = defaultdict(list)
    for found in imports:
        importers[found.imported].append(found.importer)
    group: dict[str, str] = {}
    for first in reversed(imported_first((found.importer for found in imports), imports)):
        waiting = [first]
        while waiting:
            module = waiting.pop()
            if module not in group:
                group[module] = first
                waiting += importers[module]
    return group


def imported_first(modules: Iterable[str], imports: list[Import]) -> list[str]:
    """Return modules and what they import, what is imported before what imports it.

    Of those that import each other, one has to come first all the same.
    """
    imported = defaultdict(list)
    for found in imports:
        imported[found.importer].append(found.imported)
    done: dict[str, None] = {}
    entered = set()
    waiting = [*modules][::-1]
    while waiting:
        module = waiting[-1]
        if module in entered:
            done[waiting.pop()] = None
        else:
            entered.add(module)
            waiting += [each for each in imported[module] if each not in entered]
    return list(done)


def absolute_name(node: ast.ImportFrom, importer: str) -> str:
    """Return the full name of the module that names are imported from."""
    if not node.level:
        # only what begins with a dot may be nothing else
        assert node.module is not None
        return node.module
    folders = PurePosixPath(importer).parent.parts
    kept = folders[: len(folders) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])

"""The imports between the modules of a tree: their names, and those that are in a cycle."""

import ast
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
    """Whether a statement of a module is `if __name__ == "__main__":`."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def find_cycle(imports: list[Import]) -> list[Import]:
    """Return the imports that are part of a cycle: what is imported leads back to the importer.

    A deferred import closes no cycle, since both modules are loaded when it happens.
    """
    loading = [found for found in imports if not found.deferred]
    group = _find_groups(loading)
    return [found for found in loading if group[found.importer] == group[found.imported]]


def _find_groups(imports: list[Import]) -> dict[str, str]:
    """Return for each module one of those that it leads to and that lead back, the same for all.

    This is Tarjan's algorithm for strongly connected components, without recursion.
    """
    imported: dict[str, list[str]] = {}
    for found in imports:
        imported.setdefault(found.importer, []).append(found.imported)
        imported.setdefault(found.imported, [])
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    group: dict[str, str] = {}
    open_modules: list[str] = []
    for start in imported:
        way = [] if start in number else [(start, iter(imported[start]))]
        if way:
            number[start] = lowest[start] = len(number)
            open_modules.append(start)
        while way:
            module, rest = way[-1]
            following = next(rest, None)
            if following is None:
                way.pop()
                if way:
                    lowest[way[-1][0]] = min(lowest[way[-1][0]], lowest[module])
                if lowest[module] == number[module]:
                    last = ""
                    while last != module:
                        last = open_modules.pop()
                        group[last] = module
            elif following not in number:
                number[following] = lowest[following] = len(number)
                open_modules.append(following)
                way.append((following, iter(imported[following])))
            elif following not in group:
                lowest[module] = min(lowest[module], number[following])
    return group


def absolute_name(node: ast.ImportFrom, importer: str) -> str:
    """Return the full name of the module that names are imported from."""
    if not node.level:
        # only what begins with a dot may be nothing else
        assert node.module is not None
        return node.module
    folders = PurePosixPath(importer).parent.parts
    kept = folders[: len(folders) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])

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

    def reached(start: str) -> set[str]:
        found, waiting = set(), [start]
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                waiting += [other.imported for other in loading if other.importer == module]
        return found

    return [found for found in loading if found.importer in reached(found.imported)]


def absolute_name(node: ast.ImportFrom, importer: str) -> str:
    """Return the full name of the module that names are imported from."""
    if not node.level:
        # only what begins with a dot may be nothing else
        assert node.module is not None
        return node.module
    folders = PurePosixPath(importer).parent.parts
    kept = folders[: len(folders) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])

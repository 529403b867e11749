"""Random solutions that are right: a stage, written in another order and with other imports.

Of each module the imports of a block change places, as do the functions and classes between two
other statements where nothing needs another one on loading. Names that nothing else knows get other
ones, and own modules are imported in other forms: by their full name, or whole.

`python -m tour.tests.practice.shuffled 200 [TAG ...]`, in the top folder of a clone, grades so many
a step.
"""

import ast
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tour.practice.goals import STEPS
from tour.stages.sizes import is_test
from tour.syntax.imports import absolute_name
from tour.syntax.imports import dotted_name
from tour.tests.practice.trees import bounds_of
from tour.tests.practice.trees import grade
from tour.tests.practice.trees import unmet

# a private name stands in the module at most so often
FEW = 5

DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)


class _Piece(NamedTuple):
    """A statement with the comments and blank lines before it."""

    node: ast.stmt
    text: str

    @property
    def name(self) -> str:
        """The name that a definition binds."""
        return str(getattr(self.node, "name", ""))


def shuffle(tree: dict[str, bytes], tag: str, seed: int) -> dict[str, bytes]:
    """Return the tree in another form; the same one for the same seed."""
    chance = random.Random(f"{tag} {seed}")
    texts = {path: data.decode() for path, data in tree.items() if path.endswith(".py")}
    known = _known_names(tag)
    for path in sorted(texts):
        if not is_test(path):
            texts[path] = _rename(texts, path, known, chance)
            texts[path] = _switch_imports(texts, path, chance)
            texts[path] = _reorder(texts[path], chance)
    return tree | {path: text.encode() for path, text in texts.items()}


def _known_names(tag: str) -> set[str]:
    """Return the names that the goals of a step have."""
    goals = STEPS[tag].goals
    return {name for goal in goals for name in (*getattr(goal, "names", ()), "create_app")}


def _reorder(text: str, chance: random.Random) -> str:
    first, *rest = _pieces(text)
    result = [first]
    run: list[_Piece] = []
    for piece in rest:
        if run and (_kind(piece) is None or _kind(piece) != _kind(run[0])):
            result += _mixed(run, chance)
            run = []
        if _kind(piece) is None:
            result.append(piece)
        else:
            run.append(piece)
    result += _mixed(run, chance)
    return "".join(piece.text for piece in result)


def _kind(piece: _Piece) -> str | None:
    """Return what may change places with what: imports of a block, or definitions."""
    if isinstance(piece.node, DEFINITIONS):
        return "definition"
    if isinstance(piece.node, IMPORTS):
        return "import"
    return None


def _mixed(run: list[_Piece], chance: random.Random) -> list[_Piece]:
    """Return the pieces in a random order in which each comes after what it needs on loading."""
    waiting = list(run)
    # a comment or blank line stays where it is with imports, for it parts their blocks
    if run and isinstance(run[0].node, IMPORTS):
        bodies = [piece.text.lstrip("\n") for piece in run]
        if any(body.startswith("#") for body in bodies):
            return run
        chance.shuffle(bodies)
        gaps = [piece.text[: len(piece.text) - len(piece.text.lstrip("\n"))] for piece in run]
        return [_Piece(piece.node, gap + body) for piece, gap, body in zip(run, gaps, bodies)]
    done: list[_Piece] = []
    while waiting:
        left = {piece.name for piece in waiting}
        free = [piece for piece in waiting if not _needs(piece.node) & left - {piece.name}]
        piece = chance.choice(free or waiting[:1])
        waiting.remove(piece)
        done.append(piece)
    return done


def _needs(node: ast.stmt) -> set[str]:
    """Return the names that a definition looks up when it is loaded."""
    parts: list[ast.AST] = []
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        parts += node.decorator_list
    if isinstance(node, ast.ClassDef):
        parts += [*node.bases, *(each for each in node.body if not isinstance(each, DEFINITIONS))]
    return {each.id for part in parts for each in ast.walk(part) if isinstance(each, ast.Name)}


def _pieces(text: str) -> list[_Piece]:
    lines = text.splitlines(keepends=True)
    pieces = []
    start = 0
    for node in ast.parse(text).body:
        end = node.end_lineno or 0
        pieces.append(_Piece(node, "".join(lines[start:end])))
        start = end
    last = pieces[-1]
    return [*pieces[:-1], _Piece(last.node, last.text + "".join(lines[start:]))]


def _rename(texts: dict[str, str], path: str, known: set[str], chance: random.Random) -> str:
    """Give other names to a fifth of what no other file, and no goal, knows.

    More, or one that has many uses, would be no move: each use is a line that changes.
    """
    text = texts[path]
    others = "\n".join(other for name, other in texts.items() if name != path)
    for node in ast.parse(text).body:
        name = _private_name(node)
        is_rare = bool(name) and len(re.findall(rf"\b{name}\b", text)) <= FEW
        if is_rare and name not in known and not re.search(rf"\b{name}\b", others):
            if chance.random() < 0.2 and not re.search(rf"[\"'.]{name}\b", text):
                text = re.sub(rf"\b{name}\b", f"_{name}", text)
    return text


def _private_name(node: ast.stmt) -> str:
    """Return the name that a statement binds, empty where a library may know it."""
    match node:
        case ast.FunctionDef(name=name, decorator_list=[]) | ast.ClassDef(name=name, bases=[]):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) if not name.startswith("__"):
            return name
    return ""


def _switch_imports(texts: dict[str, str], path: str, chance: random.Random) -> str:
    """Import from own modules by their full name, or import some of them whole."""
    text = texts[path]
    own = {dotted_name(each) for each in texts}
    edits: list[tuple[int, int, int, str]] = []
    tree = ast.parse(text)
    fixed, taken = _fixed_names(tree), _taken_names(tree)
    for node in tree.body:
        if not isinstance(node, ast.ImportFrom) or len(node.names) != 1:
            continue
        module = absolute_name(node, path)
        alias = node.names[0]
        if module not in own or alias.asname or f"{module}.{alias.name}" in own:
            continue
        form = chance.choice(["as it is", "absolute", "whole"])
        if module == "flack" and form == "whole":
            form = "absolute"
        new = ""
        if form == "absolute":
            new = f"from {module} import {alias.name}"
        package, _, last = module.rpartition(".")
        if form == "whole" and alias.name not in fixed and last not in fixed | taken:
            new = f"from {package} import {last}" if package else f"import {last}"
            edits += [
                (name.lineno, name.col_offset, name.col_offset, f"{last}.")
                for name in _loads(tree, alias.name)
            ]
        if new:
            edits.append((node.lineno, 0, node.end_col_offset or 0, new))
    lines = text.split("\n")
    for line, start, end, new in sorted(edits, reverse=True):
        # ast counts bytes
        data = lines[line - 1].encode()
        lines[line - 1] = (data[:start] + new.encode() + data[end:]).decode()
    return "\n".join(_once(lines))


def _once(lines: list[str]) -> Iterator[str]:
    """Yield the lines without a second import of the same."""
    seen = set()
    for line in lines:
        if line.startswith(("from ", "import ")):
            if line in seen:
                continue
            seen.add(line)
        yield line


def _fixed_names(tree: ast.Module) -> set[str]:
    """Return the names in a module that no other form of import may touch."""
    fixed: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                fixed.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                fixed.add(name)
            case ast.JoinedStr():
                # positions in these are not those of the file before Python 3.12
                fixed |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            case ast.Dict() | ast.List():
                # a name as text, for __all__ or a shell
                texts = (each for each in ast.walk(node) if isinstance(each, ast.Constant))
                fixed |= {each.value for each in texts if isinstance(each.value, str)}
    return fixed


def _taken_names(tree: ast.Module) -> set[str]:
    """Return the names in a module that a module cannot be imported under."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    aliases = (node for node in ast.walk(tree) if isinstance(node, ast.alias))
    return names | {alias.asname or alias.name for alias in aliases}


def _loads(tree: ast.AST, name: str) -> list[ast.Name]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    ]


def main(number: int, tags: list[str]) -> int:
    """Grade so many random solutions of the steps, by default all; return how many do not pass."""
    repository = Path.cwd()
    failed = 0
    for tag in tags or STEPS:
        after = bounds_of(repository, tag).after.files.contents
        found = [
            (seed, reasons)
            for seed in range(number)
            if (reasons := unmet(grade(repository, tag, shuffle(after, tag, seed))))
        ]
        failed += len(found)
        print(f"{tag}: {number - len(found)} of {number} pass", *found[:3], sep="\n  ", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(min(main(int(sys.argv[1]), sys.argv[2:]), 1))

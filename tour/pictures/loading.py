"""The picture of how the modules of v0.3 load, when the program is run and when it is imported."""

import ast
from collections.abc import Iterator
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.pictures import lanes
from tour.pictures.svg import Picture
from tour.probes import loading
from tour.probes import running
from tour.probes.loading import Event
from tour.repo import copies
from tour.stages.line import Stage
from tour.syntax.imports import Files
from tour.system.wording import enumerate_words

MAIN = "__main__"

# how the program is started, and what the argument for that is
WAYS = {"run": "python flack.py", "import": 'python -c "import flack"'}

# pixels from where words begin to the code, and to what is said of it
COLUMNS = (0, 48, 254)


class Moment(NamedTuple):
    """A moment worth a row: what happened, in which module, at which line of its file, and why.

    `other` is the module that it leads to; `names` are those that are asked for, or made.
    """

    kind: str
    module: str
    path: str
    line: int
    other: str | None = None
    names: tuple[str, ...] = ()


# kinds of moments: a module is started by an import; a module that runs still is asked for names
# and has them or not; names are made, or used, that such a module is asked for; a module is done
# and the one goes on that imported it; the server starts
STARTS, HAS, LACKS, MAKES, USES, DONE, SERVES = (
    *("starts", "has", "lacks", "makes"),
    *("uses", "done", "serves"),
)


def draw(repository: Path, stage: Stage) -> Picture:
    """Draw which module runs when, for both ways to start."""
    files = copies.read_files(repository, stage.commit)
    seen = {
        way: find_moments(
            [Event(*row) for row in running.watch(repository, stage, "loading", way)], files
        )
        for way in WAYS
    }
    return lanes.draw(
        f"The order in which the modules of {stage.tag} load",
        describe(seen),
        [_make_panel(way, moments, files) for way, moments in seen.items()],
        {lanes.WORKS: "runs", lanes.WAITS: "waits for an import"},
    )


def find_moments(events: list[Event], files: Files) -> list[Moment]:
    """Return what is worth a row of all that happened, in order."""
    statements = {path: _find_statements(files[path]) for path in {event.path for event in events}}
    asked = _find_asked(events, statements)
    moments: list[Moment] = []
    stack: list[str] = []
    for number, event in enumerate(events):
        kind, module, path, line = event
        after = events[number + 1].kind if number + 1 < len(events) else loading.END
        if kind == loading.BEGIN:
            stack.append(module)
        elif kind == loading.END:
            stack.pop()
            moments.append(Moment(DONE, module, path, 0, stack[-1] if stack else None))
        elif kind == loading.SERVE:
            # here it would go on until somebody stops it
            return [*moments, Moment(SERVES, module, path, line)]
        elif kind == loading.LINE and (node := statements[path].get(line)):
            here = module, path, line
            if isinstance(node, ast.ImportFrom):
                names = tuple(alias.name for alias in node.names)
                if after == loading.BEGIN:
                    moments.append(Moment(STARTS, *here, node.module, names))
                elif after == loading.ERROR:
                    moments.append(Moment(LACKS, *here, node.module, names))
                elif node.module in stack:
                    moments.append(Moment(HAS, *here, node.module, names))
            elif made := tuple(name for name in _made_by(node) if name in asked):
                moments.append(Moment(MAKES, *here, None, made))
            elif isinstance(node, ast.ClassDef) and asked & _named_in(node.bases):
                moments.append(Moment(USES, *here, None, (node.name,)))
    return moments


def describe(seen: dict[str, list[Moment]]) -> str:
    sentences = []
    for way, moments in seen.items():
        parts = [part for moment in moments if (part := _say(moment))]
        sentences.append(f"With {WAYS[way]}: {'; '.join(parts)}.")
    return " ".join(["Rows show which module runs, from top to bottom.", *sentences])


def _say(moment: Moment) -> str:
    names = enumerate_words(moment.names) if moment.names else ""
    match moment.kind:
        case "starts":
            return f"{moment.module} at line {moment.line} starts {moment.other}"
        case "has":
            return f"{moment.module} asks {moment.other} for {names} and gets it"
        case "lacks":
            return f"{moment.module} asks {moment.other} for {names}, which it lacks"
        case "makes":
            return f"{moment.module} makes {names} at line {moment.line}"
        case "serves":
            return "the server starts"
        case "done" if moment.other:
            return f"{moment.module} is done and {moment.other} goes on"
    return ""


def _make_panel(way: str, moments: list[Moment], files: Files) -> lanes.Panel:
    first = moments[0].module
    order = list(dict.fromkeys([MAIN, first, *(moment.module for moment in moments)]))
    paths = {moment.module: moment.path for moment in moments}
    heads = tuple(lanes.Lane(paths.get(module, "python -c"), f"as {module}") for module in order)
    place = order.index
    command = WAYS[way]
    marks = ((0, lanes.DONE),)
    arrow = (0, place(first)) if first != MAIN else None
    words = f"{paths[first]} begins, as {first}"
    rows = [lanes.Row((lanes.Words(1, words, "plain muted"),), marks, arrow)]
    stack = list(dict.fromkeys([MAIN, first]))
    bars: list[lanes.Bar] = []
    for moment in moments:
        number = len(rows)
        bars += [
            lanes.Bar(place(module), number - 1, number, module != stack[-1]) for module in stack
        ]
        rows.append(_make_row(moment, order, files))
        if moment.kind == STARTS:
            assert moment.other is not None
            stack.append(moment.other)
        elif moment.kind == DONE:
            stack.pop()
    return lanes.Panel(command, heads, tuple(rows), COLUMNS, tuple(_join(bars)))


def _make_row(moment: Moment, order: list[str], files: Files) -> lanes.Row:
    here = order.index(moment.module)
    there = order.index(moment.other) if moment.other in order else None
    names = enumerate_words(moment.names) if moment.names else ""
    if moment.kind == DONE:
        words = (lanes.Words(1, f"{PurePosixPath(moment.path).name} is done", "plain muted"),)
        arrow = (here, there if there is not None else 0)
        return lanes.Row(words, ((here, lanes.DONE),), arrow if arrow[0] != arrow[1] else None)
    code = files[moment.path].decode().splitlines()[moment.line - 1].strip()
    remark = {
        STARTS: f"starts {moment.other}",
        HAS: f"{moment.other} has made it",
        LACKS: f"ImportError: no {names}",
        MAKES: f"{names} is made",
        USES: "made with that db",
        SERVES: "the server starts",
    }[moment.kind]
    mark = lanes.REFUSED if moment.kind == LACKS else lanes.DONE
    marks = [(here, lanes.DONE)]
    if there is not None and moment.kind != STARTS:
        marks.append((there, mark))
    return lanes.Row(
        (
            lanes.Words(0, f"line {moment.line}", "small muted"),
            lanes.Words(1, lanes.cut(code, COLUMNS[2] - COLUMNS[1] - 18)),
            lanes.Words(2, remark, "small cycle" if moment.kind == LACKS else "small muted"),
        ),
        tuple(marks),
        None if there is None else (here, there),
    )


def _join(bars: list[lanes.Bar]) -> Iterator[lanes.Bar]:
    """Make one bar of those of a lane that follow one another."""
    for lane in sorted({bar.lane for bar in bars}):
        before: lanes.Bar | None = None
        for bar in sorted(bar for bar in bars if bar.lane == lane):
            if before and (before.last, before.waits) == (bar.first, bar.waits):
                before = before._replace(last=bar.last)
            else:
                if before:
                    yield before
                before = bar
        if before:
            yield before


def _find_asked(events: list[Event], statements: dict[str, dict[int, ast.stmt]]) -> set[str]:
    """Return the names that a module is asked for while it runs."""
    asked: set[str] = set()
    stack: list[str] = []
    for number, (kind, module, path, line) in enumerate(events):
        if kind == loading.BEGIN:
            stack.append(module)
        elif kind == loading.END:
            stack.pop()
        elif kind == loading.LINE:
            node = statements[path].get(line)
            if isinstance(node, ast.ImportFrom) and node.module in stack:
                asked.update(alias.name for alias in node.names)
    return asked


def _find_statements(source: bytes) -> dict[int, ast.stmt]:
    """Return the statements of a module by their first lines, without those of functions."""
    found: dict[int, ast.stmt] = {}

    def visit(body: list[ast.stmt]) -> None:
        for node in body:
            found[node.lineno] = node
            if isinstance(node, ast.Try):
                visit([*node.body, *(each for handler in node.handlers for each in handler.body)])

    visit(ast.parse(source).body)
    return found


def _made_by(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.ClassDef | ast.FunctionDef):
        yield node.name


def _named_in(nodes: list[ast.expr]) -> set[str]:
    return {name.id for node in nodes for name in ast.walk(node) if isinstance(name, ast.Name)}

"""show the changes of a step, with moved lines shown as moved

For each file that the step to TAG changes: the lines that moved, with where they came from or went
to, those that were edited, those that are new and those that are gone. A pair of lines that moved
or was edited counts once, in the file where it is now. TAG is by default the stage that you are on.
--mine compares your files, as they lie there, with the stage, and returns 1 when they differ.

example:
  python3 -m tour diff v0.3 models.py
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tour.diff.lines import EMPTY_TREE
from tour.diff.lines import Counts
from tour.diff.lines import Kind
from tour.diff.reading import read_step
from tour.diff.step import Block
from tour.diff.step import File
from tour.diff.step import Line
from tour.diff.step import Row
from tour.diff.step import Side
from tour.diff.step import Step
from tour.diff.step import matches
from tour.diff.step import select_files
from tour.repo import clone
from tour.repo import git
from tour.repo import worktree
from tour.repo.trees import list_files
from tour.repo.trees import list_top
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.stages.line import find_current
from tour.stages.line import find_stages
from tour.stages.manifest import MANIFEST_PATH
from tour.stages.manifest import main_branches
from tour.stages.rules import OWN_ON_MAIN
from tour.system import terminal
from tour.system.errors import UsageError
from tour.system.table import format_table
from tour.system.terminal import Style
from tour.system.wording import count

# the styles of the marks in the left column, and of their lines; and the meanings of the marks, in
# the words of the sides
MARKS: dict[str, tuple[tuple[Style, ...], str]] = {
    "": ((), ""),
    ">": ((Style.DIM,), "moved here"),
    "<": ((Style.DIM,), "moved away"),
    "=": ((Style.DIM,), "moved with its file"),
    "~-": ((Style.YELLOW,), "edited, {0.before}"),
    "~+": ((Style.YELLOW,), "edited, {0.after}"),
    "~<": ((Style.YELLOW,), "edited and moved away"),
    "+": ((Style.GREEN,), "{0.new_alone}"),
    "-": ((Style.RED,), "{0.old_alone}"),
}

# a line of more characters is cut
LONGEST = 400

# of a longer block that moved away, so many lines at each end are shown here, and all at its goal
FOLDED = 12
ENDS = 3

# the number of moves between files that the first line names
NAMED = 3

HEADINGS = ["file", "from / to", "moved", "edited"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tag", nargs="?", metavar="TAG", help="a stage, as in v0.4")
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="show these files and folders alone, or '*.py'"
    )
    parser.add_argument("--mine", action="store_true", help="compare your files with the stage")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--stat", action="store_true", help="show the counts of each file")
    form.add_argument("--files", action="store_true", help="show the names of the files alone")
    parser.add_argument(
        "--color",
        choices=["auto", "always", "never"],
        default="auto",
        help="by default colours are for a terminal, and not where NO_COLOR is set",
    )


def run(arguments: argparse.Namespace) -> int:
    """Show the step; return 1 when the learner's files are compared and differ."""
    repository = clone.find_repository()
    line = find_stages(repository)
    stage = _find_stage(repository, line, arguments)
    if arguments.mine:
        sides = _own_sides(repository, line, stage)
    else:
        sides = _step_sides(line, stage)
    found = read_step(repository, sides.old, sides.new, sides.without)
    files = _select(repository, sides, found, arguments.paths)
    if arguments.files:
        text = "\n".join(_names(files))
    else:
        view = _View(sides, files, terminal.wants_colour(arguments.color))
        text = "\n".join(view.lines(found, arguments.stat))
    if text:
        terminal.show(text)
    return 1 if arguments.mine and files else 0


class Sides(NamedTuple):
    """The two trees that are compared, and the words for them; `old` is None for no tree.

    `old_alone` and `new_alone` are the words for a line that only one side has. `before` and
    `after` are those for the two versions of an edited line. `same` is said if nothing differs.
    """

    title: str
    old: str | None
    new: str
    without: tuple[str, ...]
    old_alone: str
    new_alone: str
    before: str
    after: str
    same: str


def _find_stage(repository: Path, line: StageLine, arguments: argparse.Namespace) -> Stage:
    if arguments.tag:
        try:
            [stage] = line.select([arguments.tag])
        except UsageError as error:
            raise UsageError(f"{error}; a PATH goes after the TAG") from None
        return stage
    current = find_current(repository, line)
    if current is None:
        raise UsageError(
            f"your checkout builds on no stage; name one, as in\n"
            f"  {clone.tour_command(clone.find_main_folder(repository))} diff {line.tip.tag}"
        )
    return current


def _step_sides(line: StageLine, stage: Stage) -> Sides:
    before = line.before(stage)
    return Sides(
        title=f"{before.tag if before else 'nothing'} -> {stage.tag}, {stage.title}",
        old=before and before.commit,
        new=stage.commit,
        without=(),
        old_alone=Kind.GONE,
        new_alone=Kind.NEW,
        before="before",
        after="now",
        same=f"{stage.tag} changes nothing",
    )


def _own_sides(repository: Path, line: StageLine, stage: Stage) -> Sides:
    mine = worktree.snapshot(repository)
    return Sides(
        title=f"{stage.tag} -> your files",
        old=stage.commit,
        new=mine,
        without=_find_overlay(repository, line, mine),
        old_alone=f"only in {stage.tag}",
        new_alone="only in yours",
        before=f"in {stage.tag}",
        after="in yours",
        same=f"your files are the same as those of {stage.tag}",
    )


def _find_overlay(repository: Path, line: StageLine, mine: str) -> tuple[str, ...]:
    """Return the top files of main alone, and README.md, if the tree `mine` is main's."""
    if not git.succeeds(repository, "cat-file", "-e", f"{mine}:{MANIFEST_PATH}"):
        return ()
    mains = main_branches(repository) or ["HEAD"]
    on_main = {name for main in mains for name in list_top(repository, main)}
    in_stages = {name for stage in line.stages for name in list_top(repository, stage.commit)}
    return OWN_ON_MAIN, *sorted(on_main - in_stages)


def _select(repository: Path, sides: Sides, found: Step, paths: list[str]) -> tuple[File, ...]:
    """Return the files that the arguments name: from the top folder, the current one, or the root.

    Raise UsageError for a name that is on neither side.
    """
    if not paths:
        return found.files
    top = repository.resolve()
    here = os.path.relpath(Path.cwd().resolve(), top)
    patterns: list[str] = []
    for path in paths:
        whole = Path(path).resolve()
        if os.path.isabs(path) and whole.is_relative_to(top):
            both = {str(whole.relative_to(top))}
        else:
            both = {os.path.normpath(path), os.path.normpath(os.path.join(here, path))}
        both = {name.replace(os.sep, "/") for name in both}
        if not select_files(found.files, both):
            trees = [sides.old or EMPTY_TREE, sides.new]
            names = [name for tree in trees for name in list_files(repository, tree)]
            if not any(matches(name, pattern) for name in names for pattern in both):
                changed = ", ".join(map(terminal.escape, _names(found.files))) or "none"
                raise UsageError(f"neither side has {path}; the files that differ are: {changed}")
        patterns += both
    return select_files(found.files, patterns)


def _names(files: tuple[File, ...]) -> list[str]:
    return sorted(path for file in files for path in file.paths)


class _View:
    """Some files of a step as lines of text."""

    def __init__(self, sides: Sides, files: tuple[File, ...], colour: bool) -> None:
        self.sides = sides
        self.files = files
        self.colour = colour
        # a line that went to one of these files is shown there
        self.shown = {file.new_path for file in files}
        self.blocks = [block for file in files for hunk in file.hunks for block in hunk]
        lines = [line for block in self.blocks for row in block.rows for line in row[2:] if line]
        self.width = len(str(max((line.number for line in lines), default=0)))

    def lines(self, found: Step, only_counts: bool) -> Iterator[str]:
        """Yield the first line, and for each file its counts or its lines."""
        yield self._paint(self._summary(found), Style.BOLD)
        if self.sides.without:
            yield f"left out, as it is main's own: {', '.join(self.sides.without)}"
        if len(self.files) < len(found.files):
            yield f"shown: {len(self.files)} of {count(len(found.files), 'file')} that differ"
        if self.files and only_counts:
            headings = [*HEADINGS, self.sides.new_alone, self.sides.old_alone]
            rows = [[_name(file), _flows(file), *map(str, file.counts)] for file in self.files]
            yield format_table([headings, *rows], left=2)
        elif self.files:
            if legend := self._legend():
                yield legend
            yield from self._bodies()

    def _summary(self, found: Step) -> str:
        if not found.files:
            return self.sides.same
        counts = self._counts(found.counts) or "no line differs"
        flows = [
            terminal.escape(f"{flow.lines} from {flow.old_path} to {flow.new_path}")
            for flow in found.flows[:NAMED]
        ]
        if len(found.flows) > NAMED:
            rest = sum(flow.lines for flow in found.flows[NAMED:])
            flows.append(f"{rest} between {len(found.flows) - NAMED} other pairs of files")
        return f"{self.sides.title}: {counts}" + (f" ({', '.join(flows)})" if flows else "")

    def _counts(self, counts: Counts) -> str:
        words = (Kind.MOVED, Kind.EDITED, self.sides.new_alone, self.sides.old_alone)
        return ", ".join(f"{number} {word}" for number, word in zip(counts, words) if number)

    def _legend(self) -> str:
        """Return the meanings of the marks that are used."""
        used = {
            mark for block in self.blocks for row in block.rows for mark, *_ in _marked(row, block)
        }
        words = [
            self._paint(f"{mark} {meaning.format(self.sides)}", *styles)
            for mark, (styles, meaning) in MARKS.items()
            if mark and mark in used
        ]
        numbers = f"numbers: lines {self.sides.before}, lines {self.sides.after}"
        return "  ".join([*words, numbers]) if words else ""

    def _bodies(self) -> Iterator[str]:
        had_hunks = True
        for file in self.files:
            if had_hunks or file.hunks:
                yield ""
            had_hunks = bool(file.hunks)
            yield self._paint(self._heading(file), Style.BOLD)
            for index, hunk in enumerate(file.hunks):
                if index:
                    yield self._paint(f"{'':3}{'...':>{self.width}}", Style.DIM)
                for block in hunk:
                    yield from self._block(block)

    def _heading(self, file: File) -> str:
        notes = [self._counts(file.counts), _flows(file), *file.notes]
        nothing = "unchanged" if file.old_path and file.new_path else "empty"
        return f"== {_name(file)}: {'; '.join(filter(None, notes)) or nothing}"

    def _block(self, block: Block) -> Iterator[str]:
        if label := _label(block):
            yield self._paint(label, Style.CYAN)
        rows = block.rows
        goal = block.elsewhere.path if block.elsewhere and rows[0].side is Side.OLD else None
        if goal and len(rows) > FOLDED and goal in self.shown:
            hidden = rows[ENDS:-ENDS]
            for row in rows[:ENDS]:
                yield from self._row(row, block)
            text = f"{len(hidden)} lines more, shown in {terminal.escape(goal)}"
            yield self._paint(f"{'':3}{'...':>{self.width}} {'':{self.width}}  {text}", Style.CYAN)
            rows = rows[-ENDS:]
        for row in rows:
            yield from self._row(row, block)

    def _row(self, row: Row, block: Block) -> Iterator[str]:
        for mark, old, new in _marked(row, block):
            line = new or old if row.side is not Side.OLD else old
            # a mark has at least one line, and on the old side it has the old one
            assert line is not None
            styles, _ = MARKS[mark]
            numbers = " ".join(f"{at.number if at else '':>{self.width}}" for at in (old, new))
            marked = self._paint(f"{mark:2} {numbers}  ", *styles) + self._text(line, styles)
            yield marked.rstrip()
            if mark and not line.ends:
                yield f"{'':{len(numbers) + 5}}(no newline at the end)"

    def _text(self, line: Line, styles: tuple[Style, ...]) -> str:
        """Return a line's text, or the part of it that changed if it is too long, in its style."""
        start, end = 0, len(line.text)
        if end > LONGEST:
            changed = line.words[0].start if line.words else 0
            start = max(0, min(changed - LONGEST // 4, end - LONGEST))
            end = start + LONGEST
        pieces = [f"[{start:,} characters] "] if start else []
        for first, last in line.words:
            first, last = max(first, start), min(last, end)
            pieces.append(self._paint(terminal.escape(line.text[start:first]), *styles))
            words = terminal.escape(line.text[first:last])
            pieces.append(self._paint(words, *styles, Style.REVERSE))
            start = max(start, last)
        pieces.append(self._paint(terminal.escape(line.text[start:end]), *styles))
        if end < len(line.text):
            pieces.append(f" [{len(line.text) - end:,} characters]")
        return "".join(pieces)

    def _paint(self, text: str, *styles: Style) -> str:
        return terminal.paint(text, *styles) if self.colour else text


def _marked(row: Row, block: Block) -> Iterator[tuple[str, Line | None, Line | None]]:
    """Yield the printed lines of a row: a mark, and the old and new line to be numbered."""
    if row.kind is Kind.EDITED:
        if row.side is Side.OLD:
            yield "~<" if block.elsewhere else "~-", row.old, None
            return
        # otherwise the old line is in the same hunk already
        if row.side is Side.BOTH or block.elsewhere:
            yield "~-", row.old, None
        yield "~+", None, row.new
    elif row.kind is Kind.MOVED:
        yield "=" if row.is_unchanged else "<" if row.side is Side.OLD else ">", row.old, row.new
    else:
        yield {None: "", Kind.NEW: "+", Kind.GONE: "-"}[row.kind], row.old, row.new


def _label(block: Block) -> str:
    """Return where a block's lines came from or went, and their change of indentation."""
    side = block.rows[0].side
    place = ""
    if block.elsewhere:
        path, first, last = block.elsewhere
        numbers = f"{first}" if first == last else f"{first}-{last}"
        word = "to" if side is Side.OLD else "from"
        place = f"{word} {terminal.escape(path)}:{numbers}"
    elif any(
        row.side is Side.BOTH and row.kind is Kind.MOVED and not row.is_unchanged
        for row in block.rows
    ):
        place = "in its place" if block.shift else "in its place, with other blanks around it"
    if block.shift:
        place += f", indented {abs(block.shift)} {'more' if block.shift > 0 else 'less'}"
    return f"{'<<' if side is Side.OLD else '>>'} {place}" if place else ""


def _name(file: File) -> str:
    """Return a file's path, or both if it was renamed, and whether it was added or removed."""
    if not file.old_path:
        return f"{terminal.escape(file.path)} (added)"
    if not file.new_path:
        return f"{terminal.escape(file.path)} (removed)"
    return " -> ".join(map(terminal.escape, file.paths))


def _flows(file: File) -> str:
    came = [f"{flow.lines} from {terminal.escape(flow.old_path)}" for flow in file.came]
    went = [f"{flow.lines} to {terminal.escape(flow.new_path)}" for flow in file.went]
    return ", ".join(came + went)

"""The full diff of a step as a part of a page.

Each row has its old and its new line. The stylesheet shows them side by side or one above the
other, so that both views are the same HTML, and one choice away without a script.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from jinja2 import Environment
from jinja2 import PackageLoader
from jinja2 import Template
from markupsafe import Markup

from tour.diff.lines import Kind
from tour.diff.reading import read_step
from tour.diff.step import Block
from tour.diff.step import File
from tour.diff.step import Line
from tour.diff.step import Row
from tour.diff.step import Side
from tour.pages.patches import split_lines
from tour.repo import copies
from tour.site import paint
from tour.stages.line import Stage

# more lines than this that only moved, or did not change, are folded but for those at either end
LONGEST = 12
ENDS = 3

# of the first stage all lines are new: which count is that of its lines
LISTING = [(list(Kind).index(Kind.NEW), "lines")]

# what a row can be beside edited, new, gone and unchanged; the stylesheet has the same words
HERE = "here"
AWAY = "away"
ALONG = "along"
SHIFTED = "shifted"
STILL = "still"
MOVED = (HERE, AWAY, ALONG, SHIFTED)


class Cell(NamedTuple):
    """A line on one side of a row: its number, and its text unless that is shown elsewhere.

    `id` is its anchor where it stands here, `link` leads to that anchor where it does not.
    """

    number: int
    id: str
    link: str
    html: Markup


class ShownRow(NamedTuple):
    kind: str
    old: Cell | None
    new: Cell | None


class Table(NamedTuple):
    """Rows that belong together; `link` leads to where they came from or went to, as `label` says.

    `summary` is what a folded table shows instead of its rows.
    """

    rows: tuple[ShownRow, ...]
    label: str = ""
    link: str = ""
    summary: str = ""

    @property
    def only_moved(self) -> bool:
        return all(row.kind in MOVED for row in self.rows)


class ShownFile(NamedTuple):
    """A file; `old_id` is an anchor for who looks for it by the path that it had."""

    file: File
    id: str
    old_id: str
    notes: tuple[str, ...]
    tables: tuple[Table, ...]

    @property
    def only_moved(self) -> bool:
        return all(row.kind in (*MOVED, STILL) for table in self.tables for row in table.rows)


def write(repository: Path, before: Stage | None, stage: Stage) -> str:
    """Return the HTML of the step from the stage before, None for nothing, to the stage."""
    step = read_step(repository, before and before.commit, stage.commit)
    view = _View(repository, before, stage, {file.path for file in step.files})
    return load_template("full.html").render(
        before=before,
        stage=stage,
        counts=step.counts,
        columns=list(enumerate(Kind)) if before else LISTING,
        files=[view.show(file) for file in step.files],
    )


def load_template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("tour.site"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)


def file_id(path: str) -> str:
    """Return the anchor of a file."""
    return quote(path)


class _View:
    """The files of a step as the page shows them."""

    def __init__(
        self, repository: Path, before: Stage | None, stage: Stage, paths: set[str]
    ) -> None:
        self.paths = paths
        self.tags = {Side.OLD: before.tag if before else "", Side.NEW: stage.tag}
        self.files = {
            Side.OLD: copies.read_files(repository, before.commit) if before else {},
            Side.NEW: copies.read_files(repository, stage.commit),
        }

    def show(self, file: File) -> ShownFile:
        old_id = ""
        if file.old_path and file.old_path not in self.paths:
            old_id = file_id(file.old_path)
        tables = tuple(self._tables(file))
        return ShownFile(file, file_id(file.path), old_id, tuple(_notes(file)), tables)

    def _tables(self, file: File) -> Iterator[Table]:
        """Yield the tables of each hunk, and of the lines before, between and behind them."""
        old = new = 1
        for hunk in file.hunks:
            first = hunk[0].rows[0]
            if first.side is Side.BOTH:
                yield from self._unchanged(file, old, new, first.both[1].number - new)
            for block in hunk:
                yield from self._block(block)
                for row in block.rows:
                    if row.old and row.side is not Side.NEW:
                        old = row.old.number + 1
                    if row.new and row.side is not Side.OLD:
                        new = row.new.number + 1
        if file.old_path and file.new_path:
            yield from self._unchanged(file, old, new, len(self._new_lines(file)) + 1 - new)

    def _new_lines(self, file: File) -> list[str]:
        data = self.files[Side.NEW].get(file.path, b"")
        return [] if b"\0" in data else split_lines(data.decode(errors="backslashreplace"))

    def _unchanged(self, file: File, old: int, new: int, number: int) -> Iterator[Table]:
        """Yield a table of lines that stay as they are, or only come along with their file."""
        # a file with lines that stay is in both trees
        assert file.old_path and file.new_path
        kind = None if file.old_path == file.new_path else Kind.MOVED
        texts = self._new_lines(file)[new - 1 : new - 1 + number]
        rows = []
        for index, text in enumerate(texts):
            before = Line(file.old_path, old + index, text)
            after = Line(file.new_path, new + index, text)
            rows.append(self._row(Row(kind, Side.BOTH, before, after), None))
        if len(rows) > ENDS:
            what = "lines, moved with their file" if kind else "unchanged lines"
            yield Table(tuple(rows), summary=f"{len(rows)} {what}")
        elif rows:
            yield Table(tuple(rows))

    def _block(self, block: Block) -> Iterator[Table]:
        """Yield a block as a table, or as several of which those that only moved are folded."""
        label, link = self._label(block)
        rows = [self._row(row, block) for row in block.rows]
        shown: list[ShownRow] = []
        for only_moved, group in groupby(rows, lambda row: row.kind in MOVED):
            run = list(group)
            if not only_moved or len(run) <= LONGEST:
                shown += run
                continue
            hidden = run[ENDS:-ENDS]
            yield Table((*shown, *run[:ENDS]), label, link)
            yield Table(tuple(hidden), summary=_summary(hidden, block))
            shown, label, link = run[-ENDS:], "", ""
        yield Table(tuple(shown), label, link)

    def _label(self, block: Block) -> tuple[str, str]:
        """Return where a block came from or went, and the anchor of that place."""
        words = []
        link = ""
        side = block.rows[0].side
        if block.elsewhere:
            path, first, last = block.elsewhere
            numbers = f"{first}" if first == last else f"{first}–{last}"
            words.append(f"{'to' if side is Side.OLD else 'from'} {path}:{numbers}")
            link = self._anchor(Side.NEW if side is Side.OLD else Side.OLD, path, first)
        if block.shift:
            words.append(f"indented {abs(block.shift)} {'more' if block.shift > 0 else 'less'}")
        return ", ".join(words), link

    def _row(self, row: Row, block: Block | None) -> ShownRow:
        kind = _kind(row)
        old = row.old and self._cell(Side.OLD, row.old, row.side is not Side.NEW)
        new = row.new and self._cell(Side.NEW, row.new, row.side is not Side.OLD)
        is_edited = kind == Kind.EDITED and row.side is Side.NEW
        if is_edited and block and block.elsewhere and row.old and old:
            # what the line was elsewhere, beside what it is
            old = old._replace(html=self._text(Side.OLD, row.old))
        return ShownRow(kind, old, new)

    def _cell(self, side: Side, line: Line, is_here: bool) -> Cell:
        anchor = self._anchor(side, line.path, line.number)
        if is_here:
            return Cell(line.number, anchor, "", self._text(side, line))
        return Cell(line.number, "", anchor, Markup())

    def _text(self, side: Side, line: Line) -> Markup:
        html = paint.paint_line(self.files[side], line, "del" if side is Side.OLD else "ins")
        if not line.ends:
            html += ' <span class="note">(no newline at the end)</span>'
        # an empty line is a line, too
        return Markup(html or "\n")

    def _anchor(self, side: Side, path: str, number: int) -> str:
        return f"{self.tags[side]}/{file_id(path)}:{number}"


def _kind(row: Row) -> str:
    """Return the class of a row."""
    if row.kind is Kind.MOVED:
        if row.side is Side.BOTH:
            return ALONG if row.is_unchanged else SHIFTED
        return HERE if row.side is Side.NEW else AWAY
    return row.kind or STILL


def _summary(hidden: list[ShownRow], block: Block) -> str:
    words = f"{len(hidden)} lines, moved as they are"
    if not block.elsewhere:
        return words
    cells = [row.new if row.kind == AWAY else row.old for row in hidden]
    numbers = [cell.number for cell in cells if cell]
    to = "to" if hidden[0].kind == AWAY else "from"
    return f"{words}, {to} {block.elsewhere.path}:{numbers[0]}–{numbers[-1]}"


def _notes(file: File) -> Iterator[str]:
    """Yield what is to be said of a file beside its counts."""
    if not file.old_path:
        yield "a new file"
    if not file.new_path:
        yield "a file that is gone"
    yield from file.notes

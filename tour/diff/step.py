"""A step as it is to be shown: its files, their hunks, and for each line what became of it.

`tour.diff.lines` says of each changed line which kind it is. Here the lines are put back into their
files, between the unchanged lines around them, in rows. A row has an old and a new line beside each
other, and says which of the two stands in the file at that point: both where a line stays or is
edited in its place; the new one alone where it came, from elsewhere or from nowhere; the old one
alone where it went. So side by side, a row is a row of the table; in one column, it is its old
line, its new line, or both, one above the other.

A file that went while another came with at least half of its lines is one file under two paths. Its
hunks leave out what only came along, as those of any file leave out what stays.
"""

import difflib
import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple
from typing import TypeAlias

from tour.diff.lines import EMPTY_TREE
from tour.diff.lines import Change
from tour.diff.lines import Counts
from tour.diff.lines import Kind
from tour.diff.lines import compare
from tour.diff.lines import count
from tour.diff.lines import exclude
from tour.repo import git
from tour.repo import trees

# how many unchanged lines are shown above and below those that changed
CONTEXT = 3

# how many lines that are new or gone do not part a block that moved
GAP = 3

# the share of the longer file's lines that makes of two files one that was renamed
RENAMED = 0.5

# two lines that differ in more words than this are not compared word by word, which takes long
MANY_WORDS = 400

PLAIN = "plain"
MODES = {
    "100644": PLAIN,
    "100755": "executable",
    "120000": "a link",
    trees.SUBMODULE: "a submodule",
}

_TOKEN = re.compile(r"\w+|\s+|.")


class Side(Enum):
    """Which lines of a row stand in the file at this point."""

    OLD = "old"
    NEW = "new"
    BOTH = "both"


class Span(NamedTuple):
    """A part of a text, from the index `start` up to but not including `end`."""

    start: int
    end: int


class Line(NamedTuple):
    """A line of a file in one of the two trees.

    `words` is what an edited line has that the other one has not. `ends` is whether a newline ends
    it.
    """

    path: str
    number: int
    text: str
    words: tuple[Span, ...]
    ends: bool


class Row(NamedTuple):
    """An old and a new line, as far as there are both; `kind` is None where nothing changed.

    Unless `side` is BOTH, one of the two may stand elsewhere.
    """

    kind: Kind | None
    side: Side
    old: Line | None
    new: Line | None

    @property
    def both(self) -> tuple[Line, Line]:
        """The old and the new line of a row that has both, as all have but new and gone ones."""
        assert self.old and self.new
        return self.old, self.new

    @property
    def elsewhere(self) -> Line | None:
        """The line that this one came from or went to."""
        return {Side.OLD: self.new, Side.NEW: self.old, Side.BOTH: None}[self.side]

    @property
    def is_still(self) -> bool:
        """Whether the line stands as it stood, in its file or along with it."""
        if self.side is not Side.BOTH:
            return False
        old, new = self.both
        return old[2:] == new[2:]


class Stretch(NamedTuple):
    """The lines of a file from number `first` to `last`."""

    path: str
    first: int
    last: int


class Block(NamedTuple):
    """Rows, one below the other, that came from one place, went to one place or stay in theirs.

    `elsewhere` is that place. It is None where they stay, and where the old line of an edited one
    is in the same hunk. `shift` is the number of columns by which the lines that moved are indented
    more than before, 0 when they differ in it.
    """

    elsewhere: Stretch | None
    shift: int
    rows: tuple[Row, ...]


class Hunk(NamedTuple):
    """A part of a file that changes, with the unchanged lines around it."""

    blocks: tuple[Block, ...]


class Flow(NamedTuple):
    """How many lines went from one file to another, as they were and edited."""

    old_path: str
    new_path: str
    moved: int
    edited: int

    @property
    def lines(self) -> int:
        """How many in all."""
        return self.moved + self.edited


class File(NamedTuple):
    """A file that changes; one of its paths is None where it is added or removed.

    Modes are git's, as in 100644. `counts` counts a pair of lines where it is now, so that all
    files' counts make up the step's. `came` and `went` are the lines from and to other files.
    `is_binary` is whether its content differs and git sees no lines in it, as in an image.
    """

    old_path: str | None
    new_path: str | None
    old_mode: str
    new_mode: str
    counts: Counts
    came: tuple[Flow, ...]
    went: tuple[Flow, ...]
    hunks: tuple[Hunk, ...]
    is_binary: bool

    @property
    def path(self) -> str:
        """Where it is, else where it was."""
        return self.paths[-1]

    @property
    def paths(self) -> tuple[str, ...]:
        """Where it was and where it is."""
        return tuple(dict.fromkeys(path for path in self[:2] if path))

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of it where it is no text or no plain file."""
        notes = ["not text, and not shown"] if self.is_binary else []
        modes = [mode for mode in (self.old_mode, self.new_mode) if mode != trees.ABSENT]
        names = [MODES.get(mode, mode) for mode in dict.fromkeys(modes)]
        if len(names) > 1:
            notes.append(f"{names[0]} before, {names[1]} now")
        elif names[0] != PLAIN:
            notes.append(names[0])
        return tuple(notes)


class Step(NamedTuple):
    """What changes between two trees; `flows` are between the files of `files`, largest first."""

    counts: Counts
    flows: tuple[Flow, ...]
    files: tuple[File, ...]


def read_step(repository: Path, old: str | None, new: str, without: Iterable[str] = ()) -> Step:
    """Return the step from the commit, tag or tree `old` (None: the empty tree) to `new`.

    Both are ids. The files and folders `without` take no part. Raises GitError when git does not
    know one of the two.
    """
    without = list(without)
    changes = compare(repository, old, new, without)
    flows = _find_flows(changes)
    sources = _pair_renamed(_read_sources(repository, old, new, without, changes), flows)
    rows = _make_rows(changes, sources)
    by_path = defaultdict(list)
    for change in changes:
        place = change.new or change.old
        # it has one of them at least
        assert place is not None
        by_path[place.path].append(change)
    files = [_make_file(source, by_path, flows, rows) for source in sources]
    return Step(count(changes), tuple(flows), tuple(sorted(files, key=lambda file: file.path)))


def select_files(files: Iterable[File], patterns: Iterable[str]) -> tuple[File, ...]:
    """Return the files with a path that one of the patterns matches."""
    patterns = list(patterns)
    return tuple(
        file
        for file in files
        if any(matches(path, pattern) for path in file.paths for pattern in patterns)
    )


def matches(path: str, pattern: str) -> bool:
    """Tell whether the pattern is the path, a folder of it, or one with `*` that fits it."""
    pattern = PurePosixPath(pattern).as_posix()
    return pattern in (".", path) or path.startswith(f"{pattern}/") or fnmatchcase(path, pattern)


def count_same(old: Sequence[object], new: Sequence[object]) -> int:
    """Return how many items from the first on are the same."""
    pairs = enumerate(zip(old, new))
    return next((index for index, (a, b) in pairs if a != b), min(len(old), len(new)))


def find_words(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return where each text has words that the other has not; indentation is none."""
    old_tokens, new_tokens = _find_tokens(old), _find_tokens(new)
    old_words, new_words = ([token[0] for token in side] for side in (old_tokens, new_tokens))
    start = count_same(old_words, new_words)
    old_words, new_words = old_words[start:], new_words[start:]
    end = count_same(old_words[::-1], new_words[::-1])
    if end:
        old_words, new_words = old_words[:-end], new_words[:-end]
    if max(len(old_words), len(new_words)) > MANY_WORDS:
        differences = [("replace", 0, len(old_words), 0, len(new_words))]
    else:
        matcher = difflib.SequenceMatcher(None, old_words, new_words, autojunk=False)
        differences = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return (
        _join_tokens(old, old_tokens[start:], [(code[1], code[2]) for code in differences]),
        _join_tokens(new, new_tokens[start:], [(code[3], code[4]) for code in differences]),
    )


def _find_tokens(text: str) -> list[re.Match[str]]:
    indentation = len(text) - len(text.lstrip())
    return list(_TOKEN.finditer(text.rstrip(), indentation))


def _join_tokens(
    text: str, tokens: list[re.Match[str]], ranges: list[tuple[int, int]]
) -> tuple[Span, ...]:
    """Return where the ranges of tokens are in the text; what only blanks part is one."""
    spans: list[Span] = []
    for first, last in ranges:
        if first < last:
            span = Span(tokens[first].start(), tokens[last - 1].end())
            if spans and not text[slice(spans[-1].end, span.start)].strip():
                span = Span(spans.pop().start, span.end)
            spans.append(span)
    return tuple(spans)


class _Blob(NamedTuple):
    """A file as one tree has it; without lines where none changed."""

    path: str
    mode: str
    object: str
    data: bytes
    lines: list[Line]


class _Source(NamedTuple):
    """A file as both trees have it; None where one has not."""

    old: _Blob | None
    new: _Blob | None


# the rows of the changed lines, by the side and the place that they have in their files
_Rows = dict[tuple[Side, str, int], Row]


def _find_flows(changes: list[Change]) -> list[Flow]:
    kinds: dict[tuple[str, str], Counter[Kind]] = defaultdict(Counter)
    for kind, old, new in changes:
        if old and new and old.path != new.path:
            kinds[old.path, new.path][kind] += 1
    flows = [Flow(*paths, kind[Kind.MOVED], kind[Kind.EDITED]) for paths, kind in kinds.items()]
    return sorted(flows, key=lambda flow: -flow.lines)


def _read_sources(
    repository: Path, old: str | None, new: str, without: list[str], changes: list[Change]
) -> list[_Source]:
    """Return the files that differ, also those without a line that git sees."""
    listing = git.run_bytes(
        repository,
        "diff-tree",
        "-r",
        "-z",
        "--raw",
        "--no-renames",
        "--no-abbrev",
        old or EMPTY_TREE,
        new,
        "--",
        *exclude(without),
    ).split(b"\0")
    entries = []
    for fields, path in zip(listing[::2], listing[1::2]):
        old_mode, new_mode, old_name, new_name, _ = fields.decode().removeprefix(":").split(" ")
        name = path.decode(errors="backslashreplace")
        entries.append([(name, old_mode, old_name), (name, new_mode, new_name)])
    no_blob = (trees.ABSENT, trees.SUBMODULE)
    files = {name for sides in entries for _, mode, name in sides if mode not in no_blob}
    data = _read_objects(repository, files)
    changed = {place.path for change in changes for place in (change.old, change.new) if place}

    def blob(path: str, mode: str, name: str) -> _Blob | None:
        if mode == trees.ABSENT:
            return None
        content = data.get(name, b"")
        return _Blob(path, mode, name, content, _lines(path, content) if path in changed else [])

    return [_Source(*(blob(*side) for side in sides)) for sides in entries]


def _read_objects(repository: Path, names: set[str]) -> dict[str, bytes]:
    stream = git.run_bytes(
        repository, "cat-file", "--batch", input="".join(f"{name}\n" for name in names).encode()
    )
    data = {}
    start = 0
    while start < len(stream):
        end = stream.index(b"\n", start)
        name, _, size = stream[start:end].decode().split(" ")
        start, end = end + 1, end + 1 + int(size)
        data[name] = stream[start:end]
        # a newline follows
        start = end + 1
    return data


def _lines(path: str, data: bytes) -> list[Line]:
    """Return a file's lines, as `tour.diff.lines` reads them."""
    texts = data.decode(errors="backslashreplace").split("\n")
    last = texts.pop()
    lines = [Line(path, number, text, (), True) for number, text in enumerate(texts, 1)]
    return [*lines, Line(path, len(texts) + 1, last, (), False)] if last else lines


def _pair_renamed(sources: list[_Source], flows: list[Flow]) -> list[_Source]:
    """Make one of a file that went and the one that came with its lines, the surest first."""
    went = [source.old for source in sources if source.old and not source.new]
    came = [source.new for source in sources if source.new and not source.old]
    lines = {(flow.old_path, flow.new_path): flow.lines for flow in flows}
    candidates = []
    for old, new in itertools.product(went, came):
        same = old.object == new.object
        same_name = PurePosixPath(old.path).name == PurePosixPath(new.path).name
        longer = max(len(old.lines), len(new.lines)) or 1
        share = lines.get((old.path, new.path), 0) / longer
        # an image and an empty file have no lines
        if share >= RENAMED or same and (old.data or same_name):
            candidates.append((not same, -share, not same_name, old, new))
    partners: dict[str, _Blob] = {}
    arrived = set()
    for *_, old, new in sorted(candidates, key=lambda candidate: candidate[:3]):
        if old.path not in partners and new.path not in arrived:
            partners[old.path] = new
            arrived.add(new.path)
    return [
        source._replace(new=partners[source.old.path])
        if source.old and source.old.path in partners
        else source
        for source in sources
        if source.old or source.new and source.new.path not in arrived
    ]


def _make_rows(changes: list[Change], sources: list[_Source]) -> _Rows:
    """Return the rows of the changed lines, each as if its partner stood elsewhere."""
    olds = {source.old.path: source.old.lines for source in sources if source.old}
    news = {source.new.path: source.new.lines for source in sources if source.new}
    rows: _Rows = {}
    for kind, old_place, new_place in changes:
        old = old_place and olds[old_place.path][old_place.number - 1]
        new = new_place and news[new_place.path][new_place.number - 1]
        if kind is Kind.EDITED and old and new:
            old_words, new_words = find_words(old.text, new.text)
            old, new = old._replace(words=old_words), new._replace(words=new_words)
        if old:
            rows[Side.OLD, old.path, old.number] = Row(kind, Side.OLD, old, new)
        if new:
            rows[Side.NEW, new.path, new.number] = Row(kind, Side.NEW, old, new)
    return rows


def _make_file(
    source: _Source, changes: dict[str, list[Change]], flows: list[Flow], rows: _Rows
) -> File:
    old, new = source
    old_path, new_path = old and old.path, new and new.path
    own = {old_path, new_path}
    counted = [change for path in own if path for change in changes.get(path, [])]
    same = old and new and old.object == new.object
    file_rows = list(_place_rows(old.lines if old else [], new.lines if new else [], rows))
    return File(
        old_path,
        new_path,
        old.mode if old else trees.ABSENT,
        new.mode if new else trees.ABSENT,
        count(counted),
        tuple(flow for flow in flows if flow.new_path == new_path and flow.old_path not in own),
        tuple(flow for flow in flows if flow.old_path == old_path and flow.new_path not in own),
        tuple(_cut_hunks(file_rows)),
        not file_rows and any(blob.data for blob in source if blob) and not same,
    )


def _place_rows(olds: list[Line], news: list[Line], rows: _Rows) -> Iterator[Row]:
    """Yield the rows of a file from its first line to its last."""
    went = [rows.get((Side.OLD, line.path, line.number)) for line in olds]
    came = [rows.get((Side.NEW, line.path, line.number)) for line in news]
    old = new = 0
    while old < len(went) or new < len(came):
        old_end, new_end = _skip_changed(went, old), _skip_changed(came, new)
        if old_end == old and new_end == new:
            yield Row(None, Side.BOTH, olds[old], news[new])
            old, new = old + 1, new + 1
        else:
            yield from _place_changed(
                list(filter(None, went[old:old_end])), list(filter(None, came[new:new_end]))
            )
            old, new = old_end, new_end


def _skip_changed(rows: list[Row | None], index: int) -> int:
    while index < len(rows) and rows[index]:
        index += 1
    return index


def _place_changed(went: list[Row], came: list[Row]) -> Iterator[Row]:
    """Yield the rows between two lines that stay: pairs in one row if in order, old ones first."""
    places = {(row.old.path, row.old.number): index for index, row in enumerate(went) if row.old}
    pairs = [
        (places[row.old.path, row.old.number], index)
        for index, row in enumerate(came)
        if row.old and (row.old.path, row.old.number) in places
    ]
    old = new = 0
    for old_end, new_end in _longest_in_order(pairs):
        yield from went[old:old_end]
        yield from came[new:new_end]
        yield came[new_end]._replace(side=Side.BOTH)
        old, new = old_end + 1, new_end + 1
    yield from went[old:]
    yield from came[new:]


# pairs of numbers, the last one first
_Chain: TypeAlias = "tuple[tuple[int, int], _Chain | None]"


def _longest_in_order(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the most of the pairs, which come by their second number, that rise in their first."""
    ends: list[int] = []
    chains: list[_Chain] = []
    for pair in pairs:
        at = bisect_left(ends, pair[0])
        longer = (pair, chains[at - 1] if at else None)
        following = at + 1
        ends[at:following], chains[at:following] = [pair[0]], [longer]
    chain = chains[-1] if chains else None
    found = []
    while chain:
        pair, chain = chain
        found.append(pair)
    return found[::-1]


def _cut_hunks(rows: list[Row]) -> Iterator[Hunk]:
    """Yield what changes, with what is around it."""
    shown: set[int] = set()
    for index, row in enumerate(rows):
        if not row.is_still:
            shown.update(range(index - CONTEXT, index + CONTEXT + 1))
    for is_shown, group in itertools.groupby(enumerate(rows), lambda item: item[0] in shown):
        if is_shown:
            yield Hunk(tuple(_cut_blocks([row for _, row in group])))


def _cut_blocks(rows: list[Row]) -> Iterator[Block]:
    """Yield a hunk's rows in blocks, each as far as the place goes on where its lines came from."""
    at_hand = {row.old for row in rows if row.side is Side.OLD}
    at_hand |= {row.new for row in rows if row.side is Side.NEW}
    anchors = [_find_anchor(row, at_hand) for row in rows]
    start = 0
    while start < len(rows):
        end = _find_block_end(rows, anchors, start)
        yield _make_block(rows[start:end], list(filter(None, anchors[start:end])))
        start = end


def _find_anchor(row: Row, at_hand: set[Line | None]) -> Line | None:
    """Return what places a row in a block: its line elsewhere, its old one if only indented."""
    if row.side is Side.BOTH:
        return row.old if row.kind is Kind.MOVED and not row.is_still else None
    return None if row.kind is Kind.EDITED and row.elsewhere in at_hand else row.elsewhere


def _find_block_end(rows: list[Row], anchors: list[Line | None], start: int) -> int:
    last = anchors[start]
    end = start + 1
    for index in range(end, len(rows)):
        anchor = anchors[index]
        if anchor:
            goes_on = last and (anchor.path, anchor.number) == (last.path, last.number + 1)
            if not goes_on or rows[index].side is not rows[start].side:
                break
            last, end = anchor, index + 1
        elif not last:
            end = index + 1
        elif rows[index].is_still or index - end >= GAP:
            break
    return end


def _make_block(rows: list[Row], anchors: list[Line]) -> Block:
    elsewhere = None
    if anchors and rows[0].side is not Side.BOTH:
        elsewhere = Stretch(anchors[0].path, anchors[0].number, anchors[-1].number)
    moved = [row.both for row in rows if row.kind is Kind.MOVED]
    shifts = {_indentation(new) - _indentation(old) for old, new in moved if new.text.strip()}
    return Block(elsewhere, shifts.pop() if len(shifts) == 1 else 0, tuple(rows))


def _indentation(line: Line) -> int:
    text = line.text.expandtabs()
    return len(text) - len(text.lstrip())

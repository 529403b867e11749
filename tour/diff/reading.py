"""Reading a step: the files of its two trees, and its changed lines in rows."""

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tour.diff import hunks
from tour.diff.lines import Change
from tour.diff.lines import Kind
from tour.diff.lines import compare
from tour.diff.lines import count
from tour.diff.sources import Source
from tour.diff.sources import pair_renamed
from tour.diff.sources import read_sources
from tour.diff.step import File
from tour.diff.step import Flow
from tour.diff.step import Row
from tour.diff.step import Side
from tour.diff.step import Step
from tour.diff.words import find_words
from tour.repo import trees


def read_step(repository: Path, old: str | None, new: str, without: Iterable[str] = ()) -> Step:
    """Return the step from the commit, tag or tree `old` (None: the empty tree) to `new`.

    Both are ids. The files and folders `without` are left out. Raises GitError when git does not
    know one of the two.
    """
    without = list(without)
    changes = compare(repository, old, new, without)
    flows = _find_flows(changes)
    sources = pair_renamed(read_sources(repository, old, new, without, changes), flows)
    rows = _make_rows(changes, sources)
    by_path = defaultdict(list)
    for change in changes:
        place = change.new or change.old
        # it has one of them at least
        assert place is not None
        by_path[place.path].append(change)
    files = [_make_file(source, by_path, flows, rows) for source in sources]
    return Step(count(changes), tuple(flows), tuple(sorted(files, key=lambda file: file.path)))


def _find_flows(changes: list[Change]) -> list[Flow]:
    kinds: dict[tuple[str, str], Counter[Kind]] = defaultdict(Counter)
    for kind, old, new in changes:
        if old and new and old.path != new.path:
            kinds[old.path, new.path][kind] += 1
    flows = [Flow(*paths, kind[Kind.MOVED], kind[Kind.EDITED]) for paths, kind in kinds.items()]
    return sorted(flows, key=lambda flow: -flow.lines)


def _make_rows(changes: list[Change], sources: list[Source]) -> hunks.Rows:
    """Return the rows of the changed lines, each as if its partner were elsewhere."""
    olds = {source.old.path: source.old.lines for source in sources if source.old}
    news = {source.new.path: source.new.lines for source in sources if source.new}
    rows: hunks.Rows = {}
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
    source: Source, changes: dict[str, list[Change]], flows: list[Flow], rows: hunks.Rows
) -> File:
    old, new = source
    old_path, new_path = old and old.path, new and new.path
    own = {old_path, new_path}
    counted = [change for path in own if path for change in changes.get(path, [])]
    same = old and new and old.object == new.object
    file_rows = list(hunks.place_rows(old.lines if old else [], new.lines if new else [], rows))
    return File(
        old_path,
        new_path,
        old.mode if old else trees.ABSENT,
        new.mode if new else trees.ABSENT,
        count(counted),
        tuple(flow for flow in flows if flow.new_path == new_path and flow.old_path not in own),
        tuple(flow for flow in flows if flow.old_path == old_path and flow.new_path not in own),
        tuple(hunks.cut_hunks(file_rows)),
        not file_rows and any(blob.data for blob in source if blob) and not same,
    )

"""The two versions of each file that changes."""

import itertools
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.diff.lines import EMPTY_TREE
from tour.diff.lines import Change
from tour.diff.lines import exclude
from tour.diff.step import Flow
from tour.diff.step import Line
from tour.repo import trees

# two files that share this part of the longer one's lines are one renamed file
RENAMED = 0.5


class Blob(NamedTuple):
    """A version of a file; `lines` is empty where no line changed."""

    path: str
    mode: str
    object: str
    data: bytes
    lines: list[Line]


class Source(NamedTuple):
    """The two versions of a file; None where a tree does not have it."""

    old: Blob | None
    new: Blob | None


def read_sources(
    repository: Path, old: str | None, new: str, without: list[str], changes: list[Change]
) -> list[Source]:
    """Return the files that differ, also binary ones."""
    entries = []
    for path, *sides in trees.list_changes(repository, old or EMPTY_TREE, new, *exclude(without)):
        # as `tour.diff.lines` reads it
        name = path.encode(errors="surrogateescape").decode(errors="backslashreplace")
        entries.append([(name, *side) for side in sides])
    no_blob = (trees.ABSENT, trees.SUBMODULE)
    names = [name for sides in entries for _, mode, name in sides if mode not in no_blob]
    data = dict(zip(names, trees.read_blobs(repository, names)))
    changed = {place.path for change in changes for place in (change.old, change.new) if place}

    def blob(path: str, mode: str, name: str) -> Blob | None:
        if mode == trees.ABSENT:
            return None
        content = data.get(name) or b""
        return Blob(path, mode, name, content, _lines(path, content) if path in changed else [])

    return [Source(*(blob(*side) for side in sides)) for sides in entries]


def _lines(path: str, data: bytes) -> list[Line]:
    """Return a file's lines, as `tour.diff.lines` reads them."""
    texts = data.decode(errors="backslashreplace").split("\n")
    last = texts.pop()
    lines = [Line(path, number, text) for number, text in enumerate(texts, 1)]
    return [*lines, Line(path, len(texts) + 1, last, ends=False)] if last else lines


def pair_renamed(sources: list[Source], flows: list[Flow]) -> list[Source]:
    """Join a removed file and the added file with its lines, the most similar ones first."""
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
    partners: dict[str, Blob] = {}
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

"""A step half done: its hunks, one after the other, in the order in which its page shows them."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from tour.pages import fences
from tour.stages.line import find_stages
from tour.tests.practice.trees import bounds_of
from tour.tests.practice.trees import read_page


class Hunk(NamedTuple):
    """Lines of a file that others replace; `shown` is the number of the page's fence."""

    shown: int
    path: str
    start: int
    end: int
    lines: tuple[str, ...]


def replay(repository: Path, tag: str) -> Iterator[tuple[Hunk, dict[str, bytes]]]:
    """Yield each hunk of a step and the tree with it, from the stage before to the stage."""
    bounds = bounds_of(repository, tag)
    before, after = bounds.before.files.contents, bounds.after.files.contents
    hunks = sorted(_find_hunks(before, after, _read_fences(repository, tag)))
    done: dict[str, list[Hunk]] = {}
    for hunk in hunks:
        done.setdefault(hunk.path, []).append(hunk)
        tree = dict(before)
        for path, applied in done.items():
            lines = before.get(path, b"").decode().splitlines(keepends=True)
            for each in sorted(applied, key=lambda hunk: hunk.start, reverse=True):
                lines[each.start : each.end] = each.lines
            tree[path] = "".join(lines).encode()
            if path not in after and not tree[path]:
                del tree[path]
        yield hunk, tree


def _find_hunks(
    before: dict[str, bytes], after: dict[str, bytes], shown: list[tuple[str, str]]
) -> Iterator[Hunk]:
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) == after.get(path):
            continue
        old = before.get(path, b"").decode().splitlines(keepends=True)
        new = after.get(path, b"").decode().splitlines(keepends=True)
        changes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if not old and not new:
            changes = [("replace", 0, 0, 0, 0)]
        for kind, start, end, first, last in changes:
            if kind != "equal":
                lines = tuple(new[first:last])
                telling = [line.strip() for line in (*lines, *old[start:end]) if len(line) > 12]
                number = next(
                    (
                        number
                        for number, (file, text) in enumerate(shown)
                        if file == path and any(line in text for line in telling)
                    ),
                    len(shown),
                )
                yield Hunk(number, path, start, end, lines)


def _read_fences(repository: Path, tag: str) -> list[tuple[str, str]]:
    """Return the paths of the diffs that a page shows, and the changed lines of each."""
    tags = [stage.tag for stage in find_stages(repository).stages]
    page = read_page(repository, tag)
    shown = []
    for fence in page.fences:
        diff = fences.read(fence, tags)
        if isinstance(diff, fences.Diff) and diff.new == tag:
            changed = [line for line in fence.lines if line[:1] in "+-"]
            shown.append((diff.path, "\n".join(changed)))
    return shown

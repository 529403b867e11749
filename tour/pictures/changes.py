"""What a step did to each module."""

from collections import Counter
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.diff import lines


class Changes(NamedTuple):
    """How many lines of a module a step moved into it, edited and added, took out and deleted.

    `origin` is the other file that all moved lines come from; None when there are several or none.
    """

    moved: int = 0
    edited: int = 0
    new: int = 0
    moved_out: int = 0
    gone: int = 0
    origin: str | None = None

    def arrived(self) -> list[str]:
        """Return in words what came in, kind by kind."""
        origin = f" from {PurePosixPath(self.origin).name}" if self.origin else ""
        counts = [(self.moved, "moved"), (self.edited, "edited"), (self.new, "new")]
        return [
            f"{count} {kind}{origin if kind == 'moved' else ''}" for count, kind in counts if count
        ]

    def left(self) -> list[str]:
        """Return in words what went out, kind by kind."""
        counts = [(self.moved_out, "moved out"), (self.gone, "gone")]
        return [f"{count} {kind}" for count, kind in counts if count]


def sum_up(changes: list[lines.Change], path: str) -> Changes:
    """Return what the changed lines of a step mean for the file, or the folder that ends in `/`."""

    def concerns(other: str) -> bool:
        return other.startswith(path) if path.endswith("/") else other == path

    arrived: Counter[lines.Kind] = Counter()
    left: Counter[lines.Kind] = Counter()
    origins = set()
    for kind, old, new in changes:
        came = new is not None and concerns(new.path)
        went = old is not None and concerns(old.path)
        if came:
            arrived[kind] += 1
            if kind is lines.Kind.MOVED and old is not None:
                origins.add(old.path)
        elif went:
            left[kind] += 1
    return Changes(
        arrived[lines.Kind.MOVED],
        arrived[lines.Kind.EDITED],
        arrived[lines.Kind.NEW],
        left[lines.Kind.MOVED] + left[lines.Kind.EDITED],
        left[lines.Kind.GONE],
        origins.pop() if len(origins) == 1 and not any(map(concerns, origins)) else None,
    )

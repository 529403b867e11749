"""The loss of a step: how many of its lines an amended stage still has."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tour.diff import lines
from tour.repo import git

# the share of its lines that a step has to keep. An amendment rewords some lines of later steps, or
# takes a piece of one to an earlier stage. A larger loss is a slip, unless the maintainer allows it
SHARE = 0.5


class Ends(NamedTuple):
    """The commits before a step, None for the first stage, and after it."""

    before: str | None
    after: str


class Loss(NamedTuple):
    """How many lines a step had, how many of them are left, and whether it changes no file."""

    had: int
    left: int
    is_empty: bool


def find_loss(repository: Path, old: Ends | None, new: Ends) -> Loss | None:
    """Return the loss of the new step, None where it has most lines of the old one.

    A changed line is left when the new step has the same two texts, before and after, in any file
    and indentation. So a moved line has to leave one place and appear in another. A stage that is
    added has no old step: it is a loss only if it changes nothing.
    """
    had = _count_lines(repository, *old) if old else Counter()
    has = _count_lines(repository, *new)
    left = (had & has).total()
    is_empty = not has and _are_same(repository, *new)
    was_empty = old and not had and _are_same(repository, *old)
    if left < SHARE * had.total() or is_empty and not was_empty:
        return Loss(had.total(), left, is_empty)
    return None


# a commit never changes, and each is asked for twice: when it is made, and before it is published
@cache
def _count_lines(
    repository: Path, before: str | None, after: str
) -> Counter[tuple[str | None, ...]]:
    """Count the changed lines by their texts before and after, None where there is none."""
    return Counter(
        tuple(place and place.text.strip() for place in (change.old, change.new))
        for change in lines.compare(repository, before, after)
    )


def _are_same(repository: Path, before: str | None, after: str) -> bool:
    return git.succeeds(repository, "diff-tree", "--quiet", before or lines.EMPTY_TREE, after)

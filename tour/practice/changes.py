"""What a step changes, as far as it is about a name or a line of the learner's."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from tour.diff.lines import Kind
from tour.diff.reading import read_step
from tour.diff.step import File
from tour.diff.step import Hunk
from tour.diff.step import Row
from tour.diff.step import Side
from tour.diff.step import select_files
from tour.practice.mistakes import find_nearest
from tour.practice.workplace import Practice
from tour.repo.clone import tour_command

# of a longer hunk so many lines are shown, and of a longer run of moved lines none
LONGEST = 40
FOLDED = 3


class Subject(NamedTuple):
    """What hints are about: paths, names, and a line of the learner's."""

    paths: tuple[str, ...]
    words: tuple[str, ...]
    line: str


def rank(subject: Subject, lines: list[str], everywhere: str = "") -> float:
    """Return how much some lines are about a subject, 0 where they are not.

    Where they are a part of a text, what all parts speak of tells none of them.
    """
    near = find_nearest(subject.line, [line.strip() for line in lines])
    found = SequenceMatcher(None, subject.line, near).ratio() if near else 0.0
    for word in subject.words:
        # a word that ends in a bracket is a call
        form = rf"\b{re.escape(word)}" + r"\b" * word[-1].isalnum()
        here, total = (len(re.findall(form, text)) for text in ("\n".join(lines), everywhere))
        found += here / total if total else min(here, 1)
    return found


def show_change(practice: Practice, subject: Subject) -> str:
    """Return of what the step changes in the paths the part that is about the line or the names.

    Without a line and names it is the first part. Longer runs of lines that only move are left out.
    """
    step = read_step(practice.main, practice.before.commit, practice.stage.commit)
    files = select_files(step.files, subject.paths)
    parts = [(file, hunk) for file in files for hunk in file.hunks or [()]]

    def rank_part(part: tuple[File, Hunk]) -> tuple[float, float, int]:
        lines = list(_render(part[1]))
        changed = [line[1:] for line in lines if line[0] in "+-"]
        moved = [row.old.text for block in part[1] for row in block.rows if row.old and row.new]
        about = rank(subject, changed), rank(subject, moved)
        # of several parts about nothing it is the first one
        return *about, -len(lines) * any(about)

    best = max(parts, key=rank_part, default=None)
    if best is None or subject.words and not any(rank_part(best)[:2]):
        return ""
    file, hunk = best
    lines = list(_render(hunk)) or [" no line of it changes"]
    ranks = [rank(subject, [line[1:]]) for line in lines]
    start = max(min(ranks.index(max(ranks)) - LONGEST // 2, len(lines) - LONGEST), 0)
    above, below = ["..."] * (start > 0), ["..."] * (start + LONGEST < len(lines))
    end = f"\nAll of it: {tour_command(practice.main)} diff {practice.tag} {file.path}"
    part = lines[start : start + LONGEST]
    return "\n".join([" -> ".join(file.paths), *above, *part, *below, end])


def _render(hunk: Hunk) -> Iterator[str]:
    """Yield a hunk as lines of a diff, without the longer runs of lines that only move."""
    rows = [row for block in hunk for row in block.rows]
    removed = {row.old for row in rows if row.side is Side.OLD}
    for elsewhere, group in groupby(rows, _find_elsewhere):
        run = list(group)
        if elsewhere and len(run) > FOLDED:
            yield f" ... {len(run)} lines that move {elsewhere}"
            continue
        for row in run:
            if row.is_unchanged and row.new:
                yield f" {row.new.text}"
                continue
            # an edited line may have come from another file
            is_far = row.kind is Kind.EDITED and row.old not in removed
            if row.old and (row.side is not Side.NEW or is_far):
                yield f"-{row.old.text}"
            if row.new and row.side is not Side.OLD:
                yield f"+{row.new.text}"


def _find_elsewhere(row: Row) -> str:
    """Return where a line that is otherwise unchanged comes from or goes to, in words."""
    if row.kind is not Kind.MOVED or not row.elsewhere:
        return ""
    return f"{'to' if row.side is Side.OLD else 'here from'} {row.elsewhere.path}"

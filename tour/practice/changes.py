"""What a step changes, as far as it is about a name or a line of the learner's."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from tour.diff.lines import Kind
from tour.diff.reading import read_step
from tour.diff.step import Row
from tour.diff.step import Side
from tour.practice import mistakes
from tour.practice.workplace import Practice
from tour.repo.clone import tour_command

# of a longer hunk so many lines are shown, and of a longer run of moved lines none
LONGEST = 40
FOLDED = 3


class Subject(NamedTuple):
    """What hints are about: paths, names, and a line of the learner's.

    `is_open` is whether they may also be about none of the names.
    """

    paths: tuple[str, ...]
    words: tuple[str, ...]
    line: str
    is_open: bool


def is_about(path: str, paths: tuple[str, ...]) -> bool:
    """Return whether a path is one of the paths, or in a folder of them."""
    return any(path == about or path.startswith(f"{about.rstrip('/')}/") for about in paths)


def count(word: str, text: str) -> int:
    """Return how often a word stands in a text."""
    # a word that ends in a bracket is a call
    return len(re.findall(rf"\b{re.escape(word)}" + r"\b" * word[-1].isalnum(), text))


def show_change(practice: Practice, subject: Subject) -> str:
    """Return of what the step changes in the paths the part that is about the line or the names.

    Where it may be about none of them, it is the first part. Lines that only move are left out.
    """
    paths, words, line, is_open = subject
    tour = tour_command(practice.main)
    best, shown = (0.0, 0, 0), ""
    for file in read_step(practice.main, practice.before.commit, practice.stage.commit).files:
        if not any(is_about(path, paths) for path in file.paths):
            continue
        head = " -> ".join(file.paths)
        end = f"\nAll of it: {tour} diff {practice.tag} {file.path}"
        if not file.hunks and is_open and not shown:
            shown = f"{head}: no line of it changes\n{end}"
        for hunk in file.hunks:
            rows = [row for block in hunk for row in block.rows]
            moved = "\n".join(row.new.text for row in rows if row.kind is Kind.MOVED and row.new)
            lines = list(_render(rows))
            changed = {number: text for number, text in enumerate(lines) if text[0] in "+-"}
            near = mistakes.find_nearest(line, [text[1:] for text in changed.values()])
            told = [word for word in words if any(count(word, text) for text in changed.values())]
            likeness = mistakes.measure_likeness(line, near)
            rank = (likeness, len(told), -len(lines))
            fits = likeness or told or any(count(word, moved) for word in words)
            if not fits and (shown or not is_open) or shown and rank <= best:
                continue
            places = [
                number
                for number, text in changed.items()
                if (text[1:] == near if near else any(count(word, text) for word in told))
            ]
            start = max(min((places or [0])[0] - LONGEST // 2, len(lines) - LONGEST), 0)
            part = lines[start : start + LONGEST]
            above, below = ["..."] * (start > 0), ["..."] * (start + LONGEST < len(lines))
            best, shown = rank, "\n".join([head, *above, *part, *below, end])
    return shown


def _render(rows: list[Row]) -> Iterator[str]:
    """Yield a hunk as lines of a diff, without the longer runs of lines that only move."""
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
            is_whole = row.side is Side.BOTH or row.kind is Kind.EDITED and row.old not in removed
            if row.old and (row.side is Side.OLD or is_whole):
                yield f"-{row.old.text}"
            if row.new and row.side is not Side.OLD:
                yield f"+{row.new.text}"


def _find_elsewhere(row: Row) -> str:
    """Return where a line that is otherwise unchanged comes from or goes to, in words."""
    if row.kind is not Kind.MOVED or not row.elsewhere:
        return ""
    return f"{'to' if row.side is Side.OLD else 'here from'} {row.elsewhere.path}"

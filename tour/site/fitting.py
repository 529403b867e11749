"""Code that fits on slides: divided where it is too long, in letters as big as can be.

Sizes are in em of a slide, which has 53 by 30.
"""

import math
from typing import NamedTuple

# what a slide has for code and the words beside it, and the width of a line
HEIGHT = 21.5
WIDTH = 46.0
# of a letter of code, its width and the height of its line
LETTER = 0.605
LINE = 1.4
# how big code may be, and how small: 15 pixels where a slide has 1280
LARGEST = 1.0
SMALLEST = 0.63
# a longer line goes on in the next row
LONGEST = 110
# letters of words in a line, the height of such a line, and the space below a paragraph
LETTERS = 92
WORDS_LINE = 1.35
SPACE = 0.55
# a run of code ends at a blank line where that leaves at least this share of it
SHARE = 0.6

# rows by which one slide may have more than its share
MARGIN = 2

LEFT_OUT = "..."


class Piece(NamedTuple):
    """Lines of code for one slide, and the size of their letters."""

    lines: list[str]
    size: float


def divide(lines: list[str], letters: int, most: int) -> list[Piece]:
    """Return code for at most so many slides, with so many letters of words on each.

    Where more is cut, three dots end it.
    """
    room = HEIGHT - height(letters)
    limit = int(room / (LINE * SMALLEST))
    rows = sum(map(_rows, lines))
    # all of about the same length, so that no line stands alone
    share = math.ceil(rows / math.ceil(rows / limit)) + MARGIN
    runs = _runs(lines, min(share, limit))
    if len(runs) > most:
        runs = runs[:most]
        runs[-1] = [*runs[-1][: limit - 1], LEFT_OUT]
    return [Piece(run, _size(run, room)) for run in runs]


def height(letters: int) -> float:
    """Return how high a paragraph of so many letters is, with the space below it."""
    return WORDS_LINE * math.ceil(letters / LETTERS) + (SPACE if letters else 0)


def _runs(lines: list[str], limit: int) -> list[list[str]]:
    runs: list[list[str]] = [[]]
    for line in lines:
        if sum(map(_rows, [*runs[-1], line])) > limit:
            blanks = [at for at, each in enumerate(runs[-1]) if not each.strip("+- ")]
            if blanks and blanks[-1] > SHARE * len(runs[-1]):
                runs.append(runs[-1][blanks[-1] + 1 :])
                del runs[-2][blanks[-1] :]
            else:
                runs.append([])
        runs[-1].append(line)
    return runs


def _rows(line: str) -> int:
    return max(1, math.ceil(len(line) / LONGEST))


def _size(lines: list[str], room: float) -> float:
    columns = min(max(map(len, lines), default=1), LONGEST)
    rows = sum(map(_rows, lines))
    return round(min(LARGEST, WIDTH / (columns * LETTER), room / (rows * LINE)), 3)

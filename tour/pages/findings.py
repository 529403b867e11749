"""What is wrong in a page, where, and how it is fixed."""

from collections.abc import Iterable
from typing import NamedTuple

from tour.system.errors import TourError


class PageError(TourError):
    """What a page asks for is not understood, or not known; the message is a finding."""


class LineError(Exception):
    """A line of a block, that of the number `index`, is wrong; `expected` is what it has to be."""

    def __init__(self, index: int, problem: str, expected: str | None = None) -> None:
        super().__init__(problem)
        self.index = index
        self.problem = problem
        self.expected = expected


class Correction(NamedTuple):
    """The text to write between two offsets of a page's text."""

    start: int
    end: int
    text: str


class Finding(NamedTuple):
    """What is wrong in the line `line`, counted from 1, of the file `path`.

    `expected` and `got` are the first line that differs, as it should be and as it is, None where
    there is no such line. What only an author can fix has no correction.
    """

    path: str
    line: int
    problem: str
    expected: str | None = None
    got: str | None = None
    correction: Correction | None = None


def apply(text: str, corrections: Iterable[Correction]) -> str:
    """Return the text with the corrections made; nothing else is touched."""
    for correction in sorted(set(corrections), reverse=True):
        text = text[: correction.start] + correction.text + text[correction.end :]
    return text

"""Words of sentences that are put together: lists, and numbers with their nouns."""

from collections.abc import Iterable


def enumerate_words(words: Iterable[str]) -> str:
    """Return the words as a list in a sentence: `a`, `a and b`, `a, b and c`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def count(number_of: int, noun: str) -> str:
    """Return a number with its noun: `1 line`, `2 lines`."""
    return f"{number_of:,} {noun}{'' if number_of == 1 else 's'}"

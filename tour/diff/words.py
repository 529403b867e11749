"""The words in which two lines differ."""

import difflib
import re
from collections.abc import Sequence
from typing import NamedTuple

# lines that differ in more words than this are not compared word by word, which takes long
MANY_WORDS = 400

_TOKEN = re.compile(r"\w+|\s+|.")


class Span(NamedTuple):
    """A part of a text, from the index `start` up to but not including `end`."""

    start: int
    end: int


def count_same(old: Sequence[object], new: Sequence[object]) -> int:
    """Return the number of items at the start that are the same."""
    pairs = enumerate(zip(old, new))
    return next((index for index, (a, b) in pairs if a != b), min(len(old), len(new)))


def find_words(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the spans of each text whose words the other does not have, without indentation."""
    old_tokens, new_tokens = _find_tokens(old), _find_tokens(new)
    old_words, new_words = ([token[0] for token in side] for side in (old_tokens, new_tokens))
    start = count_same(old_words, new_words)
    old_words, new_words = old_words[start:], new_words[start:]
    end = count_same(old_words[::-1], new_words[::-1])
    if end:
        old_words, new_words = old_words[:-end], new_words[:-end]
    if max(len(old_words), len(new_words)) > MANY_WORDS:
        differences = [("replace", 0, len(old_words), 0, len(new_words))]
    else:
        matcher = difflib.SequenceMatcher(None, old_words, new_words, autojunk=False)
        differences = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return (
        _join_tokens(old, old_tokens[start:], [(code[1], code[2]) for code in differences]),
        _join_tokens(new, new_tokens[start:], [(code[3], code[4]) for code in differences]),
    )


def _find_tokens(text: str) -> list[re.Match[str]]:
    indentation = len(text) - len(text.lstrip())
    return list(_TOKEN.finditer(text.rstrip(), indentation))


def _join_tokens(
    text: str, tokens: list[re.Match[str]], ranges: list[tuple[int, int]]
) -> tuple[Span, ...]:
    """Return the spans of the ranges of tokens; two with only blanks between them are one."""
    spans: list[Span] = []
    for first, last in ranges:
        if first < last:
            span = Span(tokens[first].start(), tokens[last - 1].end())
            if spans and not text[slice(spans[-1].end, span.start)].strip():
                span = Span(spans.pop().start, span.end)
            spans.append(span)
    return tuple(spans)

"""Lines of code as HTML, in the colours of their language and with their changed words marked."""

import re
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import PurePosixPath
from typing import NamedTuple

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.lexers import get_lexer_for_filename
from pygments.token import STANDARD_TYPES
from pygments.token import _TokenType
from pygments.util import ClassNotFound

from tour.diff.step import Line
from tour.diff.words import Span

# the languages of fences, and ends of names, for which Pygments has a better name
LEXERS = {"html": "html+jinja"}

# the classes of words that no style gives a colour
PLAIN = ("", "n", "p", "w")

# the lines of a diff that are not of a file, and those that name one
HEADERS = ("--- a/", "--- /dev/null", "+++ b/", "+++ /dev/null")
FILE = re.compile(r"(?:---|\+\+\+) [ab]/(.*)")

# what becomes of a line with a sign: an element and the class of its colour
SIGNS = {"+": ("ins", "added"), "-": ("del", "removed")}


class Piece(NamedTuple):
    """A part of a line that has one colour, whose class is `name`; plain text has none."""

    name: str
    text: str


def paint_line(files: dict[str, bytes], line: Line, mark: str) -> str:
    """Return the text of a line as HTML; `mark` is the name of the element for changed words.

    The line is of one of the files, whose contents are given by their paths.
    """
    lines = _read_lines(line.path, files.get(line.path, b""))
    pieces = _check(lines[line.number - 1] if line.number <= len(lines) else [], line.text)
    parts = []
    for is_word, part in _split(pieces, line.words):
        html = "".join(map(_to_html, part))
        parts.append(f"<{mark}>{html}</{mark}>" if is_word else html)
    return "".join(parts)


def paint_diff(lines: Iterable[str], path: str) -> str:
    """Return an excerpt of a diff as HTML, its code in the colours of its language.

    `path` is that of the file as long as no line `+++` or `---` names one.
    """
    painted: list[str] = []
    code: list[str] = []
    # a line that ends the last run of code
    for line in [*lines, "@@"]:
        if line[:1] in (" ", "+", "-", "") and not line.startswith(HEADERS):
            code.append(line)
            continue
        painted += _paint_signed(code, find_lexer(path))
        code.clear()
        painted.append(f'<span class="place">{escape(line, quote=False)}</span>')
        if match := FILE.fullmatch(line):
            path = match[1]
    return "\n".join(painted[:-1])


def _paint_signed(lines: list[str], lexer: Lexer) -> Iterator[str]:
    """Yield lines of a diff that begin with a sign, or with a blank when both sides have them."""
    old = iter(_split_lines(lexer, "\n".join(line[1:] for line in lines if line[:1] != "+")))
    new = iter(_split_lines(lexer, "\n".join(line[1:] for line in lines if line[:1] != "-")))
    for line in lines:
        sign = line[:1]
        before = next(old) if sign != "+" else []
        after = next(new) if sign != "-" else []
        html = sign + "".join(map(_to_html, _check(before if sign == "-" else after, line[1:])))
        element, name = SIGNS.get(sign, ("", ""))
        yield f'<{element} class="{name}">{html}</{element}>' if element else html


@cache
def find_lexer(path: str) -> Lexer:
    """Return what splits the text of a file with that path into the words of its language."""
    end = PurePosixPath(path).suffix.removeprefix(".")
    try:
        if end in LEXERS:
            return get_lexer_by_name(LEXERS[end])
        return get_lexer_for_filename(path)
    except ClassNotFound:
        return get_lexer_by_name("text")


@cache
def _read_lines(path: str, data: bytes) -> list[list[Piece]]:
    # once for all steps: most files are the same from one stage to the next
    return _split_lines(find_lexer(path), data.decode(errors="backslashreplace"))


def _split_lines(lexer: Lexer, text: str) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for _, kind, value in lexer.get_tokens_unprocessed(text):
        name = _class_name(kind)
        for index, part in enumerate(value.split("\n")):
            if index:
                lines.append([])
            if part:
                lines[-1].append(Piece(name, part))
    return lines


def _check(pieces: list[Piece], text: str) -> list[Piece]:
    """Return the pieces of a line, without colours where Pygments reads another line than git."""
    is_same = "".join(piece.text for piece in pieces) == text
    return pieces if is_same else [Piece("", text)]


@cache
def _class_name(kind: _TokenType) -> str:
    """Return the class that the stylesheets have for a kind of word, or for the kind above it."""
    while kind not in STANDARD_TYPES and kind.parent:
        kind = kind.parent
    name = STANDARD_TYPES[kind]
    return "" if name in PLAIN else name


def _split(pieces: list[Piece], words: Iterable[Span]) -> Iterator[tuple[bool, list[Piece]]]:
    """Yield the pieces up to, in and behind each changed word, and whether they are in one."""
    text = "".join(piece.text for piece in pieces)
    borders = [0, *(border for word in words for border in word), len(text)]
    for index, (start, end) in enumerate(zip(borders, borders[1:])):
        yield index % 2 == 1, list(_cut(pieces, start, end))


def _cut(pieces: list[Piece], start: int, end: int) -> Iterator[Piece]:
    """Yield what of the pieces is from the character `start` up to `end`."""
    offset = 0
    for name, text in pieces:
        part = text[max(start - offset, 0) : max(end - offset, 0)]
        if part:
            yield Piece(name, part)
        offset += len(text)


def _to_html(piece: Piece) -> str:
    # what would end a line or turn it around is shown, not obeyed
    text = escape(piece.text, quote=False).replace("\r", "␍")
    # blanks have no colour
    return f'<span class="{piece.name}">{text}</span>' if piece.name and text.strip() else text

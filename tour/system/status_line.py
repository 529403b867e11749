"""One line on the terminal that says what is under way, and changes."""

import shutil
import sys
from typing import TextIO


def draw(text: str, stream: TextIO) -> None:
    """Put the text in place of the line that was drawn before."""
    width = shutil.get_terminal_size().columns - 1
    print(f"\r{text[:width]:{width}}", end="", file=stream, flush=True)


def clear(stream: TextIO) -> None:
    """Leave the line empty for what comes next."""
    draw("", stream)
    print("\r", end="", file=stream, flush=True)


def report(text: str) -> None:
    """Print what is under way where it is in no other program's way: a line, or the same line."""
    if sys.stderr.isatty():
        draw(text, sys.stderr)
    else:
        print(text, file=sys.stderr, flush=True)


def end_report() -> None:
    """Leave the terminal's line empty for what comes next."""
    if sys.stderr.isatty():
        clear(sys.stderr)

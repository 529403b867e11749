"""A line on the terminal that shows the current action, and is written over by the next."""

import shutil
import sys
from collections.abc import Callable
from typing import TextIO

# called with a line of news; `report` is one, and `print` another
Report = Callable[[str], None]


def draw(text: str, stream: TextIO) -> None:
    """Put the text in place of the line that was drawn before."""
    width = shutil.get_terminal_size().columns - 1
    print(f"\r{text[:width]:{width}}", end="", file=stream, flush=True)


def clear(stream: TextIO) -> None:
    """Clear the line for the output that follows."""
    draw("", stream)
    print("\r", end="", file=stream, flush=True)


def report(text: str) -> None:
    """Show the current action on stderr: in the status line of a terminal, else in a new line."""
    if sys.stderr.isatty():
        draw(text, sys.stderr)
    else:
        # in one piece, because several threads report
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def end_report() -> None:
    """Clear the status line of a terminal."""
    if sys.stderr.isatty():
        clear(sys.stderr)

"""One line on the terminal that says what is under way."""

import shutil
import sys


def report(text: str) -> None:
    """Print what is under way where it is in no other program's way: a line, or the same line."""
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r{text[:width]:{width}}", end="", file=sys.stderr, flush=True)
    else:
        print(text, file=sys.stderr, flush=True)


def end_report() -> None:
    """Leave the terminal's line empty for what comes next."""
    if sys.stderr.isatty():
        report("")
        print("\r", end="", file=sys.stderr, flush=True)

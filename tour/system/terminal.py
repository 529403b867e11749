"""The terminal: its colours, escapes of control characters, and the pager."""

import os
import shutil
import signal
import subprocess
import sys
from enum import StrEnum

# the options of less where the user has set none: no pages for a text that fits the screen, colours
# as they are, and the text stays on the screen
LESS = "-FRX"

# the exit code of the shell for a command that it does not find
NOT_FOUND = 1 if os.name == "nt" else 127


class Style(StrEnum):
    """How a text looks, in the codes of ANSI terminals."""

    BOLD = "1"
    DIM = "2"
    RED = "31"
    GREEN = "32"
    YELLOW = "33"
    CYAN = "36"
    REVERSE = "7"


def wants_colour(choice: str) -> bool:
    """Return whether to print colours, as `choice` says: always, never, or auto.

    auto means on a terminal that knows them, unless NO_COLOR (https://no-color.org) is set.
    """
    if choice == "auto":
        return (
            sys.stdout.isatty()
            and not os.environ.get("NO_COLOR")
            and os.environ.get("TERM") != "dumb"
        )
    return choice == "always"


def paint(text: str, *styles: Style) -> str:
    """Return the text in the styles; an empty text, or one without a style, stays as it is."""
    return f"\033[{';'.join(styles)}m{text}\033[0m" if text and styles else text


def escape(text: str) -> str:
    r"""Return the text with every character that prints nothing, but for the tab, as in \x1b."""
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable() or character == "\t"
        else character.encode("unicode_escape").decode()
        for character in text
    )


def show(text: str) -> None:
    """Print the text, on a terminal by $PAGER, else by less if there is one; '' is no pager."""
    if os.name == "nt":
        # after this the older console knows the codes of colours
        os.system("")
    pager = os.environ.get("PAGER", f"less {LESS}" if shutil.which("less") else "")
    if not (sys.stdout.isatty() and pager.strip()) or not _page(text, pager):
        print(text)


def _page(text: str, pager: str) -> bool:
    """Show the text in the pager; return whether the shell found it."""
    sys.stdout.flush()
    process = subprocess.Popen(
        pager,
        # it may have arguments, and other things of the shell
        shell=True,
        stdin=subprocess.PIPE,
        env={"LESS": LESS, **os.environ},
        encoding=sys.stdout.encoding,
        errors="replace",
    )
    # Ctrl-C is the pager's
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.communicate(f"{text}\n")
    finally:
        signal.signal(signal.SIGINT, handler)
    return process.returncode != NOT_FOUND

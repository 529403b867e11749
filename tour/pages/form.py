"""The form of the name above a block, which tells it from a paragraph of the text.

Hints are read from the pages before `.venv` is there, so this needs the standard library alone.
"""

import re

ALL_FILES = "All files"
CHANGE = "A change to try"
TERMINAL = "Terminal"

FORM = re.compile(
    rf"\*\*(?:`[^`\n]+`|{ALL_FILES}|{CHANGE}|{TERMINAL})\*\*"
    r" (?:at \S+|on main|from \S+ to \S+)(?:(?: with|:) `[^`\n]+`)?"
)


def is_name(text: str) -> bool:
    """Return whether a paragraph is a name, of whatever block; no sentence is one."""
    return FORM.fullmatch(text) is not None

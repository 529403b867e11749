"""What the doctor finds: fine, a warning, or what would fail, with the fix."""

from enum import Enum
from typing import NamedTuple


class Level(Enum):
    """What a finding means for class; WARNING is for what goes on all the same."""

    OK = "ok"
    WARNING = "warning"
    FAILS = "fails"


class Finding(NamedTuple):
    """What a check found, in one line, and the lines of its fix, which `ok` does without."""

    level: Level
    text: str
    fix: str = ""
    name: str = ""


def ok(text: str) -> Finding:
    return Finding(Level.OK, text)


def warning(text: str, fix: str) -> Finding:
    return Finding(Level.WARNING, text, fix)


def fails(text: str, fix: str) -> Finding:
    return Finding(Level.FAILS, text, fix)

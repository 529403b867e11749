"""The doctor's findings: a level, a line of text, and a fix for all but the good ones."""

from enum import Enum
from typing import NamedTuple


class Level(Enum):
    """The meaning of a finding for class; with a WARNING class can go on."""

    OK = "ok"
    WARNING = "warning"
    FAILS = "fails"


class Finding(NamedTuple):
    """The result of a check in one line, and the lines of its fix, empty for `ok`."""

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

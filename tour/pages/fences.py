"""The info strings of fences: what each asks to be checked."""

import re
from typing import NamedTuple

from tour.pages.blocks import Fence
from tour.pages.findings import PageError

LANGUAGES = (
    *("python", "html", "css", "javascript", "ini", "text", "markdown", "sh", "toml"),
    *("nginx", "sql", "yaml"),
)
MAIN = "main"
NAME = re.compile(r"[A-Za-z0-9-]+")

FORMS = (
    "a fence is one of: diff OLD NEW PATH, diff TAG try NAME, LANGUAGE TAG PATH,"
    " text TAG tree [FOLDER], console TAG [try NAME]"
)


class Diff(NamedTuple):
    fence: Fence
    old: str
    new: str
    path: str


class Listing(NamedTuple):
    fence: Fence
    tag: str
    path: str


class Tree(NamedTuple):
    fence: Fence
    tag: str
    folder: str


class Patch(NamedTuple):
    fence: Fence
    tag: str
    name: str


class Console(NamedTuple):
    """`name` is that of the patch to try, empty for the stage as it is."""

    fence: Fence
    tag: str
    name: str


Block = Diff | Listing | Tree | Patch | Console


def read(fence: Fence, tags: list[str]) -> Block:
    """Return what a fence asks for; raise PageError when its info string is not of the grammar."""
    match fence.info.split():
        case []:
            raise PageError(f"a fence without an info string; {FORMS}")
        case ["diff", tag, "try", name]:
            return Patch(fence, check_tag(tag, tags), _check_name(name))
        case ["diff", old, new, path]:
            return Diff(fence, check_tag(old, tags), check_tag(new, tags), path)
        case ["console", tag]:
            return Console(fence, check_tag(tag, [*tags, MAIN]), "")
        case ["console", tag, "try", name]:
            return Console(fence, check_tag(tag, tags), _check_name(name))
        case ["text", tag, "tree", *folder] if len(folder) < 2:
            return Tree(fence, check_tag(tag, [*tags, MAIN]), "".join(folder).rstrip("/"))
        case [language, tag, path] if language in LANGUAGES:
            return Listing(fence, check_tag(tag, [*tags, MAIN]), path)
        case [*words]:
            word = words[0]
            known = word in ("diff", "console", *LANGUAGES)
            problem = f"'{fence.info}' is not understood" if known else f"unknown word '{word}'"
            raise PageError(f"{problem}; {FORMS}")


def check_tag(tag: str, tags: list[str]) -> str:
    """Return the tag; raise PageError when no stage has it."""
    if tag not in tags:
        raise PageError(f"there is no stage '{tag}'; there are {', '.join(tags)}")
    return tag


def _check_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise PageError(f"'{name}' is no name for a try; use letters, digits and hyphens")
    return name

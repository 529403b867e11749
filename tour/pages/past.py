"""The class that the tour follows: what a file beside the pages has of the tags of its repository.

The pages take their numbers and regions about the class from it, and nothing else.
"""

import datetime
import tomllib
from pathlib import Path
from typing import NamedTuple

from tour.pages.findings import PageError

PATH = "docs/class-2016.toml"

ABOUT = ("code", "load")
NUMBERS = ("tags", *ABOUT)
LINES = ("added", "removed")


class Tag(NamedTuple):
    """A tag of the class.

    `added` and `removed` are lines against the tag before, `files` are those that it adds, with
    their lines; None where that is not known.
    """

    tag: str
    about: str
    step: str
    added: int | None = None
    removed: int | None = None
    files: dict[str, int] | None = None


class Past(NamedTuple):
    repository: str
    title: str
    event: str
    date: datetime.date
    commits: list[datetime.date]
    tags: dict[str, Tag]

    def find(self, name: str) -> Tag:
        """Return a tag; raise PageError when the class has none of that name."""
        if name not in self.tags:
            raise PageError(f"the class has no tag '{name}'; it has {', '.join(self.tags)}")
        return self.tags[name]

    def count(self, words: list[str]) -> int:
        """Return what a number's words ask for; raise PageError when that is not known."""
        count: int | None = None
        match words:
            case ["tags"]:
                count = len(self.tags)
            case [about] if about in ABOUT:
                count = sum(tag.about == about for tag in self.tags.values())
            case [what, name] if what in LINES:
                count = getattr(self.find(name), what)
            case ["lines", name, file]:
                count = (self.find(name).files or {}).get(file)
        if count is not None:
            return count
        raise PageError(f"{PATH} has no number '{' '.join(words)}'")


def read(repository: Path) -> Past:
    """Return what the file in the repository says; raise PageError when it cannot be read."""
    try:
        data = tomllib.loads((repository / PATH).read_text(encoding="utf-8"))
        tags = {entry["tag"]: Tag(**entry) for entry in data.pop("tag")}
        return Past(**data, tags=tags)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PageError(f"{PATH} cannot be read: {error}") from error


def write_tags(past: Past) -> list[str]:
    """Return what the class was, and the table of its tags."""
    first, last = past.commits
    rows = []
    for tag in past.tags.values():
        step = tag.step[:1].upper() + tag.step[1:]
        lines = "" if tag.added is None else f"+{tag.added} −{tag.removed}"
        rows.append(f"| {_link(past, tag)} | {tag.about} | {step} | {lines} |")
    return [
        f"*{past.title}* was a class of Miguel Grinberg's at {past.event} on {_date(past.date)}."
        f" Its [repository]({past.repository}) has {len(past.tags)} tags;"
        f" their commits are dated {_date(first)} to {_date(last)}.",
        "",
        "| tag | about the | what its step does | lines |",
        "|---|---|---|---:|",
        *rows,
    ]


def write_tag(past: Past, name: str) -> list[str]:
    """Return the line that leads to a tag of the class, with its counts and its new files."""
    tag = past.find(name)
    where = f"In the [class of {past.date.year}]({past.repository}) this is {_link(past, tag)}"
    parts = []
    if tag.added is not None:
        parts.append(f"{tag.added} lines added, {tag.removed} removed")
    if tag.files:
        parts.append(f"new: {', '.join(f'`{file}`' for file in tag.files)}")
    return [f"{where}: {'; '.join([tag.step, *parts])}."]


def _link(past: Past, tag: Tag) -> str:
    return f"[{tag.tag}]({past.repository}/tree/{tag.tag})"


def _date(date: datetime.date) -> str:
    return f"{date.day} {date:%B %Y}"

"""The commands that a stage's README gives to install, run and test it."""

import re
from pathlib import Path
from typing import NamedTuple

from tour.system.errors import TourError

HEADING = re.compile(r"^## +(.+?) *$", re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROMPT = "$ "


class Commands(NamedTuple):
    """The commands of a stage's README; `install` and `test` may be several."""

    install: tuple[str, ...]
    run: str
    test: tuple[str, ...]


def read_commands(folder: Path, stage: str) -> Commands:
    """Return the commands of the README.md in a stage's folder; raise TourError as below."""
    file = folder / "README.md"
    if not file.exists():
        raise TourError(f"{stage} has no README.md; add one to the stage")
    return parse_commands(file.read_text(encoding="utf-8"), stage)


def parse_commands(text: str, stage: str) -> Commands:
    """Return the commands under the headings Install, Run and Test of a stage's README.

    Each heading has one console block, whose lines that start with `$ ` are the commands. Raise
    TourError, which names the stage and the heading, for any other README.
    """
    pieces = HEADING.split(text.replace("\r\n", "\n"))
    sections = dict(zip(pieces[1::2], pieces[2::2]))
    run = _commands(sections, "Run", stage)
    if len(run) != 1:
        raise TourError(f"{stage}: README.md needs one command under '## Run', has {len(run)}")
    install = _commands(sections, "Install", stage)
    return Commands(install, run[0], _commands(sections, "Test", stage))


def _commands(sections: dict[str, str], heading: str, stage: str) -> tuple[str, ...]:
    if heading not in sections:
        raise TourError(f"{stage}: README.md has no heading '## {heading}'; add it to the stage")
    blocks = CONSOLE.findall(sections[heading])
    if len(blocks) != 1:
        raise TourError(
            f"{stage}: README.md needs one console block under '## {heading}', has {len(blocks)}"
        )
    commands = tuple(
        line.removeprefix(PROMPT).strip()
        for line in blocks[0].splitlines()
        if line.startswith(PROMPT)
    )
    if not commands:
        raise TourError(
            f"{stage}: README.md has no line that starts with '$ ' under '## {heading}'"
        )
    return commands

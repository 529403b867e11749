"""Console blocks: the commands in them, their output, and what of it differs between runs."""

import re
from collections.abc import Callable
from typing import NamedTuple

from tour.pages.findings import LineError

PROMPT = "$ "
CONTINUED = "> "
SERVER = " &"

HEX = "[0-9a-f]"
MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d{1,6})?"
ZONE = r"(?: ?(?:GMT|UTC|Z\b|[+-]\d\d:?\d\d\b))?"

# what differs between runs, by what stands for it; the longer ones first
VARIABLE = [
    (re.compile(rf"\b{DAY}, \d\d {MONTH} 20\d\d {CLOCK}{ZONE}"), "<date>"),
    (re.compile(rf"\b{DAY} {MONTH} [ \d]?\d {CLOCK} 20\d\d{ZONE}"), "<date>"),
    (re.compile(rf"\b\d\d/{MONTH}/20\d\d[ :]{CLOCK}{ZONE}"), "<date>"),
    (re.compile(rf"\b20\d\d-[01]\d-[0-3]\d[ T]{CLOCK}{ZONE}"), "<date>"),
    (re.compile(rf"\b{MONTH} [ \d]\d (?:[012]\d:[0-5]\d| 20\d\d)(?= )"), "<date>"),
    (re.compile(r"(?<![\w.-])20\d\d-[01]\d-[0-3]\d(?![\w-])"), "<date>"),
    (re.compile(rf"(?<![\w:.]){CLOCK}(?![\w:])"), "<time>"),
    (re.compile(r"\bin \d+\.\d+ ?s\b(?: \(\d+:\d\d:\d\d\))?"), "in <seconds>"),
    (re.compile(rf"(?<!\w){HEX}{{64}}(?!\w)"), "<token>"),
    # in seconds since 1970, from 2017 to 2033
    (re.compile(r"(?<![\w.])(?:1[5-9]|20)\d{8}(?![\w])(?!\.\d)"), "<unix time>"),
    (re.compile(r"(?<=/)python3\.\d+(?=/)"), "python3"),
    # a name that an import cycle has not made yet: Python 3.13.1 and later ask to rename a file
    # that lies beside the program (https://github.com/python/cpython/pull/125937)
    (
        re.compile(
            r"from partially initialized module ('[\w.]+')"
            r" \(most likely due to a circular import\) \((\S+)\)"
        ),
        r"from \1 (\2)",
    ),
    (
        re.compile(
            r"from ('[\w.]+') \(consider renaming '(\S+)' if it has the same name as a library you"
            r" intended to import\)"
        ),
        r"from \1 (\2)",
    ),
]

# a commit's id, whole or short: letters and digits; or digits alone, as one id of thirty is, before
# a subject at the beginning of a line, as `git log --oneline` has it, after what announces one, and
# as `git commit` tells it
COMMIT = re.compile(
    r"^\d{7,40}(?= [A-Z])|"
    rf"(?<![\w.])(?=[a-f]*\d)(?=\d*[a-f]){HEX}{{7,40}}(?![\w.-])"
    r"|(?:(?<=HEAD )|(?<=commit )|(?<=\(was )|(?<=>>>>>>> ))\d{7}(?!\w)"
    r"|(?<=\w )\d{7}(?=\] )"
)

# a line in the middle of which pytest says something; it is filled with = up to 80 columns
BANNER = re.compile(r"(=+) (.*<seconds>.*) (=+)")
COLUMNS = 80


class Command(NamedTuple):
    """A command, in the lines of its block from `start` on; its output goes from `first` to `end`.

    A server runs until the end of its block, and shows nothing.
    """

    text: str
    start: int
    first: int
    end: int

    @property
    def is_server(self) -> bool:
        return self.text.endswith(SERVER)


def read_commands(lines: tuple[str, ...]) -> list[Command]:
    """Return the commands of a console block; raise LineError for what is no session."""
    if not lines or not lines[0].startswith(PROMPT):
        raise LineError(0, "a console block begins with a command, as in '$ pytest'")
    commands = []
    index = 0
    while index < len(lines):
        start = index
        typed = [lines[index].removeprefix(PROMPT)]
        while typed[-1].endswith("\\"):
            index += 1
            if index == len(lines) or not lines[index].startswith(CONTINUED):
                raise LineError(start, "a command that ends in \\ goes on after '> '")
            typed.append(lines[index].removeprefix(CONTINUED))
        if not typed[0].strip():
            raise LineError(start, "there is no command here")
        first = index = index + 1
        while index < len(lines) and not lines[index].startswith(PROMPT):
            index += 1
        command = Command("\n".join(typed), start, first, index)
        if command.is_server and any(lines[first:index]):
            raise LineError(first, "what a server prints is not shown; leave this out")
        commands.append(command)
    return commands


def normaliser(stage_commits: list[str], with_commits: bool) -> Callable[[str], str]:
    """Return what names all that differs between runs: ids of commits `with_commits`, too."""

    def name_commit(match: re.Match[str]) -> str:
        known = any(commit.startswith(match.group()) for commit in stage_commits)
        return match.group() if known else "<commit>"

    def normal(line: str) -> str:
        named = line
        for pattern, name in VARIABLE:
            named = pattern.sub(name, named)
        titled = BANNER.fullmatch(named)
        if titled and _is_centred(line):
            named = f"== {titled.group(2)} =="
        return COMMIT.sub(name_commit, named) if with_commits else named

    return normal


def _is_centred(line: str) -> bool:
    """Return whether a line is filled as pytest fills it, whatever the length of its duration."""
    title = line.strip("=")
    fill = "=" * max((COLUMNS - len(title)) // 2, 1)
    filled = f"{fill}{title}{fill}"
    return line == (filled + "=" if len(filled) < COLUMNS else filled)

"""The patches that a page tries: whether each applies, and with the numbers that it states."""

import re
from typing import NamedTuple

from tour.pages.findings import LineError

OLD_PATH = re.compile(r"--- (?:a/(.+)|/dev/null)")
NEW_PATH = re.compile(r"\+\+\+ (?:b/(.+)|/dev/null)")
HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(?: (.*))?")
GIT_HEADER = re.compile(r"diff --git a/(\S+) b/(\S+)")
MODES = ("new file mode 100644", "deleted file mode 100644")
SIMILARITY = "similarity index 100%"

# what git shows behind a hunk's numbers: the last line above it that begins at the margin
SECTION = re.compile(r"[A-Za-z_$]")
LONGEST_SECTION = 80


class Applied(NamedTuple):
    """The files that a patch changes, None for one that it deletes; its lines as they must be."""

    files: dict[str, bytes | None]
    lines: list[str]


class _Hunk(NamedTuple):
    start: int
    old_start: int
    section: str | None
    body: list[str]

    @property
    def old(self) -> list[str]:
        return [line[1:] for line in self.body if line[:1] != "+"]

    @property
    def new(self) -> list[str]:
        return [line[1:] for line in self.body if line[:1] != "-"]


def split_lines(text: str) -> list[str]:
    """Return the lines of a text, which are split at a newline and nowhere else."""
    return text.removesuffix("\n").split("\n") if text else []


def apply(patch: list[str], files: dict[str, bytes]) -> Applied:
    """Apply the lines of a patch to files, by their paths.

    Hunks are found by their lines, so that numbers which are wrong come out right in `lines`. Raise
    LineError for a patch that is no patch, and for one whose lines the files do not have.
    """
    reader = _Reader(patch, files)
    reader.read()
    return Applied(reader.changed, reader.lines)


class _Reader:
    def __init__(self, patch: list[str], files: dict[str, bytes]) -> None:
        self.patch = patch
        self.files = files
        self.changed: dict[str, bytes | None] = {}
        self.lines = list(patch)
        self.at = 0

    def read(self) -> None:
        if not self.patch:
            raise LineError(0, "the patch is empty")
        while self.at < len(self.patch):
            self.read_file()

    def read_file(self) -> None:
        header = GIT_HEADER.fullmatch(self.patch[self.at])
        self.at += bool(header)
        if header and header.group(1) != header.group(2):
            self.read_rename(*header.groups())
            return
        mode = self.at < len(self.patch) and self.patch[self.at] in MODES
        self.at += mode
        old = self.expect(OLD_PATH, "--- a/PATH").group(1)
        new_line = self.at
        new = self.expect(NEW_PATH, "+++ b/PATH").group(1)
        path = new or old
        if path is None or old and new and old != new:
            raise LineError(new_line, "both sides of a patch are one file's")
        if header and header.groups() != (path, path):
            raise LineError(new_line - 2 - mode, f"the lines below are of {path}")
        if mode and self.patch[new_line - 2] != MODES[0 if old is None else 1]:
            raise LineError(new_line - 2, "no such thing is done to this file")
        if old and path not in self.files:
            raise LineError(new_line - 1, f"the stage has no file {path}")
        if old is None and path in self.files:
            raise LineError(new_line - 1, f"the stage has {path} already")
        before = split_lines(self.files[path].decode()) if old else []
        after = self.read_hunks(before)
        if new is None and after:
            raise LineError(new_line, f"the patch leaves lines in {path}")
        self.changed[path] = "".join(f"{line}\n" for line in after).encode() if new else None

    def read_rename(self, old: str, new: str) -> None:
        """Read a file that gets another name, and has the same lines under it."""
        for line in (SIMILARITY, f"rename from {old}", f"rename to {new}"):
            self.expect(re.compile(re.escape(line)), line)
        if old not in self.files:
            raise LineError(self.at - 2, f"the stage has no file {old}")
        if new in self.files:
            raise LineError(self.at - 1, f"the stage has {new} already")
        self.changed |= {old: None, new: self.files[old]}

    def expect(self, pattern: re.Pattern[str], form: str) -> re.Match[str]:
        line = self.patch[self.at] if self.at < len(self.patch) else ""
        match = pattern.fullmatch(line)
        if not match:
            raise LineError(min(self.at, len(self.patch) - 1), f"a patch has '{form}' here")
        self.at += 1
        return match

    def read_hunks(self, before: list[str]) -> list[str]:
        after: list[str] = []
        done = 0
        first = self.at
        while self.at < len(self.patch) and self.patch[self.at].startswith("@@"):
            hunk = self.read_hunk()
            start = self.locate(hunk, before, done)
            if hunk.body[-1][0] != " " and start + len(hunk.old) < len(before):
                raise LineError(
                    self.at - 1,
                    "git takes this for the end of the file; add the line that follows",
                    f" {before[start + len(hunk.old)]}",
                )
            after += before[done:start]
            self.lines[hunk.start] = _head(hunk, start, len(after), before)
            after += hunk.new
            done = start + len(hunk.old)
        if self.at == first:
            self.expect(HUNK, "@@ -1,7 +1,8 @@")
        return after + before[done:]

    def read_hunk(self) -> _Hunk:
        index = self.at
        match = self.expect(HUNK, "@@ -1,7 +1,8 @@")
        body = []
        while self.at < len(self.patch):
            line = self.patch[self.at]
            following = self.patch[self.at + 1 : self.at + 2]
            # a removed line may look like a header, and has no other header after it
            is_header = OLD_PATH.fullmatch(line) and following and NEW_PATH.fullmatch(following[0])
            if is_header or GIT_HEADER.fullmatch(line) or line.startswith("@@"):
                break
            if line and line[0] not in " +-":
                raise LineError(self.at, "a line of a patch begins with a blank, + or -")
            # editors take the blank from a line that is empty otherwise
            body.append(line or " ")
            self.at += 1
        if not any(line[0] != " " for line in body):
            raise LineError(index, "this hunk changes nothing")
        return _Hunk(index, int(match.group(1)), match.group(5), body)

    @staticmethod
    def locate(hunk: _Hunk, before: list[str], done: int) -> int:
        """Return where in the file the hunk's old lines begin: as stated, or where they are."""
        old = hunk.old
        if not old:
            # nothing to find it by; git counts from the line before
            if hunk.old_start > len(before):
                raise LineError(hunk.start, f"the file has {len(before)} lines")
            return hunk.old_start
        places = [
            place
            for place in range(done, len(before) - len(old) + 1)
            if before[place : place + len(old)] == old
        ]
        if not places:
            raise _explain(hunk, before)
        return min(places, key=lambda place: abs(place - (hunk.old_start - 1)))


def _head(hunk: _Hunk, start: int, new_start: int, before: list[str]) -> str:
    """Return the hunk's first line with the numbers that are right."""
    old, new = len(hunk.old), len(hunk.new)
    ranges = f"-{_range(start, old)} +{_range(new_start, new)}"
    if hunk.section is None:
        return f"@@ {ranges} @@"
    sections = [line for line in before[:start] if SECTION.match(line)]
    section = sections[-1][:LONGEST_SECTION].rstrip() if sections else ""
    return f"@@ {ranges} @@ {section}".rstrip()


def _range(start: int, length: int) -> str:
    # an empty range is named by the line before it
    first = start + 1 if length else start
    return f"{first}" if length == 1 else f"{first},{length}"


def _explain(hunk: _Hunk, before: list[str]) -> LineError:
    """Return the error for a hunk whose lines are nowhere: at the first that is wrong."""
    old = hunk.old
    # by the place that has most of its lines, the one that the hunk states before others
    places = range(max(len(before) - len(old), 0) + 1)

    def agreement(place: int) -> tuple[int, int]:
        same = sum(map(str.__eq__, old, before[place : place + len(old)]))
        return same, -abs(place - (hunk.old_start - 1))

    best = max(places, key=agreement)
    true = before[best : best + len(old)]
    number = next((n for n, line in enumerate(old) if n >= len(true) or true[n] != line), 0)
    olds = [offset for offset, line in enumerate(hunk.body) if line[0] != "+"]
    expected = true[number] if number < len(true) else None
    mark = hunk.body[olds[number]][0]
    return LineError(
        hunk.start + 1 + olds[number],
        "the patch does not apply: the stage has no such line here",
        None if expected is None else mark + expected,
    )

"""The four kinds of changed line in a step: moved, edited, new and gone.

git tells which lines a step removes and adds, over the whole tree. It looks for no renames, so a
renamed file is a file removed and a file added. Then removed and added lines are paired, each line
at most once:

1. Runs of lines that are the same, apart from white space at their ends, are paired. The run with
   the most letters and digits comes first. A run needs 20 of them, so no short line moves alone.
2. A line of the same text right beside a pair is paired as well, however short it is. Up to four
   lines away from a pair, lines with half of their words in common are paired, in order. Python's
   keywords do not count, since `import` and `return` do not make two lines similar.
3. The lines that are left in each of git's hunks, or in a file and its renamed version, are paired
   by their words in the same way. Then the lines beside them are paired.

A pair of the same text is moved, and so is a line that only changes its indentation. A pair of
different texts is edited. An added line without a partner is new, a removed one is gone. Blank
lines move with a run or beside a pair, else they are new or gone. So moved + edited + new are all
lines that git counts as added. All lines that it counts as removed are moved + edited + gone.
"""

import ast
import functools
import heapq
import itertools
import keyword
import re
from bisect import bisect
from collections import Counter
from collections import defaultdict
from collections import deque
from collections.abc import Iterable
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.repo import git

# a run of lines that moved has at least so many letters and digits, as for git
MIN_SIZE = 20

# a line that is removed more often than this starts no run: a line that is everywhere says nothing
# about its origin, and the limit keeps the work in proportion to the size of the step
COMMON = 100

# the distance from a paired line up to which its neighbours are paired
REACH = 4

# the distance from its place in order up to which a line of a long hunk is paired
DRIFT = 20

# two lines with this share of words in common are one edited line
SIMILARITY = 0.5

# git knows this object in every repository without storing it
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

# git writes this instead of the path of a file that is not in a tree
_NO_FILE = "/dev/null"

_HUNK_HEADER = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_WORD = re.compile(r"[^\W_]+")
_KEYWORDS = frozenset(keyword.kwlist)


class Kind(StrEnum):
    MOVED = "moved"
    EDITED = "edited"
    NEW = "new"
    GONE = "gone"


class Location(NamedTuple):
    """A line of a tree: its file, its number from 1 and its text without the newline."""

    path: str
    number: int
    text: str


class Change(NamedTuple):
    """A changed line: its old location unless it is new, its new one unless it is gone."""

    kind: Kind
    old: Location | None
    new: Location | None


class Counts(NamedTuple):
    """The number of lines of each kind in a step; a pair of lines counts once."""

    moved: int
    edited: int
    new: int
    gone: int


def count_step(repository: Path, old: str | None, new: str) -> Counts:
    """Count the lines from the commit or tree `old` (None: the empty one) to `new`, both ids."""
    return count(compare(repository, old, new))


def count(changes: Iterable[Change]) -> Counts:
    """Count the lines of each kind."""
    kinds = Counter(change.kind for change in changes)
    return Counts(*(kinds[kind] for kind in Kind))


def compare(
    repository: Path, old: str | None, new: str, without: Iterable[str] = ()
) -> list[Change]:
    """Return the changed lines from the commit or tree `old` (None: the empty tree) to `new`.

    Both are ids. First come the lines of the new tree, by file and line, then those that are gone.
    Binary files and submodules have no lines; a byte that is not UTF-8 reads as `\\xe9`. The files
    and folders `without` are left out. Raises GitError when git does not know one of the two.
    """
    # quoted paths are plain ASCII, whatever their bytes are
    command = ["-c", "core.quotepath=on", "diff-tree"]
    options = ["--patch", "--no-renames", "--no-prefix", "--ignore-submodules"]
    ends = [old or EMPTY_TREE, new]
    patch = git.run_apart(repository, *command, *options, *ends, "--", *exclude(without))
    pairing = _Pairing(list(_read_hunks(patch.decode(errors="backslashreplace"))))
    pairing.pair_runs()
    pairing.pair_in_hunks()
    return pairing.changes()


def exclude(paths: Iterable[str]) -> list[str]:
    """Return the arguments with which git leaves the files and folders out."""
    return [f":(exclude,top,literal){path}" for path in paths]


class _Hunk(NamedTuple):
    old_path: str
    new_path: str
    removed: list[Location]
    added: list[Location]


def _read_hunks(patch: str) -> Iterator[_Hunk]:
    """Read the hunks of a patch that was made with quoted paths and without prefixes."""
    old_path = new_path = ""
    # splitlines would also split at a form feed or a carriage return inside a line
    lines = iter(patch.split("\n"))
    for line in lines:
        if line.startswith("--- "):
            old_path = _unquote(line[4:])
        elif line.startswith("+++ "):
            new_path = _unquote(line[4:])
        elif match := _HUNK_HEADER.match(line):
            old_number, old_count, new_number, new_count = (
                1 if number is None else int(number) for number in match.groups()
            )
            old_end, new_end = old_number + old_count, new_number + new_count
            hunk = _Hunk(old_path, new_path, [], [])
            # lines are counted, since a removed line may look like a header: "-- x" as "--- x"
            while old_number < old_end or new_number < new_end:
                line = next(lines)
                mark, text = line[:1], line[1:]
                # git's remark that a newline is missing
                if mark == "\\":
                    continue
                if mark == "-":
                    hunk.removed.append(Location(old_path, old_number, text))
                elif mark == "+":
                    hunk.added.append(Location(new_path, new_number, text))
                old_number += mark != "+"
                new_number += mark != "-"
            yield hunk


def _unquote(name: str) -> str:
    """Read a path as git writes it: in quotes if it is unusual, before a tab if it has a blank."""
    if name.startswith('"'):
        data: bytes = ast.literal_eval("b" + name)
        return data.decode(errors="backslashreplace")
    return name.removesuffix("\t")


class _Side:
    """The changed lines of one tree: lines that follow each other in a file stand in a row.

    A None separates two rows, and stands at both ends.
    """

    def __init__(self, hunks: Iterable[list[Location]]) -> None:
        self.places: list[Location | None] = [None]
        self.hunks: list[range] = []
        for hunk in hunks:
            start = len(self.places)
            for place in hunk:
                before = self.places[-1]
                if before and before.number + 1 != place.number:
                    self.places.append(None)
                self.places.append(place)
            self.hunks.append(range(start, len(self.places)))
            self.places.append(None)
        self.texts = [place and place.text.strip() for place in self.places]
        self.partners: dict[int, int] = {}

    def path(self, index: int) -> str:
        """Return the file of a line."""
        place = self.places[index]
        # None, which separates rows, is in no run and no pair
        assert place is not None
        return place.path

    def is_free(self, index: int) -> bool:
        return self.texts[index] is not None and index not in self.partners

    def free_from(self, index: int, step: int) -> list[int]:
        """Return the free lines in a row from `index` on, at most REACH, in their order."""
        reach = range(index, index + step * REACH, step)
        return sorted(itertools.takewhile(self.is_free, reach))


class _Run(NamedTuple):
    old: int
    new: int
    length: int


class _Pairing:
    """Pairs removed lines with added ones; lines are named by their index in their side."""

    def __init__(self, hunks: list[_Hunk]) -> None:
        self.hunks = hunks
        self.old = _Side(hunk.removed for hunk in hunks)
        self.new = _Side(hunk.added for hunk in hunks)
        # the number of lines that went from one file to another
        self.traffic: Counter[tuple[str, str]] = Counter()

    def changes(self) -> list[Change]:
        changes = []
        for index, place in enumerate(self.new.places):
            if index in self.new.partners:
                partner = self.new.partners[index]
                kind = Kind.MOVED if self._are_same(partner, index) else Kind.EDITED
                changes.append(Change(kind, self.old.places[partner], place))
            elif place:
                changes.append(Change(Kind.NEW, None, place))
        for index, place in enumerate(self.old.places):
            if self.old.is_free(index):
                changes.append(Change(Kind.GONE, place, None))
        return changes

    def pair_runs(self) -> None:
        """Pair equal runs of lines, whole or their free parts, the longest by letters first.

        Among runs of the same length, a run beside paired lines comes first. Then comes a run that
        stays in its file, then a run between files that have more lines in common. Last come
        the lines beside those that are paired.
        """
        sizes = (_size(text or "") for text in self.old.texts)
        total = list(itertools.accumulate(sizes, initial=0))
        heap: list[tuple[int, _Run]] = []

        def push(run: _Run) -> None:
            size = total[run.old + run.length] - total[run.old]
            if size >= MIN_SIZE:
                heapq.heappush(heap, (-size, run))

        for run in self._equal_runs():
            push(run)
        while heap:
            heaviest = heap[0][0]
            equals = []
            while heap and heap[0][0] == heaviest:
                equals.append(heapq.heappop(heap)[1])
            for run in sorted(equals, key=self._preference):
                parts = list(self._free_parts(run))
                if parts == [run]:
                    for offset in range(run.length):
                        self._pair(run.old + offset, run.new + offset)
                else:
                    for part in parts:
                        push(part)
        self._grow(list(self.old.partners.items()))

    def pair_in_hunks(self) -> None:
        """Pair the lines left in each hunk and each renamed file, then the lines beside them."""
        hunks = zip(self.old.hunks, self.new.hunks)
        for removed, added in itertools.chain(hunks, self._renamed_files()):
            olds = [index for index in removed if self.old.is_free(index)]
            news = [index for index in added if self.new.is_free(index)]
            self._grow(self._pair_similar(olds, news))

    def _renamed_files(self) -> Iterator[tuple[range, range]]:
        """Find for each removed file the added file with most of its lines, or its name."""
        came = [index for index, hunk in enumerate(self.hunks) if hunk.old_path == _NO_FILE]
        for old, hunk in enumerate(self.hunks):
            if hunk.new_path == _NO_FILE and came:
                new = max(came, key=functools.partial(self._relation, old))
                if any(self._relation(old, new)):
                    yield self.old.hunks[old], self.new.hunks[new]

    def _relation(self, old: int, new: int) -> tuple[int, bool]:
        old_path, new_path = self.hunks[old].old_path, self.hunks[new].new_path
        same_name = PurePosixPath(old_path).name == PurePosixPath(new_path).name
        return self.traffic[old_path, new_path], same_name

    def _are_same(self, old: int, new: int) -> bool:
        text = self.old.texts[old]
        return text is not None and text == self.new.texts[new]

    def _are_free(self, old: int, new: int) -> bool:
        return self.old.is_free(old) and self.new.is_free(new)

    def _pair(self, old: int, new: int) -> None:
        self.old.partners[old] = new
        self.new.partners[new] = old
        self.traffic[self.old.path(old), self.new.path(new)] += 1

    def _equal_runs(self) -> Iterator[_Run]:
        """Find the runs of equal lines as far as they go; one may overlap another."""
        found = defaultdict(list)
        for old, text in enumerate(self.old.texts):
            if text:
                found[text].append(old)
        # the end of the last run, by the distance between its two sides
        ends: dict[int, int] = {}
        for new, text in enumerate(self.new.texts):
            if not text or len(found[text]) > COMMON:
                continue
            for old in found[text]:
                # a line inside a run starts no other run
                if ends.get(new - old, 0) <= new:
                    length = 1
                    while self._are_same(old + length, new + length):
                        length += 1
                    ends[new - old] = new + length
                    yield _Run(old, new, length)

    def _free_parts(self, run: _Run) -> Iterator[_Run]:
        def is_free(offset: int) -> bool:
            return self._are_free(run.old + offset, run.new + offset)

        for free, group in itertools.groupby(range(run.length), is_free):
            offsets = list(group)
            if free:
                yield _Run(run.old + offsets[0], run.new + offsets[0], len(offsets))

    def _preference(self, run: _Run) -> tuple[bool, bool, int, _Run]:
        paths = self.old.path(run.old), self.new.path(run.new)
        old_end, new_end = run.old + run.length, run.new + run.length
        before, after = range(run.new - REACH, run.new), range(new_end, new_end + REACH)
        beside = any(
            self.old.partners.get(run.old - 1 - offset) in before
            or self.old.partners.get(old_end + offset) in after
            for offset in range(REACH)
        )
        return not beside, paths[0] != paths[1], -self.traffic[paths], run

    def _grow(self, pairs: list[tuple[int, int]]) -> None:
        """Pair the lines above and below the pairs, and so on beside the new pairs."""
        waiting = deque(pairs)
        while waiting:
            pair = waiting.popleft()
            for step in (1, -1):
                old, new = pair[0] + step, pair[1] + step
                while self._are_same(old, new) and self._are_free(old, new):
                    self._pair(old, new)
                    old, new = old + step, new + step
                olds, news = self.old.free_from(old, step), self.new.free_from(new, step)
                waiting.extend(self._pair_similar(olds, news))

    def _pair_similar(self, olds: list[int], news: list[int]) -> list[tuple[int, int]]:
        """Pair lines in order, those with most words in common first; return the pairs."""
        old_words = [words(self.old.texts[old] or "") for old in olds]
        new_words = [words(self.new.texts[new] or "") for new in news]
        candidates = []
        for a, old in enumerate(olds):
            # its place in order is counted from the start or from the end
            for middle in {a, a + len(news) - len(olds)}:
                for b in range(max(middle - DRIFT, 0), min(middle + DRIFT + 1, len(news))):
                    similarity = _similarity(old_words[a], new_words[b])
                    if similarity >= SIMILARITY:
                        same = self._are_same(old, news[b])
                        candidates.append((-similarity, not same, abs(a - b), old, news[b]))
        # the pairs in order, between two pairs that stand for the ends
        pairs = [(-1, -1), (len(self.old.texts), len(self.new.texts))]
        for *_, old, new in sorted(candidates):
            at = bisect(pairs, (old, new))
            before, after = pairs[at - 1], pairs[at]
            if before[0] < old < after[0] and before[1] < new < after[1]:
                pairs.insert(at, (old, new))
                self._pair(old, new)
        return pairs[1:-1]


def _size(text: str) -> int:
    """Return the number of letters and digits."""
    return sum(map(len, _WORD.findall(text)))


def words(text: str) -> frozenset[str]:
    """Return the words of a line without Python's keywords."""
    return frozenset(_WORD.findall(text)) - _KEYWORDS


def _similarity(old: frozenset[str], new: frozenset[str]) -> float:
    """Return the share of words in common, from 0 to 1; 0 for lines without words."""
    return 2 * len(old & new) / (len(old) + len(new) or 1)

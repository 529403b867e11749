"""Which mistake of a page a finding is about, where it is clearly that one.

A mistake is told by its patch: the learner makes the same edit, maybe in another line, or has the
lines that it adds. Or it is told by what the page shows of it: the same error, or the same test
that fails.
"""

import re
from collections.abc import Callable
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

from tour.diff.lines import words
from tour.practice.vocabulary.goal import NOT_IMPORTED
from tour.stages.sizes import is_test

# the error at the end of a traceback in a terminal, and the last line of code above it
ERROR = re.compile(r"^(?:E +)?((?:\w+\.)*\w*(?:Error|Exception): .+|assert .+)$", re.MULTILINE)
FRAME = re.compile(r'^  File "/home/you/flack/(\S+)", line \d+, in .*\n    (.*)$', re.MULTILINE)

# a test that fails, and as much of its reason as pytest has room for
FAILED = re.compile(r"^FAILED \S+?::(\w+)(?:\[.*?\])?(?: - (.*?)(?:\.\.\.)?)?$", re.MULTILINE)

PATCH = re.compile(r"^```diff \S+ try .*\n([\s\S]*?)^```", re.MULTILINE)

# how Python says what the tour finds without running anything
IN_PYTHON = (
    (r"there is no module (\S+)", r"No module named '\1'"),
    (r"(\w+) of (\S+)\.py is not there yet;.*", r"cannot import name '\1' from '\2'"),
)

# two lines with this share of tokens in common are versions of one
SIMILAR = 0.5

Tokens = tuple[str, ...]
Edits = frozenset[tuple[Tokens, Tokens]]


class Code(NamedTuple):
    """What a learner has: the line where something was found, and after a run all lines.

    `function` is the name of the one that the line is in, if any. `before` and `after` are the
    lines of both stages, by their file. No line has its comment.
    """

    line: str
    function: tuple[str, ...]
    all: frozenset[str]
    before: dict[str, frozenset[str]]
    after: dict[str, frozenset[str]]


class _Patch(NamedTuple):
    """A mistake's patch: the lines that go, the new lines of each file, and the edited ones.

    `edited` are pairs of an old line and its new version.
    """

    removed: list[str]
    added: list[tuple[str, str]]
    edited: list[tuple[str, str]]


def find_mistake(mistakes: list[str], path: str, sentence: str, code: Code) -> int | None:
    """Return the index of the mistake that a finding is about, None where it is not clearly one."""
    patches = [_read_patch(mistake) for mistake in mistakes]
    own = code.all - frozenset().union(*code.before.values(), *code.after.values())
    stage = frozenset().union(*code.after.values())
    here = code.after.get(path, stage)
    versions = [(find_nearest(line, stage), line) for line in own]
    versions += [(find_nearest(code.line, here), code.line)]
    edits = [_edits(near, line) for near, line in versions if near]
    ways: tuple[Callable[[int], bool], ...] = (
        lambda index: _makes_edit(patches[index], edits),
        lambda index: _has_lines(patches[index], path, code, stage),
        lambda index: _is_shown(mistakes[index], patches[index], path, sentence, code.line),
        lambda index: _takes_imports_away(patches[index]) and NOT_IMPORTED in sentence,
    )
    for is_it in ways:
        found = [index for index in range(len(mistakes)) if is_it(index)]
        if len(found) == 1:
            return found[0]
    return None


def strip(line: str) -> str:
    """Return a line of code without its comment and the white space around it."""
    return re.sub(r"(^|\s+)#.*", "", line).strip()


def _read_patch(mistake: str) -> _Patch:
    """Return the last patch of a mistake: another one before it leads to it."""
    patch = _Patch([], [], [])
    path, run = "", list[str]()
    for line in (PATCH.findall(mistake) or [""])[-1].splitlines():
        code = strip(line[1:])
        if line.startswith(("--- ", "+++ ")):
            path = line[6:]
        elif line[:1] == "-":
            run.append(code)
            patch.removed.append(code)
        elif line[:1] == "+" and code:
            patch.added.append((path, code))
            if near := find_nearest(code, run):
                patch.edited.append((near, code))
        else:
            run = []
    return patch


def _tokens(line: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", line)


def measure_likeness(one: str, other: str) -> float:
    """Return the share of tokens that two lines have in common, from 0 to 1."""
    # two empty ones have none
    matcher = SequenceMatcher(None, _tokens(one), _tokens(other), autojunk=False)
    return matcher.ratio() if one and other else 0.0


def find_nearest(line: str, lines: Iterable[str]) -> str:
    """Return the most similar of the lines, an empty one where none is a version of it."""
    said = words(line)
    near = [other for other in lines if len(words(other) & said) * 2 >= len(said) > 0]
    best = max(sorted(near), key=lambda other: measure_likeness(line, other), default="")
    return best if best and measure_likeness(line, best) >= SIMILAR else ""


def _edits(old: str, new: str) -> Edits:
    """Return which tokens of a line became which."""
    olds, news = _tokens(old), _tokens(new)
    codes = SequenceMatcher(None, olds, news, autojunk=False).get_opcodes()
    changed = [code for code in codes if code[0] != "equal"]
    return frozenset((tuple(olds[a:b]), tuple(news[c:d])) for _, a, b, c, d in changed)


def _makes_edit(patch: _Patch, edits: list[Edits]) -> bool:
    """Return whether a patch does nothing but edit lines, and one of these edits is the same."""
    wanted = [_edits(old, new) for old, new in patch.edited]
    is_pure = len(patch.edited) == len(patch.added) > 0
    return is_pure and any(edit and edit <= other for edit in wanted for other in edits)


def _has_lines(patch: _Patch, path: str, code: Code, stage: frozenset[str]) -> bool:
    """Return whether the line is one of a patch, or after a run most of its lines are there."""
    here = [
        line for each, line in patch.added if each == path and line not in code.after.get(path, ())
    ]
    new = [line for _, line in patch.added if line not in stage]
    return code.line in here or sum(line in code.all for line in new) * 2 > len(new)


def _is_shown(mistake: str, patch: _Patch, path: str, sentence: str, line: str) -> bool:
    """Return whether the page shows what was found: the same test failing, or the same error."""
    for test, reason in FAILED.findall(mistake):
        name, _, said = sentence.partition(" fails: ")
        if name.partition("[")[0] == test and said.startswith(reason):
            return True
    for form, python in IN_PYTHON:
        sentence = re.sub(form, python, sentence)
    # where the page has the error, and whether in a test, whose own faults are other mistakes
    shown = FRAME.findall(mistake)[-1:]
    is_of_tests = bool(patch.added) and all(is_test(each) for each, _ in patch.added)
    for error in ERROR.findall(mistake):
        is_import = "mport" in error or "No module" in error
        if _shape(error, is_import) not in _shape(sentence, is_import):
            continue
        if not error.startswith("assert") and path and is_test(path) and not is_of_tests:
            continue
        if not shown or path == shown[0][0] or is_import and not path:
            return True
        if "cannot import name" not in error and measure_likeness(line, shown[0][1]) >= SIMILAR:
            return True
    return False


def _shape(error: str, is_import: bool) -> str:
    """Return an error without paths and numbers, and but for those of imports without names."""
    error = re.sub(
        r" \((?:most|/|called at).*|partially initialized module |^.*?Error: ", "", error
    )
    error = error.replace("/", ".").replace(".__init__", "")
    error = error if is_import else re.sub(r"'[^']*'", "'x'", error)
    return re.sub(r"\d+(?:\.\d+)?(?:e-\d+)?", "0", error)


def _takes_imports_away(patch: _Patch) -> bool:
    return (
        bool(patch.removed) and not patch.added and all("import " in line for line in patch.removed)
    )

"""Which mistake of a page a finding is about, where it is clearly that one.

The grade of the stage with the mistake's patch finds the same; or the learner has most edits of the
patch, maybe in other lines; or the page shows what a run of the learner's files has said.
"""

import re
from contextlib import suppress
from difflib import SequenceMatcher
from difflib import get_close_matches

from tour.pages import patches
from tour.pages.findings import LineError
from tour.practice.goals import Step
from tour.practice.grading import grade_structure
from tour.practice.grading import make_trial
from tour.practice.vocabulary.definitions import Complete
from tour.practice.vocabulary.goal import TESTS
from tour.practice.vocabulary.goal import Behaviour
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.goal import Trial
from tour.syntax.files import Files
from tour.syntax.model import Model

PATCH = re.compile(r"^```diff \S+ try .*\n([\s\S]*?)^```", re.MULTILINE)

# the error at the end of a traceback in a terminal, or what a test compares; a test that fails, and
# as much of its reason as pytest has room for
ERROR = re.compile(r"^(?:E +)?([\w.]*(?:Error|Exception): .+|assert .+)$", re.MULTILINE)
FAILED = re.compile(r"^FAILED \S+?::(\w+)(?:\[.*?\])?(?: - (.*?)(?:\.\.\.)?)?$", re.MULTILINE)

# lines with this share in common are versions of one
SIMILAR = 0.5


def find_mistake(
    mistakes: dict[str, str], step: Step, goal: Goal, finding: Finding, trial: Trial
) -> str | None:
    """Return which mistake a finding is about, None where it is not clearly one.

    `mistakes` are the texts of a page by their headings.
    """
    # on the way there are lines of both stages, and what was found is in one file
    is_run = isinstance(goal, Behaviour)
    known = trial.after if is_run else trial.before
    yours = _find_edits(trial, known, trial.model.files.paths if is_run else {finding.path})
    rows = []
    for text in mistakes.values():
        patched = _apply(text, trial)
        unmet = grade_structure(step, patched).first_unmet
        is_same = unmet and (isinstance(goal, Complete) or _tell(unmet.finding) == _tell(finding))
        edits = _find_edits(patched, known, patched.model.files.paths)
        made = sum(any(edit <= other for other in yours) for edit in edits)
        most = made if 2 * made >= len(edits) else 0
        rows.append(
            (bool(unmet and unmet.goal == goal and is_same), most, _is_shown(text, finding))
        )
    for ranks in zip(*rows):
        best = max(ranks)
        if best and ranks.count(best) == 1:
            return list(mistakes)[ranks.index(best)]
    return None


def _apply(mistake: str, trial: Trial) -> Trial:
    """Return the stage with the last patch of a mistake: another one before it leads to it."""
    contents: dict[str, bytes | None] = {**trial.after.files.contents}
    for patch in PATCH.findall(mistake)[-1:]:
        # the page may be newer than the stage
        with suppress(LineError):
            contents |= patches.apply(patch.splitlines(), trial.after.files.contents).files
    files = Files({path: data for path, data in contents.items() if data is not None}, {})
    return make_trial(files, trial)


def find_nearest(line: str, lines: list[str]) -> str:
    """Return the line that is most like another one, an empty one where none is a version of it."""
    return next(iter(get_close_matches(line, lines, 1, SIMILAR)), "")


def read_lines(files: Files, path: str) -> list[str]:
    """Return the lines of a file without the white space around them."""
    text = files.contents.get(path, b"").decode(errors="replace")
    return [line.strip() for line in text.splitlines()]


def _find_edits(trial: Trial, known: Model, paths: set[str]) -> list[frozenset[tuple[str, ...]]]:
    """Return which parts of a line of the stage became which, for each line that is not known."""
    edits = []
    for path in paths:
        stage, yours = ({*read_lines(each.files, path)} for each in (trial.after, trial.model))
        for line in yours - stage - {*read_lines(known.files, path)}:
            # what it was is a line that is not there any more
            sides = (find_nearest(line, sorted(stage - yours)), line)
            old, new = (re.findall(r"\w+|\S", side) for side in sides)
            codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
            edits.append(
                frozenset(
                    (*old[a:b], "->", *new[c:d]) for tag, a, b, c, d in codes if tag != "equal"
                )
            )
    return edits


def _tell(finding: Finding | None) -> str:
    """Return what is found, and where, without what else there is, and the lines."""
    return re.split("[;,]", re.sub(r":\d+: ", ": ", str(finding)))[0]


def _is_shown(mistake: str, finding: Finding) -> bool:
    """Return whether a page shows the same test failing, or the same error."""
    name, _, said = finding.sentence.partition(" fails: ")
    for test, reason in FAILED.findall(mistake):
        if name.partition("[")[0] == test and said.startswith(reason):
            return True
    # a test's own faults are other mistakes
    form = "assert" if finding.path.startswith(TESTS) else ""
    errors = [error for error in ERROR.findall(mistake) if error.startswith(form)]
    return any(_round(error) in _round(finding.sentence) for error in errors)


def _round(text: str) -> str:
    return re.sub(r"\d+\.\d+(?:e-\d+)?", "0", text)

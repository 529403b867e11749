"""tell how far the step is that you practise

Lists the goals of the step in the order in which one reaches them, and says of the first that is
not met what is still the case. How the code is built is read, without running it. When all of that
is met, your tests, those of the stage and the contract are run, in a copy. What passed is not run
again before a file that it depends on changes. Returns 0 when all goals are met, else 1. TAG is by
default the step that is practised here. --table is for a room: it reads the files that `grade
--json` was saved to, and prints a line for each.

The mark before a goal: + met, - not met, . looked at later.

example:
  python3 -m tour grade v0.4 --watch
"""

import argparse
import json
import os
import time
from pathlib import Path

from tour.environments import environment
from tour.practice import behaviour
from tour.practice import grading
from tour.practice import workplace
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Trial
from tour.repo import worktree
from tour.repo.clone import tour_command
from tour.syntax.files import Files
from tour.syntax.files import read_folder
from tour.syntax.files import read_times
from tour.system import status_line
from tour.system import terminal
from tour.system.errors import UsageError
from tour.system.table import format_table

MARKS = {grading.State.MET: "+", grading.State.UNMET: "-", grading.State.WAITS: "."}

# seconds between two looks at the files
PAUSE = 0.3

# so many differences from the stage are told
TOLD = 5

# what the table says of a file that is no grade
NO_GRADE = "not a grade yet: wait for `grade --json`, or save its output again"

# what is told of a folder that cannot be read
NAME_ONE = "name one with files of `grade --json`"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tag", nargs="?", metavar="TAG", help="the step's stage, as in v0.4")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the grade for a program")
    form.add_argument(
        "--table", type=Path, metavar="FOLDER", help="print the grades that a folder has as files"
    )
    form.add_argument(
        "--watch", action="store_true", help="grade again at each save, without running anything"
    )


def run(arguments: argparse.Namespace) -> int:
    """Grade, and return 1 when a goal is not met."""
    if arguments.table:
        rows, unread = _read_grades(arguments.table)
        print(format_table(rows, left=4))
        return 1 if unread else 0
    practice = workplace.find_practice(arguments.tag, arguments.verb)
    if arguments.watch:
        return _watch(practice)
    trial = _make_trial(practice, read_folder(practice.folder))
    grade = grading.grade_structure(practice.step, trial)
    if all(result.finding is None for result in grade.results):
        grade = _run(practice, grade, trial)
    workplace.keep_grade(practice, grade)
    if arguments.json:
        print(json.dumps(_as_data(practice, grade), indent=2))
    else:
        _print(practice, grade)
        if grade.is_done:
            _print_difference(practice, trial)
    return 0 if grade.is_done else 1


def _read_grades(folder: Path) -> tuple[list[list[str]], int]:
    """Return the rows of the table of a room's grades, and how many files are no grade.

    A file is empty as long as the grade that is to fill it runs: it must not hide the others.
    """
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        raise UsageError(f"there is no folder {folder}; {NAME_ONE}") from None
    except OSError as error:
        raise UsageError(f"{folder} cannot be read: {error.strerror}; {NAME_ONE}") from None
    rows = [["file", "step", "met", "what is still the case"]]
    unread = 0
    for file in (folder / name for name in names if name.endswith(".json")):
        try:
            grade = json.loads(file.read_bytes())
            findings = [goal["finding"] for goal in grade["goals"] if goal["finding"]]
            first = str(Finding(**findings[0])) if findings else ""
            met = f"{grade['met']} of {grade['total']}"
            rows.append(
                [terminal.escape(text) for text in (file.stem, str(grade["stage"]), met, first)]
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            unread += 1
            rows.append([terminal.escape(file.stem), "", "", NO_GRADE])
    if len(rows) == 1:
        raise UsageError(f"{folder} has no file that ends in .json")
    return rows, unread


def _make_trial(practice: workplace.Practice, files: Files) -> Trial:
    bounds = grading.read_bounds(practice.main, practice.before.commit, practice.stage.commit)
    return grading.make_trial(files, bounds)


def _run(practice: workplace.Practice, grade: grading.Grade, trial: Trial) -> grading.Grade:
    suite_python = environment.prepare(practice.main, status_line.report)
    status_line.report("Running your tests, those of the stage, and the contract")
    python = workplace.find_interpreter(practice)
    place = behaviour.Place(practice.main, practice.folder, python, suite_python)
    try:
        stage, before = practice.stage, trial.before
        return behaviour.grade_behaviour(grade, place, stage, before, status_line.report)
    finally:
        status_line.end_report()


def _watch(practice: workplace.Practice) -> int:
    """Grade at each change until Ctrl-C; raise NotBegunError when the folder or its branch goes."""
    grade = None
    seen = None
    branch = worktree.current_branch(practice.folder)
    try:
        while True:
            now = read_times(practice.folder)
            workplace.demand_folder(practice)
            if now != seen:
                seen = now
                workplace.demand_branch(practice, branch)
                trial = _make_trial(practice, read_folder(practice.folder))
                grade = grading.grade_structure(practice.step, trial)
                # what is printed is of a folder that was whole
                workplace.demand_folder(practice)
                _print(practice, grade)
                print("Waiting for you to save a file; Ctrl-C ends this")
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        return 0 if grade and grade.is_done else 1


def _print(practice: workplace.Practice, grade: grading.Grade) -> None:
    print(f"{practice.tag}, {practice.stage.title}")
    first = grade.first_unmet
    for result in grade.results:
        print(f"  {MARKS[result.state]} {result.goal.text}")
        if result is first:
            print(f"      {terminal.escape(str(result.finding))}")
    tour = tour_command(practice.main)
    if first:
        # what waits is looked at later
        print(f"{grade.met} of {grade.total}. When you are stuck:\n  {tour} hint {practice.tag}")
    elif grade.is_done:
        print(f"{grade.met} of {grade.total}: done")
    else:
        print(f"{grade.met} of {grade.total}. The others are run by\n  {tour} grade {practice.tag}")


def _print_difference(practice: workplace.Practice, trial: Trial) -> None:
    sentences = grading.describe_difference(trial)
    for sentence in sentences[:TOLD]:
        print(f"  {sentence}")
    if len(sentences) > TOLD:
        print(f"  and {len(sentences) - TOLD} more such names")
    is_here = Path.cwd().is_relative_to(practice.folder)
    place = "" if is_here else f"in {os.path.relpath(practice.folder)} "
    # in another folder the tour has another name
    tour = tour_command(practice.main, None if is_here else practice.folder)
    print(f"To see all that differs from the tour's own stage, {place}type")
    print(f"  {tour} diff --mine {practice.tag}")


def _as_data(practice: workplace.Practice, grade: grading.Grade) -> dict[str, object]:
    return {
        "learner": worktree.identity(practice.folder)["GIT_AUTHOR_NAME"],
        "stage": practice.tag,
        "folder": str(practice.folder),
        "met": grade.met,
        "total": grade.total,
        "done": grade.is_done,
        "goals": [
            {
                "goal": result.goal.text,
                "state": result.state.value,
                "finding": result.finding._asdict() if result.finding else None,
            }
            for result in grade.results
        ],
    }

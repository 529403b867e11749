"""give a hint for the first goal that is not met, another one each time

First a question, then what the step's page says of it, then what the tour itself changes there.
TAG is by default the step that is practised here.

example:
  python3 -m tour hint v0.4
"""

import argparse
import re

from tour.practice import hints
from tour.practice import workplace
from tour.practice.grading import grade_structure
from tour.practice.grading import make_trial
from tour.practice.grading import read_bounds
from tour.practice.vocabulary.goal import Behaviour
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.repo.clone import tour_command
from tour.syntax.files import read_folder
from tour.system import terminal

# in what was found, how many more there are of it
COUNTS = re.compile(r"\b\d+ (?:of the \d+|more) ")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tag", nargs="?", metavar="TAG", help="the step's stage, as in v0.4")


def run(arguments: argparse.Namespace) -> int:
    """Print the next hint."""
    practice = workplace.find_practice(arguments.tag, arguments.verb)
    bounds = read_bounds(practice.main, practice.before.commit, practice.stage.commit)
    files = read_folder(practice.folder)
    grade = grade_structure(practice.step, make_trial(files, bounds))
    tour = tour_command(practice.main)
    unmet = grade.first_unmet
    goal: Goal
    finding: Finding | None
    if unmet is None:
        if workplace.describe_progress(practice.main, practice.tag) == "done":
            print(f"Nothing is left to hint at: {practice.tag} is done")
            return 0
        print(f"What is left shows when it runs. To run it:\n  {tour} grade {practice.tag}")
        runs = {each.text: each for each in practice.step.goals if isinstance(each, Behaviour)}
        text, finding = workplace.last_unmet(practice)
        if text not in runs:
            return 0
        print("When it ran last, this was the case:")
        goal = runs[text]
    else:
        goal, finding = unmet.goal, unmet.finding
    print(f"{goal.text}\n  {terminal.escape(str(finding))}")
    found = hints.list_hints(practice, goal, finding, files)
    # another finding begins with the question; the line and the counts change with any edit
    about = finding and finding.path + COUNTS.sub("", finding.sentence)
    number = min(workplace.count_hint(practice, f"{goal.text}: {about}"), len(found))
    print(f"\n{found[number - 1]}\n")
    if number < len(found):
        print(f"Hint {number} of {len(found)}; for the next one:\n  {tour} hint {practice.tag}")
    else:
        print(f"Hint {number} of {len(found)}, the last one for this goal")
    return 0

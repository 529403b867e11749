"""list the stages, with their sizes and what each step changes

"lines" counts the application's Python without its tests, "files" all files, and "tests" the test
functions. The last four columns are the lines that the step to the stage moved, edited, added and
removed. An arrow marks the stage that you are on. Once you practise a step, a column shows the
progress of each.

example:
  python3 -m tour list
"""

import argparse

from tour.diff.lines import count_step
from tour.practice import workplace
from tour.practice.goals import STEPS
from tour.repo import clone
from tour.stages import sizes
from tour.stages.line import find_current
from tour.stages.line import find_stages
from tour.system.table import format_table

HEADINGS = ["", "stage", "title", "lines", "files", "tests", "moved", "edited", "new", "gone"]


def run(arguments: argparse.Namespace) -> int:
    """Print the table of the stages."""
    repository = clone.find_repository()
    line = find_stages(repository)
    here = find_current(repository, line)
    main = clone.find_main_folder(repository)
    progress = {tag: workplace.describe_progress(main, tag) for tag in STEPS}
    is_practised = set(progress.values()) != {workplace.NOT_BEGUN}
    headings = [*HEADINGS, *["practice"] * is_practised]
    rows = []
    before = None
    for stage in line.stages:
        size = sizes.measure(repository, stage.commit)
        step = count_step(repository, before, stage.commit)
        mark = "->" if stage == here else ""
        numbers = map(str, (*size, *step))
        practised = [progress.get(stage.tag, "")] * is_practised
        rows.append([mark, stage.tag, stage.title, *numbers, *practised])
        before = stage.commit
    print(format_table([headings, *rows], left=3))
    return 0

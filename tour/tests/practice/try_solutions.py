"""Run the solutions, and the pages' patches, that a run decides; it takes minutes.

`python -m tour.tests.practice.try_solutions [TAG ...]`, in the top folder of a clone in which
`start` has run. Each right one must meet every goal, each wrong one must miss the goal that it
names.
"""

import sys
import tempfile
import time
from pathlib import Path

from tour.environments import environment
from tour.environments import packages
from tour.environments import pythons
from tour.practice.behaviour import Place
from tour.practice.behaviour import grade_behaviour
from tour.practice.goals import STEPS
from tour.practice.grading import Grade
from tour.practice.grading import grade_structure
from tour.practice.grading import make_trial
from tour.repo import copies
from tour.stages.line import find_stages
from tour.syntax.files import read_folder
from tour.tests.practice.pages import RIGHT
from tour.tests.practice.pages import SHOWN_BY_RUNNING
from tour.tests.practice.pages import WRONG
from tour.tests.practice.pages import read_patches
from tour.tests.practice.solutions import RUN
from tour.tests.practice.solutions import SOLUTIONS
from tour.tests.practice.trees import bounds_of
from tour.tests.practice.trees import unmet


def main(tags: list[str]) -> int:
    """Run them and print a line for each; return 1 when one is graded wrongly."""
    repository = Path.cwd()
    wrong = 0
    for tag in tags or list(STEPS):
        stage_data = copies.read_files(repository, find_stages(repository).select([tag])[0].commit)
        tried = [
            (each.name, each.misses, each.apply(bounds_of(repository, tag).after.files.contents))
            for each in SOLUTIONS
            if each.tag == tag and (not each.misses or each.misses in RUN)
        ]
        for each in read_patches(repository, tag):
            if each.section == WRONG and (tag, each.name) in RIGHT | SHOWN_BY_RUNNING:
                misses = "" if (tag, each.name) in RIGHT else "any"
                tried.append((f"try {each.name}", misses, each.tree))
        for name, misses, tree in tried:
            whole = {path: tree[path] or stage_data.get(path, b"") for path in tree}
            start = time.monotonic()
            found = unmet(grade(repository, tag, whole))
            is_right = misses == "any" or any(each.startswith(misses) for each in found)
            is_right = is_right and bool(found) if misses else not found
            wrong += not is_right
            seconds = time.monotonic() - start
            word = "as it should" if is_right else "WRONGLY"
            print(f"{tag} {name}: graded {word} in {seconds:.0f} s: {found}", flush=True)
    return 1 if wrong else 0


def grade(repository: Path, tag: str, tree: dict[str, bytes]) -> Grade:
    """Return the full grade of a tree."""
    [stage] = find_stages(repository).select([tag])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, data in tree.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        trial = make_trial(read_folder(folder), bounds_of(repository, tag))
        requirements = packages.read_requirements(repository, stage)
        python = environment.stage_environment(repository, pythons.find_python(), requirements)
        suite_python = environment.interpreter(repository / ".venv")
        place = Place(repository, folder, python, suite_python)
        structure = grade_structure(STEPS[tag], trial)
        if unmet(structure):
            return structure
        return grade_behaviour(structure, place, stage, trial.before)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Trees to grade: small ones, and the stages of the repository that is being checked."""

from functools import cache
from pathlib import Path

from tour.pages import blocks
from tour.practice.goals import STEPS
from tour.practice.grading import Grade
from tour.practice.grading import State
from tour.practice.grading import grade_structure
from tour.practice.grading import make_trial
from tour.practice.grading import read_bounds
from tour.practice.vocabulary.goal import Trial
from tour.stages.line import find_stages
from tour.syntax.files import Files
from tour.syntax.files import read_commit
from tour.syntax.model import Model


def files(contents: dict[str, str]) -> Files:
    """Return files with these texts."""
    return Files({path: text.encode() for path, text in contents.items()}, {})


def model(contents: dict[str, str]) -> Model:
    """Return the model of files with these texts."""
    return Model(files(contents))


@cache
def stage_files(repository: Path, tag: str) -> Files:
    """Return a stage's files, whether the clone has its tag or not."""
    [stage] = find_stages(repository).select([tag])
    return read_commit(repository, stage.commit)


@cache
def bounds_of(repository: Path, tag: str) -> Trial:
    """Return both ends of the step to a stage, and what it moves."""
    stages = find_stages(repository).stages
    [number] = [number for number, stage in enumerate(stages) if stage.tag == tag]
    return read_bounds(repository, stages[number - 1].commit, stages[number].commit)


@cache
def read_page(repository: Path, tag: str) -> blocks.Page:
    """Return the page of a step."""
    path = f"docs/steps/{tag}.md"
    return blocks.parse(path, repository.joinpath(path).read_text(encoding="utf-8"))


def grade(repository: Path, tag: str, contents: dict[str, bytes]) -> Grade:
    """Return the grade of a tree's structure for the step to a stage."""
    trial = make_trial(Files(contents, {}), bounds_of(repository, tag))
    return grade_structure(STEPS[tag], trial)


def unmet(grade: Grade) -> list[str]:
    """Return the goals that are not met, in words, with what is still the case."""
    return [
        f"{result.goal.text} -> {result.finding}"
        for result in grade.results
        if result.state is State.UNMET
    ]

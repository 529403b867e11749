"""Random solutions that are right, one a step; `shuffled` tries as many as one wants."""

from pathlib import Path

import pytest

from tour.practice.goals import STEPS
from tour.tests.practice.shuffled import shuffle
from tour.tests.practice.trees import bounds_of
from tour.tests.practice.trees import grade
from tour.tests.practice.trees import unmet


@pytest.mark.parametrize("tag", STEPS)
def test_a_stage_in_another_form_passes(this_repository: Path, tag: str) -> None:
    after = bounds_of(this_repository, tag).after.files.contents
    tree = shuffle(after, tag, seed=1)
    assert tree != after
    assert unmet(grade(this_repository, tag, tree)) == []

"""Solutions built in other ways: right ones pass, wrong ones fail on the goal that they miss."""

from pathlib import Path

import pytest

from tour.tests.practice.solutions import RUN
from tour.tests.practice.solutions import SOLUTIONS
from tour.tests.practice.solutions import Solution
from tour.tests.practice.trees import bounds_of
from tour.tests.practice.trees import grade
from tour.tests.practice.trees import unmet


@pytest.mark.parametrize(
    "solution", SOLUTIONS, ids=[f"{each.tag} {each.name}" for each in SOLUTIONS]
)
def test_a_solution_fails_on_what_it_misses_alone(
    this_repository: Path, solution: Solution
) -> None:
    tree = solution.apply(bounds_of(this_repository, solution.tag).after.files.contents)
    found = unmet(grade(this_repository, solution.tag, tree))
    if not solution.misses or solution.misses in RUN:
        assert found == []
    else:
        assert len(found) == 1, found
        assert found[0].startswith(solution.misses), found

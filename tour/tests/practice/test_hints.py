"""What a learner is helped with: the page's words, and the change itself."""

from pathlib import Path

import pytest

from tour.practice import hints
from tour.practice import workplace
from tour.practice.goals import find_steps
from tour.practice.vocabulary import Gone
from tour.practice.vocabulary import Offers
from tour.practice.vocabulary import There
from tour.practice.workplace import Practice
from tour.stages.line import find_stages


def practice_of(repository: Path, tag: str) -> Practice:
    return workplace.find_step(repository, find_stages(repository), repository, tag)


@pytest.mark.parametrize("tag", find_steps())
def test_a_goal_about_a_file_of_the_step_has_three_hints(this_repository: Path, tag: str) -> None:
    practice = practice_of(this_repository, tag)
    # all goals would be git's work for seconds
    for goal in practice.step.goals[1:4]:
        found = hints.list_hints(practice, goal)
        assert found[0].endswith("?") and f"{practice.stage.page}.md" in found[1]
        if isinstance(goal, There | Offers | Gone):
            assert "diff --git a/" in found[2]


@pytest.mark.parametrize("tag", find_steps())
def test_what_the_page_says_is_taken_from_there(this_repository: Path, tag: str) -> None:
    practice = practice_of(this_repository, tag)
    page = hints.read_page(practice)
    sections = hints.read_sections(page)
    assert sections and all(section.text in page for section in sections)
    assert any(section.paths for section in sections)
    # of the step's first file that has to be there the page shows the hunk
    goal = practice.step.goals[1]
    assert 'Read "' in hints.list_hints(practice, goal)[1]


def test_a_hunk_that_is_long_is_cut_and_says_where_the_rest_is(this_repository: Path) -> None:
    practice = practice_of(this_repository, "v0.2")
    hunk = hints.list_hints(practice, There("utils.py"))[2]
    assert len(hunk.splitlines()) < hints.LONGEST + 10
    assert "lines more" in hunk
    assert hunk.endswith("All of it: git diff v0.1 v0.2 -- utils.py")


def test_the_hunk_is_the_one_with_the_names(this_repository: Path) -> None:
    practice = practice_of(this_repository, "v0.10")
    hunk = hints.list_hints(practice, Offers("flack/api.py", ("HISTORY_SECONDS",)))[2]
    assert "HISTORY_SECONDS" in hunk
    assert "from .flack import app" not in hunk

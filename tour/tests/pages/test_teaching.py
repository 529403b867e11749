"""The times of a class: the tables that are made of them, and what each step has for class."""

import datetime
from pathlib import Path

import pytest

from tour.pages import blocks
from tour.pages import outline
from tour.pages import teaching
from tour.pages.findings import PageError
from tour.pages.sources import Sources
from tour.pages.teaching import Part
from tour.pages.teaching import Plan
from tour.pages.teaching import Step
from tour.pages.teaching import Teaching
from tour.stages.line import Stage
from tour.stages.line import find_stages

STEP = Step(read=10, run=15, do=30, about="utilities", mistake="A function takes db along")
MOVES: dict[str, int | str] = {"pain": 2, "work": "read it", "questions": 3}
PLAN = Plan(
    datetime.time(9, 50), [Part("do", "v0.2"), Part(what="break", minutes=15), Part("read", "v0.2")]
)
CLASS = Teaching({way: MOVES for way in teaching.WAYS}, {"v0.2": STEP}, {"short": PLAN})


@pytest.fixture(scope="module")
def sources(this_repository: Path) -> Sources:
    """What git has of the stages of the clone that is being checked."""
    return Sources(this_repository, find_stages(this_repository))


def test_a_plan_says_from_when_and_how_long_in_all() -> None:
    assert teaching.write_plan(CLASS, "short")[2:] == [
        "| 9:50 | 30 | [v0.2](steps/v0.2.md): utilities | do |",
        "| 10:20 | 15 | break |  |",
        "| 10:35 | 10 | [v0.2](steps/v0.2.md): utilities | read |",
        "| 10:45 | 55 | in all | |",
    ]


def test_the_work_has_the_minutes_that_are_left(sources: Sources) -> None:
    stage = sources.stages["v0.2"]
    lines = teaching.write_step(CLASS, stage, "docs/teaching.md")
    assert "steps/v0.2.md#a-function-takes-db-along" in lines[0]
    assert lines[-1] == "| in all | 10 | 15 | 30 |"
    assert [line for line in lines if "read it" in line] == [
        "| read it (read), read it (run), read it (do) | 5 | 10 | 25 |"
    ]


def test_a_step_that_is_too_short_for_its_moves_is_an_error(sources: Sources) -> None:
    short = CLASS._replace(steps={"v0.2": STEP._replace(read=5)})
    with pytest.raises(PageError, match="5 minutes are too few"):
        teaching.write_step(short, sources.stages["v0.2"], "docs/teaching.md")


@pytest.mark.parametrize("text", ["", "steps = 1", "[moves]\n[steps]\n[plans]\n", "x"])
def test_a_file_that_is_not_of_this_form_is_an_error(text: str, tmp_path: Path) -> None:
    file = tmp_path / "times.toml"
    file.write_text(text)
    with pytest.raises(PageError, match="cannot be read"):
        teaching.read(file)


def test_the_plans_are_as_long_as_the_guide_says(this_repository: Path) -> None:
    planned = teaching.read(this_repository / teaching.PATH)
    ends = {name: teaching.write_plan(planned, name)[-1] for name in planned.plans}
    assert ends == {
        "half": "| 12:30 | 210 | in all | |",
        "whole": "| 17:00 | 480 | in all | |",
    }


def test_every_step_has_times(sources: Sources, this_repository: Path) -> None:
    assert list(teaching.read(this_repository / teaching.PATH).steps) == sources.tags


def read_page(repository: Path, path: str, old: str = "", new: str = "") -> blocks.Page:
    text = repository.joinpath(path).read_text(encoding="utf-8")
    assert old in text
    return blocks.parse(path, text.replace(old, new, 1) if old else text)


def find(page: blocks.Page, sources: Sources) -> list[str]:
    outline.check(page, sources)
    return [finding.problem for finding in page.findings]


def test_the_guide_has_all_that_a_step_needs(sources: Sources, this_repository: Path) -> None:
    page = read_page(this_repository, teaching.GUIDE)
    assert find(page, sources) == []
    page = read_page(this_repository, teaching.GUIDE, "**Ask:** Why this section first?")
    assert find(page, sources) == ["2 times **Ask:**, and not 3"]
    page = read_page(this_repository, teaching.GUIDE, "## v0.2: Utilities to utils.py")
    assert find(page, sources) == ["each step has its section; add ## v0.2: Utilities to utils.py"]


def test_the_mistake_for_class_is_one_of_the_page(sources: Sources, this_repository: Path) -> None:
    stage: Stage = sources.stages["v0.2"]
    mistake = teaching.read(this_repository / teaching.PATH).step("v0.2").mistake
    page = read_page(this_repository, f"{stage.page}.md")
    assert find(page, sources) == []
    page = read_page(this_repository, f"{stage.page}.md", f"### {mistake}", "### Another")
    [problem] = find(page, sources)
    assert mistake in problem

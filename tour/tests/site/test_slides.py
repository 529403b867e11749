"""The slides of the real pages: all parts are there, and nothing of them is cut off."""

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import ViewportSize

from tour import site
from tour.contract.browser import launch
from tour.pages import teaching
from tour.site import fitting
from tour.site import slides
from tour.site.slides import PARTS
from tour.site.slides import Slide
from tour.stages.line import find_stages

STATIC = Path(site.__file__).with_name("static")

TAGS = [f"v0.{number}" for number in range(1, 11)]

# the size of a projector, whose shape all slides have
PROJECTOR = ViewportSize(width=1280, height=720)

# of each slide that does not hold all that is on it, the number and what sticks out
FIND_CUT = """
() => [...document.querySelectorAll(".slide")].flatMap((slide) => {
  slide.classList.add("shown");
  const frame = slide.getBoundingClientRect();
  const end = slide.querySelector("footer").getBoundingClientRect().top;
  return [...slide.querySelectorAll("h1, h2, .body, .body *:not(svg *)")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && (box.bottom > end || box.right > frame.right || box.left < frame.left);
  }).map((each) => `${slide.id}: ${each.outerHTML.slice(0, 80)}`).slice(0, 1);
})
"""


class Addresses(HTMLParser):
    """All that a file of HTML loads, or leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str | None] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name in ("href", "src")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, this_repository: Path) -> Path:
    """A site that has nothing but the slides of the real pages."""
    folder = tmp_path_factory.mktemp("site")
    slides.write(find_stages(this_repository), this_repository / "docs", folder)
    shutil.copytree(STATIC, folder / "_static")
    folder.joinpath("_static", "pygments.css").touch()
    return folder


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page of the system's Chromium, as large as a projector's."""
    with launch() as chromium:
        yield chromium.browser.new_page(viewport=PROJECTOR)


def make(repository: Path, tag: str) -> list[Slide]:
    [stage] = find_stages(repository).select([tag])
    guide = repository.joinpath(teaching.GUIDE).read_text(encoding="utf-8")
    mistake = teaching.read(repository / teaching.PATH).step(tag).mistake
    questions = slides.read_questions(guide)[tag]
    return slides.make(repository / f"{stage.page}.md", stage, TAGS, mistake, questions)


@pytest.mark.parametrize("tag", TAGS)
def test_a_step_has_slides_of_each_part_in_order(this_repository: Path, tag: str) -> None:
    made = make(this_repository, tag)
    assert tuple(part for part, _ in groupby(made, lambda slide: slide.part)) == PARTS
    assert "<svg" in next(slide.body for slide in made if slide.part == "picture")
    assert made[-1].body.count("<li>") == 3
    [name] = {slide.heading for slide in made if slide.part == "mistake"}
    assert name == teaching.read(this_repository / teaching.PATH).step(tag).mistake
    shown = [slide.body for slide in made if slide.part == "mistake"]
    assert any("a change to try" in body for body in shown) and f"at {tag}" in shown[-1]


def test_the_code_of_slides_is_that_of_the_page(this_repository: Path) -> None:
    shown = [slide.body for slide in make(this_repository, "v0.5") if slide.part == "diff"]
    assert "flack/auth.py" in shown[0] and "v0.4 → v0.5" in shown[0]
    assert any("OptionalTokenAuth" in body for body in shown)


def test_no_slide_leads_away_but_to_its_page(folder: Path) -> None:
    for tag in TAGS:
        addresses = Addresses()
        addresses.feed(folder.joinpath("slides", f"{tag}.html").read_text(encoding="utf-8"))
        assert addresses.found == {
            "../_static/pygments.css",
            "../_static/boxes.js",
            "../_static/slides.css",
            "../_static/slides.js",
            f"../steps/{tag}.html",
        }


@pytest.mark.parametrize("tag", TAGS)
def test_nothing_is_cut_off_on_a_projector(folder: Path, page: Page, tag: str) -> None:
    page.goto(folder.joinpath("slides", f"{tag}.html").as_uri())
    # all of them, below each other
    page.evaluate("document.body.classList.remove('presenting')")
    assert page.evaluate(FIND_CUT) == []


def test_the_keys_turn_the_pages(folder: Path, page: Page) -> None:
    page.goto(folder.joinpath("slides", "v0.2.html").as_uri())
    last = page.locator(".slide").count()
    keys = {"ArrowRight": 2, "Space": 3, "ArrowLeft": 2, "End": last, "PageDown": last, "Home": 1}
    for key, number in keys.items():
        page.keyboard.press(key)
        page.wait_for_selector(f".shown[id='{number}']")
        assert page.locator(".slide:visible").count() == 1


def test_long_code_is_divided_at_a_blank_line_and_nothing_of_it_is_lost() -> None:
    lines = [f"line {number}" if number % 10 else "" for number in range(1, 41)]
    pieces = fitting.divide(lines, letters=0, most=2)
    assert [line for piece in pieces for line in [*piece.lines, ""]][:-1] == lines[:-1] + [""]
    assert {piece.lines[0] for piece in pieces} == {"line 1", "line 21"}


def test_code_that_is_too_long_says_that_there_is_more() -> None:
    pieces = fitting.divide(["x"] * 100, letters=0, most=2)
    assert len(pieces) == 2 and pieces[1].lines[-1] == "..."
    assert all(piece.size >= fitting.SMALLEST for piece in pieces)


def test_wide_code_has_smaller_letters_until_it_is_wrapped() -> None:
    sizes = [fitting.divide(["x" * width], 0, 1)[0].size for width in (10, 90, 110, 300)]
    assert sizes[0] == fitting.LARGEST > sizes[1] > sizes[2] == sizes[3]

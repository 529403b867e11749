"""Every page of the site, looked at with axe-core; and what of it is seen on paper."""

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser
from playwright.sync_api import Page

from tour.contract.browser import DESKTOP
from tour.contract.browser import PHONE
from tour.contract.browser import launch
from tour.environments import environment
from tour.site import builder
from tour.stages.line import find_stages

# what is wrong with colours: for these two, elements that have the same ones are alike
COLOURS = ("color-contrast", "link-in-text-block")
# a page of each kind, for what is shown at the wider width alone and is the theme's on all pages
KINDS = ("index.html", "search.html", "steps/v0.4.html", "steps/v0.4-full.html")

# An element with the tags and classes of one on an earlier page has its colours, too: up to the
# block or the row that has a background, or up to the body. A link is another one in a sentence.
# Marks the others. Takes away the rows of a full diff that have none of them, and in code the
# words: there are thousands. Folds are opened, for what they hold is seen as well. The tab keeps
# what was on its earlier pages, which to hand to each page takes longer.
MARK_NEW = """
    () => {
        const seen = new Set(JSON.parse(sessionStorage.getItem("seen")));
        const isInSentence = (element) => element.matches("a")
            && element.parentElement.textContent.trim() !== element.textContent.trim();
        const describe = (element) => {
            const own = [
                element.tagName,
                element.getAttribute("class"),
                element.cellIndex,
                isInSentence(element),
            ].join();
            const ends = element.matches("body, tr, .literal-block-wrapper");
            return ends ? own : `${describe(element.parentElement)} ${own}`;
        };
        for (const element of document.body.querySelectorAll("*")) {
            const kind = describe(element);
            if (!seen.has(kind)) {
                seen.add(kind);
                element.dataset.new = "";
            }
        }
        const isKnown = (element) =>
            !element.matches("[data-new]") && !element.querySelector("[data-new]");
        [...document.querySelectorAll(".full-step .code tr")].filter(isKnown)
            .forEach(row => row.remove());
        [...document.querySelectorAll("pre *")].filter(isKnown)
            .forEach(word => word.replaceWith(...word.childNodes));
        document.querySelectorAll("details").forEach(fold => { fold.open = true; });
        sessionStorage.setItem("seen", JSON.stringify([...seen]));
    }
"""
# A look at colours takes as long as the page has elements. A row keeps its cells, which it counts.
KEEP_NEW = """
    () => {
        for (const element of document.body.querySelectorAll("*:not(td)")) {
            if (!element.matches("[data-new]") && !element.querySelector("[data-new]")) {
                element.remove();
            }
        }
        return document.querySelector("[data-new]") !== null;
    }
"""
# the boxes learn of their new sizes before a page is painted
WAIT_FOR_BOXES = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
RUN = """
    async options => {
        const {violations} = await axe.run({...options, resultTypes: ["violations"]});
        return violations.flatMap(violation =>
            violation.nodes.map(node => `${violation.id}: ${node.target.join(" ")}`));
    }
"""


@pytest.fixture(scope="module")
def folder(this_repository: Path) -> Path:
    """The folder of the site of this repository's pages."""
    with pytest.MonkeyPatch.context() as patch:
        # the tests' own Sphinx, for a clone of theirs need not have a .venv
        patch.setattr(environment, "interpreter", lambda folder: Path(sys.executable))
        return builder.build(this_repository, find_stages(this_repository), lambda line: None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch() as profile:
        yield profile.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(WAIT_FOR_BOXES)


def find_violations(page: Page, is_whole: bool) -> Iterator[str]:
    """Yield what is wrong in a page: its colours in both schemes, the rest on a phone.

    With `is_whole` all is looked at in both windows.
    """
    for width in (PHONE, DESKTOP) if is_whole else (PHONE,):
        resize(page, width)
        off = dict.fromkeys(COLOURS, {"enabled": False})
        for problem in page.evaluate(RUN, {"rules": off}):
            yield f"{width} {problem}"
    if page.evaluate(KEEP_NEW):
        widths = (PHONE, DESKTOP) if is_whole else (DESKTOP,)
        for width, is_dark in product(widths, (False, True)):
            resize(page, width)
            page.emulate_media(color_scheme="dark" if is_dark else "light")
            for problem in page.evaluate(RUN, {"runOnly": COLOURS}):
                yield f"{width} {'dark' if is_dark else 'light'} {problem}"


def test_no_page_violates_a_rule_of_axe(folder: Path, page: Page) -> None:
    page.add_init_script(path=AXE_FILE_PATH)
    files = {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*.html"))}
    assert set(KINDS) < set(files)
    found = {}
    for name, file in files.items():
        page.goto(file.as_uri())
        page.evaluate(MARK_NEW)
        if violations := list(find_violations(page, name in KINDS)):
            found[name] = violations
    assert found == {}


def test_a_box_that_scrolls_is_a_stop_of_the_tab_key_and_no_other_is(
    folder: Path, page: Page
) -> None:
    page.goto((folder / "steps" / "v0.4.html").as_uri())
    for width in (PHONE, DESKTOP):
        resize(page, width)
        boxes = page.evaluate(
            "() => [...document.querySelectorAll('article pre')]"
            ".filter(box => box.checkVisibility({contentVisibilityAuto: true}))"
            ".map(box => [box.scrollWidth > box.clientWidth, box.tabIndex === 0])"
        )
        assert [False, False] in boxes and [True, True] in boxes
        assert [True, False] not in boxes and [False, True] not in boxes


def test_on_paper_no_line_is_cut_and_no_fold_is_closed(folder: Path, page: Page) -> None:
    page.goto((folder / "steps" / "v0.4.html").as_uri())
    # the width of a sheet of A4 between its margins, as browsers count it
    page.set_viewport_size({"width": 680, "height": 1000})
    page.emulate_media(media="print")
    cut = "boxes => boxes.map(box => box.scrollWidth > box.clientWidth)"
    assert set(page.locator("article pre, article .table-wrapper").evaluate_all(cut)) == {False}
    [fold, *_] = page.locator("details pre").all()
    assert fold.is_visible()
    assert not page.locator("aside, footer").filter(visible=True).count()

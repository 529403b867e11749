"""The build of a step's page: its headings in their order, its goals and its recap.

And that of the guide which says how to teach the steps.
"""

from itertools import pairwise

from tour.pages import teaching
from tour.pages.blocks import Heading
from tour.pages.blocks import Page
from tour.pages.excerpt import find_first
from tour.pages.findings import PageError
from tour.pages.sources import Sources
from tour.stages.line import Stage

# the sentence that the goals complete, above the first section
GOALS = "After this page you can"
NUMBER_OF_GOALS = 3
RECAP = "Recap"
LONGEST_RECAP = 5

SECTIONS = (
    "Where we are",
    "The idea",
    "What moves",
    "The diff, walked through",
    "Try it",
    "What goes wrong",
    "Practice",
    "Then and now",
    RECAP,
    "Next",
)

# the first stage has no step
FIRST = {"The diff, walked through": "A tour through the module"}

# what a step has in the guide that says how to teach it: how a paragraph begins, and how often
PARTS = {
    "**They stumble over**": 1,
    "**Ask:**": 3,
    "**Expect:**": 3,
    "**If it fails:**": 1,
    "**Checkpoint:**": 1,
}


def check(page: Page, sources: Sources) -> None:
    """Find what is wrong with the headings of a stage's page, or of the guide to teaching."""
    if page.path == teaching.GUIDE:
        _check_guide(page, sources)
    for stage in sources.line.stages:
        if f"{stage.page}.md" == page.path:
            _check_step(page, sources, stage)


def _check_step(page: Page, sources: Sources, stage: Stage) -> None:
    title = f"{stage.tag}: {stage.title}"
    titles = [heading for heading in page.headings if heading.level == 1]
    has_title = [heading.text for heading in titles] == [title]
    if not has_title:
        wrong = next((heading for heading in titles if heading.text != title), None)
        page.find(
            wrong.line if wrong else 0,
            "a stage's page has one title",
            expected=f"# {title}",
            got=wrong and f"# {wrong.text}",
        )
    is_first = sources.before(stage.tag) is None
    sections = [FIRST.get(section, section) if is_first else section for section in SECTIONS]
    found = [heading for heading in page.headings if heading.level == 2]
    texts = [heading.text for heading in found]
    if texts != sections:
        at, expected, got, _ = find_first(0, texts, sections)
        page.find(
            found[at].line if got else len(page.newlines) - 1,
            "a stage's page has its sections in their order",
            expected=expected and f"## {expected}",
            got=got and f"## {got}",
        )
    elif has_title:
        _check_lists(page, found)
    _check_mistake(page, sources, stage.tag)


def _check_lists(page: Page, sections: list[Heading]) -> None:
    """Find what is wrong with the goals and the recap of a page whose sections are right."""
    first = sections[0].line
    opening = [part for part in page.paragraphs if part.end <= first]
    goals = [part for part in opening if " ".join(part.text.split()).endswith(GOALS)]
    number = sum(item < first for item in page.items)
    if not goals or number != NUMBER_OF_GOALS:
        problem = f"a stage's page begins with '{GOALS}' and {NUMBER_OF_GOALS} goals"
        page.find(0, problem, got=f"{number} goals" if goals else None)
    [(start, end)] = [
        (heading.line, following.line)
        for heading, following in pairwise(sections)
        if heading.text == RECAP
    ]
    number = sum(start < item < end for item in page.items)
    if not 0 < number <= LONGEST_RECAP:
        problem = f"a recap has a list of one to {LONGEST_RECAP} lines"
        page.find(start, problem, got=f"{number} lines")


def _check_mistake(page: Page, sources: Sources, tag: str) -> None:
    """Find whether the mistake that is shown in class is none of the page."""
    if not (sources.repository / teaching.PATH).is_file():
        return
    try:
        mistake = teaching.read(sources.repository / teaching.PATH).step(tag).mistake
    except PageError as error:
        page.find(0, str(error))
        return
    if mistake not in [heading.text for heading in page.headings if heading.level == 3]:
        page.find(0, f"{teaching.PATH} names a mistake that is not here: {mistake}")


def _check_guide(page: Page, sources: Sources) -> None:
    """Find which parts the guide to teaching lacks, for each step."""
    titles = [f"{stage.tag}: {stage.title}" for stage in sources.line.stages]
    end = Heading(2, "", len(page.lines))
    found = [heading for heading in page.headings if heading.level == 2]
    for title in titles:
        if title not in [heading.text for heading in found]:
            page.find(0, f"each step has its section; add ## {title}")
    for heading, after in pairwise([*found, end]):
        lines = page.lines[heading.line : after.line]
        for part, least in PARTS.items():
            times = sum(line.startswith(part) for line in lines)
            if heading.text in titles and times < least:
                page.find(heading.line, f"{times} times {part}, and not {least}")

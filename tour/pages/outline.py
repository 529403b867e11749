"""The headings of a step's page: all of them, in their order."""

from tour.pages.blocks import Page
from tour.pages.findings import Finding
from tour.pages.sources import Sources

SECTIONS = (
    "Where we are",
    "The idea",
    "What moves",
    "The diff, walked through",
    "Try it",
    "What goes wrong",
    "Practice",
    "Then and now",
    "Recap",
    "Next",
)

# the first stage has no step
FIRST = {"The diff, walked through": "A tour through the module"}


def check(page: Page, sources: Sources) -> list[Finding]:
    """Return what is wrong with the headings of a stage's page; other pages have their own."""
    stages = [stage for stage in sources.line.stages if f"{stage.page}.md" == page.path]
    if not stages:
        return []
    [stage] = stages
    findings = []
    title = f"{stage.tag}: {stage.title}"
    titles = [heading for heading in page.headings if heading.level == 1]
    if [heading.text for heading in titles] != [title]:
        wrong = next((heading for heading in titles if heading.text != title), None)
        findings.append(
            page.find(
                wrong.line if wrong else 0,
                "a stage's page has one title",
                expected=f"# {title}",
                got=wrong and f"# {wrong.text}",
            )
        )
    is_first = sources.before(stage.tag) is None
    sections = [FIRST.get(section, section) if is_first else section for section in SECTIONS]
    found = [heading for heading in page.headings if heading.level == 2]
    for number in range(max(len(sections), len(found))):
        expected = sections[number] if number < len(sections) else None
        heading = found[number] if number < len(found) else None
        if heading is None or heading.text != expected:
            findings.append(
                page.find(
                    heading.line if heading else len(page.newlines) - 1,
                    "a stage's page has its sections in their order",
                    expected=expected and f"## {expected}",
                    got=heading and f"## {heading.text}",
                )
            )
            break
    return findings

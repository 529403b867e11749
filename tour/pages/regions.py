"""The regions of a page: what the tour writes between two comments."""

from os import path as paths

from tour import pictures
from tour.pages import past
from tour.pages import teaching
from tour.pages.blocks import Page
from tour.pages.findings import Finding
from tour.pages.past import PastError
from tour.pages.sources import Sources
from tour.pages.teaching import TeachingError
from tour.system.errors import TourError

FORMS = (
    "the regions are counts TAG, modules TAG, full TAG, practice TAG, class TAG, class, step TAG,"
    " times, plan NAME, steps, flow, sizes and rooms"
)


class UnknownRegionError(TourError):
    """A region has a name that is no region's."""


def check(page: Page, sources: Sources) -> list[Finding]:
    """Return what is wrong with the page's regions."""
    findings = []
    for region in page.regions:
        try:
            # with blank lines around, or Markdown takes the text for a part of the comment
            expected = ["", *write(region.name, page.path, sources), ""]
        except (UnknownRegionError, PastError, TeachingError) as error:
            findings.append(page.find(region.first - 1, str(error)))
            continue
        quoted = page.lines[region.first : region.end]
        difference = _compare(quoted, expected)
        if difference:
            index, right, got = difference
            findings.append(
                page.find(
                    region.first + index,
                    f"the region '{region.name}'",
                    expected=right,
                    got=got,
                    correction=page.rewrite(region.first, region.end, expected),
                )
            )
    return findings


def _compare(quoted: list[str], expected: list[str]) -> tuple[int, str | None, str | None] | None:
    """Return where the lines first differ, with the expected line and the quoted one."""
    for index in range(max(len(quoted), len(expected))):
        right, got = (side[index] if index < len(side) else None for side in (expected, quoted))
        if right != got:
            return index, right, got
    return None


def write(name: str, page: str, sources: Sources) -> list[str]:
    """Return the lines of a region, as they stand in the page with that path.

    Raise UnknownRegionError for a name that is no region's, PastError for what is not known of the
    class of 2016, TeachingError for what is not planned for a class of today.
    """
    match name.split():
        case ["counts", tag] if tag in sources.tags:
            return _write_counts(tag, sources)
        case ["full", tag] if tag in sources.tags:
            return _write_full(tag, sources)
        case ["practice", tag] if tag in sources.tags[1:]:
            return _write_practice(tag, sources)
        case ["times"]:
            return teaching.write_times(teaching.read(sources.repository))
        case ["plan", plan]:
            return teaching.write_plan(teaching.read(sources.repository), plan)
        case ["step", tag] if tag in sources.tags:
            return teaching.write_step(teaching.read(sources.repository), sources.stages[tag], page)
        case ["class"]:
            return past.write_tags(past.read(sources.repository))
        case ["class", tag]:
            return past.write_tag(past.read(sources.repository), tag)
        case ["steps"]:
            return _write_steps(page, sources)
        case ["modules", tag] if tag in sources.tags:
            return _write_picture(f"modules-{tag}", page, sources)
        case ["flow" | "sizes" | "rooms" as picture]:
            return _write_picture(picture, page, sources)
    raise UnknownRegionError(f"there is no region '{name}'; {FORMS}")


def _write_counts(tag: str, sources: Sources) -> list[str]:
    step, size = sources.step(tag), sources.size(tag)
    return [
        "| moved | edited | new | gone | lines of the application | files | tests |",
        "|---:|---:|---:|---:|---:|---:|---:|",
        f"| {' | '.join(map(str, (*step, *size)))} |",
    ]


def _write_full(tag: str, sources: Sources) -> list[str]:
    before = sources.before(tag)
    if before is None:
        return [f"All of the stage: `git show {tag}`"]
    return [f"The whole step: `git diff {before.tag} {tag}`"]


def _write_practice(tag: str, sources: Sources) -> list[str]:
    before = sources.before(tag)
    assert before
    return [
        f"Do the step yourself: `.venv/bin/tour practice {tag}` makes a folder for it, at"
        f" {before.tag}, with a `TASK.md`. [For learners](../learner.md#do) says more."
        " In that folder",
        "",
        "- `tour grade` says how far you are,",
        "- `tour hint` helps with the next goal,",
        "- `tour reset` begins again, and keeps your old try.",
    ]


def _write_steps(page: str, sources: Sources) -> list[str]:
    rows = []
    for stage in sources.line.stages:
        link = paths.relpath(f"{stage.page}.md", paths.dirname(page)).replace("\\", "/")
        counts = " | ".join(map(str, sources.step(stage.tag)))
        rows.append(f"| [{stage.tag}]({link}) | {stage.title} | {counts} |")
    return [
        "| stage | title | moved | edited | new | gone |",
        "|---|---|---:|---:|---:|---:|",
        *rows,
    ]


def _write_picture(name: str, page: str, sources: Sources) -> list[str]:
    alt = pictures.alt_text(sources.repository, sources.line, name)
    file = paths.relpath(f"{pictures.FOLDER}/{name}.svg", paths.dirname(page)).replace("\\", "/")
    # or Markdown would take __init__ for a word in bold
    escaped = alt.replace("_", r"\_")
    return [f"![{escaped}]({file})"]

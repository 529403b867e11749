"""The regions of a page: what the tour writes between two comments."""

import tomllib
from os import path as paths

from tour import pictures
from tour.pages import past
from tour.pages import screenshot
from tour.pages import teaching
from tour.pages.blocks import Page
from tour.pages.excerpt import find_first
from tour.pages.fences import MAIN
from tour.pages.findings import PageError
from tour.pages.sources import Sources
from tour.probes.running import ProbeError
from tour.production import measured
from tour.system.wording import enumerate_words

PICTURES = ("flow", "sizes", "survey", "layers", *pictures.OF_RUNS)

# the rules of the contract that differ behind a proxy
DIFFERENCES = "tour/contract/behind.toml"

FORMS = (
    "the regions are counts TAG, modules TAG, full TAG, screenshot TAG, practice TAG, class TAG,"
    " class, step TAG, times, plan NAME, steps, production with operation, fault, logged or"
    f" difference, {enumerate_words(PICTURES)}"
)


def check(page: Page, sources: Sources) -> None:
    """Note what is wrong with the page's regions."""
    for region in page.regions:
        try:
            # with blank lines around, or Markdown takes the text for a part of the comment
            expected = ["", *write(region.name, page.path, sources), ""]
        except (PageError, ProbeError) as error:
            page.find(region.first - 1, str(error))
            continue
        match region.name.split():
            case ["screenshot", tag] if not screenshot.shows(sources, tag):
                page.find(region.first - 1, screenshot.explain(sources, tag))
        quoted = page.lines[region.first : region.end]
        if quoted != expected:
            at, right, got, _ = find_first(region.first, quoted, expected)
            correction = page.rewrite(region.first, region.end, expected)
            page.find(at, f"the region '{region.name}'", right, got, correction)


def write(name: str, page: str, sources: Sources) -> list[str]:
    """Return the lines of a region, as they stand in the page with that path.

    Raise PageError for a name that is no region's, and for what is not known of the class of 2016
    or planned for one of today, ProbeError for a picture of a run that fails.
    """
    times = sources.repository / teaching.PATH
    match name.split():
        case ["counts", tag] if tag in sources.tags:
            return [
                "| moved | edited | new | gone | lines of the application | files | tests |",
                "|---:|---:|---:|---:|---:|---:|---:|",
                f"| {' | '.join(map(str, (*sources.step(tag), *sources.size(tag))))} |",
            ]
        case ["full", tag] if tag in sources.tags:
            before = sources.before(tag)
            if before is None:
                return [f"All of the stage: `git show {tag}`"]
            return [f"The whole step: `git diff {before.tag} {tag}`"]
        case ["practice", tag] if tag in sources.tags[1:]:
            return _write_practice(tag, sources)
        case ["times"]:
            return teaching.write_times(teaching.read(times))
        case ["plan", plan]:
            return teaching.write_plan(teaching.read(times), plan)
        case ["step", tag] if tag in sources.tags:
            return teaching.write_step(teaching.read(times), sources.stages[tag], page)
        case ["screenshot", tag] if tag in sources.tags:
            return _write_screenshot(page)
        case ["class"]:
            return past.write_tags(past.read(sources.repository))
        case ["class", tag]:
            return past.write_tag(past.read(sources.repository), tag)
        case ["steps"]:
            return _write_steps(page, sources)
        case ["modules", tag] if tag in sources.tags:
            return _write_picture(f"modules-{tag}", page, sources)
        case ["production", "operation" | "fault" | "logged" as table]:
            return measured.write_table(_read_main(measured.FILE, sources), table)
        case ["production", "difference"]:
            return _write_differences(sources)
        case [picture] if picture in PICTURES:
            return _write_picture(picture, page, sources)
    raise PageError(f"there is no region '{name}'; {FORMS}")


def _write_practice(tag: str, sources: Sources) -> list[str]:
    before = sources.before(tag)
    assert before
    return [
        f"Do the step yourself: `.venv/bin/tour practice {tag}` makes a folder for it, at"
        f" {before.tag}, with a `TASK.md`. [For learners](../learner.md#do) says more."
        " In that folder",
        "",
        "- `../../.venv/bin/tour grade` says how far you are,",
        "- `../../.venv/bin/tour hint` helps with the next goal,",
        "- `../../.venv/bin/tour reset` begins again, and keeps your old try.",
    ]


def _write_steps(page: str, sources: Sources) -> list[str]:
    rows = []
    for stage in sources.line.stages:
        link = _relative(f"{stage.page}.md", page)
        counts = " | ".join(map(str, sources.step(stage.tag)))
        rows.append(f"| [{stage.tag}]({link}) | {stage.title} | {counts} |")
    return [
        "| stage | title | moved | edited | new | gone |",
        "|---|---|---:|---:|---:|---:|",
        *rows,
    ]


def _write_differences(sources: Sources) -> list[str]:
    rows = tomllib.loads(_read_main(DIFFERENCES, sources))["difference"]
    return [
        "| rules | what differs | answer |",
        "|---:|---|---|",
        *(
            f"| {len(row['tests'])} | {row['reason']} | {row.get('status', 'a smaller number')} |"
            for row in rows
        ),
    ]


def _read_main(path: str, sources: Sources) -> str:
    return "\n".join(sources.listing(MAIN, path) or [])


def _write_picture(name: str, page: str, sources: Sources) -> list[str]:
    alt = pictures.alt_text(sources.repository, sources.line, name)
    file = _relative(f"{pictures.FOLDER}/{name}.svg", page)
    # or Markdown would take __init__ for a word in bold, and <id:id> for a link
    escaped = alt.replace("_", r"\_").replace("<", r"\<")
    return [f"![{escaped}]({file})"]


def _write_screenshot(page: str) -> list[str]:
    light, dark = (_relative(screenshot.FILES[scheme], page) for scheme in ("light", "dark"))
    return [
        "<picture>",
        f'<source media="(prefers-color-scheme: dark)" srcset="{dark}">',
        f'<img src="{light}" alt="{screenshot.ALT}" width="{screenshot.WIDTH}">',
        "</picture>",
    ]


def _relative(path: str, page: str) -> str:
    """Return how a page links to a path of the repository."""
    return paths.relpath(path, paths.dirname(page)).replace("\\", "/")

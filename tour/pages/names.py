"""The name above each block: what it shows and where that is from.

A git host does not show the info string of a fence. The site shows it as a caption, and leaves out
the name.
"""

from tour.pages import fences
from tour.pages import findings
from tour.pages import form
from tour.pages.blocks import Fence
from tour.pages.blocks import Page
from tour.pages.blocks import Paragraph
from tour.pages.sources import Sources

PROBLEM = "a block has its name above it"


def write(block: fences.Block) -> str:
    """Return the name of a block, as Markdown."""
    match block:
        case fences.Diff(_, old, new, path):
            return f"**`{path}`** from {old} to {new}"
        case fences.Listing(_, tag, path):
            return f"**`{path}`** {_place(tag)}"
        case fences.Tree(_, tag, folder):
            what = f"`{folder}/`" if folder else form.ALL_FILES
            return f"**{what}** {_place(tag)}"
        case fences.Patch(_, tag, name):
            return f"**{form.CHANGE}** {_place(tag)}: `{name}`"
        case fences.Console(_, tag, ""):
            return f"**{form.TERMINAL}** {_place(tag)}"
        case fences.Console(_, tag, name):
            return f"**{form.TERMINAL}** {_place(tag)} with `{name}`"


def _place(tag: str) -> str:
    return f"on {tag}" if tag == fences.MAIN else f"at {tag}"


def check(page: Page, sources: Sources) -> None:
    """Find what is wrong with the names: a block has its own, and no other paragraph is one."""
    names = {
        paragraph.end: paragraph for paragraph in page.paragraphs if form.is_name(paragraph.text)
    }
    for fence in page.fences:
        name = names.pop(_end_above(page, fence), None)
        try:
            expected = write(fences.read(fence, sources.tags))
        except findings.PageError:
            # a finding already
            continue
        if name is None or name.text != expected:
            _find(page, fence, name, expected)
    for name in names.values():
        page.find(name.first, "the name of a block without a block below it; delete it")


def _end_above(page: Page, fence: Fence) -> int:
    """Return the line behind the last one above the fence that is not blank."""
    line = fence.first - 1
    while line and not page.lines[line - 1].strip(" >"):
        line -= 1
    return line


def _find(page: Page, fence: Fence, name: Paragraph | None, expected: str) -> None:
    opening = fence.first - 1
    if name:
        start = page.starts[name.first] + page.lines[name.first].index(name.text)
        correction = findings.Correction(start, start + len(name.text), expected)
        page.find(name.first, PROBLEM, expected, name.text, correction)
        return
    inserted = None
    # not where a fence begins an item of a list, which would have to begin with the name
    if opening and page.lines[opening].startswith(fence.prefix + fence.markup):
        blank = fence.prefix.rstrip()
        is_below_text = _end_above(page, fence) == opening
        lines = [*[blank] * is_below_text, fence.prefix + expected, blank]
        inserted = page.rewrite(opening, opening, lines)
    page.find(opening, PROBLEM, expected, correction=inserted)

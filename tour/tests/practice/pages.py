"""The mistakes that the pages show as patches."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tour.pages import blocks
from tour.pages import fences
from tour.pages import patches
from tour.stages.line import find_stages
from tour.tests.practice.trees import bounds_of
from tour.tests.practice.trees import read_page

# the section of the mistakes
WRONG = "What goes wrong"

# those of them that nothing but a run shows: the tests or the contract do
SHOWN_BY_RUNNING = {
    ("v0.2", "old-place"),
    ("v0.5", "optional"),
    ("v0.6", "too-late"),
    ("v0.6", "same-process"),
    ("v0.7", "late"),
    ("v0.7", "known-key"),
    ("v0.7", "relative"),
    ("v0.8", "old-name"),
    ("v0.8", "late-converter"),
    ("v0.8", "own-handlers"),
    ("v0.9", "own-requests"),
    ("v0.9", "old-address"),
    ("v0.10", "too-early"),
    ("v0.10", "shared"),
}

# what is there, and no mistake of the step: another way that is right, or a file beside it
RIGHT = {
    ("v0.3", "db-module"),
    ("v0.4", "flask-command"),
    ("v0.7", "lower-case"),
    ("v0.10", "tables"),
}


class Patch(NamedTuple):
    """A patch of a page: its name, its section, and the tree that it makes of the stage."""

    tag: str
    name: str
    section: str
    tree: dict[str, bytes]


def read_patches(repository: Path, tag: str) -> Iterator[Patch]:
    """Yield the patches that the page of a step tries."""
    after = bounds_of(repository, tag).after.files.contents
    tags = [stage.tag for stage in find_stages(repository).stages]
    page = read_page(repository, tag)
    for fence in page.fences:
        patch = fences.read(fence, tags)
        if isinstance(patch, fences.Patch):
            changed = patches.apply(list(fence.lines), after).files
            tree = {name: data for name, data in {**after, **changed}.items() if data is not None}
            yield Patch(tag, patch.name, _section_of(page, fence), tree)


def _section_of(page: blocks.Page, fence: blocks.Fence) -> str:
    above = [head for head in page.headings if head.level == 2 and head.line < fence.first]
    return above[-1].text if above else ""

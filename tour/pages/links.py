"""The links of a page: whether what they lead to is there."""

import posixpath
import re
from collections.abc import Callable
from urllib.parse import unquote

from tour.pages.blocks import Heading
from tour.pages.blocks import Page

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


def check(page: Page, paths: set[str], read_page: Callable[[str], Page | None]) -> None:
    """Find what is wrong with the page's links.

    `paths` are those of all files and folders of the repository. `read_page` returns the page with
    a path, None for a file that is no page.
    """
    for link in page.links:
        problem = _find_problem(page, link.target, paths, read_page)
        if problem:
            page.find(link.line, f"the link to '{link.target}': {problem}")


def _find_problem(
    page: Page, target: str, paths: set[str], read_page: Callable[[str], Page | None]
) -> str | None:
    if SCHEME.match(target):
        return None if target.startswith("https://") else "links to the outside are https://"
    place, _, anchor = unquote(target).partition("#")
    path = page.path
    if place:
        # compared as text, since some systems find a file under a name in other letters, too
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), place))
        if path not in paths:
            return "there is no such file"
    elif not anchor:
        return "it leads nowhere"
    if anchor:
        other = read_page(path)
        if other is None:
            return "there are anchors in pages alone"
        if anchor not in anchors(other.headings):
            return f"{path} has no heading of that name"
    return None


def anchor_of(heading: str) -> str:
    """Return the anchor of the first heading with this text."""
    return NOT_IN_ANCHORS.sub("", heading.lower()).replace(" ", "-")


def anchors(headings: list[Heading]) -> set[str]:
    """Return the anchors of headings, as GitHub makes them."""
    found: set[str] = set()
    for heading in headings:
        number = 0
        name = anchor_of(heading.text)
        while name in found:
            number += 1
            name = f"{anchor_of(heading.text)}-{number}"
        found.add(name)
    return found

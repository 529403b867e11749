"""What pages and slides share: where a block of code is from, and a picture as a part of a page."""

import re
from html import escape

from tour.pages import fences

# what a picture says of itself when it stands alone; its page has the same words
TITLE = re.compile(r"<(title|desc)\b.*?</\1>\n?", re.DOTALL)
LABEL = re.compile(r'role="img" aria-labelledby="[^"]*"')


def describe(block: fences.Block) -> tuple[str, str]:
    """Return the path that a block is from, or what it is, and the stage; it may be empty."""
    match block:
        case fences.Diff(_, old, new, path):
            return path, f"{old} → {new}"
        case fences.Listing(_, tag, path):
            return path, tag
        case fences.Tree(_, tag, folder):
            return f"{folder}/" if folder else "all files", tag
        case fences.Patch(_, tag, name):
            return name, f"a change to try at {tag}"
        case fences.Console(_, tag, name):
            return f"at {tag}", f"with {name}" if name else ""


def show_picture(svg: str, label: str) -> str:
    """Return the picture as HTML in the page's colours, with the words that stand for it."""
    svg = LABEL.sub('aria-hidden="true"', TITLE.sub("", svg, count=2), count=1)
    return f'<div class="picture" role="img" aria-label="{escape(label)}">{svg}</div>'

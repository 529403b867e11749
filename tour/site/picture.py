"""A picture as a part of a page, so that it follows the page's colours."""

import re
from html import escape

# what a picture says of itself when it stands alone; its page has the same words
TITLE = re.compile(r"<(title|desc)\b.*?</\1>\n?", re.DOTALL)
LABEL = re.compile(r'role="img" aria-labelledby="[^"]*"')


def to_html(svg: str, label: str) -> str:
    """Return the picture as HTML, with the words that stand for it."""
    svg = LABEL.sub('aria-hidden="true"', TITLE.sub("", svg, count=2), count=1)
    return f'<div class="picture" role="img" aria-label="{escape(label)}">{svg}</div>'

"""HTML as a browser would understand it, so far as the tests must: which tags, which links."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

# what Markdown may become, and with which attributes
ALLOWED = {
    "a": {"href", "title", "rel", "target"},
    "code": set(),
    "em": set(),
    "strong": set(),
}
# a link preview adds these
PREVIEW: dict[str, set[str]] = {"blockquote": set()}
SCHEMES = {"http", "https", "mailto"}


class Element(NamedTuple):
    """A start tag."""

    tag: str
    attributes: dict[str, str]


class Markup(HTMLParser):
    """A piece of HTML, taken apart into elements, text, and comments and the like."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.text = ""
        self.others: list[str] = []
        self.open: list[str] = []
        self.balanced = True
        self.feed(html)
        self.close()
        self.balanced = self.balanced and not self.open

    def tags(self) -> set[str]:
        return {element.tag for element in self.elements}

    def links(self) -> list[str]:
        """Return where the links lead, in their order."""
        return [
            element.attributes.get("href", "") for element in self.elements if element.tag == "a"
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, attributes))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.balanced = self.balanced and bool(self.open) and self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)


def assert_clean(html: str, allowed: dict[str, set[str]] = ALLOWED) -> None:
    """Check that HTML has allowed tags and attributes alone, and no link that runs something."""
    markup = Markup(html)
    for tag, attributes in markup.elements:
        assert tag in allowed, html
        assert set(attributes) <= allowed[tag], html
        assert is_harmless(attributes.get("href", "")), html
    assert markup.others == [], html
    assert markup.balanced, html


def is_harmless(url: str) -> bool:
    """Return whether a browser that follows the link runs nothing."""
    # browsers drop these before they look at the scheme
    url = re.sub("[\t\r\n]", "", url).lstrip("".join(map(chr, range(33))))
    scheme = re.match("([a-zA-Z][a-zA-Z0-9+.-]*):", url)
    return scheme is None or scheme[1].lower() in SCHEMES


def previews(html: str) -> list[Markup]:
    """Return the link previews in a message."""
    return [Markup(block) for block in re.findall("<blockquote>(.*?)</blockquote>", html, re.S)]

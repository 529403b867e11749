"""The parts that every picture is made of: shapes, text, colours and the file around them."""

import math
from typing import NamedTuple
from xml.sax.saxutils import escape
from xml.sax.saxutils import quoteattr

FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

# pixels; what a picture's text is set in, by its class
SIZES = {"name": 13, "plain": 12, "small": 11}

# the width of a character, as a share of the font's size; generous, since fonts differ
NARROW, COMMON, WIDE = 0.34, 0.58, 0.9
NARROW_CHARACTERS = frozenset("fijlrtI.,:;'|!()[]/ ")
WIDE_CHARACTERS = frozenset("mwMW@%")
BOLDER = 1.06

# each colour in the light and the dark; text has a contrast of 4.5 on what it stands on
COLOURS = {
    "ink": ("#1f2328", "#e6edf3"),
    "muted": ("#4b535d", "#a9b3be"),
    "line": ("#6e7781", "#8b949e"),
    "faint": ("#d0d7de", "#3d444d"),
    "frame": ("#6e77810d", "#8b949e14"),
    "box": ("#eaeef2", "#2b323b"),
    "tests": ("#f6f8fa", "#1b2129"),
    "cycle": ("#a40e26", "#ff8880"),
    "moved": ("#b9d4f7", "#1b3f70"),
    "edited": ("#f5d58a", "#4f3b0c"),
    "new": ("#b5e3bd", "#174826"),
    # v0.1's sections, and the modules that they become
    "imports": ("#6b7685", "#9aa5b4"),
    "configuration": ("#b27a12", "#e3b341"),
    "extensions": ("#8f5a40", "#d09b7f"),
    "utilities": ("#2f6fb5", "#6ea8e6"),
    "models": ("#2c8551", "#5cc48b"),
    "authentication": ("#8548bd", "#bd8cf0"),
    "routes": ("#c4512d", "#f0906c"),
    "stats": ("#0d838a", "#4fc3c9"),
    "start": ("#a8397a", "#e584bb"),
}

# the colours of text and lines; the others fill shapes
DRAWN = ("ink", "muted", "line", "faint", "cycle")


class Picture(NamedTuple):
    """A picture: its size in pixels, what it shows in a few words and in sentences, its shapes."""

    width: float
    height: float
    title: str
    description: str
    shapes: list[str]

    def to_svg(self, name: str) -> bytes:
        """Return the picture's file. Its ids start with the name, and so do its style rules."""
        id = f"tour-{name.replace('.', '-')}"
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" id="{id}" role="img"'
                f' aria-labelledby="{id}-title {id}-description"'
                f' viewBox="0 0 {number(self.width)} {number(self.height)}"'
                f' width="{number(self.width)}" height="{number(self.height)}">',
                f'<title id="{id}-title">{escape(self.title)}</title>',
                f'<desc id="{id}-description">{escape(self.description)}</desc>',
                f"<style>\n{_style(id, ' '.join(self.shapes))}\n</style>",
                *self.shapes,
                "</svg>\n",
            ]
        ).encode()


def number(value: float) -> str:
    """Return a length or a coordinate as every machine writes it."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """Return an element; a `kind` becomes classes of the tour's own."""
    if kind := attributes.pop("kind", ""):
        attributes["class"] = " ".join(f"tour-{word}" for word in str(kind).split())
    pairs = "".join(
        f" {key}=" + quoteattr(value if isinstance(value, str) else number(value))
        for key, value in attributes.items()
    )
    return f"<{name}{pairs}>{content}</{name}>" if content else f"<{name}{pairs}/>"


def text(x: float, y: float, words: str, kind: str = "plain") -> str:
    """Return a line of text whose baseline starts at the point, in a class named in SIZES."""
    return element("text", escape(words), x=x, y=y, kind=kind)


def text_width(words: str, kind: str = "plain") -> float:
    """Return about how many pixels wide the words are, in a class named in SIZES."""
    # not sum, which adds otherwise from Python 3.12 on
    shares = math.fsum(
        NARROW
        if character in NARROW_CHARACTERS
        else WIDE
        if character in WIDE_CHARACTERS
        else COMMON
        for character in words
    )
    return shares * SIZES[kind] * (BOLDER if kind == "name" else 1)


def path(kind: str, *parts: str | float) -> str:
    """Return a path from its commands and coordinates."""
    data = " ".join(part if isinstance(part, str) else number(part) for part in parts)
    return element("path", kind=kind, d=data)


def rectangles(
    x: float, y: float, width: float, height: float, *kinds: str, rx: float = 0
) -> list[str]:
    """Return a rectangle in each of the kinds, one upon the other; `rx` rounds its corners."""
    area = {"x": x, "y": y, "width": width, "height": height} | ({"rx": rx} if rx else {})
    return [element("rect", kind=kind, **area) for kind in kinds]


def _style(id: str, shapes: str) -> str:
    filled = [name for name in COLOURS if f"tour-fill-{name}" in shapes]
    light, dark = (
        " ".join(f"--tour-{name}: {COLOURS[name][mode]};" for name in sorted({*DRAWN, *filled}))
        for mode in (0, 1)
    )
    fills = [f".tour-fill-{name} {{ fill: var(--tour-{name}); }}" for name in filled]
    rules = [
        *(f".tour-{kind} {{ font-size: {size}px; }}" for kind, size in SIZES.items()),
        "text { fill: var(--tour-ink); }",
        ".tour-name { font-weight: 600; }",
        "text.tour-muted { fill: var(--tour-muted); }",
        "text.tour-cycle { fill: var(--tour-cycle); }",
        ".tour-middle { text-anchor: middle; }",
        ".tour-end { text-anchor: end; }",
        *fills,
        ".tour-band { fill-opacity: 0.45; }",
        ".tour-outline { fill: none; stroke: var(--tour-line); }",
        ".tour-outline.tour-thick { stroke-width: 2; stroke: var(--tour-ink); }",
        ".tour-outline.tour-quiet { stroke: var(--tour-faint); }",
        ".tour-outline.tour-cycle { stroke-width: 2; stroke: var(--tour-cycle); }",
        ".tour-arrow { fill: none; stroke: var(--tour-line); stroke-width: 1.3; }",
        ".tour-arrow { stroke-linecap: round; }",
        ".tour-arrow.tour-deferred { stroke-dasharray: 4 3; stroke-linecap: butt; }",
        ".tour-arrow.tour-cycle { stroke: var(--tour-cycle); stroke-width: 1.8; }",
        ".tour-head { fill: var(--tour-line); }",
        ".tour-head.tour-cycle { fill: var(--tour-cycle); }",
    ]
    return "\n".join(
        [
            f"#{id} {{ font-family: {FONTS}; {light} }}",
            # paper is light
            f"@media screen and (prefers-color-scheme: dark) {{ #{id} {{ {dark} }} }}",
            # a page's own switch outweighs the system's
            f'#{id}.light, [data-theme="light"] #{id} {{ {light} }}',
            f'@media screen {{ #{id}.dark, [data-theme="dark"] #{id} {{ {dark} }} }}',
            *(f"#{id} {rule}" for rule in rules),
        ]
    )

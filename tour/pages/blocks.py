"""A page of Markdown, read into the parts of it that are checked."""

import re
from dataclasses import dataclass
from dataclasses import field
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tour.pages.findings import Correction
from tour.pages.findings import Finding

# as markdown-it has it, so that its line numbers are ours
NEWLINE = re.compile(r"\r\n|\n|\r")

REGION_START = re.compile(r"<!-- tour: (\S.*?) -->")
REGION_END = "<!-- /tour -->"
# what is folded away until a reader opens it, with the words that are seen
FOLD_START = re.compile(r"<details>\n<summary>([^<>\n]*\S[^<>\n]*)</summary>")
FOLD_END = "</details>"
ALLOWED = "of it, pages have the tour's comments and folds alone"
NUMBER = re.compile(r"<!--=(.*?)-->")
DIGITS = re.compile(r"\d+(?:,\d{3})*(?![.,]?\d)")
BARE_COUNT = re.compile(r"(?<![\w.,\x00])(\d[\d,]+)\s+(lines|files|tests|modules)\b")
UNIT = re.compile(r"\s+(lines|files|tests|modules)\b")
BROKEN_LINK = re.compile(r"\]\(|\]\[")
FENCE_END = re.compile(r" {0,3}(`{3,}|~{3,})\s*$")


class Fence(NamedTuple):
    """A fence: its info string, and its lines, which stand in the page from `first` to `end`.

    Lines are counted from 0. `prefix` stands before each line in the page, in a list for example.
    """

    info: str
    lines: tuple[str, ...]
    first: int
    end: int
    prefix: str
    markup: str


class Region(NamedTuple):
    """What is between two comments, in the lines from `first` to `end`, counted from 0."""

    name: str
    first: int
    end: int


class Number(NamedTuple):
    """A number behind a comment that names what it counts.

    `text` is the number as it stands at the offset `start`, empty where there is none; `unit` is
    the word lines, files, tests or modules when it comes next.
    """

    name: str
    line: int
    start: int
    text: str
    unit: str


class Link(NamedTuple):
    target: str
    line: int


class Paragraph(NamedTuple):
    """A paragraph, as it is written; it stands in the lines from `first` to `end`."""

    text: str
    first: int
    end: int


class Heading(NamedTuple):
    level: int
    text: str
    line: int


@dataclass
class Page:
    """A page; `path` is from the repository's top, with slashes."""

    path: str
    text: str
    fences: list[Fence] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    # the lines in which items of lists begin that lie in no other list
    items: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        ends = list(NEWLINE.finditer(self.text))
        self.starts = [0, *(end.end() for end in ends)]
        self.newlines = [end.group() for end in ends]
        self.lines = NEWLINE.split(self.text)

    def find(
        self,
        line: int,
        problem: str,
        expected: str | None = None,
        got: str | None = None,
        correction: Correction | None = None,
    ) -> None:
        """Note a finding in a line that is counted from 0."""
        found = Finding(self.path, line + 1, problem, expected, got, correction)
        self.findings.append(found)

    def rewrite(self, first: int, end: int, lines: list[str]) -> Correction:
        """Return the correction that puts other lines in the place of those from first to end."""
        # a fence or a comment stands before them, so that there is a line that ends
        newline = self.newlines[first - 1]
        text = "".join(line + newline for line in lines)
        return Correction(self.starts[first], self.starts[end], text)


def parse(path: str, text: str) -> Page:
    """Read a page; what is not of the pages' grammar is among its findings."""
    page = Page(path, text)
    _Reader(page).read()
    return page


class _Reader:
    """Goes through the tokens of a page once."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.find = page.find
        self.region: tuple[str, int] | None = None
        # the line in which what is folded begins
        self.fold: int | None = None
        # by the line, the column up to which its comments are accounted for
        self.columns: dict[int, int] = {}
        # of the heading whose text comes next
        self.level = 0

    def read(self) -> None:
        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        line = 0
        # the type of the token before
        before = ""
        for token in parser.parse(self.page.text):
            line = token.map[0] if token.map else line
            is_paragraph, before = before == "paragraph_open", token.type
            if token.type == "html_block":
                self.read_html(token)
            elif self.region is None:
                if token.type == "fence":
                    self.read_fence(token)
                elif token.type == "code_block":
                    self.find(
                        line, "an indented block of code; put a fence with an info string around it"
                    )
                elif token.type == "list_item_open" and token.level == 1:
                    self.page.items.append(line)
                elif token.type == "heading_open":
                    if self.fold is not None:
                        # a link to it would lead to what is not seen
                        self.find(line, "a heading within a fold; put it in front")
                    self.level = int(token.tag.removeprefix("h"))
                elif token.type == "inline":
                    if is_paragraph:
                        self.page.paragraphs.append(Paragraph(token.content, *_extent(token)))
                    self.read_inline(token, line)
        if self.fold is not None:
            self.find(self.fold, f"what is folded here does not end; add a line {FOLD_END}")
        if self.region is not None:
            name, line = self.region
            self.find(line, f"the region '{name}' is not closed; add a line {REGION_END}")

    def read_html(self, token: Token) -> None:
        line, _ = _extent(token)
        text = token.content.strip()
        start = REGION_START.fullmatch(text)
        if text == REGION_END:
            if self.region is None:
                self.find(line, "this ends a region that does not begin")
            else:
                name, before = self.region
                self.page.regions.append(Region(name, before + 1, line))
                self.region = None
        elif start and token.level == 0:
            if self.region is not None:
                self.find(line, f"this region begins within the region '{self.region[0]}'")
            self.region = (start.group(1), line)
        elif self.region is not None:
            pass
        elif text == FOLD_END or FOLD_START.fullmatch(text):
            self.read_fold(token, text)
        elif start:
            self.find(line, "a region stands at the left margin, outside of lists and quotations")
        elif text.startswith("<!--="):
            self.find(
                line,
                "a number's comment cannot begin a line, for Markdown ends the paragraph there;"
                " move a word in front of it",
            )
        else:
            self.find(line, f"raw HTML; {ALLOWED}")

    def read_fold(self, token: Token, text: str) -> None:
        line, _ = _extent(token)
        begins = text != FOLD_END
        if token.level:
            self.find(line, "a fold stands at the left margin, outside of lists and quotations")
        elif begins == (self.fold is not None):
            self.find(line, "a fold within a fold" if begins else "no fold begins before this")
        else:
            self.fold = line if begins else None

    def read_fence(self, token: Token) -> None:
        start, end = _extent(token)
        first = start + 1
        opening = self.page.lines[start]
        column = opening.index(token.markup)
        # in a list the bullet stands on the first line alone
        prefix = re.sub(r"[^\s>]", " ", opening[:column])
        last = self.page.lines[end - 1].removeprefix(prefix)
        closing = FENCE_END.match(last)
        if end == first or not closing or len(closing.group(1)) < len(token.markup):
            self.find(first - 1, "this fence is not closed")
            return
        lines = tuple(token.content.split("\n")[:-1])
        fence = Fence(token.info.strip(), lines, first, end - 1, prefix, token.markup)
        self.page.fences.append(fence)

    def read_inline(self, token: Token, line: int) -> None:
        content = token.content
        # the prose alone, at the same places: what is no prose becomes blanks
        prose = content
        cursor = 0
        children = token.children or []
        for child in children:
            if child.type in ("softbreak", "hardbreak"):
                cursor = content.find("\n", cursor) + 1
                continue
            found = _find(child, content, cursor)
            start, end = found or (cursor, cursor)
            here = line + content.count("\n", 0, start)
            if child.type == "html_inline":
                self.read_comment(child.content, here)
            elif child.type == "link_open":
                self.page.links.append(Link(str(child.attrs["href"]), here))
            elif child.type == "image":
                self.page.links.append(Link(str(child.attrs["src"]), here))
            elif child.type == "text" and BROKEN_LINK.search(child.content):
                self.find(here, f"a link that Markdown does not take for one: {child.content}")
            if child.type in ("html_inline", "code_inline"):
                blank = "\0" if child.type == "html_inline" else " "
                filler = re.sub(r"[^\n]", blank, content[start:end])
                prose = prose[:start] + filler + prose[end:]
            cursor = end
        for match in BARE_COUNT.finditer(prose.replace("*", " ")):
            self.find(
                line + prose.count("\n", 0, match.start()),
                f"a count that nothing checks: '{' '.join(match.groups())}'; put a comment before"
                " the number, as in <!--=moved v0.3-->",
            )
        if self.level:
            text = "".join(
                child.content for child in children if child.type in ("text", "code_inline")
            )
            self.page.headings.append(Heading(self.level, text, line))
            self.level = 0

    def read_comment(self, comment: str, line: int) -> None:
        number = NUMBER.fullmatch(comment)
        if not number:
            region = REGION_START.fullmatch(comment) or comment == REGION_END
            self.find(
                line,
                "a region's comment stands on a line of its own"
                if region
                else f"raw HTML, {comment}; {ALLOWED}",
            )
            return
        raw = self.page.lines[line]
        before = raw.find(comment, self.columns.get(line, 0))
        if before < 0:
            self.find(line, f"the comment of a number, {comment!r}, stays on one line")
            return
        after = self.columns[line] = before + len(comment)
        digits = DIGITS.match(raw, after)
        unit = UNIT.match(raw, digits.end()) if digits else None
        self.page.numbers.append(
            Number(
                number.group(1).strip(),
                line,
                self.page.starts[line] + after,
                digits.group() if digits else "",
                unit.group(1) if unit else "",
            )
        )


def _extent(token: Token) -> tuple[int, int]:
    """Return the line that a block starts in, and the one behind it."""
    # all blocks know their lines, what is inside of a line alone does not
    assert token.map is not None
    first, end = token.map
    return first, end


def _find(child: Token, content: str, cursor: int) -> tuple[int, int] | None:
    """Return from where to where a token stands in the source, looked for from the cursor."""
    if child.type == "code_inline":
        # a line's end in code reads as a blank
        code = re.escape(child.content).replace("\\ ", r"\s")
        match = re.compile(rf"`+\s?{code}\s?`+").search(content, cursor)
        return match and match.span()
    if child.type in ("html_inline", "text") and child.content:
        start = content.find(child.content, cursor)
        return None if start < 0 else (start, start + len(child.content))
    return None

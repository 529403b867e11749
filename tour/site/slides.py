"""A step's slides, made of the step's own page and of the guide that says what to ask."""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from tour.diff.lines import Kind
from tour.pages import fences
from tour.pages import teaching
from tour.pages.blocks import Fence
from tour.pages.form import is_name
from tour.site import captions
from tour.site import fitting
from tour.site import paint
from tour.site.builder import SLIDES
from tour.site.full import load_template
from tour.stages.line import Stage
from tour.stages.line import StageLine

# where on a page the parts are; the first stage has a tour through the module in place of a diff
SECTIONS = {
    "pain": ("Where we are",),
    "idea": ("The idea",),
    "picture": ("What moves",),
    "diff": ("The diff, walked through", "A tour through the module"),
    "mistake": ("What goes wrong",),
}

# the parts of a step's slides, in their order
PARTS = ("title", *SECTIONS, "question")

# words beside code
BESIDE = 38
# of one block of code so many slides are made
MOST = 2

# the file that a patch changes
FILE = re.compile(r"^\+\+\+ b/(.+)$", re.MULTILINE)

# how a question begins in the guide
ASK = "**Ask:**"

# what can be on a slide of words
SAID = ("paragraph", "bullet_list", "ordered_list", "table")

# a sentence ends here
END = re.compile(r"[.!?](?=\s|$)")
# the paragraph of the page that leads to another part of it
LEADS_ON = "Would you like to try first?"

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class Slide(NamedTuple):
    """A slide: the part of the step that it is of, its heading, and what is below, as HTML."""

    part: str
    heading: str
    body: str


class Section(NamedTuple):
    """A heading, and what stands below it up to the next one of its level."""

    heading: str
    nodes: list[SyntaxTreeNode]


def write(line: StageLine, pages: Path, folder: Path) -> None:
    """Write the slides of each stage that has a page to the folder `slides` of the site.

    `pages` is the folder of the pages, and has what the guides are made from beside them. Raise
    PageError when that cannot be read.
    """
    guide = pages / Path(teaching.GUIDE).name
    questions = read_questions(guide.read_text(encoding="utf-8")) if guide.is_file() else {}
    times = pages / Path(teaching.PATH).name
    planned = teaching.read(times) if times.is_file() else None
    template = load_template("slides.html")
    folder.joinpath(SLIDES).mkdir(exist_ok=True)
    tags = [stage.tag for stage in line.stages]
    for stage in line.stages:
        name = stage.page.removeprefix("docs/")
        page = pages / f"{name}.md"
        if page.is_file():
            mistake = planned.step(stage.tag).mistake if planned else ""
            slides = make(page, stage, tags, mistake, questions.get(stage.tag, []))
            text = template.render(stage=stage, page=name, slides=slides)
            folder.joinpath(SLIDES, f"{stage.tag}.html").write_text(
                text, encoding="utf-8", newline="\n"
            )


def make(
    page: Path, stage: Stage, tags: list[str], mistake: str, questions: list[str]
) -> list[Slide]:
    """Return the slides of a stage's page; parts that the page does not have are left out.

    `mistake` is the heading of the mistake that is shown, the page's first one when it is empty.
    """
    top, *sections = _split(_read(page.read_text(encoding="utf-8")), "h2")
    found = {
        part: section
        for part, headings in SECTIONS.items()
        for section in sections
        if section.heading in headings
    }
    maker = _Maker(page, tags)
    slides = list(maker.title(stage, top, found.get("picture")))
    for part, section in found.items():
        slides += getattr(maker, part)(section, mistake)
    return [*slides, *maker.question(questions)]


def read_questions(guide: str) -> dict[str, list[str]]:
    """Return the questions of each step, as HTML, by its tag."""
    return {
        section.heading.partition(":")[0]: [
            MARKDOWN.renderInline(_text(node).removeprefix(ASK).strip())
            for node in section.nodes
            if _text(node).startswith(ASK)
        ]
        for section in _split(_read(guide), "h2")[1:]
    }


class _Maker:
    """Makes the slides of each part of a page."""

    def __init__(self, page: Path, tags: list[str]) -> None:
        self.page = page
        self.tags = tags

    def title(self, stage: Stage, top: Section, moves: Section | None) -> Iterator[Slide]:
        goals = [_render(node) for node in top.nodes if node.type == "bullet_list"]
        tables = [node for node in moves.nodes if node.type == "table"] if moves else []
        cells = [_text(cell) for node in tables[:1] for cell in _find(node, ("th", "td"))]
        # the first half of them are headings
        half = len(cells) // 2
        pairs = [f"{number} {name}" for name, number in zip(cells[:half], cells[half:])]
        pairs = pairs[: len(Kind)] if cells[:1] == [Kind.MOVED.value] else []
        line = f'<p class="counts">{" · ".join(pairs)}</p>' if pairs else ""
        body = f'<p class="title">{escape(stage.title)}</p>{line}{"".join(goals[:1])}'
        yield Slide("title", stage.tag, body)

    def pain(self, section: Section, mistake: str) -> Iterator[Slide]:
        yield from self._with_code("pain", section)

    def idea(self, section: Section, mistake: str) -> Iterator[Slide]:
        words: list[SyntaxTreeNode] = []
        seen = False
        for node in section.nodes:
            if node.type == "fence":
                # a paragraph before a block belongs to it
                leads = words[-1:] if words and words[-1].type == "paragraph" else []
                yield from self._words("idea", section.heading, words[: len(words) - len(leads)])
                yield from self._code("idea", section.heading, node, leads)
                words = []
            elif _find(node, ("image",)):
                yield from self._words("idea", section.heading, words)
                yield from self._pictures("idea", section.heading, [node])
                words = []
                seen = True
            elif seen:
                # what stands behind a picture is about it, but for what leads to a block
                words = [node] if _leads(_tokens(node)) else []
            elif node.type in SAID and not _text(node).startswith(LEADS_ON):
                words.append(node)
        yield from self._words("idea", section.heading, words)

    def picture(self, section: Section, mistake: str) -> Iterator[Slide]:
        yield from self._pictures("picture", section.heading, section.nodes)

    def diff(self, section: Section, mistake: str) -> Iterator[Slide]:
        for part in _split(section.nodes, "h3")[1:]:
            yield from self._with_code("diff", part)
            heading = MARKDOWN.renderInline(part.heading)
            yield from self._pictures("diff", heading, part.nodes)

    def mistake(self, section: Section, mistake: str) -> Iterator[Slide]:
        _, *parts = _split(section.nodes, "h3")
        named = [part for part in parts if part.heading.replace("`", "") == mistake]
        for part in named or parts[:1]:
            yield from self._with_code("mistake", part)

    def question(self, questions: list[str]) -> Iterator[Slide]:
        if questions:
            items = "".join(f"<li>{question}</li>" for question in questions)
            yield Slide("question", "Questions", f"<ol>{items}</ol>")

    def _words(self, part: str, heading: str, nodes: list[SyntaxTreeNode]) -> Iterator[Slide]:
        """Yield slides of words, as many as they take."""
        body = ""
        height = 0.0
        for node in nodes:
            height += _height(node)
            if body and height > fitting.HEIGHT:
                yield Slide(part, heading, body)
                body = ""
                height = _height(node)
            body += _render(node)
        if body:
            yield Slide(part, heading, body)

    def _pictures(self, part: str, heading: str, nodes: list[SyntaxTreeNode]) -> Iterator[Slide]:
        for node in nodes:
            for image in _find(node, ("image",)):
                file = self.page.parent / str(image.attrs["src"])
                if file.suffix == ".svg" and file.is_file():
                    svg = file.read_text(encoding="utf-8")
                    yield Slide(part, heading, captions.show_picture(svg, image.content))

    def _with_code(self, part: str, section: Section) -> Iterator[Slide]:
        """Yield slides of blocks of code, each with the words that belong to it.

        Of a mistake it is all blocks, else the first one with those that follow at once. The words
        stand before a block. Without any, and at the end of a mistake, they stand behind it.
        """
        nodes = [node for node in section.nodes if not _find(node, ("image",))]
        heading = MARKDOWN.renderInline(section.heading)
        places = [at for at, node in enumerate(nodes) if node.type == "fence"]
        if part != "mistake":
            places = [at for at in places if at - places[0] == places.index(at)]
        for at in places:
            before = [node for node in nodes[max(at - 1, 0) : at] if node.type == "paragraph"]
            behind = [
                node
                for node in nodes[at + 1 :]
                if node.type == "paragraph" and not _leads(_shorten(node, BESIDE))
            ]
            if part != "mistake":
                words = before or behind
            else:
                words = behind or before if at == places[-1] else before
            yield from self._code(part, heading, nodes[at], words[:1])
        if not places:
            yield from self._words(part, heading, [node for node in nodes if node.type in SAID])

    def _code(
        self, part: str, heading: str, node: SyntaxTreeNode, words: list[SyntaxTreeNode]
    ) -> Iterator[Slide]:
        block = fences.read(Fence(node.info, (), 0, 0, "", ""), self.tags)
        path, where = captions.describe(block)
        lines = node.content.removesuffix("\n").split("\n")
        files = FILE.findall(node.content)
        if isinstance(block, fences.Patch) and len(files) == 1:
            # the caption says it
            [path] = files
            lines = [line for line in lines if not line.startswith(("--- ", "+++ "))]
        caption = " ".join(f"<span>{escape(word)}</span>" for word in (path, where))
        text = [token for each in words for token in _shorten(each, BESIDE)]
        length = sum(len(token.content) for token in text)
        html = str(MARKDOWN.renderer.render(text, MARKDOWN.options, {}))
        said = f"<p>{html}</p>" if text else ""
        for piece in fitting.divide(lines, length, MOST):
            size = f'style="font-size: {piece.size}em"'
            code = f'<div class="highlight" {size}><pre>{_paint(block, piece.lines)}</pre></div>'
            yield Slide(part, heading, f'{said}<p class="caption">{caption}</p>{code}')


def _read(text: str) -> list[SyntaxTreeNode]:
    """Return the nodes of a page without the names of blocks, whose captions say the same."""
    nodes = SyntaxTreeNode(MARKDOWN.parse(text)).children
    return [node for node in nodes if node.type == "heading" or not is_name(_text(node))]


def _split(nodes: list[SyntaxTreeNode], tag: str) -> list[Section]:
    """Return what is above the first heading with the tag, and what is below each of them."""
    sections = [Section("", [])]
    for node in nodes:
        if node.tag == tag:
            sections.append(Section(_text(node), []))
        else:
            sections[-1].nodes.append(node)
    return sections


def _find(node: SyntaxTreeNode, types: tuple[str, ...]) -> list[SyntaxTreeNode]:
    """Return the nodes of these types in a node, in their order."""
    return [each for each in node.walk() if each.type in types]


def _text(node: SyntaxTreeNode) -> str:
    """Return the source of what is said in a node."""
    return " ".join(each.content for each in node.walk() if each.type == "inline")


def _leads(tokens: list[Token]) -> bool:
    """Return whether what is said leads to what follows."""
    return "".join(token.content for token in tokens).endswith(":")


def _height(node: SyntaxTreeNode) -> float:
    """Return how high about a node is on a slide: its paragraphs, items or rows together."""
    rows = _find(node, ("tr",))
    if rows:
        width = len(rows[0].children)
        return sum(
            max(fitting.height(width * len(_text(cell))) for cell in row.children) for row in rows
        )
    return sum(fitting.height(len(_text(each))) for each in _find(node, ("paragraph",)))


def _render(node: SyntaxTreeNode) -> str:
    """Return a node as HTML, without links and comments."""
    tokens = node.to_tokens()
    for token in tokens:
        if token.children:
            token.children = _plain(token.children)
    return str(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))


def _plain(tokens: list[Token]) -> list[Token]:
    """Return what is said without links, which lead away from the slides, and comments."""
    left_out = ("link_open", "link_close", "html_inline")
    return [token for token in tokens if token.type not in left_out]


def _shorten(node: SyntaxTreeNode, most: int) -> list[Token]:
    """Return of a paragraph the first sentences that have at most so many words, or the first."""
    tokens = _tokens(node)
    words = 0
    cut: list[Token] = []
    for at, token in enumerate(tokens):
        for end in END.finditer(token.content) if token.type == "text" else ():
            said = token.content[: end.end()]
            if cut and words + len(said.split()) > most:
                return cut
            cut = [*tokens[:at], Token("text", "", 0, content=said)]
        words += len(token.content.split())
    return tokens if words <= most or not cut else cut


def _tokens(node: SyntaxTreeNode) -> list[Token]:
    """Return what is said in a node, without links and comments."""
    inlines = [token for inline in _find(node, ("inline",)) for token in inline.to_tokens()]
    return _plain([token for inline in inlines for token in inline.children or []])


def _paint(block: fences.Block, lines: list[str]) -> str:
    """Return lines of code as HTML, in the colours that they have on the page."""
    match block:
        case fences.Diff(path=path):
            return paint.paint_diff(lines, path)
        case fences.Patch():
            return paint.paint_diff(lines, "")
    language = block.fence.info.split()[0]
    lexer = get_lexer_by_name(paint.LEXERS.get(language, language), stripnl=False)
    return str(highlight("\n".join(lines), lexer, HtmlFormatter(nowrap=True)))

"""What Sphinx has to know of the tour: fences, pictures, full diffs, links to other files."""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from posixpath import dirname
from posixpath import join
from posixpath import normpath
from posixpath import relpath

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from tour.pages import fences
from tour.pages import names
from tour.pages.blocks import REGION_START
from tour.pages.blocks import Fence
from tour.site import captions
from tour.site import paint
from tour.site import slides
from tour.site import sources
from tour.site.builder import SLIDES
from tour.site.full import file_id
from tour.stages.line import find_stages
from tour.system.errors import TourError

STATIC = Path(__file__).with_name("static")
FAVICON = "favicon.svg"
TEMPLATES = Path(__file__).with_name("templates")

# of a list that a reader checks off; MyST gives its boxes no name
CHECKBOX = '<input class="task-list-item-checkbox"'
TO_DO = "to do"

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)

HTML_ALT = re.compile(r'\balt="(.*?)"')
HTML_SRC = re.compile(r'\bsrc="(.*?)"')
HTML_SRCSET = re.compile(r'\bsrcset="(.*?)"')


class Block(SphinxDirective):
    """A fence of the tour's grammar: its text, below a line that says where it is from."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the text in a box with its caption."""
        info = f"{self.name} {self.arguments[0]}"
        try:
            fence = fences.read(Fence(info, (), 0, 0, "", ""), list(self.config.tour_pages))
        except TourError as error:
            raise self.error(str(error)) from None
        caption = nodes.caption("", "", *self._caption(fence))
        classes = ["literal-block-wrapper", f"tour-{type(fence).__name__.lower()}"]
        text = self._text(fence)
        name = names.write(fence)
        return [nodes.container("", caption, text, literal_block=True, classes=classes, name=name)]

    def _text(self, block: fences.Block) -> nodes.Node:
        if isinstance(block, fences.Diff | fences.Patch):
            # a patch names its files itself
            code = paint.paint_diff(self.content, getattr(block, "path", ""))
            box = f'<div class="highlight"><pre>{code}\n</pre></div>'
            return nodes.raw("", f'<div class="highlight-diff">{box}</div>', format="html")
        text = "\n".join(self.content)
        literal = nodes.literal_block(text, text, language=paint.LEXERS.get(self.name, self.name))
        # an excerpt need not be a whole that the language allows
        literal["force"] = True
        self.set_source_info(literal)
        return literal

    def _caption(self, block: fences.Block) -> list[nodes.Node]:
        path, tag = captions.describe(block)
        words: list[nodes.Node] = [_inline("path", path)]
        words += [_inline("tag", tag)] if tag else []
        if isinstance(block, fences.Diff):
            if _before(self.config.tour_pages, block.new) == block.old:
                words += _full_diff(self.env, block.new, "full diff", file_id(path))
        return words


class Page(SphinxTransform):
    """Makes a page of the site of one that a git host would show."""

    default_priority = 500

    def apply(self) -> None:
        """Change what the site shows in another way."""
        self._drop_names()
        self._change_regions()
        self._drop_outside_links()

    def _drop_names(self) -> None:
        """Take away the names above the blocks, whose captions say the same."""
        for block in list(self.document.findall(nodes.container)):
            name = block.attributes.pop("name", None)
            place = block.parent.index(block)
            above = block.parent[place - 1] if name and place else None
            if isinstance(above, nodes.paragraph) and above.rawsource == name:
                block.parent.remove(above)

    def _drop_outside_links(self) -> None:
        """Take the links to files outside docs/ from their words: the site has the pages alone."""
        for link in list(self.document.findall(pending_xref)):
            target = normpath(join(dirname(self.env.docname), link["reftarget"]))
            if target.startswith("../"):
                link.replace_self(link.children)

    def _change_regions(self) -> None:
        """Put the pictures into the page itself, change what regions hold, drop the comments."""
        for image in list(self.document.findall(nodes.image)):
            _, file = self.env.relfn2path(image["uri"], self.env.docname)
            # of one that is missing Sphinx itself complains
            if file.endswith(".svg") and Path(file).exists():
                self._put_in(image, Path(file).read_text(encoding="utf-8"))
        for comment in list(self.document.findall(nodes.raw)):
            text = comment.astext().strip()
            if CHECKBOX in text:
                named = f'{CHECKBOX} aria-label="{TO_DO}"'
                comment.replace_self(nodes.raw("", text.replace(CHECKBOX, named), format="html"))
            if COMMENT.fullmatch(text):
                if region := REGION_START.fullmatch(text):
                    content = comment.next_node(siblings=True, descend=False)
                    self._complete(region[1].split(), content)
                comment.parent.remove(comment)

    def _put_in(self, image: nodes.image, svg: str) -> None:
        """Replace a picture's address by the picture, so that it follows the page's colours."""
        shown = nodes.raw("", captions.show_picture(svg, image.get("alt", "")), format="html")
        alone = isinstance(image.parent, nodes.paragraph) and len(image.parent) == 1
        (image.parent if alone else image).replace_self(shown)

    def _complete(self, region: list[str], content: nodes.Node | None) -> None:
        """Add the link to its full diff to a step's command; let the theme choose a screenshot."""
        match region:
            case ["screenshot", _] if isinstance(content, nodes.raw):
                content.replace_self(list(_read_screenshot(content.astext())))
            case ["full", tag] if isinstance(content, nodes.paragraph):
                is_step = _before(self.config.tour_pages, tag) is not None
                words = "side by side" if is_step else "all lines"
                for link in [*_full_diff(self.env, tag, words), _slides(self.env, tag)]:
                    content += [nodes.Text(" · "), link]
            case ["step", tag] if isinstance(content, nodes.paragraph):
                content += [nodes.Text(" · "), _slides(self.env, tag)]


def _read_screenshot(html: str) -> Iterator[nodes.image]:
    """Yield the two images of a `<picture>`, each with the theme's class for its scheme."""
    # the reader of the site may have chosen another scheme than the system's
    text = {"alt": HTML_ALT.findall(html)[0]}
    for name, [uri] in (("light", HTML_SRC.findall(html)), ("dark", HTML_SRCSET.findall(html))):
        yield nodes.image("", uri=uri, classes=[f"only-{name}"], **text)


def _before(pages: dict[str, str], tag: str) -> str | None:
    """Return the stage before this one."""
    tags = list(pages)
    return tags[tags.index(tag) - 1] if tag in tags[1:] else None


def _full_diff(env: BuildEnvironment, tag: str, words: str, anchor: str = "") -> list[nodes.Node]:
    """Return a link to a step's full diff, nothing while the step has no page."""
    page = env.config.tour_pages[tag] + sources.FULL
    if page not in env.found_docs:
        return []
    uri = relpath(f"{page}.html", dirname(env.docname))
    link = nodes.reference("", words, refuri=f"{uri}#{anchor}" if anchor else uri, internal=True)
    return [link]


def _slides(env: BuildEnvironment, tag: str) -> nodes.Node:
    """Return a link to a step's slides."""
    uri = relpath(f"{SLIDES}/{tag}.html", dirname(env.docname))
    return nodes.reference("", "slides", refuri=uri, internal=True)


def _inline(name: str, text: str) -> nodes.inline:
    return nodes.inline(text, text, classes=[f"tour-{name}"])


def _write_sources(app: Sphinx) -> None:
    """Complete the pages before Sphinx reads them."""
    repository = Path(app.config.tour_repository)
    app.config.tour_pages = sources.write(repository, find_stages(repository), Path(app.srcdir))


def _write_slides(app: Sphinx, error: Exception | None) -> None:
    """Add the slides to the site that was made."""
    if error is None:
        line = find_stages(Path(app.config.tour_repository))
        slides.write(line, Path(app.srcdir), Path(app.outdir))


def _complete_page(
    app: Sphinx,
    page: str,
    template: str,
    context: dict[str, object],
    doctree: nodes.document | None,
) -> None:
    """Lead from a step to the next one, and from a full diff to the next one."""
    # the one builder that makes the site, and knows which page follows which
    assert isinstance(app.builder, StandaloneHTMLBuilder)
    is_full = page.endswith(sources.FULL)
    if is_full:
        app.add_js_file("full.js", loading_method="defer")
    for way, index in (("prev", 1), ("next", 2)):
        other = _neighbour(app.builder.relations, page, index, is_full)
        context[way] = other and {
            "link": app.builder.get_relative_uri(page, other),
            "title": escape(app.env.titles[other].astext()),
        }


def _neighbour(
    relations: dict[str, list[str | None]], page: str, index: int, is_full: bool
) -> str | None:
    """Return the next page of the same kind; `index` is where a page's relations have the next."""
    other = relations[page][index] if page in relations else None
    while other and other.endswith(sources.FULL) != is_full:
        other = relations[other][index]
    return other


def setup(app: Sphinx) -> dict[str, bool]:
    """Add all this to Sphinx; `tour_pages` has the names of the stages' pages by their tags."""
    app.add_config_value("tour_repository", "", "env", str)
    app.add_config_value("tour_pages", {}, "env", dict)
    for name in ("diff", "console", *fences.LANGUAGES):
        app.add_directive(name, Block)
    app.add_transform(Page)
    app.config.html_static_path.append(str(STATIC))
    app.config.html_favicon = str(STATIC / FAVICON)
    app.config.templates_path.append(str(TEMPLATES))
    app.add_css_file("tour.css")
    app.add_js_file("boxes.js", loading_method="defer")
    app.connect("html-page-context", _complete_page)
    # where Sphinx is called by hand, the folder is that of the pages themselves
    if app.config.tour_repository:
        app.connect("builder-inited", _write_sources)
        app.connect("build-finished", _write_slides)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

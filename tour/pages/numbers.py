"""The counts in a page's prose, each checked by the comment in front of it."""

from tour.pages import findings
from tour.pages import past
from tour.pages.blocks import Number
from tour.pages.blocks import Page
from tour.pages.fences import check_tag
from tour.pages.sources import Sources

STEP = ("moved", "edited", "new", "gone")
SIZE = ("lines", "files", "tests")

FORMS = (
    f"a number's comment is <!--=NAME TAG--> with one of {', '.join((*STEP, *SIZE))},"
    f" <!--=lines TAG PATH-->, <!--=class NAME--> with one of {', '.join(past.NUMBERS)},"
    f" <!--=class NAME TAG--> with one of {', '.join(past.LINES)},"
    " or <!--=class lines TAG PATH-->"
)


def check(page: Page, sources: Sources) -> None:
    """Note what is wrong with the page's numbers."""
    for number in page.numbers:
        try:
            _compare(page, number, _count(number.name, sources))
        except findings.PageError as error:
            page.find(number.line, str(error))


def _compare(page: Page, number: Number, expected: int) -> None:
    name = number.name.split()[0]
    text = f"{expected:,}" if "," in number.text else f"{expected}"
    if not number.text:
        page.find(number.line, f"a number comes right after <!--={number.name}-->", text)
    elif number.unit and number.unit != (name if name in SIZE else "lines"):
        page.find(number.line, f"'{number.name}' does not count {number.unit}")
    elif text != number.text:
        correction = findings.Correction(number.start, number.start + len(number.text), text)
        page.find(number.line, f"the number of '{number.name}'", text, number.text, correction)


def _count(name: str, sources: Sources) -> int:
    match name.split():
        case [what, tag] if what in (*STEP, *SIZE):
            check_tag(tag, sources.tags)
            number: int = getattr(sources.step(tag) if what in STEP else sources.size(tag), what)
            return number
        case ["lines", tag, path]:
            check_tag(tag, sources.tags)
            lines = sources.listing(tag, path)
            if lines is None:
                raise findings.PageError(f"{tag} has no file {path}")
            return len(lines)
        case ["class", *words] if words:
            return past.read(sources.repository).count(words)
    raise findings.PageError(f"'{name}' is not understood; {FORMS}")

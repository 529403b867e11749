"""What the pages say of the class that the tour follows, held by the file about it."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tour.pages import numbers
from tour.pages import past
from tour.pages import regions
from tour.pages.blocks import parse
from tour.pages.findings import Finding
from tour.pages.findings import PageError
from tour.pages.sources import Sources

TEXT = """\
repository = "https://example.com/flack"
title = "Flask"
event = "PyCon"
date = 2016-05-28
commits = [2016-04-12, 2016-05-13]

[[tag]]
tag = "v0.1"
about = "code"
step = "One module"

[[tag]]
tag = "v0.2"
about = "code"
step = "two modules"
added = 30
removed = 27
files = { "utils.py" = 24 }

[[tag]]
tag = "v0.3"
about = "load"
step = "A server"
"""


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    file = tmp_path / past.PATH
    file.parent.mkdir()
    file.write_text(TEXT, encoding="utf-8")
    return cast(Sources, SimpleNamespace(repository=tmp_path, tags=["v0.1"]))


def find(text: str, sources: Sources) -> list[Finding]:
    page = parse("a.md", text)
    numbers.check(page, sources)
    return page.findings


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("tags", 3),
        ("code", 2),
        ("load", 1),
        ("added v0.2", 30),
        ("removed v0.2", 27),
        ("lines v0.2 utils.py", 24),
    ],
)
def test_a_number_of_the_class_is_checked(sources: Sources, name: str, count: int) -> None:
    assert find(f"so <!--=class {name}-->{count} of it\n", sources) == []
    [finding] = find(f"so <!--=class {name}-->99 of it\n", sources)
    assert (finding.expected, finding.got) == (str(count), "99")


@pytest.mark.parametrize(
    "name",
    ["class", "class all", "class added v0.9", "class added v0.1", "class lines v0.1 flack.py"],
)
def test_a_number_that_nobody_knows_is_found(sources: Sources, name: str) -> None:
    [finding] = find(f"so <!--={name}-->9 of it\n", sources)
    assert finding.correction is None


def test_the_regions_tell_of_all_tags_and_of_one(sources: Sources) -> None:
    first, _, *table = regions.write("class", "docs/index.md", sources)
    assert "28 May 2016" in first and "has 3 tags" in first
    assert "12 April 2016 to 13 May 2016" in first
    assert table[3] == (
        "| [v0.2](https://example.com/flack/tree/v0.2) | code | Two modules | +30 −27 |"
    )
    assert regions.write("class v0.2", "docs/steps/v0.2.md", sources) == [
        "In the [class of 2016](https://example.com/flack) this is"
        " [v0.2](https://example.com/flack/tree/v0.2): two modules;"
        " 30 lines added, 27 removed; new: `utils.py`."
    ]


def test_a_region_of_no_tag_is_found(sources: Sources) -> None:
    page = parse("a.md", "<!-- tour: class v0.9 -->\n\n<!-- /tour -->\n")
    regions.check(page, sources)
    [finding] = page.findings
    assert "v0.1, v0.2, v0.3" in finding.problem


@pytest.mark.parametrize("text", [None, "tag = ", "title = 1", TEXT + "author = 1\n"])
def test_a_file_that_cannot_be_read_is_told(sources: Sources, text: str | None) -> None:
    file = sources.repository / past.PATH
    file.unlink() if text is None else file.write_text(text, encoding="utf-8")
    with pytest.raises(PageError, match="cannot be read"):
        past.read(sources.repository)


def test_the_tours_own_file_has_sixteen_tags_in_their_order() -> None:
    own = past.read(Path(__file__).parents[3])
    assert list(own.tags) == [f"v0.{number}" for number in range(1, 17)]
    assert [own.count([about]) for about in past.ABOUT] == [10, 6]

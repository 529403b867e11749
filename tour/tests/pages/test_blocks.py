"""Pages of Markdown, read into the parts that are checked, with the lines where they are."""

import pytest

from tour.pages.blocks import Heading
from tour.pages.blocks import Link
from tour.pages.blocks import parse
from tour.pages.links import anchors


def test_a_fence_knows_its_lines() -> None:
    [fence] = parse("page.md", "text\n\n```python v0.1 a.py\none\n\ntwo\n```\n").fences
    assert (fence.info, fence.lines) == ("python v0.1 a.py", ("one", "", "two"))
    assert (fence.first, fence.end) == (3, 6)


def test_a_fence_in_a_list_and_a_quotation_is_read_without_what_is_before_it() -> None:
    page = parse("page.md", "- ```text v0.1 a\n  one\n  ```\n\n> ```text v0.1 b\n> two\n> ```\n")
    assert [fence.lines for fence in page.fences] == [("one",), ("two",)]
    assert [fence.prefix for fence in page.fences] == ["  ", "> "]


def test_links_and_pictures_know_their_lines() -> None:
    text = "`[no](code)` and\n[a](b.md) with\n`code\nhere` and ![c](d.svg)\n\n"
    page = parse("page.md", f"{text}| t |\n|---|\n| [e][f] |\n\n[f]: g.md\n")
    assert page.links == [Link("b.md", 1), Link("d.svg", 3), Link("g.md", 7)]


def test_headings_have_the_text_that_is_read() -> None:
    page = parse("page.md", "# The `code` of *it*\n\n## Next\n")
    assert page.headings == [Heading(1, "The code of it", 0), Heading(2, "Next", 2)]


def test_anchors_are_githubs() -> None:
    page = parse("page.md", "# What's `flack.py`, then?\n\n## A_b - c\n\n## Über\n\n## Über\n")
    assert anchors(page.headings) == {"whats-flackpy-then", "a_b---c", "über", "über-1"}


def test_a_number_knows_where_it_is() -> None:
    text = "In code `<!--=a b-->7` and\nso <!--=moved v0.3-->1,185 lines.\n"
    page = parse("page.md", text)
    [number] = page.numbers
    assert (number.name, number.line, number.text, number.unit) == (
        "moved v0.3",
        1,
        "1,185",
        "lines",
    )
    assert text[number.start :].startswith("1,185 lines")


@pytest.mark.parametrize("number", ["12.5", "1,8000", "12,5", "about 12"])
def test_what_is_no_whole_number_is_no_number(number: str) -> None:
    [found] = parse("page.md", f"so <!--=moved v0.3-->{number} lines\n").numbers
    assert found.text == ""


@pytest.mark.parametrize(
    "text",
    [
        "all 12 lines",
        "**12** files",
        "12\ntests",
        "1,234 modules",
        "`code` 12 lines",
        "| 12 lines |\n|---|",
    ],
)
def test_a_bare_count_is_found(text: str) -> None:
    [finding] = parse("page.md", f"{text}\n").findings
    assert "nothing checks" in finding.problem
    assert finding.line == 1


@pytest.mark.parametrize(
    "text",
    [
        "three lines and 7 files",
        "`12 lines`",
        "<!--=lines v0.1-->12 lines",
        "in v0.10 tests are",
        "Python 3.11 files",
        "12 users",
    ],
)
def test_what_is_no_bare_count_is_left(text: str) -> None:
    assert parse("page.md", f"so {text}\n").findings == []


def test_what_is_inside_a_region_is_left_to_it() -> None:
    text = "<!-- tour: steps -->\n\n12 lines [a](dead.md)\n\n<!-- /tour -->\n"
    page = parse("page.md", text)
    assert (page.findings, page.links) == ([], [])
    [region] = page.regions
    assert (region.name, region.first, region.end) == ("steps", 1, 4)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- <!-- tour: steps -->\n", 1),
        ("text <!-- tour: steps -->\n", 1),
        ("<!-- tour: steps -->\n\n<!-- tour: flow -->\n\n<!-- /tour -->\n", 3),
        ("text\n<!--=moved v0.1-->12 lines\n", 2),
        ("text\nand <!--=moved\nv0.1-->12 lines\n", 2),
        ("text\n\n```text v0.1 a\nnever closed\n", 3),
        ("> ```text v0.1 a\n> never closed\n", 1),
    ],
)
def test_a_comment_or_a_fence_out_of_place_is_found(text: str, line: int) -> None:
    assert line in [finding.line for finding in parse("page.md", text).findings]


FOLD = "<details>\n<summary>{}</summary>\n\n{}\n\n</details>\n"


def test_what_is_folded_is_read_as_the_rest() -> None:
    page = parse("page.md", FOLD.format("The answer", "[a](b.md) and\n\n```text v0.1 c\nd\n```"))
    assert page.findings == []
    assert (page.links, page.fences[0].lines) == ([Link("b.md", 3)], ("d",))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (FOLD.format("", "text"), 1),
        (FOLD.format("<b>The answer</b>", "text"), 1),
        ("<details open>\n<summary>The answer</summary>\n\ntext\n\n</details>\n", 1),
        ("<details>\n<summary>The answer</summary>\n\ntext\n", 1),
        ("<details>\n<summary>The answer</summary>\ntext\n</details>\n", 1),
        ("text\n\n</details>\n", 3),
        (FOLD.format("One", "<details>\n<summary>Two</summary>\n\ntext"), 4),
        (FOLD.format("One", "### Two"), 4),
        ("- <details>\n  <summary>One</summary>\n\n  text\n", 1),
    ],
)
def test_a_fold_out_of_place_is_found(text: str, line: int) -> None:
    assert line in [finding.line for finding in parse("page.md", text).findings]

"""Quotations that leave lines out, compared with what they quote and led back to it."""

import pytest

from tour.pages.excerpt import compare

TRUTH = """\
import os


def first():
    return os.name


def second():
    value = 1
    return value


def third():
    return None
""".splitlines()


@pytest.mark.parametrize(
    "quoted",
    [
        TRUTH,
        TRUTH[3:5],
        ["def first():", "    ...", "def second():", "    value = 1"],
        ["...", "def third():", "..."],
        ["import os", "...", "    return None"],
        ["import os", "...", ""],
    ],
)
def test_what_is_in_the_truth_in_order_is_the_same(quoted: list[str]) -> None:
    assert compare(quoted, TRUTH) is None


@pytest.mark.parametrize(
    ("quoted", "index", "expected"),
    [
        # lines of the expected text, but not one after the other
        (["def first():", "def second():"], 1, "    return os.name"),
        # in another order
        (["def second():", "...", "def first():"], 2, "def third():"),
        (["    value = 1", "    return valve"], 1, "    return value"),
        (["def first():", "    return os.nam", "...", "def third():"], 1, "    return os.name"),
        (["def first():", "...", "def thirt():"], 2, "def third():"),
    ],
)
def test_the_first_line_that_differs_is_found(
    quoted: list[str], index: int, expected: str | None
) -> None:
    difference = compare(quoted, TRUTH)
    assert (difference.index, difference.expected, difference.got) == (
        index,
        expected,
        quoted[index],
    )


@pytest.mark.parametrize(
    ("quoted", "whole"),
    [
        (TRUTH[1:], True),
        (TRUTH[:-1], True),
        (["..."] + TRUTH[3:5], True),
        (TRUTH[3:5] + ["..."], True),
        ([], True),
    ],
)
def test_a_whole_quotation_goes_from_the_start_to_the_end(quoted: list[str], whole: bool) -> None:
    assert compare(quoted, TRUTH, whole) is not None


@pytest.mark.parametrize("quoted", [["..."], ["...", *TRUTH[3:]], [*TRUTH[:5], "..."], TRUTH])
def test_an_elision_at_an_end_frees_that_end(quoted: list[str]) -> None:
    assert compare(quoted, TRUTH, whole=True) is None


def test_nothing_is_the_whole_of_nothing() -> None:
    assert compare([], [], whole=True) is None
    assert compare(["..."], [], whole=True) is None
    assert compare(["line"], [], whole=True).fixed == []


def test_a_line_that_came_between_is_taken_in() -> None:
    quoted = ["def second():", "    return value"]
    assert compare(quoted, TRUTH).fixed == TRUTH[7:10]


def test_a_passage_keeps_its_extent_when_its_first_line_changed() -> None:
    quoted = ["def the_second_one():", "    value = 1", "    return value"]
    assert compare(quoted, TRUTH).fixed == TRUTH[7:10]


def test_each_passage_is_led_back_on_its_own() -> None:
    quoted = ["def first(x):", "    return os.name", "    ...", "def third(x):", "    return None"]
    assert compare(quoted, TRUTH).fixed == [*TRUTH[3:5], "    ...", *TRUTH[12:14]]


def test_what_has_nothing_in_common_with_the_truth_cannot_be_mended() -> None:
    difference = compare(["def first():", "...", "while True:", "    continue"], TRUTH)
    assert difference.fixed is None
    assert (difference.index, difference.got) == (2, "while True:")


def test_the_whole_of_something_else_is_replaced() -> None:
    assert compare(["something", "else"], TRUTH, whole=True).fixed == TRUTH


def test_lines_that_are_the_same_in_normal_stay_as_they_are_quoted() -> None:
    expected = ["at 12", "of 34", "end"]
    quoted = ["at 99", "of 98", "and"]
    difference = compare(quoted, expected, True, lambda line: line.rstrip("0123456789"))
    assert (difference.index, difference.fixed) == (2, ["at 99", "of 98", "end"])

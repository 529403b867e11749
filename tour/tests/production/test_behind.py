"""The list of rules that differ behind a proxy, and its place in the suite."""

from tour.contract import behind
from tour.environments.environment import PACKAGE


def test_each_difference_has_a_reason_and_says_what_is_there_instead() -> None:
    found = behind.read_differences()
    assert found
    for difference in found.values():
        assert difference.reason
        assert (difference.status is None) != (difference.said is None)


def test_each_difference_is_of_a_test_that_there_is() -> None:
    for name in behind.read_differences():
        module, _, test = name.partition("::")
        source = (PACKAGE / "contract" / module).read_text(encoding="utf-8")
        assert f"def {test.partition('[')[0]}(" in source

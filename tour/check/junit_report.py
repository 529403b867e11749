"""What a pytest run found, read from its JUnit report: how many tests passed, how many failed."""

import xml.etree.ElementTree
from collections import Counter
from pathlib import Path
from typing import NamedTuple


class Counts(NamedTuple):
    """Numbers of tests; one that broke before or after its body counts as failed."""

    passed: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.passed + self.failed


def read_counts(report: Path) -> Counts:
    """Return the counts of a report; a run that left none ran no test."""
    if not report.exists():
        return Counts()
    total: Counter[str] = Counter()
    for suite in xml.etree.ElementTree.parse(report).getroot().iter("testsuite"):
        for name in ("tests", "failures", "errors", "skipped"):
            total[name] += int(suite.get(name, 0))
    failed = total["failures"] + total["errors"]
    return Counts(total["tests"] - failed - total["skipped"], failed)


def read_first_failure(report: Path) -> str:
    """Return the name and the traceback of the first test that failed; one must have failed."""
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        for failure in (*case.iter("failure"), *case.iter("error")):
            return f"{failure.text}\nthe first that failed: {case.get('name')}"
    raise ValueError(f"no test failed in {report}")


def list_skipped(report: Path) -> list[str]:
    """Return the names of the tests that were skipped, or that failed and were expected to.

    A run that left no report skipped none.
    """
    if not report.exists():
        return []
    cases = xml.etree.ElementTree.parse(report).getroot().iter("testcase")
    return [case.get("name", "") for case in cases if case.find("skipped") is not None]


def add_counts(counts: list[Counts]) -> Counts:
    """Return the sum of the counts."""
    return Counts(sum(one.passed for one in counts), sum(one.failed for one in counts))

"""The comparison of two builds: which build, whether its client asks so, how many tabs fit."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tour.bench import open_tabs
from tour.bench.open_tabs import Comparison
from tour.commands import bench
from tour.production import tabs
from tour.production.tabs import Tabs
from tour.repo import git
from tour.stages.line import Stage
from tour.system.errors import TourError
from tour.system.errors import UsageError

STAGE = Stage("v0.10", "a title", "v0.10", "c0ffee", "beef", 0)
SIDE: Any = SimpleNamespace(stage=Path("v0.10"))


def test_a_build_is_named_by_any_revision(this_repository: Path) -> None:
    build = open_tabs.find_build(this_repository, STAGE, "HEAD")
    assert build.commit == git.run(this_repository, "rev-parse", "HEAD").strip()


def test_a_revision_that_git_does_not_know_is_a_wrong_call(this_repository: Path) -> None:
    with pytest.raises(UsageError, match="git knows no nothing/here"):
        open_tabs.find_build(this_repository, STAGE, "nothing/here")


def test_the_tabs_ask_as_the_client_does(this_repository: Path) -> None:
    code = (this_repository / open_tabs.CLIENT).read_text(encoding="utf-8")
    open_tabs.check_client("v0.10", code)
    with pytest.raises(TourError, match="FULL_POLL = 5"):
        open_tabs.check_client("v0.10", code.replace("FULL_POLL = 5", "FULL_POLL = 9"))


@pytest.mark.parametrize(
    "slow_from, failing_from, most",
    [(60, 1000, 40), (1000, 100, 80), (20, 1000, 0), (1000, 1000, 400)],
)
def test_the_most_tabs_are_those_before_one_waits_or_fails(
    slow_from: int, failing_from: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_some(deployment: object, count: int, seconds: float) -> Tabs:
        slow = open_tabs.SLOW if count >= slow_from else 10.0
        return Tabs(5.0, slow, int(count >= failing_from), None, None)

    monkeypatch.setattr(tabs, "open_tabs", open_some)
    assert open_tabs.find_most(SIDE, 1, lambda line: None) == most


def test_the_table_has_both_builds_and_their_ratio() -> None:
    comparisons = [
        Comparison("a tab and second", "ms of a core", 6.0, 12.0),
        Comparison("a node", "MB", None, None),
    ]
    lines = bench.format_comparisons("v0.10", "c0ffee", comparisons).splitlines()
    assert lines[0].split() == ["v0.10", "c0ffee", "ratio"]
    assert lines[1].split() == "a tab and second ms of a core 6 12 0.50".split()
    assert lines[2].split() == "a node MB - - -".split()


@pytest.mark.parametrize("options", [["--production"], ["--beside", "HEAD"]])
def test_two_builds_need_both_options(tour, clone, options: list[str]) -> None:
    answer = tour(clone.folder, "bench", *options)
    assert answer.returncode == 2
    assert "--production and --beside go together" in answer.stderr

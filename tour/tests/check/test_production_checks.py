"""The check behind nginx: what is said where a program lacks, and in CI, where none may."""

import threading
from pathlib import Path

import pytest

from tour.check import production_checks
from tour.check import stage_checks
from tour.environments.environment import interpreter
from tour.environments.pythons import find_python
from tour.production import programs
from tour.stages.line import StageLine
from tour.system import platforms


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "explain_missing", lambda: "nginx was not found; install it")


@pytest.mark.parametrize("required", [False, True])
def test_without_nginx_the_check_has_a_part_where_all_is_required(
    lacking: None, this_repository: Path, monkeypatch: pytest.MonkeyPatch, required: bool
) -> None:
    monkeypatch.setattr(platforms, "all_is_required", lambda: required)
    assert production_checks.wanted(this_repository) is required


def test_a_program_that_lacks_fails_the_check_and_says_how_to_install_it(
    lacking: None, this_repository: Path, line: StageLine
) -> None:
    reported = []
    result = production_checks.check_short(
        this_repository,
        line.tip,
        stage_checks.Settings(find_python(), interpreter(this_repository / ".venv")),
        lambda *news: reported.append(news),
        threading.Event(),
    )
    [failure] = result.failures
    assert failure.reason == "nginx was not found; install it"
    assert reported == [(f"{line.tip.tag} behind nginx", "failed", 100)]
    assert stage_checks.sum_up([result]).failed == 1


@pytest.mark.parametrize(
    "options", [("--python", "3.13"), ("--database", "sqlite:////a"), ("--browser", "firefox")]
)
def test_what_production_does_not_heed_is_refused(
    tour, this_repository: Path, options: tuple[str, str]
) -> None:
    refused = tour(this_repository, "check", "--production", *options)
    assert refused.returncode == 2 and "--production has its own" in refused.stderr

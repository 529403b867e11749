"""A phase of a check: its turn, what is told of it, and what it found."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tour.check import phases
from tour.check.phases import Failure
from tour.system.errors import TourError


def run(folder: Path, code: str, cancelled: bool = False) -> tuple[Failure | None, list[int]]:
    event = threading.Event()
    if cancelled:
        event.set()
    told: list[int] = []
    command = [sys.executable, "-c", code]
    found = phases.run("tests", command, folder, {}, folder / "log", told.append, event)
    return found, told


def test_what_ends_with_0_found_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "print('fine')") == (None, [0, 100])
    assert (tmp_path / "log").read_text().strip() == "fine"


def test_a_failure_has_its_code_and_the_end_of_its_output(tmp_path: Path) -> None:
    found, _ = run(tmp_path, "print('a line\\n' * 99, flush=True); raise SystemExit('the reason')")
    assert found.reason == "ended with 1"
    assert found.output.endswith("the reason")
    assert len(found.output.splitlines()) == phases.TAIL


def test_a_phase_that_is_cancelled_before_its_turn_does_not_begin(tmp_path: Path) -> None:
    with pytest.raises(TourError, match="interrupted"):
        run(tmp_path, "open('began', 'w')", cancelled=True)
    assert not (tmp_path / "began").exists()


def test_a_phase_begins_and_ends_within_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = tmp_path / "began"
    seen = []

    @contextmanager
    def turn() -> Iterator[None]:
        seen.append(began.exists())
        yield
        seen.append(began.exists())

    monkeypatch.setattr(phases, "SLOTS", turn())
    run(tmp_path, "open('began', 'w')")
    assert seen == [False, True]

"""The line that shows the current action."""

import sys

import pytest

from tour.system import status_line


def test_a_report_is_written_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    # of two pieces, those of another thread may come between
    written: list[str] = []
    monkeypatch.setattr(sys.stderr, "write", written.append)
    status_line.report("Installing")
    assert written == ["Installing\n"]

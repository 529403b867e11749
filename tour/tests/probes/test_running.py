"""The programs that watch a stage: when one is run, and what is said when it fails."""

import sys
from pathlib import Path

import pytest

from tour.environments import environment
from tour.probes import running
from tour.probes.running import ProbeError
from tour.stages.line import StageLine
from tour.tests.synthetic import Clone


def test_what_was_seen_is_kept_for_the_stage_and_the_arguments(
    clone: Clone, line: StageLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple] = []

    def note(repository: Path, stage, name: str, arguments: tuple) -> list:
        ran.append((stage.tag, name, *arguments))
        return [stage.tag, *arguments]

    monkeypatch.setattr(running, "_run", note)
    first, second, _ = line.stages
    for _ in range(2):
        assert running.watch(clone.folder, first, "loading", "run") == ["v0.1", "run"]
        assert running.watch(clone.folder, first, "loading", "import") == ["v0.1", "import"]
        assert running.watch(clone.folder, second, "loading", "run") == ["v0.2", "run"]
        assert running.watch(clone.folder, first, "refusals") == ["v0.1"]
    assert ran == [
        ("v0.1", "loading", "run"),
        ("v0.1", "loading", "import"),
        ("v0.2", "loading", "run"),
        ("v0.1", "refusals"),
    ]


def test_a_program_that_fails_says_why_and_nothing_is_kept(
    clone: Clone, line: StageLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "stage_environment", lambda *_: Path(sys.executable))
    for _ in range(2):
        with pytest.raises(ProbeError) as caught:
            running.watch(clone.folder, line.stages[0], "applications")
        first, *_, last = str(caught.value).splitlines()
        assert first == "v0.1 is watched by tour/probes/applications.py, which ended with 1:"
        assert "cannot import name 'create_app' from 'flack'" in last

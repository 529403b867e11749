"""The checks of the tour itself, with small ones in place of the real ones."""

import sys
import threading
from pathlib import Path

import pytest

from tour.check import own_checks
from tour.check.junit_report import Counts
from tour.check.own_checks import OwnCheck
from tour.check.own_checks import OwnResult
from tour.stages import tags
from tour.stages.line import find_stages
from tour.tests.synthetic import Clone

# writes a report of two tests, of which one fails where a file says so
TESTS = """
import sys
from pathlib import Path

def report(failures):
    Path("report.xml").write_text(f'<testsuite tests="2" failures="{failures}"/>')

print("a line", "the last line", sep="\\n")
failures = int(Path("fail").exists())
report(failures)
sys.exit(failures)
"""


@pytest.fixture
def folder(clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the small checks run in."""
    tests = OwnCheck("own tests", ["-c", TESTS], tmp_path, tmp_path / "report.xml")
    pages = OwnCheck("pages", ["-c", "import sys; sys.exit('a lie')"], tmp_path)
    monkeypatch.setattr(own_checks, "_list_checks", lambda repository, fresh: [tests, pages])
    return tmp_path


def run(clone: Clone, fresh: bool = False) -> dict[str, OwnResult]:
    python = Path(sys.executable)
    cancelled = threading.Event()
    results = own_checks.run(clone.folder, python, lambda *news: None, cancelled, fresh)
    return {result.name: result for result in results}


def test_what_passes_has_its_tests_and_its_last_lines(clone: Clone, folder: Path) -> None:
    result = run(clone)["own tests"]
    assert result.tests == Counts(2, 0)
    assert result.closing == ["a line", "the last line"]
    assert result.failure is None


def test_what_fails_without_a_test_counts_as_one(clone: Clone, folder: Path) -> None:
    result = run(clone)["pages"]
    assert result.tests == Counts(0, 1)
    assert "a lie" in result.failure.output


def test_what_passed_is_kept_and_what_failed_is_not(clone: Clone, folder: Path) -> None:
    run(clone)
    assert [result.is_cached for result in run(clone).values()] == [True, False]
    assert [result.is_cached for result in run(clone, fresh=True).values()] == [False, False]


def test_a_failing_test_is_counted_and_not_kept(clone: Clone, folder: Path) -> None:
    folder.joinpath("fail").touch()
    assert run(clone)["own tests"].tests == Counts(1, 1)
    folder.joinpath("fail").unlink()
    assert run(clone)["own tests"].tests == Counts(2, 0)


@pytest.mark.parametrize("path", ["README.md", "flack.py", "tour/stages.toml", "docs/new.md"])
def test_any_other_file_forgets_the_results(clone: Clone, folder: Path, path: str) -> None:
    run(clone)
    file = clone.folder / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{file.read_text() if file.exists() else ''}\n# changed\n")
    assert not run(clone)["own tests"].is_cached


def test_another_history_forgets_the_results(clone: Clone, folder: Path) -> None:
    run(clone)
    clone.commit("Change nothing")
    assert not run(clone)["own tests"].is_cached


def test_tags_and_ignored_files_do_not_forget_the_results(clone: Clone, folder: Path) -> None:
    run(clone)
    tags.restore(clone.folder, find_stages(clone.folder))
    clone.write({"__pycache__/flack.pyc": "bytecode"})
    assert run(clone)["own tests"].is_cached

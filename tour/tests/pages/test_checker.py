"""Lies in a page are found where they are, and fixed where that can be done."""

import argparse
import importlib.util
import re
import shutil
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from tour import cli
from tour import pictures
from tour.commands import docs
from tour.environments import environment
from tour.pages import form
from tour.pages import names
from tour.pages.findings import Finding
from tour.pages.sessions import Answer
from tour.pages.sessions import Runner
from tour.pages.sessions import Session
from tour.probes.running import ProbeError
from tour.production import programs
from tour.repo import cache
from tour.system import platforms
from tour.system import process
from tour.system.errors import TourError
from tour.tests.paged import OTHER
from tour.tests.paged import PAGE
from tour.tests.paged import check_pages
from tour.tests.paged import make_paged_tour
from tour.tests.synthetic import Clone


@pytest.fixture(scope="module", autouse=True)
def no_installation() -> Iterator[None]:
    """Stages run in the environment of the tests, which has what they need."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "stage_environment", lambda *arguments: Path(sys.executable))
        yield


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A Flack Tour whose page has been checked once, so that its sessions are kept."""
    clone = make_paged_tour(tmp_path_factory.mktemp("paged") / "flack-tour")
    check_pages(clone.folder)
    return clone


@pytest.fixture(autouse=True)
def true_page(paged: Clone) -> Iterator[None]:
    """Every test finds the page as it was."""
    yield
    paged.write({"docs/page.md": PAGE, "docs/other.md": OTHER})


def tell(clone: Clone, old: str, new: str) -> str:
    """Write a page with something in the place of what is true, and return its text."""
    assert PAGE.count(old) == 1
    text = PAGE.replace(old, new)
    clone.write({"docs/page.md": text})
    return text


def tell_lie(clone: Clone, lie: tuple[str, ...]) -> int:
    """Write a page with a lie, and return the line, from 1, in which it is to be found."""
    old, new, *at = lie
    text = tell(clone, old, new)
    if at:
        start = text.index(at[0])
    else:
        start = next(i for i, (own, true) in enumerate(zip(text, PAGE)) if own != true)
    return text.count("\n", 0, start) + 1


def read_page(clone: Clone) -> str:
    return clone.folder.joinpath("docs/page.md").read_text(encoding="utf-8")


def lines_of(findings: list[Finding]) -> list[int]:
    return [finding.line for finding in findings]


def test_a_true_page_has_no_findings(paged: Clone) -> None:
    checked = check_pages(paged.folder)
    assert checked.findings == []
    kinds = ("diff", "listing", "tree", "console", "patch", "number", "region", "link")
    assert [checked.counts[kind] for kind in kinds] == [1, 1, 1, 3, 1, 3, 2, 4]


# what is told in the place of what is true, by the kind of lie; the finding is in the line of the
# third text, or where the lie begins
MENDABLE = {
    "a removed line of a diff": ("-    return 2\n+    return 22", "-    return 3\n+    return 22"),
    "an added line of a diff": ("+    return 22", "+    return 23"),
    "a context line of a diff": ("...\n def second():", "...\n def secund():"),
    "a mark of a diff": ("+    return 22", "-    return 22"),
    "the numbers of a diff": ("-6,7 +6,7", "-6,7 +6,8"),
    "the section of a diff": ("-6,7 +6,7 @@ def first():", "-6,7 +6,7 @@ def firsd():"),
    "a line of a listing": ("       return 1\n", "       return 2\n"),
    "the indentation of a listing": ("       return 1\n", "        return 1\n"),
    "a blank at the end of a line": ("       return 1\n", "       return 1 \n"),
    "a file of a tree": ("└── app.js", "└── apps.js"),
    "a branch of a tree": ("└── index.html", "├── index.html"),
    "a file missing in a tree": ("└── index.html\n", "", "```\n\n**Terminal** at v0.2"),
    "the output of a command": ("1 2\n3\n", "1 3\n3\n"),
    "a line of output too many": ("1 2\n3\n", "1 2\n3\n4\n"),
    "a line of output missing": ("1 2\n3\n", "1 2\n", '$ python -c "import sys'),
    "the message of a failure": ("stop\n$ echo", "stopp\n$ echo"),
    "an exit code": ("$ echo $?\n1\n", "$ echo $?\n0\n"),
    "output after an elision": ("...\n3\n```\n\n**T", "...\n4\n```\n\n**T"),
    "the answer of a server": ("b'v0.2'", "b'v0.3'"),
    "a digit of a port": ("000 on 5000", "000 on 5001"),
    "a number that is no time": ("at 1764426000 on", "at 176442600 on"),
    "the numbers of a patch": ("@@ -9,5 +9,6 @@", "@@ -9,5 +9,5 @@"),
    "the place of a patch": ("@@ -9,5 +9,6 @@", "@@ -8,5 +8,6 @@"),
    "the section of a patch": ("+9,6 @@ def second():", "+9,6 @@ def third():"),
    "the output of a try": ("\n7\n```", "\n8\n```"),
    "a number of lines": ("-->13 lines", "-->12 lines"),
    "a number of tests": ("-->2 tests", "-->3 tests"),
    "a number of files": ("-->9 files", "-->8 files"),
    "a count in a region": ("| 0 | 3 | 15 |", "| 0 | 3 | 14 |"),
    "the heading of a region": ("| moved | edited |", "| edited | moved |"),
    "the command of a region": ("`git diff v0.1 v0.2`", "`git diff v0.1 v0.3`"),
    "the file of a name": ("**`models.py`** from", "**`model.py`** from"),
    "the stage of a name": ("   **`models.py`** at v0.2", "   **`models.py`** at v0.3"),
    "a name missing": ("**`web/`** at v0.2\n\n", "", "```text v0.2 tree"),
    "a name missing in a list": ("   **`models.py`** at v0.2\n\n", "", "   ```python"),
}


# what has no one expected: the excerpt becomes another one, that is true
ADJUSTABLE = {
    "a line too many in a diff": ("+    return 22\n", "+    return 22\n+    pass\n"),
    "lines left out in silence": ("       return 1\n   ...\n", "       return 1\n"),
}


@pytest.mark.parametrize("lie", MENDABLE.values(), ids=MENDABLE)
def test_a_lie_is_found_where_it_is_and_mended(paged: Clone, lie: tuple[str, ...]) -> None:
    line = tell_lie(paged, lie)
    found = check_pages(paged.folder).findings
    assert [(finding.path, finding.line) for finding in found] == [("docs/page.md", line)]
    checked = check_pages(paged.folder, update=True)
    assert (checked.findings, lines_of(checked.fixed)) == ([], [line])
    assert read_page(paged) == PAGE


@pytest.mark.parametrize("lie", ADJUSTABLE.values(), ids=ADJUSTABLE)
def test_an_excerpt_that_is_none_becomes_one(paged: Clone, lie: tuple[str, ...]) -> None:
    line = tell_lie(paged, lie)
    assert lines_of(check_pages(paged.folder).findings) == [line]
    assert check_pages(paged.folder, update=True).findings == []


def without_names(text: str) -> str:
    return re.sub(rf"{form.FORM.pattern}\n\n", "", text)


TRY_IT = PAGE[PAGE.index("```console v0.2 try seven") : PAGE.index("## Other things")]

FOR_AUTHORS = {
    "an unknown word": ("```python v0.2 models.py", "```pyton v0.2 models.py"),
    "a word too many": ("```python v0.2 models.py", "```python v0.2 models.py all"),
    "a stage that is not there": ("```text v0.2 tree", "```text v0.4 tree"),
    "a file that is not there": ("```python v0.2 models.py", "```python v0.2 model.py"),
    "a folder that is not there": ("tree web\n", "tree wed\n"),
    "a file that a step leaves alone": ("v0.2 v0.3 models.py", "v0.2 v0.3 setup.cfg"),
    "a fence without info": ("```text v0.2 tree web", "```"),
    "a fence that is not closed": ("\n7\n```\n", "\n7\n", "```console v0.2 try seven"),
    "an indented block": ("The end.", "    return 3"),
    "raw HTML": ("The end.", "The <b>end</b>.", "The <b>"),
    "a block of HTML": ("The end.", "<div>\nThe end.\n</div>"),
    "a fold that does not end": (
        "The end.",
        "<details>\n<summary>More</summary>\n\nThe end.",
        "<details>",
    ),
    "another comment": ("The end.", "<!-- a note -->"),
    "a region that is not closed": ("v0.2`\n\n<!-- /tour -->", "v0.2`\n", "<!-- tour: full"),
    "a region that only ends": ("The end.", "<!-- /tour -->"),
    "a region of no name": ("<!-- tour: full v0.2 -->", "<!-- tour: fill v0.2 -->"),
    "a number of no name": ("<!--=tests v0.2-->", "<!--=test v0.2-->"),
    "a number of no stage": ("<!--=tests v0.2-->", "<!--=tests v0.9-->"),
    "a number of no file": ("<!--=lines v0.2 models.py-->", "<!--=lines v0.2 model.py-->"),
    "a number that is not there": ("-->9 files", "-->some files"),
    "a number of something else": ("-->9 files", "-->9 tests"),
    "a number at the start of a line": ("There are <!--=lines", "<!--=lines"),
    "a bare count": ("The end.", "The end of 39 lines."),
    "a dead link": ("(other.md#other-things)", "(others.md#other-things)"),
    "a dead anchor of another page": ("(other.md#other-things)", "(other.md#other-thing)"),
    "a dead anchor": ("(#what-changes)", "(#what-change)"),
    "a link to plain HTTP": ("(https://flask", "(http://flask"),
    "a link that is none": ("[manifest](../tour", "[manifest](../to ur"),
    "an excerpt of nothing": (
        "   def first():\n       return 1\n   ...\n   def third():\n       return 3\n   ```",
        "   while True:\n       continue\n   ```",
    ),
    "an excerpt that is empty": (
        "The end.",
        "**`flack.py`** at v0.2\n\n```python v0.2 flack.py\n...\n```",
        "```python v0.2 flack.py",
    ),
    "a patch that does not apply": ("-    return 2\n+    # more", "-    return 3\n+    # more"),
    "a patch of no file": ("--- a/models.py\n+++ b/models.py", "--- a/model.py\n+++ b/model.py"),
    "a patch with a stray line": ("+    return 7\n", "+    return 7\nand so on\n"),
    "a try that nothing tries": (TRY_IT, "", "```diff v0.2 try seven"),
    "a try that is not there": ("console v0.2 try seven", "console v0.2 try eight"),
    "a second try of one name": (
        "The end.",
        "**A change to try** at v0.2: `seven`\n\n```diff v0.2 try seven\n```",
        "```diff v0.2 try seven\n```",
    ),
    "output before a command": ("$ python flack.py &\n", "v0.2\n$ python flack.py &\n"),
    "output of a server": ("$ python flack.py &\n", "$ python flack.py &\nok\n"),
    "a server that does not start": ("$ python flack.py &", "$ python flask.py &"),
    "a command that ends the shell": ("$ echo $?\n1\n", "$ exit 1\n"),
    "a name without its block": ("The end.", "**`models.py`** at v0.2"),
    "a command cut off": ("second()); \\\n> print", "second()); \\\nprint", "$ python -c"),
}


@pytest.mark.parametrize("lie", FOR_AUTHORS.values(), ids=FOR_AUTHORS)
def test_what_an_author_must_mend_is_found_and_left(paged: Clone, lie: tuple[str, ...]) -> None:
    line = tell_lie(paged, lie)
    text = read_page(paged)
    checked = check_pages(paged.folder, update=True)
    assert ("docs/page.md", line) in [(finding.path, finding.line) for finding in checked.findings]
    # but for the name of a block that became another one
    assert {finding.problem for finding in checked.fixed} <= {names.PROBLEM}
    assert without_names(read_page(paged)) == without_names(text)


def test_a_block_right_below_text_gets_a_name_of_its_own(paged: Clone) -> None:
    text = tell(paged, "**`web/`** at v0.2\n\n", "The files:\n")
    assert check_pages(paged.folder, update=True).findings == []
    assert read_page(paged) == text.replace("files:\n", "files:\n\n**`web/`** at v0.2\n\n")


def test_an_update_keeps_the_prose_and_its_line_ends_byte_for_byte(paged: Clone) -> None:
    file = paged.folder / "docs/page.md"
    text = PAGE.replace("The end.", "The end.   \r\n\r\n\r\n*Über* \t").replace("\n", "\r\n")
    text = text.replace("\r\r", "\r")
    lie = text.replace("       return 1\r\n", "       return 4\r\n").replace("-->13 ", "-->99 ")
    file.write_bytes(lie.encode())
    assert check_pages(paged.folder, update=True).findings == []
    assert file.read_bytes() == text.encode()


def test_a_page_that_is_changed_while_it_is_held_is_left_alone(
    paged: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(paged, "-->13 lines", "-->12 lines")
    run = Runner.run

    def run_while_the_author_writes(self: Runner, sessions: list[Session]) -> list:
        paged.write({"docs/page.md": f"# New\n\n{PAGE}"})
        return run(self, sessions)

    monkeypatch.setattr(Runner, "run", run_while_the_author_writes)
    with pytest.raises(TourError, match="run this again"):
        check_pages(paged.folder, update=True)
    assert read_page(paged) == f"# New\n\n{PAGE}"


def test_an_update_keeps_what_differs_between_runs(paged: Clone) -> None:
    file = paged.folder / "docs/page.md"
    text = tell(paged, "at 1764426000", "at 1600000000").replace("1 2\n3\n", "1 2\n3\n3\n")
    paged.write({"docs/page.md": text})
    check_pages(paged.folder, update=True)
    assert file.read_text(encoding="utf-8") == PAGE.replace("at 1764426000", "at 1600000000")


def test_an_update_fills_in_what_a_page_leaves_empty(paged: Clone) -> None:
    text = tell(paged, "| 0 | 3 | 15 | 0 | 35 | 9 | 2 |\n\n<!--", "<!--")
    paged.write({"docs/page.md": text.replace("b'v0.2'\n", "")})
    assert check_pages(paged.folder, update=True).findings == []
    assert read_page(paged) == PAGE


def test_a_truth_that_changed_is_followed_with_the_same_extent(paged: Clone) -> None:
    text = tell(paged, "python v0.2 models.py", "python v0.3 models.py")
    text = text.replace("   **`models.py`** at v0.2", "   **`models.py`** at v0.3")
    text = text.replace("   ...\n", "\n\n   def second():\n       return 2\n   ...\n", 1)
    paged.write({"docs/page.md": text})
    check_pages(paged.folder, update=True)
    expected = text.replace("       return 2\n   ...", "       return 22\n   ...")
    assert read_page(paged) == expected


def noting(ran: list[str]) -> Callable[[Runner, Session], list[list[Answer]]]:
    """Return a `Runner._run` that notes what it runs."""
    run = Runner._run

    def note_and_run(self: Runner, session: Session) -> list[list[Answer]]:
        ran.append(session.title)
        return run(self, session)

    return note_and_run


def test_sessions_that_are_quoted_as_they_are_are_not_run_again(
    paged: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(Runner, "_run", noting(ran))
    assert check_pages(paged.folder).findings == []
    assert ran == []
    tell(paged, 'print(models.second())"\n7', 'print(-models.second())"\n-7')
    assert check_pages(paged.folder).findings == []
    assert ran == ["docs/page.md v0.2 seven"]
    check_pages(paged.folder, fresh=True)
    assert len(ran) == 3


def test_a_change_of_the_tour_runs_sessions_again_and_does_not_disturb_those_that_run(
    paged: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copytree(cache.PACKAGE, tmp_path / "tour"))
    monkeypatch.setattr(cache, "PACKAGE", copy)
    ran = []
    run = Runner._run

    def change_and_run(self: Runner, session: Session) -> list:
        ran.append(session.title)
        copy.joinpath("stages", "tags.py").write_text("changed", encoding="utf-8")
        return run(self, session)

    monkeypatch.setattr(Runner, "_run", change_and_run)
    for fresh in (True, False):
        assert check_pages(paged.folder, fresh=fresh).findings == []
    assert len(ran) == 4


def test_what_is_not_quoted_as_it_is_is_run_again(
    paged: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(paged, 'print(models.second())"\n7', 'print(+models.second())"\n8')
    check_pages(paged.folder)
    ran: list[str] = []
    monkeypatch.setattr(Runner, "_run", noting(ran))
    check_pages(paged.folder)
    assert ran == ["docs/page.md v0.2 seven"]


def test_a_patch_may_require_other_packages(paged: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []

    def install(repository: Path, python: object, requirements: str, *others: object) -> Path:
        installed.append(requirements)
        return Path(sys.executable)

    monkeypatch.setattr(environment, "stage_environment", install)
    patch = "```diff v0.2 try seven\n"
    more = "--- a/requirements.txt\n+++ b/requirements.txt\n@@ -0,0 +1 @@\n+tiny==1\n"
    tell(paged, patch, patch + more)
    assert check_pages(paged.folder).findings == []
    assert installed == ["tiny==1\n"]


@pytest.mark.parametrize("required", [False, True])
def test_a_session_that_needs_redis_is_left_out_without_it_where_it_may_be(
    paged: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, required: bool
) -> None:
    monkeypatch.setattr(platforms, "all_is_required", lambda: required)
    # under another name, which no machine has
    monkeypatch.setattr(programs, "REDIS", "no-redis-server")
    tell(paged, "$ echo $?\n", "$ no-redis-server\n$ echo $?\n")
    page = paged.folder / "docs" / "page.md"
    checked = docs.check_pages(
        paged.folder, argparse.Namespace(paths=[page], update=False, fresh=False)
    )
    assert bool(checked.findings) == required
    told = "Not run: docs/page.md v0.2; Redis was not found; install it with"
    assert (told in capsys.readouterr().out) == (not required)


def test_the_pictures_are_held_and_made_anew(paged: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "render", lambda *arguments: {"docs/pictures/flow.svg": b"new"})
    paged.write({"docs/pictures/flow.svg": "old", "docs/pictures/other.svg": ""})
    for stage in ("v0.1", "v0.2", "v0.3"):
        paged.write({f"{stage}.md": f"# {stage}\n"})
    checked = check_pages(paged.folder, with_pictures=True)
    paths = [finding.path for finding in checked.findings]
    assert paths == ["docs/pictures/flow.svg", "docs/pictures/other.svg"]
    checked = check_pages(paged.folder, with_pictures=True, update=True)
    assert [finding.path for finding in checked.findings] == ["docs/pictures/other.svg"]
    assert paged.folder.joinpath("docs/pictures/flow.svg").read_bytes() == b"new"


def test_a_picture_is_held_without_regard_to_its_line_ends_and_keeps_them(
    paged: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = paged.folder / "docs" / "pictures" / "flow.svg"
    picture.parent.mkdir(exist_ok=True)
    picture.write_bytes(b"<svg>\r\n</svg>\r\n")
    for made, fixed in ((b"<svg>\n</svg>\n", []), (b"<svg/>\n", ["docs/pictures/flow.svg"])):
        monkeypatch.setattr(pictures, "render", lambda *_: {"docs/pictures/flow.svg": made})
        checked = check_pages(paged.folder, with_pictures=True, update=True)
        assert [finding.path for finding in checked.fixed] == fixed
        assert picture.read_bytes() == made.replace(b"\n", b"\r\n")


def test_a_run_that_fails_is_a_finding(paged: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments):
        raise ProbeError("v0.3 is watched by a program, which ended with 1")

    monkeypatch.setattr(pictures, "render", fail)
    monkeypatch.setattr(pictures, "alt_text", fail)
    page = paged.folder / "docs" / "page.md"
    page.write_text(f"{page.read_text()}\n<!-- tour: loading -->\n\n<!-- /tour -->\n")
    for update in (False, True):
        checked = check_pages(paged.folder, with_pictures=True, update=update)
        found = [finding.path for finding in checked.findings if "ended with 1" in finding.problem]
        assert found == ["docs/page.md", "docs/pictures"]


def test_a_stage_without_its_page_is_found(paged: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "render", lambda *arguments: {})
    for stage in ("v0.1", "v0.2", "v0.3"):
        paged.folder.joinpath(f"{stage}.md").unlink(missing_ok=True)
    found = check_pages(paged.folder, with_pictures=True).findings
    assert {"v0.1.md", "v0.2.md", "v0.3.md"} <= {finding.path for finding in found}


def test_a_page_that_is_not_utf_8_is_found(paged: Clone) -> None:
    paged.folder.joinpath("docs/other.md").write_bytes(b"# Other\n\nna\xefve\n")
    assert lines_of(check_pages(paged.folder, "docs/other.md").findings) == [3]


SECTIONS = (
    "Where we are",
    "The idea",
    "What moves",
    "The diff, walked through",
    "Try it",
    "What goes wrong",
    "Practice",
    "Then and now",
    "Recap",
    "Next",
)


GOALS = "In short. After this\npage you can\n\n- run it,\n- read it,\n- say why.\n\n"
RECAP = "- It runs.\n- It is short.\n\n"


def write_step(sections: tuple[str, ...], goals: str = GOALS, recap: str = RECAP) -> str:
    texts = {"Recap": recap}
    parts = [f"## {section}\n\n{texts.get(section, '')}" for section in sections]
    return f"# v0.2: Make v0.2\n\n{goals}{''.join(parts)}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (write_step(SECTIONS), None),
        (write_step(SECTIONS).replace("Make", "Change"), 1),
        (write_step(SECTIONS[:-1]), 30),
        (write_step(("The idea", "Where we are", *SECTIONS[2:])), 10),
        (write_step((*SECTIONS, "Notes")), 33),
        (write_step(SECTIONS, goals=""), 1),
        (write_step(SECTIONS, goals=GOALS.replace("After", "Before")), 1),
        (write_step(SECTIONS, goals=GOALS.replace("- say why.\n", "")), 1),
        (write_step(SECTIONS, recap=""), 26),
        (write_step(SECTIONS, recap="- One.\n" * 6 + "\n"), 26),
    ],
)
def test_a_stages_page_has_its_title_sections_goals_and_recap(
    paged: Clone, text: str, line: int | None
) -> None:
    paged.write({"v0.2.md": text})
    assert lines_of(check_pages(paged.folder, "v0.2.md").findings) == ([line] if line else [])


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch, paged: Clone) -> Clone:
    """The paged tour as the current folder, with a .venv that needs nothing."""
    monkeypatch.chdir(paged.folder)
    monkeypatch.setattr(environment, "prepare", lambda *arguments: Path(sys.executable))
    return paged


def test_the_verb_ends_with_1_and_the_command_that_mends(
    prepared: Clone, capsys: pytest.CaptureFixture
) -> None:
    tell(prepared, "-->13 lines", "-->12 lines")
    assert cli.main(["docs", "docs/page.md"]) == 1
    printed = capsys.readouterr().out
    assert "docs/page.md:6: the number of 'lines v0.2 models.py'\n" in printed
    assert "expected |13\n    got      |12\n" in printed
    assert "tour docs --update docs/page.md\n" in printed
    assert "for you to fix" not in printed
    assert cli.main(["docs", "docs/page.md", "--update"]) == 0
    assert "fixed: docs/page.md:6" in capsys.readouterr().out
    assert cli.main(["docs", "docs/page.md"]) == 0


@pytest.mark.parametrize("path", ["docs/none.md", "flack.py", "..", "tour", "README.md"])
def test_what_is_no_page_ends_with_2(prepared: Clone, path: str) -> None:
    assert cli.main(["docs", path]) == 2


@pytest.mark.parametrize("option", ["--serve", "--slides"])
@pytest.mark.parametrize("more", ["docs/page.md", "--update", "--fresh", "--serve --slides"])
def test_what_would_be_passed_over_ends_with_2(
    prepared: Clone, capsys: pytest.CaptureFixture, option: str, more: str
) -> None:
    assert cli.main(["docs", option, *more.split()]) == 2
    said = capsys.readouterr().err
    assert "leave the rest out" in said or "not allowed with" in said


def test_the_interpreter_of_venv_reads_the_pages_when_this_one_cannot(
    prepared: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = prepared.folder / ".venv" / "bin" / "python"
    ended = Mock(**{"wait.return_value": 1})
    spawn = Mock(return_value=ended)
    monkeypatch.setattr(environment, "prepare", lambda *arguments: python)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(process, "spawn", spawn)
    monkeypatch.setattr(sys, "argv", ["tour", "docs", "docs/page.md"])
    assert cli.main(["docs", "docs/page.md"]) == 1
    assert spawn.call_args.args[0] == [str(python), "-m", "tour", "docs", "docs/page.md"]


def test_an_interpreter_of_venv_that_cannot_either_is_told(
    prepared: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert cli.main(["docs", "docs/page.md"]) == 3
    assert "lacks markdown-it-py" in capsys.readouterr().err


def test_a_long_line_is_shown_where_it_differs(capsys: pytest.CaptureFixture) -> None:
    finding = Finding("page.md", 1, "wrong", expected="x" * 200 + "expected", got="x" * 200 + "lie")
    shown = docs._format(finding)
    assert "expected" in shown
    assert max(map(len, shown.splitlines())) < 110

"""The verb diff: what it prints of a step and of the learner's files, and how."""

import os
import re
import shlex
import sys
from pathlib import Path

import pytest

from tour.system import terminal
from tour.tests.synthetic import FLACK
from tour.tests.synthetic import SETUP
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

UTILS = '''\
def greeting():
    """Say which one answers."""
    return build_greeting()
'''


@pytest.fixture
def moved(clone: Clone) -> Clone:
    """A clone whose v0.2 moves a function to a file of its own, as its v0.1 has it."""
    app = FLACK.format(tag="v0.1")
    files = {
        "v0.1": {"flack.py": app + UTILS},
        "v0.2": {"flack.py": app, "utils.py": "import flack\n" + UTILS},
        "v0.3": {"flack.py": app, "utils.py": "import flack\n" + UTILS},
    }
    publish(clone, grow_line(clone, files=files), edition=2)
    return clone


def test_the_line_at_the_top_has_the_counts_and_the_moves(tour, moved: Clone) -> None:
    answer = tour(moved.folder, "diff", "v0.2")
    assert answer.returncode == 0
    assert answer.stdout.splitlines()[0] == (
        "v0.1 -> v0.2, Make v0.2: 3 moved, 2 edited, 1 new (3 from flack.py to utils.py)"
    )


def test_a_block_that_moved_says_once_where_it_came_from(tour, moved: Clone) -> None:
    printed = tour(moved.folder, "diff", "v0.2", "utils.py").stdout
    first = FLACK.count("\n") + 1
    assert printed.split("== ")[1].splitlines() == [
        "utils.py (added): 3 moved, 1 new; 3 from flack.py",
        "+      1  import flack",
        f">> from flack.py:{first}-{first + 2}",
        *(
            f">  {first + index}  {2 + index}  {line}"
            for index, line in enumerate(UTILS.splitlines())
        ),
    ]


def test_an_edited_line_is_shown_as_it_was_and_as_it_is(tour, clone: Clone) -> None:
    printed = tour(clone.folder, "diff", "v0.3", "flack.py").stdout.splitlines()
    edited = [line for line in printed if line.startswith("~") and "return" in line]
    assert [re.sub(" +", " ", line) for line in edited] == [
        '~- 17 return b"v0.2"',
        '~+ 17 return b"v0.3"',
    ]


def test_the_first_step_is_from_nothing(tour, clone: Clone) -> None:
    assert tour(clone.folder, "diff", "v0.1").stdout.startswith("nothing -> v0.1, Make v0.1: ")


def test_without_a_tag_the_step_is_that_of_the_stage_you_are_on(tour, clone: Clone) -> None:
    tour(clone.folder, "tags")
    clone.git("checkout", "--quiet", "v0.2")
    assert tour(clone.folder, "diff").stdout.startswith("v0.1 -> v0.2, ")


def test_stat_shows_the_counts_of_each_file_alone(tour, moved: Clone) -> None:
    printed = tour(moved.folder, "diff", "v0.2", "--stat").stdout
    rows = [line.split() for line in printed.splitlines()]
    assert rows[1] == ["file", "from", "/", "to", "moved", "edited", "new", "gone"]
    assert rows[2:] == [
        ["README.md", "0", "1", "0", "0"],
        ["flack.py", "3", "to", "utils.py", "0", "0", "0", "0"],
        ["tests.py", "0", "1", "0", "0"],
        ["utils.py", "(added)", "3", "from", "flack.py", "3", "0", "1", "0"],
    ]


def test_files_shows_the_names_alone(tour, moved: Clone) -> None:
    answer = tour(moved.folder, "diff", "v0.2", "--files")
    assert answer.stdout.splitlines() == ["README.md", "flack.py", "tests.py", "utils.py"]


def test_a_path_may_be_seen_from_the_current_folder(tour, clone: Clone) -> None:
    publish(clone, grow_line(clone, files={"v0.3": {"flack/api.py": "api()\n"}}), edition=2)
    answer = tour(clone.folder / "flack", "diff", "v0.3", "api.py", "--files")
    assert answer.stdout == "flack/api.py\n"


def test_a_path_may_be_whole(tour, moved: Clone) -> None:
    file = str(moved.folder / "flack.py")
    assert tour(moved.folder, "diff", "v0.2", "--files", file).stdout == "flack.py\n"
    answer = tour(moved.folder, "diff", "v0.2", str(moved.folder.parent))
    assert (answer.returncode, answer.stdout) == (2, "")


def test_a_path_that_the_step_leaves_alone_is_no_error(tour, clone: Clone) -> None:
    answer = tour(clone.folder, "diff", "v0.3", "setup.cfg")
    assert (answer.returncode, answer.stdout.splitlines()[1:]) == (
        0,
        ["shown: 0 of 3 files that differ"],
    )


@pytest.mark.parametrize("arguments", [("v0.9",), ("v0.3", "nothing.py"), ("--stat", "--files")])
def test_a_wrong_call_ends_with_2(tour, clone: Clone, arguments: tuple[str, ...]) -> None:
    answer = tour(clone.folder, "diff", *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")


# --mine


def test_a_clean_main_has_no_difference(tour, clone: Clone) -> None:
    answer = tour(clone.folder, "diff", "--mine")
    assert (answer.returncode, answer.stdout.splitlines()) == (
        0,
        [
            "your files are the same as those of v0.3",
            "left out, as it is main's own: README.md, tour",
        ],
    )


def test_mine_shows_what_only_you_have_and_what_only_the_stage_has(tour, clone: Clone) -> None:
    tour(clone.folder, "tags")
    clone.git("checkout", "--quiet", "v0.2")
    (clone.folder / "setup.cfg").unlink()
    clone.write({"new.py": "mine = 1\n"})
    before = clone.state()
    answer = tour(clone.folder, "diff", "--mine")
    lines = answer.stdout.splitlines()
    assert answer.returncode == 1
    gone = SETUP.count("\n")
    assert lines[0] == f"v0.2 -> your files: 1 only in yours, {gone} only in v0.2"
    assert "+      1  mine = 1" in lines
    assert clone.state() == before


def test_mine_on_main_sees_a_change_of_the_application_and_a_new_file(tour, clone: Clone) -> None:
    for path in ("flack.py", "tour/mine.py", "notes.md", "README.md"):
        clone.write({path: "mine\n"})
    answer = tour(clone.folder, "diff", "--mine", "--files")
    assert (answer.returncode, answer.stdout.split()) == (1, ["flack.py", "notes.md"])


def test_mine_compares_with_another_stage(tour, clone: Clone) -> None:
    answer = tour(clone.folder, "diff", "--mine", "v0.1")
    assert answer.returncode == 1
    assert answer.stdout.startswith("v0.1 -> your files: ")


def test_what_is_odd_is_said_in_words(tour, clone: Clone) -> None:
    (clone.folder / "logo.png").write_bytes(b"\0\1")
    clone.write({"empty.py": "", "end.py": "x = 1", "codes.py": "\x1b[31m\rx\n"})
    clone.write({"long.js": "y" * 999})
    printed = tour(clone.folder, "diff", "--mine").stdout
    assert "== logo.png (added): not text, and not shown\n" in printed
    assert "== empty.py (added): empty\n" in printed
    assert "(no newline at the end)" in printed
    assert "\\x1b[31m\\rx\n" in printed
    assert f"{'y' * 400} [599 characters]\n" in printed


# the terminal


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the output count as a terminal, without colours asked for or refused, nor a pager."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("PAGER", "")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_what_is_no_terminal_gets_no_colours(tour, moved: Clone) -> None:
    assert "\033" not in tour(moved.folder, "diff", "v0.2").stdout


def test_colours_may_be_asked_for(tour, moved: Clone) -> None:
    printed = tour(moved.folder, "diff", "--color=always", "v0.2").stdout
    dim = [line for line in printed.splitlines() if line.startswith("\033[2m>")]
    assert len(dim) == 1 + UTILS.count("\n")
    # of b"v0.1" and b"v0.2" the digit alone
    assert "\033[33;7m2\033[0m" in printed


@pytest.mark.parametrize(
    ("choice", "name", "value", "wanted"),
    [
        ("auto", "NO_COLOR", "", True),
        ("auto", "NO_COLOR", "1", False),
        ("auto", "TERM", "dumb", False),
        ("always", "NO_COLOR", "1", True),
        ("never", "NO_COLOR", "", False),
    ],
)
def test_a_terminal_gets_colours_unless_they_are_refused(
    on_terminal: None,
    choice: str,
    name: str,
    value: str,
    wanted: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(name, value)
    assert terminal.wants_colour(choice) is wanted


def test_a_terminal_gets_the_text_through_the_pager(
    on_terminal: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "paged"
    program = f"import pathlib, sys; pathlib.Path({str(target)!r}).write_text(sys.stdin.read())"
    command = [sys.executable, "-c", program]
    quoted = f'"{command[0]}" -c "{program}"' if os.name == "nt" else shlex.join(command)
    monkeypatch.setenv("PAGER", quoted)
    terminal.show("one\ntwo")
    assert target.read_text() == "one\ntwo\n"


@pytest.mark.parametrize("pager", ["", "no-such-pager"])
def test_without_a_pager_the_text_is_printed(
    on_terminal: None, pager: str, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("PAGER", pager)
    terminal.show("one")
    assert capsys.readouterr().out == "one\n"


def test_a_pager_that_stops_reading_is_no_error(
    on_terminal: None, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("PAGER", f'"{sys.executable}" -c "pass"')
    terminal.show("x" * 1_000_000)
    assert capsys.readouterr().out == ""

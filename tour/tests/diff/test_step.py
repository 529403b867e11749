"""A step as it is to be shown, from trees that hold what the tests need."""

from collections.abc import Callable
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pytest

from tour.diff import lines
from tour.diff import reading
from tour.diff import step
from tour.diff import words
from tour.diff.lines import Kind
from tour.diff.step import Block
from tour.diff.step import File
from tour.diff.step import LineRange
from tour.diff.step import Row
from tour.diff.step import Side
from tour.diff.step import Step
from tour.repo import git
from tour.tests.synthetic import store_tree

Files = dict[str, str | bytes]
Read = Callable[..., Step]

# blocks of lines with enough letters to be recognised when they move
TIMESTAMP = """\
def timestamp():
    return int(time.time())
"""
ONLINE = """\
def users_online(now):
    if now is None:
        now = timestamp()
    return User.query_of_online(now)
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository that takes every path on every system."""
    git.run(tmp_path, "init", "--quiet")
    git.run(tmp_path, "config", "core.protectNTFS", "false")
    return tmp_path


@pytest.fixture
def tree(repository: Path) -> Callable[..., str]:
    """A function that stores files of one mode as a tree, byte for byte, and returns its id."""
    return partial(store_tree, repository)


@pytest.fixture
def read(repository: Path, tree: Callable[..., str]) -> Read:
    """A function that returns the step between two sets of files."""

    def read_step(old: Files, new: Files, without: Iterable[str] = ()) -> Step:
        return reading.read_step(repository, tree(old), tree(new), without)

    return read_step


def blocks(file: File) -> list[Block]:
    return [block for hunk in file.hunks for block in hunk]


def rows(file: File) -> list[Row]:
    return [row for block in blocks(file) for row in block.rows]


def numbers(row: Row) -> tuple[int | None, int | None]:
    return row.old and row.old.number, row.new and row.new.number


def rules(first: int, last: int) -> str:
    return "".join(f"rule({number})\n" for number in range(first, last + 1))


# files


def test_files_come_by_path_with_counts_that_make_up_the_step_s(read):
    old = {"z.py": TIMESTAMP + "obsolete()\n", "b.py": "limit = 5\n"}
    found = read(old, {"z.py": "import os\n", "b.py": "limit = 6\n", "a.py": TIMESTAMP})
    assert [file.path for file in found.files] == ["a.py", "b.py", "z.py"]
    assert [sum(column) for column in zip(*(file.counts for file in found.files))] == [2, 1, 1, 1]
    assert found.counts == (2, 1, 1, 1)


def test_a_file_says_where_its_lines_came_from_and_went_to(read):
    old = {"flack.py": "app()\n" + TIMESTAMP}
    utils, flack = reversed(read(old, {"flack.py": "app()\n", "utils.py": TIMESTAMP}).files)
    assert utils.came == flack.went == (("flack.py", "utils.py", 2, 0),)
    assert utils.went == flack.came == ()


def test_a_step_from_nothing_has_every_line_new(repository, tree):
    (file,) = reading.read_step(repository, None, tree({"flack.py": TIMESTAMP})).files
    assert (file.old_path, file.new_path) == (None, "flack.py")
    assert [row.kind for row in rows(file)] == [Kind.NEW, Kind.NEW]


def test_a_tag_is_a_side_of_a_step(repository, tree):
    person = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com"]
    git.run(repository, *person, "tag", "-m", "Stage", "v0.1", tree({"a.py": "one()\n"}))
    tag = git.run(repository, "rev-parse", "v0.1").strip()
    assert reading.read_step(repository, tag, tree({"a.py": "one()\n"})) == ((0, 0, 0, 0), (), ())


def test_an_unknown_commit_is_an_error_of_git(repository, tree):
    with pytest.raises(git.GitError):
        reading.read_step(repository, "v9.9", tree({"a.py": "one()\n"}))


def test_a_renamed_file_is_one_file_that_shows_what_else_changed(read):
    old = {"models.py": ONLINE + rules(1, 9) + "from utils import url_for\n"}
    new = {"flack/models.py": ONLINE + rules(1, 9) + "from .utils import url_for\n"}
    (file,) = read(old, new).files
    assert file.paths == ("models.py", "flack/models.py")
    assert file.counts == (13, 1, 0, 0)
    assert [row.kind for row in rows(file)] == [*[Kind.MOVED] * 3, Kind.EDITED]
    assert (file.came, file.went) == ((), ())


def test_a_renamed_file_that_is_the_same_has_no_hunks(read):
    (file,) = read({"a/x.py": ONLINE}, {"b/y.py": ONLINE}).files
    assert (file.paths, file.hunks) == (("a/x.py", "b/y.py"), ())


def test_a_renamed_image_is_one_file(read):
    (file,) = read({"a.png": b"\0\1"}, {"b.png": b"\0\1"}).files
    assert (file.paths, file.is_binary) == (("a.png", "b.png"), False)


def test_a_file_of_which_less_than_half_is_in_another_is_not_renamed(read):
    found = read({"a.py": TIMESTAMP}, {"b.py": TIMESTAMP + rules(1, 3)})
    assert [file.paths for file in found.files] == [("a.py",), ("b.py",)]


def test_of_two_copies_of_a_file_that_went_one_is_the_renamed_one(read):
    found = read({"a/x.py": ONLINE}, {"b/x.py": ONLINE, "c/x.py": ONLINE})
    assert [file.paths for file in found.files] == [("a/x.py", "b/x.py"), ("c/x.py",)]
    assert found.counts == (4, 0, 4, 0)


def test_a_file_that_git_sees_no_lines_in_is_binary(read):
    (file,) = read({"logo.png": b"\0\1\n"}, {"logo.png": b"\0\2\n"}).files
    assert (file.is_binary, file.hunks) == (True, ())


def test_an_empty_file_is_a_file_without_hunks(read):
    (file,) = read({}, {"__init__.py": ""}).files
    assert (file.new_path, file.is_binary, file.hunks) == ("__init__.py", False, ())


def test_a_file_of_another_mode_is_shown_without_hunks(repository, tree):
    old, new = tree({"manage.py": ONLINE}), tree({"manage.py": ONLINE}, mode="100755")
    (file,) = reading.read_step(repository, old, new).files
    assert (file.old_mode, file.new_mode, file.hunks) == ("100644", "100755", ())
    assert not file.is_binary


def test_a_submodule_is_a_file_without_hunks(repository, tree):
    old = tree({})
    git.run(repository, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    (file,) = reading.read_step(repository, old, git.run(repository, "write-tree").strip()).files
    assert (file.path, file.new_mode, file.hunks) == ("module", "160000", ())


@pytest.mark.parametrize("path", ["with space.py", "día.py", "new\nline.py", 'quo"te.py', "a\\b"])
def test_an_odd_path_is_given_as_it_is(read, path):
    (file,) = read({path: "limit = 5\n"}, {path: "limit = 6\n"}).files
    assert file.path == path
    assert [row.kind for row in rows(file)] == [Kind.EDITED]


def test_a_folder_left_out_takes_no_part_in_moves(read):
    found = read({"a.py": TIMESTAMP}, {"a.py": "", "docs/b.md": TIMESTAMP}, without=["docs"])
    assert found.counts == (0, 0, 0, 2)
    assert [file.path for file in found.files] == ["a.py"]


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("flack", ["flack/api.py"]),
        ("flack/", ["flack/api.py"]),
        ("flack/api.py", ["flack/api.py"]),
        ("./tests.py", ["tests.py"]),
        ("*.py", ["flack/api.py", "tests.py"]),
        (".", ["flack/api.py", "flack2", "tests.py"]),
        ("api.py", []),
    ],
)
def test_files_are_selected_by_path_folder_or_pattern(read, pattern, paths):
    found = read({}, {"flack/api.py": "one()\n", "flack2": "two()\n", "tests.py": "three()\n"})
    assert [file.path for file in step.select_files(found.files, [pattern])] == paths


def test_a_renamed_file_is_selected_by_its_old_path(read):
    found = read({"a/x.py": ONLINE}, {"b/x.py": ONLINE})
    assert step.select_files(found.files, ["a"]) == found.files


# rows


def test_a_hunk_has_three_lines_around_what_changes(read):
    old = rules(1, 20)
    (file,) = read({"a.py": old}, {"a.py": old.replace("rule(10)\n", "x()\n")}).files
    (hunk,) = file.hunks
    assert [numbers(row) for row in rows(file)] == [
        *[(number, number) for number in (7, 8, 9)],
        (10, None),
        (None, 10),
        *[(number, number) for number in (11, 12, 13)],
    ]


@pytest.mark.parametrize(("between", "hunks"), [(6, 1), (7, 2)])
def test_changes_so_near_that_their_surroundings_meet_are_one_hunk(read, between, hunks):
    kept = rules(1, between)
    (file,) = read({"a.py": f"a()\n{kept}b()\n"}, {"a.py": kept}).files
    assert len(file.hunks) == hunks


def test_every_line_of_both_files_is_in_order_in_the_rows(read):
    old, new = rules(1, 4) + ONLINE + TIMESTAMP, TIMESTAMP + "rule(2)\nx()\n" + ONLINE + "rule(3)\n"
    (file,) = read({"a.py": old}, {"a.py": new}).files
    olds = [row.old.text for row in rows(file) if row.side is not Side.NEW]
    news = [row.new.text for row in rows(file) if row.side is not Side.OLD]
    assert (olds, news) == (old.splitlines(), new.splitlines())


def test_a_line_edited_in_its_place_is_one_row_with_the_words_that_changed(read):
    (file,) = read({"a.py": "from flack import db\n"}, {"a.py": "from . import db\n"}).files
    ((kind, side, old, new),) = rows(file)
    assert (kind, side) == (Kind.EDITED, Side.BOTH)
    assert (old.words, new.words) == (((5, 10),), ((5, 6),))


def test_a_moved_line_has_its_row_where_it_was_and_where_it_is(read):
    old = {"flack.py": "app()\n" + TIMESTAMP}
    flack, utils = read(old, {"flack.py": "app()\n", "utils.py": TIMESTAMP}).files
    assert [numbers(row) for row in rows(flack)] == [(1, 1), (2, 1), (3, 2)]
    assert [row.side for row in rows(flack)] == [Side.BOTH, Side.OLD, Side.OLD]
    assert [numbers(row) for row in rows(utils)] == [(2, 1), (3, 2)]
    assert [row.side for row in rows(utils)] == [Side.NEW, Side.NEW]


def test_a_newline_that_is_missing_is_known(read):
    (file,) = read({"a.py": "one()\ntwo()"}, {"a.py": "one()\ntwo()\n"}).files
    row = rows(file)[-1]
    assert (row.old.ends, row.new.ends) == (False, True)


# blocks


def test_a_block_names_the_lines_it_came_from_and_went_to(read):
    old = {"flack.py": "app()\n" + ONLINE}
    flack, utils = read(old, {"flack.py": "app()\n", "utils.py": f"import os\n{ONLINE}"}).files
    assert [block.elsewhere for block in blocks(flack)] == [None, LineRange("utils.py", 2, 5)]
    assert [block.elsewhere for block in blocks(utils)] == [None, LineRange("flack.py", 2, 5)]


def test_lines_from_two_places_are_two_blocks(read):
    old = {"a.py": "stay()\n" + ONLINE, "b.py": "stay()\n" + TIMESTAMP}
    new = {"a.py": "stay()\n", "b.py": "stay()\n", "c.py": ONLINE + TIMESTAMP}
    found = blocks(read(old, new).files[-1])
    assert [block.elsewhere.path for block in found] == ["a.py", "b.py"]


def test_a_new_line_inside_of_a_block_does_not_part_it(read):
    head, tail = ONLINE.split("        now")
    new = {"a.py": "stay()\n", "b.py": f"{head}        x()\n        now{tail}"}
    (block,) = blocks(read({"a.py": "stay()\n" + ONLINE}, new).files[1])
    assert block.elsewhere == LineRange("a.py", 2, 5)
    assert [row.kind for row in block.rows].count(Kind.NEW) == 1


def test_an_edited_line_goes_with_the_block_that_moved(read):
    new = {"a.py": "stay()\n", "b.py": ONLINE.replace("timestamp()", "clock.timestamp()")}
    (block,) = blocks(read({"a.py": "stay()\n" + ONLINE}, new).files[1])
    assert [row.kind for row in block.rows][2] is Kind.EDITED


def test_a_block_says_by_how_much_it_is_indented(read):
    indented = "".join(f"    {line}\n" for line in ONLINE.splitlines())
    old, new = {"a.py": "stay()\n" + ONLINE}, {"a.py": "stay()\n", "b.py": f"if x:\n{indented}"}
    assert [block.shift for block in blocks(read(old, new).files[1])] == [0, 4]
    assert [block.shift for block in blocks(read(new, old).files[0])] == [0, -4]


def test_lines_that_are_indented_in_their_place_are_a_block_of_their_own(read):
    (file,) = read({"a.py": "run()\n"}, {"a.py": "if ready:\n    run()\n"}).files
    new, moved = blocks(file)
    assert (moved.elsewhere, moved.shift) == (None, 4)
    assert [(row.side, row.kind) for row in moved.rows] == [(Side.BOTH, Kind.MOVED)]


def test_an_edited_line_whose_old_one_is_at_hand_names_no_other_place(read):
    old = {"a.py": "from flack import db\nimport json\n"}
    (file,) = read(old, {"a.py": "import json\nfrom . import db\n"}).files
    assert [block.elsewhere for block in blocks(file)] == [None]


# words


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("limit = 5", "limit = 10", ["5"], ["10"]),
        ("limit = 5", "    limit = 10", ["5"], ["10"]),
        ("if app.debug:", "if current_app.debug:", ["app"], ["current_app"]),
        ("import a", "import a, b", [], [", b"]),
        ('@app.route("/api/users")', '@api.route("/users")', ["app", "/api"], ["api"]),
        ("one two three", "four five three", ["one two"], ["four five"]),
        ("", "x", [], ["x"]),
    ],
)
def test_words_that_changed_are_found(old, new, before, after):
    olds, news = words.find_words(old, new)
    assert [old[slice(*span)] for span in olds] == before
    assert [new[slice(*span)] for span in news] == after


def test_in_a_very_long_line_the_part_that_differs_is_found():
    text = " ".join(f"word{number}" for number in range(20_000))
    (old,), (new,) = words.find_words(text, text.replace("word9999 ", "other "))
    assert text[slice(*old)] == "word9999"
    assert new.end - new.start == len("other")


def test_the_kinds_are_those_that_are_counted(repository, tree):
    old, new = tree({"a.py": ONLINE + TIMESTAMP}), tree({"b.py": TIMESTAMP, "a.py": "limit()\n"})
    assert reading.read_step(repository, old, new).counts == lines.count_step(repository, old, new)

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tour.diff import lines
from tour.diff.lines import Change
from tour.diff.lines import Counts
from tour.diff.lines import Kind
from tour.repo import git
from tour.tests.synthetic import store_tree

Files = dict[str, str | bytes]
Step = Callable[[Files, Files], list[Change]]

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
SETTINGS = """\
SECRET_KEY = "top secret"
DATABASE = "sqlite:///flack.sqlite"
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository that takes every path on every system."""
    path = tmp_path / "repository"
    path.mkdir()
    git.run(path, "init", "--quiet")
    git.run(path, "config", "core.protectNTFS", "false")
    return path


@pytest.fixture
def tree(repository: Path) -> Callable[[Files], str]:
    """Return a function that stores files as a tree, byte for byte, and returns its id."""
    return partial(store_tree, repository)


@pytest.fixture
def step(repository: Path, tree: Callable[[Files], str]) -> Step:
    """Return a function that compares two sets of files."""
    return lambda old, new: lines.compare(repository, tree(old), tree(new))


def shown(changes: list[Change]) -> list[str]:
    return [
        " -> ".join(f"{place.path}:{place.number}" for place in change[1:] if place)
        + f" {change.kind}"
        for change in changes
    ]


def counted(changes: list[Change]) -> Counts:
    kinds = [change.kind for change in changes]
    return Counts(*(kinds.count(Kind(name)) for name in Counts._fields))


# what counts


def test_every_line_is_new_from_the_empty_tree(repository, tree):
    new = tree({"flack.py": TIMESTAMP, "utils.py": TIMESTAMP})
    assert lines.count_step(repository, None, new) == Counts(moved=0, edited=0, new=4, gone=0)


def test_a_step_is_counted_between_two_commits(repository, tree):
    def commit(files: Files) -> str:
        person = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com"]
        return git.run(repository, *person, "commit-tree", "-m", "Stage", tree(files)).strip()

    old = commit({"flack.py": TIMESTAMP + 'DEBUG = "no"\n' + "obsolete()\n"})
    new = commit({"utils.py": TIMESTAMP + 'DEBUG = "yes"\n' + "import json\n" + "main()\n"})
    assert lines.count_step(repository, old, new) == Counts(moved=2, edited=1, new=2, gone=1)


def test_an_unknown_commit_is_an_error_of_git(repository, tree):
    with pytest.raises(git.GitError):
        lines.count_step(repository, "v9.9", tree({"flack.py": TIMESTAMP}))


def test_the_kinds_add_up_to_what_git_counts_as_added_and_removed(repository, tree):
    old = tree({"flack.py": f"import time\n\n\n{TIMESTAMP}\n\n{ONLINE}\n\nmain()\n"})
    new = tree({"flack.py": f"import utils\n\n{ONLINE}\n", "utils.py": f"\n{TIMESTAMP}\n\n"})
    counts = lines.count_step(repository, old, new)
    numbers = git.run(repository, "diff", "--no-renames", "--numstat", old, new).splitlines()
    added, removed = (sum(int(line.split()[side]) for line in numbers) for side in (0, 1))
    assert counts.moved + counts.edited + counts.new == added
    assert counts.moved + counts.edited + counts.gone == removed


def test_a_file_or_folder_left_out_takes_no_part(repository, tree):
    old, new = tree({"a.py": TIMESTAMP}), tree({"docs/a.md": TIMESTAMP, "b*": "b()\n"})
    changes = lines.compare(repository, old, new, without=["docs", "b*"])
    assert shown(changes) == ["a.py:1 gone", "a.py:2 gone"]


def test_lines_of_the_new_tree_come_in_its_order_and_then_those_that_are_gone(step):
    old = {"a.py": "x()\n" + TIMESTAMP, "b.py": "y()\n"}
    new = {"c.py": TIMESTAMP + "beta()\n", "d.py": "gamma()\n"}
    assert shown(step(old, new)) == [
        "a.py:2 -> c.py:1 moved",
        "a.py:3 -> c.py:2 moved",
        "c.py:3 new",
        "d.py:1 new",
        "a.py:1 gone",
        "b.py:1 gone",
    ]


def test_a_place_holds_the_line_as_it_is_in_its_tree(step):
    (change,) = step({"a.py": "DEBUG = True\n"}, {"a.py": "    DEBUG = False\n"})
    assert change == (
        lines.Kind.EDITED,
        ("a.py", 1, "DEBUG = True"),
        ("a.py", 1, "    DEBUG = False"),
    )


# moved


def test_a_block_that_goes_to_another_file_is_moved(step):
    old = {"flack.py": "app = Flask(__name__)\n" + TIMESTAMP}
    new = {"flack.py": "app = Flask(__name__)\n", "utils.py": "import time\n" + TIMESTAMP}
    assert shown(step(old, new)) == [
        "utils.py:1 new",
        "flack.py:2 -> utils.py:2 moved",
        "flack.py:3 -> utils.py:3 moved",
    ]


def test_a_block_that_goes_elsewhere_in_its_file_is_moved(step):
    between = "".join(f"rule({number})\n" for number in range(20))
    changes = step({"a.py": TIMESTAMP + between}, {"a.py": between + TIMESTAMP})
    assert shown(changes) == ["a.py:1 -> a.py:21 moved", "a.py:2 -> a.py:22 moved"]


def test_a_renamed_file_s_unchanged_lines_are_moved_and_its_changed_line_is_edited(step):
    old = {"models.py": TIMESTAMP + "from flack import db\n" + ONLINE}
    new = {"flack/models.py": TIMESTAMP + "from . import db\n" + ONLINE}
    changes = step(old, new)
    assert counted(changes) == Counts(moved=6, edited=1, new=0, gone=0)
    assert "models.py:3 -> flack/models.py:3 edited" in shown(changes)


def test_a_file_that_keeps_its_name_in_another_folder_needs_no_substance(step):
    changes = step({"tour/main.py": "main()\n"}, {"main.py": "main()\n"})
    assert shown(changes) == ["tour/main.py:1 -> main.py:1 moved"]


def test_a_line_edited_far_from_what_stays_in_a_renamed_file_is_edited(step):
    def file(start: str, middle: str) -> str:
        filling = "".join(f"{start}{number}()\n" for number in range(9))
        return ONLINE + filling + middle + filling + TIMESTAMP

    old = {"flack.py": file("one", "limit = 5\n")}
    new = {"chat.py": file("two", "limit = 6\n")}
    assert "flack.py:14 -> chat.py:14 edited" in shown(step(old, new))


def test_a_block_that_moves_into_a_function_is_moved(step):
    indented = "".join(f"    {line}\n" for line in SETTINGS.splitlines())
    changes = step({"a.py": SETTINGS}, {"b.py": "def create_app():\n" + indented})
    assert shown(changes) == [
        "b.py:1 new",
        "a.py:1 -> b.py:2 moved",
        "a.py:2 -> b.py:3 moved",
    ]


@pytest.mark.parametrize("line", ["db.init_app(app)", "x = 1", "app.register_blueprint(api)"])
def test_a_line_that_only_changes_its_indentation_in_place_is_moved(step, line):
    changes = step({"a.py": f"{line}\n"}, {"a.py": f"if ready:\n    {line}\n"})
    assert shown(changes) == ["a.py:1 new", "a.py:1 -> a.py:2 moved"]


def test_a_bracket_beside_a_line_that_is_indented_in_place_is_moved(step):
    old = {"a.py": "names = [\n    1,\n]\n"}
    new = {"a.py": "if ready:\n    names = [\n        1,\n    ]\n"}
    assert counted(step(old, new)) == Counts(moved=3, edited=0, new=1, gone=0)


@pytest.mark.parametrize("line", ["return None", ")", "abcdefghij(123456789)", "", "else:"])
def test_a_line_of_fewer_than_twenty_letters_is_not_moved_alone(step, line):
    changes = step({"a.py": f"a()\n{line}\n", "b.py": ""}, {"a.py": "a()\n", "b.py": f"{line}\n"})
    assert shown(changes) == ["b.py:1 new", "a.py:2 gone"]


@pytest.mark.parametrize("text", ["abcdefghij(1234567890)\n", "abcdefghij()\n)\n1234567890\n"])
def test_twenty_letters_and_digits_are_enough_for_a_run_to_move(step, text):
    changes = step({"a.py": f"a()\n{text}", "b.py": ""}, {"a.py": "a()\n", "b.py": text})
    assert {change.kind for change in changes} == {"moved"}


def test_lines_with_another_between_them_are_no_run(step):
    old = {"a.py": "abcdefghij()\nstay()\nklmnopqrst()\n"}
    new = {"a.py": "stay()\n", "b.py": "abcdefghij()\nklmnopqrst()\n"}
    assert counted(step(old, new)) == Counts(moved=0, edited=0, new=2, gone=2)


def test_short_lines_move_with_the_block_that_holds_them(step):
    block = f"if True:\n{SETTINGS}else:\n\n    return None\n)\n"
    changes = step({"a.py": f"a()\n{block}"}, {"a.py": "a()\n", "b.py": block})
    assert counted(changes) == Counts(moved=7, edited=0, new=0, gone=0)


def test_a_short_line_beside_an_edited_line_of_a_moved_block_is_moved(step):
    old = {"a.py": f"a()\n{TIMESTAMP}limit(app.size\n)\n"}
    new = {"a.py": "a()\n", "b.py": f"{TIMESTAMP}limit(current_app.size\n)\n"}
    assert shown(step(old, new))[2:] == ["a.py:4 -> b.py:3 edited", "a.py:5 -> b.py:4 moved"]


def test_a_short_line_away_from_a_moved_block_is_not_moved(step):
    old = {"a.py": TIMESTAMP + "one()\n" * 5 + "return\n"}
    new = {"b.py": TIMESTAMP + "two()\n" * 5 + "return\n"}
    assert counted(step(old, new)) == Counts(moved=2, edited=0, new=6, gone=6)


def test_a_blank_line_between_lines_that_move_goes_with_them_and_another_is_new(step):
    old = {"a.py": f"a()\n{TIMESTAMP}\n{SETTINGS}"}
    new = {"a.py": "a()\n", "b.py": f"{TIMESTAMP}\n\n{SETTINGS}"}
    changes = step(old, new)
    assert counted(changes) == Counts(moved=5, edited=0, new=1, gone=0)


def test_one_removal_that_is_added_twice_is_moved_once_and_new_once(step):
    changes = step({"a.py": TIMESTAMP}, {"b.py": TIMESTAMP, "c.py": TIMESTAMP})
    assert shown(changes) == [
        "a.py:1 -> b.py:1 moved",
        "a.py:2 -> b.py:2 moved",
        "c.py:1 new",
        "c.py:2 new",
    ]


def test_two_removals_of_which_one_is_added_are_moved_once_and_gone_once(step):
    changes = step({"a.py": TIMESTAMP, "b.py": TIMESTAMP}, {"c.py": TIMESTAMP})
    assert counted(changes) == Counts(moved=2, edited=0, new=0, gone=2)


def test_the_longest_run_is_moved_before_a_part_of_it(step):
    old = {"a.py": SETTINGS + TIMESTAMP}
    new = {"b.py": SETTINGS, "c.py": SETTINGS + TIMESTAMP}
    changes = step(old, new)
    assert [line for line in shown(changes) if "moved" in line] == [
        f"a.py:{number} -> c.py:{number} moved" for number in range(1, 5)
    ]


def test_what_a_longer_run_leaves_of_a_block_is_moved_still(step):
    old = {"a.py": ONLINE + TIMESTAMP, "b.py": TIMESTAMP + SETTINGS}
    new = {"c.py": ONLINE + TIMESTAMP + SETTINGS}
    changes = step(old, new)
    assert counted(changes) == Counts(moved=8, edited=0, new=0, gone=2)


def test_of_equal_blocks_the_one_of_the_same_file_is_moved(step):
    filling = "".join(f"rule({number})\n" for number in range(20))
    old = {"a.py": SETTINGS, "b.py": SETTINGS + filling}
    new = {"b.py": filling + SETTINGS}
    assert "b.py:1 -> b.py:21 moved" in shown(step(old, new))


def test_of_equal_blocks_the_one_of_the_renamed_file_is_moved(step):
    old = {"a.py": SETTINGS, "b.py": f"{ONLINE}{SETTINGS}"}
    new = {"c.py": "".join([ONLINE, *(f"rule({number})\n" for number in range(9)), SETTINGS])}
    assert "b.py:5 -> c.py:14 moved" in shown(step(old, new))


CHECK = "assert response.status_code == 400\n"
APART = "apart()\n" * 4


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        (f"{CHECK}{ONLINE}one()\n{CHECK}", f"{ONLINE}two()\n{CHECK}", "a.py:7 -> b.py:6"),
        (f"{CHECK}{APART}{CHECK}one()\n{ONLINE}", f"{CHECK}two()\n{ONLINE}", "a.py:6 -> b.py:1"),
    ],
)
def test_of_equal_lines_the_one_beside_the_moved_block_is_moved(step, old, new, moved):
    assert f"{moved} moved" in shown(step({"a.py": old}, {"b.py": new}))


@pytest.mark.parametrize(("times", "moved"), [(100, 1), (101, 0)])
def test_a_line_that_is_removed_more_than_a_hundred_times_does_not_move_alone(step, times, moved):
    changes = step({"tests.py": CHECK * times}, {"test_users.py": CHECK})
    assert counted(changes) == Counts(moved, edited=0, new=1 - moved, gone=times - moved)


def test_a_line_that_is_everywhere_moves_in_the_company_of_others(step):
    changes = step({"tests.py": CHECK * 101 + TIMESTAMP}, {"test_users.py": CHECK + TIMESTAMP})
    assert "tests.py:101 -> test_users.py:1 moved" in shown(changes)


# edited

EDITS = [
    ('size = app.config["SIZE"]', 'size = current_app.config["SIZE"]'),
    ("if app.debug:", "if current_app.debug:"),
    ('@app.route("/api/users")', '@api.route("/users")'),
    ('@app.route("/")', '@main.route("/")'),
    ("@app.before_request", "@main.before_app_request"),
    ("from flack import db", "from . import db"),
    ("from utils import timestamp", "from .utils import timestamp"),
    ("db = SQLAlchemy(app)", "db = SQLAlchemy()"),
    ("DEBUG = False", "DEBUG = True"),
    ("limit = 5", "limit = 10"),
]


@pytest.mark.parametrize(("before", "after"), EDITS)
def test_a_line_edited_in_place_is_edited(step, before, after):
    old, new = {"a.py": f"one()\n{before}\n"}, {"a.py": f"one()\n{after}\n"}
    assert shown(step(old, new)) == ["a.py:2 -> a.py:2 edited"]


@pytest.mark.parametrize(("before", "after"), EDITS)
def test_a_line_edited_inside_a_block_that_moves_to_another_file_is_edited(step, before, after):
    old = {"flack.py": f"one()\n{TIMESTAMP}    {before}\n{SETTINGS}"}
    new = {"flack.py": "one()\n", "api.py": f"two()\n{TIMESTAMP}{after}\n{SETTINGS}"}
    changes = step(old, new)
    assert counted(changes) == Counts(moved=4, edited=1, new=1, gone=0)
    assert "flack.py:4 -> api.py:4 edited" in shown(changes)


@pytest.mark.parametrize("block", [TIMESTAMP + "{}\n", "{}\n" + TIMESTAMP])
def test_a_line_edited_at_the_border_of_a_moved_block_is_edited(step, block):
    old = {"flack.py": "one()\n" + block.format('@app.route("/api/users")')}
    new = {"flack.py": "one()\n", "api.py": block.format('@api.route("/users")')}
    assert counted(step(old, new)) == Counts(moved=2, edited=1, new=0, gone=0)


@pytest.mark.parametrize(("between", "edited"), [(3, 1), (4, 0)])
def test_an_edited_line_is_at_most_four_lines_from_what_moves_with_it(step, between, edited):
    old = {"flack.py": "app()\n" + TIMESTAMP + "one()\n" * between + "limit = 5\n"}
    new = {"flack.py": "app()\n", "api.py": TIMESTAMP + "two()\n" * between + "limit = 6\n"}
    assert counted(step(old, new)).edited == edited


def test_lines_edited_one_after_another_in_a_moved_block_are_edited_in_order(step):
    old = "".join(f'app.config["{name}"]\n' for name in "ABCDEFGHIJ")
    new = old.replace("app", "current_app")
    changes = step({"a.py": TIMESTAMP + old}, {"b.py": TIMESTAMP + new})
    assert shown(changes)[2:] == [f"a.py:{line} -> b.py:{line} edited" for line in range(3, 13)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os", "import re"),
        ("return None", "return user"),
        ("from flack import db", "from models import User"),
        ("x = one()", "y = two()"),
        ("total(a, b, c, d)", "total(a, x, y)"),
        ("try:", "else:"),
    ],
)
def test_a_line_replaced_by_one_unlike_it_is_gone_and_the_other_new(step, before, after):
    old, new = {"a.py": f"one()\n{before}\n"}, {"a.py": f"one()\n{after}\n"}
    assert shown(step(old, new)) == ["a.py:2 new", "a.py:2 gone"]


def test_the_most_alike_of_several_lines_is_the_edited_one(step):
    old = {"a.py": "user = find(name)\n"}
    new = {"a.py": "user = find(id)\nuser = find(nickname or name)\n"}
    assert shown(step(old, new)) == ["a.py:1 new", "a.py:1 -> a.py:2 edited"]


def test_a_line_that_is_the_same_goes_before_one_of_the_same_words(step):
    old = {"a.py": "x = a\n"}
    new = {"a.py": "if b:\n    a = x\n    x = a\n"}
    assert shown(step(old, new)) == ["a.py:1 new", "a.py:2 new", "a.py:1 -> a.py:3 moved"]


def test_of_lines_that_are_equally_alike_the_one_in_place_is_edited(step):
    changes = step({"a.py": "old()\nlimit = 5\n"}, {"a.py": "limit = 6\nlimit = 7\n"})
    assert shown(changes) == ["a.py:1 new", "a.py:2 -> a.py:2 edited", "a.py:1 gone"]


def test_edited_lines_keep_their_order(step):
    old = {"a.py": "first = app.size\nsecond = app.width\n"}
    new = {"a.py": "second = app.width * 2\nfirst = app.size * 2\n"}
    assert counted(step(old, new)) == Counts(moved=0, edited=1, new=1, gone=1)


def test_lines_on_both_sides_of_a_line_that_stays_may_be_one_edited_line(step):
    old = {"a.py": "from flack import db\nimport json\n"}
    new = {"a.py": "import json\nfrom . import db\n"}
    assert shown(step(old, new)) == ["a.py:1 -> a.py:2 edited"]


def test_lines_of_different_hunks_are_not_paired_as_edited(step):
    between = "".join(f"rule({number})\n" for number in range(20))
    old = {"a.py": "limit = 5\n" + between}
    new = {"a.py": between + "limit = 10\n"}
    assert shown(step(old, new)) == ["a.py:21 new", "a.py:1 gone"]


GONE = "".join(f"rule{number}()\n" for number in range(50))


@pytest.mark.parametrize(
    ("old", "place"), [(f"{GONE}limit = 5\n", "a.py:51"), (f"limit = 5\n{GONE}", "a.py:1")]
)
def test_an_edited_line_at_either_end_of_many_that_are_gone_is_edited(step, old, place):
    changes = step({"a.py": old}, {"a.py": "limit = 10\n"})
    assert shown(changes)[0] == f"{place} -> a.py:1 edited"


# what is in a file


def test_a_binary_file_is_not_counted(step):
    assert step({"logo.png": b"\0\1\n"}, {"logo.png": b"\0\2\n", "new.png": b"\0\n"}) == []


def test_a_submodule_is_not_counted(repository, tree):
    old = tree({"a.py": "a()\n"})
    git.run(repository, "read-tree", old)
    git.run(repository, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    new = git.run(repository, "write-tree").strip()
    assert lines.compare(repository, old, new) == []


def test_a_file_without_a_final_newline_loses_no_line(step):
    old = {"a.py": SETTINGS + "limit = 5"}
    new = {"a.py": "limit = 6", "b.py": SETTINGS.rstrip("\n")}
    assert shown(step(old, new)) == [
        "a.py:3 -> a.py:1 edited",
        "a.py:1 -> b.py:1 moved",
        "a.py:2 -> b.py:2 moved",
    ]


def test_a_block_that_moves_and_changes_its_line_ends_is_moved(step):
    changes = step({"a.py": TIMESTAMP}, {"b.py": TIMESTAMP.replace("\n", "\r\n")})
    assert counted(changes) == Counts(moved=2, edited=0, new=0, gone=0)


@pytest.mark.parametrize("character", ["\r", "\f", "\v", "\x1c", "\x85", "\u2028"])
def test_only_a_newline_ends_a_line(step, character):
    (change,) = step({}, {"a.py": f"one{character}two\n"})
    assert change.new.text == f"one{character}two"


def test_bytes_that_are_not_utf_8_are_compared_like_others(step):
    old = {"a.py": b"limit = '\xe9'\n" + TIMESTAMP.encode()}
    new = {"a.py": b"limit = '\xe8'\n", "b.py": TIMESTAMP}
    changes = step(old, new)
    assert counted(changes) == Counts(moved=2, edited=1, new=0, gone=0)
    assert changes[0].new.text == r"limit = '\xe8'"


@pytest.mark.parametrize("line", ["-- a/b.py", "++ b/c.py", "@@ -1,1 +1,1 @@", "\\ No newline"])
def test_a_line_that_looks_like_a_patch_is_a_line(step, line):
    old, new = {"a.sql": f"{line}\none\n", "z.py": "a()\n"}, {"a.sql": "one\n", "z.py": "b()\n"}
    changes = step(old, new)
    assert shown(changes) == ["z.py:1 new", "a.sql:1 gone", "z.py:1 gone"]


@pytest.mark.parametrize(
    "path",
    ["with space.py", "día/naïve.py", 'quo"te.py', "tab\t.py", "new\nline.py", "back\\slash.py"],
)
def test_an_odd_path_is_given_as_it_is(step, path):
    (change,) = step({path: "limit = 5\n"}, {path: "limit = 6\n"})
    assert (change.old.path, change.new.path) == (path, path)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("core.quotepath", "false"),
        ("diff.context", "0"),
        ("diff.external", "false"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.renames", "copies"),
        ("diff.suppressBlankEmpty", "true"),
        ("color.ui", "always"),
        ("diff.algorithm", "patience"),
        ("diff.noprefix", "true"),
    ],
)
def test_the_repository_s_configuration_does_not_matter(repository, step, option, value):
    old = {"a\tñ.py": f"\n\none()\n{TIMESTAMP}", "b.py": f"{SETTINGS}limit = 5\n"}
    new = {"a\tñ.py": f"\n\n{TIMESTAMP}", "c.py": f"{SETTINGS}limit = 10\n"}
    plain = step(old, new)
    git.run(repository, "config", option, value)
    assert step(old, new) == plain

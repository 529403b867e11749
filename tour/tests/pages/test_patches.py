"""Patches in pages: applied when all of them is right, and their numbers put right."""

from pathlib import Path

import pytest

from tour.pages.findings import LineError
from tour.pages.patches import apply
from tour.repo import git

FLACK = """\
import os


def first():
    a = 1
    return a


def second():
    return 2
"""

FILES = {"flack.py": FLACK.encode(), "utils.py": b"UTILS = 1\n"}

CHANGE = """\
--- a/flack.py
+++ b/flack.py
@@ -4,4 +4,3 @@ import os
 def first():
-    a = 1
-    return a
+    return 1

@@ -9,2 +8,3 @@ def first():
 def second():
+    # two
     return 2
"""

NEW = "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1,2 @@\n+one\n+two\n"
GONE = "--- a/utils.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-UTILS = 1\n"
RENAMED = """\
diff --git a/utils.py b/flack/utils.py
similarity index 100%
rename from utils.py
rename to flack/utils.py
"""


@pytest.mark.parametrize("patch", [CHANGE, NEW, GONE, RENAMED, CHANGE + NEW + GONE])
def test_a_patch_does_what_git_makes_of_it(patch: str, tmp_path: Path) -> None:
    for path, data in FILES.items():
        tmp_path.joinpath(path).write_bytes(data)
    git.run(tmp_path, "apply", "-", input=patch)
    applied = apply(patch.splitlines(), FILES)
    assert applied.lines == patch.splitlines()
    files = {path: data for path, data in (FILES | applied.files).items() if data is not None}
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in made}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("-4,4 +4,3", "-5,4 +5,3"),
        ("-4,4 +4,3", "-4,3 +4,3"),
        ("-9,2 +8,3", "-9,2 +9,3"),
        ("@@ import os", "@@ import sys"),
        ("@@ def first():", "@@ def second():"),
    ],
)
def test_wrong_numbers_come_out_right(right: str, wrong: str) -> None:
    assert apply(CHANGE.replace(right, wrong).splitlines(), FILES).lines == CHANGE.splitlines()


def test_what_git_shows_behind_the_numbers_may_be_left_out() -> None:
    patch = CHANGE.replace("@@ import os", "@@").splitlines()
    assert apply(patch, FILES).lines == patch


def test_a_blank_line_needs_no_blank() -> None:
    patch = ["--- a/flack.py", "+++ b/flack.py", "@@ -1,2 +1,2 @@", "-import os", "+import re", ""]
    assert apply(patch, FILES).files["flack.py"].startswith(b"import re\n\n\ndef")


@pytest.mark.parametrize(
    ("patch", "index"),
    [
        ("", 0),
        (CHANGE.replace("+    return 1\n\n", "+    return 1\n"), 6),
        (CHANGE.replace("-    a = 1", "-    a = 2"), 4),
        (CHANGE.replace(" def second():", " def secund():"), 9),
        (CHANGE.replace("--- a/flack.py", "--- a/flask.py"), 1),
        (CHANGE.replace("flack.py", "flask.py"), 0),
        (CHANGE.replace("+    # two\n", "").replace("-9,2 +8,3", "-9,2 +8,2"), 8),
        (CHANGE + "so it is\n", 12),
        ("index 1234567..89abcde 100644\n" + CHANGE, 0),
        ("diff --git a/utils.py b/utils.py\n" + CHANGE, 0),
        (NEW.replace("new.py", "utils.py"), 0),
        (NEW + "--- a/new.py\n", 5),
        (GONE.replace("+++ /dev/null", "+++ b/flack.py"), 1),
        (RENAMED.replace("100%", "90%"), 1),
        (RENAMED.replace("rename from utils.py", "rename from util.py"), 2),
        (RENAMED.replace("utils.py", "tools.py"), 2),
    ],
)
def test_a_patch_that_is_wrong_is_refused_at_the_line(patch: str, index: int) -> None:
    with pytest.raises(LineError) as error:
        apply(patch.splitlines(), FILES)
    assert error.value.index == index


def test_a_line_that_is_not_there_is_told_with_the_one_that_is() -> None:
    with pytest.raises(LineError) as error:
        apply(CHANGE.replace("-    a = 1", "-    a = 2").splitlines(), FILES)
    assert error.value.expected == "-    a = 1"

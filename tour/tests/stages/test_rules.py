"""The rules of the history, on synthetic repositories and on the one that is being checked."""

from pathlib import Path

import pytest

from tour.repo import git
from tour.stages import rules
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.stages.manifest import MANIFEST_PATH
from tour.stages.manifest import main_branches
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import manifest
from tour.tests.synthetic import publish


def reword(clone: Clone, message: str) -> None:
    """Publish an edition in which the last stage's commit has another message."""
    tip = find_stages(clone.folder).tip.commit
    tree, parent = clone.git("rev-parse", f"{tip}^{{tree}}", f"{tip}^").splitlines()
    publish(clone, clone.git("commit-tree", tree, "-p", parent, "-m", message), edition=2)


def find_violations(clone: Clone) -> list[str]:
    return rules.find_violations(clone.folder, find_stages(clone.folder), "main")


def test_a_history_by_the_rules_has_no_breach(clone: Clone) -> None:
    assert find_violations(clone) == []


def test_a_new_edition_by_the_rules_has_no_breach(clone: Clone) -> None:
    publish(clone, grow_line(clone, note=" Amended."), edition=2)
    assert find_violations(clone) == []


@pytest.mark.parametrize(
    ("message", "violation"),
    [
        (f"Make {'x' * 46}\n\nWhy.\n\nStage: v0.3", "the subject has 51 characters, at most 50"),
        ("Make v0.3\n\nStage: v0.3", "the message says nothing below its subject"),
        (
            "Make v0.3\n\nWhy.\n\nStage: v0.3\nSigned-off-by: someone",
            "the message's last line is not 'Stage: v0.3'",
        ),
    ],
)
def test_a_message_against_the_rules_is_found(clone: Clone, message: str, violation: str) -> None:
    reword(clone, message)
    assert find_violations(clone) == [f"v0.3: {violation}"]


def test_a_file_of_the_tip_that_is_changed_on_main_is_found(clone: Clone) -> None:
    clone.write({"flack.py": "changed\n"})
    clone.commit("Change the application on main")
    assert find_violations(clone) == ["flack.py: on main it is not as at v0.3"]


def test_a_file_of_the_tip_that_main_lacks_is_found(clone: Clone) -> None:
    (clone.folder / "tests.py").unlink()
    clone.commit("Delete the tests on main")
    assert find_violations(clone) == ["tests.py: on main it is not as at v0.3"]


def test_a_file_of_the_tip_with_another_mode_on_main_is_found(clone: Clone) -> None:
    clone.git("update-index", "--chmod=+x", "flack.py")
    clone.git("commit", "--quiet", "--message", "Make the application executable")
    assert find_violations(clone) == ["flack.py: on main it is not as at v0.3"]


def test_a_file_of_the_overlay_in_a_stage_is_found(clone: Clone) -> None:
    early = {"overlay.md": "the stage's\n"}
    publish(clone, grow_line(clone, files={"v0.1": early, "v0.2": early}), edition=2)
    clone.write({"overlay.md": "main's own\n"})
    clone.commit("Add a page")
    assert find_violations(clone) == [
        "overlay.md: of main alone, and v0.1 has it",
        "overlay.md: of main alone, and v0.2 has it",
    ]


def test_a_tip_that_main_does_not_lead_to_is_found(clone: Clone, line: StageLine) -> None:
    lost = grow_line(clone, note=" Not joined.")
    clone.git("checkout", "--quiet", "--force", "main")
    clone.write({"tour/stages.toml": manifest(lost, 2)})
    clone.commit("Name a tip that is not joined")
    assert f"edition 2: main does not lead to its tip {lost[:12]}" in find_violations(clone)
    clone.write({"tour/stages.toml": manifest(line.tip.commit, 3)})
    clone.commit("Name another tip")
    assert find_violations(clone) == [f"edition 2: main does not lead to its tip {lost[:12]}"]


def test_this_repository_has_a_stage_line_by_its_manifest(this_repository: Path) -> None:
    line = find_stages(this_repository)
    assert line.stages[0].tag == "v0.1"


def test_this_repository_keeps_the_rules(this_repository: Path) -> None:
    # what is checked out where the tour is, and main from a stage's checkout
    on_main = git.succeeds(this_repository, "cat-file", "-e", f"HEAD:{MANIFEST_PATH}")
    main = "HEAD" if on_main else (main_branches(this_repository) or ["HEAD"])[0]
    line = find_stages(this_repository)
    assert rules.find_violations(this_repository, line, main) == []

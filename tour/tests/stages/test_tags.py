"""The stages' tags: made, kept, and never overwritten in silence."""

from pathlib import Path

from tour.stages import tags
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.stages.tags import State
from tour.tests.synthetic import STAGES
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish


def states(found: list[tags.Tag]) -> dict[str, State]:
    return {tag.name: tag.state for tag in found}


def amend(clone: Clone) -> StageLine:
    """Publish a second edition, in which every stage's commit is another one."""
    publish(clone, grow_line(clone, note=" Amended."), edition=2)
    return find_stages(clone.folder)


def test_missing_tags_are_made_for_their_stages(clone: Clone, line: StageLine) -> None:
    tags.restore(clone.folder, line)
    for stage in line.stages:
        assert clone.git("rev-parse", f"{stage.tag}^{{commit}}") == stage.commit
        assert clone.git("cat-file", "-t", stage.tag) == "tag"


def test_every_clone_gets_the_same_tag_objects(
    clone: Clone, line: StageLine, tmp_path: Path
) -> None:
    clone.git("clone", "--quiet", str(clone.folder), str(tmp_path / "other"))
    other = Clone(tmp_path / "other")
    other.git("config", "user.name", "Somebody Else")
    tags.restore(clone.folder, line)
    tags.restore(other.folder, line)
    assert clone.tags() == other.tags()


def test_a_second_run_changes_nothing(clone: Clone, line: StageLine) -> None:
    tags.restore(clone.folder, line)
    before = clone.tags()
    assert set(states(tags.restore(clone.folder, line)).values()) == {State.RIGHT}
    assert clone.tags() == before


def test_a_plain_tag_on_the_right_commit_is_left(clone: Clone, line: StageLine) -> None:
    clone.git("tag", "v0.2", line.stages[1].commit)
    assert states(tags.restore(clone.folder, line))["v0.2"] is State.RIGHT
    assert clone.tags()["v0.2"] == line.stages[1].commit


def test_a_dirty_tree_stays_as_it_is(clone: Clone, line: StageLine) -> None:
    clone.write({"flack.py": "mine\n", "new.py": "mine too\n"})
    clone.git("add", "flack.py")
    before = clone.state()
    tags.fix(clone.folder, line)
    assert clone.state() == before


def test_tags_of_an_older_edition_are_stale_and_left(clone: Clone, line: StageLine) -> None:
    tags.restore(clone.folder, line)
    before = clone.tags()
    found = tags.restore(clone.folder, amend(clone))
    assert set(states(found).values()) == {State.STALE}
    assert [tag.keep for tag in found] == [f"edition-1/{tag}" for tag in STAGES]
    assert clone.tags() == before


def test_an_older_edition_is_told_by_its_own_number(clone: Clone, line: StageLine) -> None:
    tags.restore(clone.folder, line)
    amend(clone)
    publish(clone, grow_line(clone, note=" Once more."), edition=3)
    found = tags.restore(clone.folder, find_stages(clone.folder))
    assert found[2].keep == "edition-1/v0.3"


def test_a_tag_elsewhere_is_foreign_and_left(clone: Clone, line: StageLine) -> None:
    clone.git("tag", "v0.2", "main")
    found = tags.restore(clone.folder, line)
    assert states(found) == {"v0.1": State.MISSING, "v0.2": State.FOREIGN, "v0.3": State.MISSING}
    assert clone.tags()["v0.2"] == clone.git("rev-parse", "main")


def test_a_tag_on_another_stage_is_foreign(clone: Clone, line: StageLine) -> None:
    clone.git("tag", "v0.2", line.stages[0].commit)
    assert states(tags.inspect(clone.folder, line))["v0.2"] is State.FOREIGN


def test_a_tag_on_a_file_is_foreign(clone: Clone, line: StageLine) -> None:
    clone.git("tag", "v0.2", "main:flack.py")
    assert states(tags.inspect(clone.folder, line))["v0.2"] is State.FOREIGN


def test_a_stage_of_a_line_that_main_does_not_hold_is_foreign(
    clone: Clone, line: StageLine
) -> None:
    clone.git("tag", "v0.3", grow_line(clone, note=" Somebody's own."))
    assert states(tags.inspect(clone.folder, line))["v0.3"] is State.FOREIGN


def test_mending_keeps_the_old_tags_under_another_name(clone: Clone, line: StageLine) -> None:
    tags.restore(clone.folder, line)
    before = clone.tags()
    amended = amend(clone)
    clone.git("tag", "--force", "v0.2", "main")
    tags.fix(clone.folder, amended)
    after = clone.tags()
    assert after["edition-1/v0.1"] == before["v0.1"]
    assert after["foreign/v0.2"] == clone.git("rev-parse", "main")
    assert set(states(tags.inspect(clone.folder, amended)).values()) == {State.RIGHT}


def test_mending_never_overwrites_what_was_kept_before(clone: Clone, line: StageLine) -> None:
    clone.git("tag", "foreign/v0.2", line.stages[0].commit)
    clone.git("tag", "v0.2", "main")
    tags.fix(clone.folder, line)
    assert clone.tags()["foreign/v0.2"] == line.stages[0].commit
    assert clone.tags()["foreign/v0.2-2"] == clone.git("rev-parse", "main")

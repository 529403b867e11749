"""Finding the stage line, and saying what is wrong with a history that has none."""

import shutil
from pathlib import Path

import pytest

from tour.repo.clone import find_repository
from tour.stages.line import HistoryError
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.stages.manifest import ManifestError
from tour.system.errors import TourError
from tour.system.errors import UsageError
from tour.tests.synthetic import STAGES
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import manifest
from tour.tests.synthetic import publish


def test_the_stages_are_found_by_walking_from_the_tip(clone: Clone, line: StageLine) -> None:
    assert [stage.tag for stage in line.stages] == list(STAGES)
    assert line.stages[1].commit == clone.git("rev-parse", f"{line.tip.commit}^")
    assert line.stages[0].title == "Make v0.1"


def test_the_manifest_of_main_counts_in_a_stage_checkout(clone: Clone, line: StageLine) -> None:
    clone.git("checkout", "--quiet", line.stages[0].commit)
    assert find_stages(clone.folder) == line


def test_the_manifest_of_the_origin_counts_without_a_main_branch(
    clone: Clone, line: StageLine, tmp_path: Path
) -> None:
    clone.git("clone", "--quiet", str(clone.folder), str(tmp_path / "other"))
    other = Clone(tmp_path / "other")
    other.git("checkout", "--quiet", line.stages[0].commit)
    other.git("branch", "--quiet", "-D", "main")
    assert find_stages(other.folder) == line


def test_a_shallow_clone_is_told_to_fetch_the_rest(clone: Clone, tmp_path: Path) -> None:
    for depth in ("1", "2"):
        folder = tmp_path / depth
        clone.git("clone", "--quiet", f"--depth={depth}", clone.folder.as_uri(), str(folder))
        with pytest.raises(HistoryError, match="git fetch --unshallow"):
            find_stages(folder)


def test_the_remedy_for_a_shallow_clone_helps(
    clone: Clone, line: StageLine, tmp_path: Path
) -> None:
    clone.git("clone", "--quiet", "--depth=1", clone.folder.as_uri(), str(tmp_path / "shallow"))
    Clone(tmp_path / "shallow").git("fetch", "--quiet", "--unshallow")
    assert find_stages(tmp_path / "shallow") == line


def test_an_unpacked_zip_is_told_to_clone(clone: Clone, tmp_path: Path) -> None:
    shutil.copytree(clone.folder, tmp_path / "zip", ignore=shutil.ignore_patterns(".git"))
    with pytest.raises(TourError, match="git clone"):
        find_repository(tmp_path / "zip")


def test_the_repository_is_found_from_a_folder_within(clone: Clone) -> None:
    assert find_repository(clone.folder / "tour").samefile(clone.folder)


def test_a_tip_that_is_not_there_is_told_to_fetch(clone: Clone) -> None:
    clone.write({"tour/stages.toml": manifest("0123456789" * 4, 1)})
    with pytest.raises(HistoryError, match="git fetch origin main"):
        find_stages(clone.folder)


@pytest.mark.parametrize(
    "tags", [("v0.1", "v0.3"), ("v0.1", "v0.3", "v0.2"), ("v0.1", "v0.2", "v0.3", "v0.4")]
)
def test_trailers_that_differ_from_the_manifest_are_refused(
    clone: Clone, tags: tuple[str, ...]
) -> None:
    publish(clone, grow_line(clone, tags), edition=2)
    with pytest.raises(HistoryError, match="v0.1, v0.2, v0.3"):
        find_stages(clone.folder)


def test_a_first_stage_with_a_parent_is_refused(clone: Clone) -> None:
    publish(clone, grow_line(clone, ("v0.0", *STAGES)), edition=2)
    with pytest.raises(HistoryError, match="v0.0"):
        find_stages(clone.folder)


def test_a_merge_in_the_line_is_refused(clone: Clone, line: StageLine) -> None:
    tree = line.tip.tree
    parents = ["-p", line.stages[1].commit, "-p", line.stages[0].commit]
    tip = clone.git("commit-tree", tree, *parents, "-m", "Make v0.3\n\nStage: v0.3")
    publish(clone, tip, edition=2)
    with pytest.raises(HistoryError, match="v0.3 has more than one parent"):
        find_stages(clone.folder)


@pytest.mark.parametrize("text", ["tip = ", 'edition = 1\n[[stage]]\ntag = "v0.1"\n', 'tip = "a"'])
def test_a_manifest_that_lacks_something_is_named(clone: Clone, text: str) -> None:
    clone.write({"tour/stages.toml": text})
    with pytest.raises(ManifestError, match="stages.toml"):
        find_stages(clone.folder)


@pytest.mark.parametrize("text", ["tip = ", 'tip = "a"', 'tip = "a"\nedition = 1\n'])
def test_the_remedy_for_a_broken_manifest_helps(clone: Clone, line: StageLine, text: str) -> None:
    clone.write({"tour/stages.toml": text})
    with pytest.raises(ManifestError) as broken:
        find_stages(clone.folder)
    clone.git(*str(broken.value).splitlines()[-1].split()[1:])
    assert find_stages(clone.folder) == line


def test_a_tag_may_lack_its_v(line: StageLine) -> None:
    assert [stage.tag for stage in line.select(["0.3", "v0.1", "0.1"])] == ["v0.1", "v0.3"]


def test_an_unknown_tag_is_a_wrong_call_that_names_the_known(line: StageLine) -> None:
    with pytest.raises(UsageError, match="no stage v0.7; .* v0.1, v0.2, v0.3"):
        line.select(["v0.1", "v0.7"])

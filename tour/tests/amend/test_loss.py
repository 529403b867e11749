"""What an amended stage has lost of its step."""

from pathlib import Path

import pytest

from tour.amend.loss import Ends
from tour.amend.loss import Loss
from tour.amend.loss import find_loss
from tour.repo import git
from tour.tests.synthetic import Clone

Files = dict[str, str]

HELPERS = [f"def helper_{name}(value):\n    return value + {name!r}\n" for name in ("a", "b", "c")]
ALL = "".join(HELPERS)


@pytest.fixture
def repository(tmp_path: Path) -> Clone:
    """An empty repository."""
    git.run(tmp_path, "init", "--quiet", "--template=")
    return Clone(tmp_path)


def step(repository: Clone, before: Files, after: Files) -> Ends:
    """Return the step from one set of files to another, as commits that have no other files."""
    commits = []
    for files in (before, after):
        repository.git("rm", "--quiet", "-rf", "--ignore-unmatch", ".")
        repository.write(files)
        commits.append(repository.commit("Make it so"))
    return Ends(*commits)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"flack.py": f"{ALL}last\n"}, {"flack.py": "last\n", "utils.py": ALL}),
        ({"app.py": ALL}, {"app.py": "", "in/utils.py": ALL}),
        ({"flack.py": ALL}, {"utils.py": f"class All:\n{ALL.replace('def', '    def')}"}),
        # a third of it was done before
        (
            {"flack.py": "".join(HELPERS[:2]), "utils.py": HELPERS[2]},
            {"utils.py": "".join([HELPERS[2], *HELPERS[:2]])},
        ),
    ],
    ids=["beside-others", "in-other-files", "indented", "in-part-before"],
)
def test_a_step_of_which_most_is_left_is_not_lost(
    repository: Clone, before: Files, after: Files
) -> None:
    old = step(repository, {"flack.py": ALL}, {"utils.py": ALL})
    assert find_loss(repository.folder, old, step(repository, before, after)) is None


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ({"flack.py": ALL}, {"flack.py": ALL, "notes.txt": ""}, 0),
        # a move needs both its ends
        ({"flack.py": ALL}, {"notes.txt": ""}, 0),
        ({"notes.txt": ""}, {"utils.py": ALL}, 0),
        (
            {"flack.py": HELPERS[0], "utils.py": "".join(HELPERS[1:])},
            {"utils.py": "".join([*HELPERS[1:], HELPERS[0]])},
            2,
        ),
    ],
    ids=["other-file", "taken-away", "added", "little"],
)
def test_a_step_of_which_less_than_half_is_left_is_lost(
    repository: Clone, before: Files, after: Files, left: int
) -> None:
    old = step(repository, {"flack.py": ALL}, {"utils.py": ALL})
    found = find_loss(repository.folder, old, step(repository, before, after))
    assert found == Loss(6, left, is_empty=False)


def test_half_of_a_step_is_enough(repository: Clone) -> None:
    old = step(repository, {}, {"two.txt": "one\ntwo\n"})
    assert find_loss(repository.folder, old, step(repository, {}, {"two.txt": "one\n"})) is None


def test_a_step_without_lines_is_lost_when_it_is_empty(repository: Clone) -> None:
    old = step(repository, {}, {"image": "\0"})
    assert find_loss(repository.folder, old, step(repository, {}, {"image": "\0\0"})) is None
    empty = Ends(old.after, old.after)
    assert find_loss(repository.folder, old, empty) == Loss(0, 0, is_empty=True)


def test_a_step_that_was_empty_may_be_so(repository: Clone) -> None:
    old = step(repository, {"flack.py": ALL}, {"flack.py": ALL})
    assert find_loss(repository.folder, old, Ends(old.after, old.after)) is None


def test_a_step_that_is_added_may_not_be_empty(repository: Clone) -> None:
    new = step(repository, {"flack.py": ALL}, {"utils.py": ALL})
    assert find_loss(repository.folder, None, new) is None
    empty = Ends(new.after, new.after)
    assert find_loss(repository.folder, None, empty) == Loss(0, 0, is_empty=True)


def test_the_first_stage_is_a_step_from_nothing(repository: Clone) -> None:
    old = Ends(None, step(repository, {}, {"flack.py": ALL}).after)
    new = Ends(None, step(repository, {}, {}).after)
    assert find_loss(repository.folder, old, new) == Loss(6, 0, is_empty=True)

"""The learner's working tree: read as it lies there, and kept on a branch.

Nothing here changes a file, and no branch moves that the tour did not make.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from functools import partial
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.repo import git
from tour.repo import trees
from tour.repo import untracked
from tour.system.errors import TourError

# where saved work goes, and what in the repository's configuration tells that the tour made it
PREFIX = "mine"
MARK = "madeByTour"

# for what reads or writes the learner's own files
_run = partial(git.run, as_user=True)

# the name to commit in for a user who has told git none
NOBODY = "Flack Tour <tour@flack.invalid>"
ROLES = ("AUTHOR", "COMMITTER")

HEADS = "refs/heads/"

# the id of no commit, which a branch has that is not there yet
ABSENT = "0" * 40


class InTheWayError(TourError):
    """Something of the learner's has the place of what is to be checked out or saved."""


class _Trees(NamedTuple):
    """What is committed, what is staged on top of it, and the files as they lie there."""

    head: str
    staged: str
    working: str


def snapshot(repository: Path) -> str:
    """Return the id of a tree with every file as it lies in the working tree, new ones included.

    New files that are ignored, or no work as `untracked` has it, are left out, unless they are
    staged. Line ends alone are no change: where git writes them otherwise nothing was edited.
    Neither the index nor a file is touched.
    """
    try:
        base = _run(repository, "write-tree").strip()
    except git.GitError:
        # a merge has left files in two versions
        base = "HEAD"
    with temporary_index() as index:
        _run(repository, "read-tree", base, environment=index)
        stage_work(repository, index)
        _take_back_line_ends(repository, base, index)
        return _run(repository, "write-tree", environment=index).strip()


def stage_work(
    repository: Path, environment: dict[str, str] | None = None, as_user: bool = True
) -> None:
    """Stage every change and every new file that is work.

    `environment` may name another index. Lines end as the user's git has them, or else stay.
    """
    stage = partial(git.run, repository, environment=environment, as_user=as_user)
    stage("add", "--update", ":/")
    files = untracked.find(repository, environment).work
    stage("update-index", "--add", "-z", "--stdin", input="".join(f"{path}\0" for path in files))


@contextmanager
def temporary_index() -> Iterator[dict[str, str]]:
    """Give the environment in which git has an index of its own, empty at first."""
    with tempfile.TemporaryDirectory() as folder:
        yield {"GIT_INDEX_FILE": str(Path(folder, "index"))}


def identity(repository: Path) -> dict[str, str]:
    """Return the environment in which git commits in the user's name, or else in the tour's."""
    try:
        names = {role: _run(repository, "var", f"GIT_{role}_IDENT") for role in ROLES}
    except git.GitError:
        names = dict.fromkeys(ROLES, NOBODY)
    environment: dict[str, str] = {}
    for role, ident in names.items():
        name, _, rest = ident.partition(" <")
        environment |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": rest.partition(">")[0]}
    return environment


def save(repository: Path, name: str) -> str | None:
    """Commit what no branch holds to one, check it out with no file changed, and return it.

    The branch is `mine/` and the `name`, with a number where there is one already, or that which is
    checked out if the tour made it. Return None when there was nothing to save.
    """
    trees = _Trees(
        git.run(repository, "rev-parse", "HEAD^{tree}").strip(),
        _run(repository, "write-tree").strip(),
        snapshot(repository),
    )
    head = git.run(repository, "rev-parse", "HEAD").strip()
    if trees.head == trees.staged == trees.working and _is_kept(repository, head):
        return None
    branch = current_branch(repository)
    before = head
    if branch is None or not _is_ours(repository, branch):
        branch = free_branch(repository, name)
        before = ABSENT
    commit = head
    if trees.staged not in (trees.head, trees.working):
        commit = _commit(repository, trees.staged, commit, f"Keep what was staged at {name}")
    if trees.working != git.run(repository, "rev-parse", f"{commit}^{{tree}}").strip():
        commit = _commit(repository, trees.working, commit, f"Keep the work at {name}")
    _run(repository, "update-ref", "-m", "tour: save", f"{HEADS}{branch}", commit, before)
    # from here on the branch has everything, so that an end at any point loses nothing
    try:
        _run(repository, "symbolic-ref", "-m", "tour: save", "HEAD", f"{HEADS}{branch}")
        mark_as_ours(repository, branch)
        _run(repository, "read-tree", trees.working)
    except TourError as error:
        raise TourError(
            f"your work is on the branch {branch}, and in your files as it was; {error}"
        ) from None
    refresh(repository)
    return branch


def refresh(repository: Path) -> None:
    """Write the files' times into the index, so that git need not read every file again."""
    # a disk that is full for that is no reason to stop
    with suppress(TourError):
        _run(repository, "update-index", "-q", "--refresh")


def current_branch(repository: Path) -> str | None:
    """Return the name of the branch that is checked out, None when HEAD is detached."""
    try:
        # not --short, which says heads/main where a tag is called main
        return git.run(repository, "symbolic-ref", "--quiet", "HEAD").strip().removeprefix(HEADS)
    except git.GitError:
        return None


def last_checkout(repository: Path) -> str | None:
    """Return the branch, by its full name, or the commit that was checked out before.

    None when git knows of none.
    """
    try:
        name = git.run(repository, "check-ref-format", "--branch", "@{-1}").strip()
    except git.GitError:
        return None
    if git.run(repository, "for-each-ref", f"{HEADS}{name}"):
        return f"{HEADS}{name}"
    try:
        return git.run(repository, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").strip()
    except git.GitError:
        return None


def saved_branches(repository: Path, name: str) -> list[str]:
    """Return the branches with work saved under the name, the newest first."""
    listing = git.run(
        repository,
        "for-each-ref",
        "--sort=-committerdate",
        "--format=%(refname:lstrip=2)",
        f"{HEADS}{PREFIX}/{name}",
        f"{HEADS}{PREFIX}/{name}-*",
    )
    return listing.split()


def mark_as_ours(repository: Path, branch: str) -> None:
    """Note that the tour made the branch, so that `save` goes on with it."""
    git.run(repository, "config", f"branch.{branch}.{MARK}", "true")


def free_branch(repository: Path, name: str, prefix: str = PREFIX) -> str:
    """Return the name of a branch that is not there yet."""
    form = "--format=%(refname:lstrip=2)"
    heads = git.run(repository, "for-each-ref", form, "refs/heads").split()
    if prefix in heads:
        raise InTheWayError(
            f"your branch {prefix} has the place of {prefix}/{name}, where your work is to"
            f" go; rename it and run this again:\n  git branch -m {prefix} my-own"
        )
    # a branch has the place of those below it, too
    taken = {place for head in heads for place in (head, *map(str, PurePosixPath(head).parents))}
    numbers = (f"-{number}" if number > 1 else "" for number in range(1, len(heads) + 2))
    return next(branch for suffix in numbers if (branch := f"{prefix}/{name}{suffix}") not in taken)


def _take_back_line_ends(repository: Path, base: str, index: dict[str, str]) -> None:
    """Stage the base's version of the files which differ from it in their line ends alone."""
    options = ["--cached", "--no-renames", "-z"]
    named = _run(repository, "diff-index", "--name-only", *options, base, environment=index)
    options += ["--numstat", "--ignore-cr-at-eol"]
    counted = _run(repository, "diff-index", *options, base, environment=index)
    changed = {entry.split("\t")[2] for entry in counted.split("\0")[:-1]}
    paths = set(named.split("\0")[:-1]) - changed
    files = trees.list_files(repository, base)
    entries = "".join(f"{files[path]}\t{path}\0" for path in paths & files.keys())
    arguments = ["update-index", "-z", "--index-info"]
    _run(repository, *arguments, input=entries, environment=index)


def _is_kept(repository: Path, commit: str) -> bool:
    """Tell whether a branch or a tag leads to the commit, so that it is found again."""
    options = ["--count=1", f"--contains={commit}", "refs/heads", "refs/remotes", "refs/tags"]
    return bool(git.run(repository, "for-each-ref", *options).strip())


def _is_ours(repository: Path, branch: str) -> bool:
    return git.succeeds(repository, "config", "--get", f"branch.{branch}.{MARK}")


def _commit(repository: Path, tree: str, parent: str, message: str) -> str:
    arguments = ["commit-tree", tree, "-p", parent, "-m", message]
    return _run(repository, *arguments, environment=identity(repository)).strip()

"""The learner's working tree: read as it lies there, kept on a branch, moved to another commit.

Nothing here discards a change: what is not committed goes to a branch before another commit is
checked out, and no branch moves that the tour did not make.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour import git
from tour.errors import TourError

# where saved work goes, and what in the repository's configuration tells that the tour made it
PREFIX = "mine"
MARK = "madeByTour"

# whoever has told git no name commits in this one
NOBODY = "Flack Tour <tour@flack.invalid>"
ROLES = ("AUTHOR", "COMMITTER")

HEADS = "refs/heads/"

# the id of no commit, which a branch has that is not there yet
ABSENT = "0" * 40

# what git keeps while it is at work on something, what that is, and how to end it either way
RUNNING = {
    "MERGE_HEAD": ("a merge", "git merge --continue", "git merge --abort"),
    "rebase-merge": ("a rebase", "git rebase --continue", "git rebase --abort"),
    # it holds this for `git am`, whose own words those are then
    "rebase-apply/applying": ("a series of patches", "git am --continue", "git am --abort"),
    "rebase-apply": ("a rebase", "git rebase --continue", "git rebase --abort"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --continue", "git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert", "git revert --continue", "git revert --abort"),
    "BISECT_LOG": ("a bisect", "git bisect good", "git bisect reset"),
}

FREE_YOUR_FOLDER = "move it out of this folder, or rename it, and run this again"


class BusyError(TourError):
    """A merge, a rebase or the like is not finished, so the files are in between."""


class InTheWayError(TourError):
    """Something of the learner's has the place of what is to be checked out or saved."""


class _Trees(NamedTuple):
    """What is committed, what is staged on top of it, and the files as they lie there."""

    head: str
    staged: str
    working: str


def snapshot(repository: Path) -> str:
    """Return the id of a tree with every file as it lies in the working tree, new ones included.

    Ignored files are left out, unless they are staged. Neither the index nor a file is touched.
    """
    try:
        base = _run(repository, "write-tree").strip()
    except git.GitError:
        # a merge has left files in two versions
        base = "HEAD"
    with temporary_index() as index:
        _run(repository, "read-tree", base, environment=index)
        _run(repository, "add", "--all", ":/", environment=index)
        return _run(repository, "write-tree", environment=index).strip()


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
    environment = {}
    for role, ident in names.items():
        name, _, rest = ident.partition(" <")
        environment |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": rest.partition(">")[0]}
    return environment


def ignoring(repository: Path) -> list[str]:
    """Return the options with which git ignores what the user ignores everywhere."""
    try:
        file = _run(repository, "config", "--type=path", "--get", "core.excludesFile").strip()
    except git.GitError:
        return []
    return ["-c", f"core.excludesFile={file}"]


def check_out(repository: Path, target: str, name: str) -> str | None:
    """Check the target out: a branch by its full name, or any other revision, detaching HEAD.

    Before that, whatever no branch holds is committed to a branch: `mine/` and the `name`, with a
    number where there is one already, or to the branch that is checked out if the tour made that.
    Return the branch, None when there was nothing to save. Raise BusyError or InTheWayError, with
    nothing changed.
    """
    _raise_if_busy(repository)
    if not git.succeeds(repository, "rev-parse", "--verify", "--quiet", "HEAD"):
        raise BusyError(
            "your branch has no commit yet, so there is nothing to save your work on; make one with"
            "\n  git commit\nand run this again"
        )
    _raise_if_in_the_way(repository, target)
    try:
        branch = save(repository, name)
    except git.GitError as error:
        raise TourError(
            f"your work is where it was, for git cannot save it; mend what it names, and run this"
            f" again: {error.output.strip()}"
        ) from None
    branch_name = target.removeprefix(HEADS)
    place = ["--detach", target] if branch_name == target else [branch_name]
    try:
        _run(repository, "checkout", "--quiet", "--no-overwrite-ignore", *place, "--")
    except git.GitError as error:
        where = f"your work is saved, on the branch {branch}" if branch else "nothing was changed"
        raise TourError(f"{_shorten(target)} cannot be checked out; {where}. {error}") from None
    return branch


def save(repository: Path, name: str) -> str | None:
    """Commit what no branch holds, as `check_out` says, and stay on the branch that has it."""
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
        branch = _free_branch(repository, name)
        before = ABSENT
    commit = head
    if trees.staged not in (trees.head, trees.working):
        commit = _commit(repository, trees.staged, commit, f"Keep what was staged at {name}")
    if trees.working != git.run(repository, "rev-parse", f"{commit}^{{tree}}").strip():
        commit = _commit(repository, trees.working, commit, f"Keep the work at {name}")
    # from here on the branch has everything, so that an end at any point loses nothing
    _run(repository, "update-ref", "-m", "tour: save", f"{HEADS}{branch}", commit, before)
    git.run(repository, "config", f"branch.{branch}.{MARK}", "true")
    _run(repository, "read-tree", trees.working)
    _run(repository, "symbolic-ref", "-m", "tour: save", "HEAD", f"{HEADS}{branch}")
    # so that git need not read every file anew
    _run(repository, "update-index", "-q", "--refresh")
    return branch


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


def _run(repository: Path, *arguments: str, environment: dict[str, str] | None = None) -> str:
    return git.run(repository, *arguments, environment=environment, as_user=True)


def _raise_if_busy(repository: Path) -> None:
    for file, (work, proceed, abort) in RUNNING.items():
        path = git.run(repository, "rev-parse", "--git-path", file).rstrip("\n")
        if Path(repository, path).exists():
            raise BusyError(
                f"{work} is not finished here; finish it with\n  {proceed}\nor give it up with\n"
                f"  {abort}\nand run this again"
            )
    unmerged = _split(git.run(repository, "diff", "--name-only", "--diff-filter=U", "-z"))
    if unmerged:
        raise BusyError(
            f"{', '.join(sorted(set(unmerged)))}: two versions are not merged yet; edit what git"
            " marked, tell git with\n  git add FILE\nand run this again"
        )


def _raise_if_in_the_way(repository: Path, target: str) -> None:
    """Refuse when an ignored file, which is not saved, has a place that the target needs."""
    wanted = set(_split(git.run(repository, "ls-tree", "-r", "--name-only", "-z", target)))
    tracked = set(_split(git.run(repository, "ls-files", "-z")))
    there = {found for path in wanted - tracked for found in _files_at(repository, path)} - tracked
    if there:
        question = "".join(f"{path}\0" for path in sorted(there))
        try:
            answer = git.run(
                repository, "check-ignore", "-z", "--stdin", input=question, as_user=True
            )
        except git.GitError as error:
            # it ends so when none of them is ignored
            if error.code != 1:
                raise
            return
        raise InTheWayError(
            f"git ignores your {', '.join(_split(answer))}, so it cannot be saved on a branch, and"
            f" {_shorten(target)} has something of its own there; {FREE_YOUR_FOLDER}"
        )


def _files_at(repository: Path, path: str) -> list[str]:
    """Return the files that lie where the path would: itself, below it, or in place of a folder."""
    for place in (path, *(parent.as_posix() for parent in PurePosixPath(path).parents)):
        file = repository / place
        if place == path and file.is_dir() and not file.is_symlink():
            below = (found for found in file.rglob("*") if not found.is_dir())
            return [found.relative_to(repository).as_posix() for found in below]
        if file.is_symlink() or file.is_file():
            return [place]
    return []


def _is_kept(repository: Path, commit: str) -> bool:
    """Tell whether a branch or a tag leads to the commit, so that it is found again."""
    options = ["--count=1", f"--contains={commit}", "refs/heads", "refs/remotes", "refs/tags"]
    return bool(git.run(repository, "for-each-ref", *options).strip())


def _is_ours(repository: Path, branch: str) -> bool:
    return git.succeeds(repository, "config", "--get", f"branch.{branch}.{MARK}")


def _free_branch(repository: Path, name: str) -> str:
    """Return the name of a branch that is not there yet."""
    form = "--format=%(refname:lstrip=2)"
    heads = git.run(repository, "for-each-ref", form, "refs/heads").split()
    if PREFIX in heads:
        raise InTheWayError(
            f"your branch {PREFIX} has the place of {PREFIX}/{name}, where your work is to be"
            f" saved; rename it and run this again:\n  git branch -m {PREFIX} my-own"
        )
    numbers = (f"-{number}" if number > 1 else "" for number in range(1, len(heads) + 2))
    return next(
        branch for suffix in numbers if (branch := f"{PREFIX}/{name}{suffix}") not in heads
    )


def _commit(repository: Path, tree: str, parent: str, message: str) -> str:
    arguments = ["commit-tree", tree, "-p", parent, "-m", message]
    return _run(repository, *arguments, environment=identity(repository)).strip()


def _shorten(reference: str) -> str:
    return reference.removeprefix(HEADS).removeprefix("refs/tags/")


def _split(output: str) -> list[str]:
    return [path for path in output.split("\0") if path]

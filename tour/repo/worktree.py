"""The learner's working tree: read as it is, and saved on a branch.

Nothing here changes a file, and only branches move that the tour has made.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from functools import partial
from pathlib import Path
from pathlib import PurePosixPath

from tour.repo import git
from tour.repo import trees
from tour.repo import untracked
from tour.system.errors import TourError

# the prefix of the branches with saved work, and the setting that marks them as the tour's
PREFIX = "mine"
MARK = "madeByTour"

# for commands that read or write the learner's own files
_run = partial(git.run, as_user=True)

# the author of a commit when the user has given git no name
NOBODY = "Flack Tour <tour@flack.invalid>"
ROLES = ("AUTHOR", "COMMITTER")

HEADS = "refs/heads/"

# git's id for the old value of a branch that is not there yet
ABSENT = "0" * 40


class InTheWayError(TourError):
    """A file or a branch of the learner's has the place that a checkout or a save needs."""


def snapshot(repository: Path) -> str:
    """Return the id of a tree with every file as it lies in the working tree, new ones included.

    New files are left out if git ignores them, or if `untracked` says that they stay in place,
    unless they are staged. A file whose line ends alone differ counts as unchanged: git may write
    them in another way than it stores them. Neither the index nor a file is touched.
    """
    # where a merge has left files in two versions, there is no tree of the index
    base = (git.ask(repository, "write-tree", as_user=True) or "HEAD").strip()
    with temporary_index() as index:
        _run(repository, "read-tree", base, environment=index)
        stage_work(repository, index)
        _take_back_line_ends(repository, base, index)
        return _run(repository, "write-tree", environment=index).strip()


def stage_work(
    repository: Path, environment: dict[str, str] | None = None, as_user: bool = True
) -> None:
    """Stage every change and every new file that is work.

    `environment` may name another index. With `as_user` the user's git converts line ends.
    """
    stage = partial(git.run, repository, environment=environment, as_user=as_user)
    stage("add", "--update")
    files = untracked.find(repository, environment).work
    if files:
        data = "".join(f"{path}\0" for path in files)
        stage("update-index", "--add", "-z", "--stdin", input=data)


@contextmanager
def temporary_index() -> Iterator[dict[str, str]]:
    """Give the environment in which git has an index of its own, empty at first."""
    with tempfile.TemporaryDirectory() as folder:
        yield {"GIT_INDEX_FILE": str(Path(folder, "index"))}


def identity(repository: Path, roles: tuple[str, ...] = ROLES) -> dict[str, str]:
    """Return the environment in which git commits in the user's name, or else in the tour's."""
    environment: dict[str, str] = {}
    for role in roles:
        ident = git.ask(repository, "var", f"GIT_{role}_IDENT", as_user=True) or NOBODY
        name, _, rest = ident.partition(" <")
        environment |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": rest.partition(">")[0]}
    return environment


def save(repository: Path, name: str) -> str | None:
    """Commit unsaved work to a branch, check the branch out with no file changed, and return it.

    The branch that is checked out is taken if the tour made it. Otherwise a new one is made,
    `mine/` and the `name`, with a number where that is taken. Return None when all is on a branch.
    """
    head, committed = git.run(repository, "rev-parse", "HEAD", "HEAD^{tree}").split()
    staged = _run(repository, "write-tree").strip()
    working = snapshot(repository)
    if committed == staged == working and _is_kept(repository, head):
        return None
    branch = current_branch(repository)
    before = head
    mark = f"branch.{branch}.{MARK}"
    if branch is None or not git.succeeds(repository, "config", "--get", mark):
        branch = free_branch(repository, name)
        before = ABSENT
    commit = head
    if staged not in (committed, working):
        commit = _commit(repository, staged, commit, f"Keep what was staged at {name}")
    if working != git.run(repository, "rev-parse", f"{commit}^{{tree}}").strip():
        commit = _commit(repository, working, commit, f"Keep the work at {name}")
    _run(repository, "update-ref", "-m", "tour: save", f"{HEADS}{branch}", commit, before)
    # from here on the branch has everything, and an end at any point loses nothing
    try:
        _run(repository, "symbolic-ref", "-m", "tour: save", "HEAD", f"{HEADS}{branch}")
        mark_as_ours(repository, branch)
        _run(repository, "read-tree", working)
    except TourError as error:
        raise TourError(
            f"your work is on the branch {branch}, and in your files as it was; {error}"
        ) from None
    refresh(repository)
    return branch


def refresh(repository: Path) -> None:
    """Write the files' times into the index, so that git need not read every file again."""
    # this may fail on a full disk, which is no reason to stop
    with suppress(TourError):
        _run(repository, "update-index", "-q", "--refresh")


def current_branch(repository: Path) -> str | None:
    """Return the name of the branch that is checked out, None when HEAD is detached."""
    # not --short, which says heads/main where a tag is called main
    head = git.ask(repository, "symbolic-ref", "--quiet", "HEAD")
    return head and head.strip().removeprefix(HEADS)


def last_checkout(repository: Path) -> str | None:
    """Return the branch, by its full name, or commit that was checked out before, None for none."""
    last = git.ask(repository, "check-ref-format", "--branch", "@{-1}")
    if last is None:
        return None
    name = last.strip()
    if git.run(repository, "for-each-ref", f"{HEADS}{name}"):
        return f"{HEADS}{name}"
    commit = git.ask(repository, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    return commit and commit.strip()


def saved_branches(repository: Path, name: str) -> list[str]:
    """Return the branches with work saved under the name, the newest first."""
    options = ["--sort=-committerdate", "--format=%(refname:lstrip=2)"]
    patterns = [f"{HEADS}{PREFIX}/{name}", f"{HEADS}{PREFIX}/{name}-*"]
    return git.run(repository, "for-each-ref", *options, *patterns).split()


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
    # a branch mine/x leaves no place for a branch mine/x/y
    taken = {place for head in heads for place in (head, *map(str, PurePosixPath(head).parents))}
    numbers = (f"-{number}" if number > 1 else "" for number in range(1, len(heads) + 2))
    return next(branch for suffix in numbers if (branch := f"{prefix}/{name}{suffix}") not in taken)


def _take_back_line_ends(repository: Path, base: str, index: dict[str, str]) -> None:
    """Stage the base's version of the files which differ from it in their line ends alone."""
    options = ["--cached", "--no-renames", "-z"]
    named = _run(repository, "diff-index", "--name-only", *options, base, environment=index)
    if not named:
        return
    options += ["--numstat", "--ignore-cr-at-eol"]
    counted = _run(repository, "diff-index", *options, base, environment=index)
    changed = {entry.split("\t")[2] for entry in counted.split("\0")[:-1]}
    paths = set(named.split("\0")[:-1]) - changed
    files = trees.list_files(repository, base)
    entries = "".join(f"{files[path]}\t{path}\0" for path in paths & files.keys())
    arguments = ["update-index", "-z", "--index-info"]
    _run(repository, *arguments, input=entries, environment=index)


def _is_kept(repository: Path, commit: str) -> bool:
    """Return whether a branch or a tag leads to the commit, so that it is found again."""
    options = ["--count=1", f"--contains={commit}", "refs/heads", "refs/remotes", "refs/tags"]
    return bool(git.run(repository, "for-each-ref", *options).strip())


def _commit(repository: Path, tree: str, parent: str, message: str) -> str:
    arguments = ["commit-tree", tree, "-p", parent, "-m", message]
    return _run(repository, *arguments, environment=identity(repository)).strip()

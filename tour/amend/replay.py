"""The replay in a worktree: an edited stage is committed, the later ones are picked on top."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.amend import follow
from tour.amend import line_ends
from tour.amend import publish
from tour.repo import git
from tour.repo import worktree
from tour.repo.trees import list_files
from tour.repo.trees import read_blobs
from tour.stages import rules
from tour.system.errors import TourError
from tour.system.platforms import how_to_type

# a move of a folder takes along files that an earlier stage has added to it. git remembers merged
# conflicts (rerere), and is asked for them only after the edits have followed the lines that move:
# it knows nothing of those
MERGING = ("-c", "merge.directoryRenames=true", "-c", "rerere.enabled=false")
REMEMBERING = ("-c", "rerere.enabled=true", "-c", "rerere.autoUpdate=true")

# git looks for a NUL in so many bytes of a file
BINARY = 8000

# the end of git's line about a conflict marker
MARKED = "leftover conflict marker"


class Conflict(NamedTuple):
    """A file that the maintainer has to merge.

    `versions` are the blobs of a file that is not merged: 1 before, 2 amended, 3 after the step.
    `moved` has a sentence for each line that the amended stage edits and the step moves elsewhere;
    git marks none of these.
    """

    path: str
    versions: dict[str, str] | None
    moved: tuple[str, ...]
    is_binary: bool

    @property
    def is_whole(self) -> bool:
        """Whether the file is to be taken or left as a whole; git marks nothing in it."""
        if self.versions is None:
            return False
        return self.is_binary or not {"2", "3"} <= self.versions.keys()

    @property
    def is_marked(self) -> bool:
        return self.versions is not None and not self.is_whole

    @property
    def reason(self) -> str:
        if self.versions is None:
            return "git merges it without seeing where its lines have gone"
        if self.versions.keys() == {"1"}:
            return "the step and the amended stage each rename it"
        if "3" not in self.versions:
            return "the step deletes or renames it, and the amended stage changes it"
        if "2" not in self.versions:
            return "the step changes or moves it, and the amended stages have it no more"
        if "1" not in self.versions:
            return "the step adds it, and the amended stages have one of that name"
        if self.is_binary:
            return "the step and the amended stage change it, and it is binary"
        return "the step and the amended stage change the same lines"

    def how_to_choose(self, folder: Path) -> str:
        """Return the sentence for a whole file, with the commands to type."""
        add, remove = (how_to_type("git", "-C", folder, verb, self.path) for verb in ("add", "rm"))
        if self.versions and self.versions.keys() == {"1"}:
            return f"Take it away, with\n  {remove}"
        if self.versions and {"2", "3"} <= self.versions.keys():
            theirs = how_to_type("git", "-C", folder, "checkout", "--theirs", self.path)
            return (
                "The amended stage's is there; to have the step's instead, type\n"
                f"  {theirs}\nTake what is there, with\n  {add}"
            )
        return f"Choose whether to keep it, with\n  {add}\nor\n  {remove}"


class ConflictError(TourError):
    """A stage cannot be replayed until the maintainer has merged the files."""

    def __init__(
        self, tag: str, conflicts: list[Conflict], relocations: list[follow.Relocation]
    ) -> None:
        super().__init__(f"{tag}: {', '.join(conflict.path for conflict in conflicts)}")
        self.tag = tag
        self.conflicts = conflicts
        self.relocations = relocations


class Step(NamedTuple):
    """The replay of a stage: its commit, the old commit before it, and the new one."""

    tag: str
    commit: str
    before: str
    onto: str


class Picked(NamedTuple):
    """A replayed commit, and the edits that have followed the lines that it moves."""

    commit: str
    relocations: list[follow.Relocation]


class Made(NamedTuple):
    """A commit of the worktree's files, and the files in which LF has replaced CRLF."""

    commit: str
    unified: list[str]


def open_worktree(repository: Path, folder: Path, commit: str) -> None:
    """Check the commit out in a worktree of its own; it replaces the folder."""
    remove_worktree(repository, folder)
    git.run(repository, "worktree", "add", "--quiet", "--detach", str(folder), commit)


def remove_worktree(repository: Path, folder: Path) -> None:
    """Remove the worktree in any state."""
    if folder.exists():
        shutil.rmtree(folder)
    # by its name, because `prune` also removes worktrees on a disk that is away for a while; twice
    # --force, because git has locked a worktree if it was killed while it made it
    if f"worktree {folder.as_posix()}\n" in git.run(repository, "worktree", "list", "--porcelain"):
        git.run(repository, "worktree", "remove", "--force", "--force", str(folder))


def is_open(folder: Path) -> bool:
    """Return whether the folder is a worktree; elsewhere git would use the repository around it."""
    return (folder / ".git").is_file()


def reset(folder: Path, commit: str) -> None:
    """Give the worktree the commit's files, even after a killed replay."""
    _unlock(folder)
    # a branch that the maintainer may have checked out must not move
    git.run(folder, "update-ref", "--no-deref", "HEAD", commit)
    git.run(folder, "reset", "--quiet", "--hard", commit)


def pick(folder: Path, step: Step, again: bool = False) -> Picked:
    """Replay the step's commit in the worktree; raise ConflictError.

    `again` forgets the earlier resolutions of its conflicts, which may have lost the step.
    """
    reset(folder, step.onto)
    followed = follow.follow(folder, step.before, step.commit, step.onto)
    renames = _find_renames(folder, step) if followed.relocations or followed.stuck else {}
    relocations = [
        (old, new)
        for old, new in followed.relocations
        if renames.get(old.path, old.path) != new.path
    ]
    is_stopped = not _cherry_pick(folder, _rewrite(folder, step, followed))
    unmerged = unknown = {}
    if is_stopped:
        unmerged = _read_unmerged(folder)
        if again:
            git.run(folder, *REMEMBERING, "rerere", "forget", ".")
        git.run(folder, *REMEMBERING, "rerere")
        unknown = _read_unmerged(folder)
    conflicts = [
        conflict
        for conflict in _find_conflicts(folder, unmerged, followed.stuck, renames)
        # a remembered resolution has no edits at the new positions of its lines
        if conflict.moved or conflict.path in unknown
    ]
    if conflicts:
        raise ConflictError(step.tag, conflicts, relocations)
    if is_stopped:
        made = commit_files(folder, step.tag, step.commit, step.onto, step.onto)
        settle(folder, made.commit)
        return Picked(made.commit, relocations)
    return Picked(git.run(folder, "rev-parse", "HEAD").strip(), relocations)


def commit_files(folder: Path, tag: str, original: str, parent: str | None, opened: str) -> Made:
    """Commit the worktree's files as the original, by its author at its date.

    The message is the original's, or that of a commit that the maintainer has made in its place.
    `opened` is the first commit of the worktree, which does not change before `settle`.
    Raise TourError where conflict markers are left in a file.
    """
    _raise_if_untouched(folder)
    _add_all(folder)
    own, trailer = git.run(
        folder, "log", "-1", "--format=%H %P%n%(trailers:key=Stage,valueonly,separator=)"
    ).splitlines()
    head, *parents = own.split()
    if head != parent and trailer not in ("", tag):
        raise TourError(
            f"{trailer} is checked out in the worktree, where {tag} is open; go back with\n"
            f"  {how_to_type('git', '-C', folder, 'checkout', '--detach', opened)}\n"
            "and run this again"
        )
    source = head if parents == ([parent] if parent else []) else original
    message = git.run(folder, "log", "-1", "--format=%B", source).rstrip("\n")
    violations = rules.in_message(tag, message)
    if violations:
        in_folder = how_to_type("git", "-C", folder)
        raise TourError("\n".join([*violations, "change it with", f"  {in_folder} commit --amend"]))
    unified = line_ends.unify(folder, [original, *([parent] if parent else [])])
    return Made(remake(folder, original, _write_tree(folder), parent, message), unified)


def add_commit(folder: Path, parent: str, message: str) -> Made:
    """Commit the worktree's files on top of the parent, by the user now."""
    _add_all(folder)
    unified = line_ends.unify(folder, [parent])
    return Made(make_commit(folder, _write_tree(folder), parent, None, message), unified)


def settle(folder: Path, commit: str) -> None:
    """Remember the resolutions of conflicts in the worktree, and check the new commit out."""
    git.run(folder, *REMEMBERING, "rerere")
    reset(folder, commit)


def remake(
    repository: Path, original: str, tree: str, parent: str | None, message: str | None = None
) -> str:
    """Return the original with a new tree, parent or message; itself if all are the same."""
    old = git.run(repository, "log", "-1", "--format=%T %P%n%B", original)
    old_trees, _, old_message = old.partition("\n")
    message = old_message.rstrip("\n") if message is None else message
    if old_trees.split() == [tree, *([parent] if parent else [])]:
        if message == old_message.rstrip("\n"):
            return original
    return make_commit(repository, tree, parent, original, message)


def make_commit(
    repository: Path, tree: str, parent: str | None, original: str | None, message: str
) -> str:
    """Make a commit of the tree by the original's author and date; without one, by the user now."""
    environment = worktree.identity(repository, ("COMMITTER",) if original else worktree.ROLES)
    if original:
        # marked by @, a date as seconds and zone is read the same whatever its size
        author = git.run(repository, "log", "-1", "--date=raw", "--format=%an%n%ae%n@%ad", original)
        name, email, date = author.rstrip("\n").split("\n")
        environment |= {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_DATE": date}
    arguments = ["commit-tree", tree, *(["-p", parent] if parent else [])]
    return git.run(repository, *arguments, input=f"{message}\n", environment=environment).strip()


def find_left_behind(repository: Path, step: Step, replayed: str) -> dict[str, str]:
    """Return the files that the step leaves behind: by their paths, the paths where they belong.

    `replayed` is the step's new commit. Only files that the new line alone has can be left behind:
    they are if most files of the same kind in their folder have gone to another one.
    """
    old, onto, now = (
        list_files(repository, commit).keys() for commit in (step.before, step.onto, replayed)
    )
    staying = (onto - old) & now
    renames = _find_renames(repository, step)
    goals = {}
    for path in map(PurePosixPath, sorted(staying)):
        siblings = [
            other
            for other in map(PurePosixPath, sorted(old))
            if (other.parent, other.suffix) == (path.parent, path.suffix)
        ]
        folders = [PurePosixPath(renames.get(str(other), other)).parent for other in siblings]
        away = [folder for folder in folders if folder != path.parent]
        if 2 * len(away) > len(siblings):
            goals[str(path)] = str(max(away, key=away.count) / path.name)
    return goals


def _find_renames(repository: Path, step: Step) -> dict[str, str]:
    options = ["-r", "-M", "-z", "--name-status", "--diff-filter=R"]
    listing = git.run_apart(repository, "diff-tree", *options, step.before, step.commit)
    # a status, the old path, the new one
    names = listing.decode(errors="replace").split("\0")
    return dict(zip(names[1::3], names[2::3]))


def _rewrite(folder: Path, step: Step, followed: follow.Followed) -> str:
    """Return the step's commit with the edits that follow, on a parent that has them already."""
    if not followed.after:
        return step.commit
    before = publish.replace_files(folder, step.before, followed.before)
    after = publish.replace_files(folder, step.commit, followed.after)
    return remake(folder, step.commit, after, remake(folder, step.before, before, None))


def _cherry_pick(folder: Path, commit: str) -> bool:
    """Pick the commit; return whether git could do it without the maintainer."""
    options = ["--allow-empty", "--keep-redundant-commits"]
    try:
        git.run(
            folder,
            *(*MERGING, "cherry-pick", *options, commit),
            environment=worktree.identity(folder, ("COMMITTER",)),
        )
    except git.GitError:
        if not git.succeeds(folder, "rev-parse", "--verify", "--quiet", "CHERRY_PICK_HEAD"):
            raise
        return False
    return True


def _raise_if_untouched(folder: Path) -> None:
    """Raise TourError for an unmerged file that is to be taken or left as a whole."""
    for conflict in _find_conflicts(folder, _read_unmerged(folder), [], {}):
        if conflict.is_whole:
            raise TourError(
                f"{conflict.path}: {conflict.reason}. {conflict.how_to_choose(folder)}\n"
                "and run this again"
            )


def _unlock(folder: Path) -> None:
    """Remove the index lock of a git that was killed."""
    (git.git_dir(folder) / "index.lock").unlink(missing_ok=True)


def _write_tree(folder: Path) -> str:
    return git.run(folder, "write-tree").strip()


def _add_all(folder: Path) -> None:
    """Stage all the work in the worktree; raise TourError for git's marks."""
    _unlock(folder)
    worktree.stage_work(folder, as_user=False)
    head = git.run(folder, "rev-parse", "HEAD").strip()
    try:
        git.run_apart(folder, "diff-tree", "--check", head, _write_tree(folder))
    except git.GitError as error:
        marked = [line for line in error.output.splitlines() if line.endswith(MARKED)]
        if marked:
            raise TourError(
                f"{marked[0].split(':')[0]} holds git's marks of a conflict still; edit it in\n"
                f"  {folder}\nand run this again"
            ) from None


def _find_conflicts(
    folder: Path,
    unmerged: dict[str, dict[str, str]],
    stuck: list[follow.Stuck],
    renames: dict[str, str],
) -> list[Conflict]:
    """Return the files that are not merged, and those in which git has missed a move."""
    moved: dict[str, list[str]] = {path: [] for path in unmerged}
    for old, new, is_deleted in stuck:
        path = renames.get(old.path, old.path)
        # git marks lines in the same file, or both sides delete them
        if path != new.path or (is_deleted and path not in unmerged):
            places = (f"line {index + 1} of {name}" for name, index in (old, new))
            moved.setdefault(path, []).append(f"{' goes to '.join(places)}; edit it there, too")
    conflicts = []
    for path, found in moved.items():
        versions = unmerged.get(path)
        is_binary = versions is not None and _has_binary(folder, versions.values())
        conflicts.append(Conflict(path, versions, tuple(found), is_binary))
    return conflicts


def _has_binary(folder: Path, blobs: Iterable[str]) -> bool:
    """Return whether one of the blobs is binary, which git says of a NUL near the beginning."""
    return any(b"\0" in text[:BINARY] for text in read_blobs(folder, blobs) if text)


def _read_unmerged(folder: Path) -> dict[str, dict[str, str]]:
    """Return the versions of the files that are not merged, by path: the blobs by their numbers."""
    versions: dict[str, dict[str, str]] = {}
    listing = git.run(folder, "ls-files", "--unmerged", "-z")
    for entry in listing.split("\0")[:-1]:
        numbers, _, path = entry.partition("\t")
        _, blob, number = numbers.split(" ")
        versions.setdefault(path, {})[number] = blob
    return versions

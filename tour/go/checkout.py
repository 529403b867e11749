"""A checkout of another commit, whole or not at all, after the learner's work is saved.

Git checks out file by file, and stops where it cannot go on: on a full disk, in a folder that may
not be written to, at a file that a partial clone cannot get. So a journal is written before a
checkout begins. A checkout that fails is undone at once, and one that was killed is undone by the
next run.
"""

import json
import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.repo import git
from tour.repo import trees
from tour.repo import untracked
from tour.repo import worktree
from tour.repo.own_folder import own_folder
from tour.repo.own_folder import write_whole
from tour.system.errors import TourError

# for commands that read or write the learner's own files
_run = partial(git.run, as_user=True)

# the files that git has while an operation is under way; its name, and the commands that end it
RUNNING = {
    "MERGE_HEAD": ("a merge", "git merge --continue", "git merge --abort"),
    "rebase-merge": ("a rebase", "git rebase --continue", "git rebase --abort"),
    # `git am` has this file in the folder; without it the folder is a rebase's
    "rebase-apply/applying": ("a series of patches", "git am --continue", "git am --abort"),
    "rebase-apply": ("a rebase", "git rebase --continue", "git rebase --abort"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --continue", "git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert", "git revert --continue", "git revert --abort"),
    "BISECT_LOG": ("a bisect", "git bisect good", "git bisect reset"),
}


class _Checkout(NamedTuple):
    """A checkout under way: the old HEAD, a branch or a commit, and the commits of both ends."""

    head: str
    before: str
    after: str


class _Change(NamedTuple):
    """A file that differs between the two ends of a checkout; ids of blobs, None for no file."""

    path: str
    before: str | None
    after: str | None


def check_out(repository: Path, target: str, name: str) -> str | None:
    """Check the target out: a branch by its full name, or any other revision, detaching HEAD.

    Before that `worktree.save` saves unsaved work, and its branch is returned. Raise TourError,
    with the files as they were.
    """
    _raise_if_busy(repository)
    if not git.succeeds(repository, "rev-parse", "--verify", "--quiet", "HEAD"):
        raise TourError(
            "your branch has no commit yet, so there is nothing to save your work on; make one with"
            "\n  git commit\nand run this again"
        )
    _raise_if_in_the_way(repository, target)
    ignored = untracked.find_ignored(repository)
    try:
        branch = worktree.save(repository, name)
    except git.GitError as error:
        raise TourError(
            f"your work is where it was, because git cannot save it; fix the problem and run this"
            f" again: {error.output.strip()}"
        ) from None
    try:
        _switch(repository, target)
    except TourError as error:
        saved = f"Your work is on the branch {branch}. " if branch else ""
        raise TourError(f"{saved}{_shorten(target)} cannot be checked out, {error}") from None
    untracked.keep_ignoring(repository, ignored)
    return branch


def recover(repository: Path) -> str | None:
    """Undo a checkout that an earlier run has left half done; return the commit of HEAD after that.

    Return None when there is nothing to undo. Later changes of the learner's stay. Raise
    TourError where it cannot be undone.
    """
    begun, failed = _journals(repository)
    journal = failed if failed.exists() else begun
    try:
        checkout = _Checkout(**json.loads(journal.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        # the run was killed while it wrote this, before all else
        journal.unlink()
        return None
    # git moves HEAD last
    if journal == begun and _rev_parse(repository, "HEAD") == checkout.after:
        journal.unlink()
        return None
    try:
        head = _undo(repository, checkout)
    except (TourError, OSError) as error:
        raise TourError(
            f"an earlier checkout is half done, and cannot be undone now: {error}"
        ) from None
    journal.unlink()
    return head


def _switch(repository: Path, target: str) -> None:
    """Check the target out from a clean tree; raise TourError, with the tree as it was."""
    branch = worktree.current_branch(repository)
    before = _rev_parse(repository, "HEAD")
    after = _rev_parse(repository, target)
    checkout = _Checkout(f"{worktree.HEADS}{branch}" if branch else before, before, after)
    _renew_line_ends(repository)
    begun, failed = _journals(repository)
    write_whole(begun, json.dumps(checkout._asdict()))
    name = target.removeprefix(worktree.HEADS)
    place = ["--detach", target] if name == target else [name]
    try:
        _run(repository, "checkout", "--quiet", "--no-overwrite-ignore", *place, "--")
        # git ends with 0 although it could not write or delete a file
        wrong = _find_wrong(repository, checkout)
        if wrong:
            raise TourError(f"these files cannot be written or deleted: {', '.join(wrong)}")
    except (TourError, KeyboardInterrupt) as error:
        # a rename needs no room on the disk
        begun.rename(failed)
        try:
            _undo(repository, checkout)
        except (TourError, OSError) as second:
            raise TourError(
                f"and is half done, because it cannot be undone: {second}\nIt failed: {error}\n"
                "When that is fixed, the next go, next, prev or back undoes it; or do it yourself:"
                f"\n  git restore --source={before[:12]} --staged --worktree ."
            ) from None
        failed.unlink()
        if isinstance(error, KeyboardInterrupt):
            raise
        raise TourError(f"and your files are as they were: {error}") from None
    begun.unlink()


def _renew_line_ends(repository: Path) -> None:
    """Write the files again that differ in their line ends alone: git would stop at them."""
    worktree.refresh(repository)
    ends = []
    listing = _split(_run(repository, "diff-files", "-z"))
    for fields, path in zip(listing[::2], listing[1::2]):
        mode, _, blob, *_ = fields.removeprefix(":").split(" ")
        if mode == trees.SUBMODULE:
            continue
        if _read_file(repository / path) == _read_blob(repository, blob):
            ends.append(path)
    _restore(repository, ends)


def _restore(repository: Path, paths: list[str], environment: dict[str, str] | None = None) -> None:
    """Write the files of the index, or of another index that the environment names."""
    arguments = ["checkout-index", "--force", "--index", "-z", "--stdin"]
    data = "".join(f"{path}\0" for path in paths)
    _run(repository, *arguments, input=data, environment=environment)


def _undo(repository: Path, checkout: _Checkout) -> str | None:
    """Put HEAD, the index and the files back; return the commit of HEAD, None if no file was begun.

    A file that is as neither end has it is the learner's, and stays. HEAD stays as well where the
    learner has made commits since then; missing files come back. Raise TourError or OSError.
    """
    if _rev_parse(repository, "HEAD") == checkout.after:
        if checkout.head.startswith(worktree.HEADS):
            _run(repository, "symbolic-ref", "-m", "tour: undo", "HEAD", checkout.head)
        else:
            arguments = ["update-ref", "-m", "tour: undo", "--no-deref", "HEAD", checkout.head]
            _run(repository, *arguments)
    head = _rev_parse(repository, "HEAD")
    staged = _run(repository, "write-tree").strip()
    if staged == _rev_parse(repository, checkout.after, kind="tree"):
        _run(repository, "read-tree", head)
    blobs = _list_blobs(repository, head)
    changes = _read_changes(repository, checkout)
    begun = [
        change
        for change in changes
        if blobs.get(change.path) == change.before and _is_begun(repository, change)
    ]
    for change in begun:
        if change.before is None:
            _delete(repository / change.path)
    # the learner may have put other files there since then, which git would delete
    missing = [
        change.path
        for change in begun
        if change.before and set(_files_at(repository, change.path)) <= {change.path}
    ]
    with worktree.temporary_index() as index:
        _run(repository, "read-tree", head, environment=index)
        _restore(repository, missing, index)
    worktree.refresh(repository)
    left = [change.path for change in begun if _is_begun(repository, change)]
    if left:
        raise TourError(
            f"these files cannot be written or deleted: {', '.join(left)}; free their places, and"
            " run this again"
        )
    return head if begun else None


def _find_wrong(repository: Path, checkout: _Checkout) -> list[str]:
    """Return the files that the checkout should have written or deleted, and has not."""
    differing = set(_split(_run(repository, "diff-files", "--name-only", "-z")))
    return [
        change.path
        for change in _read_changes(repository, checkout)
        if change.after is None or change.path in differing
        if not _is_done(repository, change)
    ]


def _is_done(repository: Path, change: _Change) -> bool:
    content = _read_file(repository / change.path)
    if change.after is None or content is None:
        return content is None and change.after is None
    # git may write a file in another way than it stores it
    return change.before is None or content != _read_blob(repository, change.before)


def _is_begun(repository: Path, change: _Change) -> bool:
    """Return whether the file is as the checkout has it, or in between."""
    content = _read_file(repository / change.path)
    if content is None:
        return change.before is not None
    # on a full disk git may have written only its first part
    if change.before:
        before = _read_blob(repository, change.before)
        if before.startswith(content):
            return content != before
    return change.after is not None and _read_blob(repository, change.after).startswith(content)


def _list_blobs(repository: Path, commit: str) -> dict[str, str]:
    """Return the ids of the commit's files by their paths, without submodules."""
    files = trees.list_files(repository, commit)
    entries = {path: entry.split(" ") for path, entry in files.items()}
    return {path: blob for path, (mode, _, blob) in entries.items() if mode != trees.SUBMODULE}


def _read_changes(repository: Path, checkout: _Checkout) -> list[_Change]:
    changes = []
    for path, *ends in trees.list_changes(repository, checkout.before, checkout.after):
        if trees.SUBMODULE not in [mode for mode, _ in ends]:
            ids = (None if mode == trees.ABSENT else blob for mode, blob in ends)
            changes.append(_Change(path, *ids))
    return changes


def _read_file(file: Path) -> bytes | None:
    """Return the content that git would store, with LF line ends; None for no file."""
    if file.is_symlink():
        return os.fsencode(file.readlink())
    return _unify(file.read_bytes()) if file.is_file() else None


def _read_blob(repository: Path, blob: str) -> bytes:
    return _unify(git.run_bytes(repository, "cat-file", "blob", blob))


def _unify(content: bytes) -> bytes:
    """Return the content with LF line ends, which git stores where a learner has CRLF."""
    return content.replace(b"\r\n", b"\n")


def _delete(file: Path) -> None:
    """Delete a file, and the folders that are then empty, as far as the system allows it."""
    with suppress(OSError):
        file.unlink()
        # the repository's own folder stays, for .git is in it
        os.removedirs(file.parent)


def _journals(repository: Path) -> tuple[Path, Path]:
    """Return the journal of a checkout that has begun, and that of one that must be undone."""
    folder = own_folder(repository)
    return folder / "checkout.json", folder / "undo.json"


def _raise_if_busy(repository: Path) -> None:
    named = (option for file in RUNNING for option in ("--git-path", file))
    paths = git.run(repository, "rev-parse", *named).split("\n")
    for path, (work, proceed, abort) in zip(paths, RUNNING.values()):
        if Path(repository, path).exists():
            raise TourError(
                f"{work} is not finished here; finish it with\n  {proceed}\nor give it up with\n"
                f"  {abort}\nand run this again"
            )
    unmerged = _split(git.run(repository, "diff-files", "--name-only", "--diff-filter=U", "-z"))
    if unmerged:
        raise TourError(
            f"{', '.join(sorted(set(unmerged)))}: two versions are not merged yet; edit what git"
            " marked, tell git with\n  git add FILE\nand run this again"
        )


def _raise_if_in_the_way(repository: Path, target: str) -> None:
    """Refuse when a file that is not saved, or another repository, has a place of the target's."""
    wanted = set(_list_blobs(repository, target))
    tracked = set(_split(git.run(repository, "ls-files", "-z")))
    folders = {folder for path in wanted - tracked for folder in PurePosixPath(path).parents[:-1]}
    others = [folder.as_posix() for folder in folders if (repository / folder / ".git").exists()]
    if others:
        raise worktree.InTheWayError(
            f"{', '.join(sorted(others))}: another repository, and {_shorten(target)} has files"
            " there; move it out of this folder, or rename it, and run this again"
        )
    there = {found for path in wanted - tracked for found in _files_at(repository, path)} - tracked
    if there:
        there -= set(untracked.find(repository).work)
    if there:
        raise worktree.InTheWayError(
            f"{', '.join(sorted(there))}: not saved on a branch, because git ignores it or it is no"
            f" work, and {_shorten(target)} has another file there; move it out of this folder, or"
            " rename it, and run this again"
        )


def _files_at(repository: Path, path: str) -> list[str]:
    """Return the files in the place of the path: itself, below it, or in place of a folder."""
    for place in (path, *(parent.as_posix() for parent in PurePosixPath(path).parents)):
        file = repository / place
        if place == path and file.is_dir() and not file.is_symlink():
            below = (found for found in file.rglob("*") if not found.is_dir())
            return [found.relative_to(repository).as_posix() for found in below]
        if file.is_symlink() or file.exists() and not file.is_dir():
            return [place]
    return []


def _rev_parse(repository: Path, revision: str, kind: str = "commit") -> str:
    return git.run(repository, "rev-parse", "--verify", f"{revision}^{{{kind}}}").strip()


def _shorten(reference: str) -> str:
    return reference.removeprefix(worktree.HEADS).removeprefix("refs/tags/")


def _split(output: str) -> list[str]:
    return [path for path in output.split("\0") if path]

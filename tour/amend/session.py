"""An amendment: one stage is changed, the later ones are replayed on top, all is joined to main.

An amendment is a chain of small steps, and the state after each is saved in .tour/amend. After a
killed run the next one begins with the step that was not finished. Before `publish_line` nothing
changes outside of that folder and of git's objects.

The state is not that of git rebase. A rebase that is killed cannot be continued at most moments,
and its commits must be there at the start, while ours are made for their new parent.
"""

import json
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from enum import StrEnum
from functools import cache
from pathlib import Path

from tour.amend import publish
from tour.amend import replay
from tour.amend.follow import Relocation
from tour.amend.loss import Ends
from tour.amend.loss import Loss
from tour.amend.loss import find_loss
from tour.repo import git
from tour.repo import worktree
from tour.repo.own_folder import own_folder
from tour.repo.own_folder import write_whole
from tour.stages import rules
from tour.stages import tags
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.stages.line import walk
from tour.stages.manifest import MANIFEST_PATH
from tour.stages.manifest import Entry
from tour.stages.manifest import Manifest
from tour.stages.manifest import parse_manifest
from tour.system.errors import TourError
from tour.system.errors import UsageError
from tour.system.status_line import Report
from tour.system.wording import count

# the path of the worktree in the repository
PLACE = (".tour", "amend", "worktree")


class Phase(StrEnum):
    """The next thing to do."""

    # the worktree is to be made
    OPEN = "open"
    # the maintainer edits it
    EDIT = "edit"
    # a replay has stopped in it, and the maintainer merges the files
    CONFLICT = "conflict"
    REPLAY = "replay"
    # as REPLAY, without the resolutions that git remembers
    RESTARTED = "restarted"
    CHECK = "check"


class LeftBehindError(TourError):
    """A step moves the files beside an added one; `goals` has the new path of each added file."""

    def __init__(self, tag: str, goals: dict[str, str]) -> None:
        super().__init__(", ".join(goals))
        self.tag = tag
        self.goals = goals


class LostStepError(TourError):
    """A stage would lose its step, or most of it."""

    def __init__(self, tag: str, loss: Loss) -> None:
        lines = count(loss.had, "line")
        if not loss.is_empty:
            sentence = f"{tag} would keep {loss.left} of the {lines} that its step changes"
        elif loss.had:
            sentence = f"{tag} would change nothing, and its step changes {lines}"
        else:
            sentence = f"{tag} would change nothing"
        super().__init__(sentence)
        self.tag = tag
        self.loss = loss


@dataclass
class Amendment:
    """The state of an amendment.

    `base` and `edition` are those of the manifest at the beginning, `entries` those at the end.
    `done` are the commits of the new line from the first stage on; the last of them is open.
    `queue` are the commits to replay on top. `addition` is the message of a new stage on top of
    the open one, empty where none is added. `message` is that of the commit on main. `smaller`
    are the tags of the stages that may lose most of their step.
    """

    base: str
    edition: int
    entries: list[list[str]]
    done: list[str]
    queue: list[str]
    message: str = ""
    addition: str = ""
    phase: Phase = Phase.OPEN
    smaller: list[str] = field(default_factory=list)

    @property
    def open_tag(self) -> str:
        """The stage that is open in the worktree."""
        return self.entries[-1 if self.addition else len(self.done) - 1][0]

    @property
    def next_tag(self) -> str | None:
        """The stage that is replayed next, None when all are."""
        return self.entries[len(self.done)][0] if self.queue else None

    def manifest(self) -> Manifest:
        """Return the manifest of the new line; a stage that is added makes no new edition."""
        edition = self.edition if self.addition else self.edition + 1
        entries = tuple(Entry(*entry) for entry in self.entries)
        return Manifest(self.done[-1], edition, entries)


class Workspace:
    """The folder of an amendment: the file with its state, and the worktree.

    `repository` may be that worktree, if the maintainer calls the tour from there.
    """

    def __init__(self, repository: Path) -> None:
        if repository.parts[-len(PLACE) :] == PLACE:
            repository = repository.parents[len(PLACE) - 1]
        self.repository = repository
        self.worktree = repository.joinpath(*PLACE)
        self.file = self.worktree.with_name("state.json")

    def load(self) -> Amendment | None:
        """Return the amendment that is under way, None when there is none."""
        if not self.file.exists():
            return None
        try:
            data = json.loads(self.file.read_text(encoding="utf-8"))
            return Amendment(**data | {"phase": Phase(data["phase"])})
        except (ValueError, TypeError, KeyError):
            raise TourError(
                f"{self.file} is not as it was written; delete it to give the amendment up"
            ) from None

    def save(self, amendment: Amendment) -> None:
        """Save the state, whole or not at all."""
        own_folder(self.repository, "amend")
        write_whole(self.file, json.dumps(asdict(amendment), indent=2))

    def clear(self) -> None:
        """Remove the worktree and then the state."""
        replay.remove_worktree(self.repository, self.worktree)
        self.file.unlink(missing_ok=True)


def begin(
    workspace: Workspace, line: StageLine, stage: Stage, message: str, report: Report
) -> Amendment:
    """Open a stage; replay an amendment under way up to it first, and raise what `resume` does."""
    size = line.stages.index(stage) + 1
    amendment = workspace.load() or _new(workspace.repository, line)
    if amendment.addition:
        raise UsageError("a stage is being added; bring that to its end, or give it up, first")
    _raise_if_published(workspace, amendment)
    if amendment.phase in (Phase.EDIT, Phase.CONFLICT):
        _commit_open(workspace, amendment, report)
    _replay(workspace, amendment, size, report)
    commits = amendment.done + amendment.queue
    amendment.done, amendment.queue = commits[:size], commits[size:]
    amendment.message = message or amendment.message
    return _open(workspace, amendment)


def reopen(workspace: Workspace, amendment: Amendment, report: Report) -> Amendment:
    """Open the stage again that is being added, or that was being opened."""
    if amendment.phase is Phase.EDIT:
        _commit_open(workspace, amendment, report)
    return _open(workspace, amendment)


def begin_addition(workspace: Workspace, line: StageLine, entry: Entry, message: str) -> Amendment:
    """Open the newest stage, to add a new one on top of it with that message."""
    _raise_if_under_way(workspace)
    if entry.tag in {stage.tag for stage in line.stages}:
        raise UsageError(f"there is a stage {entry.tag} already; give the new one another tag")
    if not git.succeeds(workspace.repository, "check-ref-format", f"refs/tags/{entry.tag}"):
        raise UsageError(f"{entry.tag} can be no tag; give the new stage one as in v0.11")
    amendment = _new(workspace.repository, line)
    amendment.entries.append(list(entry))
    amendment.addition = f"{message.strip()}\n\nStage: {entry.tag}"
    violations = rules.in_message(entry.tag, amendment.addition)
    if violations:
        raise UsageError("\n".join(violations))
    return _open(workspace, amendment)


def begin_rewrite(
    workspace: Workspace, line: StageLine, path: str, rewrite: Callable[[str], str], message: str
) -> Amendment:
    """Change one file in all stages at once; `rewrite` gets and returns its text.

    Raise UsageError if no stage's text changes, LostStepError if a step has nothing left.
    """
    _raise_if_under_way(workspace)
    amendment = _new(workspace.repository, line)
    done: list[str] = []
    for stage in line.stages:
        text = rewrite(git.run(workspace.repository, "show", f"{stage.commit}:{path}"))
        tree = publish.replace_files(workspace.repository, stage.commit, {path: text.encode()})
        parent = done[-1] if done else None
        done.append(replay.remake(workspace.repository, stage.commit, tree, parent))
    if done[-1] == amendment.base:
        raise UsageError(f"{path} is as it should be at all stages; nothing is to be done")
    amendment.done, amendment.queue = done, []
    amendment.message, amendment.phase = message, Phase.CHECK
    workspace.save(amendment)
    _raise_if_lost(workspace, amendment)
    return amendment


def resume(workspace: Workspace, amendment: Amendment, report: Report) -> None:
    """Commit the worktree's files and replay the rest of the queue.

    Raise UsageError if nothing was edited. Raise ConflictError, LeftBehindError or
    LostStepError if a stage needs the maintainer; the next `resume` goes on from there.
    """
    if amendment.phase in (Phase.EDIT, Phase.CONFLICT):
        _commit_open(workspace, amendment, report)
        if _is_unchanged(workspace, amendment):
            amendment.phase = Phase.EDIT
            workspace.save(amendment)
            raise UsageError(
                f"nothing is changed at {amendment.open_tag}; edit the files in\n"
                f"  {workspace.worktree}\nand run this again"
            )
    _replay(workspace, amendment, len(amendment.entries), report)
    amendment.phase = Phase.CHECK
    workspace.save(amendment)


def allow_smaller(workspace: Workspace, amendment: Amendment, tag: str) -> None:
    """Let a stage lose most of its step; raise UsageError where there is no such stage."""
    if tag not in {entry[0] for entry in amendment.entries}:
        raise UsageError(f"there is no stage {tag}; name one as in v0.3")
    amendment.smaller.append(tag)
    workspace.save(amendment)


def find_changed(repository: Path, line: StageLine, amendment: Amendment) -> list[Stage]:
    """Return the stages of the new line whose files differ from the old ones."""
    trees = {stage.tag: stage.tree for stage in line.stages}
    new = walk(repository, amendment.manifest())
    return [stage for stage in new.stages if stage.tree != trees.get(stage.tag)]


def compare(repository: Path, amendment: Amendment) -> str:
    """Return git's range-diff of the old line and the new one."""
    lines = f"{amendment.base}...{amendment.done[-1]}"
    return git.run_apart(repository, "range-diff", "--no-color", lines).decode(errors="replace")


def publish_line(workspace: Workspace, amendment: Amendment) -> list[tags.Tag]:
    """Join the new line to main, unless a step is lost, and clear up; return the old tags."""
    manifest = amendment.manifest()
    source = f"{publish.MAIN}:{MANIFEST_PATH}"
    published = parse_manifest(git.run(workspace.repository, "show", source), source)
    if published.tip != manifest.tip:
        _raise_if_lost(workspace, amendment)
        message = amendment.message or f"Publish the stages of edition {manifest.edition}"
        text = f"{message}\n\nEdition: {manifest.edition}\n"
        commit = publish.join(workspace.repository, amendment.base, manifest, text)
        publish.advance(workspace.repository, commit)
    found = tags.fix(workspace.repository, walk(workspace.repository, manifest))
    workspace.clear()
    return found


def save_edits(workspace: Workspace, amendment: Amendment) -> str | None:
    """Return a commit with all edits, None without any; raise UsageError when it is too late."""
    _raise_if_published(workspace, amendment)
    last = amendment.done[-1]
    kept = None if _is_unchanged(workspace, amendment) else last
    if amendment.phase in (Phase.EDIT, Phase.CONFLICT) and replay.is_open(workspace.worktree):
        tree = worktree.snapshot(workspace.worktree)
        if tree != git.run(workspace.repository, "rev-parse", f"{last}^{{tree}}").strip():
            message = f"Edits of {amendment.open_tag} that were given up"
            kept = replay.make_commit(workspace.repository, tree, last, None, message)
    return kept


def _new(repository: Path, line: StageLine) -> Amendment:
    """Return an amendment of the line; raise TourError if main has another line."""
    publish.require_line(repository, line.tip.commit)
    return Amendment(
        base=line.tip.commit,
        edition=line.edition,
        entries=[[stage.tag, stage.title, stage.page] for stage in line.stages],
        done=[stage.commit for stage in line.stages],
        queue=[],
    )


def is_published(workspace: Workspace, amendment: Amendment) -> bool:
    """Return whether main has the new line already; a run was killed before it made the tags."""
    last = amendment.done[-1]
    return not _is_unchanged(workspace, amendment) and git.succeeds(
        workspace.repository, "merge-base", "--is-ancestor", last, publish.MAIN
    )


def _raise_if_published(workspace: Workspace, amendment: Amendment) -> None:
    if is_published(workspace, amendment):
        raise UsageError(
            "the new line is on main already, and its tags are missing; --continue makes them"
        )


def _raise_if_under_way(workspace: Workspace) -> None:
    if workspace.load():
        raise UsageError("an amendment is under way; bring it to its end, or give it up, first")


def _open(workspace: Workspace, amendment: Amendment) -> Amendment:
    amendment.phase = Phase.OPEN
    workspace.save(amendment)
    replay.open_worktree(workspace.repository, workspace.worktree, amendment.done[-1])
    amendment.phase = Phase.EDIT
    workspace.save(amendment)
    return amendment


def _commit_open(workspace: Workspace, amendment: Amendment, report: Report) -> None:
    """Commit the worktree's files, in place of the open commit or on top of it."""
    if not replay.is_open(workspace.worktree):
        amendment.phase = Phase.OPEN if amendment.phase is Phase.EDIT else Phase.REPLAY
        workspace.save(amendment)
        raise TourError(
            f"the worktree of {amendment.open_tag} is gone, with what was not committed in it; run"
            " this again, and it is made again"
        )
    is_merged = amendment.phase is Phase.CONFLICT
    is_added = bool(amendment.addition) and len(amendment.done) < len(amendment.entries)
    opened = amendment.done[-1]
    below = amendment.done if is_merged or is_added else amendment.done[:-1]
    tag = amendment.entries[len(below)][0]
    if is_added:
        made = replay.add_commit(workspace.worktree, opened, amendment.addition)
    else:
        original = amendment.queue[0] if is_merged else opened
        parent = below[-1] if below else None
        made = replay.commit_files(workspace.worktree, tag, original, parent, opened)
    for path in made.unified:
        report(f"{path}: its CRLF line ends are LF now")
    publish.require_room(workspace.repository, amendment.base, made.commit)
    done = [*below, made.commit]
    loss = _find_loss(workspace, amendment, done)
    if loss:
        error = LostStepError(tag, loss)
        if not is_merged or not loss.is_empty:
            raise error
        # the files are as they were before the replay, so there is no edit to be lost
        amendment.phase = Phase.RESTARTED
        workspace.save(amendment)
        report(f"{error}, so it is replayed again")
        return
    replay.settle(workspace.worktree, made.commit)
    if is_merged:
        _end_step(workspace, amendment, _next_step(workspace, amendment), made.commit, report)
        return
    amendment.done = done
    amendment.phase = Phase.REPLAY
    workspace.save(amendment)


def _find_loss(workspace: Workspace, amendment: Amendment, done: list[str]) -> Loss | None:
    """Return the loss of a line's last step, None if there is none or it is allowed."""
    old = _list_line(workspace.repository, amendment.base)
    index = len(done) - 1
    # the old line does not have a stage that is added
    before = _find_ends(old, index) if index < len(old) else None
    loss = find_loss(workspace.repository, before, _find_ends(done, index))
    is_allowed = loss and not loss.is_empty and amendment.entries[index][0] in amendment.smaller
    return None if is_allowed else loss


# it is asked for at each stage, and what leads to a commit never changes
@cache
def _list_line(repository: Path, tip: str) -> list[str]:
    """Return the commits of the stages up to the tip."""
    return git.run(repository, "rev-list", "--reverse", tip).split()


def _find_ends(commits: list[str], index: int) -> Ends:
    """Return the ends of the step to a line's stage."""
    return Ends(commits[index - 1] if index else None, commits[index])


def _raise_if_lost(workspace: Workspace, amendment: Amendment) -> None:
    """Raise LostStepError if any stage of the line has lost its step."""
    for number, (tag, *_) in enumerate(amendment.entries, 1):
        loss = _find_loss(workspace, amendment, amendment.done[:number])
        if loss:
            raise LostStepError(tag, loss)


def _replay(workspace: Workspace, amendment: Amendment, size: int, report: Report) -> None:
    """Replay the queue until the new line has `size` stages."""
    while amendment.queue and len(amendment.done) < size:
        if not replay.is_open(workspace.worktree):
            replay.open_worktree(workspace.repository, workspace.worktree, amendment.done[-1])
        step = _next_step(workspace, amendment)
        try:
            picked = replay.pick(workspace.worktree, step, amendment.phase is Phase.RESTARTED)
            loss = _find_loss(workspace, amendment, [*amendment.done, picked.commit])
            if loss:
                raise LostStepError(step.tag, loss)
        except (replay.ConflictError, LostStepError) as error:
            amendment.phase = Phase.CONFLICT
            workspace.save(amendment)
            if isinstance(error, replay.ConflictError):
                _report_relocations(error.relocations, report)
            raise
        _end_step(workspace, amendment, step, picked.commit, report, picked.relocations)


def _next_step(workspace: Workspace, amendment: Amendment) -> replay.Step:
    """Return the replay of the first commit in the queue."""
    tag = amendment.next_tag
    # as long as the queue holds a commit
    assert tag is not None
    commit = amendment.queue[0]
    parent = git.run(workspace.repository, "rev-parse", f"{commit}^").strip()
    return replay.Step(tag, commit, parent, amendment.done[-1])


def _end_step(
    workspace: Workspace,
    amendment: Amendment,
    step: replay.Step,
    commit: str,
    report: Report,
    relocations: Iterable[Relocation] = (),
) -> None:
    """Take a replayed commit into the new line; raise LeftBehindError if it leaves files behind."""
    amendment.done.append(commit)
    del amendment.queue[0]
    report(f"replayed {step.tag}")
    _report_relocations(relocations, report)
    left = replay.find_left_behind(workspace.repository, step, commit)
    amendment.phase = Phase.EDIT if left else Phase.REPLAY
    workspace.save(amendment)
    if left:
        raise LeftBehindError(step.tag, left)


def _report_relocations(relocations: Iterable[Relocation], report: Report) -> None:
    for old, new in relocations:
        report(f"  {old.path}:{old.line + 1}, as edited, goes to {new.path}:{new.line + 1}")


def _is_unchanged(workspace: Workspace, amendment: Amendment) -> bool:
    """Return whether the new line is the same as the old one so far."""
    return git.succeeds(
        workspace.repository, "merge-base", "--is-ancestor", amendment.done[-1], amendment.base
    )

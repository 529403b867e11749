"""The tags of the stages: made where they are missing, never overwritten."""

from collections.abc import Callable
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tour.repo import git
from tour.repo.clone import tour_command
from tour.repo.locks import exclusive
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.stages.manifest import Manifest
from tour.stages.manifest import main_branches
from tour.stages.manifest import old_manifests
from tour.system.status_line import Report

TAGGER = "Flack Tour <tour@flack.invalid>"

# returns the old manifests of a branch
Manifests = Callable[[str], list[Manifest]]


class State(Enum):
    """Whether a tag is there and points to its stage."""

    RIGHT = "right"
    MISSING = "missing"
    # it points to the stage of the same name in an older edition
    STALE = "stale"
    # it points to something else
    FOREIGN = "foreign"


class Tag(NamedTuple):
    """A stage's tag and its state.

    For a tag that points elsewhere, `target` is the id of the tag's own object, and `keep` the new
    name that `fix` gives it. Both are empty for the others.
    """

    name: str
    state: State
    target: str = ""
    keep: str = ""


def inspect(repository: Path, line: StageLine) -> list[Tag]:
    """Return the stages' tags as they stand now."""
    existing = _existing(repository)
    manifests = cache(lambda branch: [*old_manifests(repository, branch)])
    return [_inspect_one(repository, line, stage, existing, manifests) for stage in line.stages]


def restore(repository: Path, line: StageLine, report: Report = lambda text: None) -> list[Tag]:
    """Make the tags that are missing, and return all of them as they were before that.

    `report` is called with what is wrong with others, line by line.
    """
    with exclusive(repository, "tags"):
        tags = inspect(repository, line)
        _make(repository, line, [tag.name for tag in tags if tag.state is State.MISSING])
    for text in describe_wrong(repository, tags):
        report(text)
    return tags


def fix(repository: Path, line: StageLine) -> list[Tag]:
    """Rename the tags that point elsewhere, make all that are missing, return all as before."""
    with exclusive(repository, "tags"):
        tags = inspect(repository, line)
        commands = [
            f"update refs/tags/{tag.keep} {tag.target}\ndelete refs/tags/{tag.name} {tag.target}\n"
            for tag in tags
            if tag.keep
        ]
        git.run(repository, "update-ref", "--stdin", input="".join(commands))
        _make(repository, line, [tag.name for tag in tags if tag.state is not State.RIGHT])
    return tags


class _Existing(NamedTuple):
    target: str
    commit: str


def _existing(repository: Path) -> dict[str, _Existing]:
    """Return every tag's own object and the object that it leads to, by the tag's name."""
    form = "--format=%(refname:lstrip=2) %(objectname) %(*objectname)"
    existing = {}
    for line in git.run(repository, "for-each-ref", form, "refs/tags").splitlines():
        name, target, commit = line.split(" ")
        existing[name] = _Existing(target, commit or target)
    return existing


def _inspect_one(
    repository: Path,
    line: StageLine,
    stage: Stage,
    existing: dict[str, _Existing],
    manifests: Manifests,
) -> Tag:
    if stage.tag not in existing:
        return Tag(stage.tag, State.MISSING)
    target, commit = existing[stage.tag]
    if commit == stage.commit:
        return Tag(stage.tag, State.RIGHT)
    edition = _find_edition(repository, line, stage.tag, commit, manifests)
    if edition is None:
        state, prefix = State.FOREIGN, "foreign"
    else:
        state, prefix = State.STALE, f"edition-{edition}"
    return Tag(stage.tag, state, target, _free_name(f"{prefix}/{stage.tag}", target, existing))


def _free_name(name: str, target: str, existing: dict[str, _Existing]) -> str:
    """Return the name, with a number when another object has it already."""
    number = 1
    candidate = name
    while candidate in existing and existing[candidate].target != target:
        number += 1
        candidate = f"{name}-{number}"
    return candidate


def _find_edition(
    repository: Path, line: StageLine, tag: str, commit: str, manifests: Manifests
) -> int | None:
    """Return the newest edition before this one that has the commit, by main's old manifests.

    Return the number of the edition before this one when no manifest leads to the commit. Return
    None unless the commit's trailer names this stage, and main leads to the commit.
    """
    # None where the tag leads to a tree or a file
    trailer = git.ask(repository, "log", "-1", "--format=%(trailers:key=Stage,valueonly)", commit)

    def leads_to_commit(revision: str) -> bool:
        return git.succeeds(repository, "merge-base", "--is-ancestor", commit, revision)

    branches = main_branches(repository) or ["HEAD"]
    if trailer is None or trailer.strip() != tag or not any(map(leads_to_commit, branches)):
        return None
    for branch in branches:
        for manifest in manifests(branch):
            if manifest.edition < line.edition and leads_to_commit(manifest.tip):
                return manifest.edition
    return line.edition - 1


def _make(repository: Path, line: StageLine, names: list[str]) -> None:
    """Make annotated tags, which have the same ids in every clone.

    One fast-import makes all of them. `git tag` would take a process for each.
    """
    commands = [
        f"tag {stage.tag}\n"
        f"from {stage.commit}\n"
        f"tagger {TAGGER} {stage.time} +0000\n"
        f"data {len(message)}\n{message.decode()}\n"
        for stage in line.stages
        if stage.tag in names
        for message in [f"{stage.title}\n".encode()]
    ]
    if commands:
        git.run(repository, "fast-import", "--quiet", input="".join(commands))


MEANINGS = {
    State.STALE: "pointing to an older edition of the stage",
    State.FOREIGN: "pointing to something else than the stage's commit",
}


def describe_wrong(repository: Path, found: list[Tag]) -> Iterator[str]:
    """Yield a line for each state of tags that point elsewhere, then the command to fix them."""
    wrong = [tag for tag in found if tag.keep]
    for state, meaning in MEANINGS.items():
        names = [tag.name for tag in wrong if tag.state is state]
        if names:
            yield f"{state.value}, {meaning}: {' '.join(names)}"
    if wrong:
        renamed = f"{wrong[0].name} as {wrong[0].keep}"
        yield f"They are left as they are. To keep them under other names, {renamed},"
        yield "and make the stages' own:"
        yield f"  {tour_command(repository)} tags --fix"

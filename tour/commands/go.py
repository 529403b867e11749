"""check out a stage; your work is saved first

What you have not committed, new files included, is committed to a branch mine/v0.3, named after the
stage that you are on. TAG is a stage, or such a branch, which gives you the work back, or `main`,
or any other branch of yours.

example:
  python3 -m tour go v0.4
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from tour.commands.tags import print_wrong
from tour.environments import environment
from tour.repo import checkout
from tour.repo import git
from tour.repo import untracked
from tour.repo import worktree
from tour.repo.clone import find_repository
from tour.repo.clone import spelling
from tour.repo.locks import exclusive
from tour.stages import tags
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.stages.line import find_current
from tour.stages.line import find_stages
from tour.stages.manifest import main_branches
from tour.stages.tags import Tag
from tour.system.errors import UsageError

MAIN = "main"

Choice = Callable[[Path, StageLine], Stage | str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("target", metavar="TAG", help="a stage, as in v0.4, or main, or mine/v0.3")


def run(arguments: argparse.Namespace) -> int:
    """Check the target out."""
    return move(lambda repository, line: _find_target(repository, line, arguments.target))


def move(choose: Choice) -> int:
    """Check out what `choose` returns: a stage, a branch or a commit. Tell where the work is."""
    repository = find_repository()
    line = find_stages(repository)
    found = tags.restore(repository, line)
    print_wrong(repository, found)
    with exclusive(repository, "checkout", print):
        _recover(repository)
        target = choose(repository, line)
        if isinstance(target, Stage):
            target = _revision(target, found)
        # the stages do not hold the tour: from there on it is the installed one
        environment.prepare(repository, print)
        before = describe(repository, line)
        left = worktree.current_branch(repository)
        saved = checkout.check_out(repository, target, before)
    here = find_current(repository, line)
    tour = spelling(repository)
    branch = worktree.current_branch(repository)
    if left and left != branch and left.startswith(f"{worktree.PREFIX}/"):
        # nothing was left to save: by the learner, or by a run that was killed before it told
        saved = saved or left
    if saved:
        print(f"Your work at {before} is saved on the branch {saved}. To take it up again:")
        print(f"  {tour} go {saved}")
    staying = untracked.find(repository).staying
    if staying:
        print(f"Not saved, and left where it is: {', '.join(staying)}")
    place = f"{here.tag}, {here.title}" if here else "no stage"
    print(f"You are at {place}" + (f" (branch {branch})" if branch else ""))
    if here and branch is None:
        print(f"What the step to it changes:\n  {tour} diff {here.tag}")
    others = worktree.saved_branches(repository, describe(repository, line))
    others = [other for other in others if other not in (saved, branch)]
    if others:
        print("Work that you saved here before; to take it up:")
        for other in others:
            print(f"  {tour} go {other}")
    return 0


def _recover(repository: Path) -> None:
    commit = checkout.recover(repository)
    if commit:
        print(f"An earlier checkout was half done; your files are back at {commit[:12]}")


def describe(repository: Path, line: StageLine) -> str:
    """Return what saved work is named after: the stage that is checked out, or main."""
    if worktree.current_branch(repository) == MAIN:
        return MAIN
    here = find_current(repository, line)
    return here.tag if here else "work"


def neighbour(repository: Path, line: StageLine, distance: int) -> Stage:
    """Return the stage so many steps after the one that is checked out.

    Raise UsageError where the line has none.
    """
    here = find_current(repository, line)
    tour = spelling(repository)
    if here is None:
        raise UsageError(f"you are on no stage; choose one with\n  {tour} go TAG")
    index = line.stages.index(here) + distance
    if not 0 <= index < len(line.stages):
        end = "last" if distance > 0 else "first"
        raise UsageError(f"{here.tag} is the {end} stage; see them all with\n  {tour} list")
    return line.stages[index]


def _find_target(repository: Path, line: StageLine, name: str) -> Stage | str:
    branch = f"{worktree.HEADS}{name}"
    # a stage's tag comes first, whatever branch is called as it is
    if name not in {stage.tag for stage in line.stages}:
        if git.run(repository, "for-each-ref", branch):
            return branch
        if name == MAIN and main_branches(repository):
            # so far it is the origin's alone
            git.run(repository, "branch", "--quiet", "--track", MAIN, f"origin/{MAIN}")
            return branch
        if name == MAIN or name.startswith(f"{worktree.PREFIX}/"):
            raise UsageError(f"there is no branch {name}; see your branches with\n  git branch")
    [stage] = line.select([name])
    return stage


def _revision(stage: Stage, found: list[Tag]) -> str:
    """Return the stage's tag, which git then shows, where it is not another edition's."""
    wrong = {tag.name for tag in found if tag.keep}
    return stage.commit if stage.tag in wrong else f"refs/tags/{stage.tag}"

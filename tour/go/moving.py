"""A move to a stage, a branch or main: save the work, check out, report."""

from collections.abc import Callable
from pathlib import Path

from tour.environments import environment
from tour.go import checkout
from tour.repo import clone
from tour.repo import untracked
from tour.repo import worktree
from tour.repo.locks import exclusive
from tour.stages import tags
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.stages.line import find_current
from tour.stages.line import find_stages
from tour.system import platforms
from tour.system.errors import UsageError
from tour.system.status_line import Report

MAIN = "main"

Choice = Callable[[Path, StageLine], Stage | str]


def move(choose: Choice, report: Report, offers_saved: bool = True) -> int:
    """Check out what `choose` returns: a stage, a branch or a commit; return the exit code.

    `report` is called with each line for the learner: where they are now, and where their work is.
    With `offers_saved` it names what was saved at this stage before, and how to go there.
    Raise UsageError in the folder of a practice.
    """
    repository = clone.find_repository()
    main = clone.find_clone()
    if repository != main:
        # there the next stage would be the solution
        raise UsageError(
            f"in this folder you practise the step to {repository.name}; go to another stage in"
            f" your clone itself:\n  {platforms.how_to_type('cd', main)}"
        )
    line = find_stages(repository)
    found = tags.restore(repository, line, report)
    with exclusive(repository, "checkout", report):
        commit = checkout.recover(repository)
        if commit:
            report(f"An earlier checkout was half done; your files are back at {commit[:12]}")
        target = choose(repository, line)
        if isinstance(target, Stage):
            # its tag, which git then shows, unless the tag is wrong
            wrong = {tag.name for tag in found if tag.keep}
            target = target.commit if target.tag in wrong else f"refs/tags/{target.tag}"
        # a stage does not have the tour: from there on the learner uses the installed one
        environment.prepare(repository, report)
        before = describe(repository, line)
        left = worktree.current_branch(repository)
        saved = checkout.check_out(repository, target, before)
    here = find_current(repository, line)
    tour = clone.tour_command(repository)
    branch = worktree.current_branch(repository)
    if left and left != branch and left.startswith(f"{worktree.PREFIX}/"):
        # all was saved before: by the learner, or by a run that was killed before it said so
        saved = saved or left
    if saved:
        report(f"Your work at {before} is saved on the branch {saved}. To take it up again:")
        report(f"  {tour} go {saved}")
    staying = untracked.find(repository).staying
    if staying:
        report(f"Not saved, and left where it is: {', '.join(staying)}")
    place = f"{here.tag}, {here.title}" if here else "no stage"
    report(f"You are at {place}" + (f" (branch {branch})" if branch else ""))
    if here and branch is None:
        report(f"What the step to it changes:\n  {tour} diff {here.tag}")
    if not offers_saved:
        return 0
    others = worktree.saved_branches(repository, describe(repository, line))
    others = [other for other in others if other not in (saved, branch)]
    if others:
        report("Work that you saved here before; to take it up:")
        for other in others:
            report(f"  {tour} go {other}")
    return 0


def describe(repository: Path, line: StageLine) -> str:
    """Return the name for saved work: the stage that is checked out, or main."""
    if worktree.current_branch(repository) == MAIN:
        return MAIN
    here = find_current(repository, line)
    return here.tag if here else "work"


def neighbour(repository: Path, line: StageLine, distance: int) -> Stage:
    """Return the stage `distance` steps on, or back if negative; raise UsageError for none."""
    here = find_current(repository, line)
    tour = clone.tour_command(repository)
    if here is None:
        raise UsageError(f"you are on no stage; choose one with\n  {tour} go TAG")
    index = line.stages.index(here) + distance
    if not 0 <= index < len(line.stages):
        end = "last" if distance > 0 else "first"
        raise UsageError(f"{here.tag} is the {end} stage; see them all with\n  {tour} list")
    return line.stages[index]

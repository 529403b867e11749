"""do a step yourself: a folder at the stage before, and the task

Makes a worktree in practice/ at the stage before TAG, on a branch of its own and with its own
environment, and writes TASK.md into it. Several steps can be under way. What is under way already
is left as it is; the branch of a worktree that you have deleted is taken up again. With --here it
is your own checkout, on a branch mine/practice-v0.4; your work is saved first.

example:
  python3 -m tour practice v0.4
"""

import argparse
import os
from pathlib import Path

from tour.go import moving
from tour.practice import workplace
from tour.repo import clone
from tour.repo.locks import exclusive
from tour.stages import tags
from tour.stages.line import find_stages
from tour.system.errors import UsageError
from tour.system.platforms import how_to_type


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tag", metavar="TAG", help="the stage that the step leads to, as in v0.4")
    parser.add_argument("--here", action="store_true", help="in this checkout, not in a new folder")


def run(arguments: argparse.Namespace) -> int:
    """Begin a step, or go on with it, and print what to type next."""
    repository = clone.find_repository()
    main = clone.find_main_folder(repository)
    line = find_stages(main)
    if arguments.here:
        practice = workplace.find_step(main, line, repository, arguments.tag)
        return _begin_here(practice)
    # what the tour says names stages by their tags
    tags.restore(main, line, print)
    practice = workplace.find_step(main, line, main, arguments.tag)
    practice = practice._replace(folder=main / workplace.FOLDER / practice.tag)
    with exclusive(main, "practice", print):
        is_new = workplace.begin(practice)
        workplace.write_task(practice)
        workplace.make_environment(practice)
    word = "ready" if is_new else "under way already"
    folder = os.path.relpath(practice.folder)
    print(f"{practice.tag}, {practice.stage.title}: {word} in {folder}")
    print("To work on it:")
    activate = r"venv\Scripts\activate" if os.name == "nt" else ". venv/bin/activate"
    tour = clone.tour_command(main, practice.folder)
    for command in (how_to_type("cd", folder), activate, f"{tour} grade"):
        print(f"  {command}")
    print(f"{workplace.TASK} there says what to do.")
    if is_new:
        _print_other_try(main, workplace.branches_here(main, practice.tag), "go")
    return 0


def _begin_here(practice: workplace.Practice) -> int:
    if workplace.is_worktree(practice):
        raise UsageError(
            "this is a worktree already; type that in the top folder of your clone, or leave --here"
            " out"
        )
    # who goes to other work from there leaves the practice
    moving.move(lambda repository, line: practice.before, print, offers_saved=False)
    main, tag = practice.main, practice.tag
    others = workplace.branches_here(main, tag)
    in_folders = workplace.branches(main, tag)
    branch = workplace.begin_here(practice)
    task = workplace.write_task(practice)
    print(f"{practice.tag}, {practice.stage.title}: ready, on the branch {branch}")
    print(f"{os.path.relpath(task)} says what to do. To see how far you are:")
    print(f"  {clone.tour_command(main)} grade")
    _print_other_try(main, others, "go")
    _print_other_try(main, in_folders, "practice", tag)
    return 0


def _print_other_try(main: Path, branches: list[str], verb: str, target: str = "") -> None:
    """Print how to go on with an older try, by default by its branch."""
    if branches:
        print(f"Another try is on the branch {branches[-1]}. To go on with that one instead:")
        print(workplace.type_in_clone(main, f"{verb} {target or branches[-1]}"))

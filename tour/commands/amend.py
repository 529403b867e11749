"""change a stage, replay the later ones, check, join to main

Opens the stage in a worktree of its own. Edit it there, then --continue. That commits the stage at
its old date, replays the later stages on top, and checks each stage that changed. Then it shows old
and new side by side, and joins main to the new line, which is the next edition. If a replay stops,
it says where and why; merge the files, and --continue. To change a second stage in the same
edition, open it while the first is open. --abort leaves everything as it was. A stage that would
lose its step, or most of it, is refused.

The stage's message is changed with `git commit --amend` in the worktree.

example:
  python3 -m tour amend v0.3 --message "Close the database after each request"
  python3 -m tour amend --continue
"""

import argparse
import time
from functools import cache
from pathlib import Path

from tour.amend import pins
from tour.amend import session
from tour.amend.replay import ConflictError
from tour.check.results import check_and_report
from tour.check.stage_checks import Settings
from tour.environments import environment
from tour.environments import pythons
from tour.repo.clone import find_main_folder
from tour.repo.clone import find_repository
from tour.repo.clone import tour_command
from tour.repo.locks import exclusive
from tour.repo.temporary import temporary_folder
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.stages.manifest import Entry
from tour.system import process
from tour.system.errors import TourError
from tour.system.errors import UsageError
from tour.system.platforms import how_to_type
from tour.system.wording import count

PINS = "requirements.txt"
OLDEST_PYTHON = "3.11"

# seconds that finding the newest releases may take
LIMIT = 300.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tag", nargs="?", metavar="TAG", help="the stage to open, as in v0.3")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--continue", action="store_true", dest="proceed", help="commit, replay, check, publish"
    )
    what.add_argument("--abort", action="store_true", help="give up; all is as it was")
    what.add_argument(
        "--add", metavar="TITLE", help="open the newest stage, for a stage TAG on top of it"
    )
    what.add_argument(
        "--requirements", action="store_true", help="move the pins of all stages to the newest"
    )
    parser.add_argument(
        "--smaller-step",
        metavar="TAG",
        help="with --continue: the step to this stage may lose most of its lines",
    )
    parser.add_argument(
        "--message",
        metavar="TEXT",
        help="of the commit on main; with --add, of the new stage: what it does, and why",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the step of an amendment; return 1 if the maintainer has something to fix."""
    # from a worktree, too, such as that of a practice, the amendment is the clone's
    workspace = session.Workspace(find_main_folder(find_repository()))
    line = find_stages(workspace.repository)
    with exclusive(workspace.repository, "amend", print):
        try:
            if arguments.tag and (arguments.proceed or arguments.abort or arguments.requirements):
                raise UsageError("with that option there is no TAG; leave it out")
            if arguments.smaller_step and not arguments.proceed:
                raise UsageError("--smaller-step goes with --continue; add that")
            if arguments.add and not arguments.tag:
                raise UsageError("--add goes with the TAG of the new stage; add that, as in v0.11")
            if arguments.message and not (
                arguments.tag or arguments.proceed or arguments.requirements
            ):
                raise UsageError("--message goes with a TAG or --continue; add one of them")
            if arguments.proceed:
                return _proceed(workspace, line, arguments)
            if arguments.abort:
                return _abort(workspace)
            if arguments.requirements:
                return _move_pins(workspace, line, arguments.message or "")
            if arguments.tag is None:
                return _print_state(workspace)
            under_way = workspace.load()
            if under_way and under_way.addition and arguments.tag == under_way.open_tag:
                amendment = session.reopen(workspace, under_way, print)
            elif arguments.add:
                amendment = _begin_addition(workspace, line, arguments)
            else:
                [stage] = line.select([arguments.tag])
                message = arguments.message or ""
                amendment = session.begin(workspace, line, stage, message, print)
        except ConflictError as error:
            return _print_conflict(workspace, error)
        except session.LeftBehindError as error:
            return _print_left_behind(workspace, error)
        except session.LostStepError as error:
            return _print_lost(workspace, error)
    _print_open(workspace, amendment)
    return 0


def _proceed(workspace: session.Workspace, line: StageLine, arguments: argparse.Namespace) -> int:
    amendment = _load(workspace)
    if arguments.message:
        amendment.message = arguments.message
        workspace.save(amendment)
    if arguments.smaller_step:
        session.allow_smaller(workspace, amendment, arguments.smaller_step)
    if amendment.phase is session.Phase.OPEN:
        _print_open(workspace, session.reopen(workspace, amendment, print))
        return 0
    start = time.monotonic()
    session.resume(workspace, amendment, print)
    print(f"Every stage is replayed, after {time.monotonic() - start:.1f} s")
    return _check_and_publish(workspace, amendment, line)


def _check_and_publish(
    workspace: session.Workspace, amendment: session.Amendment, line: StageLine
) -> int:
    changed = session.find_changed(workspace.repository, line, amendment)
    if changed:
        start = time.monotonic()
        python = environment.prepare(workspace.repository, print)
        settings = Settings(pythons.find_python(), python)
        results = check_and_report(workspace.repository, changed, settings, print)
        print(f"Checked {count(len(changed), 'stage')} in {time.monotonic() - start:.1f} s")
        failed = [result.tag for result in results if result.failures]
        if failed:
            print(f"{', '.join(failed)}: failed. Open a stage to fix, in the same amendment, with")
            print(f"  {tour_command(workspace.repository)} amend {failed[0]}")
            print("or, if the machine was the reason, check again with")
            print(f"  {tour_command(workspace.repository)} amend --continue")
            return 1
    print("The old line beside the new one:")
    print(session.compare(workspace.repository, amendment), end="")
    found = session.publish_line(workspace, amendment)
    for tag in found:
        if tag.keep:
            print(f"{tag.name} is the new one; the old one is {tag.keep}")
    print(f"Edition {amendment.manifest().edition} is on main. The pages may quote what changed:")
    print(f"  {tour_command(workspace.repository)} docs --update")
    return 0


def _abort(workspace: session.Workspace) -> int:
    saved = session.save_edits(workspace, _load(workspace))
    # before the files are deleted
    if saved:
        print(f"Your changes are in a commit that git keeps for some weeks:\n  git show {saved}")
    workspace.clear()
    print("Given up; main, the stages and the tags are as they were.")
    return 0


def _begin_addition(
    workspace: session.Workspace, line: StageLine, arguments: argparse.Namespace
) -> session.Amendment:
    if not arguments.message:
        raise UsageError("a new stage needs --message, what it does and why, as in a commit")
    entry = Entry(arguments.tag, arguments.add, f"docs/steps/{arguments.tag}")
    return session.begin_addition(workspace, line, entry, arguments.message)


def _move_pins(workspace: session.Workspace, line: StageLine, message: str) -> int:
    environment.prepare(workspace.repository, print)

    def rewrite(text: str) -> str:
        return pins.move(text, _resolve(workspace.repository, tuple(pins.direct(text))))

    message = message or "Move the requirements to the newest releases"
    amendment = session.begin_rewrite(workspace, line, PINS, rewrite, message)
    return _check_and_publish(workspace, amendment, line)


# most stages ask for the same packages
@cache
def _resolve(repository: Path, packages: tuple[str, ...]) -> str:
    """Return the newest releases of the packages and their dependencies, for every system."""
    print(f"Looking for the newest releases of {len(packages)} packages")
    with temporary_folder(repository) as folder:
        wanted, found = folder / "wanted", folder / "found"
        wanted.write_text("\n".join(packages), encoding="utf-8")
        uv = environment.program(repository / ".venv", "uv")
        options = ["--universal", "--python-version", OLDEST_PYTHON, "--no-annotate", "--no-header"]
        command = [str(uv), "pip", "compile", *options, str(wanted), "--output-file", str(found)]
        ran = process.finish(command, folder, {"UV_PYTHON_DOWNLOADS": "never"}, LIMIT)
        if ran.code != 0:
            raise TourError(
                f"the newest releases cannot be found; run this again later:\n{ran.output}"
            )
        return found.read_text(encoding="utf-8")


def _load(workspace: session.Workspace) -> session.Amendment:
    amendment = workspace.load()
    if amendment is None:
        tour = tour_command(workspace.repository)
        raise UsageError(f"no amendment is under way; begin one with\n  {tour} amend v0.3")
    return amendment


def _print_state(workspace: session.Workspace) -> int:
    amendment = _load(workspace)
    if amendment.phase is session.Phase.CONFLICT:
        print(f"{amendment.next_tag} waits for you to merge its files in\n  {workspace.worktree}")
    elif amendment.phase is session.Phase.EDIT:
        print(f"{amendment.open_tag} is open in\n  {workspace.worktree}")
    elif amendment.next_tag:
        print(f"{amendment.next_tag} is to be replayed")
    elif session.is_published(workspace, amendment):
        print("The new line is on main; its tags are to be made")
    else:
        print("Every stage is replayed; those that changed are to be checked, then published")
    _print_next(workspace)
    return 0


def _print_open(workspace: session.Workspace, amendment: session.Amendment) -> None:
    what = f"of {amendment.open_tag} " if not amendment.addition else ""
    print(f"Edit the files {what}in\n  {workspace.worktree}")
    _print_next(workspace)


def _print_next(workspace: session.Workspace) -> None:
    print(f"To go on, or to give up:\n  {tour_command(workspace.repository)} amend --continue")
    print(f"  {tour_command(workspace.repository)} amend --abort")


def _print_conflict(workspace: session.Workspace, error: ConflictError) -> int:
    print(f"{error.tag} cannot be replayed by git alone. In\n  {workspace.worktree}")
    for conflict in error.conflicts:
        print(f"{conflict.path}: {conflict.reason}")
        for sentence in conflict.moved:
            print(f"  {sentence}")
        if conflict.is_whole:
            print(conflict.how_to_choose(workspace.worktree))
    if any(conflict.is_marked for conflict in error.conflicts):
        print("Edit what git marked there.")
    _print_next(workspace)
    return 1


def _print_left_behind(workspace: session.Workspace, error: session.LeftBehindError) -> int:
    print(f"{error.tag} moves the files beside these, and these stay. To move them, too:")
    for path, goal in error.goals.items():
        print(f"  {how_to_type('git', '-C', workspace.worktree, 'mv', path, goal)}")
    _print_next(workspace)
    return 1


def _print_lost(workspace: session.Workspace, error: session.LostStepError) -> int:
    tour = tour_command(workspace.repository)
    amendment = _load(workspace)
    print(f"{error}.")
    if amendment.phase is session.Phase.CHECK:
        print(f"Open it with\n  {tour} amend {error.tag}")
    else:
        print(f"Edit its files in\n  {workspace.worktree}")
        print("or begin it again, without your edits:")
        again = ["checkout", "--force", "--detach", amendment.done[-1]]
        print(f"  {how_to_type('git', '-C', workspace.worktree, *again)}")
    if not error.loss.is_empty:
        print("If its step is meant to be so small:")
        print(f"  {tour} amend --continue --smaller-step {error.tag}")
    _print_next(workspace)
    return 1

"""check out a stage; your work is saved first

What you have not committed, new files included, is committed to a branch mine/v0.3, named after the
stage that you are on. TAG is a stage, or such a branch, which gives you the work back, or `main`,
or any other branch of yours.

example:
  python3 -m tour go v0.4
"""

import argparse
from pathlib import Path

from tour.go.moving import MAIN
from tour.go.moving import move
from tour.repo import git
from tour.repo import worktree
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.stages.manifest import main_branches
from tour.system.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="TAG", help="a stage, as in v0.4, or main, or mine/v0.3")


def run(arguments: argparse.Namespace) -> int:
    """Check the target out."""
    return move(lambda clone, line: _find_target(clone, line, arguments.target), print)


def _find_target(repository: Path, line: StageLine, name: str) -> Stage | str:
    branch = f"{worktree.HEADS}{name}"
    # a stage's tag comes before a branch of the same name
    if name not in {stage.tag for stage in line.stages}:
        if git.succeeds(repository, "show-ref", "--verify", "--quiet", branch):
            return branch
        if name == MAIN and main_branches(repository):
            # so far only the origin has it
            git.run(repository, "branch", "--quiet", "--track", MAIN, f"origin/{MAIN}")
            return branch
        if name == MAIN or name.startswith(f"{worktree.PREFIX}/"):
            raise UsageError(f"there is no branch {name}; see your branches with\n  git branch")
    [stage] = line.select([name])
    return stage

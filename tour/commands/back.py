"""go back to where you were before; your work is saved first

If your work was saved when you left, you get it back on its branch. Twice takes you here again.

example:
  python3 -m tour back
"""

import argparse
from pathlib import Path

from tour.go import moving
from tour.repo import worktree
from tour.repo.clone import tour_command
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.system.errors import UsageError


def run(arguments: argparse.Namespace) -> int:
    """Check out the branch or commit that was checked out before."""
    return moving.move(_find_last, print)


def _find_last(repository: Path, line: StageLine) -> Stage | str:
    last = worktree.last_checkout(repository)
    if last is None:
        raise UsageError(
            "there is nowhere to go back to; choose a stage with\n"
            f"  {tour_command(repository)} go TAG"
        )
    by_commit = {stage.commit: stage for stage in line.stages}
    return by_commit.get(last, last)

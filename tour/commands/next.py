"""check out the next stage; your work is saved first

As `go`, with the stage after the one that you are on.

example:
  python3 -m tour next
"""

import argparse

from tour.commands import go


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the verb takes no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Check the next stage out."""
    return go.move(lambda repository, line: go.neighbour(repository, line, 1))

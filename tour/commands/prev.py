"""check out the stage before; your work is saved first

Does the same as `go` with the stage before.

example:
  python3 -m tour prev
"""

import argparse

from tour.go import moving


def run(arguments: argparse.Namespace) -> int:
    """Check the stage before out."""
    return moving.move(lambda repository, line: moving.neighbour(repository, line, -1), print)

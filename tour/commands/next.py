"""check out the next stage; your work is saved first

Does the same as `go` with the next stage.

example:
  python3 -m tour next
"""

import argparse

from tour.go import moving


def run(arguments: argparse.Namespace) -> int:
    """Check the next stage out."""
    return moving.move(lambda repository, line: moving.neighbour(repository, line, 1), print)

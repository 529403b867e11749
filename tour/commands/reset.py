"""begin the step again that you practise; the old try is kept on a branch

TAG is by default the step that is practised here.

example:
  python3 -m tour reset v0.4
"""

import argparse

from tour.practice import workplace
from tour.repo.clone import tour_command
from tour.repo.locks import exclusive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tag", nargs="?", metavar="TAG", help="the step's stage, as in v0.4")


def run(arguments: argparse.Namespace) -> int:
    """Begin again, and tell where the old try is."""
    practice = workplace.find_practice(arguments.tag)
    with exclusive(practice.main, "practice", print):
        old, new = workplace.begin_again(practice)
    print(f"Your old try is on the branch {old}. To see what was in it:")
    print(f"  git diff {practice.before.tag} {old}")
    print(f"The files are at {practice.before.tag} again, on the branch {new}. To go on:")
    print(f"  {tour_command(practice.main)} grade {practice.tag}")
    return 0

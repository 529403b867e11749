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
    practice = workplace.find_practice(arguments.tag, arguments.verb)
    with exclusive(practice.main, "practice", print):
        again = workplace.begin_again(practice)
    before = practice.before
    if again is None:
        print(f"There is nothing to reset: the files are those of {before.tag}. To go on:")
        print(f"  {tour_command(practice.main)} grade {practice.tag}")
        return 0
    if again.old:
        print(f"Your old try is on the branch {again.old}. To see what was in it:")
        # a folder may have the name of the branch
        print(f"  git diff {before.tag} {again.old} --")
    elif again.commit == before.commit:
        print(f"There was no old try to keep: the files were those of {before.tag}")
    else:
        print(f"Your old try is the commit {again.commit[:12]}, which was on no branch of its own.")
        print(f"To see what was in it:\n  git diff {before.tag} {again.commit[:12]} --")
    print(f"The files are at {before.tag} again, on the branch {again.new}. To go on:")
    print(f"  {tour_command(practice.main)} grade {practice.tag}")
    return 0

"""make the stages' tags, and report wrong ones

A copy of the repository may lack the tags, so they are made from the history, always with the same
result. A tag that points elsewhere is left alone and reported. --fix renames it, and makes the
right one.

example:
  python3 -m tour tags --fix
"""

import argparse

from tour.repo.clone import find_clone
from tour.stages import tags
from tour.stages.line import find_stages


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fix", action="store_true", help="rename the tags that point elsewhere, then make ours"
    )


def run(arguments: argparse.Namespace) -> int:
    """Make the tags; return 1 when some point elsewhere and stay so."""
    repository = find_clone()
    line = find_stages(repository)
    found = tags.fix(repository, line) if arguments.fix else tags.restore(repository, line)
    made = [tag.name for tag in found if tag.state is tags.State.MISSING]
    right = [tag.name for tag in found if tag.state is tags.State.RIGHT]
    wrong = [tag for tag in found if tag.keep]
    if right:
        print(f"right: {' '.join(right)}")
    if made:
        print(f"made: {' '.join(made)}")
    if arguments.fix:
        for tag in wrong:
            print(f"fixed: {tag.name}, the old one is now {tag.keep}")
        return 0
    for text in tags.describe_wrong(repository, wrong):
        print(text)
    return 1 if wrong else 0

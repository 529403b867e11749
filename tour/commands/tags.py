"""make the stages' tags, or say what stands in the way

Not every copy of the repository carries the tags, so they are made from the history, as often as
asked, with the same result. A tag that points elsewhere is left alone and reported; --mend makes it
right after renaming the one that is there.

example:
  python3 -m tour tags --mend
"""

import argparse
from pathlib import Path

from tour.repo.clone import find_repository
from tour.repo.clone import spelling
from tour.stages import tags
from tour.stages.line import find_stages
from tour.stages.tags import State
from tour.stages.tags import Tag

MEANINGS = {
    State.STALE: "pointing to an older edition of the stage",
    State.FOREIGN: "pointing to something else than the stage's commit",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "--mend", action="store_true", help="rename the tags that point elsewhere, then make ours"
    )


def run(arguments: argparse.Namespace) -> int:
    """Make the tags; return 1 when some point elsewhere and stay so."""
    repository = find_repository()
    line = find_stages(repository)
    found = tags.mend(repository, line) if arguments.mend else tags.restore(repository, line)
    made = [tag.name for tag in found if tag.state is State.MISSING]
    right = [tag.name for tag in found if tag.state is State.RIGHT]
    wrong = [tag for tag in found if tag.keep]
    if right:
        print(f"right: {' '.join(right)}")
    if made:
        print(f"made: {' '.join(made)}")
    if arguments.mend:
        for tag in wrong:
            print(f"mended: {tag.name}, the old one is now {tag.keep}")
        return 0
    print_wrong(repository, wrong)
    return 1 if wrong else 0


def print_wrong(repository: Path, found: list[Tag]) -> None:
    """Print the tags that point elsewhere, a line for each state, and what mends them."""
    wrong = [tag for tag in found if tag.keep]
    for state, meaning in MEANINGS.items():
        names = [tag.name for tag in wrong if tag.state is state]
        if names:
            print(f"{state.value}, {meaning}: {' '.join(names)}")
    if wrong:
        kept = f"{wrong[0].name} as {wrong[0].keep}"
        print(f"They are left as they are. To keep them under other names, {kept},")
        print("and make the stages' own:")
        print(f"  {spelling(repository)} tags --mend")

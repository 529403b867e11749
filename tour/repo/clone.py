"""The learner's clone: where it is, and how the tour is typed in it."""

import os
import sys
from pathlib import Path

from tour.repo import git
from tour.system import platforms
from tour.system.errors import TourError

CLONE_ADVICE = (
    "get a clone of Flack Tour and run the command there:\n  git clone ADDRESS flack-tour"
)

# the folder in a clone that has the worktrees in which steps are practised
PRACTICE = "practice"


def find_repository(start: Path | None = None) -> Path:
    """Return the top folder of the repository that holds `start`, by default the current folder.

    Raise TourError outside of any repository, and where the tour's files lie within a
    repository that is not theirs.
    """
    start = Path.cwd() if start is None else start
    try:
        top = Path(git.run(start, "rev-parse", "--show-toplevel").rstrip("\n"))
    except git.GitError as error:
        if "must be run in a work tree" in error.output:
            raise TourError(
                f"{start} is git's own folder; go to the top folder of your clone, and run this"
                " there"
            ) from None
        if "not a git repository" not in error.output:
            raise
        top = None
    has_tour = (start / "tour" / "stages.toml").exists()
    # the clone whose .venv runs this
    clone = Path(sys.prefix).parent
    if top is None and not has_tour and (clone / ".tour").is_dir():
        cd = platforms.how_to_type("cd", clone)
        for folder in (start, *start.parents):
            if (folder / ".git").is_file():
                tag = git.git_dir(folder).name
                raise TourError(
                    f"git does not know {folder} any more: it was moved, or the clone was. Your"
                    " files in it are as they were. Make the step's folder again, and copy into it"
                    f" what it lacks:\n  {cd}\n  {tour_command(clone, clone)} practice {tag}"
                )
        raise TourError(f"{start} is not in your clone of Flack Tour; go there:\n  {cd}")
    if top is None or has_tour and not top.samefile(start):
        raise TourError(
            f"{start} is not a git repository, and the stages are in the history, which a"
            f" downloaded zip file does not have; {CLONE_ADVICE}"
        )
    return top


def find_clone(start: Path | None = None) -> Path:
    """Return what `find_repository` does; in the folder of a practice, the clone that it is in."""
    repository = find_repository(start)
    main = find_main_folder(repository)
    return main if repository.parent == main / PRACTICE else repository


def find_main_folder(repository: Path) -> Path:
    """Return the top folder of the clone that a worktree belongs to; a clone's own is itself."""
    common = git.run(repository, "rev-parse", "--path-format=absolute", "--git-common-dir")
    folder = Path(common.rstrip("\n"))
    return folder.parent if folder.name == ".git" else repository


def is_shallow(repository: Path) -> bool:
    """Return whether the clone lacks a part of the history."""
    return git.run(repository, "rev-parse", "--is-shallow-repository").strip() == "true"


def tour_command(repository: Path, here: Path | None = None) -> str:
    """Return how a learner types the tour here, as the checkout stands now.

    `here` is the current folder unless another one is given. The stages do not hold the tour, and
    have the installed one in .venv instead; so has a subfolder.
    """
    here = here or Path.cwd()
    if (here / "tour" / "__main__.py").exists():
        return "py -m tour" if os.name == "nt" else "python3 -m tour"
    program = repository / ".venv" / (r"Scripts\tour" if os.name == "nt" else "bin/tour")
    if here.is_relative_to(repository):
        program = Path(os.path.relpath(program, here))
    return platforms.how_to_type(program)

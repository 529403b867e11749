"""The pictures in the pages, made from the code of the stages.

They are SVG that any browser shows as it stands, light and dark, and the same bytes on every
machine: no font is measured, no clock read.
"""

from pathlib import Path

from tour.pictures import flow
from tour.pictures import modules
from tour.pictures import sizes
from tour.pictures.svg import Picture
from tour.stages.line import StageLine
from tour.system.errors import UsageError

FOLDER = "docs/pictures"


def names(line: StageLine) -> list[str]:
    """Return the names of the stage line's pictures, such as `modules-v0.3` and `flow`."""
    return [*(f"modules-{stage.tag}" for stage in line.stages), "flow", "sizes"]


def render(repository: Path, line: StageLine) -> dict[str, bytes]:
    """Return all pictures of the stage line, by their paths under the repository.

    Raise GitError when git does not know one of the stages' commits.
    """
    return {
        f"{FOLDER}/{name}.svg": _draw(repository, line, name).to_svg(name) for name in names(line)
    }


def alt_text(repository: Path, line: StageLine, name: str) -> str:
    """Return what is to be seen in the picture of that name, in one to three sentences.

    Raise UsageError when there is no such picture, GitError when git does not know a commit.
    """
    return _draw(repository, line, name).description


def _draw(repository: Path, line: StageLine, name: str) -> Picture:
    if name not in names(line):
        raise UsageError(f"there is no picture {name}; the pictures are {', '.join(names(line))}")
    if name == "flow":
        return flow.draw(repository, line)
    if name == "sizes":
        return sizes.draw(repository, line)
    tags = [stage.tag for stage in line.stages]
    return modules.draw(repository, line, tags.index(name.removeprefix("modules-")))

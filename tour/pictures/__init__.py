"""The pictures in the pages, made from the code of the stages, and of the tour itself.

They are SVG that any browser shows as it stands, light and dark, and the same bytes on every
machine: no font is measured, no clock read.
"""

from pathlib import Path

from tour.pictures import cuts
from tour.pictures import flow
from tour.pictures import layers
from tour.pictures import modules
from tour.pictures import sizes
from tour.pictures.svg import Picture
from tour.repo import copies
from tour.stages.line import StageLine
from tour.survey.survey import survey_files
from tour.syntax.files import Files
from tour.system.errors import UsageError

FOLDER = "docs/pictures"


def names(repository: Path, line: StageLine) -> list[str]:
    """Return the names of the pictures, such as `modules-v0.3`, `flow` and, on main, `layers`."""
    modules_names = [f"modules-{stage.tag}" for stage in line.stages]
    of_main = ["layers"] * bool(layers.read_layers(repository))
    return [*modules_names, "flow", "sizes", "survey", *of_main]


def render(repository: Path, line: StageLine) -> dict[str, bytes]:
    """Return all pictures, by their paths under the repository.

    Raise GitError when git does not know one of the stages' commits.
    """
    return {
        f"{FOLDER}/{name}.svg": _draw(repository, line, name).to_svg(name)
        for name in names(repository, line)
    }


def alt_text(repository: Path, line: StageLine, name: str) -> str:
    """Return what is to be seen in the picture of that name, in one to three sentences.

    Raise UsageError when there is no such picture, GitError when git does not know a commit.
    """
    return _draw(repository, line, name).description


def _draw(repository: Path, line: StageLine, name: str) -> Picture:
    known = names(repository, line)
    if name not in known:
        raise UsageError(f"there is no picture {name}; the pictures are {', '.join(known)}")
    if name == "flow":
        return flow.draw(repository, line)
    if name == "sizes":
        return sizes.draw(repository, line)
    if name == "survey":
        files = copies.read_files(repository, line.stages[0].commit)
        return cuts.draw(survey_files(line.stages[0].tag, Files(files, {})))
    if name == "layers":
        return layers.draw(repository)
    tags = [stage.tag for stage in line.stages]
    return modules.draw(repository, line, tags.index(name.removeprefix("modules-")))

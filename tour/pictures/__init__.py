"""The pictures in the pages, made from the stages' code or runs, and from the tour itself.

They are SVG that any browser shows as it stands, light and dark, and the same bytes on every
machine: no font is measured, no clock read.
"""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tour.pictures import applications
from tour.pictures import blueprint
from tour.pictures import cuts
from tour.pictures import flow
from tour.pictures import layers
from tour.pictures import loading
from tour.pictures import modules
from tour.pictures import refusals
from tour.pictures import settings
from tour.pictures import sizes
from tour.pictures.svg import Picture
from tour.repo import copies
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.survey.survey import survey_files
from tour.syntax.files import Files
from tour.system.errors import UsageError

FOLDER = "docs/pictures"


class OfRun(NamedTuple):
    """A picture of what a stage does when it runs: its tag, a module of it, and what draws it."""

    tag: str
    module: str
    draw: Callable[[Path, Stage], Picture]


OF_RUNS = {
    "loading": OfRun("v0.3", "utils.py", loading.draw),
    "refusals": OfRun("v0.5", "flack/auth.py", refusals.draw),
    "settings": OfRun("v0.7", "config.py", settings.draw),
    "blueprint": OfRun("v0.8", "flack/api.py", blueprint.draw),
    "applications": OfRun("v0.10", "flack/__init__.py", applications.draw),
}


def names(repository: Path, line: StageLine) -> list[str]:
    """Return the names of the pictures, such as `modules-v0.3`, `flow` and, on main, `layers`."""
    modules_names = [f"modules-{stage.tag}" for stage in line.stages]
    of_runs = [name for name in OF_RUNS if _find_run(repository, line, name)]
    has_layers = bool(layers.read_layers(repository))
    return [*modules_names, "flow", "sizes", "survey", *of_runs, *["layers"] * has_layers]


def render(repository: Path, line: StageLine) -> dict[str, bytes]:
    """Return all pictures, by their paths under the repository."""
    return {
        f"{FOLDER}/{name}.svg": _draw(repository, line, name).to_svg(name)
        for name in names(repository, line)
    }


def alt_text(repository: Path, line: StageLine, name: str) -> str:
    """Return what the picture of that name shows, in one to three sentences; raise UsageError."""
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
    if name in OF_RUNS:
        stage = _find_run(repository, line, name)
        assert stage is not None
        return OF_RUNS[name].draw(repository, stage)
    tags = [stage.tag for stage in line.stages]
    return modules.draw(repository, line, tags.index(name.removeprefix("modules-")))


@functools.cache
def _find_run(repository: Path, line: StageLine, name: str) -> Stage | None:
    """Return the stage whose run the picture shows, None where no stage has its module."""
    tag, module, _ = OF_RUNS[name]
    stages = [stage for stage in line.stages if stage.tag == tag]
    found = [stage for stage in stages if module in copies.read_files(repository, stage.commit)]
    return found[0] if found else None

"""The pictures in the pages, made from the stages' code or runs, and from the tour itself.

They are SVG that any browser shows as it stands, light and dark, and the same bytes on every
machine: no font is measured, no clock read.
"""

from collections.abc import Callable
from functools import cache
from functools import partial
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


def find_drawings(repository: Path, line: StageLine) -> dict[str, Callable[[], Picture]]:
    """Return what draws each picture, by its name: `modules-v0.3`, `flow`, on main `layers`."""
    drawings: dict[str, Callable[[], Picture]] = {
        f"modules-{stage.tag}": partial(modules.draw, repository, line, position)
        for position, stage in enumerate(line.stages)
    }
    drawings["flow"] = partial(flow.draw, repository, line)
    drawings["sizes"] = partial(sizes.draw, repository, line)
    drawings["survey"] = partial(_draw_survey, repository, line.stages[0])
    for name, of_run in OF_RUNS.items():
        if stage := _find_run(repository, line, name):
            drawings[name] = partial(of_run.draw, repository, stage)
    if layers.read_layers(repository):
        drawings["layers"] = partial(layers.draw, repository)
    return drawings


def render(repository: Path, line: StageLine) -> dict[str, bytes]:
    """Return all pictures, by their paths under the repository."""
    return {
        f"{FOLDER}/{name}.svg": draw().to_svg(name)
        for name, draw in find_drawings(repository, line).items()
    }


def alt_text(repository: Path, line: StageLine, name: str) -> str:
    """Return what the picture of that name shows, in one to three sentences; raise UsageError."""
    drawings = find_drawings(repository, line)
    if name not in drawings:
        raise UsageError(f"there is no picture {name}; the pictures are {', '.join(drawings)}")
    return drawings[name]().description


def _draw_survey(repository: Path, stage: Stage) -> Picture:
    files = copies.read_files(repository, stage.commit)
    return cuts.draw(survey_files(stage.tag, Files(files, {})))


@cache
def _find_run(repository: Path, line: StageLine, name: str) -> Stage | None:
    """Return the stage whose run the picture shows, None where no stage has its module."""
    tag, module, _ = OF_RUNS[name]
    stages = [stage for stage in line.stages if stage.tag == tag]
    found = [stage for stage in stages if module in copies.read_files(repository, stage.commit)]
    return found[0] if found else None

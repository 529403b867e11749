"""The picture of what v0.8's blueprint notes when, and of when the application gets its routes."""

from pathlib import Path

from tour.pictures import lanes
from tour.pictures.lanes import Lane
from tour.pictures.lanes import Panel
from tour.pictures.lanes import Row
from tour.pictures.lanes import Words
from tour.pictures.svg import Picture
from tour.probes import blueprint
from tour.probes import running
from tour.stages.line import Stage
from tour.system.wording import count
from tour.system.wording import enumerate_words

MODULE, NOTES, ROUTES = range(3)
HEADS = (Lane("api.py", "module"), Lane("api", "its notes"), Lane("app", "its routes"))
TITLES = {
    blueprint.NOTED: "flack.py imports api.py: the blueprint takes notes",
    blueprint.ADDED: "flack.py calls app.register_blueprint(api): the notes are played back",
}

# pixels from where words begin to the place and the decorator, or to the method, the path and the
# endpoint, and to the counts
COLUMNS = {blueprint.NOTED: (0, 52, 300), blueprint.ADDED: (0, 52, 200, 350)}


def draw(repository: Path, stage: Stage) -> Picture:
    """Draw the notes in the order in which they are taken, then what comes of them."""
    steps = [blueprint.Step(*row) for row in running.watch(repository, stage, "blueprint")]
    panels = [
        Panel(
            title,
            HEADS,
            tuple(_make_row(step) for step in steps if step.kind == kind),
            COLUMNS[kind],
        )
        for kind, title in TITLES.items()
    ]
    return lanes.draw(f"What the blueprint of {stage.tag} notes", describe(steps), panels)


def describe(steps: list[blueprint.Step]) -> str:
    noted = [step for step in steps if step.kind == blueprint.NOTED]
    added = [step for step in steps if step.kind == blueprint.ADDED]
    names = enumerate_words(step.name for step in noted)
    routes = "; ".join(f"{step.method} {step.path} is {step.name}" for step in added)
    return (
        f"While api.py is imported, the blueprint takes {count(len(noted), 'note')}, for {names}."
        f" The application has {count(noted[-1].routes, 'route')} of it then. When it is"
        f" registered, each note becomes a route: {routes}."
    )


def _make_row(step: blueprint.Step) -> Row:
    routes = count(step.routes, "route")
    if step.kind == blueprint.NOTED:
        start, end = MODULE, NOTES
        words: tuple[Words, ...] = (
            Words(0, f"line {step.line}", "small muted"),
            Words(1, f'@api.{step.method.lower()}("{step.path}")'),
            Words(2, f"{count(step.notes, 'note')}, {routes}", "small muted"),
        )
    else:
        start, end = NOTES, ROUTES
        words = (
            Words(0, step.method, "small muted"),
            Words(1, step.path),
            Words(2, step.name),
            Words(3, routes, "small muted"),
        )
    return Row(words, ((start, lanes.DONE), (end, lanes.DONE)), (start, end))

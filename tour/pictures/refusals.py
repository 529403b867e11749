"""The picture of who answers a request at v0.5: auth.py, with 401, or a route."""

from itertools import groupby
from pathlib import Path

from tour.pictures import lanes
from tour.pictures.lanes import Lane
from tour.pictures.lanes import Panel
from tour.pictures.lanes import Row
from tour.pictures.lanes import Words
from tour.pictures.svg import Picture
from tour.probes import refusals
from tour.probes import running
from tour.stages.line import Stage
from tour.system.wording import enumerate_words

CLIENT, AUTH, ROUTE = range(3)
HEADS = (Lane("the client", "sends"), Lane("auth.py", "who is it?"), Lane("the route", "may they?"))
AUTH_FILE = "auth.py"

# pixels from where words begin to the status, what the request proves, and who answers
COLUMNS = (0, 40, 190)


def draw(repository: Path, stage: Stage) -> Picture:
    """Draw who answers, request by request."""
    answers = [refusals.Answer(*row) for row in running.watch(repository, stage, "refusals")]
    panels = [
        Panel(request, HEADS, tuple(map(_make_row, found)), COLUMNS)
        for request, found in groupby(answers, _name)
    ]
    return lanes.draw(f"Who answers a request at {stage.tag}", describe(answers), panels)


def describe(answers: list[refusals.Answer]) -> str:
    by_auth, by_route = (
        [
            f"{request} {enumerate_words(given)}"
            for request, found in groupby(answers, _name)
            if (
                given := [
                    f"{answer.status} with {answer.proof}"
                    for answer in found
                    if (answer.file == AUTH_FILE) == is_auth
                ]
            )
        ]
        for is_auth in (True, False)
    )
    return (
        f"An arrow leads from the client to who answers, and auth.py does so here:"
        f" {'; '.join(by_auth)}. A route does so here: {'; '.join(by_route)}."
    )


def _name(answer: refusals.Answer) -> str:
    whose = {refusals.OWN: ", ann's message", refusals.MISSING: ", which is not there"}
    return f"{answer.method} {answer.path}{whose.get(answer.path, '')}"


def _make_row(answer: refusals.Answer) -> Row:
    is_refused = answer.status >= 400
    end = AUTH if answer.file == AUTH_FILE else ROUTE
    passed = [(lane, lanes.DONE) for lane in range(end)]
    return Row(
        (
            Words(0, str(answer.status), "name cycle" if is_refused else "name"),
            Words(1, f"with {answer.proof}"),
            Words(2, f"{answer.function}() in {answer.file}", "small muted"),
        ),
        (*passed, (end, lanes.REFUSED if is_refused else lanes.DONE)),
        (CLIENT, end),
    )

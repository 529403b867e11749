"""See what the API's blueprint notes while its module is imported, and when that becomes routes."""

import inspect
import sys
from typing import Any
from typing import NamedTuple

# a route is declared on the blueprint; the application gets it
NOTED, ADDED = "noted", "added"

NAME = "api"


class Step(NamedTuple):
    """Something that happened to a route, and how much there was of both after that.

    `path` and `name` are as they were given to the one to whom it happened: to the blueprint, at
    the line of `flack/api.py`, or to the application. `notes` are the blueprint's functions that
    wait for an application, `routes` those of the application that belong to the blueprint.
    """

    kind: str
    method: str
    path: str
    name: str
    line: int
    notes: int
    routes: int


def see() -> list[Step]:
    """Return what happens while `flack` is imported from the current folder."""
    from flask import Blueprint
    from flask import Flask

    steps: list[Step] = []
    noted: dict[str, Any] = {}
    for_blueprint, for_application = Blueprint.add_url_rule, Flask.add_url_rule

    def note(kind: str, path: str, name: str, view: Any, methods: list[str]) -> None:
        line = inspect.unwrap(view).__code__.co_firstlineno
        # the module that makes the application imports the other one, and so runs still
        app = sys.modules["flack.flack"].app
        routes = [rule for rule in app.url_map.iter_rules() if _is_of_blueprint(rule.endpoint)]
        notes = len(noted[NAME].deferred_functions)
        [method] = methods
        steps.append(Step(kind, method, path, name, line, notes, len(routes)))

    def note_for_blueprint(self: Any, rule: str, *arguments: Any, **options: Any) -> None:
        for_blueprint(self, rule, *arguments, **options)
        if self.name == NAME:
            noted[NAME] = self
            _, view = arguments
            note(NOTED, rule, view.__name__, view, options["methods"])

    def note_for_application(self: Any, rule: str, *arguments: Any, **options: Any) -> None:
        for_application(self, rule, *arguments, **options)
        if arguments and _is_of_blueprint(arguments[0]):
            endpoint, view = arguments
            note(ADDED, rule, endpoint, view, options["methods"])

    Blueprint.add_url_rule = note_for_blueprint
    Flask.add_url_rule = note_for_application
    import flack

    assert noted[NAME] is flack.flack.api
    return steps


def _is_of_blueprint(endpoint: str | None) -> bool:
    return endpoint is not None and endpoint.startswith(f"{NAME}.")

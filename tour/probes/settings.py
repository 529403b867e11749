"""See which value a setting has in each configuration, whatever the environment and a file say."""

import os
import runpy
from pathlib import Path
from typing import NamedTuple

CONFIGS = ("development", "testing", "production")

# the settings, each with a variable of the environment, what that says, and what the file says
SETTINGS = {
    "SECRET_KEY": ("SECRET_KEY", "of the environment", "of the file"),
    "SQLALCHEMY_DATABASE_URI": ("DATABASE_URL", "sqlite:///environment", "sqlite:///file"),
    "HISTORY_SECONDS": ("HISTORY_SECONDS", "60", 120),
}


class Case(NamedTuple):
    """A configuration, whether the environment and a file say something, and what came of it.

    `values` are those of SETTINGS, in order; `refusal` is empty where Flack would start.
    """

    config: str
    environment: bool
    file: bool
    values: list[object]
    refusal: str


class Own(NamedTuple):
    """Which of SETTINGS the class of a configuration sets itself."""

    config: str
    settings: list[str]


def see() -> tuple[list[Case], list[Own]]:
    """Return the cases, and what each class sets itself."""
    cases = [
        _start(config, environment, file)
        for config in CONFIGS
        for environment in (False, True)
        for file in (False, True)
    ]
    classes = runpy.run_path("config.py")["CONFIGS"]
    own = [
        Own(config, [name for name in SETTINGS if name in vars(classes[config])])
        for config in CONFIGS
    ]
    return cases, own


def _start(config: str, environment: bool, file: bool) -> Case:
    from flask import Flask

    lines = [f"{name} = {of_file!r}\n" for name, (_, _, of_file) in SETTINGS.items()]
    Path("some.cfg").write_text("".join(lines), encoding="utf-8")
    variables = {"FLACK_CONFIG": config} | ({"FLACK_SETTINGS": "some.cfg"} if file else {})
    if environment:
        variables |= {name: value for name, value, _ in SETTINGS.values()}
    for name in ("FLACK_SETTINGS", *(name for name, _, _ in SETTINGS.values())):
        os.environ.pop(name, None)
    os.environ.update(variables)
    # each time, for the classes take their values when the module is run
    module = runpy.run_path("config.py")
    app = Flask("flack")
    try:
        module["configure"](app)
    except module["ConfigurationError"] as error:
        refusal = str(error)
    else:
        refusal = ""
    return Case(config, environment, file, [app.config.get(name) for name in SETTINGS], refusal)

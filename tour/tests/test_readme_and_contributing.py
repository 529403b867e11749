"""README.md, CONTRIBUTING.md and the settings of tools: what they name is there."""

import pkgutil
import re
import shlex
import sys
from pathlib import Path

import pytest

from tour import cli
from tour import commands as verb_modules
from tour.environments import environment
from tour.environments import pythons
from tour.stages.manifest import MANIFEST_PATH

FENCE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
PROGRAM = re.compile(r"\.venv/bin/([\w-]+)")

# a path in the repository
FILE = re.compile(r"(tour|docs|tests|flack)/\S*|[\w./-]+\.(md|toml|py|txt|cfg)")

# what stands for a name and a module of the reader's own
PLACEHOLDER = re.compile(r"NAME|^app\.py$")


@pytest.fixture(scope="module")
def main(this_repository: Path) -> Path:
    """The working tree, where it is that of main."""
    if not (this_repository / MANIFEST_PATH).exists():
        pytest.skip("a stage has no CONTRIBUTING.md")
    return this_repository


@pytest.fixture(scope="module", params=["README.md", "CONTRIBUTING.md"])
def guide(main: Path, request: pytest.FixtureRequest) -> str:
    """The text of one of the two files."""
    return main.joinpath(request.param).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def commands(guide: str) -> list[list[str]]:
    """The commands in the guide's blocks and sentences, word by word."""
    blocks = "".join(FENCE.findall(guide)).splitlines()
    assert all(line.startswith("$ ") for line in blocks)
    texts = [line.removeprefix("$ ") for line in blocks] + CODE.findall(FENCE.sub("", guide))
    return [shlex.split(text, posix=False) for text in texts]


@pytest.fixture(scope="module")
def calls(commands: list[list[str]]) -> list[list[str]]:
    """What follows `tour` in each of the commands, without those that name no verb."""
    calls = [words[3:] for words in commands if words[:3] == ["python3", "-m", "tour"]]
    calls += [words[1:] for words in commands if words[0] in ("tour", ".venv/bin/tour")]
    return [call for call in calls if call]


def is_installed(name: str) -> bool:
    """Return whether the environment of the tour has a program."""
    return environment.program(Path(sys.prefix), name).exists()


def test_the_verbs_and_options_that_a_guide_names_are_the_tours(calls: list[list[str]]) -> None:
    assert ["test"] in calls
    for call in calls:
        assert cli.parse(call).verb == call[0]


def test_the_readme_names_every_verb(main: Path) -> None:
    code = CODE.findall(main.joinpath("README.md").read_text(encoding="utf-8"))
    named = {word for text in code for word in text.split()} | {"start", "test"}
    verbs = {module.name for module in pkgutil.iter_modules(verb_modules.__path__)}
    assert sorted(verbs - named) == []


def test_the_programs_that_a_guide_names_are_in_the_environment(guide: str) -> None:
    names = set(PROGRAM.findall(guide))
    assert names
    assert [name for name in names if not is_installed(name)] == []


def test_the_files_that_a_guide_names_are_there(main: Path, commands: list[list[str]]) -> None:
    words = {word for command in commands for word in command}
    paths = {word for word in words if FILE.fullmatch(word) and not PLACEHOLDER.search(word)}
    assert paths
    assert sorted(path for path in paths if not (main / path).exists()) == []


def test_the_hooks_run_programs_of_the_environment(main: Path) -> None:
    hooks = main.joinpath(".pre-commit-config.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"entry: (.*)", hooks)
    assert entries
    assert [entry for entry in entries if not is_installed(PROGRAM.match(entry)[1])] == []


def test_the_workflow_runs_on_each_python_that_the_stages_are_checked_on(main: Path) -> None:
    workflow = main.joinpath(".github", "workflows", "check.yml").read_text(encoding="utf-8")
    [versions] = re.findall(r"python: \[(.*)\]", workflow)
    minors = range(pythons.OLDEST[1], pythons.NEWEST[1] + 1)
    assert versions == ", ".join(f'"3.{minor}"' for minor in minors)

"""Reading a stage's commands from its README."""

import pytest

from tour.stages import readme
from tour.system.errors import TourError
from tour.tests.synthetic import README

TEXT = README.format(tag="v0.1")


def test_the_commands_are_read_by_heading() -> None:
    commands = readme.parse_commands(TEXT, "v0.1")
    assert commands.install == ("pip install -r requirements.txt",)
    assert commands.run == "python flack.py"
    assert commands.test == ("pytest",)


def test_what_a_command_prints_is_no_command() -> None:
    text = TEXT.replace("$ pytest", "$ pytest\n9 passed in 0.10s\n$ flake8")
    assert readme.parse_commands(text, "v0.1").test == ("pytest", "flake8")


def test_the_line_ends_of_windows_are_read() -> None:
    text = TEXT.replace("\n", "\r\n")
    assert readme.parse_commands(text, "v0.1") == readme.parse_commands(TEXT, "v0.1")


@pytest.mark.parametrize("heading", ["Install", "Run", "Test"])
def test_a_heading_that_is_missing_is_named_with_the_stage(heading: str) -> None:
    with pytest.raises(TourError, match=f"v0.4: .*'## {heading}'"):
        readme.parse_commands(TEXT.replace(f"## {heading}", "## Other"), "v0.4")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("```console\n$ pytest\n```", "Run pytest."),
        ("```console\n$ pytest\n```", "```console\n$ pytest\n```\n\n```console\n$ flake8\n```"),
        ("$ pytest", "pytest"),
    ],
)
def test_a_heading_without_one_block_of_commands_is_named(old: str, new: str) -> None:
    with pytest.raises(TourError, match="v0.4: .*'## Test'"):
        readme.parse_commands(TEXT.replace(old, new), "v0.4")


def test_two_commands_to_run_are_refused() -> None:
    text = TEXT.replace("$ python flack.py", "$ python flack.py\n$ python flack.py")
    with pytest.raises(TourError, match="v0.4: .*'## Run', has 2"):
        readme.parse_commands(text, "v0.4")

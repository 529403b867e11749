"""Which browsers are found, what is said where there is none, and when Firefox has a part."""

import os
from pathlib import Path

import pytest

from tour import cli
from tour.commands import test as command
from tour.system import browsers
from tour.system import platforms
from tour.system.platforms import System
from tour.tests.synthetic import Clone

NOT_FOUND = (
    "Firefox is not installed, and the web client is to be tested in it; install it with sudo apt"
    " install firefox-esr"
)


@pytest.fixture
def no_firefox(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Debian that has no Firefox."""
    monkeypatch.setattr(platforms, "this_system", lambda: System.DEBIAN)
    lacking = browsers.BROWSERS["firefox"]._replace(programs=(), places=())
    monkeypatch.setitem(browsers.BROWSERS, "firefox", lacking)


@pytest.mark.skipif(os.name == "nt", reason="there a program is known by its ending")
def test_the_first_program_of_a_family_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for program in ("firefox", "firefox-esr"):
        tmp_path.joinpath(program).touch(mode=0o755)
    assert browsers.find("firefox") == str(tmp_path / "firefox-esr")


def test_a_browser_is_found_where_it_lies_off_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    place = tmp_path / "Firefox"
    place.touch()
    firefox = browsers.BROWSERS["firefox"]._replace(places=(str(place),))
    monkeypatch.setitem(browsers.BROWSERS, "firefox", firefox)
    assert browsers.require("firefox") == str(place)


def test_a_check_without_its_browser_says_how_to_install_it(
    no_firefox: None, clone: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(clone.folder)
    assert cli.main(["check", "v0.1", "--browser", "firefox"]) == 2
    assert capsys.readouterr().err == f"tour: {NOT_FOUND}\n"


def test_firefox_has_a_part_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "find", lambda name: name)
    assert command._wants_firefox()


@pytest.mark.parametrize("required", [False, True])
def test_a_firefox_that_lacks_is_a_failure_where_all_is_required(
    no_firefox: None, monkeypatch: pytest.MonkeyPatch, required: bool
) -> None:
    monkeypatch.setattr(platforms, "all_is_required", lambda: required)
    assert command._wants_firefox() is required

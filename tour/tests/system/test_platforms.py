"""Which system this is, and what its users type."""

import platform
from pathlib import PurePosixPath

import pytest

from tour.system import platforms
from tour.system.platforms import Need
from tour.system.platforms import System


@pytest.mark.parametrize(
    ("release", "system"),
    [
        ({"ID": "debian"}, System.DEBIAN),
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, System.UBUNTU),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, System.DEBIAN),
        ({"ID": "fedora"}, System.FEDORA),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, System.FEDORA),
        ({"ID": "arch"}, System.LINUX),
    ],
)
def test_a_linux_is_told_by_its_release(
    release: dict[str, str], system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: release)
    assert platforms.this_system() is system


@pytest.mark.parametrize(
    ("name", "system"), [("Darwin", System.MACOS), ("Windows", System.WINDOWS)]
)
def test_other_systems_are_told_by_their_name(
    name: str, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: name)
    assert platforms.this_system() is system


@pytest.mark.parametrize("need", Need)
@pytest.mark.parametrize("system", [system for system in System if system != System.LINUX])
def test_every_known_system_has_a_command_for_every_need(
    need: Need, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platforms, "this_system", lambda: system)
    assert platforms.how_to_install(need, "3.12").startswith("install it with\n  ")


@pytest.mark.parametrize(
    ("system", "typed"),
    [
        (System.DEBIAN, "git -C '/my clone' add plain.py 'my file'"),
        (System.WINDOWS, 'git -C "/my clone" add plain.py "my file"'),
    ],
)
def test_a_path_with_a_space_stays_one_word_of_a_command(
    system: System, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platforms, "this_system", lambda: system)
    words = ("git", "-C", PurePosixPath("/my clone"), "add", "plain.py", "my file")
    assert platforms.how_to_type(*words) == typed


def test_an_unknown_system_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms, "this_system", lambda: System.LINUX)
    assert "Chromium" in platforms.how_to_install(Need.BROWSER)


@pytest.mark.parametrize(
    "variable, system, required",
    [
        ("true", System.DEBIAN, True),
        ("true", System.UBUNTU, True),
        # apt-get, which .ci/run installs with, is not there
        ("true", System.MACOS, False),
        ("true", System.WINDOWS, False),
        ("", System.DEBIAN, False),
    ],
)
def test_all_is_required_in_ci_where_it_can_be_installed(
    monkeypatch: pytest.MonkeyPatch, variable: str, system: System, required: bool
) -> None:
    monkeypatch.setenv("CI", variable)
    monkeypatch.setattr(platforms, "this_system", lambda: system)
    assert platforms.all_is_required() is required

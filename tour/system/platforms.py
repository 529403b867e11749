"""The kinds of system on which the tour runs, and the commands that their users type."""

import os
import platform
import shlex
import subprocess
from enum import Enum
from pathlib import PurePath


class System(Enum):
    """A system with its own commands; LINUX is one whose package manager is not known here."""

    DEBIAN = "Debian"
    UBUNTU = "Ubuntu"
    FEDORA = "Fedora"
    LINUX = "Linux"
    MACOS = "macOS"
    WINDOWS = "Windows"


class Need(Enum):
    """A program, or a part of one, that a user may have to install."""

    PYTHON = "Python 3.13"
    OTHER_PYTHON = "a Python of another version"
    VENV = "the part of Python that makes environments"
    GIT = "git"
    BROWSER = "Chromium"
    FIREFOX = "Firefox"
    NGINX = "nginx"
    POSTGRESQL = "PostgreSQL"
    LOGROTATE = "logrotate"
    REDIS = "Redis"


def _packages(apt: str, dnf: str, brew: str, winget: str) -> dict[System, str]:
    """Return the commands that install packages of these names."""
    return {
        System.DEBIAN: f"sudo apt install {apt}",
        System.UBUNTU: f"sudo apt install {apt}",
        System.FEDORA: f"sudo dnf install {dnf}",
        System.MACOS: f"brew install {brew}",
        System.WINDOWS: f"winget install {winget}",
    }


# what serves others does so in WSL, which is an Ubuntu
WSL = {System.WINDOWS: "wsl --install"}

# Ubuntu has Chromium as a snap alone, Homebrew's Chromium is not signed
INSTALL = {
    Need.PYTHON: _packages(
        "python3 python3-venv", "python3.13", "python@3.13", "Python.Python.3.13"
    ),
    Need.OTHER_PYTHON: _packages(
        *("python{version} python{version}-venv", "python{version}"),
        *("python@{version}", "Python.Python.{version}"),
    ),
    Need.VENV: _packages(
        *("python{version}-venv", "python{version}", "", "--force Python.Python.{version}")
    )
    | {System.MACOS: "brew reinstall python@{version}"},
    Need.GIT: _packages("git", "git", "git", "Git.Git"),
    Need.BROWSER: _packages("chromium", "chromium", "--cask google-chrome", "Google.Chrome")
    | {System.UBUNTU: "sudo snap install chromium"},
    Need.FIREFOX: _packages("firefox-esr", "firefox", "--cask firefox", "Mozilla.Firefox")
    | {System.UBUNTU: "sudo snap install firefox"},
    Need.NGINX: _packages("nginx", "nginx", "nginx", "") | WSL,
    Need.POSTGRESQL: _packages("postgresql", "postgresql-server", "postgresql@17", "") | WSL,
    Need.LOGROTATE: _packages("logrotate", "logrotate", "logrotate", "") | WSL,
    Need.REDIS: _packages("redis-server", "redis", "redis", "") | WSL,
}


def this_system() -> System:
    """Return the kind of this system; a Linux tells it in /etc/os-release (os-release(5))."""
    name = platform.system()
    if name in ("Darwin", "Windows"):
        return System.MACOS if name == "Darwin" else System.WINDOWS
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return System.LINUX
    family = [release["ID"], *release.get("ID_LIKE", "").split()]
    if release["ID"] == "ubuntu":
        return System.UBUNTU
    if "debian" in family:
        return System.DEBIAN
    return System.FEDORA if {"fedora", "rhel"} & set(family) else System.LINUX


def how_to_install(need: Need, version: str = "3.13") -> str:
    """Return the sentence that tells a user of this system how to install what is needed.

    `version` is the version of the Python that is missing, or that misses a part.
    """
    commands = INSTALL[need]
    system = this_system()
    if system not in commands:
        return f"install {need.value} with your system's package manager"
    return f"install it with\n  {commands[system].format(version=version)}"


def how_to_run(version: str) -> str:
    """Return the command that runs the Python of this version, as in 3.13."""
    return _choose(f"python{version}", f"python{version}", f"py -{version}")


def how_to_type(*words: str | PurePath) -> str:
    """Return the command with these words, quoted where a shell would take one for several."""
    join = subprocess.list2cmdline if this_system() is System.WINDOWS else shlex.join
    return join([str(word) for word in words])


def how_to_see_who_listens(port: int) -> str:
    """Return the command that names the program which listens on the port."""
    return _choose(
        f"ss -ltnp 'sport = :{port}'",
        f"lsof -nP -iTCP:{port} -sTCP:LISTEN",
        f"netstat -ano | findstr :{port}",
    )


def how_to_see_addresses() -> str:
    """Return the command that shows the addresses of this machine."""
    return _choose("ip address", "ifconfig", "ipconfig")


def how_to_set_the_clock() -> str:
    """Return the command that sets the clock by the network's."""
    return _choose("sudo timedatectl set-ntp true", "sudo sntp -sS time.apple.com", "w32tm /resync")


def all_is_required() -> bool:
    """Return whether a missing program is a failure: in CI where .ci/run can install it."""
    return bool(os.environ.get("CI")) and this_system() in (System.DEBIAN, System.UBUNTU)


def _choose(linux: str, macos: str, windows: str) -> str:
    """Return the command of this system."""
    return {System.MACOS: macos, System.WINDOWS: windows}.get(this_system(), linux)

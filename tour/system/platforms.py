"""The kinds of system on which the tour runs, and the commands that their users type."""

import platform
from enum import Enum


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


# Ubuntu's are Debian's but for the browsers: it has Chromium as a snap alone; and Homebrew's
# Chromium is not signed
INSTALL = {
    Need.PYTHON: {
        System.DEBIAN: "sudo apt install python3 python3-venv",
        System.FEDORA: "sudo dnf install python3.13",
        System.MACOS: "brew install python@3.13",
        System.WINDOWS: "winget install Python.Python.3.13",
    },
    Need.OTHER_PYTHON: {
        System.DEBIAN: "sudo apt install python{version} python{version}-venv",
        System.FEDORA: "sudo dnf install python{version}",
        System.MACOS: "brew install python@{version}",
        System.WINDOWS: "winget install Python.Python.{version}",
    },
    Need.VENV: {
        System.DEBIAN: "sudo apt install python{version}-venv",
        System.FEDORA: "sudo dnf install python{version}",
        System.MACOS: "brew reinstall python@{version}",
        System.WINDOWS: "winget install --force Python.Python.{version}",
    },
    Need.GIT: {
        System.DEBIAN: "sudo apt install git",
        System.FEDORA: "sudo dnf install git",
        System.MACOS: "brew install git",
        System.WINDOWS: "winget install Git.Git",
    },
    Need.BROWSER: {
        System.DEBIAN: "sudo apt install chromium",
        System.UBUNTU: "sudo snap install chromium",
        System.FEDORA: "sudo dnf install chromium",
        System.MACOS: "brew install --cask google-chrome",
        System.WINDOWS: "winget install Google.Chrome",
    },
    Need.FIREFOX: {
        System.DEBIAN: "sudo apt install firefox-esr",
        System.UBUNTU: "sudo snap install firefox",
        System.FEDORA: "sudo dnf install firefox",
        System.MACOS: "brew install --cask firefox",
        System.WINDOWS: "winget install Mozilla.Firefox",
    },
    # they serve in WSL, which is an Ubuntu
    Need.NGINX: {
        System.DEBIAN: "sudo apt install nginx",
        System.FEDORA: "sudo dnf install nginx",
        System.MACOS: "brew install nginx",
        System.WINDOWS: "wsl --install",
    },
    Need.POSTGRESQL: {
        System.DEBIAN: "sudo apt install postgresql",
        System.FEDORA: "sudo dnf install postgresql-server",
        System.MACOS: "brew install postgresql@17",
        System.WINDOWS: "wsl --install",
    },
    Need.LOGROTATE: {
        System.DEBIAN: "sudo apt install logrotate",
        System.FEDORA: "sudo dnf install logrotate",
        System.MACOS: "brew install logrotate",
        System.WINDOWS: "wsl --install",
    },
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
    commands = {System.UBUNTU: INSTALL[need][System.DEBIAN], **INSTALL[need]}
    system = this_system()
    if system not in commands:
        return f"install {need.value} with your system's package manager"
    return f"install it with\n  {commands[system].format(version=version)}"


def how_to_run(version: str) -> str:
    """Return the command that runs the Python of this version, as in 3.13."""
    return _choose(f"python{version}", f"python{version}", f"py -{version}")


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


def _choose(linux: str, macos: str, windows: str) -> str:
    """Return the command of this system."""
    return {System.MACOS: macos, System.WINDOWS: windows}.get(this_system(), linux)

"""The Python environments: the tour's own in .venv, and one for each stage's requirements."""

import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tour.environments import pythons
from tour.environments import wheels
from tour.repo import cache
from tour.repo.locks import exclusive
from tour.repo.own_folder import hide
from tour.repo.own_folder import own_folder
from tour.repo.temporary import put_in_place
from tour.repo.temporary import sweep
from tour.repo.temporary import temporary_folder
from tour.system import errors
from tour.system import process
from tour.system.status_line import Report

PACKAGE = Path(__file__).parents[1]
REQUIREMENTS = Path(__file__).with_name("requirements.txt")

# seconds that one installation may take, over a slow network
LIMIT = 900.0


def prepare(repository: Path, report: Report) -> Path:
    """Make .venv, or bring it up to date, and return its interpreter.

    It holds uv, the packages that the checks need, and the tour itself. So the command `tour` is
    there when a stage is checked out. `report` is called with a line for each thing that takes
    long. An environment that is up to date is left alone. Temporary folders of killed runs are
    deleted.
    """
    sweep(repository)
    with exclusive(repository, "venv", report):
        return _Venv(repository, report).prepare()


def stage_environment(
    repository: Path,
    python: pythons.Python,
    requirements: str,
    announce: Callable[[], None] = lambda: None,
    report: Report = lambda line: None,
    folder: Path | None = None,
) -> Path:
    """Return the interpreter of an environment that holds the requirements and nothing else.

    `requirements` is the text of a requirements.txt. The environment is made once for each text and
    interpreter, or once in the `folder`, and gets its place when it is complete. `announce` is
    called before it is made, and `report` with a line when another run makes it and this one waits.
    The uv of .venv, which `prepare` makes, installs the packages.
    """
    if folder is None:
        key = _digest(str(python.path), python.version, requirements)[:16]
        folder = own_folder(repository, "envs") / key
    with exclusive(repository, f"env-{_digest(str(folder))[:16]}", report):
        if not interpreter(folder).exists():
            announce()
            wheels.require(repository, python.version)
            with temporary_folder(repository) as unfinished:
                listing = unfinished / "requirements.txt"
                listing.write_text(requirements, encoding="utf-8")
                new = unfinished / "env"
                uv = program(repository / ".venv", "uv")
                _make_with_uv(repository, uv, python.path, new, listing)
                put_in_place(new, folder)
    return interpreter(folder)


def pinned(name: str) -> str:
    """Return the requirement that pins a package of .venv's, as in pip==26.0."""
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{name}=="))


def bytecode(repository: Path) -> dict[str, str]:
    """Return the environment variable with which Python keeps the tour's bytecode in .tour.

    Beside the source it would stay in a folder `tour` when a stage is checked out.
    """
    return {"PYTHONPYCACHEPREFIX": str(own_folder(repository, "bytecode").resolve())}


def interpreter(folder: Path) -> Path:
    """Return the path of an environment's Python."""
    return program(folder, "python")


def program(folder: Path, name: str) -> Path:
    """Return the path of a program in an environment."""
    return folder / "Scripts" / f"{name}.exe" if os.name == "nt" else folder / "bin" / name


def has_pip(python: str) -> bool:
    """Return whether a Python has pip; making an environment with pip takes longer."""
    question = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)"
    return subprocess.run([python, "-I", "-c", question]).returncode == 0


def fetch_uv(folder: Path, run: Callable[[list[str]], None]) -> Path:
    """Install the pinned uv in a temporary folder, and return its path; `run` runs a command.

    pip installs uv alone: uv installs the rest in a tenth of the time.
    """
    python = _find_pip(folder, run)
    target = folder / "uv"
    options = ["--no-cache-dir", "--no-compile", "--no-deps", "--target", str(target)]
    run([python, "-m", "pip", "install", *options, pinned("uv")])
    return target / "bin" / ("uv.exe" if os.name == "nt" else "uv")


def _find_pip(folder: Path, run: Callable[[list[str]], None]) -> str:
    """Return a Python that has pip, in a new environment if there is no other."""
    python = pythons.base_executable()
    if has_pip(python):
        return python
    run([python, "-m", "venv", str(folder / "bootstrap")])
    return str(interpreter(folder / "bootstrap"))


class _Venv:
    """The environment in .venv; a file in it marks it as the tour's, and says what it holds."""

    def __init__(self, repository: Path, report: Report) -> None:
        self.repository = repository
        self.report = report
        self.folder = repository / ".venv"
        self.stamp = self.folder / "tour.json"

    def prepare(self) -> Path:
        stamp = self._read_stamp()
        requirements = _digest(REQUIREMENTS.read_text(encoding="utf-8"))
        python = platform.python_version()
        if (
            stamp.get("requirements") != requirements
            or not interpreter(self.folder).exists()
            # the doctor advises this where a Python that is too new has made it
            or pythons.is_checked(python)
            and not pythons.is_checked(stamp.get("python", python))
        ):
            stamp = {"requirements": requirements, "python": python}
            self._create(stamp)
        if _holds_tour(PACKAGE.parent):
            if stamp.get("tour") != _digest_of_tour(PACKAGE.parent):
                self._install_tour(PACKAGE.parent)
                stamp |= {"tour": _digest_of_tour(PACKAGE.parent)}
                self.stamp.write_text(json.dumps(stamp), encoding="utf-8")
        elif _holds_tour(self.repository):
            if stamp.get("tour") != _digest_of_tour(self.repository):
                self.report("This checkout has another tour; to install it: python3 -m tour start")
        return interpreter(self.folder)

    def _read_stamp(self) -> dict[str, str]:
        if self.stamp.exists():
            stamp: dict[str, str] = json.loads(self.stamp.read_text(encoding="utf-8"))
            return stamp
        if not self.folder.exists() or os.listdir(self.folder) == []:
            return {}
        raise errors.TourError(
            f"{self.folder} is there and not the tour's, which needs that name; move yours out of"
            " this folder and run this again:\n  mv .venv ../my-venv"
        )

    def _create(self, stamp: dict[str, str]) -> None:
        """Make .venv; it replaces an old one when it is complete."""
        if importlib.util.find_spec("ensurepip") is None:
            raise errors.TourError(
                "this Python cannot make environments. Debian and Ubuntu have that part in another"
                " package; install it and run this again:\n"
                f"  sudo apt install python3.{sys.version_info.minor}-venv"
            )
        wheels.require(self.repository, platform.python_version())
        self.report("Making .venv, which takes a while the first time")
        with temporary_folder(self.repository) as unfinished:
            uv = fetch_uv(unfinished, lambda command: _install(self.repository, command))
            new = unfinished / "env"
            base = Path(pythons.base_executable())
            _make_with_uv(self.repository, uv, base, new, REQUIREMENTS)
            hide(new)
            (new / self.stamp.name).write_text(json.dumps(stamp), encoding="utf-8")
            put_in_place(new, self.folder)

    def _install_tour(self, source: Path) -> None:
        self.report("Installing the tour")
        with temporary_folder(self.repository) as unfinished:
            # a copy, because the build leaves files beside the source
            shutil.copy(source / "pyproject.toml", unfinished)
            shutil.copytree(
                source / "tour", unfinished / "tour", ignore=shutil.ignore_patterns("__pycache__")
            )
            uv = [str(program(self.folder, "uv")), "pip", "install"]
            place = ["--python", str(interpreter(self.folder))]
            options = ["--reinstall", "--no-deps", "--no-build-isolation"]
            # with its name, because in a path alone uv ends at a #, such as that of a folder C#
            wanted = f"flack-tour @ {unfinished.as_uri()}"
            _install(self.repository, [*uv, *place, *options, wanted])


def _make_with_uv(
    repository: Path, uv: Path, python: Path, folder: Path, requirements: Path
) -> None:
    """Make an environment, which can be moved, with the packages of a requirements file."""
    command = [str(uv), "venv", "--relocatable", "--python", str(python), str(folder)]
    _install(repository, command)
    command = [str(uv), "pip", "install", "--python", str(interpreter(folder))]
    _install(repository, [*command, "--requirement", str(requirements)])


def _install(repository: Path, command: list[str]) -> None:
    """Run an installer; raise errors.TourError with its output when it fails."""
    settings = wheels.installer_settings(repository)
    with temporary_folder(repository) as folder:
        # in a folder of its own, because Python looks for modules where it is started
        installed = process.finish(command, folder, settings, LIMIT)
    if installed.code != 0:
        if errors.is_disk_full(installed.output):
            raise errors.DiskFullError
        advice = "If the network was away, run this again when it is back."
        if targets := wheels.find_targets(repository):
            advice = f"If a wheel is missing: {wheels.advice(repository, targets)}"
        raise errors.TourError(
            f"{' '.join(command)} {installed.how}:\n{installed.output}\n{advice}"
        )


def _holds_tour(folder: Path) -> bool:
    """Return whether the folder holds the tour's source, as main does and no stage."""
    return (folder / "tour" / "__main__.py").exists() and (folder / "pyproject.toml").exists()


def _digest_of_tour(source: Path) -> str:
    files = [source / "pyproject.toml", *cache.list_files(source / "tour")]
    # the digest is the same where git has checked the files out with CRLF
    texts = ((path, path.read_bytes().replace(b"\r\n", b"\n")) for path in files)
    return _digest(*(f"{path.relative_to(source)}\n{text.hex()}" for path, text in texts))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()

"""The packages that the tour installs: which are installed, and whether the others are available.

Nothing is installed here. pip and uv themselves are asked, so that the answer depends on their own
settings: index, proxy, certificates.
"""

import textwrap
from collections.abc import Sequence
from pathlib import Path

from tour.environments import environment
from tour.environments import pythons
from tour.environments import wheels
from tour.repo import git
from tour.repo.temporary import temporary_folder
from tour.stages.line import Stage
from tour.system import process
from tour.system.errors import TourError
from tour.system.status_line import Report

# seconds: making an environment with pip in it or fetching uv, one question without a download
FETCH = 60.0
QUESTION = 20.0

# the most characters of an installer's output that a finding quotes
SUMMARY_LENGTH = 240

# so that an index that does not answer is reported soon
ONE_TRY = {
    "PIP_DEFAULT_TIMEOUT": "5",
    "PIP_RETRIES": "0",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "UV_HTTP_TIMEOUT": "5",
    "UV_HTTP_RETRIES": "0",
}


class UnavailableError(TourError):
    """A required package is not available; the message says which one, or why."""


class _WouldInstallError(Exception):
    """The installer was about to install something, and was stopped."""


def venv_is_ready(repository: Path) -> bool:
    """Return whether .venv is complete and up to date; raise TourError when it cannot be."""
    try:
        environment.prepare(repository, _refuse)
    except _WouldInstallError:
        return False
    return True


def install_stage(
    repository: Path,
    stage: Stage,
    report: Report,
    more: str = "",
    named: str = "",
    requirements: str | None = None,
) -> Path:
    """Return the interpreter of the stage's environment, made unless it is there.

    `more` are requirements beside the stage's, which `report` is told as `named`. `requirements`
    is the text of a requirements.txt to take in place of the stage's.
    """
    if requirements is None:
        requirements = read_requirements(repository, stage)
    return environment.stage_environment(
        repository,
        pythons.find_python(),
        requirements + more,
        lambda: report(f"Installing what {stage.tag} requires{named}"),
        report,
    )


def find_stage_python(repository: Path, stage: Stage) -> Path | None:
    """Return the interpreter of the stage's environment, None when there is none yet."""
    try:
        return install_stage(repository, stage, _refuse)
    except _WouldInstallError:
        return None


def read_requirements(repository: Path, stage: Stage) -> str:
    """Return the text of the stage's requirements.txt."""
    return git.run(repository, "show", f"{stage.commit}:requirements.txt")


def require_available(repository: Path, stages: Sequence[Stage], venv: bool) -> None:
    """Raise UnavailableError unless all packages that the stages require are available.

    They come from the clone's wheels where it has them, else from the package index. With `venv`,
    .venv is ready and its uv asks for them. Without, pip fetches uv first, and that uv asks for the
    packages of .venv too. The download of some 25 MB is deleted again: it tests both installers'
    settings, and the speed of the network.
    """
    with temporary_folder(repository) as folder:
        settings = wheels.installer_settings(repository) | ONE_TRY
        listings = _write_requirements(folder, repository, stages)
        if venv:
            uv = environment.program(repository / ".venv", "uv")
        else:
            uv = environment.fetch_uv(
                folder, lambda command: _ask(command, folder, settings, FETCH)
            )
            listings.append(environment.REQUIREMENTS)
        place = ["--python", str(pythons.find_python().path), "--target", str(folder / "none")]
        options = ["pip", "install", "--dry-run", "--no-cache", "--quiet"]
        # one at a time, because two environments may have two versions of a package
        for listing in listings:
            wanted = ["--requirement", str(listing)]
            _ask([str(uv), *options, *place, *wanted], folder, settings, QUESTION)


def _refuse(line: str) -> None:
    """Stop the installer, which calls this before everything that takes long."""
    raise _WouldInstallError(line)


def _write_requirements(folder: Path, repository: Path, stages: Sequence[Stage]) -> list[Path]:
    listings: list[Path] = []
    for text in sorted({read_requirements(repository, stage) for stage in stages}):
        listings.append(folder / f"requirements-{len(listings)}.txt")
        listings[-1].write_text(text, encoding="utf-8")
    return listings


def _ask(command: list[str], folder: Path, settings: dict[str, str], limit: float) -> None:
    """Run a command; raise UnavailableError when it fails or takes too long."""
    answer = process.finish(command, folder, settings, limit)
    if answer.code is None:
        name = " ".join([Path(command[0]).stem, *command[1:3]])
        raise UnavailableError(f"{name} gave no answer in {limit:.0f} s")
    if answer.code != 0:
        raise UnavailableError(_summarize(answer.output))


def _summarize(output: str) -> str:
    """Return an installer's output from its first error on, in one line that is not too long."""
    lines = output.splitlines() or ["it failed and printed nothing"]
    is_error = [line.strip().lower().startswith(("error:", "×")) for line in lines]
    first = is_error.index(True) if any(is_error) else -1
    return textwrap.shorten(" ".join(lines[first:]), SUMMARY_LENGTH, placeholder=" ...")

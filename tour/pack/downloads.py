"""Downloads of the wheels for other machines: for any Python and platform, each once."""

import re
import shutil
import threading
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tour.environments import wheels
from tour.environments.pythons import OLDEST
from tour.environments.wheels import Target
from tour.repo.cache import digest
from tour.repo.locks import exclusive
from tour.repo.own_folder import own_folder
from tour.repo.own_folder import write_whole
from tour.repo.temporary import temporary_folder
from tour.system import process
from tour.system.errors import DiskFullError
from tour.system.errors import TourError
from tour.system.errors import UsageError
from tour.system.errors import is_disk_full
from tour.system.status_line import Report
from tour.system.threads import beside

# seconds that one download may take, over a slow network; seconds between two reads of its output
LIMIT = 3600.0
PAUSE = 0.5

VERSION = re.compile(r"3\.(\d+)")

# pip's words for a download, and those of pip and uv when there is no wheel
DOWNLOAD = re.compile(r"Downloading (\S+\.whl) \((.+)\)")
NOT_FOUND = re.compile(r"(?:No matching distribution found for|Because) (\S+?)(?: has no |\n|$)")


class Platform(NamedTuple):
    """A kind of machine: uv's name for it, and the tags of the wheels that run on it.

    For macOS and Windows the newest tag is enough, because pip adds the older ones.
    """

    uv: str
    tags: tuple[str, ...]


def _manylinux(machine: str) -> tuple[str, ...]:
    """Return the tags of wheels that run with glibc 2.28, which Debian has had since 2019."""
    return tuple(f"manylinux_2_{minor}_{machine}" for minor in range(28, 4, -1)) + tuple(
        f"manylinux{year}_{machine}" for year in ("2014", "2010", "1")
    )


PLATFORMS = {
    "linux-arm64": Platform("aarch64-manylinux_2_28", _manylinux("aarch64")),
    "linux-x86_64": Platform("x86_64-manylinux_2_28", _manylinux("x86_64")),
    "macos-arm64": Platform("aarch64-apple-darwin", ("macosx_13_0_arm64",)),
    "macos-x86_64": Platform("x86_64-apple-darwin", ("macosx_13_0_x86_64",)),
    "windows-arm64": Platform("aarch64-pc-windows-msvc", ("win_arm64",)),
    "windows-x86_64": Platform("x86_64-pc-windows-msvc", ("win_amd64",)),
}


def make_target(python: str, platform: str) -> Target:
    """Return the target of these names; raise UsageError when wheels cannot be fetched for it."""
    version = VERSION.fullmatch(python)
    if version is None or (3, int(version[1])) < OLDEST:
        raise UsageError(f"{python} is no Python that the stages run on; give one as in 3.13")
    if platform not in PLATFORMS:
        raise UsageError(f"there are no wheels for {platform}; choose from {', '.join(PLATFORMS)}")
    return Target(python, platform)


def fetch(
    repository: Path, python: Path, targets: list[Target], requirements: list[str], report: Report
) -> list[Path]:
    """Return the wheels that the requirements need on the targets, fetched where they are missing.

    `python` is the interpreter of .venv. `requirements` are the texts of requirements.txt files,
    which may have different versions of a package. All targets are resolved before the first
    download. The wheels stay in .tour/downloads. Raise TourError when a package has no wheel.
    """
    downloads = own_folder(repository, "downloads")
    listings = {target: downloads / f"{digest(*target, *requirements)}.txt" for target in targets}
    with exclusive(repository, "downloads", report), temporary_folder(repository) as folder:
        fetcher = _Fetcher(repository, python, folder, downloads, report)
        missing = [target for target in targets if not _is_complete(listings[target])]
        pins = {target: fetcher.resolve(target, requirements) for target in missing}
        for target in missing:
            write_whole(listings[target], "\n".join(fetcher.download(target, pins[target])))
    names = {name for listing in listings.values() for name in _read_listing(listing)}
    return [downloads / name for name in sorted(names)]


def _read_listing(listing: Path) -> list[str]:
    return listing.read_text(encoding="utf-8").splitlines()


def _is_complete(listing: Path) -> bool:
    return listing.exists() and all(
        listing.with_name(name).exists() for name in _read_listing(listing)
    )


class _Fetcher(NamedTuple):
    """Fetches wheels into the folder `downloads`; `folder` is for temporary files."""

    repository: Path
    python: Path
    folder: Path
    downloads: Path
    report: Report

    def resolve(self, target: Target, requirements: list[str]) -> list[list[str]]:
        """Return for each text its pins on the target, without those of the texts before it.

        uv resolves, because it reads markers for the target. pip reads them for this machine.
        """
        self.report(f"Looking up what {target} needs")
        listing = self.folder / "requirements.txt"
        answer = self.folder / "pins.txt"
        batches: list[list[str]] = []
        for text in requirements:
            listing.write_text(text, encoding="utf-8")
            answer.unlink(missing_ok=True)
            self._run(
                target,
                [
                    *("uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate"),
                    *("--only-binary", ":all:", "--python", str(self.python)),
                    *("--python-version", target.python),
                    *("--python-platform", PLATFORMS[target.platform].uv),
                    *("--output-file", str(answer), str(listing)),
                ],
            )
            known = {pin for batch in batches for pin in batch}
            pins = answer.read_text(encoding="utf-8").splitlines()
            batches.append([pin for pin in pins if pin not in known])
        return batches

    def download(self, target: Target, batches: list[list[str]]) -> list[str]:
        """Fetch the wheels of the pins that are not there yet; return the names of all of them."""
        self.report(f"Fetching the wheels for {target}")
        new = self.folder / "new"
        new.mkdir()
        tags = PLATFORMS[target.platform].tags
        for pins in filter(None, batches):
            self._run(
                target,
                [
                    *("pip", "download", "--no-deps", "--only-binary", ":all:"),
                    *("--no-cache-dir", "--progress-bar", "off", "--disable-pip-version-check"),
                    *("--find-links", str(self.downloads), "--dest", str(new)),
                    *("--implementation", "cp", "--python-version", target.python),
                    *(option for tag in tags for option in ("--platform", tag)),
                    *pins,
                ],
            )
        names = sorted(wheel.name for wheel in new.iterdir())
        for name in names:
            (new / name).replace(self.downloads / name)
        shutil.rmtree(new)
        return names

    def _run(self, target: Target, command: list[str]) -> None:
        """Run a module of .venv, and report each download when it begins."""
        log = self.folder / "log"
        log.write_bytes(b"")
        settings = wheels.installer_settings(self.repository) | {"PYTHONUNBUFFERED": "1"}
        with beside(partial(self._report_downloads, log)):
            code = process.run(
                [str(self.python), "-m", *command],
                # not in the user's folder, because Python looks for modules where it is started
                self.folder,
                process.clean_environment(settings),
                log,
                LIMIT,
            )
        if code != 0:
            output = log.read_text(encoding="utf-8", errors="replace").strip()
            if is_disk_full(output):
                raise DiskFullError
            raise TourError(self._explain(target, output))

    def _report_downloads(self, log: Path, ended: threading.Event) -> None:
        reported = 0
        is_last = False
        while not is_last:
            is_last = ended.wait(PAUSE)
            found = DOWNLOAD.findall(log.read_text(encoding="utf-8", errors="replace"))
            for name, size in found[reported:]:
                self.report(f"  {name} ({size})")
            reported = len(found)

    def _explain(self, target: Target, output: str) -> str:
        missing = NOT_FOUND.search(output)
        problem = f"{missing[1]} has no wheel" if missing else "the wheels are not available"
        advice = (
            "If the network was away, run this again when it is back; else choose another --python"
            " or --platform."
        )
        if wheels.find_targets(self.repository):
            advice = (
                "This clone has wheels and downloads no others; when this machine has internet,"
                f" delete {self.repository / wheels.FOLDER} and run this again."
            )
        return f"{problem} for {target}:\n{output}\n{advice}"

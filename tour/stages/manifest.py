"""The manifest: the file on main that names the stages and their newest commit."""

import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tour.repo import git
from tour.repo import trees
from tour.system.errors import TourError

MANIFEST_PATH = "tour/stages.toml"
PACKAGED_MANIFEST = Path(__file__).parents[1] / "stages.toml"
RESTORE = f"restore it with\n  git checkout main -- {MANIFEST_PATH}"
MAIN_BRANCHES = ("refs/heads/main", "refs/remotes/origin/main")


class Entry(NamedTuple):
    """A stage in the manifest; `page` is the path of its page, without the suffix."""

    tag: str
    title: str
    page: str


class Manifest(NamedTuple):
    """The manifest: the commit id of the newest stage, the edition, the stages in order."""

    tip: str
    edition: int
    entries: tuple[Entry, ...]


class ManifestError(TourError):
    """The manifest cannot be read, or lacks something."""


def read_manifest(repository: Path) -> Manifest:
    """Return the manifest of the working tree, else that of main, else the installed one."""
    path = repository / MANIFEST_PATH
    if path.exists():
        return parse_manifest(path.read_text(encoding="utf-8"), str(path))
    for branch in main_branches(repository):
        if git.succeeds(repository, "cat-file", "-e", f"{branch}:{MANIFEST_PATH}"):
            source = f"{branch}:{MANIFEST_PATH}"
            return parse_manifest(git.run(repository, "show", source), source)
    text = PACKAGED_MANIFEST.read_text(encoding="utf-8")
    return parse_manifest(text, str(PACKAGED_MANIFEST))


def main_branches(repository: Path) -> list[str]:
    """Return the full names of the branches called main: the learner's, then the origin's."""
    return git.run(repository, "for-each-ref", "--format=%(refname)", *MAIN_BRANCHES).split()


def old_manifests(repository: Path, main: str) -> Iterator[Manifest]:
    """Yield all manifests in the history of the revision `main`, the newest first."""
    history = git.run(repository, "rev-list", "--first-parent", main, "--", MANIFEST_PATH)
    sources = [f"{revision}:{MANIFEST_PATH}" for revision in history.split()]
    for source, data in zip(sources, trees.read_blobs(repository, sources)):
        # it may have been deleted or broken then
        if data is not None:
            with suppress(ManifestError):
                yield parse_manifest(data.decode(errors="surrogateescape"), source)


def parse_manifest(text: str, source: str) -> Manifest:
    """Return the manifest in the text; errors name its `source`."""
    try:
        data = tomllib.loads(text)
        entries = tuple(
            Entry(stage["tag"], stage["title"], stage["page"]) for stage in data.get("stage", ())
        )
        return Manifest(data["tip"], data["edition"], entries)
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(f"{source} is not TOML: {error}; {RESTORE}") from None
    except KeyError as error:
        raise ManifestError(f"{source} lacks {error}; {RESTORE}") from None

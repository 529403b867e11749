"""The stages: the manifest that names them, and their commits on the stage line."""

import re
from pathlib import Path
from typing import NamedTuple

from tour.repo import git
from tour.repo.clone import CLONE_ADVICE
from tour.repo.clone import is_shallow
from tour.stages.manifest import RESTORE
from tour.stages.manifest import Manifest
from tour.stages.manifest import ManifestError
from tour.stages.manifest import read_manifest
from tour.system.errors import TourError
from tour.system.errors import UsageError

LOG_FORMAT = "%H %T %ct [%P] %(trailers:key=Stage,valueonly,separator=%x2C)"
LOG_LINE = re.compile(r"^(\w+) (\w+) (\d+) \[(.*)\] (.*)$", re.MULTILINE)


class Stage(NamedTuple):
    """A stage with its commit; `time` is when it was committed, in Unix seconds."""

    tag: str
    title: str
    page: str
    commit: str
    tree: str
    time: int


class StageLine(NamedTuple):
    """The stages in order, and the number of the edition that they make."""

    edition: int
    stages: tuple[Stage, ...]

    @property
    def tip(self) -> Stage:
        return self.stages[-1]

    def before(self, stage: Stage) -> Stage | None:
        """Return the stage before this one, None for the first."""
        index = self.stages.index(stage)
        return self.stages[index - 1] if index else None

    def select(self, tags: list[str]) -> list[Stage]:
        """Return the stages with these tags, with or without the v, in the line's order.

        Raise UsageError for others.
        """
        known = {stage.tag.removeprefix("v"): stage for stage in self.stages}
        known |= {stage.tag: stage for stage in self.stages}
        unknown = [tag for tag in tags if tag not in known]
        if unknown:
            raise UsageError(
                f"there is no stage {' or '.join(unknown)}; the stages are"
                f" {', '.join(stage.tag for stage in self.stages)}"
            )
        chosen = {known[tag] for tag in tags}
        return [stage for stage in self.stages if stage in chosen]


class HistoryError(TourError):
    """The history is not that of the manifest: the clone is cut off, or has other commits."""


def find_stages(repository: Path) -> StageLine:
    """Return the stages that the repository's newest manifest names, with their commits.

    Raise ManifestError or HistoryError, with the advice, when there is no such line.
    """
    return walk(repository, read_manifest(repository))


def find_current(repository: Path, line: StageLine) -> Stage | None:
    """Return the newest stage, of any edition, in the history of HEAD; None when there is none."""
    trailer = "%(trailers:key=Stage,valueonly,separator=)"
    # None where nothing is committed on this branch yet
    log = git.ask(repository, "log", f"--format=%H {trailer}", "HEAD") or ""
    history = dict(entry.split(" ", 1) for entry in log.splitlines())
    built_on = [stage for stage in line.stages if stage.commit in history]
    if not built_on:
        trailers = set(history.values())
        built_on = [stage for stage in line.stages if stage.tag in trailers]
    return built_on[-1] if built_on else None


def walk(repository: Path, manifest: Manifest) -> StageLine:
    """Return the stages up to the manifest's tip; raise HistoryError where commits are others."""
    if not manifest.entries:
        raise ManifestError(f"the manifest names no stage; {RESTORE}")
    tip = f"{manifest.tip}^{{commit}}"
    options = ["--topo-order", "--reverse", f"--format={LOG_FORMAT}", "--end-of-options"]
    try:
        log = git.run(repository, "log", *options, tip, "--")
    except git.GitError:
        if git.succeeds(repository, "cat-file", "-e", tip):
            raise
        raise_if_shallow(repository)
        raise HistoryError(
            f"the newest stage, commit {manifest.tip[:12]}, is not in {repository}; fetch it with\n"
            f"  git fetch origin main\nor, when this is no clone of Flack Tour, {CLONE_ADVICE}"
        ) from None
    commits = LOG_LINE.findall(log)
    found = [trailer for *_, trailer in commits]
    named = [entry.tag for entry in manifest.entries]
    if found != named:
        raise_if_shallow(repository)
        raise HistoryError(
            f"the commits that lead to {manifest.tip[:12]} are the stages"
            f" {', '.join(trailer or 'without a trailer' for trailer in found)}, where the manifest"
            f" has {', '.join(named)}; fetch main with\n  git fetch origin main"
        )
    merges = [trailer for *_, parents, trailer in commits if " " in parents]
    if merges:
        raise HistoryError(
            f"{', '.join(merges)} has more than one parent, and the stages are one chain;"
            " fetch main with\n  git fetch origin main"
        )
    return StageLine(
        manifest.edition,
        tuple(
            Stage(*entry, commit, tree, int(time))
            for entry, (commit, tree, time, *_) in zip(manifest.entries, commits)
        ),
    )


def raise_if_shallow(repository: Path) -> None:
    """Raise HistoryError where the clone lacks a part of the history."""
    if is_shallow(repository):
        raise HistoryError(
            "this clone is shallow and lacks the history that holds the stages; fetch it with\n"
            "  git fetch --unshallow"
        )

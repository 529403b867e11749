"""The rules of the history: for messages, for the files of main and the stages, for editions."""

from pathlib import Path

from tour.repo import git
from tour.repo.trees import list_files
from tour.stages.line import StageLine
from tour.stages.manifest import old_manifests

LONGEST_SUBJECT = 50

# a stage and main both have this file, each its own
OWN_ON_MAIN = "README.md"


def find_violations(repository: Path, line: StageLine, main: str) -> list[str]:
    """Return a sentence for each violation of a rule in the history; `main` is a revision.

    `stages.walk` has checked before that the line is one chain from a root, with the manifest's
    trailers.
    """
    return [
        *_in_messages(repository, line),
        *_in_files(repository, line, main),
        *_in_editions(repository, line, main),
    ]


def _in_messages(repository: Path, line: StageLine) -> list[str]:
    commits = [stage.commit for stage in line.stages]
    messages = git.run(repository, "log", "--no-walk=unsorted", "-z", "--format=%B", *commits)
    return [
        violation
        for stage, message in zip(line.stages, messages.split("\0"))
        for violation in in_message(stage.tag, message)
    ]


def in_message(tag: str, message: str) -> list[str]:
    """Return the violations of a rule in a stage's message."""
    violations = []
    message = message.strip()
    subject, _, body = message.partition("\n\n")
    if len(subject) > LONGEST_SUBJECT:
        violations.append(
            f"{tag}: the subject has {len(subject)} characters, at most {LONGEST_SUBJECT}"
        )
    trailer = f"Stage: {tag}"
    if message.splitlines()[-1:] != [trailer]:
        violations.append(f"{tag}: the message's last line is not '{trailer}'")
    if not body.removesuffix(trailer).strip():
        violations.append(f"{tag}: the message says nothing below its subject")
    return violations


def find_edited(repository: Path, tip: str, main: str) -> list[str]:
    """Return the files of the newest stage that main has otherwise, or has not."""
    on_main = list_files(repository, main)
    return [
        path
        for path, entry in list_files(repository, tip).items()
        if path != OWN_ON_MAIN and on_main.get(path) != entry
    ]


def _in_files(repository: Path, line: StageLine, main: str) -> list[str]:
    violations = [
        f"{path}: on main it is not as at {line.tip.tag}"
        for path in find_edited(repository, line.tip.commit, main)
    ]
    on_main, at_tip = list_files(repository, main), list_files(repository, line.tip.commit)
    overlay = on_main.keys() - at_tip.keys()
    for stage in line.stages:
        shared = overlay & list_files(repository, stage.commit).keys()
        violations += [f"{path}: of main alone, and {stage.tag} has it" for path in sorted(shared)]
    return violations


def _in_editions(repository: Path, line: StageLine, main: str) -> list[str]:
    editions = {manifest.tip: manifest.edition for manifest in old_manifests(repository, main)}
    editions[line.tip.commit] = line.edition
    leading = set(git.run(repository, "rev-list", main).split())
    return [
        f"edition {edition}: main does not lead to its tip {tip[:12]}"
        for tip, edition in editions.items()
        if tip not in leading
    ]

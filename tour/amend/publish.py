"""A new stage line joined to main: the manifest that names it, and the merge commit."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from pathlib import PurePosixPath

from tour.repo import git
from tour.repo import worktree
from tour.repo.trees import list_files
from tour.stages import rules
from tour.stages.line import walk
from tour.stages.manifest import MANIFEST_PATH
from tour.stages.manifest import Manifest
from tour.stages.manifest import parse_manifest
from tour.system.errors import TourError
from tour.system.platforms import how_to_type

MAIN = "refs/heads/main"

TIP = re.compile(r'^tip = ".*"$', re.MULTILINE)
EDITION = re.compile(r"^edition = \d+$", re.MULTILINE)


def require_line(repository: Path, tip: str) -> str:
    """Return main's manifest.

    Raise TourError where main is away, names another tip, or has edited a file of that stage.
    """
    source = f"{MAIN}:{MANIFEST_PATH}"
    text = git.ask(repository, "show", source)
    if text is None:
        raise TourError(
            "there is no main here to join the stages to; make it with\n"
            "  git branch main origin/main"
        )
    if parse_manifest(text, source).tip != tip:
        raise TourError(
            "main has another stage line than this amendment; check out main, abort the amendment,"
            " and begin again"
        )
    if edited := rules.find_edited(repository, tip, MAIN):
        raise TourError(
            f"main has an edit of its own in {', '.join(edited)}, which belongs to the stages; the"
            " edit would be lost. Put the stage's text back on main, with\n"
            f"  {how_to_type('git', 'checkout', tip[:12], '--', *edited)}\n"
            "  git commit\nand run this again; make the edit in a stage"
        )
    return text


def require_room(repository: Path, base: str, tip: str) -> None:
    """Raise TourError where main has a file or a folder of its own at a path of a file of `tip`.

    Main's own is all that the stage `base` does not have.
    """
    own = list_files(repository, MAIN).keys() - list_files(repository, base).keys()
    files = list_files(repository, tip).keys()
    taken = own & (files | _folders(files)) | _folders(own) & files
    if taken:
        raise TourError(
            f"main has {', '.join(sorted(taken))} of its own, which would be lost; give the stage's"
            " another name and run this again"
        )


def write_manifest(text: str, new: Manifest) -> str:
    """Return the manifest's text with the new tip and edition, and with the new stages.

    All else in the text, comments too, stays as it is.
    """
    old = parse_manifest(text, MANIFEST_PATH)
    text = TIP.sub(f'tip = "{new.tip}"', text)
    text = EDITION.sub(f"edition = {new.edition}", text)
    known = {entry.tag for entry in old.entries}
    for entry in new.entries:
        if entry.tag not in known:
            # a string of TOML is one of JSON
            fields = [f"{name} = {json.dumps(value)}\n" for name, value in entry._asdict().items()]
            text = f"{text.rstrip()}\n\n[[stage]]\n{''.join(fields)}"
    if parse_manifest(text, MANIFEST_PATH) != new:
        raise TourError(
            f"{MANIFEST_PATH} is written in a way that this cannot change; put 'tip' and"
            " 'edition' on lines of their own, as in: edition = 1"
        )
    return text


def join(repository: Path, base: str, new: Manifest, message: str) -> str:
    """Make and return a commit with main's overlay and the new line's files.

    Its parents are main and the new tip. Main does not move. `base` is the tip that main must still
    name. Raise TourError if main names another tip, if something of its own would be lost, or if a
    rule of the history would be broken.
    """
    main = git.run(repository, "rev-parse", "--verify", MAIN).strip()
    text = require_line(repository, base)
    require_room(repository, base, new.tip)
    tree = _merge_trees(repository, main, base, new.tip, write_manifest(text, new))
    commit = git.run(
        repository,
        *("commit-tree", tree, "-p", main, "-p", new.tip),
        input=message,
        environment=worktree.identity(repository),
    ).strip()
    violations = rules.find_violations(repository, walk(repository, new), commit)
    if violations:
        raise TourError("the history would break its rules:\n" + "\n".join(violations))
    return commit


def advance(repository: Path, commit: str) -> None:
    """Move main on to the commit that `join` made, and the files where main is checked out.

    Raise TourError, with nothing moved, where a file there has changes that are not committed.
    """
    place = git.run(repository, "for-each-ref", "--format=%(worktreepath)", MAIN).strip()
    if not place:
        main = git.run(repository, "rev-parse", f"{commit}^1").strip()
        git.run(repository, "update-ref", "-m", "tour: amend", MAIN, commit, main)
        return
    try:
        git.run(Path(place), "merge", "--quiet", "--ff-only", commit, as_user=True)
    except git.GitError as error:
        raise TourError(
            f"main is checked out in {place} and cannot be moved on; put your changes there aside,"
            f" with\n  {how_to_type('git', '-C', place, 'stash', '--include-untracked')}\n"
            f"and run this again. {error}"
        ) from None


def replace_files(repository: Path, commit: str, texts: dict[str, bytes]) -> str:
    """Return the commit's tree with new texts in some of its files."""
    files = list_files(repository, commit)
    for path, text in texts.items():
        mode = files[path].split(" ")[0]
        files[path] = f"{mode} blob {_store(repository, text)}"
    return _write_tree(repository, files)


def _merge_trees(repository: Path, main: str, base: str, tip: str, manifest: str) -> str:
    """Return main's tree without the base's files, and with the tip's and this manifest."""
    own = rules.OWN_ON_MAIN
    on_main = list_files(repository, main)
    at_base = list_files(repository, base)
    at_tip = list_files(repository, tip)
    files = {path: entry for path, entry in on_main.items() if path not in at_base}
    files |= at_tip
    files[own] = on_main[own]
    files[MANIFEST_PATH] = f"100644 blob {_store(repository, manifest.encode())}"
    return _write_tree(repository, files)


def _folders(paths: Iterable[str]) -> set[str]:
    """Return the folders that hold the files, but not the top one."""
    return {str(folder) for path in paths for folder in PurePosixPath(path).parents[:-1]}


def _store(repository: Path, text: bytes) -> str:
    return git.run_bytes(repository, "hash-object", "-w", "--stdin", input=text).decode().strip()


def _write_tree(repository: Path, files: dict[str, str]) -> str:
    """Return a tree with the files: mode, kind and id by path, as git lists them."""
    entries = "".join(f"{entry}\t{path}\0" for path, entry in files.items())
    with worktree.temporary_index() as index:
        arguments = ["update-index", "-z", "--index-info"]
        git.run(repository, *arguments, input=entries, environment=index)
        return git.run(repository, "write-tree", environment=index).strip()

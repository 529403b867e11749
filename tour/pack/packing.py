"""The archive for a room without internet: a clone, its wheels and the built pages in one file."""

import gzip
import os
import shutil
import tarfile
from pathlib import Path
from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.parse import urlunsplit

from tour.environments import wheels
from tour.environments.wheels import Target
from tour.pack import downloads
from tour.production import files
from tour.repo import git
from tour.repo.own_folder import own_folder
from tour.repo.temporary import temporary_folder
from tour.repo.trees import list_files
from tour.stages import tags
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.stages.line import raise_if_shallow
from tour.stages.manifest import MANIFEST_PATH
from tour.stages.manifest import main_branches
from tour.stages.manifest import parse_manifest
from tour.system.errors import TourError
from tour.system.errors import UsageError
from tour.system.status_line import Report

TOP = "flack-tour"
PAGES = PurePath(".tour", "site")

# what a node needs beside its stage's requirements
NODE = f"{files.FOLDER}/{files.REQUIREMENTS}"

# wheels are compressed already, so that a higher level takes time and gains nothing
COMPRESSION = 1


class Packed(NamedTuple):
    """An archive: its path, its size in bytes, and its contents.

    `commit` is the id of main's commit; `wheels` and `pages` are numbers of files.
    """

    path: Path
    size: int
    commit: str
    line: StageLine
    targets: tuple[Target, ...]
    wheels: int
    pages: int


def choose_output(repository: Path, output: Path | None, force: bool) -> Path:
    """Return the full path of the archive to write, by default one named after the edition.

    The default lies in the current folder, or beside the clone if the current folder is in the
    clone: git would take it for a learner's work there. Raise UsageError when it must not be
    written.
    """
    if output is None:
        manifest = git.run(repository, "show", f"{_find_main(repository)}:{MANIFEST_PATH}")
        edition = parse_manifest(manifest, MANIFEST_PATH).edition
        folder = repository.parent if _lies_in(Path.cwd(), repository) else Path.cwd()
        output = folder / f"{TOP}-edition-{edition}.tar.gz"
    # without links, because one may lead into the clone
    output = output.resolve()
    if _lies_in(output, repository):
        outside = repository.parent / output.name
        raise UsageError(f"{output} lies in the clone itself; try --output {outside}")
    if output.is_dir():
        raise UsageError(f"{output} is a folder; give the name of a file as --output")
    if output.exists() and not force:
        raise UsageError(f"{output} is there already; --force writes it again")
    if not os.access(output.parent, os.W_OK):
        raise UsageError(f"nothing can be written to {output.parent}; choose another --output")
    return output


def write_archive(
    repository: Path, python: Path, targets: list[Target], output: Path, report: Report
) -> Packed:
    """Write the archive with the wheels for the targets; it gets its name when it is complete.

    It has the commit of main and its history, and nothing else of the repository. The same content
    makes the same file. `python` is the interpreter of .venv.
    """
    with temporary_folder(repository) as folder:
        report("Cloning main")
        clone = folder / TOP
        line = _clone(repository, clone)
        sources = ["main:tour/environments/requirements.txt"]
        sources += [f"{stage.commit}:requirements.txt" for stage in line.stages]
        texts = [git.run(clone, "show", source) for source in sources]
        # a node of the newest stage needs more
        texts.append(f"{texts[-1]}\n{git.run(clone, 'show', f'main:{NODE}')}")
        requirements = list(dict.fromkeys(texts))
        found = downloads.fetch(repository, python, targets, requirements, report)
        pages = sorted(path for path in (repository / PAGES).rglob("*") if path.is_file())
        listing = own_folder(clone, wheels.FOLDER.name) / wheels.LISTING
        listing.write_bytes(wheels.format_targets(targets).encode())
        # git needs the empty folders in .git, too
        members = {path.relative_to(clone): path for path in sorted(clone.rglob("*"))}
        members |= {wheels.FOLDER / path.name: path for path in found}
        members |= {path.relative_to(repository): path for path in pages}
        report(f"Writing {output}")
        unfinished = output.with_name(f"{output.name}.{os.getpid()}")
        try:
            time = int(git.run(clone, "show", "--no-patch", "--format=%ct", "main"))
            _write(unfinished, members, _find_scripts(clone), time)
            unfinished.replace(output)
        finally:
            unfinished.unlink(missing_ok=True)
        commit = git.run(clone, "rev-parse", "main").strip()
    size = output.stat().st_size
    return Packed(output, size, commit, line, tuple(targets), len(found), len(pages))


def _lies_in(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _find_main(repository: Path) -> str:
    """Return the name of the commit to pack: main, the origin's main, or HEAD."""
    for name in [*main_branches(repository), "HEAD"]:
        if git.succeeds(repository, "cat-file", "-e", f"{name}:{MANIFEST_PATH}"):
            return name
    raise TourError("there is no branch main here; fetch it with\n  git fetch origin main:main")


def _clone(repository: Path, clone: Path) -> StageLine:
    """Make a repository with main, its files and history, and the tags; return its stages.

    It also has the origin's address, and nothing else of the repository.
    """
    raise_if_shallow(repository)
    # without a template there are no hooks and no examples
    git.run(repository, "init", "--quiet", "--template=", "--initial-branch=main", str(clone))
    branch = f"{_find_main(repository)}:refs/heads/main"
    git.run(clone, "fetch", "--quiet", "--no-tags", "--update-head-ok", str(repository), branch)
    line = find_stages(clone)
    tags.restore(clone, line)
    # in one thread and from scratch, so that it makes the same pack every time
    git.run(clone, "-c", "pack.threads=1", "repack", "-a", "-d", "-f", "-n", "--quiet")
    # Windows keeps no executable bit, and git there would take .ci/run for changed
    git.run(clone, "config", "core.fileMode", "false")
    address = git.run(repository, "config", "--default=", "--get", "remote.origin.url").strip()
    if address:
        git.run(clone, "remote", "add", "origin", without_secrets(address))
        git.run(clone, "config", "branch.main.remote", "origin")
        git.run(clone, "config", "branch.main.merge", "refs/heads/main")
        # as a clone has it, which git status compares with
        git.run(clone, "update-ref", "refs/remotes/origin/main", "main")
    git.run(clone, "pack-refs", "--all")
    # an index that knows the files' content alone, and not when this machine wrote them
    git.run(clone, "read-tree", "main")
    git.run(clone, "checkout-index", "--all")
    # they name things of this machine
    (clone / ".git" / "FETCH_HEAD").unlink(missing_ok=True)
    shutil.rmtree(clone / ".git" / "logs", ignore_errors=True)
    # the lock of the tags
    shutil.rmtree(clone / ".tour")
    return line


def without_secrets(address: str) -> str:
    """Return the address without a token or a password, which a web address may have."""
    parts = urlsplit(address)
    if not parts.netloc:
        # a path, or user@host:path as for ssh, which has no password
        return address
    user, at, host = parts.netloc.rpartition("@")
    # for ssh the user is part of the address, and for the web it can be the token
    netloc = f"{user.partition(':')[0]}{at}{host}" if parts.scheme == "ssh" else host
    return urlunsplit(parts._replace(netloc=netloc, query="", fragment=""))


def _find_scripts(clone: Path) -> set[PurePath]:
    """Return the files of main that may be run, by git: Windows does not tell."""
    entries = list_files(clone, "main").items()
    return {PurePath(path) for path, entry in entries if entry.startswith("100755")}


def _write(file: Path, members: dict[Path, Path], scripts: set[PurePath], time: int) -> None:
    """Write files and folders to a new archive, by their paths below its top folder.

    They have that time, no owner, and of their modes only what makes a folder or a script.
    """

    def without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        member.mtime = time
        is_script = PurePath(member.name).relative_to(TOP) in scripts
        member.mode = 0o755 if member.isdir() or is_script else 0o644
        return member

    with (
        file.open("wb") as output,
        gzip.GzipFile("", "wb", COMPRESSION, output, mtime=time) as compressed,
        tarfile.open(fileobj=compressed, mode="w", dereference=True) as archive,
    ):
        for path, source in members.items():
            name = f"{TOP}/{path.as_posix()}"
            archive.add(source, name, recursive=False, filter=without_owner)

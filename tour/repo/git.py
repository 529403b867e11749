"""The only module that calls git, and it keeps out all configuration but the tour's own."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tour.system import errors
from tour.system.process import clean_environment

# the tour's settings of git, which win over all others
CONFIGURATION = Path(__file__).with_name("gitconfig")

# line ends, attributes and ignored files, for files that are the tour's and not the learner's
OWN_FILES = (
    *("core.autocrlf=false", "core.eol=lf"),
    *(f"core.attributesFile={os.devnull}", f"core.excludesFile={os.devnull}"),
)

# the system's words for a place that may not be written to, with LC_ALL=C
NOT_WRITABLE = ("Permission denied", "Read-only file system")

# the variables that may hold the user's configuration and name
USERS_OWN = (
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    *("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"),
)

# git's words where a file may not be read, although its folder may be written to
UNREADABLE = ("unable to index file", "Unable to process path")

# git's words where it could not write and gives no reason; the bytes that any file needs at least
UNWRITTEN = ("couldn't write", "unable to write")
ROOM = 4096

# git's words where another git has locked a file
LOCKED = re.compile(
    r"Unable to create '(.+\.lock)': File exists|could not lock config file (.+): File exists"
)

# git's lowest code where it could not do what it was asked to
FATAL = 128

# git's words where a partial clone asks its origin for a missing object
UNFETCHED = "promisor remote"


class GitError(errors.TourError):
    """Git failed; `command`, `code` and `output` tell how."""

    def __init__(self, command: tuple[str, ...], code: int, output: str) -> None:
        super().__init__(f"git {' '.join(command)} ended with {code}:\n{output.strip()}")
        self.command = command
        self.code = code
        self.output = output


def run(
    repository: Path,
    *arguments: str,
    input: str | None = None,
    environment: dict[str, str] | None = None,
    as_user: bool = False,
) -> str:
    """Run git in `repository` and return what it prints, as it prints it.

    Git reads `input`. `environment` has variables to set, such as `GIT_COMMITTER_DATE`. `as_user`
    keeps the user's configuration, for commands that read or write the user's own files: it decides
    how their lines end and which files git ignores. It does not change the output.
    Raise GitError when git ends with another code than 0, or in its place NotWritableError,
    DiskFullError or TourError where the disk, a partial clone or another git is the reason.
    """
    # the bytes of a file's name need not be text
    data = None if input is None else input.encode(errors="surrogateescape")
    output = run_bytes(repository, *arguments, input=data, environment=environment, as_user=as_user)
    return output.decode(errors="surrogateescape")


def run_bytes(
    repository: Path,
    *arguments: str,
    input: bytes | None = None,
    environment: dict[str, str] | None = None,
    as_user: bool = False,
) -> bytes:
    """Do the same as `run`, with bytes in place of text."""
    variables = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    # the user's hooks are meant for the user's own commits and checkouts
    settings = [f"include.path={CONFIGURATION}", f"core.hooksPath={os.devnull}"]
    if as_user:
        variables |= {name: os.environ[name] for name in USERS_OWN if name in os.environ}
    else:
        variables |= {"GIT_CONFIG_GLOBAL": str(CONFIGURATION), "GIT_CONFIG_SYSTEM": os.devnull}
        variables["GIT_ATTR_NOSYSTEM"] = "1"
        settings += OWN_FILES
    options = [option for setting in settings for option in ("-c", setting)]
    try:
        completed = subprocess.run(
            ["git", "-C", str(repository), *options, *arguments],
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True,
            env=clean_environment(variables | (environment or {})),
        )
    except FileNotFoundError:
        raise errors.TourError(
            "git is not installed; get it from https://git-scm.com/downloads"
        ) from None
    if completed.returncode != 0:
        output = (completed.stderr or completed.stdout).decode(errors="replace")
        is_unreadable = any(reason in output for reason in UNREADABLE)
        if any(reason in output for reason in NOT_WRITABLE) and not is_unreadable:
            raise errors.NotWritableError
        if _says_no_room(output, repository):
            raise errors.DiskFullError
        if UNFETCHED in output:
            raise errors.TourError(
                "this is a partial clone, which lacks files of the stages, and its origin cannot be"
                f" reached; run this again when it can, or {errors.FULL_CLONE}"
            )
        if locked := LOCKED.search(output):
            raise errors.TourError(
                "another git is at work here, or one that was killed has left"
                f" {locked[1] or f'{locked[2]}.lock'}; wait for it, or delete that file when none"
                " is, and run this again"
            )
        raise GitError(arguments, completed.returncode, output)
    return completed.stdout


def run_apart(repository: Path, *arguments: str) -> bytes:
    """Run git on the repository's objects alone, named by their ids, and return what it prints.

    Git runs in an empty repository that borrows the objects. In the real one git also reads the
    repository's attributes, and files that its index names, and no option prevents that.
    Raise what `run` raises.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
        Path(folder, "refs").mkdir()
        environment = {"GIT_OBJECT_DIRECTORY": _find_objects(repository), "GIT_DIR": folder}
        try:
            return run_bytes(Path(folder), *arguments, environment=environment)
        except GitError as error:
            # a partial clone gets its missing objects from its remotes
            remotes = _read_remotes(repository) if error.code >= FATAL else {}
            if not remotes:
                raise
            return run_bytes(Path(folder), *arguments, environment=environment | remotes)


def git_dir(repository: Path) -> Path:
    """Return the folder in which git keeps what is the working tree's alone, such as its index."""
    place = repository / ".git"
    if place.is_dir():
        return place.absolute()
    # in a worktree it is a file, which is read here because a git takes a hundred times as long
    return repository.absolute() / _read_path(place).removeprefix("gitdir: ")


def _find_objects(repository: Path) -> str:
    folder = git_dir(repository)
    # where git keeps what worktrees share
    shared = folder / "commondir"
    if shared.exists():
        folder /= _read_path(shared)
    return str(folder / "objects")


def _read_path(file: Path) -> str:
    return os.fsdecode(file.read_bytes()).rstrip("\r\n")


def _read_remotes(repository: Path) -> dict[str, str]:
    """Return the environment in which git has the repository's remotes."""
    settings = [
        setting.split("\n", 1)
        for setting in run(repository, "config", "--list", "-z").split("\0")
        if setting.startswith("remote.") and "\n" in setting
    ]
    environment = {"GIT_CONFIG_COUNT": str(len(settings))} if settings else {}
    for number, (name, value) in enumerate(settings):
        environment |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return environment


def ask(repository: Path, *arguments: str, as_user: bool = False) -> str | None:
    """Return what git prints, None when it ends with another code than 0."""
    try:
        return run(repository, *arguments, as_user=as_user)
    except GitError:
        return None


def succeeds(repository: Path, *arguments: str) -> bool:
    """Return whether git ends with code 0."""
    return ask(repository, *arguments) is not None


def _says_no_room(output: str, repository: Path) -> bool:
    is_unwritten = any(reason in output for reason in UNWRITTEN)
    return errors.is_disk_full(output) or is_unwritten and shutil.disk_usage(repository).free < ROOM

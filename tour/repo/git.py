"""The one place that calls git, kept from all configuration and environment but the tour's own."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tour.system.errors import DiskFullError
from tour.system.errors import LockedError
from tour.system.errors import NotWritableError
from tour.system.errors import PartialCloneError
from tour.system.errors import TourError
from tour.system.errors import is_disk_full
from tour.system.process import clean_environment

# what git does, goes by, and prints; it comes on top of all that is configured elsewhere
CONFIGURATION = Path(__file__).with_name("gitconfig")

# how lines end, what attributes files have and which of them git ignores, where they are the tour's
OWN_FILES = (
    *("core.autocrlf=false", "core.eol=lf"),
    *(f"core.attributesFile={os.devnull}", f"core.excludesFile={os.devnull}"),
)

# what the system says, in the words of LC_ALL=C, of a place that may not be written to
NOT_WRITABLE = ("Permission denied", "Read-only file system")

# where the user's configuration and name may be, beside the usual files
USERS_OWN = (
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    *("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"),
)

# git's words where the place may be written to, and a file in it may not be read
UNREADABLE = ("unable to index file", "Unable to process path")

# where it could not write, and does not say why; bytes that any file needs at least
UNWRITTEN = ("couldn't write", "unable to write")
ROOM = 4096

# where another git has locked what it writes to
LOCKED = re.compile(
    r"Unable to create '(.+\.lock)': File exists|could not lock config file (.+): File exists"
)

# and where a partial clone asks the origin for what it lacks
UNFETCHED = "promisor remote"


class GitError(TourError):
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

    `input` is what git reads, `environment` has variables to set (`GIT_COMMITTER_DATE`). `as_user`
    keeps the user's configuration, for what reads or writes the user's own files: it says how their
    lines end and which of them to ignore, and nothing of what is printed.
    Raise GitError when it ends with another code than 0, or in its place NotWritableError,
    DiskFullError, PartialCloneError or LockedError where that is the reason.
    """
    # a file's name may be no text at all
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
    """Do as `run`, for what is not text."""
    variables = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    # what the user's hooks do is for the user's own commits and checkouts
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
        raise TourError("git is not installed; get it from https://git-scm.com/downloads") from None
    if completed.returncode != 0:
        output = (completed.stderr or completed.stdout).decode(errors="replace")
        is_unreadable = any(reason in output for reason in UNREADABLE)
        if any(reason in output for reason in NOT_WRITABLE) and not is_unreadable:
            raise NotWritableError
        if _says_no_room(output, repository):
            raise DiskFullError
        if UNFETCHED in output:
            raise PartialCloneError
        if locked := LOCKED.search(output):
            raise LockedError(locked[1] or f"{locked[2]}.lock")
        raise GitError(arguments, completed.returncode, output)
    return completed.stdout


def run_apart(repository: Path, *arguments: str) -> bytes:
    """Run git on the repository's objects alone, named by their ids, and return what it prints.

    Git is in an empty repository that has them, for no option keeps out what the other one has of
    attributes, nor of an index, in whose name git reads a file in place of an object.
    Raise what `run` raises.
    """
    objects = run(repository, "rev-parse", "--path-format=absolute", "--git-path", "objects")
    # where a partial clone gets what it lacks
    remotes = [
        setting.split("\n", 1)
        for setting in run(repository, "config", "--list", "-z").split("\0")
        if setting.startswith("remote.") and "\n" in setting
    ]
    environment = {
        "GIT_OBJECT_DIRECTORY": objects.rstrip("\n"),
        "GIT_CONFIG_COUNT": str(len(remotes)),
    }
    for number, (name, value) in enumerate(remotes):
        environment |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
        Path(folder, "refs").mkdir()
        environment["GIT_DIR"] = folder
        return run_bytes(Path(folder), *arguments, environment=environment)


def succeeds(repository: Path, *arguments: str) -> bool:
    """Tell whether git answers the question with code 0."""
    try:
        run(repository, *arguments)
    except GitError:
        return False
    return True


def _says_no_room(output: str, repository: Path) -> bool:
    is_unwritten = any(reason in output for reason in UNWRITTEN)
    return is_disk_full(output) or is_unwritten and shutil.disk_usage(repository).free < ROOM

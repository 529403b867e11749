"""A learner who does anything, in any order, on a machine where anything fails: nothing is lost.

A program of its own, for it mounts a small file system that it can fill, which needs a namespace:
`unshare --map-root-user --mount python -m tour.tests.repo.random_learner --seconds 600`. It draws
learners until the time is over, prints the seed, and shrinks what fails to the fewest steps.

Before and after each command of the tour all that the learner has written is looked for: in the
files, in the index, in the stash, and on the branches that the learner made or a message named.
"""

import argparse
import contextlib
import io
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import Verbosity
from hypothesis import seed
from hypothesis import settings
from hypothesis import strategies
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import initialize
from hypothesis.stateful import rule
from hypothesis.stateful import run_state_machine_as_test

from tour import cli
from tour.environments import environment
from tour.repo import git
from tour.stages import tags
from tour.stages.line import find_stages
from tour.system.errors import DiskFullError
from tour.tests.repo.small_disk import SmallDisk
from tour.tests.repo.small_disk import mounted
from tour.tests.synthetic import STAGES
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import make_flack_tour
from tour.tests.synthetic import publish

# bytes of the small file system, and a file that needs several of its pieces
SIZE = 24_000_000
LONG = "a line of the stage\n" * 900

# so many learners are drawn in one go, and each does so much; all of it is given, for Hypothesis
# takes other defaults where a variable CI is set
SETTINGS = settings(
    max_examples=10,
    stateful_step_count=40,
    deadline=None,
    database=None,
    derandomize=False,
    print_blob=False,
    verbosity=Verbosity.normal,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)

# the stages take each other's places, of files and of folders
FILES = {
    "v0.1": {"models": "one\n", "old/a.txt": LONG, "config.py": "one\n"},
    "v0.2": {"models": "two\n", "old/a.txt": LONG, "helpers.py": "two\n"},
    "v0.3": {"models/user.py": "three\n", "new/a.txt": LONG, "new/b.txt": LONG},
}

WORK = [
    *("flack.py", "tests.py", "README.md", "models", "models/user.py", "helpers.py", "config.py"),
    *("new/a.txt", "old/a.txt", "notes.txt", "my notes.txt", "übung/größe.py", "deep/er/x.py"),
]
NO_WORK = [".vscode/settings.json", ".env", "env/bin/python", "inside/x.py", "__pycache__/x.pyc"]
GIT = [
    ("add", "--all"),
    ("add", "--force", ".vscode", "__pycache__", "env"),
    ("add", "--intent-to-add", "."),
    ("rm", "--cached", "-r", "."),
    ("stash", "--include-untracked"),
    ("stash", "--keep-index"),
    ("stash", "pop"),
    ("commit", "--all", "--message", "Go on"),
    ("commit", "--amend", "--no-edit"),
    # to give up what has stopped over two versions
    ("reset", "--hard"),
    ("clean", "-d", "--force"),
    ("merge", "v0.3"),
    ("update-index", "--assume-unchanged", "flack.py"),
    ("gc", "--quiet"),
]
CONFIGURATION = [
    ("core.autocrlf", "true"),
    ("core.autocrlf", "input"),
    ("core.autocrlf", "false"),
    ("core.safecrlf", "true"),
    ("core.quotePath", "true"),
    ("core.untrackedCache", "true"),
    ("core.splitIndex", "true"),
    ("index.version", "4"),
    ("status.showUntrackedFiles", "no"),
    ("color.ui", "always"),
    ("diff.noprefix", "true"),
    ("submodule.recurse", "true"),
    ("core.excludesFile", "/dev/null"),
    ("commit.gpgSign", "true"),
    ("user.name", "Ann"),
]

FAULTS = ["killed", "half", "room", "origin", "lock"]

# a piece of text by which it is found again, whole
TOKEN = re.compile(rb"<(\d+)>x*</\1>")
SAVED = re.compile(r"\bmine/[\w.-]*\w")

paths = strategies.sampled_from(WORK + NO_WORK)
sizes = strategies.sampled_from([1, 1, 1, 5000])
numbers = strategies.integers(0, 30)
faults = strategies.one_of(
    strategies.just(("none", 0)), strategies.tuples(strategies.sampled_from(FAULTS), numbers)
)


class KilledError(BaseException):
    """The tour ends here, as by SIGKILL."""


class Learner(RuleBasedStateMachine):
    """A learner's clone, what was written in it, and what the tour has said."""

    # where learners are made, and how many steps all have done
    disk: SmallDisk
    original: Path
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(dir=self.disk.folder))
        self.clone = Clone(self.home / "flack-tour")
        self.tokens = 0
        self.named: set[str] = set()
        self.own: set[str] = {"main"}
        # by path, all that the learner has had there; None where it was deleted
        self.contents: dict[str, set[bytes | None]] = defaultdict(set)
        self.blobs: dict[str, bytes] = {}
        os.environ["HOME"] = str(self.home)

    def teardown(self) -> None:
        os.chdir("/")
        shutil.rmtree(self.home)

    @initialize(is_partial=strategies.booleans())
    def begin(self, is_partial: bool) -> None:
        origin = self.home / "origin"
        shutil.copytree(self.original, origin, symlinks=True)
        options = ["--filter=blob:none"] if is_partial else []
        source = f"file://{origin}"
        self._git("clone", "--quiet", *options, source, str(self.clone.folder), cwd=self.home)
        # a learner who has told git nothing: the tour has a name of its own for that
        os.chdir(self.clone.folder)

    # what learners do

    @rule(path=paths, size=sizes, appended=strategies.booleans())
    def write(self, path: str, size: int, appended: bool) -> None:
        file = self.clone.folder / path
        self.tokens += 1
        text = f"<{self.tokens}>{'x' * size}</{self.tokens}>\n".encode()
        with self._acting(), contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            old = file.read_bytes() if appended and file.exists() else b""
            file.write_bytes(old + text)

    @rule(path=paths, other=paths)
    def rename(self, path: str, other: str) -> None:
        with self._acting(), contextlib.suppress(OSError):
            file = self.clone.folder / other
            file.parent.mkdir(parents=True, exist_ok=True)
            self.clone.folder.joinpath(path).rename(file)

    @rule(path=paths)
    def delete(self, path: str) -> None:
        with self._acting(), contextlib.suppress(OSError):
            self.clone.folder.joinpath(path).unlink()

    @rule(inside=strategies.booleans())
    def make_an_environment_or_a_repository(self, inside: bool) -> None:
        with self._acting(), contextlib.suppress(OSError):
            if inside:
                self._git("init", "--quiet", "inside")
            else:
                self.clone.write({"env/pyvenv.cfg": "home = /usr\n", "env/bin/python": "python\n"})

    @rule(arguments=strategies.sampled_from(GIT))
    def run_git(self, arguments: tuple[str, ...]) -> None:
        name = ("-c", "user.name=Ann", "-c", "user.email=ann@flack.invalid")
        self._act(*name, *arguments)

    @rule(number=strategies.integers(1, 3))
    def branch(self, number: int) -> None:
        if self._act("checkout", "--quiet", "-b", f"own-{number}"):
            self.own.add(f"own-{number}")

    @rule(setting=strategies.sampled_from(CONFIGURATION))
    def configure(self, setting: tuple[str, str]) -> None:
        self._act("config", *setting)

    @rule(number=numbers, fault=faults)
    def go(self, number: int, fault: tuple[str, int]) -> None:
        branches = self._git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").stdout
        targets = [*STAGES, *branches.split()]
        self._run_the_tour(fault, "go", targets[number % len(targets)])

    @rule(verb=strategies.sampled_from(["next", "prev", "back"]), fault=faults)
    def move(self, verb: str, fault: tuple[str, int]) -> None:
        self._run_the_tour(fault, verb)

    @rule(fault=faults)
    def mend_the_tags(self, fault: tuple[str, int]) -> None:
        self._git("tag", "--force", "v0.2", "main")
        self._run_the_tour(fault, "tags", "--fix")

    def _run_the_tour(self, fault: tuple[str, int], *arguments: str) -> None:
        before = self._find_tokens()
        with self._going_wrong(*fault):
            output = self._tour(*arguments)
        self.named |= set(SAVED.findall(output))
        lost = before - self._find_tokens()
        assert not lost, f"{arguments} {fault} lost {sorted(lost)}; it printed\n{output}"
        self._assert_that_saved_work_is_the_learners(output)
        assert "Traceback" not in output, output

    # and what is looked at

    def _act(self, *arguments: str) -> bool:
        with self._acting():
            return self._git(*arguments).returncode == 0

    @contextlib.contextmanager
    def _acting(self):
        """Count what changes meanwhile, in the files and in the index, as the learner's."""
        type(self).steps += 1
        files, staged = self._read_files(), self._read_index()
        yield
        new_files, new_staged = self._read_files(), self._read_index()
        for path in files.keys() | new_files.keys():
            if files.get(path) != new_files.get(path):
                self.contents[path].add(new_files.get(path))
        for path in staged.keys() | new_staged.keys():
            if staged.get(path) != new_staged.get(path):
                # what goes in or out there comes back as it was, or as the file has it
                self.contents[path] |= {
                    self._read_blob(staged.get(path)),
                    self._read_blob(new_staged.get(path)),
                    new_files.get(path),
                }

    def _read_files(self) -> dict[str, bytes]:
        files = {}
        for folder, folders, names in os.walk(self.clone.folder):
            folders[:] = [name for name in folders if name not in (".git", ".tour")]
            for name in names:
                file = Path(folder, name)
                path = file.relative_to(self.clone.folder).as_posix()
                files[path] = file.read_bytes().replace(b"\r\n", b"\n")
        return files

    def _read_index(self) -> dict[str, str]:
        """Return the ids of the blobs by their paths."""
        listing = self._git("ls-files", "--stage", "-z").stdout.split("\0")[:-1]
        return {entry.partition("\t")[2]: entry.split()[1] for entry in listing}

    def _read_blob(self, blob: str | None) -> bytes | None:
        if blob is None:
            return None
        if blob not in self.blobs:
            # a partial clone lacks what is no work of the learner's
            read = self._git("cat-file", "blob", blob, text=False)
            self.blobs[blob] = read.stdout.replace(b"\r\n", b"\n")
        return self.blobs[blob]

    def _find_tokens(self) -> set[bytes]:
        """Return what is in the files, in the index, in the stash and on the known branches."""
        refs = [f"refs/heads/{name}" for name in self.named | self.own]
        roots = self._git("for-each-ref", "--format=%(objectname)", *refs).stdout.split()
        roots += self._git("stash", "list", "--format=%H").stdout.split()
        options = ["--objects", "--missing=allow-any"]
        listing = self._git("rev-list", *options, "HEAD", *roots).stdout
        blobs = {line.split()[0] for line in listing.splitlines()} | {*self._read_index().values()}
        contents = [*self._read_files().values(), *map(self._read_blob, blobs)]
        return {token for content in contents for token in TOKEN.findall(content)}

    def _assert_that_saved_work_is_the_learners(self, output: str) -> None:
        refs = self._git("for-each-ref", "--format=%(objectname)", "refs/heads/mine").stdout.split()
        theirs = ["--not", "refs/remotes/origin/main", "refs/tags/v0.1", "refs/tags/v0.2"]
        # the tour's commits alone: what learners commit is theirs, whatever it is
        saved = self._git("rev-list", "--grep=^Keep ", *refs, *theirs) if refs else None
        for commit in saved.stdout.split() if saved else []:
            options = ["-r", "--raw", "--no-abbrev", "--no-renames", "-z", "--no-commit-id"]
            listing = self._git("diff-tree", *options, commit).stdout.split("\0")
            for entry, path in zip(listing[::2], listing[1::2]):
                blob, status = entry.split()[3:]
                content = None if status == "D" else self._read_blob(blob)
                assert content in self.contents[path], f"{path} is not the learner's; {output}"

    @contextlib.contextmanager
    def _going_wrong(self, fault: str, number: int):
        """Let something fail while the tour runs."""
        run_git = git.run_bytes
        lock = self.clone.folder / ".git" / "index.lock"
        origin, away = self.home / "origin", self.home / "away"
        if fault == "killed":
            git.run_bytes = _killed_after(number, run_git)
        elif fault == "half":
            git.run_bytes = _stopped_half_way(number, run_git)
        elif fault == "room":
            self.disk.fill(number)
        elif fault == "origin":
            origin.rename(away)
        elif fault == "lock":
            lock.touch()
        try:
            yield
        finally:
            git.run_bytes = run_git
            self.disk.free()
            if fault == "origin":
                away.rename(origin)
            elif fault == "lock":
                lock.unlink()

    def _git(
        self, *arguments: str, cwd: Path | None = None, text: bool = True
    ) -> subprocess.CompletedProcess:
        """Run git as the learner does."""
        return subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.clone.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=text,
        )

    def _tour(self, *arguments: str) -> str:
        """Run a verb as the learner types it, and return what it printed."""
        type(self).steps += 1
        output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            with contextlib.suppress(KilledError):
                code = cli.main(list(arguments))
                assert code in (0, 2, 3), code
        return output.buffer.getvalue().decode()


def _killed_after(number: int, run_git: Callable[..., bytes]) -> Callable[..., bytes]:
    """Return a git after whose first so many runs the tour is killed."""
    runs = 0

    def run(repository: Path, *arguments: str, **options) -> bytes:
        nonlocal runs
        runs += 1
        if runs > number:
            raise KilledError
        return run_git(repository, *arguments, **options)

    return run


def _stopped_half_way(number: int, run_git: Callable[..., bytes]) -> Callable[..., bytes]:
    """Return a git that checks out so many files only: the disk is full, or all is killed."""

    def run(repository: Path, *arguments: str, **options) -> bytes:
        if arguments[0] != "checkout":
            return run_git(repository, *arguments, **options)
        target = next(each for each in arguments[1:] if not each.startswith("--"))
        index = {"GIT_INDEX_FILE": str(repository / ".git" / "half")}
        listing = run_git(repository, "diff-tree", "-r", "--name-status", "-z", "HEAD", target)
        names = listing.decode().split("\0")
        run_git(repository, "read-tree", target, environment=index)
        for status, path in list(zip(names[::2], names[1::2]))[:number]:
            with contextlib.suppress(git.GitError, OSError):
                if status in "DM":
                    repository.joinpath(path).unlink()
                if status in "AM":
                    run_git(repository, "checkout-index", "--", path, environment=index)
        raise KilledError if number % 2 else DiskFullError

    return run


def main() -> int:
    """Draw learners until the time is over; return 1 where one of them has lost something."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    arguments = parser.parse_args()
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_"))]:
        del os.environ[name]
    environment.prepare = lambda repository, report: Path(sys.executable)
    start = time.monotonic()
    number = arguments.seed
    with mounted(SIZE) as disk:
        Learner.disk = disk
        Learner.original = _make_original(disk.folder)
        while number == arguments.seed or time.monotonic() - start < arguments.seconds:
            print(f"seed {number}, {Learner.steps} steps so far", flush=True)
            run_state_machine_as_test(seed(number)(Learner), settings=SETTINGS)
            number += 1
    print(f"{Learner.steps} steps, and nothing was lost")
    return 0


def _make_original(place: Path) -> Path:
    os.environ["HOME"] = str(place)
    clone = make_flack_tour(place / "original")
    publish(clone, grow_line(clone, files=FILES), edition=1)
    tags.fix(clone.folder, find_stages(clone.folder))
    clone.git("config", "uploadpack.allowFilter", "true")
    clone.git("repack", "--quiet", "-a", "-d")
    return clone.folder


if __name__ == "__main__":
    sys.exit(main())

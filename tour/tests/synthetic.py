"""A small Flack Tour for the tests: a stage line of servers that answer ok, and main on top."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tour.diff.lines import EMPTY_TREE
from tour.system.address import Address

STAGES = ("v0.1", "v0.2", "v0.3")

# an address beside 127.0.0.1 at which this machine reaches itself; macOS has no other 127.x.y.z
OTHER_HOST = "::1" if sys.platform == "darwin" else "127.0.0.2"
OTHER = Address(OTHER_HOST, OTHER_HOST)

README = """\
# Flack {tag}

## Install

```console
$ pip install -r requirements.txt
```

## Run

```console
$ python flack.py
```

## Test

```console
$ pytest
```
"""

FLACK = '''\
"""The application."""

import http.server
import os


class Handler(http.server.BaseHTTPRequestHandler):
    """Answer ok."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(greeting())


def greeting():
    return b"{tag}"


if __name__ == "__main__":
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ["PORT"]
    http.server.test(Handler, port=int(port), bind=host)
'''

TESTS = '''\
"""The application's tests."""

import os

import flack


def test_greeting():
    assert flack.greeting() == b"{tag}"


def test_database():
    assert "DATABASE_URL" not in os.environ
'''

SETUP = """\
[tool:pytest]
python_files = tests.py

[coverage:run]
branch = True
include = flack.py

[coverage:report]
exclude_also =
    if __name__
    class Handler
"""


# what `git fast-import` reads: the identity and date below, and the id of no commit
COMMITTER = "committer Maintainer <maintainer@flack.invalid> 1464426000 +0000\n"
NOTHING = "0" * 40


class Clone:
    """A repository, and git in it as its maintainer types it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def git(self, *arguments: str, input: str | None = None) -> str:
        """Run git with an identity and a date that are always the same."""
        settings = {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_NAME": "Maintainer",
            "GIT_AUTHOR_EMAIL": "maintainer@flack.invalid",
            "GIT_AUTHOR_DATE": "2016-05-28T09:00:00Z",
            "GIT_COMMITTER_NAME": "Maintainer",
            "GIT_COMMITTER_EMAIL": "maintainer@flack.invalid",
            "GIT_COMMITTER_DATE": "2016-05-28T09:00:00Z",
        }
        return subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**os.environ, **settings},
            check=True,
            input=input,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            errors="surrogateescape",
        ).stdout.strip()

    def write(self, files: dict[str, str]) -> None:
        """Write files into the working tree."""
        for path, text in files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")

    def commit(self, message: str) -> str:
        """Commit the whole working tree and return the commit's id."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def tags(self) -> dict[str, str]:
        """Return the objects of the tags by the tags' names."""
        form = "--format=%(refname:lstrip=2) %(objectname)"
        listing = self.git("for-each-ref", form, "refs/tags")
        return dict(line.split(" ") for line in listing.splitlines())

    def state(self) -> tuple[str, ...]:
        """Return what a verb must leave alone: branch, commit, working tree, branches."""
        return (
            self.git("rev-parse", "--abbrev-ref", "HEAD"),
            self.git("rev-parse", "HEAD"),
            self.git("status", "--porcelain"),
            self.git("for-each-ref", "refs/heads"),
        )


def make_flack_tour(folder: Path) -> Clone:
    """Make a repository with three stages and main, in the folder."""
    folder.mkdir()
    clone = Clone(folder)
    # without git's examples of hooks, which every copy would have
    clone.git("init", "--quiet", "--template=", "--initial-branch=main")
    publish(clone, grow_line(clone), edition=1)
    return clone


def grow_line(
    clone: Clone,
    tags: tuple[str, ...] = STAGES,
    note: str = "",
    files: dict[str, dict[str, str]] | None = None,
) -> str:
    """Make the commits of a stage line from its root on and return the last one's id.

    `note` goes into every stage, `files` has by a stage's tag what it has beside, or instead.
    """
    commands = []
    for number, tag in enumerate(tags, 1):
        message = f"Make {tag}\n\nIt is next.{note}\n\nStage: {tag}\n"
        parent = f"from :{number - 1}\n" if number > 1 else ""
        # a branch that is deleted again has the commits meanwhile
        commands += [f"commit refs/heads/line\nmark :{number}\n{COMMITTER}", data(message.encode())]
        commands += [f"{parent}deleteall\n"]
        for path, text in (stage_files(tag, note) | (files or {}).get(tag, {})).items():
            commands += [f"M 100644 inline {path}\n", data(text.encode())]
    commands += [f"get-mark :{len(tags)}\n", f"reset refs/heads/line\nfrom {NOTHING}\n"]
    tip = clone.git("fast-import", "--quiet", input="".join(commands))
    clone.git("checkout", "--quiet", "--force", "--detach", tip)
    return tip


def data(content: bytes) -> str:
    """Return the content as `git fast-import` reads it; a byte that is not UTF-8 is a surrogate."""
    return f"data {len(content)}\n{content.decode(errors='surrogateescape')}\n"


def store_tree(folder: Path, files: dict[str, str | bytes], mode: str = "100644") -> str:
    """Store files of one mode in a repository as a tree, byte for byte, and return its id."""
    commands = [f"commit refs/heads/stored\n{COMMITTER}{data(b'')}deleteall\n"]
    for path, content in files.items():
        content = content if isinstance(content, bytes) else content.encode()
        commands += [f"M {mode} inline {json.dumps(path, ensure_ascii=False)}\n", data(content)]
    commands += ['ls ""\n', f"reset refs/heads/stored\nfrom {NOTHING}\n"]
    entry = Clone(folder).git("fast-import", "--quiet", input="".join(commands))
    return entry.split()[2] if files else EMPTY_TREE


def stage_files(tag: str, note: str = "") -> dict[str, str]:
    """Return the files of a stage."""
    return {
        "README.md": README.format(tag=tag) + note,
        "flack.py": FLACK.format(tag=tag),
        "tests.py": TESTS.format(tag=tag),
        "requirements.txt": "",
        "setup.cfg": SETUP,
        ".gitignore": "__pycache__/\n",
    }


def publish(clone: Clone, tip: str, edition: int, tags: tuple[str, ...] = STAGES) -> str:
    """Put the overlay and the tip together as the next commit on main, and check main out."""
    clone.git("checkout", "--quiet", "--force", "--detach", tip)
    clone.write({"README.md": "# Flack Tour\n", "tour/stages.toml": manifest(tip, edition, tags)})
    clone.git("add", "--all")
    heads = clone.git("for-each-ref", "--format=%(objectname)", "refs/heads/main").split()
    parents = [option for commit in [*heads, tip] for option in ("-p", commit)]
    tree = clone.git("write-tree")
    commit = clone.git("commit-tree", tree, *parents, "-m", f"Publish edition {edition}")
    clone.git("update-ref", "refs/heads/main", commit)
    clone.git("checkout", "--quiet", "--force", "main")
    return commit


def manifest(tip: str, edition: int, tags: tuple[str, ...] = STAGES) -> str:
    """Return the text of a manifest."""
    entries = [f'[[stage]]\ntag = "{tag}"\ntitle = "Make {tag}"\npage = "{tag}"\n' for tag in tags]
    return "\n".join([f'tip = "{tip}"\nedition = {edition}\n', *entries])

"""All that a user can configure of git, at once, for the tests that none of it shows."""

import os
from pathlib import Path

import pytest

from tour.repo import git
from tour.tests.synthetic import Clone

# before anything here was made
LONG_AGO = 1464426000

CONFIGURATION = """\
[advice]
    detachedHead = true
[apply]
    whitespace = error-all
[blame]
    showEmail = true
[branch]
    autoSetupMerge = always
    autoSetupRebase = always
    sort = -committerdate
[branch "main"]
    mergeOptions = --squash
[checkout]
    guess = false
[clone]
    defaultRemoteName = upstream
[color]
    ui = always
    advice = always
    branch = always
    diff = always
    status = always
[column]
    ui = always
[commit]
    cleanup = strip
    gpgSign = true
    template = /nonexistent
    verbose = true
[core]
    abbrev = 4
    autocrlf = true
    bigFileThreshold = 1
    commentChar = M
    fsmonitor = /nonexistent
    hooksPath = /nonexistent
    pager = false
    quotePath = true
    safecrlf = true
    splitIndex = true
    untrackedCache = true
    whitespace = tab-in-indent,cr-at-eol
[diff]
    algorithm = patience
    colorMoved = zebra
    context = 1
    dirstat = lines
    external = false
    ignoreSubmodules = all
    indentHeuristic = false
    interHunkContext = 20
    mnemonicPrefix = true
    noprefix = true
    orderFile = /nonexistent
    relative = true
    renameLimit = 1
    renames = copies
    srcPrefix = old/
    dstPrefix = new/
    statGraphWidth = 1
    submodule = log
    suppressBlankEmpty = true
    wordRegex = .
[diff "odd"]
    binary = true
    command = false
    textconv = rev
    xfuncname = "^return.*$"
[fetch]
    prune = true
    fsckObjects = true
[format]
    pretty = fuller
[gpg]
    program = false
[grep]
    lineNumber = true
[i18n]
    commitEncoding = ISO-8859-1
    logOutputEncoding = UTF-16
[index]
    version = 4
[init]
    defaultBranch = trunk
    templateDir = /nonexistent
[log]
    abbrevCommit = true
    date = relative
    decorate = full
    diffMerges = combined
    follow = true
    mailmap = true
    showRoot = false
    showSignature = true
[merge]
    autoStash = true
    conflictStyle = diff3
    default = binary
    directoryRenames = conflict
    ff = false
    log = true
    renames = false
    renormalize = true
    stat = true
    verifySignatures = true
[pack]
    threads = 2
[pager]
    log = false
[protocol "file"]
    allow = never
[pull]
    rebase = true
[rerere]
    enabled = true
    autoUpdate = false
[status]
    short = true
    showUntrackedFiles = no
[submodule]
    recurse = true
[tag]
    gpgSign = true
    sort = -refname
[tar]
    umask = 0777
[trailer]
    separators = =
[user]
    useConfigOnly = true
[versionsort]
    suffix = -
"""

# what a clone may have of attributes that no configuration undoes
ATTRIBUTES = """\
* text eol=crlf diff=odd ident
*.css -diff
models.py export-ignore
flack.py export-subst
"""

ENVIRONMENT = {
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "core.quotePath",
    "GIT_CONFIG_VALUE_0": "true",
    "GIT_CONFIG_PARAMETERS": "'diff.noprefix'='true'",
    "GIT_DIFF_OPTS": "--unified=0",
    "GIT_DIR": "/nonexistent",
    "GIT_EXTERNAL_DIFF": "false",
    "GIT_INDEX_FILE": "/nonexistent",
}


def spoil(clone: Clone, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure the clone, the home and the environment so, and check out all files again."""
    clone.git("config", "extensions.worktreeConfig", "true")
    folder = clone.folder / ".git"
    for file in (folder / "config", folder / "config.worktree", home / ".gitconfig"):
        with file.open("a") as configuration:
            configuration.write(CONFIGURATION)
    folder.joinpath("info").mkdir(exist_ok=True)
    folder.joinpath("info", "attributes").write_text(ATTRIBUTES)
    check_out_anew(clone)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def check_out_anew(clone: Clone) -> None:
    """Let git write all files again, with lines that end as the user has it."""
    files = [clone.folder / path for path in clone.git("ls-files").splitlines()]
    # it leaves alone what it takes for the same
    for file in files:
        file.unlink()
    git.run(clone.folder, "checkout-index", "--all", "--index", as_user=True)
    # a file that is older than the index is not looked into again
    for file in files:
        os.utime(file, (LONG_AGO, LONG_AGO))
    git.run(clone.folder, "update-index", "--refresh", as_user=True)
    assert b"\r\n" in clone.folder.joinpath("flack.py").read_bytes()

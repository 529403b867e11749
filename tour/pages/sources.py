"""What pages quote from git: files, trees, diffs and counts."""

import re
from functools import cache
from pathlib import Path
from pathlib import PurePosixPath

from tour.diff import lines
from tour.pages.fences import MAIN
from tour.pages.patches import split_lines
from tour.repo import copies
from tour.repo import git
from tour.repo import worktree
from tour.stages import sizes
from tour.stages.line import Stage
from tour.stages.line import StageLine

DIFF_PATH = re.compile(r"^(?:\+\+\+ b/|--- a/|rename to )(.+?)\t?$", re.MULTILINE)
DIFF_START = re.compile(r"^(?=diff --git )", re.MULTILINE)
DIFF_PLACES = re.compile(r"diff --git a/(.+) b/\1$", re.MULTILINE)


class Sources:
    """What git has of the stages, and of main as it lies in the working tree; looked up once."""

    def __init__(self, repository: Path, line: StageLine) -> None:
        self.repository = repository
        self.line = line
        self.stages = {stage.tag: stage for stage in line.stages}
        self.tags = list(self.stages)
        self.tree = cache(self._tree)
        self.files = cache(lambda tag: copies.read_files(repository, self.tree(tag)))
        self.diff = cache(self._diff)
        self.step = cache(self._step)
        self.size = cache(lambda tag: sizes.measure(repository, self.stages[tag].commit))

    def before(self, tag: str) -> Stage | None:
        """Return the stage before this one."""
        return self.line.before(self.stages[tag])

    def listing(self, tag: str, path: str) -> list[str] | None:
        """Return the lines of a file, None when there is no such file."""
        data = self.files(tag).get(path)
        return None if data is None else split_lines(data.decode(errors="replace"))

    def draw_tree(self, tag: str, folder: str) -> list[str] | None:
        """Return a folder's files as a tree, None when there is no such folder; '' is the top."""
        paths = [PurePosixPath(path) for path in self.files(tag)]
        if folder:
            paths = [path.relative_to(folder) for path in paths if path.is_relative_to(folder)]
        if not paths:
            return None
        return [f"{folder}/" if folder else ".", *_draw([path.parts for path in paths])]

    def _tree(self, tag: str) -> str:
        """Return the id of the tree of a stage, or of main."""
        return worktree.snapshot(self.repository) if tag == MAIN else self.stages[tag].tree

    def _diff(self, old: str, new: str) -> dict[str, list[str]]:
        """Return what `git diff` prints between two stages, by the path of the file."""
        # the ids of files are as short as git makes them in a fresh clone
        commits = (self.stages[old].commit, self.stages[new].commit)
        data = git.run_apart(self.repository, "diff", "--abbrev=7", *commits)
        text = data.decode(errors="replace")
        files = {}
        for part in DIFF_START.split(text):
            if part:
                head = part.partition("\n@@ ")[0]
                # of a changed file the new path comes last; of a deleted one there is the old alone
                paths = DIFF_PATH.findall(head) or DIFF_PLACES.findall(head)
                files[paths[-1]] = split_lines(part)
        return files

    def _step(self, tag: str) -> lines.Counts:
        before = self.before(tag)
        return lines.count_step(self.repository, before and before.commit, self.stages[tag].commit)


def _draw(paths: list[tuple[str, ...]]) -> list[str]:
    """Draw the paths below a folder: its folders first, then its files, each by name."""
    folders = sorted({path[0] for path in paths if len(path) > 1})
    files = sorted(path[0] for path in paths if len(path) == 1)
    drawn = []
    for name in (*folders, *files):
        is_last = name == (files or folders)[-1]
        if name in folders:
            drawn.append(f"{'└── ' if is_last else '├── '}{name}/")
            inner = _draw([path[1:] for path in paths if path[0] == name and len(path) > 1])
            drawn += [f"{'    ' if is_last else '│   '}{line}" for line in inner]
        else:
            drawn.append(f"{'└── ' if is_last else '├── '}{name}")
    return drawn

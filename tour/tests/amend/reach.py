"""How many edits of v0.1 reach the newest stage when the others are replayed on top of them.

Edited are lines of v0.1's flack.py that live on at every stage, as they are but for their
indentation. An edit has reached the newest stage where that is as it was, with the same lines
edited in the same way and nothing else. The tests edit every other line at once; this edits lines
that are drawn with a seed, one at a time and in groups:

  .venv/bin/python -m tour.tests.amend.reach 1 2 3 4 5
"""

import argparse
import itertools
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from tour.amend import replay
from tour.amend.replay import ConflictError
from tour.amend.replay import Step
from tour.pictures import flow
from tour.pictures.flow import Home
from tour.repo import copies
from tour.repo import git
from tour.stages.line import find_stages

# what a line becomes, which has this number at v0.1
Edit = Callable[[str, int], list[str]]

# how many draws there are for a seed, by how many lines are edited at a time
DRAWS = {1: 60, 4: 48}


class Outcome(StrEnum):
    REACHED = "reached"
    STOPPED = "stopped"
    WRONG = "wrong"


def change(line: str, number: int) -> list[str]:
    """Return the line with a comment at its end."""
    return [f"{line}  # {number}"]


def insert(line: str, number: int) -> list[str]:
    """Return the line and a comment below it."""
    indentation = line[: len(line) - len(line.lstrip())]
    return [line, f"{indentation}# {number}"]


def delete(line: str, number: int) -> list[str]:
    """Return nothing."""
    return []


EDITS = (change, insert, delete)


class Reach:
    """A clone in which the stages are replayed on top of edits; `folder` is where it shall be."""

    def __init__(self, repository: Path, folder: Path) -> None:
        self.clone, self.worktree = folder / "clone", folder / "worktree"
        git.run(repository, "clone", "--quiet", "--no-checkout", ".", str(self.clone))
        self.stages = find_stages(self.clone).stages
        replay.open_worktree(self.clone, self.worktree, self.stages[0].commit)
        self.files = [copies.read_files(self.clone, stage.commit) for stage in self.stages]
        self.ends = self._find_ends()

    def _find_ends(self) -> dict[int, Home]:
        """Return by its number where each line is at last that lives on."""
        texts = [
            {
                Home(path, number): line.strip()
                for path, data in files.items()
                for number, line in enumerate(data.decode(errors="replace").split("\n"), start=1)
            }
            for files in self.files
        ]
        line = find_stages(self.clone)
        ends = {}
        for number, trace in enumerate(flow.follow(self.clone, line), start=1):
            found = {text.get(home) for text, home in zip(texts, trace.homes)}
            if len(trace.homes) == len(texts) and len(found) == 1 and found != {""}:
                ends[number] = trace.homes[-1]
        return ends

    def find_lines(self, edit: Edit) -> list[int]:
        """Return the numbers of the lines that can be edited so.

        Inserted is where the next line lives on below; elsewhere there is no one place for it.
        """
        return [
            number
            for number, end in self.ends.items()
            if edit is not insert
            or self.ends.get(number + 1) == end._replace(number=end.number + 1)
        ]

    def replay(self, edit: Edit, numbers: Sequence[int]) -> Outcome:
        """Edit the lines of these numbers at v0.1, replay the other stages, and tell what came."""
        start = {Home(flow.SOURCE, number): number for number in numbers}
        files = _edit(self.files[0], edit, start)
        first = self.stages[0]
        replay.reset(self.worktree, first.commit)
        self.worktree.joinpath(flow.SOURCE).write_bytes(files[flow.SOURCE])
        made = replay.commit_files(self.worktree, first.tag, first.commit, None, first.commit)
        commit = made.commit
        for before, stage in itertools.pairwise(self.stages):
            step = Step(stage.tag, stage.commit, before.commit, commit)
            try:
                commit = replay.pick(self.worktree, step).commit
            except ConflictError:
                return Outcome.STOPPED
        expected = _edit(self.files[-1], edit, {self.ends[number]: number for number in numbers})
        is_right = copies.read_files(self.clone, commit) == expected
        return Outcome.REACHED if is_right else Outcome.WRONG


def _edit(files: dict[str, bytes], edit: Edit, homes: dict[Home, int]) -> dict[str, bytes]:
    """Return the files with lines edited; `homes` has by their places their numbers at v0.1."""
    edited = {}
    for path in {home.path for home in homes}:
        lines: list[str] = []
        for number, line in enumerate(files[path].decode().split("\n"), start=1):
            origin = homes.get(Home(path, number))
            lines += [line] if origin is None else edit(line, origin)
        edited[path] = "\n".join(lines).encode()
    return files | edited


def draw(reach: Reach, edit: Edit, seed: int, size: int) -> list[list[int]]:
    """Draw lines, so many at a time, for each time that they are to be edited."""
    chosen = random.Random(seed)
    return [chosen.sample(reach.find_lines(edit), size) for _ in range(DRAWS[size])]


def main(argv: list[str]) -> int:
    """Print how many edits reach the newest stage; return 1 where one went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("seeds", nargs="+", type=int, metavar="SEED")
    seeds = parser.parse_args(argv).seeds
    total: Counter[Outcome] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        reach = Reach(Path.cwd(), Path(folder))
        for seed, edit, size in itertools.product(seeds, EDITS, DRAWS):
            outcomes = Counter(reach.replay(edit, each) for each in draw(reach, edit, seed, size))
            figures = ", ".join(f"{outcomes[outcome]} {outcome}" for outcome in Outcome)
            print(f"seed {seed}, {edit.__name__}, lines at a time: {size}: {figures}", flush=True)
            total += outcomes
    return 1 if total[Outcome.WRONG] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Goals about files: they are there or gone, they are Python, they have what was moved."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tour.practice.vocabulary.goal import TESTS
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.goal import Trial
from tour.practice.vocabulary.goal import own_names


@dataclass(frozen=True)
class Readable(Goal):
    """All files can be read, and are Python."""

    sentence = "Python can read every file"
    question = "What does Python say of that line? `python -m py_compile FILE` tells it in full."

    def find(self, trial: Trial) -> Finding | None:
        for path, why in trial.model.files.unread.items():
            if path.endswith(".py"):
                return Finding(path, 0, why)
        for module in trial.model.modules.values():
            if module.fault:
                return Finding(
                    module.path, module.fault.line, f"not valid Python: {module.fault.reason}"
                )
        return None


@dataclass(frozen=True)
class There(Goal):
    """A file is there; in the place of a module a package will do."""

    path: str

    sentence = "{path} is there"
    question = "What is to be in {path}, and in a sentence, why there?"

    def find(self, trial: Trial) -> Finding | None:
        is_module = self.path.endswith(".py") and trial.module(self.path)
        if is_module or self.path in trial.model.files.paths:
            return None
        return Finding("", 0, f"there is no {self.path}")


@dataclass(frozen=True)
class Gone(Goal):
    """A file, or a folder, is no longer where it was."""

    path: str

    guards = True
    sentence = "{path} is gone"
    question = "What does {path} still hold, and where should each part of it live?"

    def find(self, trial: Trial) -> Finding | None:
        for path in sorted(trial.model.files.paths):
            if path == self.path or self.path.endswith("/") and path.startswith(self.path):
                return Finding(path, 1, "this file is still there")
        return None


@dataclass(frozen=True)
class Requires(Goal):
    """A file of requirements has a package."""

    package: str

    sentence = "requirements.txt has {package}"
    question = "What does somebody need who installs this today, on a machine that has nothing?"
    about = ("requirements.txt",)

    def find(self, trial: Trial) -> Finding | None:
        data = trial.model.files.contents.get("requirements.txt", b"").decode(errors="replace")
        named = (line.partition("==")[0].strip() for line in data.split("\n"))
        names = [name.lower().replace("_", "-") for name in named]
        if self.package.lower() in names:
            return None
        return Finding("requirements.txt", 0, f"{self.package} is not in it")


@dataclass(frozen=True)
class Moved(Goal):
    """Of the lines that the step moves away from a file, a share is elsewhere, unchanged."""

    path: str
    percent: int

    guards = True
    sentence = "what left {path} is moved, not rewritten: {percent} % of the lines"
    question = "Did you cut and paste, or type it again? A move changes no line inside the block."

    def find(self, trial: Trial) -> Finding | None:
        names = own_names(trial.before) | own_names(trial.after)
        # utils.timestamp() is timestamp() in another form of import
        qualifier = re.compile(rf"\b(?:{'|'.join(sorted(names))})\.")
        here: Counter[str] = Counter()
        for file, data in trial.model.files.contents.items():
            before = trial.before.files.contents.get(file, b"")
            if file != self.path and file.endswith(".py") and data != before:
                here.update(qualifier.sub("", line) for line in lines_of(data))
                here.subtract(qualifier.sub("", line) for line in lines_of(before))
        moved = trial.moved.get(self.path, [])
        others = []
        for number, text in moved:
            plain = qualifier.sub("", text)
            if here[plain] > 0:
                here[plain] -= 1
            else:
                others.append((number, text))
        found = len(moved) - len(others)
        if 100 * found >= self.percent * len(moved):
            return None
        number, text = others[0]
        counts = f"{found} of the {len(moved)} lines that move are elsewhere unchanged"
        return Finding(self.path, number, f"{counts}; this one, as it was here, is not: {text}")


@dataclass(frozen=True)
class KeepsTests(Goal):
    """Each test of the stage before is there still."""

    guards = True
    sentence = "each test that was there is there still"
    question = "How many tests did pytest collect before, and how many does it now?"
    about = TESTS

    def find(self, trial: Trial) -> Finding | None:
        there = {name for module in trial.model.tests for name in module.functions}
        for module in trial.before.tests:
            for name in module.functions:
                if name.startswith("test_") and name not in there:
                    return Finding("", 0, f"{name} is gone, which was in {module.path}")
        return None


def lines_of(data: bytes) -> Iterator[str]:
    """Yield the lines of a module that count as moved: its code, without imports."""
    for line in data.decode(errors="replace").split("\n"):
        if is_code(line.strip()):
            yield line.strip()


def is_code(line: str) -> bool:
    """Whether a stripped line is no import and says something."""
    return any(map(str.isalnum, line)) and not line.startswith(("import ", "from "))

"""What there is to show of a stage's modules: their lines, their imports, what the step changed."""

import functools
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour.diff import lines
from tour.pictures.changes import Changes
from tour.pictures.changes import sum_up
from tour.repo import copies
from tour.stages.line import StageLine
from tour.stages.sizes import is_test
from tour.syntax import imports
from tour.syntax.files import Files
from tour.syntax.imports import Import
from tour.syntax.model import Model
from tour.system.wording import count
from tour.system.wording import enumerate_words


class Module(NamedTuple):
    """A module, or all tests: where it is, its lines, what the step did to it.

    `mark` is `new` for one that was not there before, `moved` when only its folder is another.
    `note` is what else is written at it.
    """

    path: str
    lines: int
    mark: str
    changes: Changes
    in_cycle: bool
    note: str = ""

    @property
    def name(self) -> str:
        return self.path if self.path.endswith("/") else PurePosixPath(self.path).name


class Plan(NamedTuple):
    """A stage's modules, its tests, and its imports, and what its tests import, by name.

    `note` is what else the legend says.
    """

    tag: str
    modules: list[Module]
    tests: Module | None
    imports: list[Import]
    cycle: list[Import]
    imported_by_tests: list[str]
    note: str = ""


@functools.cache
def survey(repository: Path, line: StageLine, position: int) -> Plan:
    """Return the modules and imports of the stage at the position, and what its step changed."""
    stage = line.stages[position]
    files = copies.read_files(repository, stage.commit)
    changes, before = [], set()
    if position:
        previous = line.stages[position - 1].commit
        changes = lines.compare(repository, previous, stage.commit)
        before = set(copies.read_files(repository, previous))
    tree = Model(Files(files, {}))
    found = tree.edges_of(tree.modules.values())
    inside = [edge for edge in found if not is_test(edge.importer)]
    cycle = imports.find_cycle(inside)
    in_cycle = {edge.importer for edge in cycle}
    counted = imports.count_lines(files)

    def module(path: str, total: int, old: set[str]) -> Module:
        change = sum_up(changes, path)
        if not position or path in old:
            mark = ""
        elif (
            change.origin
            and change.origin not in files
            and PurePosixPath(change.origin).name == PurePosixPath(path).name
        ):
            mark = "moved"
        else:
            mark = "new"
        return Module(path, total, mark, change, path in in_cycle)

    by_tests = {
        edge.imported for edge in found if is_test(edge.importer) and not is_test(edge.imported)
    }
    tests = {path: total for path, total in counted.items() if is_test(path)}
    folder = "tests/" if any(path.startswith("tests/") for path in tests) else "tests.py"
    old_tests = {"tests/" if path.startswith("tests/") else path for path in before}
    return Plan(
        stage.tag,
        [module(path, counted[path], before) for path in counted if path not in tests],
        module(folder, sum(tests.values()), old_tests) if tests else None,
        inside,
        cycle,
        _references(sorted(by_tests)),
    )


def describe(plan: Plan) -> str:
    total = sum(module.lines for module in plan.modules)
    members = [
        f"{_short(module.path, plan)} {module.lines}{f' ({module.mark})' if module.mark else ''}"
        for module in plan.modules
    ]
    stands = f"At {plan.tag} Flack has {count(total, 'line')} in {count(len(members), 'module')}"
    tests = f", with {count(plan.tests.lines, 'line')} of tests beside" if plan.tests else ""
    sentences = [f"{stands}: {enumerate_words(members)}{tests}."]
    changed = []
    for module in plan.modules:
        if arrived := [*module.changes.arrived(), *module.changes.left()]:
            changed.append(f"{_short(module.path, plan)} {', '.join(arrived)}")
    if changed:
        sentences.append(f"In this step: {'; '.join(changed)}.")
    return " ".join([*sentences, *describe_imports(plan)])


def describe_imports(plan: Plan) -> list[str]:
    """Return in a sentence which arrows the picture has; none without one."""
    arrows = []
    for module in plan.modules:
        imported = [
            _short(edge.imported, plan) + (" (inside a function)" if edge.deferred else "")
            for edge in plan.imports
            if edge.importer == module.path
        ]
        if imported:
            arrows.append(f"{_short(module.path, plan)} to {enumerate_words(imported)}")
    if not arrows:
        return []
    cycle = [_short(module.path, plan) for module in plan.modules if module.in_cycle]
    red = f"; in red, the import cycle of {enumerate_words(cycle)}" if cycle else ""
    return [f"Arrows lead from importer to imported: {'; '.join(arrows)}{red}."]


def _short(path: str, plan: Plan) -> str:
    """Return the file's name, with its folder where several have it."""
    name = PurePosixPath(path).name
    if [PurePosixPath(module.path).name for module in plan.modules].count(name) == 1:
        return name
    return "/".join(PurePosixPath(path).parts[-2:])


def _references(paths: list[str]) -> list[str]:
    """Return what imports call the modules, in full only where the last part is not enough."""
    full = [imports.dotted_name(path) for path in paths]
    last = [name.rpartition(".")[2] for name in full]
    return [name if last.count(end) > 1 else end for name, end in zip(full, last)]

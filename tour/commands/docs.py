"""check the pages against the code: all that they quote, count and link to

Each diff, listing, tree and count is compared with git. Each console session is run in a clean copy
of its stage, each patch is applied, each link followed. --update writes the expected text into
the pages and leaves the prose alone. The output of a session is stored until something that it
depends on has changed. Then the site is built from the pages; --serve does only that, serves it,
and builds it again whenever a page changes. --slides only builds it, and says where the slides of
each step are.

example:
  python3 -m tour docs docs/steps/v0.3.md --update
"""

import argparse
import importlib.util
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tour.diff.words import count_same
from tour.environments import environment
from tour.production import programs
from tour.repo import clone
from tour.repo.own_folder import own_folder
from tour.site import builder
from tour.site.server import serve_pages
from tour.stages.line import find_stages
from tour.system import platforms
from tour.system import process
from tour.system import status_line
from tour.system.errors import TourError
from tour.system.errors import UsageError

if TYPE_CHECKING:
    from tour.pages.checker import CheckedPages
    from tour.pages.findings import Finding

PAGES = "docs"
SUFFIX = ".md"

# longer lines of a page, or of the expected text, are cut where they are shown
WIDTH = 88


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", nargs="*", type=Path, metavar="PATH", help="a page, or a folder of them")
    add("--update", action="store_true", help="write the expected text into the pages")
    add("--fresh", action="store_true", help="run all sessions again")
    site = parser.add_mutually_exclusive_group()
    add = site.add_argument
    add("--serve", action="store_true", help="build the site and serve it until Ctrl-C")
    add("--slides", action="store_true", help="build the site and print where the slides are")


def run(arguments: argparse.Namespace) -> int:
    """Check the pages; return 1 when there is a finding."""
    if arguments.serve or arguments.slides:
        if arguments.paths or arguments.update or arguments.fresh:
            raise UsageError("--serve and --slides check no page; leave the rest out")
    repository = clone.find_clone()
    python = environment.prepare(repository, print)
    if arguments.serve:
        return _serve(repository)
    if arguments.slides:
        return _print_slides(repository)
    if importlib.util.find_spec("markdown_it") is None:
        return _run_with(repository, python)
    checked = check_pages(repository, arguments)
    print_checked(repository, arguments, checked)
    if checked.findings:
        return 1
    if not arguments.paths:
        folder = builder.build(repository, find_stages(repository), print)
        print(f"The site is at {folder / 'index.html'}")
    return 0


def check_pages(repository: Path, arguments: argparse.Namespace) -> "CheckedPages":
    """Check the pages that the arguments name, all of them by default."""
    # not before .venv is there
    from tour.pages.checker import PageChecker
    from tour.pages.sessions import Runner
    from tour.pages.sources import Sources

    files = find_pages(repository, arguments.paths)
    sources = Sources(repository, find_stages(repository))
    checker = PageChecker(sources, Runner(sources, status_line.report, arguments.fresh))
    try:
        return checker.check(files, arguments.update, with_pictures=not arguments.paths)
    finally:
        status_line.end_report()
        if checker.runner.left_out:
            titles = ", ".join(sorted(checker.runner.left_out))
            print(f"Not run: {titles}; {programs.explain_missing_redis()}")


def find_pages(repository: Path, paths: list[Path]) -> list[Path]:
    """Return the pages at the paths, by default all; raise UsageError for what is no page."""
    files: list[Path] = []
    pages = (repository / PAGES).resolve()
    for path in [path.resolve() for path in paths] or [pages]:
        if not path.is_relative_to(repository.resolve()):
            raise UsageError(f"{path} is not in {repository}; name a page of this clone")
        found = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
        found = [file for file in found if file.is_relative_to(pages)]
        if not found or not all(file.is_file() and file.suffix == SUFFIX for file in found):
            raise UsageError(f"there is no page at {path}; the pages are on main, in {PAGES}/")
        files += found
    return [repository / file.relative_to(repository.resolve()) for file in dict.fromkeys(files)]


def print_checked(repository: Path, arguments: argparse.Namespace, checked: "CheckedPages") -> None:
    """Print the fixed and the other findings, the command that fixes them, and the counts."""
    for finding in checked.fixed:
        print(f"fixed: {_format(finding)}")
    for finding in checked.findings:
        print(_format(finding))
    counts = ", ".join(f"{kind} {count}" for kind, count in sorted(checked.counts.items()) if count)
    number = len(checked.findings)
    print(f"{counts}: {number or 'no'} {'finding' if number == 1 else 'findings'}")
    if any(finding.correction for finding in checked.findings):
        options = platforms.how_to_type("--update", *arguments.paths)
        print("To write the expected text into the pages:")
        print(f"  {clone.tour_command(repository)} docs {options}")
    if any(not finding.correction for finding in checked.findings):
        print("Where --update has nothing to write, the finding is for you to fix in the page.")


def _serve(repository: Path) -> int:
    """Serve the site, and build it whenever its sources change, until interrupted."""
    line = find_stages(repository)
    folder = own_folder(repository, builder.SITE)
    with serve_pages(folder) as server:
        print(f"The pages are at {server.url} until you press Ctrl-C")
        with suppress(KeyboardInterrupt):
            builder.watch(repository, line, print, threading.Event())
    return 0


def _print_slides(repository: Path) -> int:
    """Build the site and print the file of each step's slides."""
    line = find_stages(repository)
    folder = builder.build(repository, line, print)
    print("To show a step's slides, open its file in a browser; the arrow keys turn the pages:")
    for stage in line.stages:
        file = folder / builder.SLIDES / f"{stage.tag}.html"
        if file.is_file():
            print(f"  {file}")
    return 0


def _run_with(repository: Path, python: Path) -> int:
    """Run the same command with the interpreter of .venv, which has the Markdown parser."""
    if python.parent == Path(sys.executable).parent:
        raise TourError(f"{python} lacks markdown-it-py; delete .venv and run this again")
    command = [str(python), "-m", "tour", *sys.argv[1:]]
    # with the user's own variables, which name the configuration of git
    variables = {**os.environ, **environment.bytecode(repository)}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return process.spawn(command, Path.cwd(), variables, log=None).wait()


def _format(finding: "Finding") -> str:
    lines = [f"{finding.path}:{finding.line}: {finding.problem}"]
    sides = {"expected": finding.expected, "got": finding.got}
    present = [line for line in sides.values() if line is not None]
    if present:
        same = count_same(*present) if len(present) > 1 else 0
        for name, line in sides.items():
            lines.append(f"    {name:8} {'nothing' if line is None else _cut(line, same)}")
    return "\n".join(lines)


def _cut(line: str, same: int) -> str:
    """Return a line to show: of a long one the part around its first difference."""
    start = max(same - WIDTH // 2, 0) if len(line) > WIDTH else 0
    before = "..." if start else ""
    after = "..." if start + WIDTH < len(line) else ""
    return f"|{before}{line[start : start + WIDTH]}{after}"

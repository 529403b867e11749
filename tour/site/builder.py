"""Making the site, unless it is made already."""

import threading
from contextlib import suppress
from pathlib import Path

from tour.environments import environment
from tour.repo import cache
from tour.repo import copies
from tour.repo import git
from tour.repo.clone import tour_command
from tour.repo.locks import exclusive
from tour.repo.own_folder import own_folder
from tour.repo.temporary import put_in_place
from tour.repo.temporary import temporary_folder
from tour.stages.line import StageLine
from tour.stages.manifest import main_branches
from tour.system import process
from tour.system.errors import TourError
from tour.system.status_line import Report

PAGES = "docs"
SITE = "site"
# in the site, a step's slides
SLIDES = "slides"

# a file in the site that tells what it was made from
STAMP = "made-from.txt"

# seconds that Sphinx may take, and between two looks at the sources
LIMIT = 300.0
PAUSE = 0.5

TOUR = Path(__file__).parents[1]

# what makes the site: all of it, for Sphinx imports what docs/conf.py names
MODULES = ("tour.site",)


class SiteError(TourError):
    """The pages cannot be built; the message says what is wrong in them."""


def build(repository: Path, line: StageLine, report: Report) -> Path:
    """Make the site of the pages and the stage line, and return its folder.

    What is up to date is left alone. `report` is called with a line before what takes long. Sphinx
    is that of .venv, which `environment.prepare` makes. Raise SiteError with Sphinx's words when a
    page is wrong.
    """
    folder = repository / ".tour" / SITE
    with exclusive(repository, "site", report):
        pages = read_pages(repository)
        digest = find_digest(pages, line)
        stamp = folder / STAMP
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
            report("Building the pages")
            with temporary_folder(repository) as unfinished:
                _run_sphinx(repository, pages, unfinished)
                unfinished.joinpath("html", STAMP).write_text(digest, encoding="utf-8")
                put_in_place(unfinished / "html", own_folder(repository) / SITE)
    return folder


def watch(repository: Path, line: StageLine, report: Report, ended: threading.Event) -> None:
    """Build the site whenever its sources differ from what was built last, until `ended` is set.

    `report` is called with a line before a build, and with what is wrong when it fails.
    """
    tried: str | None = None
    while not ended.is_set():
        digest = tried
        # an editor may put a file in another one's place at this moment
        with suppress(FileNotFoundError):
            digest = find_digest(read_pages(repository), line)
        if digest != tried:
            tried = digest
            try:
                build(repository, line, report)
            except SiteError as error:
                report(str(error))
        ended.wait(PAUSE)


def read_pages(repository: Path) -> dict[str, bytes]:
    """Return the files of docs/ by their paths in it: of the working tree, else of main."""
    folder = repository / PAGES
    if (folder / "conf.py").exists():
        return cache.read_folder(folder)
    for branch in main_branches(repository):
        if git.succeeds(repository, "cat-file", "-e", f"{branch}:{PAGES}/conf.py"):
            tree = git.run(repository, "rev-parse", f"{branch}:{PAGES}").strip()
            return copies.read_files(repository, tree)
    raise SiteError(f"there are no pages here; get them with\n  git checkout main -- {PAGES}")


def find_digest(pages: dict[str, bytes], line: StageLine) -> str:
    """Return what tells the site of these pages and stages from any other."""
    return cache.key(MODULES, repr(line), *cache.flat(sorted(pages.items())))


def _run_sphinx(repository: Path, pages: dict[str, bytes], unfinished: Path) -> None:
    """Build the pages in the folder `unfinished`: from `pages` in it to `html`."""
    source = unfinished / "pages"
    copies.write_files(source, pages)
    python = environment.interpreter(repository / ".venv")
    # a warning is an error
    options = ["-W", "-q", "-d", "doctrees", "-D", f"tour_repository={repository.resolve()}"]
    made = process.finish(
        [str(python), "-m", "sphinx", *options, str(source.resolve()), "html"],
        unfinished,
        {"PYTHONPATH": str(TOUR.parent), "PYTHONUTF8": "1"} | environment.bytecode(repository),
        LIMIT,
    )
    if made.code != 0:
        output = made.output.replace(str(source.resolve()), PAGES)
        raise SiteError(
            f"the pages cannot be built: Sphinx {made.how}:\n{output}\n"
            f"To see what is wrong in a page: {tour_command(repository)} docs"
        )

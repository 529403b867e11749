"""Sphinx in a process of its own: `python -m tour.site REPOSITORY FOLDER`.

FOLDER has the pages in `pages`; the site goes to `html` in it.
"""

import sys
from pathlib import Path

from sphinx.application import Sphinx

from tour.site import slides
from tour.site import sources
from tour.stages.line import find_stages


def main(repository: Path, folder: Path) -> int:
    """Build the site; a warning is an error. Return the exit code."""
    pages = folder / "pages"
    line = find_stages(repository)
    names = sources.write(repository, line, pages)
    sphinx = Sphinx(
        srcdir=pages,
        confdir=pages,
        outdir=folder / "html",
        doctreedir=folder / "doctrees",
        buildername="html",
        confoverrides={"tour_pages": names},
        status=None,
        warning=sys.stderr,
        warningiserror=True,
    )
    sphinx.build()
    slides.write(line, pages, folder / "html")
    return sphinx.statuscode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))

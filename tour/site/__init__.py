"""The site: the pages in docs/ as HTML, and each step's full diff beside its page.

`build` makes it where it is not made yet, `serve` shows it, `watch` keeps it up to date. They need
the standard library alone. Sphinx runs in a process of .venv's Python, which begins in `__main__`:
`sources` writes what it reads, `full` and `paint` the diffs, `slides` each step's slides, on which
`fitting` puts the code. `picture` and `captions` are what slides and pages share, and `extension`
is what Sphinx itself has to know of the tour.
"""

from tour.site.builder import SLIDES
from tour.site.builder import SiteError
from tour.site.builder import build
from tour.site.builder import watch
from tour.site.server import serve

__all__ = ["SLIDES", "SiteError", "build", "serve", "watch"]

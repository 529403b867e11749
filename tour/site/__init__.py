"""The site: the pages in docs/ as HTML, and each step's full diff beside its page.

`builder` makes it where it is not made yet and keeps it up to date, `server` shows it. They need
the standard library alone. Sphinx runs in a process of .venv's Python, which begins in `__main__`:
`sources` writes what it reads, `full` and `paint` the diffs, `slides` each step's slides, on which
`fitting` puts the code. `captions` is what slides and pages share, and `extension` is what Sphinx
itself has to know of the tour.
"""

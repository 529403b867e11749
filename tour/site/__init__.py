"""The site: the pages in docs/ as HTML, and each step's full diff beside its page.

`builder` makes it where it is not made yet and keeps it up to date, `server` shows it. They need
the standard library alone. Sphinx runs in a process of .venv's Python, and `extension` is what it
has to know of the tour: `sources` writes what it reads, `full` and `paint` the diffs, `slides` each
step's slides, on which `fitting` puts the code. `captions` is what slides and pages share.
"""

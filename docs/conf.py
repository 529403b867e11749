"""How Sphinx makes the site of these pages; `python3 -m tour start` runs it."""

from tour.pages.fences import LANGUAGES

project = "Flack Tour"
extensions = ["myst_parser", "tour.site.extension"]

# the pages are plain Markdown: a fence says where its text is from, and the tour shows that
myst_fence_as_directive = ["diff", "console", *LANGUAGES]
# [ ] begins what a reader checks off, as on a git host
myst_enable_extensions = ["tasklist"]
# so that links to #headings lead where they lead on a git host
myst_heading_anchors = 4

html_theme = "furo"
html_title = "Flack Tour"
pygments_dark_style = "github-dark"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_use_index = False
# a summary is fetched, which a browser does not do for pages that are opened as files
html_show_search_summary = False
# quotes alone: two hyphens are an option's
smartquotes_action = "q"

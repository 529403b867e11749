"""What the pages in docs/ quote, held against git or by running it.

`blocks` reads a page, `fences` what the info strings of its fences ask for. `quotations` holds the
fences: `excerpt` compares them with the truth, which `sources` takes from git, or which `sessions`
print that a `shell` runs in one of the `places`; `console` reads their blocks, `patches` applies
what they try. `past` has what is known of the class that the tour follows. `numbers`, `regions`,
`links` and `outline` hold what their names say, `hold` all of it, and `findings` are what they
find.
"""

"""What the pages in docs/ quote, checked against git or by running it.

`blocks` reads a page, `fences` what the info strings of its fences ask for. `quotations` checks the
fences: `excerpt` compares them with what is expected, which `sources` takes from git, or which the
`sessions` print that a `shell` runs in one of the `places`; `console` reads their blocks, `patches`
applies what they try. `past` has what is known of the class that the tour follows. `names` checks
what stands above the fences, and `numbers`, `regions`, `links` and `outline` check what their names
say. `checker` checks all of it, and `findings` are what they find.
"""

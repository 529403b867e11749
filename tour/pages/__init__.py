"""What the pages in docs/ quote, checked against git or by running it.

`blocks` reads a page, `fences` what the info strings of its fences ask for. `quotations` checks the
fences: `excerpt` compares them with what is expected, which `sources` takes from git, or which the
`sessions` print that a `shell` runs in one of the `sandboxes`; `console` reads their blocks, and
`patches` applies what they try. `past` has what is known of the class that the tour follows, and
`teaching` the times of a class. `names` checks the name above each fence, and `numbers`, `regions`,
`links` and `outline` check what their names say. `checker` checks all of it, and `findings` are
what they find.
"""

"""The lines that change between two trees: `lines` gives each of them one of the four kinds.

`reading` puts the lines back into their files and returns a `step`; `sources`, `hunks` and `words`
are its parts. Every package in a layer above may import all of it.
"""

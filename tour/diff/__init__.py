"""What changes between two trees, line by line: `lines` says of each which of the four kinds it is.

`reading` puts the lines back into their files and returns a `step`. It uses `sources`, `hunks` and
`words`. The room uses `repo`. Every room above may use all of it.
"""

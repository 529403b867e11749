"""What changes between two trees, line by line: `lines` says of each which of the four kinds it is.

`step` puts the lines back into their files. It uses `repo`. Every room above may use all of it.
"""

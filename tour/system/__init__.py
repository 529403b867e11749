"""The machine: processes, servers, addresses, browsers, the terminal; and the tour's errors.

It imports no other package. Every package may import all of it.
"""

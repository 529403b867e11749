"""Mutation testing: faults put into copies of Flack and of the tour, which the suites must catch.

It is a command for the maintainer of a suite. CI does not run it.
"""

"""Faults put into copies of the application and of the tour, to see whether the suites catch them.

A command for a maintainer who changes a suite, and no part of what runs in CI.
"""

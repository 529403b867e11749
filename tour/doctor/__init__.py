"""The check of a machine before class: `checks` lists all checks, `machine` has the machine's own.

The verb imports both.
"""

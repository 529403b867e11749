"""Whether a machine is ready for class: `machine` looks at it, `checks` at the clone, too.

The verb uses `checks` and `findings`.
"""

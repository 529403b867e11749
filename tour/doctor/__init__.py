"""Whether a machine is ready for class: `machine` looks at it, `examination` at the clone, too.

The verb uses `examination` and `findings`.
"""

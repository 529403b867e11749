"""A learner who moves from stage to stage: `moving` tells what happens, `checkout` does it safely.

The verbs use `moving`.
"""

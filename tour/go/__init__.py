"""The learner's way from stage to stage: `moving` chooses and prints, `checkout` does it safely.

The verbs import `moving`.
"""

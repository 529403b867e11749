"""A learner who moves from stage to stage, with the work kept."""

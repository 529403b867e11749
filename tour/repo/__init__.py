"""The learner's clone: git, its trees, the working tree, clean copies, and the folder .tour.

Every package in a layer above may import all of it.
"""

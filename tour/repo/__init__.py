"""The learner's clone: git, the working tree, clean copies, and what is kept in .tour."""

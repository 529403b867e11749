"""A stage that is changed, and the later ones that follow."""

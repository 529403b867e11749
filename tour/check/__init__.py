"""The checks of the stages and of the tour itself, and what they count."""

"""Virtual environments: the Pythons, the packages and their wheels."""

"""A stage that is served from a clean copy, until it is interrupted. The verbs use `serving`."""

"""A stage's server, run from a clean copy until Ctrl-C. The verbs import `serving`."""

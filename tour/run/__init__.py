"""A stage that is served from a clean copy."""

"""The commands behind Flack Tour: find the stages, run them, check them."""

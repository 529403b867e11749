"""Whether a machine is ready for class."""

"""The verbs, a module each; a module's name is the verb's, and its docstring the verb's help.

A module has

- a docstring: a line that says what the verb does, more where it is needed, and an example,
- `add_arguments(parser)`, where the verb takes any: it adds them to its `argparse` parser,
- `run(arguments) -> int`, which does the work, prints, and returns the exit code: 0 for fine, 1 for
  a finding. An error that a user can cause is raised as a `TourError`; `tour.cli` turns it into
  the codes 2 and 3.

The packages below do the work. They do not print: they return text, or call the function `report`
that they get, which is `print`. All verbs are imported before .venv exists, so at their tops they
import the standard library and the tour alone.
"""

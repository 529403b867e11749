"""A step that a learner does, graded by what it does and by how it is built.

`vocabulary` has the kinds of goal and `goals` each step's list, which `grading` holds against what
the syntax says of the learner's tree, so that nothing of it runs; `loading` follows its imports.
`behaviour` runs what has to be run. `workplace` is where the learner works, and `hints` are what
helps.
"""

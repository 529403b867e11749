"""A step that a learner does, graded by what it does and by how it is built.

`files` reads a tree, `modules` and `model` say what is in it, `loading` follows its imports: by the
syntax alone, so that nothing of the learner's runs. `vocabulary` has the kinds of goal and `goals`
each step's list, which `grading` holds against the tree. `behaviour` runs what has to be run.
`place` is where the learner works, and `hints` are what helps.
"""

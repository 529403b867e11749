"""What the modules of a tree hold and import, by their syntax alone: nothing of them runs.

`files` reads a tree, `modules` a module of it, and `model` says what all of them are together.
`imports` has the words for the imports between two modules, and finds those that are in a cycle.
"""

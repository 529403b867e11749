"""The kinds of goal: what must be true of a tree, each with the sentence that it is on the list by.

A goal looks at a `Trial` and returns a `Finding`, which says what is still the case, or None when
it is met. Where a goal names a module by its path, a package of that name is as good. A goal that
`guards` may have been met before the step, or says more of what others ask for: it counts once the
goals before it on the list are met.

`goal` has what all kinds have in common, and `runs` the kinds that a run decides. The other kinds
are about `files`, `definitions`, `imports`, and the `objects` that are made of a library.
"""

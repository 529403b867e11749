"""A change of a stage, and the replay of the later stages on top of it.

`session` keeps the state of an amendment. `replay` replays the later steps, and `follow` takes an
edit to where a step has moved its lines. `loss` finds a step that got lost, and `publish` joins the
new line to main. The verb imports `session`, `replay` and `pins`.
"""

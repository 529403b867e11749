"""A stage that is changed, and the later ones that follow.

`session` is what the verb uses, with `pins`. It uses `replay`, which replays the later steps with
the edits that `follow` takes along, then `loss`, which finds a step that got lost, and `publish`.
"""

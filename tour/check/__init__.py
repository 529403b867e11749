"""The checks: `stage_checks` of the stages, `own_checks` of the tour itself.

`phases` runs a part of either, `junit_report` counts, `progress` and `results` print. The verbs use
it, and `mutations`.
"""

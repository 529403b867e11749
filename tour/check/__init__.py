"""The checks: `stage_checks` of the stages, `own_checks` of the tour itself.

`phases` runs a part of either, `junit_report` counts, `progress` shows how far they are, and
`results` makes text of what they found. The verbs and `mutations` import them.
"""

"""The stages: the manifest, the commits that it names, their tags, READMEs and sizes, the rules.

It uses `repo` and `system`. Every room above may use all of it.
"""

"""The stages: the manifest, the commits that it names, their tags, READMEs and sizes, the rules.

Every package in a layer above may import all of it.
"""

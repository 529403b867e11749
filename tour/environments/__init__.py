"""Virtual environments: the tour's own .venv, the stages', the Pythons, the packages, the wheels.

Every package in a layer above may import all of it.
"""

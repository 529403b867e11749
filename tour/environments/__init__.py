"""Virtual environments: the tour's own .venv, the stages', the Pythons, the packages, the wheels.

It uses `stages` and what is below. Every room above may use all of it.
"""

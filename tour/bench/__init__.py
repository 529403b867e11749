"""The parts of `tour bench`: the rows that it measures, the servers, and wrk, which drives them.

`bare.py` is not imported here: gunicorn runs it, in an environment that has Flask.
"""

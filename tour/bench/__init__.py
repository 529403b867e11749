"""What `tour bench` is made of: what it measures, and the servers and the driver it does that with.

`bare.py` is not imported here: gunicorn runs it, in an environment that has Flask.
"""

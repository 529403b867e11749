"""What a stage does when it runs, as programs see it that run in the stage's own environment.

Others import `running.watch`, and from the module of a program the type of what it sees. A program
imports nothing of the tour, which a stage's environment lacks. `__main__` runs one.
"""

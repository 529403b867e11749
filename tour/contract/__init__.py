"""What a client may rely on at every stage of Flack: tests over HTTP against a running server.

The suite knows nothing of the stage's modules. It starts the stage's server by the command that
the stage's README gives, and speaks to it as any client would.
"""

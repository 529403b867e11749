"""Termination, and a closed terminal, end a command as Ctrl-C does, so that it can clean up.

pytest loads this module as a plugin (`-p tour.system.interrupt`), so that it tears down its
fixtures.
"""

import signal


def interrupt_on_termination() -> None:
    """Let every signal that asks for an end raise KeyboardInterrupt in the main thread."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)


def pytest_configure() -> None:
    """Let pytest clean up when it is asked to end."""
    interrupt_on_termination()

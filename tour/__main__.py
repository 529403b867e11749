"""Run the tour with `python3 -m tour`, and tell an old Python that it is too old."""

import os
import shutil
import sys


def run():
    # type: () -> int
    # Python 2 can read this, too: it prints a sentence and not a traceback
    if sys.version_info < (3, 11):
        sys.stderr.write(
            "tour: Flack Tour needs Python 3.11 or newer, and this is Python %d.%d; get one from"
            " https://www.python.org/downloads and run it by its name, as in python3.13 -m tour\n"
            % sys.version_info[:2]
        )
        return 3
    # no bytecode in the clone: it would stay there, in a folder tour, when a stage is checked out
    sys.dont_write_bytecode = sys.pycache_prefix is None
    # Python has written its first before this line could stop it
    shutil.rmtree(os.path.join(os.path.dirname(__file__), "__pycache__"), ignore_errors=True)
    try:
        from tour.cli import main
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("tour."):
            raise
        program = os.path.join(".venv", "Scripts" if os.name == "nt" else "bin", "tour")
        sys.stderr.write(
            "tour: this folder holds the tour in part, as after a checkout that was killed; the"
            " installed one puts that right, so type %s in place of python3 -m tour\n" % program
        )
        return 3
    return main()


if __name__ == "__main__":
    sys.exit(run())

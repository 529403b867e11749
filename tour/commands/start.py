"""set everything up and start Flack

Makes the tags and .venv, installs what is pinned and starts the newest stage on SQLite. What is
there already is left as it is, so that the second start takes a second or two. Ctrl-C stops it.

example:
  python3 -m tour start --port 8000
"""

import argparse

from tour import environment
from tour import stages
from tour import tags
from tour.commands.run import add_port
from tour.commands.run import serve
from tour.commands.tags import print_wrong
from tour.repository import find_repository


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    add_port(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve the newest stage until interrupted."""
    repository = find_repository()
    line = stages.find_stages(repository)
    print_wrong(repository, tags.restore(repository, line))
    environment.prepare(repository, print)
    return serve(repository, line.tip, arguments.port)

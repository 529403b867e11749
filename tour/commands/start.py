"""set everything up, start Flack and the pages beside it

Makes the tags and .venv, installs the pinned packages, builds the pages and starts the newest stage
on SQLite. It does again only what has changed, so the second start takes a second or two. Ctrl-C
stops both.

Only this machine reaches the two. With --host others do; docs/instructor.md names the risks.

example:
  python3 -m tour start --port 8000
  python3 -m tour start --host 0.0.0.0
"""

import argparse
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tour.environments import environment
from tour.repo.clone import find_clone
from tour.run.serving import serve
from tour.site import builder
from tour.site.server import serve_pages
from tour.stages import tags
from tour.stages.line import find_stages
from tour.system import process
from tour.system.address import find_address
from tour.system.arguments import add_address


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_address(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve the newest stage and the pages until interrupted."""
    address = find_address(arguments.host)
    repository = find_clone()
    line = find_stages(repository)
    tags.restore(repository, line, print)
    environment.prepare(repository, print)
    # Flack is installed and started beside it
    with ThreadPoolExecutor(1) as pool, ExitStack() as stack:
        built = pool.submit(builder.build, repository, line, print)

        def show_pages() -> None:
            try:
                server = stack.enter_context(serve_pages(built.result(), address))
                print(f"The pages are at {server.url}")
            except builder.SiteError as error:
                print(f"No pages, since {error}")

        with process.stopping_all():
            return serve(repository, line.tip, arguments.port, print, show_pages, address)

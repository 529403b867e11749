"""The site on a port of its own, for a browser that is to see what is new at once."""

import http.server
import os
import socket
import socketserver
import threading
from functools import partial
from pathlib import Path
from typing import Self

from tour.system.address import LOOPBACK
from tour.system.address import Address
from tour.system.server import PortTakenError

# what Sphinx makes of the site's own
FAVICON = "/_static/favicon.svg"


# not http.server's, which asks a name server for the name of its address
class SiteServer(socketserver.ThreadingTCPServer):
    """A server of a folder's files, at work in a thread of this process within a `with` statement.

    The port is a free one for 0. Raise PortTakenError when another program has it.
    """

    # on Windows this would let two servers share a port
    allow_reuse_address = os.name != "nt"
    daemon_threads = True
    # by default five may wait, and a class opens a page at once
    request_queue_size = socket.SOMAXCONN

    def __init__(self, folder: Path, port: int = 0, address: Address = LOOPBACK) -> None:
        if port and address.is_taken(port):
            raise PortTakenError(port)
        self.address_family = address.family
        try:
            super().__init__((address.host, port), partial(_Handler, directory=str(folder)))
        except OSError:
            # it is bound and not listened to, or not ours to take
            raise PortTakenError(port) from None
        self.port = self.server_address[1]
        self.url = f"{address.url(self.port)}/"
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """End the server, and give its port back."""
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of browsers that hang up."""


class _Handler(http.server.SimpleHTTPRequestHandler):
    # not what the system has for them, which on Windows is anyone's guess
    extensions_map = {
        "": "application/octet-stream",
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".map": "application/json",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
    }

    def end_headers(self) -> None:
        """Let no browser keep what may be built again within the same second."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def translate_path(self, path: str) -> str:
        """Return the file of a path; browsers ask for /favicon.ico where no page has said which."""
        return super().translate_path(FAVICON if path == "/favicon.ico" else path)

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """Show no folder that has no page."""
        self.send_error(404)

    def log_message(self, *arguments: object) -> None:
        """Print nothing."""


PAGES_PORTS = range(5100, 5200)


def serve_pages(folder: Path, address: Address = LOOPBACK) -> SiteServer:
    """Return a server of the pages, on the first of their ports that is free."""
    for port in PAGES_PORTS:
        try:
            return SiteServer(folder, port, address)
        except PortTakenError:
            continue
    # any other that is free
    return SiteServer(folder, address=address)

"""A web server for link previews: its pages do what pages should not, and it notes who connects."""

import html
import itertools
import socket
import threading
import time
from collections.abc import Callable
from collections.abc import Iterable

from tour.contract.client import TIMEOUT

# small buffers, so that what was sent is about what was read
SEND_BUFFER = 64 * 1024
# seconds: between two drops of a dripping page, and how long an endless page goes on
PAUSE = 0.05
LIFE = 20.0


class Visit:
    """A connection to the server, while a page answers it; `left` when the client ended it."""

    def __init__(self, connection: socket.socket, closing: threading.Event) -> None:
        self.connection = connection
        self.closing = closing
        self.sent = 0
        self.left = False
        self.ended = threading.Event()

    def send(self, data: bytes) -> None:
        try:
            self.connection.sendall(data)
        except ConnectionError:
            self.left = True
            raise
        self.sent += len(data)

    def hang(self) -> None:
        """Say nothing more until the client gives up."""
        self.connection.settimeout(LIFE)
        try:
            while self.connection.recv(1024):
                pass
        except ConnectionError:
            # left in the middle of something
            pass
        self.left = True

    def drip(self, drops: Iterable[bytes]) -> None:
        """Send a little at a time."""
        end = time.monotonic() + LIFE
        for drop in drops:
            if self.closing.wait(PAUSE) or time.monotonic() > end:
                return
            self.send(drop)


Page = Callable[[Visit], None]


class PageServer:
    """A server on the loopback addresses, a thread a connection."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[str] = []
        self.visits: dict[str, Visit] = {}
        self.connections = 0
        self.changed = threading.Condition()
        self.closing = threading.Event()
        self.numbers = itertools.count(1)
        self.listeners = _listen()
        self.port = self.listeners[0].getsockname()[1]

    def __enter__(self) -> "PageServer":
        for listener in self.listeners:
            threading.Thread(target=self._accept, args=[listener], daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.closing.set()
        for listener in self.listeners:
            listener.close()

    def add(self, page: Page, host: str = "127.0.0.1") -> str:
        """Serve a page under an address of its own; return the address."""
        path = f"/{next(self.numbers)}"
        self.pages[path] = page
        return f"http://{host}:{self.port}{path}"

    def path(self, url: str) -> str:
        """Return what comes after the host in one of the server's addresses."""
        return "/" + url.split("/", 3)[3]

    def wait_for(self, url: str) -> Visit:
        """Return the last visit of an address, once there has been one."""
        path = self.path(url)
        with self.changed:
            assert self.changed.wait_for(lambda: path in self.visits, TIMEOUT), url
        return self.visits[path]

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with self.changed:
                self.connections += 1
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # whoever asks may leave at any moment
        try:
            with connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
                path = _read_path(connection)
                visit = Visit(connection, self.closing)
                with self.changed:
                    self.visits[path] = visit
                    self.requests.append(path)
                    self.changed.notify_all()
                try:
                    self.pages.get(path, answer(b"", status="404 Not Found"))(visit)
                finally:
                    visit.ended.set()
        except OSError:
            pass


def document(title: str = "", description: str = "", head: str = "") -> bytes:
    """Return an HTML page; title and description are put in as text."""
    meta = f'<meta name="description" content="{html.escape(description)}">'
    return (
        "<!DOCTYPE html><html><head>"
        f"{head}<title>{html.escape(title)}</title>{meta if description else ''}"
        "</head><body><h1>A page</h1></body></html>"
    ).encode()


def answer(
    body: bytes,
    status: str = "200 OK",
    content_type: str = "text/html; charset=utf-8",
    headers: str = "",
) -> Page:
    """Return a page that answers as pages do."""
    return lambda visit: visit.send(head(status, content_type, headers, len(body)) + body)


def redirect(location: str, status: str = "302 Found") -> Page:
    """Return a page that sends on to another one."""
    return answer(document("On the way"), status, headers=f"Location: {location}\r\n")


def head(
    status: str = "200 OK",
    content_type: str = "text/html; charset=utf-8",
    headers: str = "",
    length: int | None = None,
) -> bytes:
    """Return what precedes a page's body."""
    size = "" if length is None else f"Content-Length: {length}\r\n"
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{headers}{size}"
        "Connection: close\r\n\r\n"
    ).encode("latin-1")


def _listen() -> list[socket.socket]:
    """Return listeners on one port of every loopback address that the machine has."""
    first = socket.create_server(("127.0.0.1", 0), backlog=64)
    try:
        address = ("::1", first.getsockname()[1])
        return [first, socket.create_server(address, family=socket.AF_INET6, backlog=64)]
    except OSError:
        return [first]


def _read_path(connection: socket.socket) -> str:
    request = b""
    while b"\r\n\r\n" not in request:
        data = connection.recv(4096)
        if not data:
            raise ConnectionError("the client left before it had asked")
        request += data
    return request.split(b" ")[1].decode("latin-1")

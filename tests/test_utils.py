"""Tests of paths, of Markdown and of link previews."""
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from itertools import chain
from itertools import repeat
from threading import Thread

import pytest

from flack.utils import is_public
from flack.utils import render
from flack.utils import url_for

PAGES = {
    "/page": b"<title>A &amp; &lt;b></title><meta name='Description' content='x &lt;y&gt;'>",
    "/latin": "<meta charset=iso-8859-1><title>caf\u00e9</title>".encode("latin-1"),
    "/untitled": b"<p>Nothing to tell.</p>",
    "/empty": b"<title></title>A text, then a picture.<svg><title></title></svg>",
    "/number": b"<title>&#" + b"9" * 5000 + b";</title><p>",
    "/large": b"<title>Large</title>" + b" " * 1024 * 1024,
}


@pytest.fixture(scope="module")
def page_server():
    """A server of small pages."""
    with ThreadingHTTPServer(("127.0.0.1", 0), PageHandler) as server:
        Thread(target=server.serve_forever, args=(0.01,)).start()
        yield server
        server.shutdown()


@pytest.fixture
def pages(page_server, monkeypatch):
    """The address of a server of small pages, to which previews may go."""
    monkeypatch.setenv("FLACK_PREVIEW_PRIVATE", "1")
    return f"http://127.0.0.1:{page_server.server_port}"


class PageHandler(BaseHTTPRequestHandler):
    """Serve PAGES as HTML, and anything else as text."""

    def do_GET(self):
        path = self.path.partition("?")[0]
        self.send_response({"/missing": 404, "/moved": 302}.get(path, 200))
        self.send_header("Location", f"http://localhost:{self.server.server_port}/page")
        self.send_header("Content-Type", "Text/HTML" if path in PAGES else "text/plain")
        self.end_headers()
        try:
            self.wfile.write(PAGES.get(path, b"a text"))
        except ConnectionError:
            # the client has read enough
            pass

    def log_message(self, *args):
        pass


def test_a_path_needs_no_request(app):
    with app.app_context():
        assert url_for("static", filename="flack.css") == "/static/flack.css"


@pytest.mark.parametrize("source, html", [
    ("*a* __b__ `c < d`", "<em>a</em> <strong>b</strong> <code>c &lt; d</code>"),
    ("<b>a</b> <i>b</i>", "<b>a</b> <i>b</i>"),
    ('<abbr title="what">w</abbr>', '<abbr title="what">w</abbr>'),
    ("```py\na\n\nb\n```", "<code>a\n\nb\n</code>"),
    ("# no\n1. markup\n\nend", "# no\n1. markup\n\nend"),
    ("<script>alert(1)</script>a", "a"),
    ("<b onclick=alert(1)>a</b>", "<b>a</b>"),
    ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
    ("[a](ftp://foo.com)", '<a target="_blank" rel="noopener noreferrer">a</a>'),
    ("utils.py os.name ann@foo.com", "utils.py os.name ann@foo.com"),
])
def test_markdown_is_rendered_and_cleaned(source, html):
    assert render(source) == html


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"])
def test_a_private_address_has_no_preview(page_server, host):
    assert "<blockquote>" not in render(f"http://{host}:{page_server.server_port}/page")


@pytest.mark.parametrize("address, public", [
    ("8.8.8.8", True), ("2606:4700::1111", True),
    ("127.0.0.1", False), ("10.0.0.1", False), ("169.254.169.254", False), ("0.0.0.0", False),
    ("100.64.0.1", False), ("224.0.0.1", False), ("::1", False), ("fe80::1", False),
    ("fec0::1", False), ("::ffff:8.8.8.8", False), ("64:ff9b::7f00:1", False),
    ("2002:7f00:1::1", False),
])
def test_previews_go_to_public_addresses(address, public):
    assert is_public(address) is public


def test_a_link_has_a_preview(pages):
    html = render(f"see {pages}/page")
    assert html == (
        f'see <a href="{pages}/page" target="_blank" rel="noopener noreferrer">{pages}/page</a>'
        f'<blockquote><a href="{pages}/page" target="_blank" rel="noopener noreferrer">'
        "A &amp; &lt;b&gt;</a>\nx &lt;y&gt;</blockquote>"
    )


def test_a_page_is_read_in_its_charset(pages):
    assert ">caf\u00e9</a>" in render(f"{pages}/latin")


def test_a_large_page_is_read_in_part(pages):
    assert ">Large</a>" in render(f"{pages}/large")


@pytest.mark.parametrize("path", ["/untitled", "/empty", "/number", "/text", "/missing"])
def test_what_tells_nothing_has_no_preview(pages, path):
    assert "<blockquote>" not in render(pages + path)


def test_a_redirect_is_followed(pages):
    assert "<blockquote>" in render(f"{pages}/moved")


def test_a_redirect_to_a_private_address_is_not_followed(page_server, monkeypatch):
    answers = chain([True], repeat(False))
    # in whichever module render is
    monkeypatch.setitem(render.__globals__, "is_public", lambda address: next(answers))
    assert "<blockquote>" not in render(f"http://127.0.0.1:{page_server.server_port}/moved")


def test_three_links_have_previews(pages):
    html = render(" ".join(f"{pages}/page?{n} {pages}/page?{n}" for n in range(5)))
    assert html.count("<blockquote>") == 3


def test_a_link_in_code_has_no_preview(pages):
    assert "<blockquote>" not in render(f'`<a href="{pages}/page">`')

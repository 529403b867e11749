"""Tests of paths, of Markdown and of link previews."""
from html import escape
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
    # browsers take the larger sets of which these labels name a part
    "/latin": "<meta charset=iso-8859-1><title>caf\u00e9 \u20ac</title>".encode("cp1252"),
    "/chinese": "<meta charset=gb2312><title>\u9555</title>".encode("gbk"),
    "/japanese": "<meta charset=shift_jis><title>\u2460</title>".encode("cp932"),
    "/korean": "<meta charset=euc-kr><title>\ub620</title>".encode("cp949"),
    "/marked": "\ufeff<title>caf\u00e9</title>".encode("utf-16"),
    "/klingon": "<meta charset=klingon><title>caf\u00e9</title>".encode(),
    "/tags": b"<title>A <b>bold</b> title</title>",
    "/untitled": b"<p>Nothing to tell.</p>",
    "/empty": b"<title></title>A text, then a picture.<svg><title></title></svg>",
    "/number": b"<title>A &#" + b"9" * 5000 + b"; B</title><p>",
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


def test_a_path_without_a_request_is_under_the_applications_root(app, monkeypatch):
    monkeypatch.setitem(app.config, "APPLICATION_ROOT", "/chat")
    with app.app_context():
        assert url_for("static", filename="flack.css") == "/chat/static/flack.css"


def test_the_links_of_an_answer_are_under_the_prefix_of_its_request(client, auth):
    links = client.get("/api/users/1", base_url="http://localhost/chat").json["_links"]
    assert links["self"] == "/chat/api/users/1"
    assert client.get("/api/users/1").json["_links"]["self"] == "/api/users/1"


@pytest.mark.parametrize("source, html", [
    ("*a* __b__ `c < d`", "<em>a</em> <strong>b</strong> <code>c &lt; d</code>"),
    ("List<String> <b>a</b> <!--b-->", "List&lt;String&gt; &lt;b&gt;a&lt;/b&gt; &lt;!--b--&gt;"),
    ("R&D &amp; &lt;", "R&amp;D &amp;amp; &amp;lt;"),
    ("```py\na\n\nb\n```", "<code>a\n\nb\n</code>"),
    ("# no\n1. markup\n\nend", "# no\n1. markup\n\nend"),
    ("<script>alert(1)</script>a", "&lt;script&gt;alert(1)&lt;/script&gt;a"),
    ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
    ("[a](ftp://foo.com)", "[a](ftp://foo.com)"),
    ("[a](/b) [a](//foo.com)", "[a](/b) [a](//foo.com)"),
    ("[*a*]() [b]( )", "<em>a</em> b"),
    ("utils.py os.name ann@foo.com", "utils.py os.name ann@foo.com"),
])
def test_markdown_is_rendered_and_cleaned(source, html):
    assert render(source) == html


# where nothing listens, so that no preview is fetched
SITE = "http://127.0.0.1:9"


@pytest.mark.parametrize("text", [
    "{}", "({}.)", '"{},"', "({}!)", "'{}?'", "{}:", "{}?!", "[{}.]", "{}...", "({}).", "{};",
    "\u201c{}.\u201d", "\u00ab{}!\u00bb", "see {}, then", "<{}.", "{}*", "{}_", "{}~~", "{})))",
])
def test_a_bare_link_ends_before_the_sentences_punctuation(text):
    link = f"{SITE}/a.b_(c)?d=1&e=2"
    html = render(text.format(link))
    assert f'<a href="{escape(link)}" ' in html
    assert f">{escape(link)}</a>" in html


def test_a_link_that_lacks_its_scheme_is_as_a_bare_one(monkeypatch):
    monkeypatch.setattr("flack.utils.previews", lambda links: [])
    assert render("[docs](example.com/x)") == (
        '[docs](<a href="http://example.com/x" target="_blank" rel="noopener noreferrer">'
        "example.com/x</a>)"
    )


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


@pytest.mark.parametrize("path, title", [
    ("/latin", "caf\u00e9 \u20ac"), ("/chinese", "\u9555"), ("/japanese", "\u2460"),
    ("/korean", "\ub620"), ("/marked", "caf\u00e9"), ("/klingon", "caf\u00e9"),
])
def test_a_page_is_read_in_its_charset(pages, path, title):
    assert f">{title}</a></blockquote>" in render(pages + path).replace("\n", "")


@pytest.mark.parametrize("path, title", [
    ("/tags", "A &lt;b&gt;bold&lt;/b&gt; title"), ("/number", "A \ufffd B"),
])
def test_a_title_is_text_and_the_same_on_all_pythons(pages, path, title):
    assert f">{title}</a>" in render(pages + path)


def test_a_large_page_is_read_in_part(pages):
    assert ">Large</a>" in render(f"{pages}/large")


@pytest.mark.parametrize("path", ["/untitled", "/empty", "/text", "/missing"])
def test_what_tells_nothing_has_no_preview(pages, path):
    assert "<blockquote>" not in render(pages + path)


def test_a_redirect_is_followed(pages):
    assert "<blockquote>" in render(f"{pages}/moved")


def test_a_redirect_to_a_private_address_is_not_followed(page_server, monkeypatch):
    answers = chain([True], repeat(False))
    monkeypatch.setattr("flack.utils.is_public", lambda address: next(answers))
    assert "<blockquote>" not in render(f"http://127.0.0.1:{page_server.server_port}/moved")


def test_three_links_have_previews(pages):
    html = render(" ".join(f"{pages}/page?{n} {pages}/page?{n}" for n in range(5)))
    assert html.count("<blockquote>") == 3


def test_a_link_in_code_has_no_preview(pages):
    assert "<blockquote>" not in render(f'`<a href="{pages}/page">`')

"""Status lines and headers: kinds of content, what HEAD and OPTIONS say, the security policy."""

from html.parser import HTMLParser
from urllib.parse import urljoin
from urllib.parse import urlsplit

import pytest

from tour.contract.client import CHALLENGE
from tour.contract.client import expect

READABLE = [
    "/",
    "/stats",
    "/api/users",
    "/api/messages",
    "/api/users/{user}",
    "/api/messages/{message}",
]
# a source that lets in no other host's code and none from the page's own text
STRICT_SOURCES = {"'self'", "'none'"}


class References(HTMLParser):
    """What a page loads, and what runs in it without being loaded."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.inline: list[str] = []
        self.script_types: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "link" or tag in ("script", "img") and "src" in attributes:
            self.urls.append(attributes.get("href") or attributes["src"])
        if tag == "script":
            self.script_types.append(attributes.get("type"))
        if tag == "style" or tag == "script" and "src" not in attributes:
            self.inline.append(tag)
        self.inline += [name for name in attributes if name.startswith("on") or name == "style"]


@pytest.fixture(scope="module")
def page(client):
    """The web client's page."""
    return expect(client.get("/"), 200)


def policy(answer) -> dict[str, set[str]]:
    """Return the sources that an answer's Content-Security-Policy gives for each directive."""
    directives = answer.headers["Content-Security-Policy"].split(";")
    words = [directive.split() for directive in directives if directive.strip()]
    return {name.lower(): set(sources) for name, *sources in words}


def test_the_web_client_is_html(page):
    assert page.headers["Content-Type"].lower().replace(" ", "") == "text/html;charset=utf-8"


@pytest.mark.parametrize("path", READABLE[1:])
def test_what_programs_read_is_json(client, places, path):
    answer = expect(client.get(path.format(**places)), 200)
    assert answer.headers["Content-Type"].partition(";")[0] == "application/json"


@pytest.mark.parametrize("path", READABLE)
def test_head_answers_as_get_without_a_body(client, places, path):
    path = path.format(**places)
    answer = expect(client.head(path), 200)
    assert answer.content == b""
    assert answer.headers["Content-Type"] == client.get(path).headers["Content-Type"]


@pytest.mark.parametrize(
    "path, methods",
    [
        ("/", {"GET"}),
        ("/stats", {"GET"}),
        ("/api/users", {"GET", "POST"}),
        ("/api/users/{user}", {"GET", "PUT"}),
        ("/api/tokens", {"POST", "DELETE"}),
        ("/api/messages", {"GET", "POST"}),
        ("/api/messages/{message}", {"GET", "PUT"}),
    ],
)
def test_options_and_405_name_the_methods_there_are(client, places, path, methods):
    path = path.format(**places)
    options = client.options(path)
    assert options.status_code in (200, 204)
    refusal = expect(client.patch(path), 405)
    for answer in options, refusal:
        allowed = {method.strip() for method in answer.headers["Allow"].split(",")}
        assert allowed - {"HEAD", "OPTIONS"} == methods


def test_a_refusal_does_not_make_browsers_ask_for_a_password(client):
    answer = expect(client.post("/api/tokens"), 401)
    assert answer.headers.get_list("WWW-Authenticate") == [CHALLENGE]


@pytest.mark.parametrize("path", [*READABLE, "/nothing", "/api/nothing"])
def test_every_answer_has_the_headers_that_protect(client, places, path):
    headers = client.get(path.format(**places)).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" in headers


@pytest.mark.parametrize(
    "kind",
    [
        "script-src",
        "style-src",
        "connect-src",
        "img-src",
        "font-src",
        "object-src",
        "frame-src",
        "worker-src",
    ],
)
def test_the_policy_lets_in_this_server_alone(page, kind):
    sources = policy(page)
    assert sources.get(kind, sources["default-src"]) <= STRICT_SOURCES


@pytest.mark.parametrize("kind", ["base-uri", "form-action", "frame-ancestors"])
def test_the_policy_binds_what_its_default_does_not_reach(page, kind):
    assert policy(page)[kind] <= STRICT_SOURCES


def test_the_page_loads_what_this_server_has(client, page):
    references = References(page.text)
    assert references.urls
    for url in references.urls:
        target = urljoin(str(client.base_url), url)
        assert urlsplit(target).netloc == urlsplit(str(client.base_url)).netloc
        expect(client.get(target), 200)


def test_the_page_has_no_code_of_its_own(page):
    references = References(page.text)
    assert references.inline == []
    assert references.script_types and set(references.script_types) == {"module"}

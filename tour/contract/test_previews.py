"""Link previews, against pages that do what pages should not."""

import gzip
from collections.abc import Callable
from functools import partial
from itertools import chain
from itertools import repeat
from typing import Any
from typing import NamedTuple

import httpx
import pytest

from tour.contract.client import TIMEOUT
from tour.contract.client import Person
from tour.contract.client import at_once
from tour.contract.client import expect
from tour.contract.client import get_message
from tour.contract.client import open_client
from tour.contract.client import post
from tour.contract.markup import ALLOWED
from tour.contract.markup import PREVIEW
from tour.contract.markup import Markup
from tour.contract.markup import assert_clean
from tour.contract.markup import previews
from tour.contract.pages import Page
from tour.contract.pages import PageServer
from tour.contract.pages import Visit
from tour.contract.pages import answer
from tour.contract.pages import document
from tour.contract.pages import head
from tour.contract.pages import redirect
from tour.contract.stage import new_person

pytestmark = pytest.mark.rendering

KIB = 1024
PREVIEW_BYTES = 256 * KIB
PREVIEW_SECONDS = 3
# what the kernel takes from a page before anyone has read it
KERNEL_BUFFERS = 8 * KIB * KIB


class Author(NamedTuple):
    """Someone who posts links at a server."""

    client: httpx.Client
    person: Person

    def post(self, source: str) -> dict:
        return post(self.client, self.person, source)

    def html(self, source: str) -> str:
        """Post a message; return its HTML, which is clean but for the previews in it."""
        html = self.post(source)["html"]
        assert_clean(html, ALLOWED | PREVIEW)
        return html

    def previews(self, *urls: str) -> list[str]:
        """Post a message with links; return the text of the previews, blanks made single."""
        html = self.html(" ".join(urls))
        assert all(f'href="{url}"' in html for url in urls), html
        return [" ".join(preview.text.split()) for preview in previews(html)]


@pytest.fixture(scope="module")
def author(place):
    """Someone at a server that admits private addresses, as tests must."""
    return Author(place.client, place.new_person())


@pytest.fixture(scope="module")
def outsider(stage, pages):
    """Someone at a server that has not been told to admit private addresses."""
    proxy = f"http://127.0.0.1:{pages.port}"
    variables = {"FLACK_PREVIEW_PRIVATE": "0", "http_proxy": proxy, "all_proxy": proxy}
    with stage.server(**variables) as server, open_client(server) as client:
        yield Author(client, new_person(server))


# private addresses


PRIVATE = {
    "an address": "127.0.0.1",
    "a name": "localhost",
    "a name with a dot": "localhost.",
    "a name in capitals": "LOCALHOST",
    "another loopback address": "127.127.127.127",
    "IPv6": "[::1]",
    "IPv6 in full": "[0:0:0:0:0:0:0:1]",
    "IPv4 in IPv6": "[::ffff:127.0.0.1]",
    "IPv4 in IPv6 in hexadecimal": "[::ffff:7f00:1]",
    "no address": "0.0.0.0",
    "no IPv6 address": "[::]",
    "decimal": "2130706433",
    "hexadecimal": "0x7f000001",
    "hexadecimal bytes": "0x7f.0.0.1",
    "octal": "0177.0.0.1",
    "short": "127.1",
    "zero": "0",
    "wide digits": "\uff11\uff12\uff17.0.0.1",
    "percent-encoded": "%31%32%37.0.0.1",
    "with a user": "foo.com@127.0.0.1",
    "with a user and a password": "user:password@127.0.0.1",
}


@pytest.mark.parametrize("host", PRIVATE.values(), ids=PRIVATE)
def test_a_private_address_is_never_connected_to(outsider, pages, host):
    url = pages.add(answer(document("A secret")), host)
    before = pages.connections
    assert "A secret" not in outsider.html(f"[link]({url})")
    assert pages.connections == before


def test_a_proxy_at_a_private_address_is_never_connected_to(outsider, pages):
    # an address for documentation, which nobody has
    before = pages.connections
    outsider.post("http://203.0.113.1/")
    assert pages.connections == before


@pytest.mark.each_stage
def test_a_server_that_was_told_nothing_connects_to_no_private_address(client, alice, pages):
    before = pages.connections
    assert previews(post(client, alice, pages.add(answer(document("A secret"))))["html"]) == []
    assert pages.connections == before


@pytest.mark.each_stage
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_private_address_is_previewed_where_it_is_admitted(author, pages, host):
    assert author.previews(pages.add(answer(document("A page")), host)) == ["A page"]


# what a preview shows


@pytest.mark.each_stage
def test_a_preview_has_title_and_description(author, pages):
    url = pages.add(answer(document("A title", "A description")))
    assert author.previews(url) == ["A title A description"]


@pytest.mark.each_stage
def test_a_preview_follows_the_message(author, pages):
    html = author.html(f"**see** {pages.add(answer(document('A title')))} there")
    assert Markup(html.partition("<blockquote>")[0]).text.split()[0] == "see"
    assert html.index("there") < html.index("<blockquote>")


def test_a_link_in_markdown_is_previewed_too(author, pages):
    url = pages.add(answer(document("A title")))
    assert len(previews(author.html(f"[a link]({url})"))) == 1


def test_a_link_in_code_is_not_previewed(author, pages):
    url = pages.add(answer(document("A title")))
    assert previews(author.html(f"`{url}`")) == []
    assert pages.path(url) not in pages.requests


def test_a_query_reaches_the_page_as_it_was_written(author, pages):
    url = pages.add(answer(document("A title"))) + "?a=1&b=%20&c=%C3%A9"
    pages.pages[pages.path(url)] = answer(document("A title"))
    author.html(url)
    assert pages.path(url) in pages.requests


@pytest.mark.each_stage
def test_thirty_links_get_three_previews(author, pages):
    urls = [pages.add(answer(document(f"Page {number}"))) for number in range(30)]
    assert author.previews(*urls) == ["Page 0", "Page 1", "Page 2"]
    assert [pages.path(url) in pages.requests for url in urls] == [True] * 3 + [False] * 27


@pytest.mark.each_stage
def test_a_changed_message_is_previewed_anew(author, pages):
    before, after = [pages.add(answer(document(f"Title {name}"))) for name in ("one", "two")]
    message = author.post(before)
    answer_ = author.client.put(
        f"/api/messages/{message['id']}", json={"source": after}, headers=author.person.bearer
    )
    expect(answer_, 204)
    html = get_message(author.client, message["id"])["html"]
    assert [preview.text.split() for preview in previews(html)] == [["Title", "two"]]


SCRIPTS = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    "</blockquote><script>alert(1)</script>",
    "<b>bold</b>",
    "&lt;b&gt;",
    "[link](javascript:alert(1))",
    "http://127.0.0.1:9/",
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_title_and_a_description_are_text(author, pages, script):
    page = answer(document(f"One {script} two", f"Three {script} four"))
    assert author.previews(pages.add(page)) == [f"One {script} two Three {script} four"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_raw_title_and_a_raw_description_run_nothing(author, pages, script):
    body = f"<title>{script}</title><meta name=description content='{script}'>"
    author.html(pages.add(answer(body.encode())))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_link_with_markup_in_it_runs_nothing(author, pages, script):
    url = pages.add(answer(document("A page"))) + "?" + script
    pages.pages[url.partition(str(pages.port))[2]] = answer(document())
    author.html(f"<{url}>")
    author.html(url)


@pytest.mark.parametrize(
    "content_type, body, title",
    [
        ("text/html; charset=iso-8859-1", "Zoë".encode("latin-1"), "Zoë"),
        ("text/html; charset=utf-8", "Zoë \U0001f600".encode(), "Zoë \U0001f600"),
        ("text/html;charset=UTF-8", "Zoë".encode(), "Zoë"),
        ('text/html; charset="iso-8859-1"', "Zoë".encode("latin-1"), "Zoë"),
        ("Text/HTML", b"A page", "A page"),
        ("text/html", b"A &amp; B &#8364;", "A & B €"),
        # labels of which browsers take the larger sets
        ("text/html; charset=iso-8859-1", "Zoë €".encode("cp1252"), "Zoë €"),
        ("text/html; charset=gb2312", "镕".encode("gbk"), "镕"),
        ("text/html; charset=shift_jis", "①".encode("cp932"), "①"),
        ("text/html; charset=euc-kr", "똠".encode("cp949"), "똠"),
        # all Pythons read it as browsers do
        ("text/html", b"A <b>bold</b> title", "A <b>bold</b> title"),
    ],
)
def test_a_title_is_read_as_its_page_says(author, pages, content_type, body, title):
    page = answer(b"<title>" + body + b"</title>", content_type=content_type)
    assert author.previews(pages.add(page)) == [title]


def test_a_title_in_capitals_with_attributes_and_line_breaks_is_read(author, pages):
    page = answer(b"<HTML><HEAD><TITLE lang=en>\n  A\n  page\n</TITLE></HEAD>")
    assert author.previews(pages.add(page)) == ["A page"]


# redirects


def chain_of_redirects(pages: PageServer, length: int) -> str:
    url = pages.add(answer(document("The end")))
    for _ in range(length):
        url = pages.add(redirect(url))
    return url


@pytest.mark.parametrize("length, texts", [(1, ["The end"]), (3, ["The end"]), (4, []), (9, [])])
def test_three_redirects_are_followed_and_no_more(author, pages, length, texts):
    assert author.previews(chain_of_redirects(pages, length)) == texts


def test_a_redirect_may_be_relative(author, pages):
    target = pages.add(answer(document("The end")))
    assert author.previews(pages.add(redirect(pages.path(target)))) == ["The end"]


def test_a_redirect_to_anything_but_the_web_is_not_followed(author, pages, tmp_path):
    file = tmp_path / "secret.html"
    file.write_bytes(document("A secret"))
    targets = [
        file.as_uri(),
        f"ftp://127.0.0.1:{pages.port}/",
        f"gopher://127.0.0.1:{pages.port}/_GET%20/",
        f"dict://127.0.0.1:{pages.port}/x",
        "data:text/html,<title>A secret</title>",
    ]
    before = pages.connections
    for target in targets:
        assert author.previews(pages.add(redirect(target))) == []
    assert pages.connections == before + len(targets)


@pytest.mark.parametrize(
    "location",
    [
        "http://",
        "http://[::1",
        "//",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "/\u00ff",
        "nonsense:",
    ],
)
def test_a_redirect_to_nowhere_is_no_preview(author, pages, location):
    assert author.previews(pages.add(redirect(location))) == []


def test_a_redirect_loop_ends(author, pages):
    url = pages.add(answer(b""))
    pages.pages[pages.path(url)] = redirect(url)
    assert author.previews(url) == []
    assert pages.requests.count(pages.path(url)) <= 4


# what is no page


NO_PREVIEW = {
    "a text": answer(document("A page"), content_type="text/plain"),
    "a picture": answer(document("A page"), content_type="image/png"),
    "data": answer(document("A page"), content_type="application/json"),
    "nothing": answer(b""),
    "not found": answer(document("A page"), status="404 Not Found"),
    "an error": answer(document("A page"), status="500 Internal Server Error"),
    "no HTTP": lambda visit: visit.send(b"220 smtp.foo.com ESMTP\r\n" * 10),
    "no answer": lambda visit: None,
    "half an answer": lambda visit: visit.send(b"HTTP/1.1 200 OK\r\nContent-Ty"),
}


@pytest.mark.parametrize("page", NO_PREVIEW.values(), ids=NO_PREVIEW)
def test_what_is_no_good_page_leaves_the_message_as_it_is(author, outsider, pages, page):
    url = pages.add(page)
    message = author.post(f"*see* {url}")
    assert message["html"] == outsider.post(f"*see* {url}")["html"]
    assert previews(message["html"]) == []


ODD_PAGES = {
    "an empty title": answer(document("", "")),
    "a blank title": answer(document("  \n ")),
    "an empty title and a description": answer(document("", "A description")),
    "no title": answer(b"<h1>A page</h1>"),
    "an open title": answer(b"<title>A page"),
    "two titles": answer(b"<title>One</title><title>Two</title>"),
    "an open tag": answer(b"<title>A page</title><meta name='description' content='"),
    "an open declaration": answer(b"<![<title>A page</title>"),
    "an open comment": answer(b"<!-- <title>A page</title>"),
    "NUL": answer(b"<title>A\0page\0</title><meta name=description content='\0'>"),
    "numbers of no character": answer(b"<title>&#0; &#xd800; &#x110000; &#99999999999;</title>"),
    "no UTF-8": answer(b"<title>A \xff\xfe page \xed\xa0\x80</title>"),
    "an unknown charset": answer(document("A page"), content_type="text/html; charset=klingon"),
    "an empty charset": answer(document("A page"), content_type="text/html; charset="),
    "a codec that is no charset": answer(document("A page"), content_type="text/html; charset=zip"),
    "a codec that is slow": answer(document("A page"), content_type="text/html; charset=idna"),
    "an escaping codec": answer(
        b"\\ud800<title>A page</title>", content_type="text/html; charset=unicode_escape"
    ),
    "a charset of a page's own": answer(document("A page", head='<meta charset="klingon">')),
    "a title of 100 KiB": answer(document("A page " * 15_000)),
    "deep tags": answer(b"<title>A page</title>" + b"<b>" * 60_000),
    "many attributes": answer(b"<title>A page</title><b " + b"a=b " * 50_000 + b">"),
    "a wrong length": answer(document("A page"), headers="Content-Length: -5\r\n"),
    "a length too large": lambda visit: visit.send(head(length=10**6) + document("A page")),
    "broken chunks": answer(
        b"xyz\r\n<title>A page</title>", headers="Transfer-Encoding: chunked\r\n"
    ),
    "a broken header": answer(document("A page"), headers="broken\r\n: x\r\n"),
    "10,000 headers": answer(document("A page"), headers="X: y\r\n" * 10_000),
    "compressed though nobody asked": answer(
        gzip.compress(document("A page")), headers="Content-Encoding: gzip\r\n"
    ),
    "not compressed as it says": answer(document("A page"), headers="Content-Encoding: gzip\r\n"),
    "a cookie": answer(document("A page"), headers="Set-Cookie: a=b\r\n"),
}


@pytest.mark.parametrize("page", ODD_PAGES.values(), ids=ODD_PAGES)
def test_an_odd_page_leaves_the_message_with_what_can_be_shown(author, pages, page):
    url = pages.add(page)
    html = author.html(f"*see* {url}")
    assert f'href="{url}"' in html
    assert len(html) < 16 * KIB
    assert "\0" not in html


# none of them needs a name looked up
ODD_LINKS = [
    "[x](/relative)",
    "[x](relative)",
    "[x](#here)",
    "[x](?a=b)",
    "[x]()",
    "[x](//)",
    "[x](mailto:a@foo.com)",
    "<mailto:a@foo.com>",
    "<a@foo.com>",
    "http://",
    "https://",
    "[x](http://)",
    "[x](http:)",
    "[x](http:/)",
    "[x](http:///x)",
    "http://[::1",
    "[x](http://[::1)",
    "[x](http://[::1]]/)",
    "[x](http://[)",
    "[x](http://127.0.0.1:0/)",
    "[x](http://127.0.0.1:99999/)",
    "[x](http://127.0.0.1:-1/)",
    "[x](http://127.0.0.1:x/)",
    "[x](http://@/)",
    "[x](http://%/)",
    "[x](http://%00/)",
    "[x](http://127.0.0.1%00/)",
    "[x](http://.../)",
    "[x](<http://a b/>)",
    f"[x](http://{'a' * 300}/)",
    f"[x](http://{'a.' * 300}/)",
    "[x](http://127.0.0.1:9/%0d%0aX-Injected:%20x)",
    "[x](HTTP://127.0.0.1:9/)",
    "[x](ftp://127.0.0.1:9/)",
    "[x](ws://127.0.0.1:9/)",
    f"http://127.0.0.1:9/{'x' * 9000}",
    "[x](http://127.0.0.1:9/\u202e)",
    "[x](http://127.0.0.1:9/#" + "x" * 500 + ")",
    "[x](http://127.0.0.1:9?x)",
]


@pytest.mark.parametrize("link", ODD_LINKS)
def test_an_odd_link_leaves_the_message_with_what_can_be_shown(author, link):
    html = author.html(f"before {link} after")
    text = Markup(html).text
    assert text.startswith("before ") and text.rstrip().endswith("after")


# sizes


def page_with_title_at(offset: int) -> Page:
    return answer(b"<!-- " + b"x" * (offset - 8) + b"-->" + document("A late title"))


def test_a_title_within_256_kib_is_shown(author, pages):
    assert author.previews(pages.add(page_with_title_at(200 * KIB))) == ["A late title"]


def test_a_title_after_256_kib_is_not_shown(author, pages):
    assert author.previews(pages.add(page_with_title_at(PREVIEW_BYTES + KIB))) == []


def test_no_more_than_256_kib_are_read(author, pages):
    def endless(visit: Visit) -> None:
        visit.send(head() + document("A huge page"))
        for _ in range(8 * 1024):
            visit.send(b"x" * 8 * KIB)

    url = pages.add(endless)
    assert author.previews(url) in ([], ["A huge page"])
    visit = pages.visits[pages.path(url)]
    assert visit.ended.wait(TIMEOUT)
    assert visit.sent < PREVIEW_BYTES + KERNEL_BUFFERS


# time: no clock is read, for a busy machine makes every answer late; a slow page knows who ended it


def hang(visit: Visit) -> None:
    visit.hang()


def hang_within_the_body(visit: Visit) -> None:
    visit.send(head() + document("A page")[:40])
    visit.hang()


def drip_the_headers(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\n")
    visit.drip(repeat(b"X-Drop: drop\r\n"))


def drip_the_body(visit: Visit) -> None:
    visit.drip(chain([head() + b"<!--"], repeat(b"drop by drop ")))


ENDLESS = {
    "hangs": hang,
    "hangs within the body": hang_within_the_body,
    "drips the headers": drip_the_headers,
    "drips the body": drip_the_body,
}


def answer_after(seconds: float, title: str) -> Page:
    def page(visit: Visit) -> None:
        visit.closing.wait(seconds)
        answer(document(title))(visit)

    return page


def redirect_slowly(pages: PageServer) -> str:
    """Return the address of a page that redirects to itself: each part of it is fast enough."""

    def page(visit: Visit) -> None:
        visit.closing.wait(PREVIEW_SECONDS * 0.6)
        redirect(url)(visit)

    url = pages.add(page)
    return url


class Slow(NamedTuple):
    """Messages with slow links, all posted at the same moment: their sources and their HTML.

    `seen` has for each of three pages that hang in one message how many of them had been asked for
    when it was left. `meanwhile` is the HTML of a plain message that another one posted when a
    page had begun to hang, and `still_hung` tells whether it still did when that was answered.
    """

    sources: dict[str, str]
    html: dict[str, str]
    seen: list[int]
    meanwhile: str
    still_hung: bool


@pytest.fixture(scope="module")
def slow(author, place, pages) -> Slow:
    """What slow pages did to the messages that link to them."""
    asked, seen = [], []

    def hang_with_others(visit: Visit) -> None:
        asked.append(visit)
        visit.hang()
        seen.append(len(asked))

    sources = {name: pages.add(page) for name, page in ENDLESS.items()}
    sources["redirects slowly"] = redirect_slowly(pages)
    sources["answers late"] = pages.add(answer_after(2 * PREVIEW_SECONDS, "Too late"))
    three = [pages.add(hang_with_others) for _ in range(3)]
    sources["three that hang"] = " ".join(three)
    fast = pages.add(answer(document("A fast page")))
    sources["a slow page and a fast one"] = f"{pages.add(hang)} {fast}"

    def meanwhile() -> tuple[str, bool]:
        visit = pages.wait_for(sources["hangs"])
        html = post(author.client, place.new_person(), "hello")["html"]
        return html, not visit.ended.is_set()

    def html_of(source: str) -> str:
        return author.post(source)["html"]

    calls: list[Callable[[], Any]] = [partial(html_of, source) for source in sources.values()]
    *html, (plain, still_hung) = at_once([*calls, meanwhile])
    for url in three:
        assert pages.wait_for(url).ended.wait(TIMEOUT)
    return Slow(sources, dict(zip(sources, html)), seen, plain, still_hung)


@pytest.mark.parametrize("page", ENDLESS)
def test_an_endless_page_is_left(slow, pages, page):
    visit = pages.wait_for(slow.sources[page])
    assert visit.ended.wait(TIMEOUT)
    assert visit.left


def test_a_page_that_takes_longer_than_a_preview_may_is_not_shown(slow):
    assert previews(slow.html["answers late"]) == []


def test_all_redirects_together_have_the_time_of_one_preview(slow, pages):
    # the third request would come later than that
    assert pages.requests.count(pages.path(slow.sources["redirects slowly"])) <= 2


def test_all_links_together_have_the_time_of_one_preview(slow):
    # one after the other, the first would have been left before the others were asked for
    assert slow.seen == [3, 3, 3]


@pytest.mark.parametrize("page", [*ENDLESS, "redirects slowly", "answers late", "three that hang"])
def test_a_slow_page_leaves_the_message_as_it_is(slow, page):
    assert_clean(slow.html[page])
    assert len(Markup(slow.html[page]).links()) == (3 if page == "three that hang" else 1)


@pytest.mark.each_stage
def test_a_slow_page_makes_nobody_else_wait(slow):
    assert slow.meanwhile.strip() == "hello"
    assert slow.still_hung


def test_a_page_of_a_fast_link_is_shown_beside_a_slow_one(slow):
    [preview] = previews(slow.html["a slow page and a fast one"])
    assert preview.text.strip() == "A fast page"


def test_a_slow_page_is_given_time(author, pages):
    # a busy machine may take the rest of its time from it, and hardly three times
    titles = (author.previews(pages.add(answer_after(1, "A slow page"))) for _ in range(3))
    assert ["A slow page"] in titles

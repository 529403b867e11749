"""The web client in a real browser, used as a person would use it.

The servers are on SQLite files of their own: with the messages of many runs a page would be long.
"""

import re
import threading
import time
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tour.contract import vectors
from tour.contract.browser import DESKTOP
from tour.contract.browser import PHONE
from tour.contract.browser import Visitor
from tour.contract.browser import visits
from tour.contract.client import open_client
from tour.contract.client import post
from tour.contract.client import register
from tour.contract.client import unique
from tour.contract.markup import ALLOWED

RATE = 4
SECONDS = 15
# what a browser makes of pieces of HTML: tags with their attributes
PARSE = """
    pieces => pieces.flatMap(html =>
        [...new DOMParser().parseFromString(html, "text/html").body.querySelectorAll("*")]
            .map(element => [element.localName, element.getAttributeNames(),
                             element.href ?? ""]))
"""
SEEN = """
    Object.defineProperty(document, "hidden", {{value: {hidden}, configurable: true}});
    Object.defineProperty(document, "visibilityState", {{value: "{state}", configurable: true}});
    document.dispatchEvent(new Event("visibilitychange"));
"""
HIDE = SEEN.format(hidden="true", state="hidden")
SHOW = SEEN.format(hidden="false", state="visible")
WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture(scope="module")
def flack(stage):
    """A server of the browser's own."""
    with stage.server(stage.new_sqlite()) as server:
        yield server


@pytest.fixture(scope="module")
def http(flack):
    """A client of the same server: the others that a visitor chats with."""
    with open_client(flack) as client:
        yield client


@pytest.fixture(scope="module")
def dora(http):
    """Someone else, who uses the API."""
    return register(http, unique("dora"))


class Reader(NamedTuple):
    """Someone who reads what another one writes at a high rate."""

    visitor: Visitor
    words: str
    polls: list[str]
    started: float


@pytest.fixture(scope="module", autouse=True)
def reader(chromium, flack, http, dora):
    """Someone who reads from the start, without signing in, while the other tests run."""
    words = unique("fast")
    stopping = threading.Event()

    def write() -> None:
        start = time.monotonic()
        for number in range(RATE * SECONDS):
            if stopping.wait(max(0, start + number / RATE - time.monotonic())):
                return
            post(http, dora, f"{words} {number:03}.")

    writer = threading.Thread(target=write)
    with visits(chromium) as visit:
        visitor = visit(flack.url)
        reader = Reader(visitor, words, visitor.count_requests("/api/messages"), time.monotonic())
        writer.start()
        yield reader
        stopping.set()
        writer.join()


@pytest.fixture(scope="module")
def visitor(chromium, flack):
    """Someone who has registered in the web client, and stays."""
    with visits(chromium) as visit:
        yield newcomer(visit, flack)


def newcomer(visit, server, **options) -> Visitor:
    """Return someone who has just registered in the web client."""
    visitor = visit(server.url, **options)
    visitor.register(unique("visitor"))
    visitor.is_signed_in()
    return visitor


def is_registration(answer) -> bool:
    return answer.request.method == "POST" and answer.url.endswith("/api/users")


def is_poll(answer) -> bool:
    return answer.request.method == "GET" and "/api/messages" in answer.url


def sources(http) -> list[str]:
    return [message["source"] for message in http.get("/api/messages").json()["messages"]]


# in and out


def test_a_visitor_registers_and_is_signed_in(flack, http, visit):
    nickname = unique("visitor")
    visitor = visit(flack.url)
    visitor.is_signed_out()
    visitor.register(nickname)
    visitor.is_signed_in()
    users = {user["nickname"]: user for user in http.get("/api/users").json()["users"]}
    assert users[nickname]["online"] is True


def test_a_registered_visitor_signs_in(flack, http, visit):
    person = register(http, unique("visitor"))
    visitor = visit(flack.url)
    visitor.sign_in(person.nickname, person.password)
    visitor.is_signed_in()
    source = unique("from")
    visitor.send(source)
    visitor.shows(source)
    assert [message["user_id"] for message in http.get("/api/messages").json()["messages"]
            if message["source"] == source] == [person.id]


def test_credentials_may_be_of_any_language(flack, visit):
    visitor = visit(flack.url)
    visitor.register(unique("Zoë-\U0001f600"), "geheim:süß:\U0001f511")
    visitor.is_signed_in()


def test_a_wrong_password_is_refused_and_can_be_mended(flack, http, visit):
    person = register(http, unique("visitor"))
    visitor = visit(flack.url, refusals=True)
    with visitor.page.expect_response("**/api/tokens") as answer:
        visitor.sign_in(person.nickname, "a wrong password")
    assert answer.value.status == 401
    # what is clicked before the refusal is shown goes nowhere
    expect(visitor.page.get_by_text(answer.value.json()["error"])).to_be_visible()
    visitor.is_signed_out()
    expect(visitor.nickname).to_have_value(person.nickname)
    visitor.sign_in(person.nickname, person.password)
    visitor.is_signed_in()


def test_a_taken_nickname_is_refused_in_words(flack, dora, visit):
    visitor = visit(flack.url, refusals=True)
    with visitor.page.expect_response(is_registration) as answer:
        visitor.register(dora.nickname, "another password")
    expect(visitor.page.get_by_text(answer.value.json()["error"])).to_be_visible()
    visitor.is_signed_out()


def test_a_reload_keeps_the_visitor_signed_in(flack, visit):
    visitor = newcomer(visit, flack)
    visitor.page.reload()
    visitor.is_signed_in()
    source = unique("after the reload")
    visitor.send(source)
    visitor.shows(source)


def test_signing_out_lasts(flack, visit):
    visitor = newcomer(visit, flack)
    visitor.sign_out_button.click()
    visitor.is_signed_out()
    visitor.page.reload()
    visitor.is_signed_out()


# messages


def test_a_message_is_shown_and_has_reached_the_server(visitor, http):
    source = unique("hello")
    visitor.send(f"*{source}*")
    visitor.shows(source)
    expect(visitor.message).to_have_value("")
    expect(visitor.messages.filter(has_text=source).locator("em")).to_have_text(source)
    assert f"*{source}*" in sources(http)


def test_a_message_of_another_arrives_with_its_author(visitor, http, dora):
    source = unique("from dora")
    post(http, dora, source)
    visitor.shows(source)
    expect(visitor.messages.filter(has_text=source)).to_contain_text(dora.nickname)


def test_a_message_that_its_author_changes_is_shown_changed(visitor, http, dora):
    message = post(http, dora, unique("before"))
    visitor.shows(message["source"])
    after = unique("after")
    path = f"/api/messages/{message['id']}"
    http.put(path, json={"source": after}, headers=dora.bearer)
    visitor.shows(after)
    expect(visitor.messages.filter(has_text=message["source"])).to_have_count(0)


def test_who_is_online_is_shown(visitor, http):
    person = register(http, unique("newcomer"))
    expect(visitor.online.filter(has_text=person.nickname)).to_have_count(1)


def test_requests_per_second_are_shown(visitor):
    busy = re.compile(r"(?!0\.?0*\b)\d+(\.\d+)?\s*requests")
    expect(visitor.page.get_by_text(busy)).to_be_visible()


def test_a_page_that_nobody_sees_does_not_poll(flack, visit):
    visitor = visit(flack.url)
    with visitor.page.expect_response(is_poll):
        visitor.page.evaluate(HIDE)
    polls = visitor.count_requests("/api/messages")
    # what was under way ends; absence can be seen by waiting alone
    visitor.page.wait_for_timeout(3000)
    assert len(polls) <= 1
    with visitor.page.expect_response(is_poll):
        visitor.page.evaluate(SHOW)


# the server goes and comes back


def test_a_lost_server_is_shown_and_found_again(stage, visit):
    with stage.server(stage.new_sqlite()) as server, open_client(server) as http:
        visitor = newcomer(visit, server, outage=True)
        server.kill()
        expect(visitor.status).not_to_have_text("")
        source = unique("typed meanwhile")
        visitor.send(source)
        expect(visitor.message).to_have_value(source)
        visitor.is_signed_in()

        server.start()
        visitor.is_connected()
        expect(visitor.message).to_have_value(source)
        visitor.send_button.click()
        visitor.shows(source)
        expect(visitor.message).to_have_value("")
        assert sources(http).count(source) == 1
        news = unique("news")
        post(http, register(http, unique("other")), news)
        visitor.shows(news)


# anyone, anywhere


def test_the_keyboard_alone_does_everything(flack, visit):
    visitor = visit(flack.url)
    keyboard = visitor.page.keyboard
    visitor.tab_to(visitor.nickname)
    keyboard.type(unique("typist"))
    visitor.tab_to(visitor.password)
    keyboard.type("a password")
    visitor.tab_to(visitor.register_button)
    keyboard.press("Enter")
    visitor.is_signed_in()
    source = unique("typed")
    visitor.tab_to(visitor.message)
    keyboard.type(source)
    visitor.tab_to(visitor.send_button)
    keyboard.press("Enter")
    visitor.shows(source)
    visitor.tab_to(visitor.sign_out_button)
    keyboard.press("Enter")
    visitor.is_signed_out()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_page_fits_the_window(flack, http, visit, width):
    person = register(http, unique("w" * 20))
    source = unique("wide")
    post(http, person, f"{source} {'w' * 3000} `{'c' * 3000}` http://127.0.0.1:9/{'l' * 1000}")
    visitor = visit(flack.url, width=width)
    visitor.is_signed_out()
    assert not visitor.page.evaluate(WIDER_THAN_THE_WINDOW)
    visitor.sign_in(person.nickname, person.password)
    visitor.is_signed_in()
    visitor.shows(source)
    expect(visitor.online.filter(has_text=person.nickname)).to_have_count(1)
    assert not visitor.page.evaluate(WIDER_THAN_THE_WINDOW)
    for part in (visitor.message, visitor.send_button, visitor.sign_out_button):
        expect(part).to_be_in_viewport(ratio=1)


def test_the_page_is_dark_where_that_is_wanted(flack, visit):
    visitor = visit(flack.url)
    visitor.is_signed_out()
    colours = {}
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)
        colours[scheme] = visitor.page.screenshot(animations="disabled")
    assert colours["light"] != colours["dark"]


# markup


def test_messages_with_markup_run_nothing(flack, http, dora, visit):
    messages = [post(http, dora, vector) for vector in vectors.ALL]
    last = unique("after the vectors")
    post(http, dora, last)
    visitor = visit(flack.url)
    visitor.shows(last)
    # the browser's own reading of them, which is what counts
    parsed = visitor.page.evaluate(PARSE, [message["html"] for message in messages])
    for tag, attributes, href in parsed:
        assert tag in ALLOWED and set(attributes) <= ALLOWED[tag], (tag, attributes)
        assert href.split(":")[0] in ("", "http", "https", "mailto"), href


def test_a_visitors_own_markup_is_shown_as_text(visitor):
    source = unique("mine")
    visitor.send(f"<script>alert(1)</script><img src=x onerror=alert(1)> 1 < 2 & {source}")
    visitor.shows(source)
    item = visitor.messages.filter(has_text=source)
    expect(item).to_contain_text(f"1 < 2 & {source}")
    expect(item.locator("script, img")).to_have_count(0)


@pytest.mark.parametrize("nickname", ["<img src=x onerror=alert(1)>", "<b>&amp;</b>"])
def test_a_nickname_with_markup_is_shown_as_text(flack, http, visit, nickname):
    source = unique("by markup")
    post(http, register(http, nickname), source)
    visitor = visit(flack.url)
    visitor.shows(source)
    expect(visitor.messages.filter(has_text=source)).to_contain_text(nickname)
    expect(visitor.online.filter(has_text=nickname)).to_have_count(1)
    expect(visitor.page.locator("img[src=x]")).to_have_count(0)


# what the reader has seen by now


def test_no_message_is_lost_at_four_a_second(reader):
    found = reader.visitor.messages.filter(has_text=reader.words)
    expect(found).to_have_count(RATE * SECONDS, timeout=(SECONDS + 15) * 1000)
    for number, text in enumerate(found.all_inner_texts()):
        assert f"{reader.words} {number:03}." in text


def test_it_polls_once_a_second(reader):
    # it pauses longer where the machine is busy
    seconds = time.monotonic() - reader.started
    assert seconds / 3 < len(reader.polls) < seconds * 1.5

"""The web client in a real browser, used as a person would use it.

The servers are on SQLite files of their own: with the messages of many runs a page would be long.
"""

import json
import re
import threading
import time
from datetime import datetime
from email.utils import formatdate
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tour.contract import vectors
from tour.contract.browser import DESKTOP
from tour.contract.browser import PHONE
from tour.contract.browser import Visitor
from tour.contract.browser import launch
from tour.contract.browser import launch_dark
from tour.contract.browser import visits
from tour.contract.client import open_client
from tour.contract.client import post
from tour.contract.client import unique
from tour.contract.markup import ALLOWED
from tour.contract.stage import PREFIX
from tour.contract.stage import Place
from tour.contract.stage import new_person

RATE = 4
SECONDS = 10
HOUR = 60 * 60
LARGE = 1200
INSERT_MESSAGE = """
    INSERT INTO messages (created_at, updated_at, source, html, user_id) VALUES (?, ?, ?, ?, ?)
"""
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
# what the browser shows in the end, as red, green and blue
COLOURS = """
    () => {
        const numbers = colour => colour.match(/[0-9.]+/g).slice(0, 3).map(Number);
        const {backgroundColor, color} = getComputedStyle(document.body);
        return {background: numbers(backgroundColor), text: numbers(color)};
    }
"""
# how many messages come into the list without a pause, and the steps from one to its neighbour
COUNT = """
    window.pieces = [];
    new MutationObserver(records => {
        const added = records.filter(({target}) => target.ariaLabel === "Messages")
            .reduce((sum, {addedNodes}) => sum + addedNodes.length, 0);
        if (added) window.pieces.push(added);
    }).observe(document, {childList: true, subtree: true});

    window.steps = 0;
    const {get} = Object.getOwnPropertyDescriptor(Element.prototype, "previousElementSibling");
    Object.defineProperty(Element.prototype, "previousElementSibling", {get() {
        window.steps += 1;
        return get.call(this);
    }});
"""
# however long a test holds a request up, the client does not end it
PATIENT = "AbortSignal.timeout = () => new AbortController().signal;"
# or it does so ten times as early
IMPATIENT = """
    const timeout = AbortSignal.timeout;
    AbortSignal.timeout = milliseconds => timeout.call(AbortSignal, milliseconds / 10);
"""
WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture(scope="module")
def profile(pytestconfig):
    """A profile of its own in the browser that the command line names."""
    with launch(pytestconfig.getoption("--browser")) as profile:
        yield profile


@pytest.fixture
def visit(profile):
    """A function that opens a server's web client, each time in a tab of its own."""
    with visits(profile) as visit:
        yield visit


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
def dora(flack):
    """Someone else, who uses the API."""
    return new_person(flack, unique("dora"))


class Reader(NamedTuple):
    """Someone who reads what another one writes at a high rate."""

    visitor: Visitor
    words: str


@pytest.fixture(scope="module", autouse=True)
def reader(profile, flack, http, dora):
    """Someone who reads from the start, without signing in, while the other tests run."""
    words = unique("fast")
    stopping = threading.Event()

    def write() -> None:
        for number in range(RATE * SECONDS):
            post(http, dora, f"{words} {number:03}.")
            if stopping.wait(1 / RATE):
                return

    writer = threading.Thread(target=write)
    with visits(profile) as visit:
        visitor = visit(flack.url)
        writer.start()
        yield Reader(visitor, words)
        stopping.set()
        writer.join()


@pytest.fixture(scope="module")
def visitor(profile, flack):
    """Someone who has signed in with the web client, and stays."""
    with visits(profile) as visit:
        visitor = visit(flack.url)
        person = new_person(flack)
        visitor.sign_in(person.nickname, person.password)
        visitor.is_signed_in()
        yield visitor


@pytest.fixture
def person(flack):
    """Someone who has registered and is not signed in."""
    return new_person(flack)


@pytest.fixture
def member(flack, person, visit):
    """The person, signed in with the web client."""
    visitor = visit(flack.url)
    visitor.sign_in(person.nickname, person.password)
    visitor.is_signed_in()
    return visitor


@pytest.fixture
def patient(flack, person, visit):
    """The person, signed in with a web client that waits for any answer."""
    visitor = visit(flack.url, script=PATIENT)
    visitor.sign_in(person.nickname, person.password)
    visitor.is_signed_in()
    return visitor


def is_registration(answer) -> bool:
    return answer.request.method == "POST" and answer.url.endswith("/api/users")


def is_poll(answer) -> bool:
    return answer.request.method == "GET" and "/api/messages" in answer.url


def see_polls(visitor, number: int) -> None:
    """Wait until polls that the page makes of its own accord have been answered."""
    for _ in range(number):
        with visitor.page.expect_response(is_poll):
            pass


def sources(http) -> list[str]:
    return [message["source"] for message in http.get("/api/messages").json()["messages"]]


# in and out


@pytest.mark.each_stage
@pytest.mark.each_browser
def test_a_visitor_registers_in_any_language_and_is_signed_in(flack, http, visit):
    nickname = unique("Zoë-\U0001f600")
    visitor = visit(flack.url)
    visitor.is_signed_out()
    visitor.register(nickname, "geheim:süß:\U0001f511")
    visitor.is_signed_in()
    users = {user["nickname"]: user for user in http.get("/api/users").json()["users"]}
    assert users[nickname]["online"] is True


@pytest.mark.each_stage
def test_a_registered_visitor_signs_in(http, person, member):
    source = unique("from")
    member.send(source)
    member.shows(source)
    assert [
        message["user_id"]
        for message in http.get("/api/messages").json()["messages"]
        if message["source"] == source
    ] == [person.id]


@pytest.mark.each_stage
def test_a_wrong_password_is_refused_and_can_be_mended(flack, person, visit):
    visitor = visit(flack.url, refusals=True)
    with visitor.page.expect_response("**/api/tokens") as answer:
        visitor.sign_in(person.nickname, "a wrong password")
    assert answer.value.status == 401
    # what is clicked before the refusal is shown goes nowhere
    expect(visitor.page.get_by_text(answer.value.json()["error"])).to_be_visible()
    visitor.is_signed_out()
    expect(visitor.nickname).to_have_value(person.nickname)
    # nobody who looks on reads it
    expect(visitor.password).to_have_attribute("type", "password")
    visitor.sign_in(person.nickname, person.password)
    visitor.is_signed_in()


@pytest.mark.each_stage
def test_a_taken_nickname_is_refused_in_words(flack, dora, visit):
    visitor = visit(flack.url, refusals=True)
    with visitor.page.expect_response(is_registration) as answer:
        visitor.register(dora.nickname, "another password")
    expect(visitor.page.get_by_text(answer.value.json()["error"])).to_be_visible()
    visitor.is_signed_out()


def test_what_a_proxy_refuses_is_shown_in_its_words(flack, person, visit):
    # as nginx brakes those who sign in, in docs/production/
    refusal = "Too many people sign in at the moment."
    visitor = visit(flack.url, refusals=True)
    visitor.page.route(
        "**/api/tokens",
        lambda route: route.fulfill(status=429, json={"error": refusal}),
        times=1,
    )
    visitor.sign_in(person.nickname, person.password)
    expect(visitor.page.get_by_text(refusal)).to_be_visible()
    visitor.sign_in(person.nickname, person.password)
    visitor.is_signed_in()


def test_a_reload_keeps_the_visitor_signed_in(visitor):
    visitor.page.reload()
    visitor.is_signed_in()
    source = unique("after the reload")
    visitor.send(source)
    visitor.shows(source)


@pytest.mark.each_stage
def test_signing_out_lasts(member):
    member.sign_out_button.click()
    member.is_signed_out()
    member.page.reload()
    member.is_signed_out()


def test_who_signs_in_while_signing_out_stays_signed_in(http, person, patient):
    held = []
    patient.page.route("**/api/tokens", lambda route: held.append(route), times=1)
    with patient.page.expect_request("**/api/tokens"):
        patient.sign_out_button.click()
    patient.sign_in(person.nickname, person.password)
    # meanwhile the token would be given out that is about to be revoked
    http.post("/api/tokens", auth=person.basic)
    [signing_out] = held
    signing_out.continue_()
    patient.is_signed_in()
    see_polls(patient, 2)
    patient.is_signed_in()


@pytest.mark.each_stage
def test_a_renamed_visitor_stays_who_they_are(flack, http, person, member):
    before = unique("before")
    member.send(before)
    member.shows(before)
    nickname = unique("renamed")
    http.put(f"/api/users/{person.id}", json={"nickname": nickname}, headers=person.bearer)
    other = unique("of another")
    post(http, new_person(flack, person.nickname), other)
    own = unique("of mine")
    member.send(own)
    expect(member.header).to_contain_text(nickname)
    expect(member.messages.filter(has_text=before)).to_contain_text(nickname)
    member.shows(other)
    expect(member.edit_button(own)).to_have_count(1)
    expect(member.edit_button(other)).to_have_count(0)


# what is being written


@pytest.mark.each_browser
def test_a_reload_in_mid_edit_goes_on_with_the_edit(flack, http, person, visit):
    message = post(http, person, unique("once"))
    visitor = visit(flack.url)
    visitor.sign_in(person.nickname, person.password)
    visitor.edit(message["source"])
    changed = unique("changed")
    visitor.message.fill(changed)
    visitor.page.reload()
    expect(visitor.message).to_have_value(changed)
    visitor.message.press("Enter")
    visitor.shows(changed)
    assert sources(http).count(changed) == 1
    assert message["source"] not in sources(http)


def test_a_draft_outlives_a_revoked_token_a_reload_and_signing_in(flack, http, person, visit):
    visitor = visit(flack.url, refusals=True)
    visitor.sign_in(person.nickname, person.password)
    visitor.is_signed_in()
    draft = unique("draft")
    visitor.message.fill(draft)
    http.delete("/api/tokens", headers=person.bearer)
    visitor.is_signed_out()
    # it says why
    expect(visitor.page.get_by_role("alert")).not_to_have_text("")
    visitor.page.reload()
    visitor.sign_in(person.nickname, person.password)
    expect(visitor.message).to_have_value(draft)


@pytest.mark.each_browser
def test_what_a_visitor_typed_is_not_left_to_the_next(flack, member):
    member.message.fill(unique("draft"))
    member.sign_out_button.click()
    member.is_signed_out()
    for reload in (False, True):
        if reload:
            member.page.reload()
        expect(member.nickname).to_have_value("")
        expect(member.page.locator("textarea")).to_have_value("")
    other = new_person(flack)
    member.sign_in(other.nickname, other.password)
    member.is_signed_in()
    expect(member.message).to_have_value("")


def test_a_message_that_a_reload_cut_off_is_posted_once(http, member):
    source = unique("cut off")

    def take(route) -> None:
        # Firefox does not tell what the page sends
        body = route.request.post_data_buffer or json.dumps({"source": source})
        route.fetch(post_data=body)

    # it reaches the server, and the answer does not reach the page
    member.page.route("**/api/messages", take, times=1)
    with member.page.expect_request("**/api/messages"):
        member.send(source)
    member.shows(source)
    member.page.reload()
    member.shows(source)
    expect(member.message).to_have_value("")
    assert sources(http).count(source) == 1


def test_a_message_whose_answer_was_lost_leaves_the_box(flack, http, person, visit):
    def take(route) -> None:
        # not by route.fetch(), which does not end in Firefox
        post(http, person, source)
        route.abort()

    visitor = visit(flack.url, outage=True)
    visitor.sign_in(person.nickname, person.password)
    visitor.is_signed_in()
    source = unique("arrived")
    visitor.page.route("**/api/messages", take, times=1)
    visitor.send(source)
    visitor.shows(source)
    # still there, it would be sent once more
    expect(visitor.message).to_have_value("")
    assert sources(http).count(source) == 1


def test_a_message_that_is_under_way_is_not_sent_again(http, patient):
    held = []
    patient.page.route("**/api/messages", lambda route: held.append(route))
    source = unique("slow")
    patient.send(source)
    patient.message.press("Enter")
    # meanwhile a second one would leave, after a poll that may have to wait for another
    see_polls(patient, 3)
    for route in held:
        route.continue_()
    patient.shows(source)
    expect(patient.message).to_have_value("")
    assert sources(http).count(source) == 1


def test_the_enter_that_picks_a_character_sends_nothing(http, member):
    half = unique("half")
    member.message.fill(half)
    # an input method says that it picks, and Safari's says so by the code
    for picking in ({"isComposing": True}, {"keyCode": 229}):
        member.message.dispatch_event("keydown", {"key": "Enter", **picking})
    whole = f"{half} and whole"
    member.message.fill(whole)
    member.message.press("Enter")
    member.shows(whole)
    assert half not in sources(http)


def test_shift_and_enter_start_a_line_and_send_nothing(http, member):
    first, second = unique("first"), unique("second")
    member.message.fill(first)
    member.message.press("Shift+Enter")
    member.page.keyboard.type(second)
    member.message.press("Enter")
    member.shows(second)
    assert f"{first}\n{second}" in sources(http)


def test_an_edit_that_is_saved_gives_way_to_the_draft_before_it(http, member):
    source = unique("once")
    member.send(source)
    member.shows(source)
    draft = unique("draft")
    member.message.fill(draft)
    member.edit(source)
    changed = unique("changed")
    member.message.fill(changed)
    member.message.press("Enter")
    member.shows(changed)
    expect(member.message).to_have_value(draft)
    expect(member.send_button).to_be_visible()
    assert draft not in sources(http)


# messages


@pytest.mark.each_stage
def test_a_message_is_shown_and_has_reached_the_server(visitor, http):
    source = unique("hello")
    visitor.send(f"*{source}*")
    visitor.shows(source)
    expect(visitor.message).to_have_value("")
    expect(visitor.messages.filter(has_text=source).locator("em")).to_have_text(source)
    assert f"*{source}*" in sources(http)


@pytest.mark.each_stage
def test_a_message_of_another_arrives_with_its_author(visitor, http, dora):
    source = unique("from dora")
    post(http, dora, source)
    visitor.shows(source)
    expect(visitor.messages.filter(has_text=source)).to_contain_text(dora.nickname)


def test_a_message_comes_with_its_author_and_not_before(flack, http, visit):
    visitor = visit(flack.url, stopped_clock=True)
    # one poll in five asks for the users anyway
    for _ in range(2):
        author = new_person(flack)
        source = unique("of a newcomer")
        post(http, author, source)
        visitor.shows_within(10, source)
        expect(visitor.messages.filter(has_text=source)).to_contain_text(author.nickname)


def test_a_message_tells_when_it_was_written(visitor, http, dora):
    message = post(http, dora, unique("timed"))
    shown = visitor.messages.filter(has_text=message["source"]).locator("time")
    written = datetime.fromisoformat(shown.get_attribute("datetime"))
    assert written.timestamp() == message["created_at"]


@pytest.mark.each_stage
def test_a_message_that_its_author_changes_is_shown_changed(visitor, http, dora):
    message = post(http, dora, unique("before"))
    visitor.shows(message["source"])
    after = unique("after")
    path = f"/api/messages/{message['id']}"
    http.put(path, json={"source": after}, headers=dora.bearer)
    visitor.shows(after)
    expect(visitor.messages.filter(has_text=message["source"])).to_have_count(0)


@pytest.mark.each_stage
def test_who_is_online_is_shown(visitor, http, person):
    http.get("/api/users/0", headers=person.bearer)
    expect(visitor.online.filter(has_text=person.nickname)).to_have_count(1)


@pytest.mark.each_stage
def test_requests_per_second_are_shown(visitor):
    busy = re.compile(r"(?!0\.?0*\b)\d+(\.\d+)?\s*requests")
    expect(visitor.page.get_by_text(busy)).to_be_visible()


# a server whose clock was set back


@pytest.fixture(scope="module")
def set_back(stage):
    """A server whose clock was set back by an hour after a message had been posted."""
    with Place.open(stage) as place:
        author = place.new_person()
        post(place.client, author, "before it was set back")
        place.set_clock_back(HOUR)
        yield place


def test_a_clock_set_back_hides_no_message(set_back, visit):
    visitor = visit(set_back.server.url, stopped_clock=True)
    visitor.shows_within(10, "before it was set back")
    news = unique("news")
    post(set_back.client, set_back.new_person(), news)
    visitor.shows_within(10, news)


def test_a_clock_set_back_does_not_make_it_ask_for_all_each_time(set_back, visit):
    visitor = visit(set_back.server.url, stopped_clock=True)
    visitor.shows_within(10, "before it was set back")
    polls = visitor.count_requests("/api/messages")
    for _ in range(3):
        visitor.let_a_second_pass()
    assert polls
    assert all("updated_since=" in url for url in polls)


def test_an_edit_before_the_time_of_its_message_is_one(set_back, visit):
    author = set_back.new_person()
    message = post(set_back.client, author, unique("later"))
    visitor = visit(set_back.server.url, stopped_clock=True)
    visitor.shows_within(10, message["source"])
    set_back.set_clock_back(HOUR)
    source = unique("earlier")
    path = f"/api/messages/{message['id']}"
    set_back.client.put(path, json={"source": source}, headers=author.bearer)
    visitor.shows_within(10, source)
    edited = visitor.messages.filter(has_text=source).get_by_text("edited", exact=True)
    expect(edited).to_be_visible()


def test_what_came_before_a_page_saw_the_clock_set_back_is_shown(set_back, visit):
    def answer_ahead(route) -> None:
        answer = route.fetch()
        headers = {**answer.headers, "date": formatdate(time.time() + HOUR, usegmt=True)}
        route.fulfill(response=answer, headers=headers)

    first = post(set_back.client, set_back.new_person(), unique("first"))
    visitor = visit(set_back.server.url, stopped_clock=True)
    # the poll of this page is answered, so that it is the next page's that is caught
    visitor.shows_within(10, first["source"])
    visitor.page.route("**/api/messages", answer_ahead, times=1)
    with visitor.page.expect_response(is_poll):
        visitor.page.reload()
    missed = post(set_back.client, set_back.new_person(), unique("missed"))
    set_back.age_message(missed["id"], 10 * 60)
    visitor.shows_within(10, missed["source"])


@pytest.mark.each_stage
def test_ones_own_message_is_shown_without_a_poll(visitor):
    # no poll is answered until the routes go
    visitor.page.route("**/api/messages?*", lambda route: None)
    source = unique("at once")
    visitor.send(source)
    visitor.shows(source)
    visitor.page.unroute_all()


# a large room


@pytest.fixture(scope="module")
def large_place(stage):
    """A server with many messages, a third of them changed after others came."""
    with Place.open(stage) as place:
        author = place.new_person()
        now = int(time.time())
        rows = [
            (
                now - HOUR,
                now - number * 7919 % 1000 if number % 3 == 0 else now - HOUR,
                f"number {number:04}.",
                f"number {number:04}.",
                author.id,
            )
            for number in range(LARGE)
        ]
        with place.database:
            place.database.executemany(INSERT_MESSAGE, rows)
        yield place


@pytest.fixture(scope="module")
def large_room(profile, large_place):
    """Someone who visits the server with many messages."""
    with visits(profile) as visit:
        visitor = visit(large_place.server.url, script=COUNT)
        expect(visitor.messages).to_have_count(LARGE)
        yield visitor


def test_a_large_room_is_in_the_order_of_writing(large_room):
    for number, text in enumerate(large_room.messages.all_inner_texts()):
        assert f"number {number:04}." in text


def test_a_large_room_does_not_come_in_one_piece(large_room):
    assert max(large_room.page.evaluate("window.pieces")) <= LARGE / 2


def test_a_large_room_takes_few_steps_a_message(large_room):
    assert large_room.page.evaluate("window.steps") <= 10 * LARGE


def test_a_large_room_is_not_sent_again_with_each_poll(large_room):
    with large_room.page.expect_response(is_poll) as answer:
        # it comes of its own accord
        pass
    assert len(answer.value.json()["messages"]) <= LARGE / 2


@pytest.mark.each_browser
def test_who_reads_old_messages_stays_there_until_they_ask(large_place, large_room):
    oldest = large_room.messages.first
    oldest.scroll_into_view_if_needed()
    post(large_place.client, large_place.new_person(), "the newest")
    expect(large_room.newest_button).to_be_visible()
    expect(oldest).to_be_in_viewport()
    large_room.newest_button.click()
    expect(large_room.messages.last).to_be_in_viewport()


# polling, by a clock that stands still until the test lets a second pass


def polls_within(visitor: Visitor, seconds: int) -> int:
    """Let seconds of the page's own clock pass; return how many polls it made meanwhile."""
    polls = visitor.count_requests("/api/messages")
    for _ in range(seconds):
        visitor.let_a_second_pass()
    return len(polls)


def test_it_polls_once_a_second_while_it_is_seen(flack, visit):
    visitor = visit(flack.url, stopped_clock=True)
    assert 10 <= polls_within(visitor, 20) <= 21
    visitor.page.evaluate(HIDE)
    # what was under way ends
    assert polls_within(visitor, 10) <= 1
    with visitor.page.expect_response(is_poll):
        visitor.page.evaluate(SHOW)


# the server goes and comes back


@pytest.mark.each_browser
def test_a_lost_server_is_shown_and_found_again(stage, visit):
    with stage.server(stage.new_sqlite()) as server, open_client(server) as http:
        person = new_person(server)
        visitor = visit(server.url, outage=True)
        visitor.sign_in(person.nickname, person.password)
        visitor.is_signed_in()
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
        post(http, person, news)
        visitor.shows(news)


def test_a_server_that_hangs_is_shown(flack, visit):
    visitor = visit(flack.url, outage=True, script=IMPATIENT)
    visitor.page.route("**/api/messages*", lambda route: None)
    expect(visitor.status).not_to_have_text("")
    visitor.page.unroute_all()


# anyone, anywhere


@pytest.mark.each_browser
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
    # there the arrow keys scroll
    visitor.tab_to(visitor.page.get_by_role("list", name="Messages"))
    source = unique("typed")
    visitor.tab_to(visitor.message)
    keyboard.type(source)
    visitor.tab_to(visitor.send_button)
    keyboard.press("Enter")
    visitor.shows(source)
    visitor.tab_to(visitor.sign_out_button)
    keyboard.press("Enter")
    visitor.is_signed_out()


@pytest.mark.each_browser
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_page_fits_the_window(flack, http, visit, width):
    person = new_person(flack, unique("w" * 20))
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


@pytest.mark.each_browser
def test_the_page_is_dark_where_that_is_wanted(profile, flack, reader):
    light = reader.visitor.page.evaluate(COLOURS)
    with launch_dark(profile) as other, visits(other) as visit:
        dark = visit(flack.url).page.evaluate(COLOURS)
    assert sum(light["background"]) > sum(dark["background"])
    assert sum(light["text"]) < sum(dark["text"])


@pytest.fixture(scope="module")
def prefixed_server(stage):
    """A server that has Flack under a prefix, and nothing elsewhere."""
    with stage.prefixed().server(stage.new_sqlite()) as server:
        yield server


@pytest.mark.each_stage
@pytest.mark.each_browser
def test_it_works_below_a_prefix_without_a_slash(prefixed_server, visit):
    person = new_person(prefixed_server)
    visitor = visit(prefixed_server.url + PREFIX)
    visitor.sign_in(person.nickname, person.password)
    source = unique("below a prefix")
    visitor.send(source)
    visitor.shows(source)


# markup


@pytest.mark.each_stage
@pytest.mark.each_browser
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
def test_a_nickname_with_markup_is_shown_as_text(flack, http, visitor, nickname):
    source = unique("by markup")
    post(http, new_person(flack, nickname), source)
    visitor.shows(source)
    expect(visitor.messages.filter(has_text=source)).to_contain_text(nickname)
    expect(visitor.online.filter(has_text=nickname)).to_have_count(1)
    expect(visitor.page.locator("img[src=x]")).to_have_count(0)


# what the reader has seen by now


def test_no_message_is_lost_at_four_a_second(reader):
    found = reader.visitor.messages.filter(has_text=reader.words)
    expect(found).to_have_count(RATE * SECONDS)
    for number, text in enumerate(found.all_inner_texts()):
        assert f"{reader.words} {number:03}." in text

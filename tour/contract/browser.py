"""A browser of the system, and someone who visits the web client with it."""

import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from typing import TypedDict
from typing import Unpack
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext
from playwright.sync_api import BrowserType
from playwright.sync_api import ConsoleMessage
from playwright.sync_api import Dialog
from playwright.sync_api import Error
from playwright.sync_api import Locator
from playwright.sync_api import Request
from playwright.sync_api import Response
from playwright.sync_api import expect
from playwright.sync_api import sync_playwright

from tour.system import browsers
from tour.system.errors import UsageError

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Firefox as its makers ship it, and not one that Playwright has built
CHANNEL = "moz-firefox"
# the setting by which a page is wanted dark or light, and what its values mean
SCHEME = "layout.css.prefers-color-scheme.content-override"
SCHEMES = ("dark", "light")

# milliseconds that only what never comes takes to be seen, however busy the machine
PATIENCE = 60_000
# seconds on the page's clock, which is later than any page takes to load
A_DAY = 24 * 60 * 60
DESKTOP = 1440
PHONE = 360

# a violation of the policy that nobody provoked is told to the test by a console message
REPORT_VIOLATIONS = """
    addEventListener("securitypolicyviolation", event => console.error(
        `policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
# where an element lies from the one that has the focus: here (0), after it (1), or before it (-1)
WAY = """
    element => {
        const here = document.activeElement;
        const after = here.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
        return here === element ? 0 : after ? 1 : -1;
    }
"""
# what the browser logs by itself, without the page's doing
REFUSAL = "the server responded with a status of 4"
NO_ANSWER = "net::ERR_"


@contextmanager
def launch(name: str = browsers.DEFAULT) -> Iterator[BrowserContext]:
    """Run the browser without a window; fail with advice when there is none.

    It has one new profile, in which each visitor has a tab: Flack's client keeps who is signed in
    for each tab on its own, and a tab takes a fraction of what a profile takes.
    """
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright, _run(getattr(playwright, name)) as profile:
        yield profile


@contextmanager
def launch_dark(profile: BrowserContext) -> Iterator[BrowserContext]:
    """Run the browser of the profile once more, with a profile whose owner likes pages dark.

    Firefox cannot be told so later.
    """
    with _run(profile.browser.browser_type, scheme="dark") as other:
        yield other


@contextmanager
def _run(kind: BrowserType, scheme: Literal["light", "dark"] = "light") -> Iterator[BrowserContext]:
    try:
        path = browsers.require(kind.name)
    except UsageError as error:
        pytest.fail(str(error), pytrace=False)
    try:
        if kind.name == "firefox":
            preferences: dict[str, str | float | bool] = {SCHEME: SCHEMES.index(scheme)}
            browser = kind.launch(
                executable_path=path, channel=CHANNEL, firefox_user_prefs=preferences
            )
        else:
            browser = kind.launch(executable_path=path, args=ARGUMENTS)
    except Error as error:
        message = browsers.explain_unusable(path, error.message)
        raise pytest.fail.Exception(message, pytrace=False) from None
    profile = browser.new_context(color_scheme=scheme)
    profile.set_default_timeout(PATIENCE)
    yield profile
    browser.close()


class Options(TypedDict, total=False):
    """What a visitor may be made with."""

    width: int
    refusals: bool
    outage: bool
    stopped_clock: bool
    script: str


@contextmanager
def visits(profile: BrowserContext) -> Iterator[Callable[..., "Visitor"]]:
    """Give a function that makes a visitor, and check in the end that none had problems."""
    visitors = []

    def visit(url: str, **options: Unpack[Options]) -> Visitor:
        visitors.append(Visitor(profile, url, **options))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.close()
    problems = [problem for visitor in visitors for problem in visitor.problems]
    assert not problems, problems


class Visitor:
    """Someone who uses the web client of a server, in a tab of their own.

    Parts of the page are found by the names that assistive software reads out. `problems` grows
    by what should not happen; `refusals` says that the test provokes answers with an error status,
    which the browser logs; `outage` that it takes the server away. With `stopped_clock` the page's
    timers fire in `let_a_second_pass` alone. A `script` runs before the page's own.
    """

    def __init__(
        self,
        profile: BrowserContext,
        url: str,
        width: int = DESKTOP,
        refusals: bool = False,
        outage: bool = False,
        stopped_clock: bool = False,
        script: str = "",
    ) -> None:
        self.host = urlsplit(url).netloc
        self.refusals = refusals
        self.tolerated = [REFUSAL] * refusals + [NO_ANSWER] * outage
        self.problems: list[str] = []
        # none has the one that a browser is launched with, and ours is opened later
        assert profile.browser is not None
        # a clock is that of all tabs of a profile
        self.page = profile.browser.new_page() if stopped_clock else profile.new_page()
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.add_init_script(REPORT_VIOLATIONS + script)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("dialog", self._on_dialog)
        self.page.on("request", self._on_request)
        self.page.on("response", self._on_response)
        self.under_way: set[Request] = set()
        self.page.on("requestfinished", self._on_end)
        self.page.on("requestfailed", self._on_end)
        if stopped_clock:
            self.page.clock.install(time=0)
        self.page.goto(url)
        if stopped_clock:
            self.page.clock.pause_at(A_DAY)
        self.nickname = self._named("textbox", "Nickname")
        # a password field has no role, so it is found by its label
        self.password = self.page.get_by_label("Password", exact=True)
        self.sign_in_button = self._named("button", "Sign in")
        self.register_button = self._named("button", "Register")
        self.sign_out_button = self._named("button", "Sign out")
        self.message = self._named("textbox", "Message")
        self.send_button = self._named("button", "Send")
        self.newest_button = self._named("button", "New messages")
        self.messages = self._named("list", "Messages").get_by_role("listitem")
        self.online = self._named("list", "Online").get_by_role("listitem")
        self.status = self.page.get_by_role("status")
        self.header = self.page.get_by_role("banner")

    def register(self, nickname: str, password: str = "a password") -> None:
        self._fill_in(nickname, password)
        self.register_button.click()

    def sign_in(self, nickname: str, password: str) -> None:
        self._fill_in(nickname, password)
        self.sign_in_button.click()

    def send(self, source: str) -> None:
        self.message.fill(source)
        self.send_button.click()

    def edit(self, text: str) -> None:
        """Begin to change the message of one's own that holds the text."""
        self.edit_button(text).click()

    def edit_button(self, text: str) -> Locator:
        item = self.messages.filter(has_text=text)
        return item.get_by_role("button", name="Edit", exact=True)

    def tab_to(self, target: Locator, limit: int = 30) -> None:
        """Press Tab, or Shift and Tab, until the target has the focus.

        It goes the way that the target lies: beyond either end are the browser's own buttons, from
        which Firefox does not come back when it is driven.
        """
        expect(target).to_be_visible()
        for _ in range(limit):
            way = target.evaluate(WAY)
            if way == 0:
                return
            self.page.keyboard.press("Tab" if way > 0 else "Shift+Tab")
        pytest.fail(f"{target} cannot be reached with the Tab key")

    def shows(self, text: str) -> None:
        """Wait until the messages hold the text."""
        expect(self.messages.filter(has_text=text)).to_have_count(1)

    def shows_within(self, seconds: int, text: str) -> None:
        """Let seconds pass on the page's clock until the messages hold the text."""
        for _ in range(seconds):
            self.let_a_second_pass()
            if self.messages.filter(has_text=text).count():
                break
        self.shows(text)

    def is_signed_in(self) -> None:
        expect(self.sign_out_button).to_be_visible()
        expect(self.message).to_be_visible()

    def is_signed_out(self) -> None:
        expect(self.sign_in_button).to_be_visible()
        expect(self.sign_out_button).to_be_hidden()

    def is_connected(self) -> None:
        """Wait until the status names no trouble."""
        expect(self.status).to_have_text("")

    def count_requests(self, words: str) -> list[str]:
        """Return a list that grows by every request from now on whose address has the words."""
        urls: list[str] = []

        def note(request: Request) -> None:
            if words in request.url:
                urls.append(request.url)

        self.page.on("request", note)
        return urls

    def let_a_second_pass(self) -> None:
        """Put the page's clock forward, and let the requests that this brings end."""
        self.page.clock.run_for(1000)
        limit = time.monotonic() + PATIENCE / 1000
        while self.under_way:
            assert time.monotonic() < limit, f"never answered: {self.under_way}"
            # with the answer comes word of each request that has ended meanwhile, or failed
            self.page.evaluate("0")

    def close(self) -> None:
        self.page.close()

    def _named(self, role: Literal["button", "list", "textbox"], name: str) -> Locator:
        return self.page.get_by_role(role, name=name, exact=True)

    def _fill_in(self, nickname: str, password: str) -> None:
        self.nickname.fill(nickname)
        self.password.fill(password)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if not any(words in message.text for words in self.tolerated):
            self.problems.append(f"console: {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_end(self, request: Request) -> None:
        self.under_way.discard(request)

    def _on_request(self, request: Request) -> None:
        if request.is_navigation_request():
            # what a page that is left has asked for may end without a word
            self.under_way.clear()
        self.under_way.add(request)
        target = urlsplit(request.url)
        if target.scheme not in ("data", "blob") and target.netloc != self.host:
            self.problems.append(f"request to another host: {request.url}")

    def _on_response(self, response: Response) -> None:
        # Chromium logs it, and Firefox does not
        if response.status >= 400 and not self.refusals:
            self.problems.append(f"status {response.status}: {response.url}")

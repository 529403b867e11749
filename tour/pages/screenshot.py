"""The picture of Flack in the pages: the web client with a short conversation, light and dark.

Pixels are not the same on every machine, so nobody compares them. Each picture says in itself which
client it shows, and that is checked.
"""

import re
import struct
import zlib
from pathlib import PurePosixPath
from typing import Any

from tour.environments import packages
from tour.pages.sources import Sources
from tour.repo import cache
from tour.repo import copies
from tour.stages import readme
from tour.stages.line import Stage
from tour.system import browsers
from tour.system.errors import TourError
from tour.system.server import StageServer
from tour.system.server import sqlite_url
from tour.system.status_line import Report

# the pictures by their color schemes
FILES = {scheme: f"docs/pictures/flack-{scheme}.png" for scheme in ("light", "dark")}
ALT = "Flack in a browser: who is online, and a conversation of ann, ben and cleo."

WIDTH = 880
HEIGHT = 540

# the folders that hold the web client, here from v0.1 to v0.3, in the package later
CLIENT = ("static", "templates")

PASSWORD = "a password"
CONVERSATION = (
    ("ann", "Morning! Does anybody know why `models.py` imports `db` from `__main__`?"),
    ("ben", "Because `flack.py` has **two names**. You run it, and the tests import it."),
    ("cleo", "At v0.4 that goes: `from .flack import db`. One package, one name."),
    ("ann", "So I start `manage.py` from then on?"),
    ("ben", "Yes. And *nobody* imports `manage.py`."),
)

# of a PNG: what it begins with, and its part for a text, whose keyword is ours
SIGNATURE = b"\x89PNG\r\n\x1a\n"
TEXT = b"tEXtFlack client\0"
SHOWN = re.compile(re.escape(TEXT) + rb"([0-9a-f]{32})")


def explain(sources: Sources, tag: str) -> str:
    """Return what is wrong, and what to do, where the pictures do not show a stage's client."""
    return (
        f"the pictures of Flack do not show the client of {tag};"
        f" `tour docs --update` takes them of {sources.tags[-1]} when it checks all pages"
    )


def shows(sources: Sources, tag: str) -> bool:
    """Return whether the pictures are there and show the client of the stage."""
    client = find_client(sources.files(tag))
    files = [sources.repository / path for path in FILES.values()]
    return all(file.is_file() and read_client(file.read_bytes()) == client for file in files)


def find_client(files: dict[str, bytes]) -> str:
    """Return what tells the web client among a stage's files from any other."""
    client = []
    for path, data in sorted(files.items()):
        place = PurePosixPath(path)
        if place.is_relative_to("flack"):
            place = place.relative_to("flack")
        if place.parts[:1] and place.parts[0] in CLIENT:
            client.append((place.as_posix(), data))
    return cache.digest(*cache.flat(client))


def read_client(png: bytes) -> str | None:
    """Return which client a picture says that it shows, None when it does not say it."""
    shown = SHOWN.search(png)
    return shown and shown[1].decode("ascii")


def mark(png: bytes, client: str) -> bytes:
    """Return the picture with a part that says which client it shows."""
    # behind the header, which comes first and always has 25 bytes
    end = len(SIGNATURE) + 25
    text = TEXT + client.encode("ascii")
    # of four letters for its kind and the data
    length = struct.pack(">I", len(text) - 4)
    checksum = struct.pack(">I", zlib.crc32(text))
    return png[:end] + length + text + checksum + png[end:]


def take(sources: Sources, stage: Stage, report: Report) -> dict[str, bytes]:
    """Return new pictures of the stage's client by their paths.

    Raise UsageError when there is no browser, ServerError when the stage does not start.
    """
    program = browsers.require(browsers.DEFAULT)
    files = sources.files(stage.tag)
    python = packages.install_stage(sources.repository, stage, report)
    report(f"taking a picture of {stage.tag}")
    with copies.clean_copy(sources.repository, stage.tree, "flack") as folder:
        command = readme.read_commands(folder, stage.tag).run
        database = {"DATABASE_URL": sqlite_url(folder.parent / "flack.sqlite")}
        with StageServer(folder, python, command, database) as server:
            pictures = _visit(program, server.url)
    client = find_client(files)
    return {FILES[scheme]: mark(png, client) for scheme, png in pictures.items()}


def _visit(program: str, url: str) -> dict[str, bytes]:
    """Hold the conversation, and return how the client shows it in each color scheme."""
    # these take a while to import, and most pages are checked without them
    import httpx
    from playwright.sync_api import Error
    from playwright.sync_api import sync_playwright

    def ask(path: str, **options: Any) -> Any:
        answer = client.post(path, **options)
        if not answer.is_success:
            raise TourError(f"POST {path}: {answer.status_code} {answer.text}")
        return answer.json()

    pictures = {}
    # a proxy that the environment names does not know this server
    with httpx.Client(base_url=url, trust_env=False) as client, sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        try:
            browser = playwright.chromium.launch(executable_path=program, args=arguments)
        except Error as error:
            raise TourError(browsers.explain_unusable(program, error.message)) from None
        tokens = {}
        for nickname in dict.fromkeys(nickname for nickname, _ in CONVERSATION):
            ask("/api/users", json={"nickname": nickname, "password": PASSWORD})
            tokens[nickname] = ask("/api/tokens", auth=(nickname, PASSWORD))["token"]
        for nickname, source in CONVERSATION:
            bearer = {"Authorization": f"Bearer {tokens[nickname]}"}
            ask("/api/messages", json={"source": source}, headers=bearer)
        for scheme in FILES:
            page = browser.new_page(
                color_scheme="dark" if scheme == "dark" else "light",
                viewport={"width": WIDTH, "height": HEIGHT},
            )
            page.goto(url)
            page.get_by_label("Nickname", exact=True).fill(CONVERSATION[0][0])
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.get_by_role("button", name="Send", exact=True).wait_for()
            page.get_by_text(CONVERSATION[-1][1].split("*")[0]).wait_for()
            for nickname in tokens:
                page.get_by_role("list", name="Online").get_by_text(nickname).first.wait_for()
            pictures[scheme] = page.screenshot(animations="disabled")
        browser.close()
    return pictures

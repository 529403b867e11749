"""Flack under a prefix, as a proxy has it that serves other things as well."""

from urllib.parse import urljoin

import httpx
import pytest

from tour.contract.client import TIMEOUT
from tour.contract.client import expect
from tour.contract.client import get_user
from tour.contract.client import post
from tour.contract.client import unique
from tour.contract.stage import PREFIX
from tour.contract.stage import new_person
from tour.contract.test_headers import References


@pytest.fixture(scope="module")
def prefixed_server(stage):
    """A server that has Flack under the prefix, and nothing elsewhere."""
    # on an SQLite file of its own, where people are put in without a request
    with stage.prefixed().server(stage.new_sqlite()) as server:
        yield server


@pytest.fixture(scope="module")
def prefixed(prefixed_server):
    """An anonymous client of Flack under the prefix."""
    url = prefixed_server.url + PREFIX
    with httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def author(prefixed_server):
    """A registered person."""
    return new_person(prefixed_server)


def test_links_of_users_and_messages_are_under_the_prefix(prefixed, author):
    message = post(prefixed, author, "hello")
    user = get_user(prefixed, author.id)
    links = [*user["_links"].values(), *message["_links"].values()]
    assert [link for link in links if not link.startswith(f"{PREFIX}/api/")] == []
    for thing in user, message:
        answer = prefixed.get(urljoin(str(prefixed.base_url), thing["_links"]["self"]))
        assert expect(answer, 200).json()["id"] == thing["id"]


def test_what_is_made_is_under_the_prefix(prefixed):
    credentials = {"nickname": unique("new"), "password": "a password"}
    location = expect(prefixed.post("/api/users", json=credentials), 201).headers["Location"]
    assert location.startswith(f"{PREFIX}/api/users/")


def test_the_page_loads_what_is_under_the_prefix(prefixed):
    references = References(expect(prefixed.get("/"), 200).text)
    assert references.urls
    for url in references.urls:
        target = urljoin(str(prefixed.base_url), url)
        assert target.startswith(str(prefixed.base_url))
        expect(prefixed.get(target), 200)


def test_what_is_wrong_under_the_prefix_is_told_in_json(prefixed):
    assert expect(prefixed.get("/api/nothing"), 404).json()["error"]

"""Tests of /api/tokens and of what a token opens."""
from base64 import b64encode

import pytest

from .helpers import sign_in


def test_a_token_stays_the_same_until_it_is_revoked(client, auth):
    token = client.post("/api/tokens", auth=("ann", "secret")).json["token"]
    assert auth == {"Authorization": f"Bearer {token}"}
    assert client.delete("/api/tokens", headers=auth).status_code == 204
    assert client.delete("/api/tokens", headers=auth).status_code == 401
    assert client.post("/api/tokens", auth=("ann", "secret")).json["token"] != token


@pytest.mark.parametrize("credentials", [
    None, ("ann", "wrong"), ("nobody", "secret"), ("a\0", "secret"), ("", ""),
])
def test_a_token_needs_nickname_and_password(client, auth, credentials):
    answer = client.post("/api/tokens", auth=credentials)
    assert answer.status_code == 401
    assert answer.json["error"]
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Authentication Required"'


def test_nickname_and_password_under_another_scheme_are_refused(client, auth):
    credentials = b64encode(b"ann:secret").decode()
    for scheme, status in [("Basic", 200), ("Digest", 401), ("Bearer", 401)]:
        headers = {"Authorization": f"{scheme} {credentials}"}
        assert client.post("/api/tokens", headers=headers).status_code == status


def test_nickname_and_password_in_latin_1_are_understood(client):
    sign_in(client, "zo\u00eb", "ge\u00df")
    credentials = b64encode("zo\u00eb:ge\u00df".encode("latin-1")).decode()
    headers = {"Authorization": f"Basic {credentials}"}
    assert client.post("/api/tokens", headers=headers).status_code == 200


def test_a_body_that_nobody_reads_is_refused_when_it_is_too_large(client, auth):
    answer = client.post("/api/tokens", auth=("ann", "secret"), data="x" * 65_537)
    assert answer.status_code == 413


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer a\0", "Basic YTpi", "Foo x"])
def test_a_bad_token_is_no_anonymous_request(client, header):
    answer = client.get("/api/messages", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Authentication Required"'

"""Signing in and out: a token for a nickname and a password."""

import re

import pytest

from tour.contract.client import assert_refused
from tour.contract.client import expect


def test_a_token_is_64_hexadecimal_digits(client, alice):
    answer = expect(client.post("/api/tokens", auth=alice.basic), 200)
    assert set(answer.json()) == {"token"}
    assert re.fullmatch("[0-9a-f]{64}", answer.json()["token"])


def test_the_token_stays_the_same_until_it_is_revoked(client, someone):
    again = expect(client.post("/api/tokens", auth=someone.basic), 200).json()["token"]
    assert again == someone.token
    expect(client.delete("/api/tokens", headers=someone.bearer), 204)
    new = expect(client.post("/api/tokens", auth=someone.basic), 200).json()["token"]
    assert new != someone.token


def test_a_revoked_token_opens_nothing(client, someone):
    answer = expect(client.delete("/api/tokens", headers=someone.bearer), 204)
    assert answer.content == b""
    assert_refused(client.get("/api/users", headers=someone.bearer), 401)
    assert_refused(client.delete("/api/tokens", headers=someone.bearer), 401)


def test_revoking_a_token_leaves_the_others_alone(client, someone, alice):
    expect(client.delete("/api/tokens", headers=someone.bearer), 204)
    expect(client.get("/api/users", headers=alice.bearer), 200)


def test_two_people_have_different_tokens(alice, bob):
    assert alice.token != bob.token


@pytest.mark.parametrize("wrong", ["a passwor", "A password", "a password ", "", "x" * 5000])
def test_a_wrong_password_gets_no_token(client, alice, wrong):
    assert_refused(client.post("/api/tokens", auth=(alice.nickname, wrong)), 401)


def test_a_token_is_not_shown_to_anyone_else(client, alice, bob):
    answer = client.get("/api/users", headers=bob.bearer)
    assert alice.token not in answer.text
    assert alice.token not in client.get(f"/api/users/{alice.id}", headers=alice.bearer).text

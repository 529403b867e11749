"""Tests of the web client's page and of errors."""
import pytest


def test_the_web_client_is_served_under_a_strict_policy(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert b"<h1>Flack</h1>" in answer.data
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/static/icon.svg", "/static/flack.css", "/static/js/app.js"])
def test_the_web_client_finds_its_files(client, path):
    assert f'"{path}"' in client.get("/").text
    with client.get(path) as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize("path", [
    "/api", "/api/nothing", "/api/users/7", "/api/messages/7", "/api/users/x",
    "/api/users/" + "9" * 18, "/api/users/" + "9" * 30, "/api/messages/" + "9" * 5000,
    "/api/users/\u0661",
])
def test_what_is_missing_under_api_is_told_in_json(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json["error"]


def test_what_is_missing_elsewhere_is_told_on_a_page(client):
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


def test_a_wrong_method_is_told_with_the_right_ones(client):
    answer = client.delete("/api/users/1")
    assert answer.status_code == 405
    assert answer.json["error"]
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "PUT"}

"""Tests of Flack."""
import os
from base64 import b64encode
from html import escape
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from io import BytesIO
from itertools import chain
from itertools import repeat
from threading import Thread
from unittest.mock import Mock

import pytest

# flack reads it when it is imported
os.environ["DATABASE_URL"] = "sqlite://"

import flack
from flack import db
from flack.flack import SlidingWindow
from flack.models import Message
from flack.models import User
from flack.utils import is_public
from flack.utils import render
from flack.utils import timestamp
from flack.utils import url_for
from manage import createdb
from manage import make_tables

LONG_AGO = 1_000_000_000
PAGES = {
    "/page": b"<title>A &amp; &lt;b></title><meta name='Description' content='x &lt;y&gt;'>",
    # browsers take the larger sets of which these labels name a part
    "/latin": "<meta charset=iso-8859-1><title>caf\u00e9 \u20ac</title>".encode("cp1252"),
    "/chinese": "<meta charset=gb2312><title>\u9555</title>".encode("gbk"),
    "/japanese": "<meta charset=shift_jis><title>\u2460</title>".encode("cp932"),
    "/korean": "<meta charset=euc-kr><title>\ub620</title>".encode("cp949"),
    "/marked": "\ufeff<title>caf\u00e9</title>".encode("utf-16"),
    "/klingon": "<meta charset=klingon><title>caf\u00e9</title>".encode(),
    "/tags": b"<title>A <b>bold</b> title</title>",
    "/untitled": b"<p>Nothing to tell.</p>",
    "/empty": b"<title></title>A text, then a picture.<svg><title></title></svg>",
    "/number": b"<title>A &#" + b"9" * 5000 + b"; B</title><p>",
    "/large": b"<title>Large</title>" + b" " * 1024 * 1024,
}

# --- fixtures ---


@pytest.fixture
def app():
    """The application with an empty database and passwords that are cheap to hash."""
    flack.app.config.update(TESTING=True, PASSWORD_HASH="pbkdf2:sha256:1")
    with flack.app.app_context():
        db.create_all()
    yield flack.app
    with flack.app.app_context():
        db.drop_all()


@pytest.fixture
def client(app):
    """A client that is not signed in."""
    return app.test_client()


@pytest.fixture
def auth(client):
    """The headers of ann, who is signed in and has the id 1."""
    return sign_in(client, "ann")


@pytest.fixture(scope="module")
def page_server():
    """A server of small pages."""
    with ThreadingHTTPServer(("127.0.0.1", 0), PageHandler) as server:
        Thread(target=server.serve_forever, args=(0.01,)).start()
        yield server
        server.shutdown()


@pytest.fixture
def pages(page_server, monkeypatch):
    """The address of a server of small pages, to which previews may go."""
    monkeypatch.setenv("FLACK_PREVIEW_PRIVATE", "1")
    return f"http://127.0.0.1:{page_server.server_port}"


class PageHandler(BaseHTTPRequestHandler):
    """Serve PAGES as HTML, and anything else as text."""

    def do_GET(self):
        path = self.path.partition("?")[0]
        self.send_response({"/missing": 404, "/moved": 302}.get(path, 200))
        self.send_header("Location", f"http://localhost:{self.server.server_port}/page")
        self.send_header("Content-Type", "Text/HTML" if path in PAGES else "text/plain")
        self.end_headers()
        try:
            self.wfile.write(PAGES.get(path, b"a text"))
        except ConnectionError:
            # the client has read enough
            pass

    def log_message(self, *args):
        pass


def sign_in(client, nickname, password="secret"):
    """Register a user and return the headers with the user's token."""
    client.post("/api/users", json={"nickname": nickname, "password": password})
    token = client.post("/api/tokens", auth=(nickname, password)).json["token"]
    return {"Authorization": f"Bearer {token}"}


def make_old(app, model, **values):
    """Change what a client cannot: the times of all users or messages."""
    with app.app_context():
        db.session.execute(db.update(model).values(**values))
        db.session.commit()


# --- users ---


def test_a_user_registers(client):
    answer = client.post("/api/users", json={"nickname": "ann", "password": "secret"})
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/users/1"
    assert client.get("/api/users/1").json == answer.json
    assert answer.json["nickname"] == "ann"
    assert answer.json["online"] is False
    assert answer.json["_links"] == {
        "self": "/api/users/1",
        "messages": "/api/messages?user_id=1",
        "tokens": "/api/tokens",
    }


@pytest.mark.parametrize("user", [
    {},
    {"nickname": "ann"},
    {"password": "secret"},
    {"nickname": "", "password": "secret"},
    {"nickname": " ", "password": "secret"},
    {"nickname": 7, "password": "secret"},
    {"nickname": "a" * 33, "password": "secret"},
    {"nickname": "a:b", "password": "secret"},
    {"nickname": "a\nb", "password": "secret"},
    {"nickname": "ann", "password": None},
    {"nickname": "ann", "password": "p" * 129},
    {"nickname": "ann", "password": "p\0"},
    {"nickname": "ann", "password": "\ud800"},
])
def test_a_registration_with_a_wrong_field_is_refused(client, user):
    answer = client.post("/api/users", json=user)
    assert answer.status_code == 400
    assert answer.json["error"]
    assert client.get("/api/users").json == {"users": []}


def test_a_nickname_is_taken_once(client, auth):
    answer = client.post("/api/users", json={"nickname": "ann", "password": "other"})
    assert answer.status_code == 400
    assert answer.json == {"error": "nickname is taken."}


@pytest.mark.parametrize("nickname", ["zo\u00eb", " zo\u00eb ", "zoe\u0308", "\u00a0zoe\u0308\n"])
def test_nicknames_that_look_the_same_are_the_same(client, nickname):
    sign_in(client, "zo\u00eb")
    user = {"nickname": nickname, "password": "secret"}
    assert client.post("/api/users", json=user).json == {"error": "nickname is taken."}
    assert client.post("/api/tokens", auth=(nickname, "secret")).status_code == 200
    bob = sign_in(client, "bob")
    assert client.put("/api/users/2", json={"nickname": nickname}, headers=bob).status_code == 400


def test_a_nickname_is_measured_as_it_is_kept(client):
    for nickname, status in [(" " * 9 + "a" * 32, 201), ("\u0958" * 17, 400)]:
        user = {"nickname": nickname, "password": "secret"}
        assert client.post("/api/users", json=user).status_code == status
    assert client.get("/api/users/1").json["nickname"] == "a" * 32


def test_users_are_listed_by_time_and_nickname(app, client):
    for nickname in ("zoe", "ann", "bob"):
        client.post("/api/users", json={"nickname": nickname, "password": "secret"})
    make_old(app, User, updated_at=LONG_AGO)
    bob = sign_in(client, "bob")
    client.put("/api/users/3", json={"nickname": "aaron"}, headers=bob)
    users = client.get("/api/users").json["users"]
    assert [user["nickname"] for user in users] == ["ann", "zoe", "aaron"]


def test_users_are_listed_who_changed_since(app, client, auth):
    make_old(app, User, updated_at=LONG_AGO)
    assert len(client.get(f"/api/users?updated_since={LONG_AGO - 1}").json["users"]) == 1
    assert client.get(f"/api/users?updated_since={LONG_AGO}").json == {"users": []}


def test_users_are_listed_who_are_online(app, client, auth):
    client.post("/api/users", json={"nickname": "bob", "password": "secret"})
    assert [user["id"] for user in client.get("/api/users?online=1").json["users"]] == [1]
    assert [user["id"] for user in client.get("/api/users?online=0").json["users"]] == [2]


@pytest.mark.parametrize("query", ["online=2", "online=yes", "updated_since=abc"])
def test_a_list_of_users_with_a_wrong_argument_is_refused(client, query):
    assert client.get(f"/api/users?{query}").status_code == 400


def test_a_user_is_offline_after_a_minute(app, client, auth):
    make_old(app, User, last_seen_at=timestamp() - 50)
    assert client.get("/api/users/1").json["online"] is True
    make_old(app, User, last_seen_at=timestamp() - 60)
    assert client.get("/api/users/1").json["online"] is False


def test_a_poll_with_a_token_makes_a_user_online(app, client, auth):
    make_old(app, User, last_seen_at=LONG_AGO)
    client.get("/api/messages", headers=auth)
    assert client.get("/api/users/1").json["online"] is True


def test_a_poll_soon_after_another_writes_nothing(app, client, auth):
    just_now = timestamp() - 2
    make_old(app, User, last_seen_at=just_now)
    client.get("/api/messages", headers=auth)
    assert client.get("/api/users/1").json["last_seen_at"] == just_now


def test_nobody_stays_online_when_the_clock_is_put_back(app, client, auth):
    make_old(app, User, last_seen_at=timestamp() + 3600)
    assert client.get("/api/users/1").json["online"] is False
    assert client.get("/api/users?online=1").json == {"users": []}
    assert client.get("/api/users/1", headers=auth).json["online"] is True


def test_a_user_changes_the_nickname(client, auth):
    answer = client.put("/api/users/1", json={"nickname": "anna"}, headers=auth)
    assert answer.status_code == 204
    assert client.get("/api/users/1", headers=auth).json["nickname"] == "anna"


def test_a_new_password_revokes_the_token(client, auth):
    client.put("/api/users/1", json={"password": "new"}, headers=auth)
    assert client.get("/api/users/1", headers=auth).status_code == 401
    assert client.post("/api/tokens", auth=("ann", "secret")).status_code == 401
    assert client.post("/api/tokens", auth=("ann", "new")).status_code == 200


def test_a_wrong_change_of_a_user_changes_nothing(client, auth):
    before = client.get("/api/users/1", headers=auth).json
    answer = client.put("/api/users/1", json={"nickname": "x", "password": ""}, headers=auth)
    assert answer.status_code == 400
    assert client.get("/api/users/1", headers=auth).json == before


def test_another_user_is_not_changed(client, auth):
    bob = sign_in(client, "bob")
    assert client.put("/api/users/1", json={"nickname": "x"}, headers=bob).status_code == 403
    assert client.get("/api/users/1").json["nickname"] == "ann"


# --- tokens ---


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


# --- messages ---


def test_a_message_is_posted(client, auth):
    answer = client.post("/api/messages", json={"source": "so *good*"}, headers=auth)
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/messages/1"
    assert client.get("/api/messages/1").json == answer.json
    assert answer.json["source"] == "so *good*"
    assert answer.json["html"] == "so <em>good</em>"
    assert answer.json["user_id"] == 1
    assert answer.json["created_at"] == answer.json["updated_at"]
    assert answer.json["_links"] == {"self": "/api/messages/1", "user": "/api/users/1"}


@pytest.mark.parametrize("source", [None, "", " \n", 7, [], "m" * 10_001, "\0", "\udfff"])
def test_a_message_with_a_wrong_source_is_refused(client, auth, source):
    answer = client.post("/api/messages", json={"source": source}, headers=auth)
    assert answer.status_code == 400
    assert client.get("/api/messages").json == {"messages": []}


@pytest.mark.parametrize("body", ["", "no json", "[]", '"text"', "7", "[" * 50_000, b"\xff"])
def test_a_body_that_is_no_object_is_refused(client, auth, body):
    answer = client.post("/api/messages", data=body, headers=auth)
    assert answer.status_code == 400
    assert answer.json == {"error": "The body must be a JSON object."}


def test_a_body_that_is_too_large_is_refused(client, auth):
    answer = client.post("/api/messages", json={"source": "m" * 65_536}, headers=auth)
    assert answer.status_code == 413
    assert answer.json["error"]


def test_a_body_of_unknown_length_is_refused(client, auth):
    headers = {"Transfer-Encoding": "chunked", **auth}
    body = BytesIO(b'{"source": "hello"}')
    answer = client.post("/api/messages", input_stream=body, headers=headers)
    assert answer.status_code == 411
    assert "<" not in answer.json["error"]


def test_a_message_needs_a_token(client):
    assert client.post("/api/messages", json={"source": "hello"}).status_code == 401


def test_messages_are_listed_later_than_a_time(app, client, auth):
    client.post("/api/messages", json={"source": "old"}, headers=auth)
    an_hour_ago = timestamp() - 3600
    make_old(app, Message, updated_at=an_hour_ago)
    client.post("/api/messages", json={"source": "new"}, headers=auth)
    assert sources(client, "") == ["old", "new"]
    assert sources(client, f"?updated_since={an_hour_ago - 1}") == ["old", "new"]
    assert sources(client, f"?updated_since={an_hour_ago}") == ["new"]
    client.put("/api/messages/1", json={"source": "newest"}, headers=auth)
    make_old(app, Message, updated_at=an_hour_ago - Message.id)
    assert sources(client, "") == ["new", "newest"]


def test_messages_are_listed_a_day_back(app, client, auth):
    client.post("/api/messages", json={"source": "old"}, headers=auth)
    make_old(app, Message, updated_at=timestamp() - 86_401)
    assert sources(client, "?updated_since=0") == []
    assert client.get("/api/messages/1").json["source"] == "old"


def test_messages_are_listed_of_one_user(client, auth):
    bob = sign_in(client, "bob")
    client.post("/api/messages", json={"source": "of ann"}, headers=auth)
    client.post("/api/messages", json={"source": "of bob"}, headers=bob)
    assert sources(client, "?user_id=2") == ["of bob"]


@pytest.mark.parametrize("query", ["updated_since=abc", "updated_since=-1", "user_id=" + "9" * 30])
def test_a_list_of_messages_with_a_wrong_argument_is_refused(client, query):
    assert client.get(f"/api/messages?{query}").status_code == 400


def test_an_author_changes_a_message(app, client, auth):
    client.post("/api/messages", json={"source": "*one*"}, headers=auth)
    make_old(app, Message, created_at=LONG_AGO, updated_at=LONG_AGO)
    assert client.put("/api/messages/1", json={"source": "two"}, headers=auth).status_code == 204
    message = client.get("/api/messages/1").json
    assert (message["source"], message["html"]) == ("two", "two")
    assert message["updated_at"] > message["created_at"] == LONG_AGO


@pytest.mark.parametrize("method, path", [("POST", "/api/messages"), ("PUT", "/api/messages/1")])
def test_no_connection_is_held_while_links_are_previewed(client, auth, monkeypatch, method, path):
    client.post("/api/messages", json={"source": "one"}, headers=auth)
    held = []

    def watch(source):
        held.append(db.session().in_transaction() or db.session.new or db.session.dirty)
        return source

    monkeypatch.setattr("flack.models.render", watch)
    client.open(path, method=method, json={"source": "two"}, headers=auth)
    assert [bool(each) for each in held] == [False]


def test_what_a_view_does_not_commit_is_not_kept(app, client, auth):
    client.post("/api/messages", json={"source": "one"}, headers=auth)
    with app.app_context():
        db.session.get(Message, 1).update({"source": "two"})
        db.session.get(User, 1).update({"nickname": "bob"})
    assert client.get("/api/messages/1").json["source"] == "one"
    assert client.get("/api/users/1").json["nickname"] == "ann"


def test_a_wrong_change_of_a_message_changes_nothing(client, auth):
    before = client.post("/api/messages", json={"source": "one"}, headers=auth).json
    assert client.put("/api/messages/1", json={"source": ""}, headers=auth).status_code == 400
    assert client.get("/api/messages/1").json == before


def test_another_users_message_is_not_changed(client, auth):
    client.post("/api/messages", json={"source": "one"}, headers=auth)
    bob = sign_in(client, "bob")
    assert client.put("/api/messages/1", json={"source": "x"}, headers=bob).status_code == 403
    assert client.get("/api/messages/1").json["source"] == "one"


def sources(client, query):
    """Return the sources of the messages that a query lists."""
    return [message["source"] for message in client.get("/api/messages" + query).json["messages"]]


# --- the web client and errors ---


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


# --- stats ---


def test_stats_count_requests(client, monkeypatch):
    # time stands still, or a slow machine would forget some of them
    monkeypatch.setattr("flack.flack.requests_seen.clock", lambda: 0)
    before = client.get("/stats").json["requests_per_second"]
    for _ in range(30):
        client.get("/")
    # 30 and this one, in 15 seconds
    assert client.get("/stats").json["requests_per_second"] > before + 2


def test_a_window_forgets_what_is_older():
    now = 100.0
    window = SlidingWindow(seconds=10, clock=lambda: now)
    window.add()
    now = 105.0
    window.add()
    assert window.per_second() == 0.2
    now = 110.0
    assert window.per_second() == 0.1
    now = 115.0
    assert window.per_second() == 0


def test_a_window_counts_the_events_of_all_threads():
    window = SlidingWindow(seconds=10, clock=lambda: 100.0)

    def add_a_thousand():
        for _ in range(1000):
            window.add()

    threads = [Thread(target=add_a_thousand) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert window.per_second() == 400


# --- utilities ---


def test_a_path_needs_no_request(app):
    with app.app_context():
        assert url_for("static", filename="flack.css") == "/static/flack.css"


def test_a_path_without_a_request_is_under_the_applications_root(app, monkeypatch):
    monkeypatch.setitem(app.config, "APPLICATION_ROOT", "/chat")
    with app.app_context():
        assert url_for("static", filename="flack.css") == "/chat/static/flack.css"


def test_the_links_of_an_answer_are_under_the_prefix_of_its_request(client, auth):
    links = client.get("/api/users/1", base_url="http://localhost/chat").json["_links"]
    assert links["self"] == "/chat/api/users/1"
    assert client.get("/api/users/1").json["_links"]["self"] == "/api/users/1"


@pytest.mark.parametrize("source, html", [
    ("*a* __b__ `c < d`", "<em>a</em> <strong>b</strong> <code>c &lt; d</code>"),
    ("List<String> <b>a</b> <!--b-->", "List&lt;String&gt; &lt;b&gt;a&lt;/b&gt; &lt;!--b--&gt;"),
    ("R&D &amp; &lt;", "R&amp;D &amp;amp; &amp;lt;"),
    ("```py\na\n\nb\n```", "<code>a\n\nb\n</code>"),
    ("# no\n1. markup\n\nend", "# no\n1. markup\n\nend"),
    ("<script>alert(1)</script>a", "&lt;script&gt;alert(1)&lt;/script&gt;a"),
    ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
    ("[a](ftp://foo.com)", "[a](ftp://foo.com)"),
    ("[a](/b) [a](//foo.com)", "[a](/b) [a](//foo.com)"),
    ("[*a*]() [b]( )", "<em>a</em> b"),
    ("utils.py os.name ann@foo.com", "utils.py os.name ann@foo.com"),
])
def test_markdown_is_rendered_and_cleaned(source, html):
    assert render(source) == html


# where nothing listens, so that no preview is fetched
SITE = "http://127.0.0.1:9"


@pytest.mark.parametrize("text", [
    "{}", "({}.)", '"{},"', "({}!)", "'{}?'", "{}:", "{}?!", "[{}.]", "{}...", "({}).", "{};",
    "\u201c{}.\u201d", "\u00ab{}!\u00bb", "see {}, then", "<{}.", "{}*", "{}_", "{}~~", "{})))",
])
def test_a_bare_link_ends_before_the_sentences_punctuation(text):
    link = f"{SITE}/a.b_(c)?d=1&e=2"
    html = render(text.format(link))
    assert f'<a href="{escape(link)}" ' in html
    assert f">{escape(link)}</a>" in html


def test_a_link_that_lacks_its_scheme_is_as_a_bare_one(monkeypatch):
    monkeypatch.setattr("flack.utils.previews", lambda links: [])
    assert render("[docs](example.com/x)") == (
        '[docs](<a href="http://example.com/x" target="_blank" rel="noopener noreferrer">'
        "example.com/x</a>)"
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"])
def test_a_private_address_has_no_preview(page_server, host):
    assert "<blockquote>" not in render(f"http://{host}:{page_server.server_port}/page")


@pytest.mark.parametrize("address, public", [
    ("8.8.8.8", True), ("2606:4700::1111", True),
    ("127.0.0.1", False), ("10.0.0.1", False), ("169.254.169.254", False), ("0.0.0.0", False),
    ("100.64.0.1", False), ("224.0.0.1", False), ("::1", False), ("fe80::1", False),
    ("fec0::1", False), ("::ffff:8.8.8.8", False), ("64:ff9b::7f00:1", False),
    ("2002:7f00:1::1", False),
])
def test_previews_go_to_public_addresses(address, public):
    assert is_public(address) is public


def test_a_link_has_a_preview(pages):
    html = render(f"see {pages}/page")
    assert html == (
        f'see <a href="{pages}/page" target="_blank" rel="noopener noreferrer">{pages}/page</a>'
        f'<blockquote><a href="{pages}/page" target="_blank" rel="noopener noreferrer">'
        "A &amp; &lt;b&gt;</a>\nx &lt;y&gt;</blockquote>"
    )


@pytest.mark.parametrize("path, title", [
    ("/latin", "caf\u00e9 \u20ac"), ("/chinese", "\u9555"), ("/japanese", "\u2460"),
    ("/korean", "\ub620"), ("/marked", "caf\u00e9"), ("/klingon", "caf\u00e9"),
])
def test_a_page_is_read_in_its_charset(pages, path, title):
    assert f">{title}</a></blockquote>" in render(pages + path).replace("\n", "")


@pytest.mark.parametrize("path, title", [
    ("/tags", "A &lt;b&gt;bold&lt;/b&gt; title"), ("/number", "A \ufffd B"),
])
def test_a_title_is_text_and_the_same_on_all_pythons(pages, path, title):
    assert f">{title}</a>" in render(pages + path)


def test_a_large_page_is_read_in_part(pages):
    assert ">Large</a>" in render(f"{pages}/large")


@pytest.mark.parametrize("path", ["/untitled", "/empty", "/text", "/missing"])
def test_what_tells_nothing_has_no_preview(pages, path):
    assert "<blockquote>" not in render(pages + path)


def test_a_redirect_is_followed(pages):
    assert "<blockquote>" in render(f"{pages}/moved")


def test_a_redirect_to_a_private_address_is_not_followed(page_server, monkeypatch):
    answers = chain([True], repeat(False))
    monkeypatch.setattr("flack.utils.is_public", lambda address: next(answers))
    assert "<blockquote>" not in render(f"http://127.0.0.1:{page_server.server_port}/moved")


def test_three_links_have_previews(pages):
    html = render(" ".join(f"{pages}/page?{n} {pages}/page?{n}" for n in range(5)))
    assert html.count("<blockquote>") == 3


def test_a_link_in_code_has_no_preview(pages):
    assert "<blockquote>" not in render(f'`<a href="{pages}/page">`')


# --- commands ---


@pytest.fixture
def create_all(monkeypatch):
    """What makes the tables, and does not."""
    monkeypatch.setattr(db, "create_all", Mock())
    return db.create_all


def failure(text):
    """Return what is raised for a statement that the database refuses."""
    return db.exc.OperationalError("CREATE TABLE", {}, Exception(text))


def test_tables_that_another_process_makes_meanwhile_do_no_harm(create_all, capsys):
    create_all.side_effect = [failure("users is there"), failure("messages is there"), None]
    createdb()
    assert capsys.readouterr().out == "The tables are there.\n"


def test_a_database_that_cannot_be_used_is_not_tried_for_ever(create_all):
    create_all.side_effect = failure("nobody is there")
    with pytest.raises(db.exc.OperationalError, match="nobody"):
        make_tables()

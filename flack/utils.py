"""What Flack needs that knows neither the application nor the database."""
import html
import ipaddress
import os
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait
from functools import lru_cache
from html.parser import HTMLParser

import certifi
import nh3
import pycurl
from flask import current_app
from markdown_it import MarkdownIt
from werkzeug.routing import IntegerConverter

# NUL and halves of surrogate pairs: databases refuse them
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# py, rs, sh or md would make links of file names, and name, id or app of attributes
TOP_LEVEL_DOMAINS = (
    "com org net edu gov int io dev ai xyz eu uk ca au nz ie de ch fr nl es pt gr dk se fi cz hu ro"
    " ua tr cn tw hk jp kr sg za mx br ar cl"
).split()
PREVIEW_LINKS = 3
PREVIEW_SECONDS = 3
PREVIEW_BYTES = 256 * 1024
# what IANA gives out of IPv6; the rest is local or carries an IPv4 address
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
# charsets of pages; some of Python's other codecs are slow, some no charsets at all
CHARSET = re.compile(
    r"charset=[\"']?(utf-8|iso-8859-(?:1|2|5|7|9|15)|windows-125[0-8]|koi8-r|shift_jis|euc-jp"
    r"|euc-kr|gbk|big5)\b",
    re.IGNORECASE,
)

markdown = MarkdownIt("zero", {"html": True, "linkify": True})
markdown.enable(["fence", "backticks", "emphasis", "link", "autolink", "linkify"])
markdown.enable(["html_inline", "entity", "escape"])
markdown.linkify.set({"fuzzy_email": False}).tlds(TOP_LEVEL_DOMAINS)
# the search for bare links keeps its state in the one renderer
markdown_lock = threading.Lock()


class ValidationError(ValueError):
    """What a client sent cannot be taken; the text says why."""


class IdConverter(IntegerConverter):
    """An id in a path: a number that every database can take."""

    regex = r"\d{1,18}"


class PageParser(HTMLParser):
    """Collect the first title and description of a page."""

    title = description = ""
    in_title = False

    def handle_starttag(self, tag, attrs):
        self.in_title = tag == "title" and not self.title
        attributes = dict(attrs)
        if tag == "meta" and (attributes.get("name") or "").lower() == "description":
            self.description = self.description or attributes.get("content") or ""

    def handle_endtag(self, tag):
        self.in_title = False

    def handle_data(self, data):
        if self.in_title:
            self.title += data


def timestamp():
    """Return the current time in whole Unix seconds."""
    return int(time.time())


def url_for(endpoint, **values):
    """Return the path of an endpoint below APPLICATION_ROOT; a request need not be there."""
    return build_path(current_app._get_current_object(), endpoint, **values)


# a list of a hundred messages has two hundred links
@lru_cache(maxsize=10_000)
def build_path(app, endpoint, **values):
    """Return the path of an endpoint of an application."""
    return app.url_map.bind("", app.config["APPLICATION_ROOT"]).build(endpoint, values)


def text_field(data, name, limit):
    """Return the text that a client sent as a field. Raise ValidationError."""
    text = data.get(name)
    if not isinstance(text, str) or not text.strip():
        raise ValidationError(f"{name} is missing, empty or not a text.")
    if len(text) > limit:
        raise ValidationError(f"{name} is longer than {limit} characters.")
    if UNSTORABLE.search(text):
        raise ValidationError(f"{name} holds a character that cannot be stored.")
    return text


def render(source):
    """Return the clean HTML of a message in Markdown, with previews of its links."""
    with markdown_lock:
        dirty = markdown.render(source)
    clean = nh3.clean(
        # the line between two paragraphs stays when their tags go
        dirty.replace("</p>", "\n"),
        tags={"a", "abbr", "b", "code", "em", "i", "strong"},
        attributes={"a": {"href", "title"}, "abbr": {"title"}},
        url_schemes={"http", "https", "mailto"},
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()
    links = dict.fromkeys(re.findall(r'<a [^>]*?href="(https?://[^"]+)"', clean, re.I))
    return clean + "".join(previews(list(links)[:PREVIEW_LINKS]))


def previews(links):
    """Return a block of HTML for each link, as it stands in HTML, that answers in time."""
    if not links:
        return []
    pool = ThreadPoolExecutor()
    fetches = [pool.submit(preview, link) for link in links]
    wait(fetches, timeout=PREVIEW_SECONDS)
    # the look-up of a name cannot be broken off: its thread ends when the resolver gives up
    pool.shutdown(wait=False)
    # a page that does not parse has no preview
    return [fetch.result() for fetch in fetches if fetch.done() and not fetch.exception()]


def preview(link):
    """Return a block of HTML with the title and description of a page, empty without them."""
    page = PageParser()
    page.feed(fetch(html.unescape(link)))
    title, description = (" ".join(text.split())[:300] for text in (page.title, page.description))
    if not title + description:
        return ""
    anchor = f'<a href="{link}" target="_blank" rel="noopener noreferrer">'
    return f"<blockquote>{anchor}{html.escape(title)}</a>\n{html.escape(description)}</blockquote>"


def fetch(url):
    """Return the start of an HTML page as text, empty when there is none to be had."""
    body = bytearray()
    sockets = []

    def open_socket(purpose, address):
        # asked before each connection, those of redirects too
        if not is_public(address.addr[0]):
            return pycurl.SOCKET_BAD
        # curl connects a copy of it
        sockets.append(socket.socket(address.family, address.socktype, address.protocol))
        return sockets[-1]

    curl = pycurl.Curl()
    curl.setopt(pycurl.URL, url.encode())
    curl.setopt(pycurl.OPENSOCKETFUNCTION, open_socket)
    curl.setopt(pycurl.PROXY, "")
    curl.setopt(pycurl.CAINFO, certifi.where())
    curl.setopt(pycurl.USERAGENT, "Flack")
    curl.setopt(pycurl.FOLLOWLOCATION, True)
    curl.setopt(pycurl.REDIR_PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    curl.setopt(pycurl.MAXREDIRS, 3)
    curl.setopt(pycurl.TIMEOUT, PREVIEW_SECONDS)
    curl.setopt(pycurl.NOSIGNAL, True)
    curl.setopt(pycurl.FAILONERROR, True)
    curl.setopt(pycurl.WRITEFUNCTION, body.extend)
    # a transfer that has brought enough ends, be it of a page or of what comes with a redirect
    curl.setopt(pycurl.NOPROGRESS, False)
    curl.setopt(pycurl.XFERINFOFUNCTION, lambda total, done, *upload: done > PREVIEW_BYTES)
    try:
        curl.perform()
    except pycurl.error:
        if len(body) < PREVIEW_BYTES:
            return ""
    finally:
        for opened in sockets:
            opened.close()
    content_type = curl.getinfo(pycurl.CONTENT_TYPE) or ""
    if not content_type.lower().startswith("text/html"):
        return ""
    charset = CHARSET.search(content_type + body[:1024].decode("latin-1"))
    page = body[:PREVIEW_BYTES].decode(charset[1] if charset else "utf-8", "replace")
    return page.replace("\0", "")


def is_public(address):
    """Whether previews may go to an IP address."""
    if os.environ.get("FLACK_PREVIEW_PRIVATE") == "1":
        return True
    ip = ipaddress.ip_address(address)
    if ip.version == 6 and (ip not in PUBLIC_IPV6 or ip.sixtofour):
        return False
    return ip.is_global and not ip.is_multicast

"""What Flack needs that knows neither the application nor the database."""
import html
import ipaddress
import os
import re
import socket
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait
from contextlib import ExitStack

import certifi
import nh3
import pycurl
import webencodings
from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector
from flask import current_app
from flask import request
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from werkzeug.exceptions import BadRequest
from werkzeug.http import parse_options_header
from werkzeug.routing import IntegerConverter

# NUL and halves of surrogate pairs: databases refuse them
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# py, rs, sh or md would make links of file names, and name, id or app of attributes
TOP_LEVEL_DOMAINS = """com org net edu gov int io dev ai xyz eu uk ca au nz ie de ch fr nl es pt gr
    dk se fi cz hu ro ua tr cn tw hk jp kr sg za mx br ar cl""".split()
PREVIEW_SECONDS = 3
PREVIEW_BYTES = 256 * 1024


class ValidationError(BadRequest):
    """What a client sent cannot be taken; the text says why."""


class IdConverter(IntegerConverter):
    """An id in a path: a number that every database can take."""

    regex = "[0-9]{1,18}"


class BareLinks(LinkifyIt):
    """Find links without markup; what GFM takes for the sentence's is no part of them."""

    def normalize(self, match):
        match.url = match.text = match.raw.rstrip("?!.,:;*_~'\"\u2019\u201d\u00bb")
        match.last_index = match.index + len(match.text)
        super().normalize(match)


markdown = MarkdownIt("zero", {"linkify": True})
markdown.enable(["fence", "backticks", "emphasis", "link", "autolink", "linkify", "escape"])
markdown.linkify = BareLinks(options={"fuzzy_email": False}).tlds(TOP_LEVEL_DOMAINS)
# any other link, into Flack itself too, stays as it was typed
markdown.validateLink = re.compile("(https?://|mailto:).", re.IGNORECASE).match
markdown.render("once, in one thread: the first call prepares what all threads use")


def timestamp():
    """Return the current time in whole Unix seconds."""
    return int(time.time())


def url_for(endpoint, **values):
    """Return the path of an endpoint, under the prefix of the request, where there is one."""
    if request:
        return current_app.url_for(endpoint, **values)
    with current_app.test_request_context():
        return current_app.url_for(endpoint, **values)


def tidy(nickname):
    """Return a nickname as it is kept: two that look the same become the same."""
    return unicodedata.normalize("NFC", nickname.strip())


def text_field(data, name, limit, clean=str):
    """Return the text that a client sent as a field, cleaned. Raise ValidationError."""
    text = data.get(name)
    if not isinstance(text, str) or not text.strip() or len(text := clean(text)) > limit:
        raise ValidationError(f"{name} must be a text of 1 to {limit} characters, not all blank.")
    if UNSTORABLE.search(text):
        raise ValidationError(f"{name} holds a character that cannot be stored.")
    return text


def render(source):
    """Return the clean HTML of a message in Markdown, with previews of its links."""
    clean = nh3.clean(
        # the line between two paragraphs stays when their tags go, and a link has an address
        markdown.render(source).replace("</p>", "\n").replace('<a href="">', ""),
        tags={"a", "code", "em", "strong"},
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()
    links = dict.fromkeys(re.findall(r'<a [^>]*?href="(https?://[^"]+)"', clean, re.I))
    return clean + "".join(previews(list(links)[:3]))


def previews(links):
    """Return a block of HTML for each link, as it stands in HTML, that answers in time."""
    pool = ThreadPoolExecutor()
    fetches = [pool.submit(preview, link) for link in links]
    wait(fetches, timeout=PREVIEW_SECONDS)
    # the look-up of a name cannot be broken off: its thread ends when the resolver gives up
    pool.shutdown(wait=False)
    return [fetch.result() for fetch in fetches if fetch.done() and not fetch.exception()]


def preview(link):
    """Return a block of HTML with the title and description of a page, empty without them."""
    page = BeautifulSoup(fetch(html.unescape(link)), "lxml")
    meta = page.select_one("meta[name=description i][content]")
    texts = page.title.text if page.title else "", meta["content"] if meta else ""
    title, description = (" ".join(text.split())[:300] for text in texts)
    if not title + description:
        return ""
    anchor = f'<a href="{link}" target="_blank" rel="noopener noreferrer">'
    return f"<blockquote>{anchor}{html.escape(title)}</a>\n{html.escape(description)}</blockquote>"


def fetch(url):
    """Return the start of an HTML page as text, empty when there is none to be had."""
    body = bytearray()
    sockets = ExitStack()

    def open_socket(purpose, address):
        # asked before each connection, those of redirects too
        if not is_public(address.addr[0]):
            return pycurl.SOCKET_BAD
        # curl connects a copy of it
        return sockets.enter_context(socket.socket(*address[:3]))

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
        with sockets:
            curl.perform()
    except pycurl.error:
        if len(body) < PREVIEW_BYTES:
            return ""
    content_type, parameters = parse_options_header(curl.getinfo(pycurl.CONTENT_TYPE))
    if content_type.lower() != "text/html":
        return ""
    page = bytes(body[:PREVIEW_BYTES])
    charset = parameters.get("charset") or EncodingDetector.find_declared_encoding(page, True)
    # as browsers do, which read latin-1 as windows-1252
    encoding = webencodings.lookup(charset or "utf-8") or webencodings.UTF8
    return webencodings.decode(page, encoding)[0].replace("\0", "")


def is_public(address):
    """Whether previews may go to an IP address."""
    ip = ipaddress.ip_address(address)
    # what IANA gives out of IPv6; the rest is local or carries an IPv4 address
    assigned = ip.version == 4 or ip in ipaddress.ip_network("2000::/3") and not ip.sixtofour
    public = assigned and ip.is_global and not ip.is_multicast
    return public or os.environ.get("FLACK_PREVIEW_PRIVATE") == "1"

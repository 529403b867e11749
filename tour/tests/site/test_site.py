import http.client
import re
import shutil
import socket
import sys
import threading
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import unquote
from urllib.parse import urljoin
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tour.contract.browser import launch
from tour.diff import lines
from tour.diff.step import Line
from tour.diff.words import Span
from tour.environments import environment
from tour.repo.git import run as git
from tour.site import builder
from tour.site import paint
from tour.site.builder import SiteError
from tour.site.server import SiteServer
from tour.stages.line import StageLine
from tour.stages.line import find_stages
from tour.system.address import LOOPBACK
from tour.system.address import port_is_taken
from tour.system.server import PortTakenError
from tour.tests.synthetic import FLACK
from tour.tests.synthetic import OTHER
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

TAGS = ("v0.1", "v0.2", "v0.3")

UTILITIES = "".join(
    f'def utility_{number}(text):\n    return text.strip() + "<{number}>"\n\n\n'
    for number in range(8)
)

# at v0.2 the utilities move to a module of their own, at v0.3 all goes to a package
FILES = {
    "v0.1": {"flack.py": FLACK.format(tag="v0.1") + "\n\n" + UTILITIES},
    "v0.2": {"utils.py": '"""The utilities."""\n\n\n' + UTILITIES},
    "v0.3": {"flack.py": "", "app/utils.py": '"""The utilities."""\n\n\n' + UTILITIES},
}

INDEX = """\
# Flack Tour

It begins at [v0.1](v0.1.md) and <!--=moved v0.2-->32 lines move.

<!-- tour: modules v0.2 -->

![Two boxes & an "arrow"](pictures/modules.svg)

<!-- /tour -->

<!-- tour: screenshot v0.3 -->

<picture>
<source media="(prefers-color-scheme: dark)" srcset="pictures/flack-dark.png">
<img src="pictures/flack-light.png" alt="Flack" width="880">
</picture>

<!-- /tour -->
"""

PAGE = """\
# v0.2: Make v0.2

Words that are to be found: hippopotamus.

<!-- tour: full v0.2 -->

The whole step: `git diff v0.1 v0.2`

<!-- /tour -->

**`utils.py`** from v0.1 to v0.2

```diff v0.1 v0.2 utils.py
@@ -0,0 +1,35 @@
+def utility_0(text):
...
-    return "<old>"
```

**A change to try** at v0.2: `broken`

```diff v0.2 try broken
--- a/flack.py
+++ b/flack.py
@@ -1 +1 @@
-import os
+import so
```

```console v0.2 try broken
$ python flack.py
No module named so
```

**`utils.py`** at v0.2

```python v0.2 utils.py
def utility_0(text):
    ...
```

```text v0.2 tree
.
└── flack.py
```

## What goes wrong

See [the start](v0.1.md#a-title) and [the README](../README.md).
"""

PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="a b" viewBox="0 0 9 9">
<title id="a">Boxes</title>
<desc id="b">Two boxes</desc>
<text x="1" y="2">flack.py</text>
</svg>
"""

# of each element, the attribute that makes a browser load something
LOADED = {
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "image": "href",
    "img": "src",
    "input": "src",
    "link": "href",
    "object": "data",
    "script": "src",
    "source": "src",
    "use": "href",
    "video": "src",
}
LOADED_IN_CSS = re.compile(r"url\(\s*['\"]?([^)'\"]*)|@import\s+['\"]([^'\"]*)")


class Document(HTMLParser):
    """A page: its anchors, its links, what it loads, and the texts of its elements by class."""

    VOID = {"br", "col", "hr", "img", "input", "link", "meta"}

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.source = file.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        element = Element(tag, values, list(self._open))
        self.elements.append(element)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if LOADED.get(tag) in values:
            self.loads.append(values[LOADED[tag]])
        if tag not in self.VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def find(self, tag: str, name: str = "", inside: "Element | None" = None) -> list["Element"]:
        """Return the elements with the tag, of the class and inside of another, if one is given."""
        return [
            element
            for element in self.elements
            if element.tag == tag
            and (not name or name in element.attributes.get("class", "").split())
            and (inside is None or inside in element.parents)
        ]


class Element:
    def __init__(self, tag: str, attributes: dict[str, str], parents: list["Element"]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parents = parents
        self.text = ""


class Site:
    """A built site, and the repository that it was built from."""

    def __init__(self, clone: Clone) -> None:
        self.clone = clone
        self.line = find_stages(clone.folder)
        self.folder = build(clone.folder)
        self.files = sorted(self.folder.rglob("*.html"))
        self.names = [file.relative_to(self.folder).as_posix() for file in self.files]

    def read(self, name: str) -> Document:
        return Document(self.folder / name)


def build(repository: Path, report: Callable[[str], None] = lambda line: None) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        # the tests' own Sphinx, for a small tour has no .venv
        patch.setattr(environment, "interpreter", lambda folder: Path(sys.executable))
        return builder.build(repository, find_stages(repository), report)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, this_repository: Path) -> Site:
    """The site of a small tour, built once."""
    folder = tmp_path_factory.mktemp("site") / "flack-tour"
    folder.mkdir()
    clone = Clone(folder)
    clone.git("init", "--quiet", "--initial-branch=main")
    publish(clone, grow_line(clone, files=FILES), edition=1)
    configuration = this_repository.joinpath("docs", "conf.py").read_text(encoding="utf-8")
    clone.write(
        {
            "docs/conf.py": configuration,
            "docs/index.md": INDEX,
            "docs/v0.1.md": "# v0.1: Make v0.1\n\n## A title\n\nWords.\n",
            "docs/v0.2.md": PAGE,
            "docs/v0.3.md": '# v0.3: Make v0.3\n\nIt is -- "the end".\n',
            "docs/learner.md": "# For learners\n\nWords.\n",
            "docs/pictures/modules.svg": PICTURE,
        }
    )
    for scheme in ("light", "dark"):
        folder.joinpath(f"docs/pictures/flack-{scheme}.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    clone.commit("Write the pages")
    return Site(clone)


@pytest.fixture
def changed(built: Site, tmp_path: Path) -> Clone:
    """A copy of the site's repository, for a test that changes it."""
    return Clone(shutil.copytree(built.clone.folder, tmp_path / "copy"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with launch() as chromium:
        yield chromium.browser


def rows(document: Document, kind: str) -> list[list[Element]]:
    """Return the cells of the rows of that kind in a full diff."""
    return [document.find("td", inside=row) for row in document.find("tr", kind)]


def test_each_stage_has_its_page_and_its_full_diff(built):
    assert set(built.names) == {
        "index.html",
        "search.html",
        "learner.html",
        *(f"{tag}{suffix}.html" for tag in TAGS for suffix in ("", "-full")),
        *(f"slides/{tag}.html" for tag in TAGS),
    }


def test_nothing_is_loaded_from_another_host(built):
    for name in built.names:
        loaded = built.read(name).loads
        assert loaded and not [address for address in loaded if urlsplit(address).netloc]
    sheets = list(built.folder.rglob("*.css"))
    addresses = [
        address
        for sheet in sheets
        for pair in LOADED_IN_CSS.findall(sheet.read_text(encoding="utf-8"))
        for address in pair
    ]
    assert sheets and not [address for address in addresses if urlsplit(address).netloc]


def test_every_link_leads_to_a_page_and_an_anchor_that_exist(built):
    documents = {name: built.read(name) for name in built.names}
    inner = [
        (name, urljoin(name, link))
        for name, document in documents.items()
        for link in document.links
        if not urlsplit(link).scheme
    ]
    broken = [
        (name, link)
        for name, link in inner
        if (target := urlsplit(link)).path not in documents
        or target.fragment
        and {target.fragment, unquote(target.fragment)}.isdisjoint(documents[target.path].ids)
    ]
    assert len(inner) > 100
    assert broken == []


def test_a_link_to_a_file_outside_docs_is_its_words_alone(built):
    document = built.read("v0.2.html")
    assert "See the start and the README." in [text.text for text in document.find("p")]
    assert "the README" not in [link.text for link in document.find("a")]


def test_no_anchor_is_there_twice(built):
    for name in built.names:
        ids = built.read(name).ids
        assert len(ids) == len(set(ids))


def test_the_counts_of_a_full_diff_are_those_of_the_step(built):
    for before, stage in zip(built.line.stages, built.line.stages[1:]):
        document = built.read(f"{stage.tag}-full.html")
        [foot] = document.find("tfoot")
        counts = lines.count_step(built.clone.folder, before.commit, stage.commit)
        assert [int(cell.text) for cell in document.find("td", inside=foot)] == list(counts)


@pytest.mark.parametrize("tag", TAGS[1:])
def test_there_is_a_row_for_each_line_that_is_new_gone_or_moved(built, tag):
    document = built.read(f"{tag}-full.html")
    number = TAGS.index(tag)
    before, stage = built.line.stages[number - 1 : number + 1]
    counts = lines.count_step(built.clone.folder, before.commit, stage.commit)
    assert len(rows(document, "new")) == counts.new
    assert len(rows(document, "gone")) == counts.gone
    moved = [kind for kind in ("here", "along", "shifted") for _ in rows(document, kind)]
    assert len(moved) == counts.moved


def test_the_lines_of_a_file_are_all_in_the_page_without_a_script(built):
    document = built.read("v0.2-full.html")
    text = git(built.clone.folder, "show", f"{built.line.stages[1].commit}:utils.py")
    shown = {
        cells[2].attributes["id"]: cells[3].text.removesuffix("\n")
        for row in document.find("tr")
        if len(cells := document.find("td", inside=row)) == 4 and "id" in cells[2].attributes
    }
    for number, line in enumerate(text.splitlines(), 1):
        assert shown[f"v0.2/utils.py:{number}"] == line


def test_a_line_that_moved_links_to_the_same_line_where_it_was(built):
    document = built.read("v0.2-full.html")
    away = {cells[0].attributes["id"]: cells[1].text for cells in rows(document, "away")}
    here = rows(document, "here")
    assert len(here) == len(away) > 20
    for cells in here:
        [link] = document.find("a", inside=cells[0])
        assert away[link.attributes["href"].removeprefix("#")] == cells[3].text


def test_a_block_that_moved_says_where_it_came_from_and_where_it_went(built):
    captions = [caption.text for caption in built.read("v0.2-full.html").find("caption")]
    assert captions == ["to utils.py:2–35", "from flack.py:23–56"]


def test_long_runs_of_moved_lines_are_folded_and_say_how_long_they_are(built):
    document = built.read("v0.2-full.html")
    folds = document.find("details", "only-moved")
    assert len(folds) == 2
    for fold in folds:
        [summary] = document.find("summary", inside=fold)
        number = len(document.find("tr", inside=fold))
        assert number > 12
        assert summary.text.startswith(f"{number} lines, moved as they are, ")


def test_a_file_that_moved_as_a_whole_is_shown_under_both_its_paths(built):
    document = built.read("v0.3-full.html")
    assert "utils.py → app/utils.py" in [cell.text for cell in document.find("th")]
    assert {"utils.py", "app/utils.py"} <= set(document.ids)
    assert "35 lines, moved with their file" in [
        summary.text for summary in document.find("summary")
    ]


def test_an_edit_marks_the_words_that_changed(built):
    document = built.read("v0.2-full.html")
    words = [
        [
            [word.text for word in document.find("del", inside=cells[1])],
            [word.text for word in document.find("ins", inside=cells[3])],
        ]
        for cells in rows(document, "edited")
    ]
    # in the line that answers with the tag
    assert [["1"], ["2"]] in words


def test_new_and_gone_lines_are_marked_as_such_and_no_words_in_them(built):
    document = built.read("v0.3-full.html")
    for kind, cell, tag in (("new", 3, "ins"), ("gone", 1, "del")):
        for cells in rows(document, kind):
            [mark] = document.find(tag, inside=cells[cell])
            assert mark.text == cells[cell].text


def test_the_first_stage_is_a_listing(built):
    document = built.read("v0.1-full.html")
    assert document.find("div", "listing")
    assert not document.find("fieldset")
    headings = document.find("th")
    assert [heading.text for heading in headings][:2] == ["file", "lines"]


def test_the_steps_lead_from_one_to_the_next_and_their_diffs_beside(built):
    ways: defaultdict[str, list[str]] = defaultdict(list)
    for name in ("v0.2", "v0.2-full", "v0.3", "v0.3-full"):
        document = built.read(f"{name}.html")
        for way in ("prev-page", "next-page"):
            ways[name] += [link.attributes["href"] for link in document.find("a", way)]
    assert ways == {
        "v0.2": ["v0.1.html", "v0.3.html"],
        "v0.2-full": ["v0.1-full.html", "v0.3-full.html"],
        "v0.3": ["v0.2.html", "learner.html"],
        "v0.3-full": ["v0.2-full.html"],
    }


def test_the_list_of_pages_has_the_steps_and_the_guides_that_are_there(built):
    document = built.read("index.html")
    [tree] = document.find("div", "sidebar-tree")
    names = [link.text for link in document.find("a", "reference", inside=tree)]
    assert [name for name in names if "full" not in name and "All" not in name] == [
        "v0.1 Make v0.1",
        "v0.2 Make v0.2",
        "v0.3 Make v0.3",
        "Learn",
    ]


def test_a_block_says_where_its_text_is_from(built):
    document = built.read("v0.2.html")
    captions = document.find("div", "code-block-caption")
    texts = [
        [
            span.text
            for name in ("tour-path", "tour-tag")
            for span in document.find("span", name, caption)
        ]
        for caption in captions
    ]
    assert texts == [
        ["utils.py", "v0.1 → v0.2"],
        ["broken", "a change to try at v0.2"],
        ["at v0.2", "with broken"],
        ["utils.py", "v0.2"],
        ["all files", "v0.2"],
    ]


def test_the_name_above_a_block_is_left_to_its_caption(built):
    paragraphs = [paragraph.text for paragraph in built.read("v0.2.html").find("p")]
    assert [text for text in paragraphs if "v0.2" in text] == [
        "The whole step: git diff v0.1 v0.2 · side by side · slides"
    ]


def test_an_excerpt_of_a_step_links_to_its_file_in_the_full_diff(built):
    document = built.read("v0.2.html")
    assert "v0.2-full.html#utils.py" in document.links
    assert "v0.2-full.html" in document.links


def test_an_excerpt_of_a_diff_keeps_its_text_and_marks_its_lines(built):
    document = built.read("v0.2.html")
    excerpt, patch = [
        document.find("pre", inside=box)[0] for box in document.find("div", "highlight-diff")
    ]
    assert excerpt.text.splitlines() == PAGE.split("```")[1].splitlines()[1:]
    assert [mark.text for mark in document.find("ins", inside=patch)] == ["+import so"]
    assert [mark.text for mark in document.find("del", inside=patch)] == ["-import os"]


def test_a_prompt_is_an_element_of_its_own(built):
    document = built.read("v0.2.html")
    assert [prompt.text for prompt in document.find("span", "gp")] == ["$ "]


def test_the_comments_of_the_grammar_are_gone(built):
    for name in ("index.html", "v0.2.html"):
        assert not re.search(r"<!--\s*(=|/?\s*tour)", built.read(name).source)
    assert "and 32 lines move." in built.read("index.html").source


def test_a_picture_is_in_the_page_with_its_alternative_text(built):
    document = built.read("index.html")
    [picture] = document.find("div", "picture")
    assert picture.attributes["aria-label"] == 'Two boxes & an "arrow"'
    assert [text.text for text in document.find("text", inside=picture)] == ["flack.py"]
    assert not document.find("title", inside=picture)


def test_a_screenshot_has_the_scheme_that_the_reader_chose(built):
    document = built.read("index.html")
    images = {image.attributes["class"]: image.attributes for image in document.find("img")}
    assert {name: image["src"] for name, image in images.items()} == {
        f"only-{scheme}": f"_images/flack-{scheme}.png" for scheme in ("light", "dark")
    }
    assert {image["alt"] for image in images.values()} == {"Flack"}


def test_two_hyphens_stay_as_they_are(built):
    assert "It is -- “the end”." in built.read("v0.3.html").source


def test_the_script_of_the_filter_is_where_there_is_something_to_filter(built):
    scripts = {
        name: [load for load in built.read(name).loads if "full.js" in load]
        for name in ("index.html", "v0.2.html", "v0.2-full.html")
    }
    assert [len(found) for found in scripts.values()] == [0, 0, 1]


def test_the_search_knows_the_pages_and_not_the_full_diffs(built):
    index = built.folder.joinpath("searchindex.js").read_text(encoding="utf-8")
    assert "hippopotamus" in index
    assert '"v0.2"' in index
    assert "utility_7" not in index


def test_what_is_up_to_date_is_not_built_again(built):
    reports: list[str] = []
    before = built.folder.joinpath("index.html").stat()
    assert build(built.clone.folder, reports.append) == built.folder
    assert built.folder.joinpath("index.html").stat() == before
    assert reports == []


@pytest.mark.parametrize(
    "path", ["docs/v0.1.md", "docs/conf.py", "docs/pictures/modules.svg", "docs/new.md"]
)
def test_a_change_of_what_is_in_docs_makes_another_site(changed, built, path):
    before = builder.find_digest(builder.read_pages(changed.folder), built.line)
    with changed.folder.joinpath(path).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert builder.find_digest(builder.read_pages(changed.folder), built.line) != before


def test_another_stage_line_makes_another_site(built):
    pages = builder.read_pages(built.clone.folder)
    other = StageLine(built.line.edition + 1, built.line.stages)
    assert builder.find_digest(pages, other) != builder.find_digest(pages, built.line)


def test_the_same_pages_from_git_and_from_the_disk_are_the_same_site(built: Site) -> None:
    # git sorts a folder as if its name ended in a slash, the disk does not
    pages = {"production/nginx.conf": b"", "production.md": b""}
    other_way = dict(reversed(pages.items()))
    assert builder.find_digest(other_way, built.line) == builder.find_digest(pages, built.line)


def test_at_a_stage_the_pages_are_those_of_main(changed, built):
    pages = builder.read_pages(changed.folder)
    changed.git("checkout", "--quiet", built.line.stages[0].commit)
    assert not changed.folder.joinpath("docs").exists()
    assert builder.read_pages(changed.folder) == pages


def test_where_there_are_no_pages_it_says_how_to_get_them(clone):
    with pytest.raises(SiteError, match="git checkout main -- docs"):
        builder.read_pages(clone.folder)


def test_a_page_that_is_wrong_is_named_and_the_site_before_stays(changed):
    changed.write({"docs/v0.1.md": "# v0.1: Make v0.1\n\nSee [this](nowhere.md).\n"})
    with pytest.raises(SiteError, match=r"docs[/\\]v0\.1\.md:3: WARNING: .*nowhere"):
        build(changed.folder)
    assert changed.folder.joinpath(".tour", "site", "index.html").exists()


def test_watching_builds_at_first_and_for_each_change(changed, built, monkeypatch):
    ended = threading.Event()
    texts = []

    def record(repository: Path, *arguments: object) -> Path:
        page = repository / "docs" / "index.md"
        texts.append(page.read_text(encoding="utf-8"))
        if len(texts) == 2:
            ended.set()
        page.write_text("# Another one\n", encoding="utf-8")
        return repository

    monkeypatch.setattr(builder, "build", record)
    builder.watch(changed.folder, built.line, print, ended)
    assert texts == [INDEX, "# Another one\n"]


def test_watching_reports_what_is_wrong_and_goes_on(changed, built, monkeypatch):
    ended = threading.Event()
    reports: list[str] = []

    def fail(repository: Path, *arguments: object) -> Path:
        if reports:
            ended.set()
        changed.write({"docs/index.md": "# Fixed\n"})
        raise SiteError("docs/index.md:1: wrong")

    monkeypatch.setattr(builder, "build", fail)
    builder.watch(changed.folder, built.line, reports.append, ended)
    assert reports == ["docs/index.md:1: wrong"] * 2


def ask(server: SiteServer, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/v0.2-full.html", "text/html; charset=utf-8"),
        ("/_static/full.js", "text/javascript; charset=utf-8"),
        ("/_static/tour.css", "text/css; charset=utf-8"),
        ("/favicon.ico", "image/svg+xml"),
    ],
)
def test_the_server_says_what_a_file_is_and_that_it_may_change(built, path, kind):
    with SiteServer(built.folder) as server:
        answer = ask(server, path)
    assert answer.status == 200
    assert answer.getheader("Content-Type") == kind
    assert answer.getheader("Cache-Control") == "no-store"


@pytest.mark.parametrize(
    "path", ["/nowhere.html", "/_static/", "/../v0.2.md", "/%2e%2e/docs/index.md"]
)
def test_the_server_has_nothing_but_the_pages(built, path):
    with SiteServer(built.folder) as server:
        assert ask(server, path).status == 404


def test_the_server_prints_nothing(built, capfd):
    with SiteServer(built.folder) as server:
        ask(server, "/nowhere.html")
    assert capfd.readouterr() == ("", "")


def test_a_port_that_is_taken_is_refused(built):
    with socket.create_server(("127.0.0.1", 0)) as other:
        with pytest.raises(PortTakenError):
            SiteServer(built.folder, other.getsockname()[1])


def test_the_server_listens_on_its_host_alone(built):
    with SiteServer(built.folder, address=OTHER) as server:
        assert urllib.request.urlopen(server.url).status == 200
        assert not port_is_taken(server.port)


def test_a_class_that_opens_a_page_at_once_waits_in_line(tmp_path):
    # it does not serve yet
    server = SiteServer(tmp_path)
    with ExitStack() as stack:
        stack.callback(server.server_close)
        place = LOOPBACK.host, server.port
        for _ in range(100):
            stack.enter_context(socket.create_connection(place, timeout=1))


def test_the_server_asks_for_the_name_of_no_address(built, monkeypatch):
    # a name server that does not answer would keep it from starting
    monkeypatch.setattr(socket, "getfqdn", Mock(side_effect=AssertionError))
    with SiteServer(built.folder) as server:
        assert ask(server, "/").status == 200


def test_a_port_is_free_again_after_the_server_has_stopped(built):
    with SiteServer(built.folder) as server:
        port = server.port
    with SiteServer(built.folder, port) as server:
        assert ask(server, "/").status == 200


PAINTED = [
    ("a.py", 'x = "<&>"  # why\n', 1),
    ("a.py", '"""One\n\ntwo.\n"""\n', 3),
    ("a.py", "def a(\tb):\n    return b\n", 1),
    ("a.html", "<p>{{ name|e }}</p>\n", 1),
    ("a.unknown", "<anything>\n", 1),
    ("a.py", "x = 1\r\ny = 2\r\n", 2),
]


@pytest.mark.parametrize(("path", "text", "number"), PAINTED)
def test_a_painted_line_reads_as_the_line(path, text, number):
    line = Line(path, number, text.split("\n")[number - 1], (), True)
    html = paint.paint_line({path: text.encode()}, line, "ins")
    reader = Reader()
    reader.feed(html)
    assert reader.text == line.text.replace("\r", "␍")


def test_a_marked_word_is_marked_across_colours():
    text = "return name.upper()"
    line = Line("a.py", 1, text, (Span(3, 12),), True)
    reader = Reader()
    reader.feed(paint.paint_line({"a.py": text.encode()}, line, "ins"))
    assert reader.text == text
    assert reader.marked == ["urn name."]


class Reader(HTMLParser):
    """Reads the text of a painted line, and of the marks in it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.marked: list[str] = []
        self._is_in_mark = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "ins":
            self._is_in_mark = True
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_in_mark = self._is_in_mark and tag != "ins"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._is_in_mark:
            self.marked[-1] += data


def test_the_search_works_in_pages_opened_as_files(built, browser):
    page = browser.new_page()
    page.goto(built.folder.joinpath("index.html").as_uri())
    page.fill("input[name=q]", "hippopotamus")
    page.keyboard.press("Enter")
    result = page.wait_for_selector("#search-results li a")
    assert result.inner_text() == "v0.2: Make v0.2"


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("name", ["index", "v0.2", "v0.2-full", "v0.3-full"])
def test_a_page_is_no_wider_than_a_phone(built, browser, name, scripts):
    context = browser.new_context(
        viewport={"width": 360, "height": 700}, java_script_enabled=scripts
    )
    page = context.new_page()
    page.goto(built.folder.joinpath(f"{name}.html").as_uri())
    [width] = page.locator("html").evaluate_all("found => found.map(html => html.scrollWidth)")
    assert width <= 360


def test_the_view_is_chosen_without_a_script(built, browser):
    context = browser.new_context(
        viewport={"width": 1400, "height": 900}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(built.folder.joinpath("v0.2-full.html").as_uri())
    old, new = page.locator("tr.still").first.locator("td:nth-child(even)").all()
    assert old.is_visible() and new.is_visible()
    page.click("text=Unified")
    assert new.is_visible() and not old.is_visible()
    assert not page.locator(".filter").is_visible()


def test_the_filter_hides_what_only_moved(built, browser):
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(built.folder.joinpath("v0.2-full.html").as_uri())
    moved, new = page.locator("tr.here").first, page.locator("tr.new").first
    assert moved.is_visible()
    page.check("#hide-moved")
    assert not moved.is_visible() and new.is_visible()


def test_a_link_to_a_folded_line_opens_the_fold(built, browser):
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(built.folder.joinpath("v0.2-full.html").as_uri() + "#v0.2/utils.py:20")
    page.locator("[id='v0.2/utils.py:20']").wait_for(state="visible")

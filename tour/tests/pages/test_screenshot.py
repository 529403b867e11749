"""The picture of Flack in the pages: which client it shows, and when it is taken again."""

import struct
import sys
import zlib
from pathlib import Path

import pytest

from tour.pages import screenshot
from tour.pages.sources import Sources
from tour.stages.line import Stage
from tour.system.errors import TourError
from tour.tests.paged import check_pages
from tour.tests.paged import make_paged_tour
from tour.tests.synthetic import Clone

PAGE = """\
# Flack

<!-- tour: screenshot v0.3 -->

<picture>
<source media="(prefers-color-scheme: dark)" srcset="pictures/flack-dark.png">
<img src="pictures/flack-light.png" alt="{alt}" width="{width}">
</picture>

<!-- /tour -->
""".format(alt=screenshot.ALT, width=screenshot.WIDTH)


def chunk(kind: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
PNG = screenshot.SIGNATURE + HEADER + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def test_a_picture_says_which_client_it_shows() -> None:
    client = "0123abcd" * 4
    marked = screenshot.mark(PNG, client)
    assert screenshot.read_client(marked) == client
    # it is the same picture otherwise
    assert marked == PNG.replace(
        HEADER, HEADER + chunk(b"tEXt", b"Flack client\0" + client.encode())
    )


@pytest.mark.parametrize("data", [b"", b"GIF89a", PNG, PNG[:30], PNG[: len(PNG) - 20]])
def test_what_does_not_say_it_has_no_client(data: bytes) -> None:
    assert screenshot.read_client(data) is None


def test_a_browser_that_cannot_be_driven_is_named() -> None:
    # Python ends at once: it knows no option of a browser
    with pytest.raises(TourError, match="cannot be driven; update it, and try again"):
        screenshot._visit(sys.executable, "http://127.0.0.1:1")


def test_a_client_is_its_files_wherever_they_lie() -> None:
    client = {"static/a.css": b"1", "templates/index.html": b"2"}
    moved = {f"flack/{path}": data for path, data in client.items()}
    digest = screenshot.find_client(client)
    assert screenshot.find_client(moved | {"flack/flack.py": b"3", "static.py": b""}) == digest
    assert screenshot.find_client(client | {"static/a.css": b"4"}) != digest
    assert screenshot.find_client(client | {"static/b.css": b""}) != digest


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    clone = make_paged_tour(tmp_path / "flack-tour")
    clone.write({"docs/page.md": PAGE})
    return clone


def test_a_picture_of_another_client_is_found_and_taken_again(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []

    def take(sources: Sources, stage: Stage, report: object) -> dict:
        taken.append(stage.tag)
        client = screenshot.find_client(sources.files(stage.tag))
        return {path: screenshot.mark(PNG, client) for path in screenshot.FILES.values()}

    monkeypatch.setattr(screenshot, "take", take)
    folder = clone.folder / "docs" / "pictures"
    folder.mkdir(exist_ok=True)
    for client in (None, "0123abcd" * 4):
        for path in screenshot.FILES.values():
            data = PNG if client is None else screenshot.mark(PNG, client)
            (clone.folder / path).write_bytes(data)
        [found] = check_pages(clone.folder).findings
        assert (found.line, found.correction) == (3, None)
        assert "do not show the client of v0.3" in found.problem
        checked = check_pages(clone.folder, update=True, with_pictures=True)
        assert set(screenshot.FILES.values()) <= {finding.path for finding in checked.fixed}
        assert not {*screenshot.FILES.values(), "docs/page.md"} & {
            finding.path for finding in checked.findings
        }
    assert taken == ["v0.3", "v0.3"]

"""The regions that the tour writes into the pages."""

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tour import pictures
from tour.pages import regions
from tour.pages.sources import Sources
from tour.stages.line import StageLine


def test_the_text_of_a_picture_is_read_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "flack/__init__.py imports flack/models.py; both import _words_ for /<id:id>."
    monkeypatch.setattr(pictures, "alt_text", lambda *arguments: text)
    sources = Sources(Path(), StageLine(1, ()))
    [line] = regions._write_picture("flow", "docs/steps/v0.3.md", sources)
    [picture] = MarkdownIt().parseInline(line)[0].children
    # markdown-it takes an image's text for a paragraph of its own
    assert "".join(child.content for child in picture.children) == text
    assert {child.type for child in picture.children} == {"text"}
    assert picture.attrs["src"] == "../pictures/flow.svg"

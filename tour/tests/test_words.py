"""The words of the tour: what it prints and what its pages say is in the field's terms."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tour.environments.environment import PACKAGE

# the words that are not used, and what is
INSTEAD = {
    "anew": "again",
    "breach": "violation",
    "desk": "workspace",
    "examination": "check",
    "mend": "fix",
    "mended": "fixed",
    "mends": "fixes",
    "recall": "read from the cache",
    "remedies": "fixes",
    "remedy": "fix",
    "tally": "count",
    "truth": "what is expected",
    "whoever": "a sentence whose subject is a noun",
}
WORDS = re.compile(rf"(?<![-\w])({'|'.join(INSTEAD)})\b", re.IGNORECASE)
# code that a page quotes says it in the application's words
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def find_words(text: str) -> list[str]:
    return [f"{word}: use {INSTEAD[word.lower()]}" for word in WORDS.findall(text)]


def list_texts(module: Path) -> Iterator[str]:
    """Yield the strings and docstrings of a module."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_a_word_is_found_and_an_option_is_not() -> None:
    assert find_words("Mend it anew with --mend; amend v0.1") == [
        "Mend: use fix",
        "anew: use again",
    ]


@pytest.mark.parametrize(
    "name", [folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists()]
)
def test_what_the_tour_prints_is_in_common_words(name: str) -> None:
    modules = [file for file in (PACKAGE / name).rglob("*.py") if file != Path(__file__)]
    found = {
        module.relative_to(PACKAGE).as_posix(): words
        for module in modules
        if (words := [word for text in list_texts(module) for word in find_words(text)])
    }
    assert found == {}


def test_the_pages_are_in_common_words(this_repository: Path) -> None:
    pages = [*this_repository.glob("docs/**/*.md"), *this_repository.glob("*.md")]
    found = {
        page.relative_to(this_repository).as_posix(): words
        for page in pages
        if (words := find_words(FENCE.sub("", page.read_text(encoding="utf-8"))))
    }
    assert found == {}

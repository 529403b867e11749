"""Hints for a goal, one after the other: a question, the page's own words, the real change."""

import re
from typing import NamedTuple

from tour.pages.form import is_name
from tour.practice.vocabulary import Finding
from tour.practice.vocabulary import Goal
from tour.practice.workplace import Practice
from tour.repo import git
from tour.stages.manifest import main_branches

# the section of a page in whose parts the hunks stand, each with its reason
WALK = "## The diff, walked through"
WRONG = "## What goes wrong"

# of a longer hunk so many lines are shown
LONGEST = 40


class Section(NamedTuple):
    """A part of a page: its heading, the paths that it shows code of, its first words, and all."""

    heading: str
    paths: tuple[str, ...]
    text: str
    body: str


def list_hints(practice: Practice, goal: Goal, finding: Finding | None = None) -> list[str]:
    """Return the hints for a goal, and what was found for it, in the order in which one wants them.

    A goal that is about many files, or about none, is about the one where something was found.
    """
    page = f"{practice.stage.page}.md"
    text = read_page(practice)
    paths = goal.about
    section = _find_section(text, paths, goal.words)
    if finding and finding.path and (not paths or _is_about(finding.path, paths)):
        narrow = _find_section(text, (finding.path,), goal.words)
        # of a file that the step takes away, the page may say nothing
        if narrow or not paths:
            paths, section = (finding.path,), narrow
    hints = [goal.asks]
    if section:
        hints.append(f'Read "{section.heading}" in {page}:\n\n{section.text}')
    else:
        heading = WRONG.removeprefix("## ")
        hints.append(f'Read "{heading}" in {page}: is what you see among the mistakes there?')
    if hunk := _find_hunk(practice, paths, goal.words):
        hints.append(f"This is what the tour changes there:\n\n{hunk}")
    return hints


def read_page(practice: Practice) -> str:
    """Return the page of a step, as it lies there, or as main has it."""
    path = f"{practice.stage.page}.md"
    file = practice.main / path
    if file.is_file():
        return file.read_text(encoding="utf-8")
    for branch in main_branches(practice.main):
        if git.succeeds(practice.main, "cat-file", "-e", f"{branch}:{path}"):
            return git.run(practice.main, "show", f"{branch}:{path}")
    return ""


def read_sections(page: str) -> list[Section]:
    """Return the parts of a page that walk through the step's diff."""
    walk = page.partition(f"{WALK}\n")[2].partition("\n## ")[0]
    sections = []
    for part in walk.split("\n### ")[1:]:
        heading, _, body = part.partition("\n")
        paths = []
        prose = []
        is_code = False
        for line in body.split("\n"):
            if line.startswith("```"):
                words = line[3:].split()
                # a diff of two stages, or the listing of a new file
                is_shown = len(words) == (4 if words[:1] == ["diff"] else 3)
                paths += [words[-1]] if is_shown and words[0] != "console" else []
                is_code = not is_code
            elif not is_code:
                prose.append(line)
        paragraphs = [text.strip() for text in "\n".join(prose).strip().split("\n\n")]
        said = [text for text in paragraphs if not is_name(text)]
        sections.append(Section(heading.strip(), tuple(paths), said[0] if said else "", body))
    return sections


def _find_section(page: str, paths: tuple[str, ...], words: tuple[str, ...]) -> Section | None:
    """Return the part that shows one of the paths and has most of the words, the first of them."""
    fitting = [
        section
        for section in read_sections(page)
        if any(_is_about(path, paths) for path in section.paths)
    ]
    return max(fitting, key=lambda section: _count(words, section.body), default=None)


def _is_about(path: str, paths: tuple[str, ...]) -> bool:
    return any(path == about or path.startswith(f"{about.rstrip('/')}/") for about in paths)


def _count(words: tuple[str, ...], text: str) -> int:
    # a word that ends in a bracket is a call
    ends = {word: r"\b" if word[-1].isalnum() else "" for word in words}
    found = [re.search(rf"\b{re.escape(word)}{end}", text) for word, end in ends.items()]
    return len([match for match in found if match])


def _find_hunk(practice: Practice, paths: tuple[str, ...], words: tuple[str, ...]) -> str:
    """Return the hunk of the step in the paths that has most of the words, the first of them."""
    if not paths:
        return ""
    ends = practice.before.commit, practice.stage.commit
    diff = git.run(practice.main, "diff", "--no-color", *ends, "--", *paths)
    if not diff:
        return ""
    hunks = [
        f"{header.strip()}\n@@{hunk}"
        for header, *rest in (file.split("\n@@") for file in f"\n{diff}".split("\ndiff --git ")[1:])
        for hunk in rest
    ]
    fitting = max(hunks, key=lambda hunk: _count(words, _changed(hunk)), default=diff)
    shown = fitting.rstrip().split("\n")
    if len(shown) > LONGEST:
        shown[LONGEST:] = [f"... and {len(shown) - LONGEST} lines more"]
    ends_typed = f"{practice.before.tag} {practice.stage.tag} -- {' '.join(paths)}"
    return "\n".join(["diff --git " + shown[0], *shown[1:], f"\nAll of it: git diff {ends_typed}"])


def _changed(hunk: str) -> str:
    """Return the lines of a hunk that the step changes."""
    return "\n".join(line for line in hunk.split("\n") if line[:1] in "+-")

"""Hints for a goal, one after the other: a question, the page's own words, the real change."""

import keyword
import re
from collections.abc import Iterator
from typing import NamedTuple

from tour.pages.form import is_name
from tour.practice.vocabulary.goal import Behaviour
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.runs import OwnTests
from tour.practice.workplace import Practice
from tour.repo import git
from tour.stages.manifest import main_branches
from tour.stages.sizes import is_test

# the section of a page in whose parts the hunks stand, each with its reason
WALK = "## The diff, walked through"
WRONG = "## What goes wrong"

# what to ask in place of the goal's question, by what a run of the learner's tests says
QUESTIONS = {
    "no tests ran": "Where does setup.cfg say that the tests are?",
    "does not tell what": "Which program counts what the tests cover, and which one prints it?",
}

# of a longer hunk so many lines are shown
LONGEST = 40

# so many of a failure's names a part of the page has at least that is about it
FEWEST = 2

# what tells a failure from others: what is quoted, and what is spelt as a name
QUOTED = re.compile(r"['\"`]([A-Za-z_][\w.]*)['\"`]")
NAME = re.compile(r"\b[A-Za-z]+(?:[._]\w+|[A-Z][a-z]\w*)+")


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
    if isinstance(goal, Behaviour) and finding:
        asks = next((QUESTIONS[said] for said in QUESTIONS if said in finding.sentence), goal.asks)
        if isinstance(goal, OwnTests) and not goal.yours and is_test(finding.path):
            asks += f" It is one of the stage: git show {practice.tag}:{finding.path}"
        return [asks, *_list_for_failure(practice, goal, finding, page, text)]
    paths, words = goal.about, goal.words
    if finding and not paths:
        # such a goal has no words of its own
        said = re.findall(r"\w+", finding.sentence)
        words = tuple(word for word in said if not keyword.iskeyword(word))
    section = _find_section(text, paths, words)
    if finding and finding.path and (not paths or _is_about(finding.path, paths)):
        narrow = _find_section(text, (finding.path,), words)
        # of a file that the step takes away, the page may say nothing
        if narrow or not paths:
            paths, section = (finding.path,), narrow
    hints = [goal.asks, _advise_reading(section, page)]
    if hunk := _find_hunk(practice, paths, words):
        hints.append(f"This is what the tour changes there:\n\n{hunk}")
    return hints


def _list_for_failure(
    practice: Practice, goal: Behaviour, finding: Finding, page: str, text: str
) -> Iterator[str]:
    """Yield the hints for what failed in a run: a mistake of the page, or a part, and a hunk."""
    names = find_names(finding.sentence)
    paths = goal.about
    if finding.path and not is_test(finding.path):
        ends = practice.before.commit, practice.stage.commit
        changed = git.run(practice.main, "diff", "--name-only", "--no-renames", *ends).splitlines()
        paths = tuple(path for path in changed if path.endswith(".py") and not is_test(path))
    mistakes = read_sections(text, WRONG)
    section = max(mistakes, key=lambda part: _count(names, part.body), default=None)
    if section and _count(names, section.body) >= FEWEST:
        yield f'Is this the mistake "{section.heading}"? {page} says there what it does, and why.'
    else:
        yield _advise_reading(_find_section(text, paths, names), page)
    if hunk := _find_hunk(practice, paths, names, is_about_names=True):
        yield f"This is what the tour changes there:\n\n{hunk}"


def find_names(sentence: str) -> tuple[str, ...]:
    """Return the names in what a failure says."""
    return tuple(dict.fromkeys([*QUOTED.findall(sentence), *NAME.findall(sentence)]))


def _advise_reading(section: Section | None, page: str) -> str:
    """Return what to read: a part of the page, or else the mistakes that it shows."""
    if section:
        # a terminal shows of a link its words alone
        text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", section.text)
        return f'Read "{section.heading}" in {page}:\n\n{text}'
    heading = WRONG.removeprefix("## ")
    return f'Read "{heading}" in {page}: is what you see among the mistakes there?'


def read_page(practice: Practice) -> str:
    """Return the page of a step, as it lies there, or as main has it."""
    path = f"{practice.stage.page}.md"
    file = practice.main / path
    if file.is_file():
        return file.read_text(encoding="utf-8")
    for branch in main_branches(practice.main):
        if text := git.ask(practice.main, "show", f"{branch}:{path}"):
            return text
    return ""


def read_sections(page: str, title: str = WALK) -> list[Section]:
    """Return the parts of a page that walk through the step's diff, or those of its mistakes."""
    walk = page.partition(f"{title}\n")[2].partition("\n## ")[0]
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


def _find_hunk(
    practice: Practice, paths: tuple[str, ...], words: tuple[str, ...], is_about_names: bool = False
) -> str:
    """Return the hunk of the step in the paths that has most of the words, the first of them.

    Where there are words, it has one of them at least. With `is_about_names` there is none
    without words, and of several it is the shortest.
    """
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

    def rank(hunk: str) -> tuple[int, int]:
        return _count(words, _changed(hunk)), -len(hunk) * is_about_names

    fitting = max(hunks, key=rank, default=diff)
    if (words or is_about_names) and not _count(words, _changed(fitting)):
        return ""
    if is_about_names:
        paths = (fitting.partition("\n")[0].rpartition(" b/")[2],)
    shown = fitting.rstrip().split("\n")
    if len(shown) > LONGEST:
        shown[LONGEST:] = [f"... and {len(shown) - LONGEST} lines more"]
    ends_typed = f"{practice.before.tag} {practice.stage.tag} -- {' '.join(paths)}"
    return "\n".join(["diff --git " + shown[0], *shown[1:], f"\nAll of it: git diff {ends_typed}"])


def _changed(hunk: str) -> str:
    """Return the lines of a hunk that the step changes."""
    return "\n".join(line for line in hunk.split("\n") if line[:1] in "+-")

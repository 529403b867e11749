"""Hints for a goal, one after the other: a question, the page's own words, the real change."""

from typing import NamedTuple

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
    """A part of a page: its heading, the paths whose hunks it shows, and its first sentences."""

    heading: str
    paths: tuple[str, ...]
    text: str


def list_hints(practice: Practice, goal: Goal) -> list[str]:
    """Return the hints for a goal in the order in which one wants them."""
    page = f"{practice.stage.page}.md"
    section = _find_section(read_page(practice), goal)
    hints = [goal.asks]
    if section:
        hints.append(f'Read "{section.heading}" in {page}:\n\n{section.text}')
    else:
        heading = WRONG.removeprefix("## ")
        hints.append(f'Read "{heading}" in {page}: is what you see among the mistakes there?')
    if hunk := _find_hunk(practice, goal):
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
                paths += [words[3]] if words[:1] == ["diff"] and len(words) == 4 else []
                is_code = not is_code
            elif not is_code:
                prose.append(line)
        paragraphs = "\n".join(prose).strip().split("\n\n")
        sections.append(Section(heading.strip(), tuple(paths), paragraphs[0].strip()))
    return sections


def _find_section(page: str, goal: Goal) -> Section | None:
    """Return the part that shows one of the goal's files, its names if it can be."""
    names = getattr(goal, "names", ())
    fitting = [
        section
        for section in read_sections(page)
        if any(_is_about(path, goal) for path in section.paths)
    ]
    named = [section for section in fitting if any(f"`{name}`" in section.text for name in names)]
    return next(iter([*named, *fitting]), None)


def _is_about(path: str, goal: Goal) -> bool:
    return any(path == about or path.startswith(f"{about.rstrip('/')}/") for about in goal.about)


def _find_hunk(practice: Practice, goal: Goal) -> str:
    """Return the hunk of the step in the goal's files that has its names, or else the first."""
    if not goal.about:
        return ""
    ends = practice.before.commit, practice.stage.commit
    diff = git.run(practice.main, "diff", "--no-color", *ends, "--", *goal.about)
    if not diff:
        return ""
    hunks = [
        f"{header.strip()}\n@@{hunk}"
        for header, *rest in (file.split("\n@@") for file in f"\n{diff}".split("\ndiff --git ")[1:])
        for hunk in rest
    ]
    names = getattr(goal, "names", ())
    fitting = [hunk for hunk in hunks if any(name in hunk for name in names)] or hunks or [diff]
    shown = fitting[0].rstrip().split("\n")
    if len(shown) > LONGEST:
        shown[LONGEST:] = [f"... and {len(shown) - LONGEST} lines more"]
    ends_typed = f"{practice.before.tag} {practice.stage.tag} -- {' '.join(goal.about)}"
    return "\n".join(["diff --git " + shown[0], *shown[1:], f"\nAll of it: git diff {ends_typed}"])

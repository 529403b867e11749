"""Hints for a goal, one after the other: a question, the page's own words, the real change."""

import re
from itertools import dropwhile
from itertools import takewhile
from textwrap import fill
from typing import NamedTuple

from tour.diff.step import matches
from tour.pages.form import is_name
from tour.practice.changes import Subject
from tour.practice.changes import rank
from tour.practice.changes import show_change
from tour.practice.grading import make_trial
from tour.practice.grading import read_bounds
from tour.practice.mistakes import find_mistake
from tour.practice.mistakes import read_lines
from tour.practice.vocabulary.definitions import Complete
from tour.practice.vocabulary.goal import NOT_IMPORTED
from tour.practice.vocabulary.goal import TESTS
from tour.practice.vocabulary.goal import Behaviour
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.goal import Trial
from tour.practice.vocabulary.runs import OwnTests
from tour.practice.workplace import Practice
from tour.repo import git
from tour.stages.manifest import main_branches
from tour.syntax.files import Files

# the section of a page in whose parts the hunks stand, each with its reason
WALK = "## The diff, walked through"
WRONG = "## What goes wrong"

# what to ask in place of the goal's question, by what was found
QUESTIONS = {
    "no tests ran": "Where does setup.cfg say that the tests are?",
    "does not tell what": "Which program counts what the tests cover, and which one prints it?",
    "'NoneType' object is not subscriptable": "What is the status of that answer? One of a page"
    " that is not there has no JSON in it.",
    "no such table": "What makes the tables, and is it called before the first request?",
    "relative import": "What does Python call a file that it runs as a program, and which package"
    " is that file in?",
    "there is no module": "Where does Python look for a module of that name? And with a dot before"
    " the name, or with a package?",
    "is not there yet": "Follow the imports with a finger, from the program's first line on: which"
    " file waits for which?",
    NOT_IMPORTED: Complete.question,
    "cannot be imported": "Which imports lead from the first line of the tests to that one?",
}

# the test that a run tells of
TEST = re.compile(r"(test_\w+)\S* fails")

# the file that waits in an import cycle, and the line to which it has come
WAITING = re.compile(r" of (\S+) is not there yet; that file is at its line (\d+)")

# a sentence that points to something beside it, and one that goes on with what is above
POINTING = re.compile(
    r":$|\b(?:below|above|picture|[Tt]h[eo]se|this (?:line|page|section)|[Tt]he (?:next|two are))\b"
)
GOING_ON = re.compile(
    r"(?:This|These|That|They|Its?|So|Then|And|But|Here|With(?:out)? th\w+)\b|[^.,]*\bthe[my]\b"
)


class Section(NamedTuple):
    """A part of a page: its heading, the paths that it shows code of, its paragraphs, and all."""

    heading: str
    paths: tuple[str, ...]
    paragraphs: tuple[str, ...]
    body: str


def list_hints(
    practice: Practice, goal: Goal, finding: Finding | None = None, files: Files | None = None
) -> list[str]:
    """Return the hints for a goal, and what was found for it, in the order in which one wants them.

    A goal that is about many files, or about none, is about the one where something was found.
    `files` are the learner's.
    """
    finding = finding or Finding("", 0, "")
    bounds = read_bounds(practice.main, practice.before.commit, practice.stage.commit)
    trial = make_trial(files or Files({}, {}), bounds)
    subject = _find_subject(goal, finding, trial)
    text, page = read_page(practice), f"{practice.stage.page}.md"
    mistakes = {each.heading: each.body for each in read_sections(text, WRONG)}
    mistake = find_mistake(mistakes, practice.step, goal, finding, trial)
    found = [_ask(practice, goal, finding)]
    if mistake:
        found.append(f'Is this the mistake "{mistake}"? {page} says there what it does, and why.')
    else:
        found.append(_advise_reading(read_sections(text), page, subject))
    if change := show_change(practice, subject):
        found.append(f"This is what the tour changes there:\n\n{change}")
    return found


def _ask(practice: Practice, goal: Goal, finding: Finding) -> str:
    """Return the question; where the test of a failure is the stage's own, say where that is."""
    asks = next((QUESTIONS[said] for said in QUESTIONS if said in finding.sentence), goal.asks)
    test = TEST.match(finding.sentence)
    if isinstance(goal, OwnTests) and not goal.yours and test:
        place = git.ask(practice.main, "grep", "-n", f"def {test[1]}(", practice.stage.commit)
        if place:
            _, path, number, *_ = place.split(":")
            asks += f" It is one of the stage, at line {number}: git show {practice.tag}:{path}"
    return asks


def _find_subject(goal: Goal, finding: Finding, trial: Trial) -> Subject:
    """Return what the hints for a finding are about."""
    path, number, sentence = finding
    # what is found in the first line is about the file
    lines = ["", *read_lines(trial.model.files, path)[: number if number > 1 else 0]]
    line = lines[-1]
    waiting = WAITING.search(sentence)
    if waiting and line in read_lines(trial.after.files, path):
        # the import that fails is as it should be, and comes too early
        return _find_subject(goal, Finding(waiting[1], int(waiting[2]), ""), trial)
    stages = (*trial.before.modules.values(), *trial.after.modules.values())
    known = {*goal.words} or {*re.findall(r"'(\w+)'", sentence)}.union(
        *(each.bound | each.functions.keys() for each in stages)
    )
    # of a file that is not there all is missing, and what a test compares is data
    is_vague = sentence.startswith("there is no ") and not path or " assert " in sentence
    said = [] if is_vague else dict.fromkeys(re.findall(r"\w+(?:\.\w+)*", sentence))
    words = tuple(word for word in said if word.split(".")[-1] in known)
    before, after = trial.before.files.contents, trial.after.files.contents
    if not isinstance(goal, Behaviour):
        # of a file that the step takes away, the page may say nothing
        is_there = path in after and any(matches(path, about) for about in goal.about)
        paths = (path,) if path and not goal.about or is_there else goal.about
        return Subject(paths, words or goal.words, line)
    changed = [each for each in after if each.endswith(".py") and before.get(each) != after[each]]
    modules = tuple(each for each in changed if not each.startswith(TESTS))
    # a test and its module have names of what they test
    test = TEST.match(sentence)
    parts = _split(test[1] if test else "") | _split(path if path.startswith(TESTS) else "")
    if named := tuple(each for each in modules if _split(each) & parts):
        return Subject(named, (*words, *sorted(parts)), "")
    if not path or path.startswith(TESTS):
        return Subject(goal.about if words or not sentence else (), words, line)
    function = re.findall(r"^def (\w+)", "\n".join(lines), re.MULTILINE)[-1:]
    words = (*words, *function) or (path,)
    return Subject((path,) if path in modules else modules, words, line)


def _split(path: str) -> set[str]:
    """Return the parts of a path or a name that tell what it is about."""
    return set(re.split(r"[\W_]+", path)) - {"", "flack", "init", "py", "test", "tests"}


def read_page(practice: Practice) -> str:
    """Return the page of a step, as it lies there, or as main has it."""
    path = f"{practice.stage.page}.md"
    file = practice.main / path
    if file.is_file():
        return file.read_text(encoding="utf-8")
    places = (f"{branch}:{path}" for branch in main_branches(practice.main))
    return next(filter(None, (git.ask(practice.main, "show", place) for place in places)), "")


def read_sections(page: str, title: str = WALK) -> list[Section]:
    """Return the parts of a page that walk through the step's diff, or those of its mistakes."""
    part = page.partition(f"{title}\n")[2].partition("\n## ")[0]
    sections = []
    for heading, _, body in (each.partition("\n") for each in part.split("\n### ")[1:]):
        # a diff of two stages, or the listing of a new file
        shown = re.findall(r"^```(?:diff \S+|(?!console|diff)\w+) v\S+ (\S+)$", body, re.MULTILINE)
        prose = re.sub(r"^```[\s\S]*?^```$", "", body, flags=re.MULTILINE)
        # a terminal shows of a link its words alone
        prose = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", prose)
        paragraphs = filter(None, (" ".join(text.split()) for text in prose.split("\n\n")))
        sections.append(Section(heading.strip(), tuple(shown), tuple(paragraphs), body))
    return sections


def read_alone(paragraph: str) -> str:
    """Return the sentences of a paragraph that say all without what stands around it."""
    if is_name(paragraph) or re.match(r"[|<!]|- ", paragraph):
        return ""
    sentences = re.split(r"(?<=[.?!]) (?=[^a-z])", paragraph)
    begun = dropwhile(lambda each: GOING_ON.match(each) or POINTING.search(each), sentences)
    return " ".join(takewhile(lambda each: not POINTING.search(each), begun))


def _advise_reading(sections: list[Section], page: str, subject: Subject) -> str:
    """Return what to read: the part of a page that is about a subject, or else its mistakes."""
    everywhere = "\n".join(section.body for section in sections)
    ranks = {
        section: rank(subject, re.split(r"\n[-+]?", section.body), everywhere)
        for section in sections
        if any(matches(path, about) for path in section.paths for about in subject.paths)
    }
    section = max(ranks, key=lambda section: ranks[section], default=None)
    if section is None or subject.words and not ranks[section]:
        heading = WRONG.removeprefix("## ")
        return f'Read "{heading}" in {page}: is what you see among the mistakes there?'
    texts = filter(None, map(read_alone, section.paragraphs))
    named = subject._replace(line="")
    said = max(texts, key=lambda text: (rank(named, [text], everywhere), len(text)), default="")
    return f'Read "{section.heading}" in {page}{":" if said else "."}\n\n{fill(said, 80)}'.rstrip()

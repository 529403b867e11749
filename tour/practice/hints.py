"""Hints for a goal, one after the other: a question, the page's own words, the real change."""

import re
from itertools import chain
from itertools import dropwhile
from itertools import takewhile
from textwrap import fill
from typing import NamedTuple

from tour.pages.form import is_name
from tour.practice import mistakes
from tour.practice.changes import Subject
from tour.practice.changes import count
from tour.practice.changes import is_about
from tour.practice.changes import show_change
from tour.practice.grading import read_bounds
from tour.practice.mistakes import Code
from tour.practice.vocabulary.definitions import Complete
from tour.practice.vocabulary.goal import NOT_IMPORTED
from tour.practice.vocabulary.goal import Behaviour
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.runs import OwnTests
from tour.practice.workplace import Practice
from tour.repo import git
from tour.stages.manifest import main_branches
from tour.stages.sizes import is_test
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

# what tells a failure from others: what is quoted, and what is spelt as a name
QUOTED = re.compile(r"['\"`]([A-Za-z_][\w.]*)['\"`]")
NAME = re.compile(r"\b[A-Za-z]+(?:[._]\w+|[A-Z][a-z]\w*)+")

# a name that code imports or defines
DEFINED = re.compile(r"\b(?:from|import|def|class) +\.*(\w+)|^(\w+) = ", re.MULTILINE)

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
    code = _read_code(practice, goal, finding, files)
    subject = _find_subject(goal, finding, code)
    waiting = WAITING.search(finding.sentence)
    if waiting and code.line in code.after.get(finding.path, ()):
        # the import that fails is as it should be, and comes too early
        place = Finding(waiting[1], int(waiting[2]), "")
        subject = _find_subject(goal, place, _read_code(practice, goal, place, files))
    text, page = read_page(practice), f"{practice.stage.page}.md"
    wrong = read_sections(text, WRONG)
    bodies = [section.body for section in wrong]
    mistake = mistakes.find_mistake(bodies, finding.path, finding.sentence, code)
    found = [_ask(practice, goal, finding)]
    if mistake is not None:
        heading = wrong[mistake].heading
        found.append(f'Is this the mistake "{heading}"? {page} says there what it does, and why.')
    else:
        found.append(_advise_reading(read_sections(text), page, subject))
    if change := show_change(practice, subject):
        found.append(f"This is what the tour changes there:\n\n{change}")
    return found


def _read_code(practice: Practice, goal: Goal, finding: Finding, files: Files | None) -> Code:
    """Return the learner's line where something was found, and the lines of the stages."""
    bounds = read_bounds(practice.main, practice.before.commit, practice.stage.commit)
    texts = [
        {
            path: data.decode(errors="replace").splitlines()
            for path, data in each.contents.items()
            if path.endswith(".py")
        }
        for each in (files or Files({}, {}), bounds.before.files, bounds.after.files)
    ]
    # what is found in the first line is about the file
    above = texts[0].get(finding.path, [])[: finding.line if finding.line > 1 else 0]
    line = mistakes.strip(above[-1]) if above else ""
    defined = re.findall(r"^ *def (\w+)", "\n".join(above), re.MULTILINE)
    function = tuple(defined[-1:]) if above and above[-1].startswith(" ") else ()
    yours, before, after = (
        {path: frozenset(map(mistakes.strip, lines)) for path, lines in each.items()}
        for each in texts
    )
    there = frozenset[str]().union(*yours.values()) if isinstance(goal, Behaviour) else frozenset()
    return Code(line, function, there - {""}, before, after)


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


def _find_subject(goal: Goal, finding: Finding, code: Code) -> Subject:
    """Return what the hints for a finding are about."""
    if isinstance(goal, Behaviour):
        return _find_subject_of_run(goal, finding, code)
    paths, words = goal.about, goal.words
    # of a file that the step takes away, the page may say nothing
    if finding.path and not paths or finding.path in code.after and is_about(finding.path, paths):
        paths = (finding.path,)
    # of a file that is not there all is missing
    is_absent = finding.sentence.startswith("there is no ") and not finding.path
    said = [] if is_absent else re.findall(r"\w+", finding.sentence)
    stages = "\n".join(chain(*code.before.values(), *code.after.values()))
    known = words or {name for names in DEFINED.findall(stages) for name in names}
    # the package's own name stands everywhere
    names = tuple(word for word in said if word in known and word != "flack") or words
    return Subject(paths, names, code.line, not names)


def _find_subject_of_run(goal: Behaviour, finding: Finding, code: Code) -> Subject:
    changed = [path for path in code.after if code.after[path] != code.before.get(path)]
    modules = tuple(path for path in changed if not is_test(path))
    is_of_module = bool(finding.path) and not is_test(finding.path)
    # what a test compares is data
    names = () if " assert " in finding.sentence else find_names(finding.sentence)
    # a test and its module have names of what they test
    test = TEST.match(finding.sentence)
    parts = _split(test[1] if test else "") | _split("" if is_of_module else finding.path)
    if named := tuple(path for path in modules if _split(path) & parts):
        return Subject(named, (*names, *sorted(parts)), "", True)
    if not is_of_module:
        return Subject(goal.about, names, code.line, not finding.sentence)
    paths = (finding.path,) if finding.path in modules else modules
    return Subject(paths, (*names, *code.function), code.line, False)


def _split(path: str) -> set[str]:
    """Return the parts of a path or a name that tell what it is about."""
    return set(re.split(r"[\W_]+", path)) - {"", "flack", "init", "py", "test", "tests"}


def find_names(sentence: str) -> tuple[str, ...]:
    """Return the names in what a failure says."""
    return tuple(dict.fromkeys([*QUOTED.findall(sentence), *NAME.findall(sentence)]))


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
    part = page.partition(f"{title}\n")[2].partition("\n## ")[0]
    sections = []
    for heading, _, body in (each.partition("\n") for each in part.split("\n### ")[1:]):
        # a diff of two stages, or the listing of a new file
        shown = re.findall(r"^```(?:diff \S+|(?!console|diff)\w+) v\S+ (\S+)$", body, re.MULTILINE)
        prose = re.sub(r"^```[\s\S]*?^```$", "", body, flags=re.MULTILINE)
        # a terminal shows of a link its words alone
        prose = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", prose)
        paragraphs = (" ".join(text.split()) for text in prose.split("\n\n"))
        sections.append(
            Section(heading.strip(), tuple(shown), tuple(filter(None, paragraphs)), body)
        )
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

    def rank(text: str) -> float:
        # what all parts speak of tells none of them
        counts = ((count(word, text), count(word, everywhere)) for word in subject.words)
        return sum(here / max(total, 1) for here, total in counts)

    def rank_part(section: Section) -> float:
        shown = [mistakes.strip(line.lstrip("+- ")) for line in section.body.splitlines()]
        near = mistakes.find_nearest(subject.line, shown)
        return rank(section.body) + mistakes.measure_likeness(subject.line, near)

    fitting = [
        section
        for section in sections
        if any(is_about(path, subject.paths) for path in section.paths)
        and (subject.is_open or rank_part(section))
    ]
    if fitting:
        section = max(fitting, key=rank_part)
        texts = filter(None, map(read_alone, section.paragraphs))
        said = fill(max(texts, key=lambda text: (rank(text), len(text)), default=""), 80)
        return f'Read "{section.heading}" in {page}{":" if said else "."}\n\n{said}'.rstrip()
    heading = WRONG.removeprefix("## ")
    return f'Read "{heading}" in {page}: is what you see among the mistakes there?'

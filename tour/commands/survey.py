"""say what could be cut first from a Flask application of your own

Reads a module, or the modules in a folder, and runs nothing of them. A table has the sections of
the module that makes the application: in the order to cut them, with what each one touches, which
other sections it needs, and the names that would make an import cycle. In a folder it also tells
which modules import each other, and the one definition whose move would end that. Returns 1 when a
file is not Python. docs/your-own-application.md explains each column.

example:
  python3 -m tour survey ../my-app/app.py --picture app.svg
"""

import argparse
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path

from tour.pictures import cuts
from tour.survey import result
from tour.survey.survey import survey
from tour.system import terminal
from tour.system.errors import DISK_FULL_CODES
from tour.system.errors import UsageError
from tour.system.table import format_table
from tour.system.wording import count
from tour.system.wording import enumerate_words

HEADINGS = ["", "section", "to", "touches", "needs", "cycle", "lines"]
WIDTH = 79


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("path", type=Path, metavar="PATH", help="a module, such as app.py, or a folder of modules")
    add("--json", action="store_true", help="print the survey for a program")
    add("--picture", type=Path, metavar="FILE", help="write a picture of it, in SVG, to this file")


def run(arguments: argparse.Namespace) -> int:
    """Survey, print it, and return 1 when a file could not be read."""
    found = survey(arguments.path)
    if arguments.picture:
        _write_picture(found, arguments.picture)
    if arguments.json:
        print(json.dumps(_as_data(found), indent=2))
    else:
        for line in "\n".join(_report(found)).splitlines():
            print(terminal.escape(line))
        if arguments.picture:
            print(f"\nThe picture is {arguments.picture}")
    return 1 if found.faults else 0


def _write_picture(found: result.Survey, file: Path) -> None:
    picture = cuts.draw(found).to_svg("survey")
    try:
        _write(picture, file)
    except OSError as error:
        if error.errno in DISK_FULL_CODES:
            raise
        raise UsageError(
            f"{file} cannot be written: {error.strerror}; name another place for the picture"
        ) from None


def _write(picture: bytes, file: Path) -> None:
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder {file.parent} for the picture; make it first")
    if file.is_dir():
        raise UsageError(f"{file} is a folder; name a file for the picture, such as survey.svg")
    if file.suffix.lower() != ".svg":
        # a slip of the hand must not write it over the module that is surveyed
        raise UsageError(f"{file} does not end in .svg; name a picture, such as survey.svg")
    file.write_bytes(picture)


def _as_data(value: object) -> object:
    """Return a result as what JSON has."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _as_data(each) for name, each in value._asdict().items()}
    if isinstance(value, tuple):
        return [_as_data(each) for each in value]
    return value


def _report(found: result.Survey) -> Iterator[str]:
    for fault in found.faults:
        place = f"{fault.path}:{fault.line}" if fault.line else fault.path
        yield f"{place}: {fault.reason}"
    for cycle in found.cycles:
        yield from _report_cycle(cycle)
        yield ""
    if found.cut:
        yield from _report_cut(found.cut)
        for other in found.others:
            makes = enumerate_words(list(_made(other)))
            yield from _wrap(f"Also: {other.path} makes {makes}. To survey it, name that file.")
    elif not found.faults:
        # the tests in a folder are not read
        where = " outside of tests" if Path(found.path).is_dir() else ""
        yield f"{found.path} defines nothing{where}, so there is nothing to cut"


def _report_cycle(cycle: result.Cycle) -> Iterator[str]:
    yield f"Import cycle: {enumerate_words(cycle.modules)}"
    for edge, names in cycle.imports:
        for_names = f" for {enumerate_words(names)}" if names else ""
        yield from _wrap(f"{edge.importer} imports {edge.imported}{for_names}", "  ")
    steps = list(_ends(cycle))
    if len(steps) == 1:
        yield from _wrap(f"It ends when {steps[0]}.")
    elif steps:
        yield "It ends when each of these is done:"
        for step in steps:
            yield from _wrap(f"- {step}", "  ", "    ")
    else:
        yield from _wrap(
            "No single definition ends it: look for one that two of these modules could share."
        )


def _ends(cycle: result.Cycle) -> Iterator[str]:
    """Yield what has to happen, so that the modules do not import each other any more."""
    if cycle.move:
        name, path, line, is_bound = cycle.move
        apart = ", made without the application, which its init_app gets later" if is_bound else ""
        yield f"{name} moves from {path} (line {line}) to a module of its own{apart}"
    for each in cycle.borrowed:
        yield f"{each.path} (line {each.line}) uses {each.instead} instead of {each.name}"


def _report_cut(cut: result.Cut) -> Iterator[str]:
    yield from _wrap(_introduce(cut))
    if not cut.sections:
        yield "Nothing is left to cut"
    elif not _is_about_flask(cut):
        yield from _wrap(
            "Nothing in it needs one either. Name the module that makes your application, or the"
            " folder of its package."
        )
    else:
        yield ""
        yield format_table([HEADINGS, *_rows(cut)], left=len(HEADINGS) - 1)
        yield ""
        yield from _report_first(cut)
        yield from _report_cycles_to_come(cut)
    if cut.applications and not cut.factories:
        yield from _wrap(
            f"Last: what stays makes {cut.applications[0]} whenever it is imported. Put that into a"
            " function, create_app."
        )
    for note in cut.notes:
        yield from _wrap(f"Note: {note}.")
    if cut.sections and _is_about_flask(cut):
        yield "What each section holds:"
        for number, section in enumerate(cut.sections, 1):
            yield from _wrap(f"{number} {', '.join(section.names)}", "  ", "    ")


def _is_about_flask(cut: result.Cut) -> bool:
    made = (cut.applications, cut.factories, cut.databases)
    return any(made) or any(section.touches for section in cut.sections)


def _introduce(cut: result.Cut) -> str:
    makes = [*_made(cut), *(f"the database {name}" for name in cut.databases)]
    made = f"makes {enumerate_words(makes)}" if makes else "makes no Flask application"
    return f"{cut.path} has {count(cut.lines, 'line')} and {made}."


def _made(cut: result.Cut | result.Other) -> Iterator[str]:
    """Yield which applications a module makes, and by which functions."""
    yield from (f"the application {name}" for name in cut.applications)
    yield from (f"applications in {name}" for name in cut.factories)


def _rows(cut: result.Cut) -> Iterator[list[str]]:
    numbers = {section.title: str(number) for number, section in enumerate(cut.sections, 1)}
    for section in cut.sections:
        needed = sorted({int(numbers[need.section]) for need in section.needs})
        yield [
            numbers[section.title],
            section.title,
            section.module,
            ", ".join(section.touches) or "neither",
            ",".join(map(str, needed)),
            ", ".join(need.name for need in section.back),
            str(section.lines),
        ]
    yield ["", "what stays", cut.path, "", "", "", str(cut.stays_lines)]


def _report_first(cut: result.Cut) -> Iterator[str]:
    first = cut.sections[0]
    yield from _wrap(f"First: {first.title}, to {first.module}. {_why(first)}")
    for kind, words in (
        ("from_object", "keep the values, and let app.config.from_object read them"),
        ("a blueprint", "register the views on a blueprint"),
        ("a blueprint's cli", "register the commands on a blueprint's cli"),
        ("init_app", "let a function init_app(app) do what needs it"),
        ("current_app", "use current_app in functions"),
    ):
        sections = [section.module for section in cut.sections if kind in section.instead]
        if sections:
            yield from _wrap(
                f"In place of the application, in {enumerate_words(sections)}: {words}."
            )


def _why(section: result.Section) -> str:
    if section.back:
        return f"It needs {enumerate_words([need.name for need in section.back])}, so see below."
    if not section.touches:
        return "It touches neither the application nor the database, and needs nothing that stays."
    return "It needs nothing that stays."


def _report_cycles_to_come(cut: result.Cut) -> Iterator[str]:
    blocked: dict[tuple[str, str], list[result.Section]] = {}
    for section in cut.sections:
        for need in section.back:
            blocked.setdefault((need.name, need.section), []).append(section)
    for (name, provider), sections in blocked.items():
        modules = enumerate_words([section.module for section in sections])
        yield from _wrap(
            f"Cycle: {modules} would import {name} from {cut.path}, which imports"
            f" {'it' if len(sections) == 1 else 'them'}. To avoid that,"
            f" {_advise(cut, name, provider, sections)}."
        )


def _advise(cut: result.Cut, name: str, provider: str, sections: list[result.Section]) -> str:
    if name in cut.databases:
        return (
            f"make {name} in a module of its own, without the application, which its init_app gets"
            " later"
        )
    if name in cut.applications:
        return "make what needs it without it, and let init_app(app) do the rest"
    if provider in {section.title for section in cut.sections}:
        titles = dict.fromkeys([*(section.title for section in sections), provider])
        return (
            f"let {enumerate_words(tuple(titles))} be one module, or let a function import {name}"
        )
    return f"move {name} to a module of its own first"


def _wrap(text: str, indent: str = "", further: str = "  ") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )

"""What a survey says: of an application's modules together, and of the one that makes it."""

from typing import NamedTuple

from tour.syntax.imports import Import


class Need(NamedTuple):
    """A name that a section uses and another one defines, with the line of its first use."""

    name: str
    section: str
    line: int


class Section(NamedTuple):
    """A part of a module that can become a module of its own.

    `needs` are names of sections that are cut before. `back` are names that the module keeps which
    it is cut from, so that the two would import each other. `instead` says what takes the place of
    the application object.
    """

    title: str
    module: str
    touches: tuple[str, ...]
    names: tuple[str, ...]
    first: int
    lines: int
    needs: tuple[Need, ...]
    back: tuple[Need, ...]
    instead: tuple[str, ...]


class Cut(NamedTuple):
    """The module that is taken apart: its sections in the order to cut them, and what stays.

    `applications` and `databases` are objects, `factories` functions that make applications.
    """

    path: str
    lines: int
    applications: tuple[str, ...]
    factories: tuple[str, ...]
    databases: tuple[str, ...]
    sections: tuple[Section, ...]
    stays: tuple[str, ...]
    stays_lines: int
    notes: tuple[str, ...]


class Other(NamedTuple):
    """Another module that makes an application, by an object or by functions, and is not cut."""

    path: str
    applications: tuple[str, ...]
    factories: tuple[str, ...]


class Move(NamedTuple):
    """A definition that ends an import cycle when it moves to a module of its own.

    `is_bound` is one that is made with the application, which it must not need there.
    """

    name: str
    path: str
    line: int
    is_bound: bool


class Borrowed(NamedTuple):
    """An import of an application object, and what does `instead`: current_app, or a blueprint."""

    path: str
    name: str
    line: int
    instead: str


class Cycle(NamedTuple):
    """Modules that import each other, by which names, and what would end that.

    `move` is None where no single definition does. `borrowed` are imports of the application object
    that have to go as well.
    """

    modules: tuple[str, ...]
    imports: tuple[tuple[Import, tuple[str, ...]], ...]
    move: Move | None
    borrowed: tuple[Borrowed, ...]


class Fault(NamedTuple):
    """A file that was not read: the line, which is 0 for all of it, and the reason."""

    path: str
    line: int
    reason: str


class Survey(NamedTuple):
    """What was found at a path: its modules with their lines, and how they import each other.

    `cut` is None where no module defines anything. `others` are modules that could be cut as well.
    `faults` are files that were not read.
    """

    path: str
    modules: dict[str, int]
    imports: tuple[Import, ...]
    cycles: tuple[Cycle, ...]
    cut: Cut | None
    others: tuple[Other, ...]
    faults: tuple[Fault, ...]

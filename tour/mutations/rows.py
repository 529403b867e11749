"""The mutations as data: each replaces one text of a file by another."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tour.system.errors import UsageError

FOLDER = Path(__file__).parent


class Mutation(NamedTuple):
    """A fault in `file`, a path from the top: `new` in the place of `old`, which is there once.

    `tests` are the modules of tour/tests that should catch a fault of the tour. `escapes` is the
    reason why no test catches a fault, and empty for a fault that should be caught.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...] = ()
    escapes: str = ""


def read(kind: str) -> list[Mutation]:
    """Return the rows of a table: `flack`, the application's faults, or `tour`, the tour's."""
    table = FOLDER / f"{kind}.toml"
    try:
        rows = tomllib.loads(table.read_text(encoding="utf-8"))["mutation"]
        mutations = [Mutation(**row | {"tests": tuple(row.get("tests", ()))}) for row in rows]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise UsageError(f"{table}: {error}") from None
    names = Counter(mutation.name for mutation in mutations)
    repeated = [name for name, times in names.items() if times > 1]
    if repeated:
        raise UsageError(f"{table}: more than one row has the name {', '.join(repeated)}")
    return mutations


def select(mutations: list[Mutation], names: list[str]) -> list[Mutation]:
    """Return the mutations with these names, in this order; all of them without a name."""
    by_name = {mutation.name: mutation for mutation in mutations}
    unknown = set(names) - by_name.keys()
    if unknown:
        raise UsageError(f"there is no mutation {', '.join(sorted(unknown))}; see {FOLDER}")
    return [by_name[name] for name in names] or mutations


def apply(mutation: Mutation, text: str) -> str:
    """Return the file's text with the fault; raise UsageError unless the old text is there once."""
    times = text.count(mutation.old)
    if times != 1:
        raise UsageError(
            f"{mutation.name}: its old text is {times} times in {mutation.file}, and must be there"
            " once; fix the row"
        )
    return text.replace(mutation.old, mutation.new)

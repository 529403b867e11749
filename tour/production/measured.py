"""The figures that docs/production.md shows: written by the check, and read for the page."""

import json
import tomllib
from pathlib import Path

from tour.production.faults import Finding
from tour.production.files import FOLDER
from tour.production.operations import Operation
from tour.repo.own_folder import write_whole

FILE = f"{FOLDER}/measured.toml"

HEADER = """\
# Written by `python3 -m tour check v0.10 --production --faults --record`, on a machine of two cores
# that did other work, too. `python3 -m tour docs --update` writes it into docs/production.md.
"""

# the keys of a table that the page shows, and their headings
COLUMNS = {
    "operation": {"name": "what you do", "seconds": "seconds", "seen": "what was seen"},
    "fault": {
        "name": "what happens",
        "requests": "requests",
        "failed": "failed",
        "longest": "longest, s",
        "missing": "missing",
    },
}


def write(repository: Path, operations: list[Operation], findings: list[Finding]) -> None:
    """Write the file with what was found; what is not given stays as it was."""
    file = repository / FILE
    before = read(file.read_text(encoding="utf-8")) if file.exists() else {}
    found = {
        "operation": [each._asdict() for each in operations],
        "fault": [each._asdict() for each in findings],
    }
    lines = [HEADER]
    for name, rows in found.items():
        keys = [*COLUMNS[name], "logged"] if name == "fault" else COLUMNS[name]
        for row in rows or before.get(name, []):
            lines.append(f"[[{name}]]")
            lines += [f"{key} = {_literal(row[key])}" for key in keys]
            lines.append("")
    write_whole(file, "\n".join(lines))


def read(text: str) -> dict[str, list[dict[str, str | int | float]]]:
    """Return the tables of the file: `operation` and `fault`."""
    return tomllib.loads(text)


def write_table(text: str, name: str) -> list[str]:
    """Return the lines of one of the tables, in Markdown; what was logged is a list of its own."""
    if name == "logged":
        return [f"- {row['name']}: {row['logged']}" for row in read(text)["fault"]]
    keys = COLUMNS[name]
    rows = read(text)[name]
    rule = ["---:" if isinstance(rows[0][key], int | float) else "---" for key in keys]
    cells = [[f"{row[key]}" for key in keys] for row in rows]
    return [f"| {' | '.join(line)} |" for line in (list(keys.values()), rule, *cells)]


def _literal(value: str | int | float) -> str:
    """Return a value as TOML has it: strings and whole numbers are as in JSON."""
    return f"{value:.1f}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)

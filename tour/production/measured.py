"""The figures that docs/production.md shows: written by the check, and read for the page."""

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


def write(repository: Path, operations: list[Operation], findings: list[Finding]) -> None:
    """Write the file with what was found; what is not given stays as it was."""
    file = repository / FILE
    before = read(file.read_text(encoding="utf-8")) if file.exists() else {}
    tables: dict[str, list[dict[str, str | int | float]]] = {
        "operation": [
            {"name": each.name, "seconds": round(each.seconds, 1), "seen": each.seen}
            for each in operations
        ],
        "fault": [
            {
                "name": each.name,
                "requests": each.requests,
                "failed": each.failed,
                "longest": round(each.longest, 1),
                "missing": each.missing,
                "logged": each.logged,
            }
            for each in findings
        ],
    }
    lines = [HEADER]
    for name, rows in tables.items():
        for row in rows or before.get(name, []):
            lines.append(f"[[{name}]]")
            lines += [f"{key} = {_literal(value)}" for key, value in row.items()]
            lines.append("")
    write_whole(file, "\n".join(lines))


def read(text: str) -> dict[str, list[dict[str, str | int | float]]]:
    """Return the tables of the file: `operation` and `fault`."""
    return tomllib.loads(text)


def write_table(text: str, name: str) -> list[str]:
    """Return the lines of one of the tables, in Markdown."""
    rows = read(text)[name]
    if name == "operation":
        headings, numbers = ["what you do", "seconds", "what was seen"], [1]
        cells = [[f"{row[key]}" for key in ("name", "seconds", "seen")] for row in rows]
    else:
        headings = ["what happens", "requests", "failed", "longest, s", "missing", "logged"]
        numbers = [1, 2, 3, 4]
        keys = ("name", "requests", "failed", "longest", "missing", "logged")
        cells = [[f"{row[key]}" for key in keys] for row in rows]
    rule = ["---:" if index in numbers else "---" for index in range(len(headings))]
    return [f"| {' | '.join(line)} |" for line in (headings, rule, *cells)]


def _literal(value: str | int | float) -> str:
    """Return a value as TOML has it."""
    if not isinstance(value, str):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

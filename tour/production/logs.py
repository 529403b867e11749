"""The logs of a set-up: what was added meanwhile, in a few words, and whether a secret is there."""

import re
from collections import Counter
from pathlib import Path

from tour.production.deployment import Deployment

NGINX = re.compile(r"\[(?:warn|error|crit|alert|emerg)\] \S+ (?:\*\d+ )?(.+?)(?: while | \(|,|$)")
EXCEPTION = re.compile(r"^(?:\w+\.)*(\w+(?:Error|Exception|Timeout)|ConnectionTimeout)\b")
GUNICORN = re.compile(r"\[(?:WARNING|ERROR|CRITICAL)\] (.+?)(?: /|$)")
POSTGRESQL = re.compile(r"\b(ERROR|FATAL|PANIC):  (.+)$")

# the lines of each program that are more than an access; the groups are what is told of them
PATTERNS = {"nginx": [NGINX], "nodes": [EXCEPTION, GUNICORN], "PostgreSQL": [POSTGRESQL]}

# what differs from line to line
NUMBER = re.compile(r"\d+")
QUOTED = re.compile(r'"[^"]*"')

# kinds of line that are told of each program
KINDS = 3


class Logs:
    """The logs of a set-up and of its database, from a moment on."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.sizes = {file: file.stat().st_size for file in self.files()}

    def files(self) -> list[Path]:
        """Return all logs: nginx's, the nodes', PostgreSQL's."""
        logs = [file for file in self.deployment.logs.rglob("*") if file.is_file()]
        return [*logs, self.deployment.database.log]

    def added(self) -> dict[str, list[str]]:
        """Return the lines that came since, by the program: nginx, nodes, PostgreSQL."""
        lines: dict[str, list[str]] = {"nginx": [], "nodes": [], "PostgreSQL": []}
        for file in self.files():
            with file.open("rb") as log:
                log.seek(self.sizes.get(file, 0))
                text = log.read().decode(errors="replace")
            program = "nginx" if "nginx" in file.parent.name + file.name else "nodes"
            if file == self.deployment.database.log:
                program = "PostgreSQL"
            lines[program] += text.splitlines()
        return lines

    def summary(self) -> str:
        """Return in one line what was logged that is more than an access."""
        told = []
        for program, lines in self.added().items():
            kinds = [
                " ".join(match.groups())
                for line in lines
                for pattern in PATTERNS[program]
                if (match := pattern.search(line))
            ]
            if kinds:
                told.append(f"{program}: {_count(kinds)}")
        return "; ".join(told) or "nothing"

    def leaks(self, secrets: set[str]) -> list[str]:
        """Return the logs that hold one of the secrets."""
        found = []
        for file in self.files():
            text = file.read_text(encoding="utf-8", errors="replace")
            if any(secret in text for secret in secrets):
                found.append(file.name)
        return found


def _count(lines: list[str]) -> str:
    counts = Counter(NUMBER.sub("N", QUOTED.sub("...", line)).strip() for line in lines)
    told = [f"{count} × {kind}" for kind, count in counts.most_common(KINDS)]
    others = sum(counts.values()) - sum(count for _, count in counts.most_common(KINDS))
    return ", ".join([*told, *([f"{others} others"] if others else [])])

"""check whether this machine is ready for class

Checks Python, git, the clone, its tags, the packages, the disk, the ports and the browser. Starts
the newest stage once. Says how to fix each problem. Nothing of yours is changed. Ends with 1
when class would fail; a warning does not make it fail.

example:
  python3 -m tour doctor
  ok       Python    Python 3.13 at /usr/bin/python3.13
  warning  ports     port 5000 is taken, so that Flack will be at 127.0.0.1:5001
             see what listens there, and end it if you can:
               ss -ltnp 'sport = :5000'
"""

import argparse
import textwrap
from pathlib import Path

from tour.doctor import checks
from tour.doctor.machine import Finding
from tour.doctor.machine import Level
from tour.system.address import PORTS

INDENT = " " * 11


def run(arguments: argparse.Namespace) -> int:
    """Print each finding when it is made, then a closing line; return 1 when class would fail."""
    found = []
    for finding in checks.run_checks(Path.cwd(), PORTS):
        print(_format(finding), flush=True)
        found.append(finding.level)
    failures, warnings = found.count(Level.FAILS), found.count(Level.WARNING)
    counts = f"{len(found)} checks, {failures} failed, {warnings} with a warning"
    if failures:
        print(f"Class would fail here: {counts}")
        return 1
    print(f"Ready for class: {counts}")
    return 0


def _format(finding: Finding) -> str:
    """Return the finding as a line, with the fix indented below it."""
    line = f"{finding.level.value:<7}  {finding.name:<8}  {finding.text}"
    fix = textwrap.indent(finding.fix, INDENT)
    return f"{line}\n{fix}" if fix else line

"""The results of the checks as text."""

from pathlib import Path

from tour.check import stage_checks
from tour.check.progress import Progress
from tour.production.faults import Finding
from tour.production.operations import Operation
from tour.stages.line import Stage
from tour.system.status_line import Report
from tour.system.table import format_table
from tour.system.wording import enumerate_words

HEADINGS = ["stage", "tests", "coverage", "contract", "seconds", ""]


def check_and_report(
    repository: Path, chosen: list[Stage], settings: stage_checks.Settings, report: Report
) -> list[stage_checks.Result]:
    """Check stages with their progress on the terminal; `report` the results, and return them."""
    names = ", ".join(settings.name(stage) for stage in chosen)
    report(f"Checking {names} on Python {settings.python.version}")
    with Progress(len(chosen)) as progress:
        results = stage_checks.check_stages(repository, chosen, settings, progress.report)
    report(format_results(results))
    return results


def format_results(results: list[stage_checks.Result]) -> str:
    """Return a table of the results, and below it the end of the output of each failure."""
    lines = [format_table([HEADINGS, *map(_row, results)], left=1)]
    for result in results:
        for failure in result.failures:
            lines.append(f"\n{result.tag}, {failure.phase}: {failure.reason}")
            if failure.output:
                lines += [failure.output, f"all of it: {failure.log}"]
    sharing: dict[tuple[str, str], list[str]] = {}
    for result in results:
        for part, tag in result.elsewhere.items():
            sharing.setdefault((part.name, tag), []).append(result.tag)
    for (name, tag), tags in sharing.items():
        here = enumerate_words(tags)
        lines.append(f"{here}: {name} has the files of {tag}, where all its tests ran")
    if any(result.is_cached for result in results):
        lines.append("cached: passed before, and nothing has changed since; --fresh checks again")
    return "\n".join(lines)


def format_operations(operations: list[Operation]) -> str:
    """Return a table of what operators did, and what came of it."""
    rows = [
        [each.name, f"{each.seconds:.1f}", f"failed: {each.problem}" if each.problem else each.seen]
        for each in operations
    ]
    return format_table([["what an operator does", "seconds", ""], *rows], left=3)


def format_faults(findings: list[Finding]) -> str:
    """Return a table of what each fault did, and below it what was logged."""
    headings = ["fault, under load", "requests", "failed", "longest, s", "missing", ""]
    rows = [
        [
            finding.name,
            f"{finding.requests}",
            f"{finding.failed}",
            f"{finding.longest:.1f}",
            f"{finding.missing}",
            f"failed: {finding.problem}" if finding.problem else "",
        ]
        for finding in findings
    ]
    lines = [
        format_table([headings, *rows], left=1),
        "\nlogged, and in no log a token or a password:",
        *(f"  {finding.name}: {finding.logged}" for finding in findings),
    ]
    return "\n".join(lines)


def _row(result: stage_checks.Result) -> list[str]:
    return [
        result.tag,
        _count(result.tests.total, result.tests.failed),
        "-" if result.coverage is None else f"{result.coverage:.1f} %",
        _count(result.contract.total, result.contract.failed),
        f"{result.seconds:.1f}",
        "failed" if result.failures else "cached" if result.is_cached else "",
    ]


def _count(total: int, failed: int) -> str:
    return f"{total}, {failed} failed" if failed else f"{total}"

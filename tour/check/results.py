"""What the checks found, printed."""

from pathlib import Path

from tour.check import stage_checks
from tour.check.progress import Progress
from tour.check.stage_checks import Result
from tour.check.stage_checks import Settings
from tour.production.faults import Finding
from tour.production.operations import Operation
from tour.stages.line import Stage
from tour.system.table import format_table

HEADINGS = ["stage", "tests", "coverage", "contract", "seconds", ""]


def check_and_print(repository: Path, chosen: list[Stage], settings: Settings) -> list[Result]:
    """Check the stages, print their progress, the table and what failed; return the results."""
    names = ", ".join(settings.name(stage) for stage in chosen)
    print(f"Checking {names} on Python {settings.python.version}")
    with Progress(len(chosen)) as progress:
        results = stage_checks.check_stages(repository, chosen, settings, progress.report)
    print_results(results)
    return results


def print_results(results: list[Result]) -> None:
    """Print a table of what was found, and of each failure the output that tells most."""
    print(format_table([HEADINGS, *map(_row, results)], left=1))
    for result in results:
        for failure in result.failures:
            print(f"\n{result.tag}, {failure.phase}: {failure.reason}")
            if failure.output:
                print(failure.output)
                print(f"all of it: {failure.log}")
    if any(result.kept for result in results):
        print("kept: passed before, and nothing has changed since; --fresh checks it again")


def print_operations(operations: list[Operation]) -> None:
    """Print what operators did, and what came of it."""
    rows = [
        [each.name, f"{each.seconds:.1f}", f"failed: {each.problem}" if each.problem else each.seen]
        for each in operations
    ]
    print(format_table([["what an operator does", "seconds", ""], *rows], left=3))


def print_faults(findings: list[Finding]) -> None:
    """Print what each fault did, and then what was logged."""
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
    print(format_table([headings, *rows], left=1))
    print("\nlogged, and in no log a token or a password:")
    for finding in findings:
        print(f"  {finding.name}: {finding.logged}")


def _row(result: Result) -> list[str]:
    return [
        result.tag,
        _count(result.tests.total, result.tests.failed),
        "-" if result.coverage is None else f"{result.coverage:.1f} %",
        _count(result.contract.total, result.contract.failed),
        f"{result.seconds:.1f}",
        "failed" if result.failures else "kept" if result.kept else "",
    ]


def _count(total: int, failed: int) -> str:
    return f"{total}, {failed} failed" if failed else f"{total}"

"""What the checks found, printed."""

from pathlib import Path

from tour.check import stage_checks
from tour.check.progress import Progress
from tour.check.stage_checks import Result
from tour.check.stage_checks import Settings
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
    if any(result.is_cached for result in results):
        print("cached: passed before, and nothing has changed since; --fresh checks it again")


def _row(result: Result) -> list[str]:
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

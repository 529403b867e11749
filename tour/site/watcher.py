"""Building the site again whenever one of its sources changes."""

import threading
from pathlib import Path

from tour.site import builder
from tour.stages.line import StageLine
from tour.system.status_line import Report

# seconds between two looks at the sources
PAUSE = 0.5


def watch(
    repository: Path,
    line: StageLine,
    report: Report,
    ended: threading.Event,
    python: Path | None = None,
) -> None:
    """Build the site whenever its sources differ from what was built last, until `ended` is set.

    `report` is called with a line before a build, and with what is wrong when it fails.
    """
    tried: str | None = None
    while not ended.is_set():
        digest: str | None
        try:
            digest = builder.find_digest(builder.read_pages(repository), line)
        except FileNotFoundError:
            # an editor puts a file in another one's place at this moment
            digest = tried
        if digest != tried:
            tried = digest
            try:
                builder.build(repository, line, report, python)
            except builder.SiteError as error:
                report(str(error))
        ended.wait(PAUSE)

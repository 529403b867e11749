"""Check pages: all that they quote, count and link to."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from pathlib import PurePosixPath
from typing import NamedTuple

from tour import pictures
from tour.pages import blocks
from tour.pages import findings as findings_module
from tour.pages import links
from tour.pages import names
from tour.pages import numbers
from tour.pages import outline
from tour.pages import regions
from tour.pages import screenshot
from tour.pages.findings import Finding
from tour.pages.quotations import Quotations
from tour.pages.sessions import Runner
from tour.pages.sources import Sources
from tour.probes.running import ProbeError
from tour.repo import git
from tour.system.errors import TourError

ENCODING = "utf-8"

CRLF = b"\r\n"


class CheckedPages(NamedTuple):
    """The findings in the order of the pages, those that an update has fixed, and the counts."""

    findings: list[Finding]
    fixed: list[Finding]
    counts: Counter[str]


class PageChecker:
    """Checks pages of a repository, with what it takes from git and what the sessions print."""

    def __init__(self, sources: Sources, runner: Runner) -> None:
        self.sources = sources
        self.runner = runner
        self.repository = sources.repository
        # the pages by their paths, as they were read last
        self.parsed: dict[str, blocks.Page] = {}

    def check(self, files: list[Path], update: bool, with_pictures: bool) -> CheckedPages:
        """Check the pages in these files, and the pictures; correct what can be with `update`."""
        checked = self._check_once(files, with_pictures)
        if not update:
            return checked
        fixed = [finding for file in files for finding in self._update(file, checked.findings)]
        if with_pictures:
            with suppress(ProbeError):
                fixed += self._update_pictures()
        # again: what was corrected may be wrong in another way now
        return self._check_once(files, with_pictures)._replace(fixed=fixed)

    def _update(self, file: Path, findings: list[Finding]) -> list[Finding]:
        """Correct a page and return what was corrected."""
        path = self._name(file)
        fixed = [finding for finding in findings if finding.path == path and finding.correction]
        if fixed:
            checked = self.parsed[path].text
            # its sessions take a while, in which its author may have gone on
            if file.read_bytes() != checked.encode(ENCODING):
                raise TourError(f"{path} was changed while it was checked; run this again")
            corrections = [finding.correction for finding in fixed if finding.correction]
            text = findings_module.apply(checked, corrections)
            file.write_bytes(text.encode(ENCODING))
        return fixed

    def _name(self, file: Path) -> str:
        return file.relative_to(self.repository).as_posix()

    def _check_once(self, files: list[Path], with_pictures: bool) -> CheckedPages:
        findings: list[Finding] = []
        counts: Counter[str] = Counter()
        pages = []
        self.parsed = {}
        for file in files:
            try:
                text = file.read_bytes().decode(ENCODING)
            except UnicodeDecodeError as error:
                line = file.read_bytes().count(b"\n", 0, error.start) + 1
                findings.append(Finding(self._name(file), line, "this is not UTF-8"))
                continue
            page = blocks.parse(self._name(file), text)
            self.parsed[page.path] = page
            pages.append(page)
        paths = self.list_paths()
        for page, quotations in zip(pages, self._hold_quotations(pages)):
            for check in (names.check, numbers.check, regions.check, outline.check):
                check(page, self.sources)
            links.check(page, paths, self.read_page)
            findings += sorted(page.findings, key=lambda finding: finding.line)
            counts += quotations.counts
            counts["number"] += len(page.numbers)
            counts["region"] += len(page.regions)
            counts["link"] += len(page.links)
            counts["page"] += 1
        if with_pictures:
            findings += self._check_pictures()
            for stage in self.sources.line.stages:
                if not (self.repository / f"{stage.page}.md").is_file():
                    problem = "the manifest names this page: write it"
                    findings.append(Finding(f"{stage.page}.md", 1, problem))
        return CheckedPages(findings, [], counts)

    def _hold_quotations(self, pages: list[blocks.Page]) -> list[Quotations]:
        """Return the quotations of the pages, after all their sessions have run."""
        checked = [Quotations(page, self.sources) for page in pages]
        sessions = [
            (quotations, session) for quotations in checked for session in quotations.sessions
        ]
        answers = self.runner.run([session for _, session in sessions])
        for (quotations, session), answer in zip(sessions, answers):
            if quotations.compare_output(session, answer) and answer:
                self.runner.keep(session)
        return checked

    def read_page(self, path: str) -> blocks.Page | None:
        """Return the page with that path, None when it is no page."""
        if not path.endswith(".md"):
            return None
        if path not in self.parsed:
            text = (self.repository / path).read_bytes().decode(ENCODING, "replace")
            self.parsed[path] = blocks.parse(path, text)
        return self.parsed[path]

    def list_paths(self) -> set[str]:
        """Return the paths of all files and folders that git sees, as they lie here now."""
        listing = git.run(
            self.repository, "ls-files", "-z", "--cached", "--others", "--exclude-standard"
        )
        files = [path for path in listing.split("\0") if path and (self.repository / path).exists()]
        folders = (str(folder) for path in files for folder in PurePosixPath(path).parents)
        return {*files, *folders}

    def _check_pictures(self) -> Iterator[Finding]:
        try:
            expected = pictures.render(self.repository, self.sources.line)
        except ProbeError as error:
            yield Finding(pictures.FOLDER, 1, str(error))
            return
        shown = screenshot.FILES.values() if self._has_screenshot() else ()
        for path, data in expected.items():
            if _with_newlines(_read(self.repository / path)) != data:
                yield Finding(path, 1, "this is not made from the code; --update makes it again")
        for file in sorted((self.repository / pictures.FOLDER).glob("*")):
            if self._name(file) not in (*expected, *shown):
                yield Finding(self._name(file), 1, "no page's picture; delete it")

    def _has_screenshot(self) -> bool:
        """Return whether a page shows Flack in a browser."""
        return any(
            region.name.startswith("screenshot ")
            for page in self.parsed.values()
            for region in page.regions
        )

    def _update_pictures(self) -> Iterator[Finding]:
        for path, data in pictures.render(self.repository, self.sources.line).items():
            file = self.repository / path
            before = _read(file)
            if _with_newlines(before) != data:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data.replace(b"\n", CRLF) if CRLF in before else data)
                yield Finding(path, 1, "this picture was made again")
        tip = self.sources.line.stages[-1]
        if self._has_screenshot() and not screenshot.shows(self.sources, tip.tag):
            for path, data in screenshot.take(self.sources, tip, self.runner.report).items():
                self.repository.joinpath(path).write_bytes(data)
                yield Finding(path, 1, "this picture was taken again")


def _read(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


def _with_newlines(data: bytes) -> bytes:
    """Return the text as git has it, whatever it made of the line ends where it is checked out."""
    return data.replace(CRLF, b"\n")

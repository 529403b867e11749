"""What a page quotes in its fences, compared with git and with what its sessions print."""

from collections import Counter

from tour.pages import console
from tour.pages import excerpt
from tour.pages import fences
from tour.pages import findings
from tour.pages import patches
from tour.pages.blocks import Page
from tour.pages.sessions import Answer
from tour.pages.sessions import Session
from tour.pages.sources import Sources

# the tag of a stage and the name of a patch, which is empty for the stage as it is
Try = tuple[str, str]


class Quotations:
    """The fences of a page: what is wrong with them, and the sessions that tell the rest."""

    def __init__(self, page: Page, sources: Sources) -> None:
        self.page = page
        self.find = page.find
        self.sources = sources
        self.counts: Counter[str] = Counter()
        self.sessions: list[Session] = []
        commits = [stage.commit for stage in sources.line.stages]
        self.normals = {
            is_main: console.normaliser(commits, with_commits=is_main) for is_main in (False, True)
        }
        self.consoles: dict[Try, list[tuple[fences.Console, list[console.Command]]]] = {}
        self.patches: dict[Try, tuple[fences.Patch, dict[str, bytes | None] | None]] = {}
        for fence in page.fences:
            try:
                block = fences.read(fence, self.sources.tags)
            except findings.PageError as error:
                self.find(fence.first - 1, str(error))
                continue
            self.counts[type(block).__name__.lower()] += 1
            self._check_block(block)
        self._make_sessions()

    def _check_block(self, block: fences.Block) -> None:
        match block:
            case fences.Diff(_, old, new, path):
                expected = self.sources.diff(old, new).get(path)
                self._compare(block, expected, f"git diff {old} {new} has no file {path}")
            case fences.Listing(_, tag, path):
                self._compare(block, self.sources.listing(tag, path), f"{tag} has no file {path}")
            case fences.Tree(_, tag, folder):
                expected = self.sources.draw_tree(tag, folder)
                self._compare(block, expected, f"{tag} has no folder {folder}", whole=True)
            case fences.Patch():
                self._apply(block)
            case fences.Console():
                self._read_console(block)

    def _compare(
        self,
        block: fences.Diff | fences.Listing | fences.Tree,
        expected: list[str] | None,
        missing: str,
        whole: bool = False,
    ) -> None:
        fence = block.fence
        if expected is None:
            self.find(fence.first - 1, missing)
        elif all(not line.strip() or line.strip() == excerpt.ELISION for line in fence.lines):
            self.find(fence.first - 1, f"'{fence.info}' quotes nothing")
        else:
            difference = excerpt.compare(list(fence.lines), expected, whole)
            if difference:
                self._report(block, 0, difference, f"this is not in '{fence.info}'")

    def _report(
        self,
        block: fences.Block,
        offset: int,
        difference: excerpt.Difference,
        problem: str,
        end: int | None = None,
    ) -> None:
        """Note a difference; the quotation goes from `offset` to `end` in the block's lines."""
        fence = block.fence
        end = len(fence.lines) if end is None else end
        correction = None
        # a line that would close the fence cannot be written into it
        fixed = difference.fixed
        if fixed is not None and not any(line.strip().startswith(fence.markup) for line in fixed):
            lines = [f"{fence.prefix}{line}" if line else fence.prefix.rstrip() for line in fixed]
            correction = self.page.rewrite(fence.first + offset, fence.first + end, lines)
        at = fence.first + offset + difference.at
        self.find(at, problem, difference.expected, difference.got, correction)

    def _apply(self, block: fences.Patch) -> None:
        key = (block.tag, block.name)
        fence = block.fence
        if key in self.patches:
            self.find(fence.first - 1, f"the page has a try {block.name} of {block.tag} already")
            return
        files = None
        try:
            applied = patches.apply(list(fence.lines), self.sources.files(block.tag))
            files = applied.files
            difference = excerpt.compare(list(fence.lines), applied.lines, whole=True)
            if difference:
                self._report(block, 0, difference, "the numbers of this hunk")
        except findings.LineError as error:
            got = fence.lines[error.index] if fence.lines else None
            line = fence.first + error.index if fence.lines else fence.first - 1
            self.find(line, error.problem, expected=error.expected, got=got)
        self.patches[key] = block, files

    def _read_console(self, block: fences.Console) -> None:
        key = (block.tag, block.name)
        if block.name and key not in self.patches:
            self.find(
                block.fence.first - 1,
                f"there is no 'diff {block.tag} try {block.name}' above this block",
            )
            return
        try:
            commands = console.read_commands(block.fence.lines)
        except findings.LineError as error:
            line = block.fence.first + error.index if block.fence.lines else block.fence.first - 1
            self.find(line, error.problem)
            return
        self.consoles.setdefault(key, []).append((block, commands))

    def _make_sessions(self) -> None:
        for key, (patch, _) in self.patches.items():
            if key not in self.consoles:
                self.find(patch.fence.first - 1, f"no console below tries {patch.name}")
        for (tag, name), consoles in self.consoles.items():
            files = self.patches[tag, name][1] if name else {}
            # a patch that does not apply is a finding already
            if files is not None:
                commands = [commands for _, commands in consoles]
                self.sessions.append(Session(self.page.path, tag, name, files, commands))

    def compare_output(self, session: Session, answers: list[list[Answer]]) -> bool:
        """Compare what a session has printed with its blocks; tell whether they quote it."""
        before = len(self.page.findings)
        consoles = self.consoles[session.tag, session.name]
        for (block, commands), block_answers in zip(consoles, answers):
            for command, answer in zip(commands, block_answers):
                self._compare_output(block, command, answer)
        return len(self.page.findings) == before

    def _compare_output(
        self, block: fences.Console, command: console.Command, answer: Answer
    ) -> None:
        fence = block.fence
        if answer.problem:
            self.find(fence.first + command.start, f"{command.text}: {answer.problem}")
            return
        quoted = list(fence.lines[command.first : command.end])
        normal = self.normals[block.tag == fences.MAIN]
        difference = excerpt.compare(quoted, answer.lines, whole=True, normal=normal)
        if difference:
            problem = f"this is not what '{command.text.splitlines()[0]}' prints"
            self._report(block, command.first, difference, problem, command.end)

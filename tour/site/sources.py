"""What Sphinx reads beside the pages: their order, and a page with the full diff of each step."""

from pathlib import Path
from pathlib import PurePosixPath

from tour.site import full
from tour.stages.line import Stage
from tour.stages.line import StageLine

INDEX = "index"

# the guides, with their names in the list of pages
GUIDES = {
    "learner": "Learn",
    "your-own-application": "Your own application",
    "instructor": "Teach",
    "teaching": "Steps in class",
    "production": "For others",
    "maintainer": "Maintain",
    "still-missing": "What is still missing",
    "architecture": "Architecture",
    "glossary": "Words",
    "libraries": "Libraries",
    "changelog": "Changelog",
}

# what the name of the page with a step's full diff ends in
FULL = "-full"


def write(repository: Path, line: StageLine, folder: Path) -> dict[str, str]:
    """Complete the pages that are there; return the name of each stage's page by its tag."""
    names = {stage.tag: stage.page.removeprefix("docs/") for stage in line.stages}
    found = [stage for stage in line.stages if _file(folder, names[stage.tag]).exists()]
    for stage in found:
        before = line.before(stage)
        name = names[stage.tag]
        page = PurePosixPath(name).name
        html = full.write(repository, before, stage)
        _write(folder / f"{name}{FULL}.html", html)
        _write(_file(folder, name + FULL), _full_page(before, stage, page))
        _append(folder, name, _toctree([f"{_title(before)} <{page}{FULL}>"]))
    steps = [f"{stage.tag} {stage.title} <{names[stage.tag]}>" for stage in found]
    guides = [f"{title} <{name}>" for name, title in GUIDES.items() if _file(folder, name).exists()]
    _append(folder, INDEX, _toctree(steps, "The steps") + _toctree(guides, "Guides"))
    return names


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.md"


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _append(folder: Path, name: str, text: str) -> None:
    with _file(folder, name).open("a", encoding="utf-8") as file:
        file.write(text)


def _toctree(entries: list[str], caption: str = "") -> str:
    if not entries:
        return ""
    options = [":hidden:", *([f":caption: {caption}"] if caption else [])]
    return "\n".join(["", "", "```{toctree}", *options, "", *entries, "```", ""])


def _title(before: Stage | None) -> str:
    return "The full step" if before else "All lines"


def _full_page(before: Stage | None, stage: Stage, page: str) -> str:
    """Return the source of the page with a step's full diff, which is in a file beside it."""
    words = f"All lines of {stage.tag}."
    if before:
        words = f"All of `git diff {before.tag} {stage.tag}`, with moved lines shown as moved."
    return "\n".join(
        [
            # the search is for what the pages explain
            "---",
            "nosearch: true",
            "hide-toc: true",
            "---",
            f"# {stage.tag}: {_title(before).lower()}",
            "",
            f"{words} It is explained in [{stage.title}]({page}.md).",
            "",
            "```{raw} html",
            f":file: {page}{FULL}.html",
            "```",
            "",
        ]
    )

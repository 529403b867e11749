"""The packages of the tour: which imports between them are found to go the wrong way."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tour.check.own_checks import LINT_IMPORTS
from tour.environments.environment import PACKAGE

SETTINGS = PACKAGE.parent / "pyproject.toml"
PACKAGES = sorted(file.parent.name for file in PACKAGE.glob("*/__init__.py"))


def lint_imports(place: Path) -> subprocess.CompletedProcess:
    """Return what import-linter says of the package `tour` in the folder."""
    command = [sys.executable, "-c", LINT_IMPORTS, "--no-cache", "--no-logo"]
    return subprocess.run(
        [*command, "--config", "pyproject.toml"], cwd=place, text=True, capture_output=True
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tour, beside its settings."""
    shutil.copytree(PACKAGE, tmp_path / "tour", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(SETTINGS, tmp_path)
    return tmp_path


def test_an_import_the_wrong_way_is_found_in_every_room(copy: Path) -> None:
    packages = [package for package in PACKAGES if package != "tests"]
    above = {package: "tour.cli" for package in packages} | {"mutations": "tour.__main__"}
    for package, module in above.items():
        copy.joinpath("tour", package, "planted.py").write_text(f"import {module}\n")
    found = lint_imports(copy)
    assert found.returncode == 1
    for package, module in above.items():
        assert f"tour.{package}.planted -> {module} (l.1)" in found.stdout


def test_a_verb_that_uses_another_one_and_a_room_that_uses_tests_are_found(copy: Path) -> None:
    copy.joinpath("tour", "commands", "planted.py").write_text("import tour.commands.go\n")
    copy.joinpath("tour", "repo", "planted.py").write_text("import tour.tests.synthetic\n")
    found = lint_imports(copy)
    assert found.returncode == 1
    assert "tour.commands.planted -> tour.commands.go (l.1)" in found.stdout
    assert "tour.repo.planted -> tour.tests.synthetic (l.1)" in found.stdout


def test_a_room_that_no_layer_names_is_found(copy: Path) -> None:
    copy.joinpath("tour", "cellar").mkdir()
    copy.joinpath("tour", "cellar", "__init__.py").touch()
    found = lint_imports(copy)
    assert found.returncode == 1
    assert "cellar" in found.stdout


def test_every_folder_with_modules_is_a_package() -> None:
    # import-linter does not see the others
    folders = {file.parent for file in PACKAGE.rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_the_modules_that_the_map_names_are_there(this_repository: Path) -> None:
    page = this_repository.joinpath("docs", "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+(?:/[a-z_]*)?)`", page)) - {"tour/"}
    assert len(named) > 20
    missing = [
        name
        for name in sorted(named)
        if not (PACKAGE / name).is_dir() and not (PACKAGE / f"{name}.py").is_file()
    ]
    assert missing == []


def test_the_map_names_every_package(this_repository: Path) -> None:
    page = this_repository.joinpath("docs", "architecture.md").read_text(encoding="utf-8")
    unnamed = [name for name in PACKAGES if f"`{name}/" not in page]
    assert unnamed == []

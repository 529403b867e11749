"""What the doctor finds on machines and in clones with something amiss, one thing at a time."""

import argparse
import http.server
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import webbrowser
import zipfile
from collections.abc import Callable
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tour.commands import doctor as command
from tour.doctor import checks
from tour.doctor import machine
from tour.doctor.checks import CloneChecks
from tour.doctor.machine import Finding
from tour.doctor.machine import Level
from tour.environments import environment
from tour.environments import packages
from tour.environments import pythons
from tour.environments import wheels
from tour.environments.wheels import Target
from tour.repo import git
from tour.stages import tags
from tour.stages.line import find_stages
from tour.system import browsers
from tour.system import platforms
from tour.system.address import HOST
from tour.system.platforms import System
from tour.system.server import free_port
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

scripts = pytest.mark.skipif(os.name == "nt", reason="the programs of this test are shell scripts")


@pytest.fixture(autouse=True)
def nobodys_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that nothing listens at, and no other settings of pip and uv."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    monkeypatch.setenv("NO_PROXY", HOST)
    use_index(monkeypatch, f"http://{HOST}:{free_port()}")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that only what hangs comes to, however busy the machine is."""
    for module, name in (
        *((checks, name) for name in ("LOOK", "ASK")),
        *((packages, name) for name in ("FETCH", "QUESTION")),
    ):
        monkeypatch.setattr(module, name, 600.0)
    for name in ("PIP_DEFAULT_TIMEOUT", "UV_HTTP_TIMEOUT"):
        monkeypatch.setitem(packages.ONE_TRY, name, "300")


@pytest.fixture(autouse=True)
def debian(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fixes are those for Debian, wherever the tests run."""
    monkeypatch.setattr(platforms, "this_system", lambda: System.DEBIAN)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """A function that puts a shell script on the PATH, before all else there."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def add(name: str, script: str) -> None:
        folder.joinpath(name).write_text(f"#!/bin/sh\n{script}\n")
        folder.joinpath(name).chmod(0o755)

    return add


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that a package index on this machine offers, and that pip and uv are told of."""
    folder = tmp_path / "index"
    folder.mkdir()
    handler = partial(QuietHandler, directory=str(folder))
    with QuietServer((HOST, 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        use_index(monkeypatch, f"http://{HOST}:{server.server_port}")
        yield folder
        server.shutdown()
        thread.join()


class QuietServer(http.server.ThreadingHTTPServer):
    """A server to which uv may break off what it has read enough of."""

    def handle_error(self, *arguments: object) -> None:
        """Leave the output to the tests."""


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files, and logs nothing."""

    def log_message(self, *arguments: object) -> None:
        """Leave the output to the tests."""


@pytest.fixture
def requiring(clone: Clone) -> Clone:
    """The clone with a first stage that requires a package, and others that require none."""
    files = {"v0.1": {"requirements.txt": "parcel==1.0\n"}}
    publish(clone, grow_line(clone, files=files), edition=2)
    return clone


@pytest.fixture
def requirements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the tour requires, but that it is two packages only."""
    file = tmp_path / "requirements.txt"
    file.write_text("tool==1.0\nuv==1.0\n")
    monkeypatch.setattr(environment, "REQUIREMENTS", file)
    return file


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pip of the tests' environment, in place of that of the Python below it."""
    monkeypatch.setattr(environment, "_find_pip", lambda folder, run: sys.executable)


@pytest.fixture
def installations(monkeypatch: pytest.MonkeyPatch, light_uv: Path) -> list[str]:
    """The commands that would install something; making an environment makes its interpreter."""
    commands = []

    def install(repository: Path, command: list[str]) -> None:
        commands.append(" ".join(command))
        if command[1] == "venv":
            new = Path(command[-1])
            environment.interpreter(new).parent.mkdir(parents=True)
            shutil.copy2(sys.executable, environment.interpreter(new))
            shutil.copy2(light_uv, environment.program(new, "uv"))

    monkeypatch.setattr(environment, "_install", install)
    return commands


def use_index(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", url)
    monkeypatch.setenv("UV_DEFAULT_INDEX", url)


def make_wheel(
    folder: Path, name: str, version: str = "1.0", files: dict[str, Path] | None = None
) -> None:
    """Put a wheel into the folder, of an empty package but for the files by their names in it."""
    folder.mkdir(parents=True, exist_ok=True)
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", "")
        for place, file in (files or {}).items():
            wheel.write(file, place)


def put_wheels(repository: Path, target: Target, name: str) -> None:
    """Put a wheel into the clone as `pack` does, said to be all there is for the target."""
    make_wheel(repository / wheels.FOLDER, name)
    listing = repository / wheels.FOLDER / wheels.LISTING
    listing.write_text(wheels.format_targets([target]), encoding="utf-8")


def looked(folder: Path) -> CloneChecks:
    """Return an checks that has looked at the clone."""
    checks = CloneChecks(folder)
    checks.check_clone()
    return checks


def ready(clone: Clone) -> CloneChecks:
    """Return an checks of the clone whose stages run in the environment of the tests."""
    checks = looked(clone.folder)
    checks.tip_python = Path(sys.executable)
    return checks


def run_check(check: Callable[[], Finding]) -> Finding:
    return checks._run(check, checks.ASK, "tour doctor")


def ignore(line: str) -> None:
    """Report nothing."""


def test_the_python_that_runs_the_tests_is_fine() -> None:
    assert machine.check_python().level is Level.OK


def test_an_old_python_fails_with_the_command_that_installs_one() -> None:
    finding = machine.check_python((3, 10))
    assert finding.level is Level.FAILS
    assert "sudo apt install python3" in finding.fix


def test_a_python_newer_than_the_checks_is_a_warning_with_how_to_take_another() -> None:
    assert machine.check_python((3, 15)).level is Level.OK
    finding = machine.check_python((3, 16))
    assert finding.level is Level.WARNING
    assert finding.fix.splitlines()[1:4:2] == [
        "  sudo apt install python3.15 python3.15-venv",
        "  python3.15 -m tour start",
    ]


def test_a_python_without_ensurepip_fails_with_the_package_that_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name
    )
    finding = machine.check_python((3, 12))
    assert finding.level is Level.FAILS
    assert "ensurepip" in finding.text
    assert "sudo apt install python3.12-venv" in finding.fix


def test_the_git_that_made_the_clone_is_fine(clone: Clone) -> None:
    assert machine.check_git(clone.folder).level is Level.OK


def test_no_git_fails_with_the_command_that_installs_it(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    finding = machine.check_git(clone.folder)
    assert finding.level is Level.FAILS
    assert "sudo apt install git" in finding.fix


@scripts
@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("git version 2.31.9", Level.FAILS),
        ("git version 1.8.3.1", Level.FAILS),
        ("git version 2.32.0", Level.OK),
        ("git version 2.45.1.windows.1", Level.OK),
        ("git version 3.0", Level.OK),
        ("jj", Level.WARNING),
    ],
)
def test_git_is_judged_by_its_version(
    clone: Clone, programs: Callable, said: str, level: Level
) -> None:
    programs("git", f"echo {said}")
    finding = machine.check_git(clone.folder)
    assert finding.level is level
    assert said in finding.text


@scripts
def test_a_git_that_is_a_placeholder_fails_with_what_it_says(
    clone: Clone, programs: Callable
) -> None:
    programs("git", "echo 'xcode-select: note: No developer tools were found' >&2; exit 1")
    finding = machine.check_git(clone.folder)
    assert finding.level is Level.FAILS
    assert "No developer tools were found" in finding.text


def test_a_full_clone_is_fine(clone: Clone) -> None:
    finding = CloneChecks(clone.folder / "tour").check_clone()
    assert finding.level is Level.OK
    assert "v0.1 to v0.3" in finding.text


def test_a_shallow_clone_fails_with_the_command_that_fetches_the_rest(
    clone: Clone, tmp_path: Path
) -> None:
    clone.git("clone", "--quiet", "--depth=1", clone.folder.as_uri(), str(tmp_path / "shallow"))
    finding = run_check(CloneChecks(tmp_path / "shallow").check_clone)
    assert finding.level is Level.FAILS
    assert "git fetch --unshallow" in finding.fix


def test_a_shallow_clone_that_reaches_the_first_stage_is_a_warning(
    clone: Clone, tmp_path: Path
) -> None:
    for number in range(4):
        clone.commit(f"Go on, {number}")
    # joins the line to main again, so that it is nearer than main's own beginning
    publish(clone, find_stages(clone.folder).tip.commit, edition=2)
    clone.git("clone", "--quiet", "--depth=4", clone.folder.as_uri(), str(tmp_path / "shallow"))
    finding = run_check(CloneChecks(tmp_path / "shallow").check_clone)
    assert finding.level is Level.WARNING
    assert "git fetch --unshallow" in finding.fix


def test_a_zip_fails_with_the_command_that_clones(clone: Clone, tmp_path: Path) -> None:
    shutil.copytree(clone.folder, tmp_path / "zip", ignore=shutil.ignore_patterns(".git"))
    finding = run_check(CloneChecks(tmp_path / "zip").check_clone)
    assert finding.level is Level.FAILS
    assert "git clone" in finding.fix


def test_another_repository_fails_and_gets_no_folder_of_the_tours(
    clone: Clone, tmp_path: Path
) -> None:
    clone.git("init", "--quiet", str(tmp_path / "other"))
    findings = list(checks.run_checks(tmp_path / "other", range(1)))
    assert {finding.name: finding.level for finding in findings}["clone"] is Level.FAILS
    assert os.listdir(tmp_path / "other") == [".git"]


def test_a_partial_clone_is_a_warning(clone: Clone, tmp_path: Path) -> None:
    clone.git("config", "uploadpack.allowFilter", "true")
    source = clone.folder.as_uri()
    clone.git("clone", "--quiet", "--filter=blob:none", source, str(tmp_path / "partial"))
    finding = run_check(CloneChecks(tmp_path / "partial").check_clone)
    assert finding.level is Level.WARNING
    assert "--filter" in finding.fix


def test_a_folder_that_can_be_written_to_is_fine(clone: Clone) -> None:
    assert looked(clone.folder).check_folder().level is Level.OK


def test_a_folder_of_the_tours_that_cannot_be_made_fails(clone: Clone) -> None:
    clone.write({".tour": "in the way\n"})
    finding = run_check(looked(clone.folder).check_folder)
    assert finding.level is Level.FAILS
    assert ".tour" in finding.text


def test_a_folder_of_somebody_elses_fails_with_what_to_do(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = looked(clone.folder)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != clone.folder)
    finding = run_check(checks.check_folder)
    assert finding.level is Level.FAILS
    assert "a folder of your own" in finding.fix


def test_tags_that_are_missing_are_a_warning(clone: Clone) -> None:
    finding = looked(clone.folder).check_tags()
    assert finding.level is Level.WARNING
    assert finding.text == "v0.1 v0.2 v0.3 missing"
    assert finding.fix.endswith("tour tags")
    assert clone.tags() == {}


def test_tags_that_are_right_are_fine(clone: Clone) -> None:
    checks = looked(clone.folder)
    tags.restore(clone.folder, checks.line)
    assert checks.check_tags().level is Level.OK


def test_stale_and_foreign_tags_fail_with_the_command_that_mends_them(clone: Clone) -> None:
    tags.restore(clone.folder, find_stages(clone.folder))
    publish(clone, grow_line(clone, note=" Amended."), edition=2)
    clone.git("tag", "--force", "v0.2", "main")
    before = clone.tags()
    finding = looked(clone.folder).check_tags()
    assert finding.level is Level.FAILS
    assert "v0.1 v0.3 of an older edition" in finding.text
    assert "v0.2 not on the stage" in finding.text
    assert finding.fix.endswith("tour tags --fix")
    assert clone.tags() == before


@pytest.mark.parametrize(
    ("make", "fix"),
    [
        (["branch", "v0.2"], ["branch -m v0.2 my-v0.2"]),
        (["tag", "main"], ["tag my-main refs/tags/main", "tag -d main"]),
    ],
)
def test_a_name_that_means_two_things_is_a_warning_with_the_commands_that_rename(
    clone: Clone, make: list[str], fix: list[str]
) -> None:
    checks = looked(clone.folder)
    tags.restore(clone.folder, checks.line)
    clone.git("branch", "v0.2/notes")
    assert checks.check_tags().level is Level.OK
    clone.git("branch", "-D", "v0.2/notes")
    clone.git(*make)
    finding = checks.check_tags()
    assert finding.level is Level.WARNING
    assert finding.fix.splitlines()[1:] == [f"  git {words}" for words in fix]
    for words in fix:
        clone.git(*words.split())
    assert checks.check_tags().level is Level.OK


def test_packages_that_are_installed_are_fine_and_not_asked_for(
    clone: Clone, installations: list[str]
) -> None:
    checks = looked(clone.folder)
    environment.prepare(clone.folder, ignore)
    python = pythons.find_python()
    environment.stage_environment(clone.folder, python, "")
    installations.clear()
    assert checks.check_packages().level is Level.OK
    assert checks.tip_python.exists()
    assert installations == []


def test_looking_for_packages_installs_nothing(
    clone: Clone, pip: None, installations: list[str]
) -> None:
    run_check(looked(clone.folder).check_packages)
    assert installations == []
    assert not (clone.folder / ".venv").exists()


def test_an_index_that_does_not_answer_pip_fails_with_the_settings_to_look_at(
    clone: Clone,
) -> None:
    finding = run_check(looked(clone.folder).check_packages)
    assert finding.level is Level.FAILS
    assert ".venv" in finding.text
    assert "HTTPS_PROXY" in finding.fix
    assert finding.fix.endswith("tour pack")


def test_pip_is_asked_for_uv_and_that_one_for_all_the_rest(
    requiring: Clone, index: Path, requirements: Path, light_uv: Path
) -> None:
    make_wheel(index / "uv", "uv", "1.0", {f"uv-1.0.data/scripts/{light_uv.name}": light_uv})
    make_wheel(index / "parcel", "parcel")
    missing = run_check(looked(requiring.folder).check_packages)
    assert missing.level is Level.FAILS
    assert "tool" in missing.text
    make_wheel(index / "tool", "tool")
    assert run_check(looked(requiring.folder).check_packages).level is Level.OK


def test_an_index_without_the_pinned_installer_fails(
    clone: Clone, pip: None, index: Path, requirements: Path
) -> None:
    make_wheel(index / "uv", "uv", "2.0")
    finding = run_check(looked(clone.folder).check_packages)
    assert finding.level is Level.FAILS
    assert "uv==1.0" in finding.text


@pytest.mark.parametrize(("offered", "level"), [("1.0", Level.OK), ("2.0", Level.FAILS)])
def test_with_venv_at_hand_the_index_is_asked_by_uv_for_what_the_stages_require(
    requiring: Clone, installations: list[str], index: Path, offered: str, level: Level
) -> None:
    environment.prepare(requiring.folder, ignore)
    make_wheel(index / "parcel", "parcel", offered)
    checks = looked(requiring.folder)
    finding = run_check(checks.check_packages)
    assert finding.level is level, finding
    assert not checks.installed


def test_stages_may_require_two_versions_of_a_package(
    clone: Clone, installations: list[str], index: Path
) -> None:
    pins = {"v0.1": "parcel==1.0\n", "v0.2": "parcel==2.0\n"}
    files = {tag: {"requirements.txt": text} for tag, text in pins.items()}
    publish(clone, grow_line(clone, files=files), edition=2)
    environment.prepare(clone.folder, ignore)
    make_wheel(index / "parcel", "parcel", "1.0")
    assert run_check(looked(clone.folder).check_packages).level is Level.FAILS
    make_wheel(index / "parcel", "parcel", "2.0")
    finding = run_check(looked(clone.folder).check_packages)
    assert finding.level is Level.OK, finding


def test_an_index_that_does_not_answer_uv_fails(requiring: Clone, installations: list[str]) -> None:
    environment.prepare(requiring.folder, ignore)
    finding = run_check(looked(requiring.folder).check_packages)
    assert finding.level is Level.FAILS
    assert "HTTPS_PROXY" in finding.fix


@pytest.mark.parametrize(("packed", "level"), [("parcel", Level.OK), ("other", Level.FAILS)])
def test_wheels_in_the_clone_do_without_an_index_when_none_is_missing(
    requiring: Clone, installations: list[str], packed: str, level: Level
) -> None:
    environment.prepare(requiring.folder, ignore)
    target = Target(f"3.{sys.version_info.minor}", wheels.this_platform())
    put_wheels(requiring.folder, target, packed)
    finding = run_check(looked(requiring.folder).check_packages)
    assert finding.level is level, finding
    assert "; the folder .tour/wheels " in finding.text
    assert ("pack" in finding.fix) == (level is Level.FAILS)


def test_wheels_for_another_system_fail_with_how_to_pack_for_this_one(clone: Clone) -> None:
    put_wheels(clone.folder, Target("3.9", "amiga-m68k"), "parcel")
    finding = run_check(looked(clone.folder).check_packages)
    assert finding.level is Level.FAILS
    assert f"--platform {wheels.this_platform()}" in finding.fix


@pytest.mark.parametrize(
    ("free", "installed", "level"),
    [
        (machine.ROOM_TO_INSTALL, False, Level.OK),
        (machine.ROOM_TO_INSTALL - 1, False, Level.FAILS),
        (machine.ROOM_TO_INSTALL - 1, True, Level.OK),
        (machine.ROOM_TO_WORK - 1, True, Level.FAILS),
    ],
)
def test_a_disk_needs_room_for_what_is_still_to_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, installed: bool, level: Level
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert machine.check_disk(tmp_path, installed).level is level


def test_a_free_port_is_fine() -> None:
    port = free_port()
    assert machine.check_ports(range(port, port + 1)).level is Level.OK


def test_a_taken_port_is_a_warning_that_names_it_and_the_next() -> None:
    with socket.create_server((HOST, 0)) as listener:
        taken = listener.getsockname()[1]
        finding = machine.check_ports(range(taken, taken + 50))
    assert finding.level is Level.WARNING
    assert f"port {taken} is taken" in finding.text
    assert f"ss -ltnp 'sport = :{taken}'" in finding.fix


def test_no_free_port_fails() -> None:
    with socket.create_server((HOST, 0)) as listener:
        taken = listener.getsockname()[1]
        assert machine.check_ports(range(taken, taken + 1)).level is Level.FAILS


def test_on_macos_port_5000_is_told_to_be_airplays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms, "this_system", lambda: System.MACOS)
    monkeypatch.setattr(machine, "_can_serve", lambda port: port != 5000)
    assert "AirPlay Receiver" in machine.check_ports(range(5000, 5100)).fix


def test_the_newest_stage_is_started_and_answers(clone: Clone) -> None:
    before = clone.state()
    finding = run_check(ready(clone).check_stage)
    assert finding.level is Level.OK
    assert finding.text.startswith("v0.3 started and answered")
    assert clone.state() == before


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import sys\nsys.exit('no such table')\n", "no such table"),
        (
            "import http.server\nimport os\n"
            "address = ('127.0.0.1', int(os.environ['PORT']))\n"
            "http.server.HTTPServer(address, http.server.BaseHTTPRequestHandler).serve_forever()\n",
            "answers with 501",
        ),
    ],
)
def test_a_stage_that_does_not_come_up_fails_with_its_last_words(
    clone: Clone, program: str, words: str
) -> None:
    publish(clone, grow_line(clone, files={"v0.3": {"flack.py": program}}), edition=2)
    finding = run_check(ready(clone).check_stage)
    assert finding.level is Level.FAILS
    assert words in finding.text
    assert "v0.3" in finding.fix


def test_a_stage_whose_packages_are_not_installed_is_not_tried(clone: Clone) -> None:
    finding = looked(clone.folder).check_stage()
    assert finding.level is Level.WARNING
    assert "was not started" in finding.text
    assert finding.fix.endswith("tour start")


@pytest.mark.parametrize(("others", "level"), [([], Level.FAILS), (["lynx"], Level.WARNING)])
def test_no_chromium_is_told_with_the_command_that_installs_one(
    monkeypatch: pytest.MonkeyPatch, others: list[str], level: Level
) -> None:
    monkeypatch.setenv("PATH", "")
    chromium = browsers.BROWSERS["chromium"]._replace(places=())
    monkeypatch.setitem(browsers.BROWSERS, "chromium", chromium)

    def get() -> str:
        if not others:
            raise webbrowser.Error
        return others[0]

    monkeypatch.setattr(webbrowser, "get", get)
    finding = machine.check_browser()
    assert finding.level is level
    assert "sudo apt install chromium" in finding.fix


@scripts
@pytest.mark.parametrize(
    ("script", "level", "words"),
    [
        ("echo Chromium 140.0", Level.OK, "Chromium 140.0"),
        ("echo 'requires the chromium snap' >&2; exit 1", Level.FAILS, "the chromium snap"),
    ],
)
def test_a_browser_is_started_once(
    programs: Callable, script: str, level: Level, words: str
) -> None:
    programs(browsers.BROWSERS["chromium"].programs[0], script)
    finding = machine.check_browser()
    assert finding.level is level
    assert words in finding.text


@pytest.mark.parametrize(("ahead", "level"), [(-3600, Level.OK), (3600, Level.WARNING)])
def test_a_clock_behind_the_newest_stage_is_a_warning(
    clone: Clone, ahead: int, level: Level
) -> None:
    checks = looked(clone.folder)
    tip = checks.line.tip._replace(time=int(time.time()) + ahead)
    checks.line = checks.line._replace(stages=(tip,))
    assert checks.check_clock().level is level


def test_a_check_that_breaks_keeps_no_other_back(
    clone: Clone, pip: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> Finding:
        raise ZeroDivisionError("one over none")

    for name in ("check_python", "check_browser"):
        monkeypatch.setattr(checks, name, fail)
    monkeypatch.setattr(git, "run", fail)
    findings = list(checks.run_checks(clone.folder, range(1)))
    assert len(findings) == 11
    assert "one over none" in findings[0].text
    assert all(finding.fix for finding in findings if finding.level is not Level.OK)


def test_a_check_that_hangs_is_left_behind() -> None:
    ended = threading.Event()

    def hang() -> Finding:
        ended.wait()
        return Finding(Level.OK, "too late")

    finding = checks._run(hang, 0.01, "tour doctor")
    ended.set()
    assert finding.level is Level.FAILS
    assert "no answer" in finding.text


def test_a_broken_clone_gets_all_findings_with_their_remedies(
    tour: Callable[..., subprocess.CompletedProcess], clone: Clone, tmp_path: Path
) -> None:
    shutil.copytree(clone.folder, tmp_path / "zip", ignore=shutil.ignore_patterns(".git"))
    answer = tour(tmp_path / "zip", "doctor")
    assert answer.returncode == 1, answer.stderr
    assert answer.stderr == ""
    lines = answer.stdout.splitlines()
    assert "Class would fail here: 11 checks" in lines[-1]
    for line, below in zip(lines, lines[1:]):
        assert not line.startswith(("fails", "warning")) or below.startswith(" ")


def test_the_clone_is_left_as_it_is(clone: Clone, pip: None) -> None:
    clone.write({"flack.py": "mine\n", "new.py": "mine too\n"})
    before = clone.state()
    assert len(list(checks.run_checks(clone.folder, range(1)))) == 11
    assert clone.state() == before
    assert not (clone.folder / ".venv").exists()


@pytest.mark.parametrize(
    ("level", "code", "closing"),
    [
        (Level.OK, 0, "Ready for class: 1 checks, 0 failed, 0 with a warning"),
        (Level.WARNING, 0, "Ready for class: 1 checks, 0 failed, 1 with a warning"),
        (Level.FAILS, 1, "Class would fail here: 1 checks, 1 failed, 0 with a warning"),
    ],
)
def test_only_what_fails_makes_class_fail(
    level: Level,
    code: int,
    closing: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    finding = Finding(level, "found", "fix it:\n  fix", "thing")
    monkeypatch.setattr(checks, "run_checks", lambda *arguments: iter([finding]))
    assert command.run(argparse.Namespace()) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [level.value, "thing", "found"]
    assert lines[1:3] == [f"{command.INDENT}fix it:", f"{command.INDENT}  fix"]
    assert lines[-1] == closing

"""The archive for a room without internet: what is in it, and that it works there."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tour.environments import environment
from tour.environments import wheels
from tour.environments.pythons import Python
from tour.environments.pythons import base_executable
from tour.environments.wheels import Target
from tour.pack import downloads
from tour.pack import packing
from tour.pack.packing import Packed
from tour.repo.own_folder import own_folder
from tour.stages.line import HistoryError
from tour.stages.line import find_stages
from tour.system.errors import TourError
from tour.system.errors import UsageError
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

LINUX = Target("3.13", "linux-x86_64")
WINDOWS = Target("3.13", "windows-x86_64")

THIS_PYTHON = ".".join(map(str, sys.version_info[:2]))
HERE = Target(THIS_PYTHON, wheels.this_platform())

# starts the tour where it is run
ROOM = Path(__file__).with_name("room.py")

# seconds that a server and a set-up may take on a busy machine
LIMIT = 600

Fetch = Callable[..., list[str]]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels in place of the package hosts, for pip and for uv."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name, value in {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(folder),
        "UV_OFFLINE": "1",
        "UV_FIND_LINKS": str(folder),
    }.items():
        monkeypatch.setenv(name, value)
    return folder


def add_wheel(folder: Path, package: str, version: str, tag: str = "py3-none-any") -> None:
    """Make a wheel whose module, named as the package, has the version in `VERSION`."""
    records = f"{package}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{package}-{version}-{tag}.whl", "w") as archive:
        archive.writestr(f"{package}.py", f'VERSION = "{version}"\n')
        metadata = f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
        archive.writestr(f"{records}/METADATA", metadata)
        wheel = f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n"
        archive.writestr(f"{records}/WHEEL", wheel)
        archive.writestr(f"{records}/RECORD", "")


@pytest.fixture
def fetch(clone: Clone, index: Path) -> Fetch:
    """A function that fetches what requirements need on targets and returns the wheels' names."""

    def run(targets: list[Target], *requirements: str) -> list[str]:
        found = downloads.fetch(
            clone.folder, Path(sys.executable), targets, list(requirements), ignore
        )
        return [path.name for path in found]

    return run


@pytest.fixture
def packable(clone: Clone, index: Path) -> Clone:
    """A clone whose newest stage, a node of it and the tour require a package each."""
    for package in ("tiny", "node", "tool"):
        add_wheel(index, package, "1")
    tip = grow_line(clone, files={"v0.3": {"requirements.txt": "tiny==1\n"}})
    publish(clone, tip, edition=2)
    clone.write({"tour/environments/requirements.txt": "tool==1\n", ".ci/run": "#!/bin/sh\n"})
    clone.write({packing.NODE: "node==1\n"})
    clone.folder.joinpath(".ci", "run").chmod(0o755)
    clone.commit("Add the tour")
    return clone


def write(clone: Clone, output: Path, *targets: Target) -> Packed:
    """Pack the clone, with the wheels for the targets."""
    return packing.write_archive(clone.folder, Path(sys.executable), list(targets), output, ignore)


def pack_and_unpack(clone: Clone, folder: Path, *targets: Target) -> Clone:
    """Pack the clone and return what is unpacked in the folder."""
    output = folder / "archive.tar.gz"
    write(clone, output, *targets)
    return unpack(output, folder / "room")


def unpack(archive: Path, folder: Path) -> Clone:
    """Unpack an archive into the folder and return the clone in it."""
    with tarfile.open(archive) as members:
        members.extractall(folder, filter="data")
    return Clone(folder / packing.TOP)


def lend(uv: Path, clone: Clone) -> None:
    """Give the clone uv, as `prepare` does."""
    place = environment.program(clone.folder / ".venv", "uv")
    place.parent.mkdir(parents=True)
    shutil.copy2(uv, place)


def lend_bytecode(repository: Path, room: Path) -> None:
    """Give the room the bytecode of Python's own modules, which it would compile to the same."""
    kept, new = (own_folder(place, "bytecode") for place in (repository, room))
    library = Path(sysconfig.get_path("stdlib"))
    library = library.relative_to(library.anchor)
    if kept.joinpath(library).exists():
        shutil.copytree(kept / library, new / library)


def ignore(line: str) -> None:
    """Report nothing."""


def test_a_marker_is_read_as_the_target_would(index: Path, fetch: Fetch) -> None:
    add_wheel(index, "tiny", "1")
    requirement = "tiny==1 ; sys_platform == 'win32'\n"
    assert fetch([LINUX], requirement) == []
    assert fetch([WINDOWS], requirement) == ["tiny-1-py3-none-any.whl"]


def test_a_wheel_is_fetched_for_each_target(index: Path, fetch: Fetch) -> None:
    add_wheel(index, "tiny", "1", "cp313-cp313-manylinux2014_x86_64")
    add_wheel(index, "tiny", "1", "cp313-cp313-win_amd64")
    add_wheel(index, "tiny", "1", "cp312-cp312-win_amd64")
    assert fetch([LINUX, WINDOWS], "tiny==1\n") == [
        "tiny-1-cp313-cp313-manylinux2014_x86_64.whl",
        "tiny-1-cp313-cp313-win_amd64.whl",
    ]


def test_requirements_may_disagree_with_one_another(index: Path, fetch: Fetch) -> None:
    add_wheel(index, "tiny", "1")
    add_wheel(index, "tiny", "2")
    assert fetch([LINUX], "tiny==1\n", "tiny==2\n") == [
        "tiny-1-py3-none-any.whl",
        "tiny-2-py3-none-any.whl",
    ]


def test_what_was_fetched_is_not_fetched_again(index: Path, fetch: Fetch) -> None:
    add_wheel(index, "tiny", "1")
    first = fetch([LINUX], "tiny==1\n")
    index.joinpath("tiny-1-py3-none-any.whl").unlink()
    assert fetch([LINUX], "tiny==1\n") == first


def test_a_missing_wheel_is_told_before_anything_is_fetched(
    clone: Clone, index: Path, fetch: Fetch
) -> None:
    add_wheel(index, "tiny", "1", "cp313-cp313-manylinux2014_x86_64")
    with pytest.raises(TourError, match=f"tiny==1 has no wheel for {WINDOWS}"):
        fetch([LINUX, WINDOWS], "tiny==1\n")
    assert list(clone.folder.joinpath(".tour", "downloads").iterdir()) == []


@pytest.mark.parametrize(
    ("python", "platform"),
    [
        ("3.10", "linux-x86_64"),
        ("3.13.0", "linux-x86_64"),
        ("python3", "linux-x86_64"),
        ("3.13", "linux"),
        ("3.13", "win32"),
    ],
)
def test_a_target_that_there_is_not_is_refused(python: str, platform: str) -> None:
    with pytest.raises(UsageError):
        downloads.make_target(python, platform)


def test_the_archive_has_main_and_its_tags(packable: Clone, tmp_path: Path) -> None:
    unpacked = pack_and_unpack(packable, tmp_path)
    assert unpacked.state() == packable.state()
    assert list(unpacked.tags()) == ["v0.1", "v0.2", "v0.3"]
    line = find_stages(unpacked.folder)
    assert line == find_stages(packable.folder)


def test_the_archive_has_what_all_requirements_need(packable: Clone, tmp_path: Path) -> None:
    unpacked = pack_and_unpack(packable, tmp_path, HERE)
    found = [path.name for path in sorted(unpacked.folder.joinpath(wheels.FOLDER).iterdir())]
    packages = [f"{name}-1-py3-none-any.whl" for name in ("node", "tiny", "tool")]
    assert found == sorted(["targets.txt", *packages])


def test_the_archive_has_nothing_of_the_instructors(packable: Clone, tmp_path: Path) -> None:
    packable.git("checkout", "--quiet", "-b", "private")
    packable.write({"secret.txt": "s3cret in a branch\n"})
    commit = packable.commit("Keep a secret")
    packable.git("checkout", "--quiet", "main")
    packable.git("config", "http.extraHeader", "s3cret in the configuration")
    packable.git("remote", "add", "origin", "https://teacher:s3cret@flack.invalid/tour.git")
    packable.write({"new.txt": "s3cret and new\n", "flack.py": "# s3cret and changed\n"})
    packable.write({".venv/key": "s3cret", ".tour/flack.sqlite": "s3cret"})
    unpacked = pack_and_unpack(packable, tmp_path)
    assert unpacked.git("for-each-ref", "--format=%(refname)", "refs/heads") == "refs/heads/main"
    assert not unpacked.folder.joinpath(".git", "logs").exists()
    objects = unpacked.git("cat-file", "--batch-all-objects", "--batch-check").split()
    assert packable.git("rev-parse", "main") in objects
    assert commit not in objects
    for path in unpacked.folder.rglob("*"):
        assert path.is_dir() or b"s3cret" not in path.read_bytes(), path


def test_main_is_where_its_origin_has_it(packable: Clone, tmp_path: Path) -> None:
    packable.git("remote", "add", "origin", "https://flack.invalid/tour.git")
    unpacked = pack_and_unpack(packable, tmp_path)
    assert unpacked.git("status", "--short", "--branch") == "## main...origin/main"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://host/tour.git", "https://host/tour.git"),
        ("https://token@host/tour.git", "https://host/tour.git"),
        ("https://user:password@host:8443/tour.git?key=1", "https://host:8443/tour.git"),
        ("ssh://git:password@host/tour.git", "ssh://git@host/tour.git"),
        ("git@host:tour.git", "git@host:tour.git"),
        ("../tour.git", "../tour.git"),
        (r"C:\tour.git", r"C:\tour.git"),
    ],
)
def test_the_origin_is_kept_without_its_secrets(address: str, kept: str) -> None:
    assert packing.without_secrets(address) == kept


def test_git_pull_knows_where_to_pull_from(packable: Clone, tmp_path: Path) -> None:
    packable.git("remote", "add", "origin", str(packable.folder))
    unpacked = pack_and_unpack(packable, tmp_path)
    packable.write({"news.txt": "news\n"})
    packable.commit("Add news")
    unpacked.git("pull", "--quiet")
    assert unpacked.folder.joinpath("news.txt").exists()


def test_a_checkout_of_a_commit_alone_is_packed_as_main(packable: Clone, tmp_path: Path) -> None:
    commit = packable.git("rev-parse", "HEAD")
    packable.git("checkout", "--quiet", "--detach")
    packable.git("branch", "--quiet", "-D", "main")
    assert pack_and_unpack(packable, tmp_path).git("rev-parse", "main") == commit


def test_a_shallow_clone_is_not_packed(packable: Clone, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    packable.git("clone", "--quiet", "--depth=1", packable.folder.as_uri(), str(shallow))
    with pytest.raises(HistoryError, match="--unshallow"):
        write(Clone(shallow), tmp_path / "archive.tar.gz")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
def test_a_script_stays_executable(packable: Clone, tmp_path: Path) -> None:
    unpacked = pack_and_unpack(packable, tmp_path).folder
    assert os.access(unpacked / ".ci" / "run", os.X_OK)
    assert not os.access(unpacked / "flack.py", os.X_OK)


def test_the_built_pages_are_in_the_archive(packable: Clone, tmp_path: Path) -> None:
    packable.write({".tour/site/steps/v0.1.html": "<p>The page"})
    unpacked = pack_and_unpack(packable, tmp_path).folder
    assert unpacked.joinpath(".tour/site/steps/v0.1.html").read_text() == "<p>The page"


def test_the_same_content_makes_the_same_archive(packable: Clone, tmp_path: Path) -> None:
    first = write(packable, tmp_path / "first.tar.gz").path
    second = write(packable, tmp_path / "second.tar.gz").path
    assert first.read_bytes() == second.read_bytes()


def test_an_archive_that_is_there_is_kept(
    packable: Clone, tmp_path: Path, tour: Callable[..., subprocess.CompletedProcess]
) -> None:
    output = tmp_path / "archive.tar.gz"
    output.write_text("precious")
    answer = tour(packable.folder, "pack", "--output", str(output))
    assert answer.returncode == UsageError.exit_code
    assert "--force" in answer.stderr
    assert output.read_text() == "precious"


def test_an_archive_that_is_there_gives_way_to_force(clone: Clone, tmp_path: Path) -> None:
    output = tmp_path / "archive.tar.gz"
    output.touch()
    assert packing.choose_output(clone.folder, output, force=True) == output


@pytest.mark.parametrize("name", ["archive.tar.gz", ".git/archive.tar.gz", "tour"])
def test_an_archive_in_the_clone_is_refused(clone: Clone, name: str) -> None:
    with pytest.raises(UsageError, match="--output"):
        packing.choose_output(clone.folder, clone.folder / name, force=True)


def test_the_archive_is_named_after_the_edition(
    packable: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    output = packing.choose_output(packable.folder, None, force=False)
    assert output == elsewhere / "flack-tour-edition-2.tar.gz"


def test_by_default_the_archive_lies_beside_the_clone(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clone.folder / "tour")
    output = packing.choose_output(clone.folder, None, force=False)
    assert output.parent == clone.folder.parent


def test_an_archive_that_was_not_completed_is_not_there(
    packable: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*arguments: object) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "archives"
    folder.mkdir()
    monkeypatch.setattr(tarfile.TarFile, "addfile", die)
    with pytest.raises(KeyboardInterrupt):
        write(packable, folder / "archive.tar.gz")
    assert list(folder.iterdir()) == []


def test_a_stage_is_installed_from_the_wheels_alone(
    packable: Clone,
    tmp_path: Path,
    this_python: Python,
    light_uv: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # a comma and a space would end the folder's name for uv and pip
    folder = tmp_path / "a room, without hosts"
    folder.mkdir()
    unpacked = pack_and_unpack(packable, folder, HERE)
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS", "UV_OFFLINE", "UV_FIND_LINKS"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://flack.invalid/simple")
    lend(light_uv, unpacked)
    python = environment.stage_environment(unpacked.folder, this_python, "tiny==1\n")
    question = "import tiny; print(tiny.VERSION)"
    answer = subprocess.run([python, "-c", question], capture_output=True, text=True)
    assert answer.stdout.strip() == "1"


def test_a_python_without_wheels_is_told_how_to_get_them(clone: Clone) -> None:
    listing = wheels.format_targets([Target("3.99", HERE.platform)])
    clone.write({f"{wheels.FOLDER}/{wheels.LISTING}": listing})
    advice = f"pack --python 3.99 --python {HERE.python} --platform {HERE.platform}"
    with pytest.raises(TourError, match=advice):
        environment.prepare(clone.folder, ignore)
    assert not clone.folder.joinpath(".venv").exists()


def test_a_package_without_a_wheel_is_told_how_to_get_it(
    clone: Clone, this_python: Python, light_uv: Path
) -> None:
    clone.write({f"{wheels.FOLDER}/{wheels.LISTING}": wheels.format_targets([HERE])})
    lend(light_uv, clone)
    advice = f"pack --python {HERE.python} --platform {HERE.platform}"
    with pytest.raises(TourError, match=advice):
        environment.stage_environment(clone.folder, this_python, "tiny==2\n")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no network namespaces")
def test_flack_starts_where_no_host_can_be_reached(
    this_repository: Path,
    tmp_path: Path,
    tour: Callable[..., subprocess.CompletedProcess],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # it has 140 MB of wheels, and other tests pack with the tour's own
    monkeypatch.setattr(packing, "COMPRESSION", 0)
    output = tmp_path / "archive.tar.gz"
    answer = tour(this_repository, "pack", "--output", str(output))
    assert answer.returncode == 0, answer.stderr
    unpacked = unpack(output, tmp_path / "room").folder
    output.unlink()
    lend_bytecode(this_repository, unpacked)
    # one page is enough to see that what builds them is there
    pages = unpacked / "docs"
    configuration = pages.joinpath("conf.py").read_bytes()
    shutil.rmtree(pages)
    pages.mkdir()
    pages.joinpath("conf.py").write_bytes(configuration)
    pages.joinpath("index.md").write_text("# Flack Tour\n")
    # without Python's path to this tour, so that it is the archive's that runs
    starting = subprocess.run(
        ["unshare", "--map-root-user", "--net", base_executable(), str(ROOM)],
        cwd=unpacked,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert starting.returncode == 0, starting.stdout + starting.stderr
    assert "The pages are at" in starting.stdout
    assert "<title>Flack</title>" in starting.stdout

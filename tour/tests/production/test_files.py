"""The files of docs/production/: that the tour fills in all of them, and that they agree."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tour.production import files
from tour.production.files import Replacement
from tour.system.errors import TourError

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the set-up does not run on Windows"
)

PINS = ("gunicorn==", "psycopg[binary]==")


@pytest.fixture(scope="module")
def texts(this_repository: Path) -> dict[str, str]:
    return files.read(this_repository)


def test_a_text_is_replaced_in_its_own_file_alone() -> None:
    filled = files.fill({"a": "port 1", "b": "port 1"}, [Replacement("a", "1", "2")])
    assert filled == {"a": "port 2", "b": "port 1"}


def test_a_text_is_replaced_in_all_files_where_none_is_named() -> None:
    filled = files.fill({"a": "at /etc", "b": "of /etc"}, [Replacement("", "/etc", "/own")])
    assert filled == {"a": "at /own", "b": "of /own"}


def test_a_text_that_is_not_there_is_told() -> None:
    with pytest.raises(TourError, match="nginx.conf has no 'listen 80'"):
        files.fill({"nginx.conf": "listen 443"}, [Replacement("nginx.conf", "listen 80", "")])


def test_a_secret_may_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    files.write({"flack.env": "KEY=x", "deploy.sh": "exit"}, tmp_path)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == {"flack.env": 0o600, "deploy.sh": 0o700}


def test_variables_are_read_as_systemd_and_a_shell_read_them(texts: dict[str, str]) -> None:
    text = texts["flack.env"]
    command = 'set -a; eval "$1"; printf "%s" "$DATABASE_URL $FLACK_WORKERS"'
    answer = subprocess.run(["sh", "-c", command, "sh", text], capture_output=True, text=True)
    variables = files.variables(text)
    assert answer.stdout == f"{variables['DATABASE_URL']} {variables['FLACK_WORKERS']}"


def test_a_unit_without_a_line_is_told() -> None:
    with pytest.raises(TourError, match="no ExecStart"):
        files.unit_value("[Service]\nRestart=always\n", "ExecStart")


def test_every_script_is_one_that_a_shell_can_read(texts: dict[str, str]) -> None:
    scripts = {name: text for name, text in texts.items() if name.endswith(".sh")}
    assert scripts
    for name, text in scripts.items():
        answer = subprocess.run(["sh", "-n"], input=text, capture_output=True, text=True)
        assert (name, answer.stderr) == (name, "")


def test_the_containers_use_files_that_are_there(texts: dict[str, str]) -> None:
    services = yaml.safe_load(texts["compose.yaml"])["services"]
    assert set(services) == {"proxy", "database", "tables", "node1", "node2"}
    mounted = [
        volume.split(":")[0].removeprefix("./")
        for service in services.values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    assert set(mounted) <= set(texts)
    # all are reached at 127.0.0.1, as the files have it
    others = {name: service for name, service in services.items() if name != "proxy"}
    assert {service["network_mode"] for service in others.values()} == {"service:proxy"}
    upstream = texts["nginx/upstream.conf"]
    for node in ("node1", "node2"):
        assert f"127.0.0.1:{services[node]['environment']['FLACK_PORT']} " in upstream


@pytest.mark.parametrize("pin", PINS)
def test_a_package_has_one_version(texts: dict[str, str], pin: str, this_repository: Path) -> None:
    lines = texts[files.REQUIREMENTS].splitlines()
    [pinned] = [line.partition(";")[0] for line in lines if line.startswith(pin)]
    others = [this_repository / "tour" / name for name in ("bench/servers.py", "check")]
    sources = [others[0], *others[1].glob("*.py")]
    quoted = [
        word.strip('"}')
        for file in sources
        for word in file.read_text(encoding="utf-8").split()
        if pin in word
    ]
    assert set(quoted) == {pinned}

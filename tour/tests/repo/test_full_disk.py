"""A full disk, on a file system of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).with_name("full_disk.py")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no mount namespaces")
def test_nothing_is_lost_on_a_full_disk(tmp_path: Path) -> None:
    namespace = ["unshare", "--map-root-user", "--mount"]
    # its own folder for temporary ones, and no workers: the mount is this one process's
    options = ["-n", "0", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "tests")]
    tests = subprocess.run(
        [*namespace, sys.executable, "-B", "-m", "pytest", *options, str(TESTS)],
        capture_output=True,
        text=True,
    )
    assert tests.returncode == 0, tests.stdout + tests.stderr

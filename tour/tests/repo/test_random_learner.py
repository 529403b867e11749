"""Ten learners who do anything; `random_learner` draws others for as long as asked."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
# in these one round begins, which has ten learners and goes on to its end
SECONDS = "0"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no mount namespaces")
def test_a_random_learner_loses_nothing() -> None:
    namespace = ["unshare", "--map-root-user", "--mount"]
    program = [sys.executable, "-B", "-m", "tour.tests.repo.random_learner", "--seconds", SECONDS]
    learner = subprocess.run([*namespace, *program], cwd=REPOSITORY, capture_output=True, text=True)
    assert learner.returncode == 0, learner.stdout + learner.stderr

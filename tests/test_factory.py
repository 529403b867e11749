"""Tests of applications side by side."""
import subprocess
import sys

from flack import create_app
from flack import db

from .helpers import sign_in


def test_applications_have_configurations_of_their_own(app, monkeypatch, tmp_path):
    monkeypatch.setenv("FLACK_SETTINGS", str(tmp_path / "prod.cfg"))
    (tmp_path / "prod.cfg").write_text(
        'SECRET_KEY = "secret"\nHISTORY_SECONDS = 60\nSQLALCHEMY_DATABASE_URI = "sqlite://"\n'
    )
    production = create_app("production")
    assert (app.testing, app.config["HISTORY_SECONDS"]) == (True, 86_400)
    assert (production.testing, production.config["HISTORY_SECONDS"]) == (False, 60)


def test_applications_have_databases_of_their_own(app, client, auth):
    other = create_app("testing")
    with other.app_context():
        db.create_all()
    sign_in(other.test_client(), "bob")
    assert [user["nickname"] for user in client.get("/api/users").json["users"]] == ["ann"]
    with other.app_context():
        db.engine.dispose()


def test_the_package_brings_its_models():
    code = "from flack import db; print(*sorted(db.metadata.tables))"
    # in a process of its own, where nothing else has imported them
    assert subprocess.check_output([sys.executable, "-c", code]).split() == [b"messages", b"users"]

"""Tests of applications side by side."""
import subprocess
import sys

import pytest

from config import ConfigurationError
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


def test_applications_count_their_own_requests(client):
    other = create_app("testing").test_client()
    other.get("/nothing")
    assert other.get("/stats").json["requests_per_second"] == 2 / 15
    assert client.get("/stats").json["requests_per_second"] == 1 / 15


@pytest.mark.parametrize("url", ["nonsense", "klingon://host/flack", "postgresql://host:port/x"])
def test_a_database_that_cannot_be_used_is_told_in_one_line(monkeypatch, tmp_path, url):
    monkeypatch.setenv("FLACK_SETTINGS", str(tmp_path / "dev.cfg"))
    (tmp_path / "dev.cfg").write_text(f"SQLALCHEMY_DATABASE_URI = {url!r}")
    with pytest.raises(ConfigurationError, match="^DATABASE_URL cannot be used: .+$"):
        create_app("development")


def test_the_package_brings_its_models():
    code = "from flack import db; print(*sorted(db.metadata.tables))"
    # in a process of its own, where nothing else has imported them
    assert subprocess.check_output([sys.executable, "-c", code]).split() == [b"messages", b"users"]

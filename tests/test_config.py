"""Tests of the configurations."""
import runpy

import pytest
from flask import Flask
from sqlalchemy import make_url

import config
from config import ConfigurationError
from config import configure


@pytest.fixture
def blank():
    """An application that is not configured."""
    return Flask("blank")


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A file that FLACK_SETTINGS names."""
    file = tmp_path / "prod.cfg"
    file.write_text('SECRET_KEY = "from the file"\nSQLALCHEMY_DATABASE_URI = "sqlite://"\n')
    monkeypatch.setenv("FLACK_SETTINGS", str(file))
    return file


def test_development_is_the_default_and_does_not_turn_the_debugger_on(blank, monkeypatch):
    monkeypatch.delenv("FLACK_CONFIG", raising=False)
    configure(blank)
    assert blank.config["TEMPLATES_AUTO_RELOAD"] is True
    assert not blank.debug


def test_a_variable_that_is_empty_is_as_one_that_is_not_set(blank, monkeypatch):
    for name in ("FLACK_CONFIG", "FLACK_SETTINGS", "DATABASE_URL", "SECRET_KEY"):
        monkeypatch.setenv(name, "")
    configure(blank)
    assert blank.config["TEMPLATES_AUTO_RELOAD"] is True
    settings = runpy.run_path(config.__file__)["Config"]
    assert settings.SQLALCHEMY_DATABASE_URI == "sqlite:///flack.sqlite"
    assert settings.SECRET_KEY == "not a secret"


def test_the_address_of_a_database_may_begin_as_hosts_write_it(blank, monkeypatch):
    monkeypatch.setenv("FLACK_CONFIG", "development")
    monkeypatch.setenv("DATABASE_URL", "postgres://ann:secret@host/flack")
    runpy.run_path(config.__file__)["configure"](blank)
    assert blank.config["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://ann:secret@host/flack"


def test_an_unknown_configuration_is_refused(blank):
    with pytest.raises(ConfigurationError, match="development, testing, production"):
        configure(blank, "holiday")


@pytest.mark.parametrize("missing, setting", [
    ("SECRET_KEY", "SECRET_KEY"), ("DATABASE_URL", "SQLALCHEMY_DATABASE_URI"),
])
def test_production_does_not_start_without_secret_and_database(
    blank, settings, monkeypatch, missing, setting
):
    settings.write_text(settings.read_text() + f"{setting} = None")
    with pytest.raises(ConfigurationError, match=missing):
        configure(blank, "production")


def test_production_has_no_secret_and_no_database_of_its_own(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    production = runpy.run_path(config.__file__)["ProductionConfig"]
    assert not production.SECRET_KEY
    assert not production.SQLALCHEMY_DATABASE_URI


def test_production_logs_no_tokens_and_checks_connections(blank, settings, monkeypatch):
    monkeypatch.setenv("FLACK_CONFIG", "production")
    configure(blank)
    options = blank.config["SQLALCHEMY_ENGINE_OPTIONS"]
    assert options == {"pool_pre_ping": True, "hide_parameters": True}


def test_a_settings_file_has_the_last_word(blank, settings):
    configure(blank, "production")
    assert blank.config["SECRET_KEY"] == "from the file"


@pytest.mark.parametrize("written, address", [
    ("'postgres://ann@host/flack'", "postgresql+psycopg://ann@host/flack"),
    ("make_url('sqlite://')", make_url("sqlite://")),
])
def test_an_address_in_a_settings_file_is_read_as_one_in_the_environment(
    blank, settings, monkeypatch, written, address
):
    monkeypatch.setenv("FLACK_CONFIG", "production")
    lines = ["from sqlalchemy import make_url", f"SQLALCHEMY_DATABASE_URI = {written}"]
    settings.write_text("\n".join([settings.read_text(), *lines]))
    configure(blank)
    assert blank.config["SQLALCHEMY_DATABASE_URI"] == address


def test_a_settings_file_that_is_missing_is_refused(blank, settings):
    settings.unlink()
    with pytest.raises(ConfigurationError, match="prod.cfg"):
        configure(blank, "production")


@pytest.mark.parametrize("line", ["SECRET_KEY =", "SECRET_KEY = unquoted"])
def test_a_settings_file_that_is_not_python_is_refused(blank, settings, monkeypatch, line):
    monkeypatch.setenv("FLACK_CONFIG", "production")
    settings.write_text(line)
    with pytest.raises(ConfigurationError, match="FLACK_SETTINGS"):
        configure(blank)


def test_testing_takes_no_settings_file(blank, settings):
    configure(blank, "testing")
    assert blank.config["SQLALCHEMY_DATABASE_URI"] == "sqlite://"
    assert blank.config["SECRET_KEY"] != "from the file"


def test_the_environment_names_the_configuration(blank, monkeypatch):
    monkeypatch.setenv("FLACK_CONFIG", "testing")
    configure(blank)
    assert blank.testing

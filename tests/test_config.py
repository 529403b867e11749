"""Tests of the configurations."""
import runpy

import pytest
from flask import Flask

import config
from config import ConfigurationError
from config import configure
from config import ProductionConfig


@pytest.fixture
def blank():
    """An application that is not configured."""
    return Flask("blank")


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A file that FLACK_SETTINGS names."""
    file = tmp_path / "prod.cfg"
    file.write_text('SECRET_KEY = "from the file"\n')
    monkeypatch.setenv("FLACK_SETTINGS", str(file))
    return file


def test_development_is_the_default_and_does_not_turn_the_debugger_on(blank, monkeypatch):
    monkeypatch.delenv("FLACK_CONFIG", raising=False)
    configure(blank)
    assert blank.config["TEMPLATES_AUTO_RELOAD"] is True
    assert not blank.debug


def test_an_unknown_configuration_is_refused(blank):
    with pytest.raises(ConfigurationError, match="development, testing, production"):
        configure(blank, "holiday")


def test_production_does_not_start_without_a_secret(blank, monkeypatch):
    monkeypatch.setattr(ProductionConfig, "SECRET_KEY", None)
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        configure(blank, "production")


def test_production_has_no_secret_of_its_own(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert runpy.run_path(config.__file__)["ProductionConfig"].SECRET_KEY is None


def test_a_settings_file_has_the_last_word(blank, settings):
    configure(blank, "production")
    assert blank.config["SECRET_KEY"] == "from the file"


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

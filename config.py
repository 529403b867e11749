"""The configurations of Flack, for development, for testing and for production."""
import os
import re


class Config:
    """What all configurations have in common."""

    SECRET_KEY = os.environ.get("SECRET_KEY") or "not a secret"
    SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL") or "sqlite:///flack.sqlite"
    MAX_CONTENT_LENGTH = 64 * 1024
    HISTORY_SECONDS = 24 * 60 * 60
    PASSWORD_HASH = "scrypt"


class DevelopmentConfig(Config):
    """For the machine that Flack is written on."""

    TEMPLATES_AUTO_RELOAD = True


class TestingConfig(Config):
    """For the tests: an empty database in memory, passwords that are cheap to hash."""

    TESTING = True
    SECRET_KEY = "not a secret"
    SQLALCHEMY_DATABASE_URI = "sqlite://"
    PASSWORD_HASH = "pbkdf2:sha256:1"


class ProductionConfig(Config):
    """For others to use; the secret must be one, and the database is named."""

    SECRET_KEY = os.environ.get("SECRET_KEY")
    SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL")
    SQLALCHEMY_ENGINE_OPTIONS = {
        # the database may have closed a connection that waited in the pool
        "pool_pre_ping": True,
        # an error is logged without what was asked for, such as tokens
        "hide_parameters": True,
    }


class ConfigurationError(RuntimeError):
    """Flack must not start as it is configured; the text says why."""


CONFIGS = {
    "development": DevelopmentConfig,
    "testing": TestingConfig,
    "production": ProductionConfig,
}


def configure(app, name=None):
    """Configure an application as the name, else FLACK_CONFIG, and FLACK_SETTINGS say.

    Raise ConfigurationError.
    """
    name = name or os.environ.get("FLACK_CONFIG") or "development"
    if name not in CONFIGS:
        raise ConfigurationError(f"The configuration must be {', '.join(CONFIGS)}, not {name}.")
    app.config.from_object(CONFIGS[name])
    settings = os.environ.get("FLACK_SETTINGS")
    # tests empty the database, which must not be one that somebody's settings name
    if settings and not app.testing:
        try:
            app.config.from_pyfile(os.path.abspath(settings))
        # the file is Python, which may raise anything
        except Exception as error:
            raise ConfigurationError(f"FLACK_SETTINGS: {error}") from error
    if not app.config["SECRET_KEY"]:
        raise ConfigurationError(f"SECRET_KEY must be set in {name}.")
    address = app.config["SQLALCHEMY_DATABASE_URI"]
    if not address:
        raise ConfigurationError(f"DATABASE_URL must be set in {name}.")
    # hosts hand out a scheme that SQLAlchemy does not know; a file may make a URL object, too
    if isinstance(address, str):
        address = re.sub("^postgres://", "postgresql+psycopg://", address)
    app.config["SQLALCHEMY_DATABASE_URI"] = address

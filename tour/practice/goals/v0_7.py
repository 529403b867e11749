"""The step to v0.7: the configuration gets a module of its own."""

from tour.practice.vocabulary import Command
from tour.practice.vocabulary import Complete
from tour.practice.vocabulary import Contract
from tour.practice.vocabulary import KeepsTests
from tour.practice.vocabulary import Leaves
from tour.practice.vocabulary import Loads
from tour.practice.vocabulary import Offers
from tour.practice.vocabulary import OwnTests
from tour.practice.vocabulary import There
from tour.practice.vocabulary import Without

TASK = """\
Move the configuration to config.py, beside manage.py: the classes Config, DevelopmentConfig,
TestingConfig and ProductionConfig, and a function configure(app) that takes the one that
FLACK_CONFIG names (development, testing, production), and on top of it the file that FLACK_SETTINGS
names, but not in testing. The database's address may begin with postgres:// in that file, too. What
must not start raises config.ConfigurationError: an unknown name, a file that cannot be read,
production without SECRET_KEY or DATABASE_URL.
"""

GOALS = (
    There("config.py"),
    Offers("config.py", ("Config", "DevelopmentConfig", "TestingConfig", "ProductionConfig")),
    Offers("config.py", ("configure", "ConfigurationError")),
    Leaves("flack/flack.py", ("DATABASE_URL",)),
    Without("config.py", ("app", "db")),
    Complete(),
    Loads("flack/__init__.py"),
    Loads("manage.py", as_program=True),
    KeepsTests(),
    OwnTests(yours=True),
    OwnTests(),
    Command(
        "python manage.py createdb",
        (("FLACK_CONFIG", "production"), ("FLACK_SETTINGS", "prod.cfg")),
        ("prod.cfg", 'SECRET_KEY = "secret"\nSQLALCHEMY_DATABASE_URI = "sqlite://"\n'),
    ),
    Contract(),
)

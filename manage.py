"""The commands of Flack: python manage.py COMMAND."""
import subprocess
import sys
from contextlib import suppress

from flask import current_app
from flask_script_ng import Manager
from flask_script_ng import Server
from flask_script_ng import Shell

from config import ConfigurationError
from flack import create_app
from flack import db
from flack.models import Message
from flack.models import User


class TablesThenServer(Server):
    """Make the tables that are missing, then serve."""

    def __call__(self, app, *args, port, **kwargs):
        if not 0 < port < 65536:
            sys.exit(f"The port must be a number from 1 to 65535, not {port}.")
        with app.app_context():
            make_tables()
        super().__call__(app, *args, port=port, **kwargs)


def make_tables():
    """Make the tables that are missing, whoever else does so at the same moment."""
    # each try that fails finds a table that is made meanwhile
    for _ in db.metadata.tables:
        with suppress(db.exc.DBAPIError):
            return db.create_all()
    db.create_all()


def shell_names():
    """Return the names that are at hand in the shell."""
    return {"app": current_app, "db": db, "Message": Message, "User": User}


manager = Manager(create_app)
manager.add_option("-c", "--config", dest="config_name", help="development, testing or production")
manager.add_command("runserver", TablesThenServer(threaded=True))
manager.add_command("shell", Shell(make_context=shell_names))


@manager.command
def createdb(drop_first=False):
    """Make the tables that are missing; --drop_first drops them all first, and all they hold."""
    if drop_first:
        db.drop_all()
    make_tables()
    print("The tables are there.")


@manager.command
def test():
    """Run the tests and tell what they cover."""
    return run_module("coverage", "run", "-m", "pytest") or run_module("coverage", "report")


@manager.command
def lint():
    """Check the style of the code."""
    return run_module("flake8")


def run_module(name, *arguments):
    """Run a Python module as a program and return its exit code."""
    return subprocess.call([sys.executable, "-m", name, *arguments])


if __name__ == "__main__":
    try:
        manager.run()
    except ConfigurationError as error:
        sys.exit(str(error))
    except db.exc.DBAPIError as error:
        sys.exit(f"DATABASE_URL cannot be used: {str(error).splitlines()[0]}")

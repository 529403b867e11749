"""The commands of Flack: python manage.py COMMAND."""
import sys

from flask_script_ng import Manager
from flask_script_ng import Server
from flask_script_ng import Shell

from flack import app
from flack import db
from flack.models import Message
from flack.models import User


class TablesThenServer(Server):
    """Make the tables that are missing, then serve."""

    def __call__(self, app, *args, port, **kwargs):
        if not 0 < port < 65536:
            sys.exit(f"The port must be a number from 1 to 65535, not {port}.")
        with app.app_context():
            db.create_all()
        super().__call__(app, *args, port=port, **kwargs)


def shell_names():
    """Return the names that are at hand in the shell."""
    return {"app": app, "db": db, "Message": Message, "User": User}


manager = Manager(app)
manager.add_command("runserver", TablesThenServer(threaded=True))
manager.add_command("shell", Shell(make_context=shell_names))


@manager.command
def createdb(drop_first=False):
    """Make the tables that are missing; --drop_first drops them all first, and all they hold."""
    if drop_first:
        db.drop_all()
    db.create_all()


if __name__ == "__main__":
    manager.run()

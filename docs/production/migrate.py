"""Changes of Flack's tables. Beside manage.py: FLASK_APP=migrate.py flask db upgrade."""
from flask_alembic import Alembic

from flack import create_app

app = create_app()
# the folder of the revisions is `migrations`, beside the package
app.config["ALEMBIC"] = {"script_location": "../migrations"}
alembic = Alembic(app)

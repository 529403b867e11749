"""What the tests of all modules share."""
import pytest

from flack import create_app
from flack import db

from .helpers import sign_in


@pytest.fixture
def app():
    """An application with an empty database."""
    app = create_app("testing")
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app):
    """A client that is not signed in."""
    return app.test_client()


@pytest.fixture
def auth(client):
    """The headers of ann, who is signed in and has the id 1."""
    return sign_in(client, "ann")

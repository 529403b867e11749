"""What the tests of all modules share."""
import os

import pytest

# flack reads it when it is imported
os.environ["FLACK_CONFIG"] = "testing"

import flack
from flack import db

from .helpers import sign_in


@pytest.fixture
def app():
    """The application with an empty database."""
    with flack.app.app_context():
        db.create_all()
    yield flack.app
    with flack.app.app_context():
        db.drop_all()


@pytest.fixture
def client(app):
    """A client that is not signed in."""
    return app.test_client()


@pytest.fixture
def auth(client):
    """The headers of ann, who is signed in and has the id 1."""
    return sign_in(client, "ann")

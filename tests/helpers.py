"""What tests do again and again."""
from flack import db

LONG_AGO = 1_000_000_000


def sign_in(client, nickname, password="secret"):
    """Register a user and return the headers with the user's token."""
    client.post("/api/users", json={"nickname": nickname, "password": password})
    token = client.post("/api/tokens", auth=(nickname, password)).json["token"]
    return {"Authorization": f"Bearer {token}"}


def make_old(app, model, **values):
    """Change what a client cannot: the times of all users or messages."""
    with app.app_context():
        db.session.execute(db.update(model).values(**values))
        db.session.commit()

"""See who answers requests that prove more or less of who sent them: auth.py, or a route."""

import sys
from pathlib import Path
from types import FrameType
from typing import NamedTuple

# what a request proves, in the words of the picture
NOTHING, BAD_TOKEN, BAD_PASSWORD = "no Authorization", "a bad token", "a wrong password"
ANN, BEN, PASSWORD = "ann's token", "ben's token", "ann's password"

# ann's message, and one that nobody has
OWN, MISSING = "/api/messages/1", "/api/messages/2"

REQUESTS = (
    ("POST", "/api/tokens", NOTHING),
    ("POST", "/api/tokens", BAD_PASSWORD),
    ("POST", "/api/tokens", PASSWORD),
    ("GET", "/api/messages", NOTHING),
    ("GET", "/api/messages", BAD_TOKEN),
    ("GET", "/api/messages", BEN),
    ("PUT", OWN, NOTHING),
    ("PUT", OWN, BAD_TOKEN),
    ("PUT", OWN, BEN),
    ("PUT", OWN, ANN),
    ("PUT", MISSING, NOTHING),
    ("PUT", MISSING, ANN),
)

# the function of auth.py that refuses
REFUSE = "refuse"


class Answer(NamedTuple):
    """A request, what it proves, the status of the answer, and who answers: a file's function."""

    method: str
    path: str
    proof: str
    status: int
    file: str
    function: str


def see() -> list[Answer]:
    """Return the answers of the application in the current folder."""
    from werkzeug.datastructures import Authorization

    from flack import app
    from flack import db

    folder = Path.cwd().resolve()
    with app.app_context():
        db.create_all()
    client = app.test_client()
    tokens = {}
    for name in ("ann", "ben"):
        client.post("/api/users", json={"nickname": name, "password": "secret"})
        answer = client.post("/api/tokens", auth=(name, "secret"))
        tokens[name] = Authorization("bearer", token=answer.get_json()["token"])
    proofs = {
        NOTHING: None,
        BAD_TOKEN: Authorization("bearer", token="revoked"),
        BAD_PASSWORD: ("ann", "wrong"),
        PASSWORD: ("ann", "secret"),
        ANN: tokens["ann"],
        BEN: tokens["ben"],
    }
    client.post("/api/messages", json={"source": "hello"}, auth=proofs[ANN])
    answers = []
    for method, path, proof in REQUESTS:
        called: list[tuple[str, str]] = []

        def note(frame: FrameType, event: str, argument: object) -> None:
            code = frame.f_code
            if event == "call" and code.co_filename.startswith(str(folder)):
                called.append((Path(code.co_filename).name, code.co_name))

        with app.test_request_context(path, method=method) as context:
            view = context.request.endpoint
        sys.setprofile(note)
        try:
            answer = client.open(path, method=method, json={"source": "hi"}, auth=proofs[proof])
        finally:
            sys.setprofile(None)
        [(file, function)] = [each for each in called if each[1] in (REFUSE, view)]
        answers.append(Answer(method, path, proof, answer.status_code, file, function))
    return answers

"""A message whose author was told 201 is there, whatever happens to the server."""

from threading import Semaphore
from threading import Thread

import httpx

from tour.contract.client import TIMEOUT
from tour.contract.client import expect
from tour.contract.client import open_client
from tour.contract.client import post
from tour.contract.stage import new_person

AUTHORS = 4
# answers to wait for before the server is killed
ENOUGH = 80


def test_a_server_killed_under_load_has_lost_no_message_it_confirmed(stage):
    with stage.server() as server, open_client(server) as client:
        authors = [new_person(server) for _ in range(AUTHORS)]
        confirmed = {}
        answers = Semaphore(0)

        def write(author) -> None:
            for number in range(100_000):
                source = f"{author.nickname} {number}"
                try:
                    id = post(client, author, source)["id"]
                except httpx.TransportError:
                    return
                confirmed[id] = source
                answers.release()

        writers = [Thread(target=write, args=[author], daemon=True) for author in authors]
        for writer in writers:
            writer.start()
        for _ in range(ENOUGH):
            assert answers.acquire(timeout=TIMEOUT), "the server stopped answering"
        server.kill()
        for writer in writers:
            writer.join()

        server.start()
        kept: dict[int, str] = {}
        for author in authors:
            answer = expect(client.get("/api/messages", params={"user_id": author.id}), 200)
            kept |= {message["id"]: message["source"] for message in answer.json()["messages"]}
        assert len(confirmed) >= ENOUGH
        assert {id: kept.get(id) for id in confirmed} == confirmed
        # at most the one that each was writing is there without its author knowing
        assert len(kept) <= len(confirmed) + AUTHORS
        assert post(client, authors[0], "and on it goes")["id"] not in kept

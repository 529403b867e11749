"""Many clients at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from tour.contract.client import at_once
from tour.contract.client import expect
from tour.contract.client import unique
from tour.contract.stage import new_person

# messages of each client at the same time
EACH = 20


def test_of_eight_who_register_one_nickname_one_gets_it(client):
    nickname = unique("race")
    credentials = {"nickname": nickname, "password": "a password"}
    answers = at_once([lambda: client.post("/api/users", json=credentials)] * 8)
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 7
    users = client.get("/api/users").json()["users"]
    assert [user["nickname"] for user in users].count(nickname) == 1


def test_of_five_who_take_one_nickname_one_gets_it(server, client):
    nickname = unique("race")
    people = [new_person(server) for _ in range(5)]
    answers = at_once(
        [
            lambda person=person: client.put(
                f"/api/users/{person.id}", json={"nickname": nickname}, headers=person.bearer
            )
            for person in people
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [204] + [400] * 4
    users = client.get("/api/users").json()["users"]
    assert [user["nickname"] for user in users].count(nickname) == 1


def test_twenty_who_ask_for_one_users_token_get_the_same(client, someone):
    expect(client.delete("/api/tokens", headers=someone.bearer), 204)
    answers = at_once([lambda: client.post("/api/tokens", auth=someone.basic)] * 20)
    assert [answer.status_code for answer in answers] == [200] * 20
    [token] = {answer.json()["token"] for answer in answers}
    answer = client.get("/api/users/0", headers={"Authorization": f"Bearer {token}"})
    expect(answer, 404)


def test_all_messages_of_eight_clients_arrive_while_others_poll(server, client):
    authors = [new_person(server) for _ in range(8)]
    done = Event()

    def write(author) -> list[int]:
        answers = [
            client.post("/api/messages", json={"source": f"{n}"}, headers=author.bearer)
            for n in range(EACH)
        ]
        return [answer.status_code for answer in answers]

    def poll() -> set[int]:
        statuses = set()
        while not done.is_set():
            answer = client.get("/api/messages?user_id=0", headers=authors[0].bearer)
            statuses.add(answer.status_code)
        return statuses

    with ThreadPoolExecutor(1) as pool:
        polling = pool.submit(poll)
        try:
            statuses = at_once([lambda author=author: write(author) for author in authors])
        finally:
            done.set()
    assert statuses == [[201] * EACH] * 8
    assert polling.result() == {200}
    for author in authors:
        answer = expect(client.get("/api/messages", params={"user_id": author.id}), 200)
        sources = [message["source"] for message in answer.json()["messages"]]
        assert sorted(sources, key=int) == [f"{n}" for n in range(EACH)]

"""What an operator does with a set-up, as docs/production.md says it; and what came of it."""

import http.client
import shutil
import ssl
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tour.production import part
from tour.production import programs
from tour.production import tabs
from tour.production.database import Database
from tour.production.deployment import Deployment
from tour.production.files import Replacement
from tour.production.load import Client
from tour.production.load import Load
from tour.production.load import Person
from tour.production.load import basic
from tour.production.serving import Prepared
from tour.system import server
from tour.system.address import HOST
from tour.system.status_line import Report
from tour.system.threads import beside

# messages of a database that is called full
MANY = 200_000
INSERT_MESSAGES = f"""
    INSERT INTO messages (created_at, updated_at, source, html, user_id)
    SELECT extract(epoch FROM now())::bigint - 7200, extract(epoch FROM now())::bigint - 7200,
        'an old message ' || number, 'an old message ' || number, (SELECT min(id) FROM users)
    FROM generate_series(1, {MANY}) AS number
"""

# the column that the page's migration adds
FIND_COLUMN = """
    SELECT 1 FROM information_schema.columns
    WHERE table_name = 'messages' AND column_name = 'pinned_at'
"""

# tabs that are open, and for how long
TABS = 40
TABS_SECONDS = 10.0

# how many guess passwords at once, seconds between two guesses of each, and how long they do
ATTACKERS = 32
GUESS_PAUSE = 0.1
ATTACK_SECONDS = 6.0
# times that a bystander's median may be that without an attack, and the milliseconds up to which
# the difference is the machine's
SLOWER = 3.0
NOISE = 5.0

# what logrotate is told of gunicorn without systemd, and of its user
KILL = "systemctl kill --kill-who=main --signal=USR1 'flack@*.service'"
SU = "    su flack flack\n"

TLS = "/etc/letsencrypt/live/chat.example.com"


class Operation(NamedTuple):
    """Something that an operator did: how long it took, what was seen, '' or what is wrong."""

    name: str
    seconds: float
    seen: str
    problem: str = ""


class Tls(NamedTuple):
    """The ports of a set-up that has TLS beside plain HTTP, and the folder of its certificate."""

    port: int
    plain_port: int
    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "Tls":
        """Make a certificate that nobody trusts, as openssl does it."""
        folder.mkdir(parents=True)
        key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
        options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=flack"]
        command = ["openssl", "req", *options, "-keyout", str(key), "-out", str(certificate)]
        answer = subprocess.run(command, capture_output=True, text=True)
        if answer.returncode != 0:
            raise server.ServerError(f"openssl made no certificate:\n{answer.stderr}")
        return cls(server.free_port(), server.free_port(), folder)

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        """Return what lets nginx serve both."""
        line = "include /etc/flack/nginx/tls.conf;"
        file = "nginx/tls.conf"
        return (
            Replacement("nginx/nginx.conf", f"#{line}", line),
            Replacement(file, "listen 80;", f"listen {HOST}:{self.plain_port};"),
            Replacement(file, "listen 443", f"listen {HOST}:{self.port}"),
            Replacement(file, TLS, str(self.folder)),
        )


def do_all(prepared: Prepared, folder: Path, report: Report) -> list[Operation]:
    """Do all of it, one after the other; `report` is called with the name of each."""
    tls = Tls.make(folder / "tls")
    done = []
    with (
        Database(prepared.programs, folder / "database") as database,
        prepared.deploy(
            folder / "operations", database, replacements=tls.replacements
        ) as deployment,
    ):
        Person.insert_many(deployment, 1)
        deployment.sql(INSERT_MESSAGES)
        operations: dict[str, Callable[[], tuple[str, str]]] = {
            "TLS": partial(answer_over_tls, tls),
            "a new column and back": partial(migrate, deployment),
            "a backup, restored": partial(back_up, deployment),
            "the logs rotated": partial(rotate_logs, deployment),
            "forty open tabs": partial(serve_tabs, deployment),
            "passwords guessed": partial(guess_passwords, deployment),
        }
        for name, operate in operations.items():
            report(name)
            start = time.monotonic()
            seen, problem = operate()
            done.append(Operation(name, time.monotonic() - start, seen, problem))
    return done


def answer_over_tls(tls: Tls) -> tuple[str, str]:
    """Ask over TLS, and over plain HTTP, which has to lead there."""
    untrusted = ssl.create_default_context()
    untrusted.check_hostname = False
    untrusted.verify_mode = ssl.CERT_NONE
    secure = http.client.HTTPSConnection(HOST, tls.port, context=untrusted, timeout=10)
    secure.request("GET", "/api/messages?user_id=0")
    answer = secure.getresponse()
    plain = http.client.HTTPConnection(HOST, tls.plain_port, timeout=10)
    plain.request("GET", "/", headers={"Host": "chat.example.com"})
    led = plain.getresponse().getheader("Location")
    lasts = answer.getheader("Strict-Transport-Security")
    secure.close()
    plain.close()
    is_right = (answer.status, led) == (200, "https://chat.example.com/") and lasts
    problem = "" if is_right else f"{answer.status}, {led}, {lasts}"
    return f"200 over TLS with {lasts}; plain HTTP leads there", problem


def migrate(deployment: Deployment) -> tuple[str, str]:
    """Add a column and drop it again, while others post to a table that is full."""
    shutil.copy(deployment.settings / "migrate.py", deployment.stage)
    shutil.copytree(deployment.settings / "migrations", deployment.stage / "migrations")
    seconds = []
    columns = []
    with Load(deployment) as load:
        load.wait_for_more(20)
        for step in ("upgrade", "downgrade"):
            start = time.monotonic()
            command = [str(deployment.python), "-m", "flask", "--app", "migrate.py", "db", step]
            answer = deployment.run(command)
            seconds.append(time.monotonic() - start)
            if answer.code != 0:
                return "", f"flask db {step}: {answer.output}"
            columns.append(bool(deployment.sql(FIND_COLUMN)))
            load.wait_for_more(20)
    problem = "" if columns == [True, False] else f"the column: {columns}"
    if load.failed:
        problem += f"{len(load.failed)} requests failed"
    return (
        f"on {MANY:,} messages: {seconds[0]:.1f} s forward, {seconds[1]:.1f} s back, with Python's"
        f" start; {len(load.failed)} of {len(load.answers)} requests failed",
        problem,
    )


def back_up(deployment: Deployment) -> tuple[str, str]:
    """Save the database while others post, and restore it to a new one."""
    with Load(deployment) as load:
        load.wait_for_more(10)
        file = Path(deployment.script("backup.sh", deployment.name))
        load.wait_for_more(10)
    # what was told 201 before the backup began is in it; of the rest some may be
    first = list(load.confirmed)[:10]
    new = f"{deployment.name}_restored"
    deployment.script("restore.sh", str(file), new, deployment.name)
    statement = "SELECT count(*), count(*) FILTER (WHERE id IN ({})) FROM messages"
    ids = ",".join(map(str, first))
    answer = deployment.database.psql(statement.format(ids), new).stdout.strip()
    messages, found = map(int, answer.split("|"))
    deployment.database.psql(f'DROP DATABASE "{new}"')
    problem = "" if messages >= MANY and found == len(first) else f"{messages} messages, {found}"
    size = file.stat().st_size / 1_000_000
    return f"{messages:,} messages in {size:.1f} MB; all that was confirmed before", problem


def rotate_logs(deployment: Deployment) -> tuple[str, str]:
    """Rotate the logs as logrotate does at night, and see that the nodes write to new ones."""
    logrotate = programs.find_logrotate()
    original = (deployment.settings / "logrotate.conf").read_text(encoding="utf-8")
    ids = " ".join(map(str, deployment.pids))
    settings = original.replace(KILL, f"kill -USR1 {ids}").replace(SU, "")
    if settings.count("kill -USR1") != 1 or "su flack" in settings:
        return "", "docs/production/logrotate.conf has changed; change the tour with it"
    file = deployment.folder / "logrotate.conf"
    file.write_text(settings, encoding="utf-8")
    # logrotate takes no settings that others may write
    file.chmod(0o600)
    state = str(deployment.folder / "logrotate.state")
    command = [str(logrotate), "--force", "--state", state, str(file)]
    answer = deployment.run(command, {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin"})
    if answer.code != 0:
        return "", answer.output
    logs = [deployment.logs / f"access-{port}.log" for port in deployment.node_ports]
    part.wait_until(lambda: all(log.exists() for log in logs), "a node opened no new log")
    client = Client(deployment.port)
    # nginx asks the nodes in turn
    for _ in range(2 * len(logs)):
        client.request("GET", "/api/messages?user_id=0")
    client.close()
    part.wait_until(lambda: all(map(part.read, logs)), "a node writes nothing to its new log")
    old = [log.with_name(f"{log.name}.1") for log in logs]
    problem = "" if all(log.exists() for log in old) else "the old logs are not there"
    return f"{len(logs)} nodes write to new logs, and the old ones are kept", problem


def serve_tabs(deployment: Deployment) -> tuple[str, str]:
    """Let people have the web client open, and look at what they wait and cost."""
    met = tabs.open_tabs(deployment, TABS, TABS_SECONDS)
    seen = [
        f"half of the polls within {met.median:.0f} ms, 95 % within {met.slow:.0f} ms",
        "" if met.cost is None else f"a tab costs {met.cost:.0f} ms of a core in a second",
        "" if met.memory is None else f"a node holds {met.memory:.0f} MB",
    ]
    problem = f"{met.failed} polls failed" if met.failed else ""
    return "; ".join(filter(None, seen)), problem


def guess_passwords(deployment: Deployment) -> tuple[str, str]:
    """Guess passwords without end, and look at one who polls meanwhile."""
    [person] = Person.insert_many(deployment, 1)
    polls: list[int] = []
    refused: list[int] = []
    errors: set[str] = set()

    def guess(ended: threading.Event) -> None:
        client = Client(deployment.port)
        while not ended.wait(GUESS_PAUSE):
            headers = basic(person.nickname, "a wrong password")
            answer = client.request("POST", "/api/tokens", headers=headers)
            refused.append(answer.status)
            if answer.status == 429:
                errors.add(answer.json()["error"])
        client.close()

    def poll(seconds: float) -> float:
        """Return the median of polls, in milliseconds."""
        client = Client(deployment.port, person.token)
        times = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            path = f"/api/messages?updated_since={int(time.time())}"
            answer = client.request("GET", path)
            polls.append(answer.status)
            times.append(1000 * answer.seconds)
            time.sleep(0.02)
        client.close()
        return statistics.median(times)

    idle = poll(ATTACK_SECONDS / 2)
    with beside(*[guess] * ATTACKERS):
        attacked = poll(ATTACK_SECONDS)
    problems = []
    if set(polls) != {200}:
        problems.append(f"polls were answered with {set(polls)}")
    if attacked > max(SLOWER * idle, idle + NOISE):
        problems.append(f"a poll takes {attacked / idle:.1f} times as long")
    if not set(refused) <= {401, 429} or not errors:
        problems.append(f"guesses were answered with {set(refused)}")
    share = sum(status == 429 for status in refused) / len(refused)
    return (
        f"{ATTACKERS} guess, {share:.0%} of {len(refused)} get 429 in JSON; a poll's median is"
        f" {idle:.0f} ms before and {attacked:.0f} ms meanwhile; no poll is braked",
        ", ".join(problems),
    )

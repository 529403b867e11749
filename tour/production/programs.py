"""The programs of the set-up, as the system has them: nginx and PostgreSQL; and Redis."""

import glob
import os
import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from tour.system import platforms
from tour.system.errors import UsageError

# Debian keeps a version's programs in a folder of its own, which is not on the PATH; so do Fedora
# and Homebrew where there are several
POSTGRESQL_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
NGINX_PLACES = ("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx")

# what the page on production starts beside the set-up, for its queue
REDIS = "redis-server"

# PostgreSQL refuses to run as root
POSTGRESQL_USER = "postgres"


class Programs(NamedTuple):
    """The path of nginx, and the folder of PostgreSQL's programs."""

    nginx: Path
    postgresql: Path

    def postgresql_command(self, name: str, *arguments: str) -> list[str]:
        """Return the command of a program that must not run as root."""
        return [*_as_postgres(), str(self.postgresql / name), *arguments]


def find() -> Programs:
    """Return the programs; raise UsageError when one of them lacks."""
    if missing := explain_missing():
        raise UsageError(missing)
    nginx, postgresql = _find_nginx(), _find_postgresql()
    # nothing lacks
    assert nginx is not None and postgresql is not None
    return Programs(nginx, postgresql)


def explain_missing() -> str:
    """Return what is not installed and how to install it; '' when nothing lacks."""
    found = {platforms.Need.NGINX: _find_nginx(), platforms.Need.POSTGRESQL: _find_postgresql()}
    lacks = [need for need, path in found.items() if path is None]
    if sys.platform == "win32":
        # neither gunicorn nor nginx is for Windows
        lacks = lacks or list(found)
    elif os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "PostgreSQL does not run as root; run this as another user"
    return "\n".join(map(_not_found, lacks))


def explain_missing_redis() -> str:
    """Return that Redis is not installed and how to install it; '' when it is there."""
    return "" if shutil.which(REDIS) else _not_found(platforms.Need.REDIS)


def versions() -> list[str]:
    """Return what tells the programs from others of the same name; nothing of one that lacks."""
    found = (_find_nginx(), _find_postgresql())
    return [f"{path} {path.stat().st_mtime_ns}" for path in found if path is not None]


def find_logrotate() -> Path:
    """Return the path of logrotate; raise UsageError without it."""
    found = shutil.which("logrotate", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        raise UsageError(_not_found(platforms.Need.LOGROTATE))
    return Path(found)


def chown(path: Path) -> None:
    """Give a folder to the user whom PostgreSQL runs as."""
    if os.geteuid() == 0:
        shutil.chown(path, POSTGRESQL_USER, POSTGRESQL_USER)


def _not_found(need: platforms.Need) -> str:
    return f"{need.value} was not found; {platforms.how_to_install(need)}"


def _find_nginx() -> Path | None:
    found = shutil.which("nginx")
    places = [found] if found else [place for place in NGINX_PLACES if Path(place).is_file()]
    return Path(places[0]) if places else None


def _find_postgresql() -> Path | None:
    folders = [Path(found) for pattern in POSTGRESQL_FOLDERS for found in glob.glob(pattern)]
    # the newest first
    versions = {folder: re.findall(r"\d+", folder.parent.name) for folder in folders}
    folders.sort(key=lambda folder: [int(part) for part in versions[folder]], reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").is_file()), None)


def _as_postgres() -> list[str]:
    """Return what runs a command as PostgreSQL's user, for root; the clone may be root's own."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return []
    user = POSTGRESQL_USER
    identity = [f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    reach = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return ["setpriv", *identity, *reach]

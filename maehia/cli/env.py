"""Readers of environment variables that fail loudly: a wrong value stops the start and says which one.

Every variable is declared here once, in `KNOWN`; a test holds `.env.example` and docs/operations.md to it.
A value may also come from the file named by `<NAME>_FILE` (for secrets handed over by the system).
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / ".env"
INTERNAL = {"MAEHIA_SUPERVISOR"}  # set for the supervisor's children, never by people


class SettingError(Exception):
    """A variable is missing or has a value that cannot be used."""


KNOWN: dict[str, str] = {
    "MAEHIA_DATA": "Folder of everything the town keeps: database, files, keys, backups. Default: var/ of the clone.",
    "MAEHIA_HOST": "Address the server listens on. Default 127.0.0.1; another one needs HTTPS (see MAEHIA_TLS_*).",
    "MAEHIA_PORT": "Port of the server. Default 8000.",
    "MAEHIA_HOSTS": "Public names of the site, comma separated. Loopback names are always allowed.",
    "MAEHIA_TLS_CERT": "Certificate (PEM) of the public name. Default: the one made by the town's own CA.",
    "MAEHIA_TLS_KEY": "Key (PEM) of that certificate.",
    "MAEHIA_BEHIND_PROXY": "1 when a reverse proxy on this machine ends HTTPS and sets X-Forwarded-Proto.",
    "MAEHIA_SECRET_KEY": "Signing key of sessions. Default: made once, kept 0600 in the data folder.",
    "MAEHIA_DEBUG": "1 shows tracebacks in the browser. For developers; refused beyond loopback.",
    "MAEHIA_LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR. Default INFO.",
    "MAEHIA_PROCESSES": "Web processes. Default 2.",
    "MAEHIA_DB_ROLE": "Which database role the process uses: app or worker. Set by the supervisor.",
    "MAEHIA_DB_POOL": "Most connections one process keeps. 0 = one per thread. Set by the supervisor.",
    "MAEHIA_PG_BIN": "Folder of the PostgreSQL programs. Default: the newest one of 15 or later.",
    "MAEHIA_EMAIL_URL": "smtp://user:password@host:port (smtps for TLS). Default: letters go to <data>/mail.",
    "MAEHIA_EMAIL_FROM": "Sender of letters. Default: webmaster@localhost.",
    "MAEHIA_LINE_CHANNEL_SECRET": "Channel secret of the LINE Messaging API; checks the signature of webhooks.",
    "MAEHIA_LINE_CHANNEL_SECRET_BEFORE": "The channel secret before it, accepted too while it is being changed.",
    "MAEHIA_LINE_ACCESS_TOKEN": "Channel access token of the LINE Messaging API.",
    "MAEHIA_LINE_BOT_USER": "User id of the bot; webhooks for another one are ignored. Default: all are taken.",
    "MAEHIA_LINE_LOGIN_CHANNEL": "Channel id of LINE Login; ID tokens of LIFF pages must be made out to it.",
    "MAEHIA_LINE_LIFF": "LIFF id of the pages that open inside LINE.",
    "MAEHIA_SMS_GATEWAY": "YAML that says how the SMS gateway is called (see docs/messages.md). Usually as a _FILE.",
    "MAEHIA_TRAFFY_URL": "Address of Traffy's Exchange API. Default: the one that its documents name.",
    "MAEHIA_TRAFFY_USER": "User of the Traffy Exchange API. Without it the link is off.",
    "MAEHIA_TRAFFY_PASSWORD": "Password of that user.",
    "MAEHIA_TRAFFY_HOOK_SECRET": "Secret of 16 letters or more; ends the address /hooks/traffy/<secret>/.",
    "DATABASE_URL": "postgres://maehia_app:...@host/name of a server that you run. Default: the private cluster.",
    "MAEHIA_TEST_DB": "Name of the tests' database; the test plugin sets one per run.",
    "DATABASE_URL_OWNER": "The same database as maehia_owner (migrations). Needed with DATABASE_URL.",
    "DATABASE_URL_WORKER": "The same database as maehia_worker (jobs). Needed with DATABASE_URL.",
    "DATABASE_URL_BACKUP": "The same database as a role with BYPASSRLS (backups). Needed with DATABASE_URL.",
}


def read_file(path: Path) -> None:
    """Take over `NAME=value` lines of a .env file; what the environment already says stays."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, equals, value = stripped.partition("=")
        if not equals or name.strip() != name:
            raise SettingError(f"{path.name} line {number} must look like NAME=value")
        os.environ.setdefault(name, value.strip().strip("'\""))


def refuse_unknown() -> None:
    """A misspelt variable would silently do nothing; say so, with the nearest name."""
    for name in os.environ:
        known = name.removesuffix("_FILE")
        if name.startswith("MAEHIA_") and known not in KNOWN and name not in INTERNAL:
            near = difflib.get_close_matches(known, KNOWN, 1)
            raise SettingError(f"{name} is no variable of this system" + (f"; did you mean {near[0]}?" if near else ""))


def text(name: str, default: str | None = None) -> str:
    """The value of a declared variable, from itself or from the file named by `<name>_FILE`.

    Raises SettingError when it is missing and has no default, or given twice.
    """
    if name not in KNOWN:
        raise SettingError(f"{name} is read but not declared in maehia/cli/env.py")
    value, file = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if value and file:
        raise SettingError(f"{name} and {name}_FILE are both set; keep one of them")
    if file:
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE={file} cannot be read: {error.strerror}") from error
    if value:
        return value
    if default is None:
        raise SettingError(f"{name} is not set: {KNOWN[name]}")
    return default


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"{name}={value} is not a yes or no; write 1 or 0")


def number(name: str, default: int, low: int, high: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or not low <= int(value) <= high:
        raise SettingError(f"{name}={value} must be a whole number from {low} to {high}")
    return int(value)


def words(name: str) -> list[str]:
    return [part.strip() for part in text(name, "").split(",") if part.strip()]


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise SettingError(f"{name}={value} must be one of {', '.join(allowed)}")
    return value


if FILE.is_file():
    read_file(FILE)

"""What the town has decided about alerts, and under which name it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.conf import settings

from maehia.city.models import Town
from maehia.city.queries.town import phone_parts, read_town
from maehia.emergency.models import AlertSetting

FILE = Path(__file__).resolve().parents[1] / "data" / "alert_settings.yaml"
NO_DOMAIN = "maehia.invalid"  # a town that has not said its name yet is not mistaken for another
COMMAND_TH, COMMAND_EN = "ศูนย์ปฏิบัติการฉุกเฉิน", "Emergency Operations Centre"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who speaks. site: the address under which pages are found, without a slash at the end."""

    domain: str
    sender: str
    name_th: str
    name_en: str
    contact: str
    site: str


@cache
def entries() -> dict[str, dict[str, Any]]:
    """Key -> entry of the data file."""
    return {entry["key"]: entry for entry in yaml.safe_load(FILE.read_text(encoding="utf-8"))}


def setting(key: str) -> Any:
    """The value in force. Raises KeyError for a key that the data file does not know."""
    default = entries()[key]["value"]
    found = last_change(key)
    return default if found is None else found.value


def last_change(key: str) -> AlertSetting | None:
    """Who changed it last, and when; None for a value as it was shipped."""
    return AlertSetting.objects.filter(key=key).order_by("-at", "-id").first()


def all_settings() -> list[tuple[dict[str, Any], Any, AlertSetting | None]]:
    """(entry, value in force, its row or None) of every key, for the page that changes them."""
    newest = {row.key: row for row in AlertSetting.objects.order_by("key", "at", "id")}
    return [(entry, newest[key].value if key in newest else entry["value"], newest.get(key))
            for key, entry in entries().items()]  # fmt: skip


def identity() -> Identity:
    """Who speaks, from the settings, else from the town's profile."""
    town = read_town()
    domain = setting("domain") or _domain(town)
    name_th, name_en = (town.name_th, town.name_en) if town else ("", "")
    return Identity(
        domain=domain,
        sender=setting("sender") or f"eoc@{domain}",
        name_th=setting("sender_name_th") or f"{COMMAND_TH} {name_th}".strip(),
        name_en=setting("sender_name_en") or f"{COMMAND_EN}, {name_en or name_th}".strip(", "),
        contact=setting("contact") or _phone(town),
        site=settings.SITE_URL.rstrip("/"),
    )


def _domain(town: Town | None) -> str:
    """The town's web host without www; an invented town keeps a name that leads nowhere."""
    host = urlsplit(town.website).hostname if town and town.website else ""
    return (host or NO_DOMAIN).removeprefix("www.")


def _phone(town: Town | None) -> str:
    """The number for emergencies: of several, the last one of the profile (the first is the office's)."""
    phones = [phone_parts(phone)[2] for phone in (town.phones if town else [])]
    return phones[-1] if phones else ""

"""An alert as the public reads it: a card in the language of the page, and the strip above every page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from maehia.emergency.models import Alert
from maehia.emergency.queries.alerts import state_words
from maehia.emergency.rules.cap.texts import marked
from maehia.emergency.rules.cap.workflow import LEVELS, LEVELS_EN
from maehia.web import prerendered
from maehia.web.registry import Banner

LEVEL_NUMBER = {"green": 1, "blue": 2, "yellow": 3, "orange": 4, "red": 5}
STATE_TAG = {"published": "late", "updated": "wait", "cancelled": "done", "expired": "wait"}
STRIP = "/alerts/strip.json"
MEANING = {
    "red": ("อันตรายร้ายแรง ทำตามทันที", "Grave danger: act now"),
    "orange": ("อันตราย เตรียมออกจากพื้นที่", "Danger: be ready to leave"),
    "yellow": ("ระวัง ติดตามใกล้ชิด", "Take care, keep listening"),
    "blue": ("ทราบไว้", "For your information"),
    "green": ("ปลอดภัยแล้ว", "The danger is over"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """row: the alert with its words. url: of its page, in the language of the page that shows it."""

    row: Alert
    state: str
    base: str

    @property
    def identifier(self) -> str:
        return self.row.identifier

    @property
    def sent(self) -> datetime:
        return self.row.sent or self.row.made_at  # what went out has it: a constraint of the table

    @property
    def english(self) -> bool:
        return (get_language() or "th").startswith("en")

    @property
    def words(self) -> Any:
        return self.row.words("en" if self.english else "th")

    @property
    def headline(self) -> str:
        """After the word that says when it is not real."""
        return marked(self.row.status, self.words.headline if self.words else "", not self.english)

    @property
    def practice(self) -> bool:
        return self.row.status != "Actual"

    @property
    def lines(self) -> list[str]:
        """The instruction, one step per line."""
        return [line.strip() for line in (self.words.instruction if self.words else "").splitlines() if line.strip()]

    @property
    def url(self) -> str:
        return f"{'/en' if self.english else ''}{self.base}{self.row.identifier}/"

    @property
    def xml_url(self) -> str:
        return f"{'/cap/' if self.base == '/alerts/' else '/cap/exercise/'}{self.row.identifier}.xml"

    @property
    def level_number(self) -> int:
        return LEVEL_NUMBER[self.row.level]

    @property
    def level(self) -> str:
        return LEVELS_EN[self.row.level] if self.english else dict(LEVELS)[self.row.level]

    @property
    def meaning(self) -> str:
        return MEANING[self.row.level][1 if self.english else 0]

    @property
    def state_words(self) -> str:
        if self.state == "published" and self.row.msg_type != "Cancel":
            return "In force" if self.english else "มีผลอยู่"
        return state_words(self.state, "en" if self.english else "th")

    @property
    def tag(self) -> str:
        return STATE_TAG[self.state] if self.row.msg_type != "Cancel" else "done"

    @property
    def features(self) -> list[dict[str, Any]]:
        """The area as GeoJSON."""
        if not self.row.geom:
            return []
        return [{"type": "Feature", "properties": {}, "geometry": json.loads(self.row.geom.geojson)}]


def gravest_first(cards: Iterable[Card]) -> list[Card]:
    """As people should read them: by level, the newest of a level first."""
    newest = sorted(cards, key=lambda card: card.sent, reverse=True)
    return sorted(newest, key=lambda card: -LEVEL_NUMBER[card.row.level])


def card_of(row: Alert, state: str, base: str) -> Card:
    return Card(row, state, base)


def strip_of(rows: Sequence[Alert]) -> dict[str, Any]:
    """What the strip above every page says: the gravest alert in force, and how many there are."""
    if not rows:
        return {"alerts": 0}
    worst = max(rows, key=lambda row: (LEVEL_NUMBER[row.level] if row.level != "green" else 0, row.sent))
    thai, english = worst.words("th"), worst.words("en")
    return {
        "alerts": len(rows), "level": worst.level, "identifier": worst.identifier,
        "th": thai.headline if thai else "", "en": english.headline if english else "",
        "until": worst.expires.isoformat(),
    }  # fmt: skip


def banners(request: HttpRequest) -> Sequence[Banner]:
    """The strip, from the file: no page asks the database for it. A page being made beforehand brings its own."""
    strip = getattr(request, "alert_strip", None)
    if strip is None:
        held = prerendered.held(STRIP)
        strip = json.loads(held.body) if held else {}
    if not strip.get("alerts"):
        return ()
    more = strip["alerts"] - 1
    th = f"{strip['th']} (และอีก {more} ประกาศ)" if more else strip["th"]
    en = f"{strip['en'] or strip['th']} (and {more} more)" if more else strip["en"]
    english = (get_language() or "th").startswith("en")
    kind = "live" if strip["level"] in ("red", "orange") else "warn"
    return (Banner(kind, th, en, f"{'/en' if english else ''}/alerts/"),)

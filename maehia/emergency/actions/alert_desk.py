"""Drafting a warning in plain words: from a template of the town, by hand, or from a limit that was reached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib.gis.geos import GEOSGeometry

from maehia.emergency.actions.alerts import NewAlert, Words, draft
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Alert, AlertText, Incident, ThresholdCrossing
from maehia.emergency.rules.release import filled
from maehia.kit import clock
from maehia.kit.acting import required

FILE = Path(__file__).resolve().parent.parent / "data" / "alert_texts.yaml"
PARTS = ("headline", "description", "instruction")
OF_HAZARD = {
    "flood": "flood", "flash_flood": "flash_flood", "storm": "storm", "haze": "haze", "fire": "fire",
}  # fmt: skip
WHOLE_TOWN = ("พื้นที่เทศบาล", "the municipality")


@dataclass(frozen=True, slots=True)
class AlertTemplate:
    """A template as it holds now. th, en: {headline, description, instruction}; own: worded by the town."""

    key: str
    names: tuple[str, str]
    event: str
    urgency: str
    severity: str
    certainty: str
    responses: tuple[str, ...]
    hours: int
    th: dict[str, str]
    en: dict[str, str]
    own: bool = False


@cache
def shipped() -> dict[str, AlertTemplate]:
    """The templates of the data file."""
    rows = yaml.safe_load(FILE.read_text("utf-8"))["templates"]
    return {
        row["key"]: AlertTemplate(row["key"], (row["th_name"], row["en_name"]), row["event"], row["urgency"],
                                  row["severity"], row["certainty"], tuple(row["responses"]), row["hours"], row["th"],
                                  row["en"]) for row in rows
    }  # fmt: skip


def templates() -> dict[str, AlertTemplate]:
    """All templates, each in the wording that holds now."""
    own: dict[str, dict[str, Any]] = {}
    for row in AlertText.objects.order_by("at", "id"):
        own[row.key] = row.value
    return {key: replace(one, th=own[key]["th"], en=own[key]["en"], own=True) if key in own else one
            for key, one in shipped().items()}  # fmt: skip


def word_template(key: str, th: dict[str, str], en: dict[str, str]) -> AlertText:
    """The town's own wording from now on. Raises ProblemError no_template, no_words."""
    if key not in shipped():
        raise refused("no_template", "ไม่มีแบบข้อความนี้", key)
    if not all(th.get(part, "").strip() for part in PARTS):
        raise refused("no_words", "ข้อความภาษาไทยต้องครบทุกช่อง", "headline", "เขียนหัวข้อ เหตุ และสิ่งที่ให้ทำ")
    value = {"th": {part: th[part].strip() for part in PARTS}, "en": {part: en.get(part, "").strip() for part in PARTS}}
    return AlertText.objects.create(key=key, value=value, by=required().actor, at=clock.now())


def from_template(
    key: str,
    *,
    area: str,
    area_en: str = "",
    incident: Incident | None = None,
    geom: GEOSGeometry | None = None,
    origin: str = "manual",
) -> Alert:
    """A draft in the words of a template, for a place. geom: by default the footprint of the incident.

    Raises ProblemError no_template, no_area and as `draft`.
    """
    found = templates().get(key)
    if found is None:
        raise refused("no_template", "ไม่มีแบบข้อความนี้", key, "เลือกจากรายการ")
    if not area.strip():
        raise refused("no_area", "ยังไม่ได้บอกพื้นที่", "area", "เขียนชื่อพื้นที่ให้คนในพื้นที่รู้จัก เช่น หมู่ 4 บ้านท่าข้าม")
    shape = geom or (incident.footprint.geom if incident and incident.footprint else None)
    english = area_en.strip() or area.strip()
    new = NewAlert(
        event=found.event, urgency=found.urgency, severity=found.severity, certainty=found.certainty,
        expires=clock.now() + timedelta(hours=found.hours), responses=found.responses, geom=shape, origin=origin,
        th=words_of(found.th, area.strip()), en=words_of(found.en, english) if found.en.get("headline") else None,
        template=key,
    )  # fmt: skip
    return draft(new, incident=incident)


def words_of(text: dict[str, str], area: str) -> Words:
    headline, description, instruction = (filled(text.get(part, ""), area) for part in PARTS)
    return Words(headline, description, instruction, area)


def draft_of_crossing(crossing: ThresholdCrossing) -> None:
    """A limit was reached: a draft waits for the duty officer. It is never submitted and never sent by itself."""
    key = OF_HAZARD.get(crossing.threshold.hazard)
    if key is None or Alert.objects.filter(state="draft", origin="threshold", template=key, incident=None).exists():
        return
    from_template(key, area=WHOLE_TOWN[0], area_en=WHOLE_TOWN[1], origin="threshold")


def take_into(alert: Alert, incident: Incident) -> Alert:
    """Put a draft that a limit made into an incident. Raises ProblemError taken."""
    if alert.incident_id is not None or alert.state != "draft":
        raise refused("taken", "ร่างนี้อยู่ในเหตุการณ์แล้ว", str(alert.pk))
    alert.incident = incident
    if alert.geom is None and incident.footprint is not None:
        alert.geom = incident.footprint.geom
    alert.version += 1
    alert.save(update_fields=["incident", "geom", "version"])
    return alert

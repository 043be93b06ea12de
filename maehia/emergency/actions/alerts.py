"""Alerts from draft to review. Each runs inside `emergency.command` in the mode of its incident.

    made = draft(NewAlert(...), incident=incident)
    submit(made.pk); approve(made.pk, boss, sha256=...); publish(made.pk)

A submitted alert has its `sent`, its identifier and its bytes: what the second person sees is what goes out. Whoever
changes anything makes it a draft again. Approving and publishing: `alerts_release`; Update and Cancel: `alerts_follow`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from maehia.base import BANGKOK
from maehia.city.queries.town import read_town
from maehia.emergency.actions import log
from maehia.emergency.actions.alerts_compose import PROVINCE, TAMBON, bytes_of, events, findings
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Alert, AlertInfo, Incident
from maehia.emergency.queries.alerts_settings import identity
from maehia.emergency.rules import cap
from maehia.emergency.rules.cap.elements import WORDS
from maehia.emergency.rules.cap.workflow import ALERT
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.kit.series import next_number

KIND = "alert"  # of the lines in the incident's log


@dataclass(frozen=True, slots=True)
class Words:
    """One language. event: by default the event's own name; sender_name: the town's."""

    headline: str
    description: str = ""
    instruction: str = ""
    area: str = ""
    event: str = ""
    sender_name: str = ""


@dataclass(frozen=True, slots=True)
class NewAlert:
    """What an alert says. event: key of data/event_codes.yaml. geom: (Multi)Polygon in EPSG:4326. circle: "lat,lon km".

    Times are aware. status "": Actual when live, Exercise in an exercise. geocodes: pairs; None = the town's tambon.
    """

    event: str
    urgency: str
    severity: str
    certainty: str
    expires: datetime
    th: Words
    en: Words | None = None
    responses: tuple[str, ...] = ()
    geom: GEOSGeometry | None = None
    circle: str = ""
    geocodes: tuple[tuple[str, str], ...] | None = None
    onset: datetime | None = None
    web: str = ""
    contact: str = ""
    note: str = ""
    status: str = ""
    template: str = ""
    origin: str = "manual"
    msg_type: str = "Alert"
    references: tuple[cap.Triple, ...] = field(default=())


def draft(new: NewAlert, *, incident: Incident | None = None, parent: Alert | None = None,
          prepared: bool = False) -> Alert:  # fmt: skip
    """A new draft in the mode of the context. Raises ProblemError unknown_event, bad_words, no_headline."""
    context = required()
    row = Alert(mode=context.mode, incident=incident, parent=parent, prepared=prepared, author=context.actor,
                made_at=now(), **columns_of(new, context.mode, incident))  # fmt: skip
    row.save(force_insert=True)
    write_words(row, new)
    if incident is not None and not prepared:
        tell(row, "", "draft")
    return row


def edit(key: UUID, new: NewAlert, *, version: int | None = None) -> Alert:
    """Change what an alert says: it is a draft again, whatever it was before, and whoever changed it is its author.

    Raises ProblemError no_alert, stale_alert, alert_out, and as `draft`.
    """
    row = locked(key, version)
    before = row.state
    if before not in ("draft", "in_review", "approved"):
        raise refused("alert_out", "ประกาศที่เผยแพร่แล้วแก้ไขไม่ได้", row.identifier, "ออกประกาศปรับปรุงหรือยกเลิกแทน")
    new = replace(new, msg_type=row.msg_type, origin=row.origin,
                  references=new.references or tuple(cap.Triple(*parts) for parts in row.references))  # fmt: skip
    for name, value in columns_of(new, row.mode, row.incident).items():
        setattr(row, name, value)
    row.author = required().actor
    to_draft(row)
    write_words(row, new)
    if before != "draft":
        tell(row, before, "draft", "แก้ไขข้อความ ต้องเสนอและอนุมัติใหม่")
    return row


def to_draft(row: Alert) -> None:
    """Back to a draft: bytes and approvals are gone, the identifier stays."""
    row.state, row.version = "draft", row.version + 1
    row.sent = row.xml = row.submitted_at = row.approver = row.approved_at = row.solo_review = None
    row.sha256 = row.approved_sha256 = row.solo_reason = ""
    row.save()


def columns_of(new: NewAlert, mode: str, incident: Incident | None) -> dict[str, Any]:
    """Columns of the row from what an alert says, after the checks that need no bytes."""
    found = events().get(new.event)
    if found is None:
        raise refused("unknown_event", "ไม่มีชนิดของภัยนี้", "event", "เลือกจากรายการ")
    words = WORDS
    for name in ("urgency", "severity", "certainty"):
        if getattr(new, name) not in words[name]:
            raise refused("bad_words", f"ค่า {getattr(new, name)!r} ใช้ไม่ได้", name, "เลือกจากรายการ")
    if not new.th.headline.strip():
        raise refused("no_headline", "ยังไม่ได้เขียนหัวข้อประกาศ", "headline", "เขียนหนึ่งประโยคที่บอกภัย ที่ไหน และให้ทำอะไร")
    status = new.status or ("Exercise" if mode == "exercise" else "Actual")
    note = new.note or (incident.number if incident and status == "Exercise" else "")
    return {
        "status": status, "note": note[:400], "msg_type": new.msg_type, "origin": new.origin, "template": new.template,
        "references": [list(triple) for triple in new.references], "event": new.event,
        "categories": list(found["categories"]), "responses": list(new.responses), "urgency": new.urgency,
        "severity": new.severity, "certainty": new.certainty,
        "level": cap.level_of(new.urgency, new.severity, new.responses), "onset": to_second(new.onset),
        "expires": to_second(new.expires), "geom": many(new.geom), "circle": new.circle.strip(),
        "geocodes": [list(pair) for pair in (town_codes() if new.geocodes is None else new.geocodes)],
        "web": new.web.strip(), "contact": new.contact.strip() or identity().contact,
    }  # fmt: skip


def to_second(moment: datetime | None) -> datetime | None:
    return moment.replace(microsecond=0) if moment else None


def many(geom: GEOSGeometry | None) -> MultiPolygon | None:
    """A MultiPolygon in EPSG:4326. Raises ProblemError bad_area for another kind of shape."""
    if geom is None:
        return None
    if geom.geom_type not in ("Polygon", "MultiPolygon") or geom.empty:
        raise refused("bad_area", "พื้นที่ต้องเป็นรูปปิด", "area", "วาดพื้นที่ใหม่")
    made = geom if isinstance(geom, MultiPolygon) else MultiPolygon(geom, srid=geom.srid or 4326)
    if made.srid not in (None, 4326):
        made.transform(4326)
    return made


def town_codes() -> tuple[tuple[str, str], ...]:
    """Geocodes of the whole town: its tambons, and the province for readers from afar."""
    town = read_town()
    if town is None:
        return ()
    return (*((TAMBON, code) for code in town.tambon_codes), (PROVINCE, f"TH-{town.province_code}"))


def write_words(row: Alert, new: NewAlert) -> None:
    """Put the words of a draft in the place of those it had."""
    who, event = identity(), events()[new.event]
    row.infos.all().delete()
    for language, words in (("th", new.th), ("en", new.en)):
        if words is None:
            continue
        name = words.sender_name or (who.name_th if language == "th" else who.name_en)
        AlertInfo.objects.create(
            alert=row, mode=row.mode, language=language, event=(words.event or event[language])[:120],
            headline=words.headline.strip()[:300], description=words.description.strip(), area=words.area.strip()[:300],
            instruction=words.instruction.strip(), sender_name=name[:200],
        )  # fmt: skip
    getattr(row, "_prefetched_objects_cache", {}).pop("infos", None)


def locked(key: UUID, version: int | None = None) -> Alert:
    """The alert, locked. Raises ProblemError no_alert, stale_alert."""
    row = Alert.objects.select_for_update(of=("self",)).select_related("incident").filter(pk=key).first()
    if row is None:
        raise refused("no_alert", "ไม่พบประกาศนี้ หรือคุณไม่มีสิทธิ์เปิด")
    if version is not None and version != row.version:
        raise refused("stale_alert", "มีผู้อื่นแก้ไขประกาศนี้ไปแล้ว", row.identifier, "อ่านข้อความล่าสุดแล้วทำอีกครั้ง")
    return row


def step(row: Alert, to: str) -> str:
    """Check that the table knows this step; the state before. Raises ProblemError alert_move."""
    found = ALERT.find(row.state, to)
    if found is None or found.by_system:
        raise refused(
            "alert_move", f"ประกาศสถานะ “{ALERT.states[row.state].th}” ทำขั้นนี้ไม่ได้", to, "อ่านสถานะล่าสุดแล้วทำอีกครั้ง"
        )
    return row.state


def submit(key: UUID, *, version: int | None = None) -> Alert:
    """Hand a draft to a second person: it gets sender, identifier, `sent` and its bytes, and every rule is proven.

    Raises ProblemError no_alert, stale_alert, alert_move, alert_blocked (the first ERROR; `findings` gives all).
    """
    row = locked(key, version)
    before = step(row, "in_review")
    who, moment = identity(), now().replace(microsecond=0)
    row.sender, row.sent, row.submitted_at = who.sender, moment, moment
    row.identifier = row.identifier or new_identifier(who.domain)
    row.state, row.version = "in_review", row.version + 1
    row.web = row.web or f"{who.site}{page_of(row)}"
    if row.expires <= moment:
        raise blocked(cap.Finding("cap13_past", cap.ERROR, "/alert/info[1]/expires", (row.expires.isoformat(),)))
    try:
        data = bytes_of(row)
    except ValueError as wrong:
        raise refused("alert_blocked", "ข้อความมีอักขระที่ส่งไม่ได้", "/alert", "ลบอักขระพิเศษแล้วลองใหม่") from wrong
    row.xml, row.sha256 = data, hashlib.sha256(data).hexdigest()
    refuse_errors(row)
    row.author = required().actor
    row.save()
    tell(row, before, row.state)
    return row


def page_of(row: Alert) -> str:
    """The address of an alert's public page: what practises has its own."""
    return f"/alerts/{'' if row.status == 'Actual' else 'exercise/'}{row.identifier}/"


def new_identifier(domain: str) -> str:
    """`<domain>-YYYY-MM-DD-NNNN`, never given twice: numbered through the year, live and exercise together."""
    day = now().astimezone(BANGKOK).date()
    return f"{domain}-{day.isoformat()}-{next_number('emergency.alert', day.year + 543):04d}"


def refuse_errors(row: Alert) -> None:
    """Raises ProblemError alert_blocked with the first ERROR."""
    for finding in findings(row):
        if finding.level == cap.ERROR:
            raise blocked(finding)


def blocked(finding: cap.Finding) -> Exception:
    return refused("alert_blocked", finding.th, finding.xpath, f"แก้ตามที่บอกแล้วเสนอใหม่ (กฎ CAP ข้อ {finding.rule})")


def send_back(key: UUID, reason: str, *, version: int | None = None) -> Alert:
    """Return what waits to its author. Raises ProblemError no_alert, stale_alert, alert_move, no_reason."""
    row = locked(key, version)
    before = step(row, "draft")
    if not reason.strip():
        raise refused("no_reason", "ต้องบอกเหตุผลที่ส่งคืน", "reason", "เขียนสั้น ๆ ว่าให้แก้อะไร")
    row.returned_reason = reason.strip()[:400]
    to_draft(row)
    tell(row, before, "draft", row.returned_reason)
    return row


def drop(key: UUID) -> Alert:
    """Throw a draft away; it stays on record. Raises ProblemError no_alert, alert_move."""
    row = locked(key)
    before = step(row, "dropped")
    row.state, row.version = "dropped", row.version + 1
    row.save(update_fields=["state", "version"])
    tell(row, before, "dropped")
    return row


def tell(row: Alert, before: str, after: str, text: str = "") -> None:
    """Write a step into the incident's log."""
    if row.incident is None:
        return
    words = row.words("th")
    value = {"alert": str(row.pk), "identifier": row.identifier, "type": row.msg_type, "status": row.status,
             "level": row.level, "sha256": row.sha256}  # fmt: skip
    log.append(row.incident, KIND, text or (words.headline if words else ""), before=before, after=after, value=value)

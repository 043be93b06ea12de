"""Update and Cancel: always a new message that names every message of its chain which has not run out."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from maehia.emergency.actions.alerts import NewAlert, Words, draft, edit, locked
from maehia.emergency.actions.alerts_compose import context_of, message_of
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Alert
from maehia.emergency.queries import alerts as queries
from maehia.emergency.rules import cap
from maehia.emergency.rules.cap.check import check
from maehia.kit.clock import now

OVER = {"cancelled": "ประกาศนี้ยกเลิกไปแล้ว", "expired": "ประกาศนี้หมดเวลาแล้ว", "updated": "ประกาศนี้มีประกาศใหม่แทนแล้ว"}
ENDED = ("ยกเลิกประกาศ: ", "Cancelled: ")


def update(key: UUID, new: NewAlert) -> Alert:
    """A draft of an Update of a published alert, with its references. Raises ProblemError no_alert, alert_over,
    not_out, and as `draft`."""
    row = standing(key)
    made = replace(new, msg_type="Update", origin="update", status=row.status, references=to_name(row))
    return draft(made, incident=row.incident, parent=row)


def cancel(key: UUID, reason: str = "") -> Alert:
    """The draft of a Cancel of a published alert: the one made beforehand, with its references as they are now.

    reason: what happened, in Thai; it stands in the text. Raises ProblemError no_alert, alert_over, not_out.
    """
    row = standing(key)
    ready = queries.prepared_cancel(row)
    words = cancel_of(row, reason)
    if ready is None:
        return draft(words, incident=row.incident, parent=row)
    if ready.state == "draft":
        return edit(ready.pk, words)
    return ready


def standing(key: UUID) -> Alert:
    """A published alert that is still in force. Raises ProblemError no_alert, not_out, alert_over."""
    row = locked(key)
    if row.state != "published" or row.msg_type == "Cancel":
        raise refused("not_out", "ประกาศนี้ยังไม่ได้เผยแพร่ หรือเป็นประกาศยกเลิก", row.identifier, "แก้ไขร่างได้เลย")
    state = queries.state_of(row)
    if state != "published":
        raise refused("alert_over", OVER[state], row.identifier, "เลือกประกาศล่าสุดที่ยังมีผล หรือออกประกาศใหม่")
    return row


def to_name(row: Alert) -> tuple[cap.Triple, ...]:
    return tuple(cap.to_name([cap.Triple(*row.triple)], queries.known_rows([row.status]), now()))


def cancel_of(row: Alert, reason: str = "") -> NewAlert:
    """What the Cancel of an alert says: the same event and place, that it is over, and why."""
    thai, english = row.words("th"), {info.language: info for info in row.infos.all()}.get("en")
    why = reason.strip() or "สถานการณ์คลี่คลายแล้ว"
    th = Words(f"{ENDED[0]}{thai.headline}"[:300] if thai else ENDED[0], f"{why} ไม่ต้องปฏิบัติตามประกาศเดิมอีก",
               "ติดตามข่าวจากเทศบาลต่อไป", thai.area if thai else "", thai.event if thai else "")  # fmt: skip
    en = None
    if english:
        en = Words(f"{ENDED[1]}{english.headline}"[:300], "The earlier warning no longer applies.",
                   "Keep following the municipality's news.", english.area, english.event)  # fmt: skip
    return NewAlert(
        event=row.event, urgency="Past", severity=row.severity, certainty="Observed", expires=row.expires, th=th, en=en,
        responses=("AllClear",), geom=row.geom, circle=row.circle, geocodes=tuple((a, b) for a, b in row.geocodes),
        contact=row.contact, note=row.note, status=row.status, origin="cancel", msg_type="Cancel",
        references=to_name(row),
    )  # fmt: skip


def prepare_cancel(row: Alert) -> Alert:
    """Make the Cancel of an alert that goes out, and prove that it would hold. Raises ProblemError cancel_unready."""
    made = draft(cancel_of(row), incident=row.incident, parent=row, prepared=True)
    trial = replace(message_of(made), identifier=f"{row.identifier}-cancel", sender=row.sender)
    context = replace(context_of(made), known=tuple(queries.known_rows()))
    for finding in check(trial, context):
        if finding.level == cap.ERROR:
            raise refused(
                "cancel_unready", f"เตรียมประกาศยกเลิกไว้ล่วงหน้าไม่ได้: {finding.th}", finding.xpath, "แก้ประกาศแล้วเสนอใหม่"
            )
    return made


def drop_prepared(row: Alert) -> None:
    """Cancels made beforehand of what this message takes the place of are not needed any more."""
    named = [parts[1] for parts in row.references]
    waiting = Alert.objects.filter(parent__identifier__in=named, prepared=True, state="draft").exclude(pk=row.pk)
    waiting.update(state="dropped")

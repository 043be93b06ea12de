"""Shifts of an incident: who stands at which post, what shall be reached, and that nobody goes without an entry."""

from __future__ import annotations

from uuid import UUID

from maehia.access.models import Account
from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import locked, power_of, refused
from maehia.emergency.models import Incident, LogLine, Objective, Post, Shift
from maehia.emergency.models.desk import POSTS
from maehia.emergency.rules.posts import Held, Written, silent
from maehia.emergency.workflow import OPEN_STATES
from maehia.kit.acting import required
from maehia.kit.clock import now

OBJECTIVE_STATES = ("open", "reached", "dropped")


def open_shift_of(incident: Incident) -> Shift | None:
    return Shift.objects.filter(incident=incident, closed_at=None).first()


def begin(incident: UUID) -> Shift:
    """Begin a shift, carrying on the objectives that are still open and whoever is still at a post.

    Raises ProblemError: no_incident, not_open, shift_open.
    """
    row = locked(incident)
    if row.state not in OPEN_STATES:
        raise refused("not_open", "เหตุการณ์นี้ปิดแล้ว", row.number)
    if open_shift_of(row):
        raise refused("shift_open", "มีกะที่เปิดอยู่แล้ว", row.number, "ปิดกะก่อนจึงเปิดกะใหม่")
    last = row.shifts.order_by("-number").first()
    made = Shift.objects.create(incident=row, mode=row.mode, number=last.number + 1 if last else 1, starts_at=now())
    kept = last.objectives.filter(state="open") if last else ()
    Objective.objects.bulk_create(
        Objective(shift=made, mode=row.mode, number=number, text=one.text) for number, one in enumerate(kept, 1)
    )
    log.append(row, "shift", after="open", value={"shift": made.number})
    return made


def man(incident: UUID, role: str, account: Account) -> Post:
    """Put somebody at a post of the open shift; whoever stood there is relieved.

    Raises ProblemError: no_incident, no_shift, bad_post, at_post.
    """
    row, shift = _at_work(incident)
    if role not in dict(POSTS):
        raise refused("bad_post", "ไม่มีตำแหน่งนี้", "post", "เลือกตำแหน่งจากรายการ")
    standing = shift.posts.select_for_update().filter(role=role, ends_at=None).first()
    if standing and standing.account == account.pk:
        raise refused("at_post", "ผู้นี้อยู่ในตำแหน่งนี้แล้ว", role)
    if standing:
        shift.posts.filter(pk=standing.pk).update(ends_at=now())
    made = Post.objects.create(
        shift=shift, mode=row.mode, role=role, account=account.pk, name=account.display_name, starts_at=now()
    )
    log.append(row, "post", made.name, after=role, value={"shift": shift.number, "account": str(account.pk)})
    return made


def set_objective(incident: UUID, text: str) -> Objective:
    """Add an objective to the open shift; what was approved must be approved again.

    Raises ProblemError: no_incident, no_shift, no_text.
    """
    row, shift = _at_work(incident)
    if not text.strip():
        raise refused("no_text", "เป้าหมายยังไม่มีข้อความ", "text", "เขียนสิ่งที่ต้องสำเร็จในกะนี้")
    number = shift.objectives.count() + 1
    made = Objective.objects.create(shift=shift, mode=row.mode, number=number, text=text.strip()[:400])
    Shift.objects.filter(pk=shift.pk).update(approved_at=None, approved_by=None)
    log.append(row, "objective", made.text, after="open", value={"shift": shift.number, "number": number})
    return made


def end_objective(incident: UUID, number: int, state: str) -> Objective:
    """An objective is reached, dropped, or open again. Raises ProblemError: no_incident, no_shift, no_objective."""
    row, shift = _at_work(incident)
    held = shift.objectives.filter(number=number).first()
    if held is None or state not in OBJECTIVE_STATES:
        raise refused("no_objective", "ไม่มีเป้าหมายนี้ในกะที่เปิดอยู่", str(number))
    before, held.state = held.state, state
    held.save(update_fields=["state"])
    log.append(row, "objective", held.text, before=before, after=state,
               value={"shift": shift.number, "number": number})  # fmt: skip
    return held


def approve_objectives(incident: UUID, account: Account) -> Shift:
    """The objectives of the shift are approved by one who holds the power to order.

    Raises ProblemError: no_incident, no_shift, no_power, no_objectives.
    """
    row, shift = _at_work(incident)
    _, order, position = power_of(account)
    if not shift.objectives.exists():
        raise refused("no_objectives", "กะนี้ยังไม่มีเป้าหมาย", fix="เขียนเป้าหมายอย่างน้อย 1 ข้อก่อนอนุมัติ")
    shift.approved_at, shift.approved_by = now(), account.pk
    shift.save(update_fields=["approved_at", "approved_by"])
    log.append(row, "objective", account.display_name, after="approved", role=position,
               value={"shift": shift.number, "order": order})  # fmt: skip
    return shift


def close(incident: UUID, note: str = "") -> Shift:
    """Close the open shift. Refused while the log says nothing of a post that was held.

    Raises ProblemError: no_incident, no_shift, nobody_at_post, posts_silent.
    """
    row, shift = _at_work(incident)
    if not shift.posts.exists():
        raise refused("nobody_at_post", "กะนี้ยังไม่มีผู้ลงชื่ออยู่ตำแหน่งใด", str(shift.number), "ลงชื่อผู้อยู่แต่ละตำแหน่งก่อนปิดกะ")
    if roles := silent_posts(shift):
        names = ", ".join(dict(POSTS)[role] for role in roles)
        raise refused("posts_silent", f"ยังไม่มีบันทึกของตำแหน่ง: {names}", str(shift.number),
                      "ให้ผู้อยู่ตำแหน่งนั้นบันทึกสิ่งที่ทำในกะก่อน จึงปิดกะได้")  # fmt: skip
    moment = now()
    shift.posts.filter(ends_at=None).update(ends_at=moment)
    shift.closed_at, shift.closed_by, shift.note = moment, required().actor, note[:400]
    shift.save(update_fields=["closed_at", "closed_by", "note"])
    log.append(row, "shift", note[:400], before="open", after="closed", value={"shift": shift.number})
    return shift


def silent_posts(shift: Shift) -> list[str]:
    """Posts of a shift of which the log says nothing yet."""
    held = held_posts(shift)
    rows = LogLine.objects.filter(incident_id=shift.incident_id, event_at__gte=shift.starts_at)
    if shift.closed_at:
        rows = rows.filter(event_at__lte=shift.closed_at)
    columns = ("kind", "actor", "event_at", "value")
    return silent(held, [Written(*line) for line in rows.values_list(*columns)])


def held_posts(shift: Shift) -> list[Held]:
    return [Held(post.role, f"user:{post.account}", post.starts_at, post.ends_at) for post in shift.posts.all()]


def _at_work(incident: UUID) -> tuple[Incident, Shift]:
    row = locked(incident)
    shift = open_shift_of(row)
    if shift is None:
        raise refused("no_shift", "ยังไม่มีกะที่เปิดอยู่", row.number, "เปิดกะก่อน")
    return row, shift

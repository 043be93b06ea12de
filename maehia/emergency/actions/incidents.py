"""Opening and moving incidents: who commands, how grave, by which power. Each runs inside `emergency.command`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from maehia.access.models import Account, Delegation, LegalHolder
from maehia.access.queries import account_of, may_sign, positions
from maehia.base import Problem, ProblemError
from maehia.emergency.actions import guards, log
from maehia.emergency.models import Handover, Incident, Order
from maehia.emergency.queries.incidents import prefix
from maehia.emergency.workflow import HAZARDS, INCIDENT, OPEN_STATES, OWN_LEVEL
from maehia.kit import clock
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.kit.series import buddhist_year, next_number

POWER = "order.disaster"
Hook = Callable[[Incident], None]
_opened: list[Hook] = []
_moved: list[Callable[[Incident, str], None]] = []


def on_open(hook: Hook) -> None:
    """Call a part when an incident is opened, in the same transaction (clocks, checklists)."""
    if hook not in _opened:
        _opened.append(hook)


def on_move(hook: Callable[[Incident, str], None]) -> None:
    """Call a part after a move, with the incident and the state before."""
    if hook not in _moved:
        _moved.append(hook)


@dataclass(frozen=True, slots=True)
class NewIncident:
    """What is known when it is opened. started_at: when it began, by default now."""

    name: str
    hazard: str
    place: str = ""
    source: str = ""
    started_at: datetime | None = None


def refused(code: str, what: str, where: str = "", fix: str = "") -> ProblemError:
    return ProblemError(Problem(code, what, where, fix))


def open_incident(new: NewIncident, *, state: str = "reported") -> Incident:
    """A new incident with its number, in the mode of the context; opening starts every clock that a part hung on it.

    Raises ProblemError: no_name, unknown_hazard, starts_ahead.
    """
    context, moment = required(), now()
    if not new.name.strip():
        raise refused("no_name", "ยังไม่ได้ตั้งชื่อเหตุการณ์", "name", "ตั้งชื่อสั้น ๆ ที่บอกภัยและสถานที่")
    if new.hazard not in dict(HAZARDS):
        raise refused("unknown_hazard", "ไม่มีประเภทภัยนี้", "hazard", "เลือกประเภทภัยจากรายการ")
    if new.started_at and new.started_at > moment:
        raise refused("starts_ahead", "เวลาเริ่มเหตุอยู่ในอนาคต", "started_at", "ตรวจวันและเวลา")
    row = Incident.objects.create(
        number=_number(context.mode), mode=context.mode, name=new.name.strip()[:200], hazard=new.hazard, state=state,
        place=new.place.strip()[:200], source=new.source[:120], started_at=new.started_at or moment, recorded_at=moment,
    )  # fmt: skip
    log.append(row, "state", row.name, after=state, value={"hazard": row.hazard, "place": row.place},
               event_at=row.started_at)  # fmt: skip
    for hook in _opened:
        hook(row)
    return row


def _number(mode: str) -> str:
    year = buddhist_year()
    return f"{prefix(mode)}-{year}-{next_number(f'emergency.{mode}', year):04d}"


def locked(key: UUID, version: int | None = None) -> Incident:
    """The incident, locked. Raises ProblemError no_incident, stale_incident (somebody changed it meanwhile)."""
    row = Incident.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        raise refused("no_incident", "ไม่พบเหตุการณ์นี้ หรือคุณไม่มีสิทธิ์เปิด")
    if version is not None and version != row.version:
        raise refused("stale_incident", "มีผู้อื่นแก้ไขเหตุการณ์นี้ไปแล้ว", row.number, "อ่านข้อมูลล่าสุดแล้วทำอีกครั้ง")
    return row


def save(row: Incident, *columns: str) -> None:
    row.version += 1
    row.save(update_fields=[*columns, "version"])


def move(key: UUID, to: str, *, version: int | None = None, event_at: datetime | None = None, **told: Any) -> Incident:
    """Move an incident. told: reason, into (Incident), level, level_by, as the guards of the move ask for.

    Raises ProblemError: no_incident, stale_incident, move_refused, guard_<name>.
    """
    row = locked(key, version)
    found = INCIDENT.find(row.state, to)
    if found is None or found.by_system:
        raise refused(
            "move_refused", f"จากสถานะ “{INCIDENT.states[row.state].th}” ไปสถานะนี้ไม่ได้", to, "เลือกสถานะที่มีให้เลือก"
        )
    if problems := guards.unmet(found.guards, row, told):
        raise ProblemError(problems[0])
    before, row.state = row.state, to
    columns = ["state", *_moments(row, to)]
    if to == "merged":
        row.merged_into, columns = told["into"], [*columns, "merged_into"]
    save(row, *columns)
    value = {"into": told["into"].number} if to == "merged" else {}
    log.append(row, "state", str(told.get("reason", "")), before=before, after=to, value=value, event_at=event_at)
    if to == "escalated":
        set_level(key, int(told["level"]), declared_by=str(told["level_by"]))
    for hook in _moved:
        hook(row, before)
    return row


def _moments(row: Incident, to: str) -> tuple[str, ...]:
    if to == "recovery" and row.ended_at is None:
        row.ended_at = now()
        return ("ended_at",)
    if INCIDENT.states[to].kind == "closed":
        row.closed_at = now()
        return ("closed_at",)
    if to == "reopened":
        row.closed_at = None
        return ("closed_at",)
    return ()


def set_level(key: UUID, level: int, *, declared_by: str = "", declared_at: datetime | None = None) -> Incident:
    """Write down how grave it is. 1 is set by the town; 2 to 4 only as declared by a higher authority, named.

    Raises ProblemError: no_incident, bad_level, level_needs_authority.
    """
    row = locked(key)
    if level not in (1, 2, 3, 4):
        raise refused("bad_level", "ระดับต้องเป็น 1 ถึง 4", "level", "เลือกระดับ")
    if level > OWN_LEVEL and not declared_by.strip():
        raise refused("level_needs_authority", "ระดับ 2 ถึง 4 เทศบาลประกาศเองไม่ได้", "level_by",
                      "บันทึกชื่อผู้มีอำนาจที่ประกาศและเลขที่คำสั่ง")  # fmt: skip
    before, row.level = row.level, level
    row.level_by = declared_by.strip()[:200] if level > OWN_LEVEL else ""
    row.level_at = declared_at or now()
    save(row, "level", "level_by", "level_at")
    log.append(row, "level", row.level_by, before=str(before), after=str(level), event_at=row.level_at)
    return row


def name_commander(key: UUID, account: Account) -> Incident:
    """Name who commands, with the power that the law or a delegation gives. Raises ProblemError no_power."""
    row = locked(key)
    ground, order, _ = power_of(account)
    before, row.commander = row.commander, account.pk
    row.ground, row.ground_order = ground, order
    save(row, "commander", "ground", "ground_order")
    log.append(row, "commander", account.display_name, before=str(before or "")[:30], after=str(account.pk)[:30],
               value={"account": str(account.pk), "ground": ground, "order": order})  # fmt: skip
    return row


def power_of(account: Account) -> tuple[str, str, str]:
    """(holder or delegation, order number, position in words) of an account that may order in a disaster.

    Raises ProblemError no_power.
    """
    today = clock.today()
    signer = may_sign(account, POWER, today)
    if signer is None:
        raise refused("no_power", "บัญชีนี้ไม่มีอำนาจสั่งการสาธารณภัยในวันนี้", account.display_name,
                      "ให้ผู้ดำรงตำแหน่งตามกฎหมายสั่ง หรือบันทึกคำสั่งมอบอำนาจก่อน")  # fmt: skip
    on_day = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
    words = positions().get(signer.position, signer.position)
    if signer.instead_of is None:
        held = LegalHolder.objects.filter(on_day, account=account, position=signer.position).first()
        return "holder", held.order_no if held else "", words
    lent = Delegation.objects.filter(on_day, deputy=account, powers__contains=[POWER]).first()
    return "delegation", lent.order_no if lent else "", words


def give_order(key: UUID, kind: str, text: str, *, signer: Account) -> Order:
    """A written order of the incident, numbered, with the power it rests on. Raises ProblemError no_text, no_power."""
    if not text.strip():
        raise refused("no_text", "คำสั่งยังไม่มีข้อความ", "text", "เขียนคำสั่ง")
    row = locked(key)
    ground, order_no, position = power_of(signer)
    made = Order.objects.create(
        incident=row, mode=row.mode, number=f"{row.number}/{row.orders.count() + 1}", kind=kind, text=text.strip(),
        signer=signer.pk, signer_name=signer.display_name, position=position, ground=ground, ground_order=order_no,
        at=now(),
    )  # fmt: skip
    value = {"order": made.number, "kind": kind, "ground": ground, "by_order": order_no}
    log.append(row, "order", made.text, value=value, role=position)
    return made


def ask_handover(key: UUID, taker: Account, briefing: dict[str, Any]) -> Handover:
    """Offer command to another, with the briefing as it is. Raises ProblemError no_power, handover_open, not_open."""
    row = locked(key)
    if row.state not in OPEN_STATES:
        raise refused("not_open", "เหตุการณ์นี้ปิดแล้ว", row.number)
    power_of(taker)
    if row.handovers.filter(accepted_at=None, refused_at=None).exists():
        raise refused("handover_open", "มีการส่งมอบที่รอผู้รับยืนยันอยู่แล้ว", row.number, "ให้ผู้รับยืนยันหรือปฏิเสธก่อน")
    giver = UUID(required().actor.partition(":")[2])
    made = Handover.objects.create(
        incident=row, mode=row.mode, giver=giver, taker=taker.pk, briefing=briefing, asked_at=now()
    )
    log.append(row, "handover", taker.display_name, after="asked", value={"to": str(taker.pk)})
    return made


def answer_handover(handover: Handover, account: Account, *, accept: bool, note: str = "") -> Incident:
    """The other takes command, or refuses. Only the one it was offered to. Raises ProblemError not_yours, answered."""
    row = locked(handover.incident_id)
    held = Handover.objects.select_for_update().get(pk=handover.pk)
    if held.taker != account.pk:
        raise refused("not_yours", "การส่งมอบนี้ไม่ได้ส่งถึงคุณ", row.number)
    if held.accepted_at or held.refused_at:
        raise refused("answered", "ตอบการส่งมอบนี้ไปแล้ว", row.number)
    setattr(held, "accepted_at" if accept else "refused_at", now())
    held.note = note[:400]
    held.save(update_fields=["accepted_at", "refused_at", "note"])
    log.append(row, "handover", note, before="asked", after="accepted" if accept else "refused")
    return name_commander(row.pk, account) if accept else row


def taker_of(handover: Handover) -> Account | None:
    return account_of(handover.taker)

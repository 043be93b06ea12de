"""Teams of an incident: who goes out together. A member sees the people of the footprint while the team is out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from maehia.access.models import Account
from maehia.access.permissions import can
from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import locked, refused
from maehia.emergency.models import Incident, Team, TeamMember
from maehia.emergency.workflow import OPEN_STATES
from maehia.kit.clock import now


@dataclass(frozen=True, slots=True)
class NewTeam:
    """kind: field, rescue, survey, shelter; moos: where they work ([] = anywhere)."""

    name: str
    kind: str = "field"
    phone: str = ""
    moos: Sequence[str] = field(default_factory=tuple)
    lead: Account | None = None


KINDS = [("field", "ชุดเคาะประตู"), ("rescue", "ชุดกู้ภัย"), ("survey", "ชุดสำรวจ"), ("shelter", "ชุดศูนย์พักพิง")]


def make_team(incident: UUID, new: NewTeam) -> Team:
    """A team, its leader being its first member.

    Raises ProblemError: no_incident, not_open, no_name, team_named, bad_kind, no_field_right.
    """
    row, name = locked(incident), new.name.strip()[:120]
    if row.state not in OPEN_STATES:
        raise refused("not_open", "เหตุการณ์นี้ปิดแล้ว", row.number)
    if not name:
        raise refused("no_name", "ยังไม่ได้ตั้งชื่อชุด", "name", "ตั้งชื่อสั้น ๆ เช่น ชุด 1 หมู่ 5")
    if new.kind not in dict(KINDS):
        raise refused("bad_kind", "ไม่มีประเภทชุดนี้", "kind", "เลือกประเภทจากรายการ")
    if row.teams.filter(name=name, ended_at=None).exists():
        raise refused("team_named", f"มีชุดชื่อ “{name}” อยู่แล้ว", "name", "ตั้งชื่ออื่น")
    made = Team.objects.create(
        incident=row, mode=row.mode, name=name, kind=new.kind, phone=new.phone[:40], moos=list(new.moos),
        lead=new.lead.pk if new.lead else None,
    )  # fmt: skip
    if new.lead:
        _join(made, new.lead)
    log.append(row, "team", name, after="made", value={"team": str(made.pk), "kind": new.kind, "moos": made.moos})
    return made


def join_team(team: UUID, account: Account) -> TeamMember:
    """Put somebody into a team. Raises ProblemError: no_team, team_ended, in_team, no_field_right."""
    row, held = _standing(team)
    if held.members.filter(account=account.pk, ends_at=None).exists():
        raise refused("in_team", "ผู้นี้อยู่ในชุดนี้แล้ว", held.name)
    made = _join(held, account)
    log.append(row, "team", f"{held.name}: {account.display_name}", after="joined",
               value={"team": str(held.pk), "account": str(account.pk)})  # fmt: skip
    return made


def leave_team(team: UUID, account: UUID, name: str = "") -> None:
    """Take somebody out of a team. Raises ProblemError: no_team, team_ended, not_in_team."""
    row, held = _standing(team)
    if not held.members.filter(account=account, ends_at=None).update(ends_at=now()):
        raise refused("not_in_team", "ผู้นี้ไม่ได้อยู่ในชุดนี้", held.name)
    log.append(row, "team", f"{held.name}: {name}", after="left",
               value={"team": str(held.pk), "account": str(account)})  # fmt: skip


def end_team(team: UUID) -> Team:
    """The team is back: nobody in it sees affected people by it any more. Raises ProblemError: no_team, team_ended."""
    row, held = _standing(team)
    held.ended_at = now()
    held.save(update_fields=["ended_at"])
    held.members.filter(ends_at=None).update(ends_at=held.ended_at)
    log.append(row, "team", held.name, after="ended", value={"team": str(held.pk)})
    return held


def _join(team: Team, account: Account) -> TeamMember:
    if not can(account, "emergency.field"):
        raise refused("no_field_right", "บัญชีนี้ไม่มีสิทธิ์ปฏิบัติงานภาคสนาม", account.display_name,
                      "เลือกผู้อื่น หรือให้ผู้ดูแลระบบมอบบทบาทก่อน")  # fmt: skip
    return TeamMember.objects.create(team=team, mode=team.mode, account=account.pk, starts_at=now())


def _standing(team: UUID) -> tuple[Incident, Team]:
    held = Team.objects.select_for_update(of=("self",)).filter(pk=team).first()
    if held is None:
        raise refused("no_team", "ไม่พบชุดปฏิบัติการนี้")
    if held.ended_at:
        raise refused("team_ended", "ชุดนี้สิ้นสุดภารกิจแล้ว", held.name, "ตั้งชุดใหม่")
    return held.incident, held

"""Giving houses to those who go from door to door, and opening a list: its people and nobody else's.

made = make_list(commander, incident, NewList("ซอย 3", account=volunteer, moo=5))
with opened(volunteer, made.pk, mode="live") as doors: ...
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import connection
from django.db.models import Max, Q

from maehia.access.models import Account
from maehia.access.permissions import can
from maehia.emergency.actions import doors_ways, grants, log
from maehia.emergency.actions.incidents import locked, refused
from maehia.emergency.models import Door, DoorAccess, DoorList, Grant, Incident, Team, TeamMember
from maehia.emergency.workflow import LIVE_STATES
from maehia.kit.acting import Scope, acting
from maehia.kit.clock import now

COMMAND, FIELD = "emergency.command", "emergency.field"
MOST_DOORS = 200
MOST_HOURS = 12  # as long as a grant lives
PICK = """
SELECT i.house_key, i.moo, i.depth_m, ST_X(h.geom), ST_Y(h.geom)
FROM emergency_inside i JOIN city_house h ON h.key = i.house_key
LEFT JOIN (
  SELECT house_key, min(rank) AS rank FROM emergency_snapshotrow WHERE snapshot_id = (
    SELECT id FROM emergency_snapshot WHERE footprint_id = %(footprint)s ORDER BY number DESC LIMIT 1)
  GROUP BY house_key) r ON r.house_key = i.house_key
WHERE i.footprint_id = %(footprint)s
  AND (%(moo)s::int IS NULL OR i.moo = %(moo)s)
  AND (%(area)s::text IS NULL OR ST_Intersects(h.geom, ST_GeomFromEWKT(%(area)s)))
  AND (%(houses)s::uuid[] IS NULL OR i.house_key = ANY (%(houses)s))
  AND (%(again)s OR NOT EXISTS (
    SELECT FROM emergency_door d JOIN emergency_doorlist l ON l.id = d.list_id
    WHERE d.house_key = i.house_key AND l.incident_id = %(incident)s AND l.ended_at IS NULL AND l.expires_at > %(now)s))
  AND (%(again)s OR NOT EXISTS (
    SELECT FROM emergency_doorvisit v JOIN emergency_doorlist l ON l.id = v.list_id
    WHERE v.house_key = i.house_key AND l.incident_id = %(incident)s AND v.result IN ('reached', 'moved')))
ORDER BY r.rank NULLS LAST, i.house_key LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class NewList:
    """Who goes (an account or a team) and to which doors of the current footprint: of a moo, inside a drawn area, named
    ones, or simply the most urgent. first: at most so many. start: (lon, lat) where the walk begins, by default where
    the team is. again: also doors that stand on another list or were reached before."""

    title: str
    account: Account | None = None
    team: UUID | None = None
    moo: int | None = None
    area: GEOSGeometry | None = None
    houses: Sequence[UUID] = ()
    first: int = 30
    start: tuple[float, float] | None = None
    hours: float = 8
    again: bool = False


@dataclass(frozen=True, slots=True)
class Picked:
    """A house that was chosen, the most urgent first."""

    key: UUID
    moo: int | None
    depth_m: float | None
    lon: float | None
    lat: float | None


def make_list(account: Account, incident: Incident, new: NewList) -> DoorList:
    """A list of doors in walking order, with a grant over its houses for the one who goes. Outside of `acting()`.

    Raises ProblemError: not_allowed, no_incident, not_live, no_footprint, nobody_goes, cannot_go, no_doors, bad_first,
    bad_hours.
    """
    if not can(account, "emergency.command"):
        raise refused("not_allowed", "บัญชีนี้ไม่มีสิทธิ์มอบรายการบ้าน", account.display_name, "ให้ผู้อำนวยการหรือเวรทำแทน")
    _check(new)
    with acting(grants.ACTOR, grants.RESOLVE, mode=incident.mode):
        row = _live(incident)
        picked = _pick(row, new)
    walk = doors_ways.plan(row, picked, _start(incident, new))
    with acting(account.actor, COMMAND, mode=incident.mode):
        made = _write(account, row, new, (picked, walk))
    if new.account:
        _grant(new.account, made)
    return made


def _check(new: NewList) -> None:
    if (new.account is None) == (new.team is None):
        raise refused("nobody_goes", "ยังไม่ได้เลือกผู้ไป", "account", "เลือกอาสาสมัครหนึ่งคน หรือหนึ่งชุด")
    if new.account and not (can(new.account, "emergency.people") and can(new.account, "emergency.field")):
        raise refused("cannot_go", "บัญชีนี้ไม่มีสิทธิ์ออกเยี่ยมบ้าน", new.account.display_name, "เลือกอาสาสมัครหรือเจ้าหน้าที่ภาคสนาม")
    if not 1 <= new.first <= MOST_DOORS:
        raise refused("bad_first", "จำนวนบ้านไม่ถูกต้อง", "first", f"ใส่ 1 ถึง {MOST_DOORS} หลัง")
    if not 0 < new.hours <= MOST_HOURS:
        raise refused("bad_hours", "อายุของรายการไม่ถูกต้อง", "hours", f"ใส่ไม่เกิน {MOST_HOURS} ชั่วโมง")


def _live(incident: Incident) -> Incident:
    row = Incident.objects.select_related("footprint").filter(pk=incident.pk).first()
    if row is None:
        raise refused("no_incident", "ไม่พบเหตุการณ์นี้ หรือคุณไม่มีสิทธิ์เปิด")
    if row.state not in LIVE_STATES:
        raise refused("not_live", "เหตุนี้ไม่ได้กำลังดำเนินอยู่", row.number, "เปิดปฏิบัติการก่อนมอบรายการบ้าน")
    if row.footprint is None:
        raise refused("no_footprint", "ยังไม่มีพื้นที่ประสบภัยของเหตุนี้", row.number, "วาดพื้นที่หรือนำเข้าไฟล์ก่อน")
    return row


def _pick(row: Incident, new: NewList) -> list[Picked]:
    asked: dict[str, Any] = {
        "footprint": row.footprint_id, "incident": row.pk, "moo": new.moo, "now": now(), "most": new.first,
        "area": new.area.ewkt if new.area else None, "houses": list(new.houses) or None,
        "again": new.again or bool(new.houses),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(PICK, asked)
        picked = [Picked(*found) for found in cursor.fetchall()]
    if not picked:
        raise refused("no_doors", "ไม่มีบ้านที่ยังไม่ได้มอบให้ใครในส่วนที่เลือก", row.number, "เลือกหมู่อื่น ขยายพื้นที่ หรือเลือกให้ไปซ้ำ")
    return picked


def _start(incident: Incident, new: NewList) -> tuple[float, float] | None:
    if new.start or not new.team:
        return new.start
    with acting(grants.ACTOR, grants.RESOLVE, mode=incident.mode):
        team = Team.objects.filter(pk=new.team, incident=incident, ended_at=None).first()
    if team is None:
        raise refused("nobody_goes", "ไม่พบชุดนี้ในเหตุการณ์ หรือชุดเลิกแล้ว", "team", "เลือกชุดที่ยังปฏิบัติงาน")
    return (team.point.x, team.point.y) if team.point else None


def _write(account: Account, row: Incident, new: NewList, chosen: tuple[list[Picked], Any]) -> DoorList:
    picked, walk = chosen
    footprint = row.footprint or row.footprints.latest("number")
    row = locked(row.pk)
    moment = now()
    last = row.door_lists.aggregate(n=Max("number"))["n"] or 0
    made = DoorList.objects.create(
        incident=row, mode=row.mode, number=last + 1, title=new.title.strip()[:120] or f"รายการที่ {last + 1}",
        footprint=footprint, account=new.account.pk if new.account else None, team_id=new.team,
        start=Point(*new.start, srid=4326) if new.start else None, minutes=walk.minutes, ways_for=walk.ways_for,
        made_at=moment, made_by=account.actor, expires_at=moment + timedelta(hours=new.hours),
    )  # fmt: skip
    Door.objects.bulk_create(
        Door(list=made, mode=row.mode, position=place, house_key=picked[stop.door].key, moo=picked[stop.door].moo,
             depth_m=picked[stop.door].depth_m, minutes=stop.minutes, leg=stop.leg, way=stop.way)
        for place, stop in enumerate(walk.stops, 1)
    )  # fmt: skip
    cut = sum(stop.minutes is None for stop in walk.stops)
    log.append(row, "doors", made.title, after="given", value={
        "list": made.number, "doors": len(picked), "cut": cut, "minutes": round(walk.minutes),
        "account": str(made.account or ""), "team": str(made.team_id or ""),
    })  # fmt: skip
    return made


def may_open(account: Account, row: DoorList) -> bool:
    """Whether an account goes to these doors now. Inside a context that reads incidents."""
    if row.ended_at or row.expires_at <= now() or row.incident.state not in LIVE_STATES:
        return False
    able = can(account, "emergency.people") and can(account, "emergency.field")
    return able and was_given(account, row, now_only=True)


def was_given(account: Account, row: DoorList, *, now_only: bool = False) -> bool:
    """Whether the list is, or was, an account's own or its team's."""
    if row.account is not None:
        return row.account == account.pk
    members = TeamMember.objects.filter(team=row.team_id, account=account.pk)
    if now_only:
        moment = now()
        members = members.filter(Q(ends_at=None) | Q(ends_at__gt=moment), starts_at__lte=moment, team__ended_at=None)
    return members.exists()


@contextmanager
def opened(account: Account, key: UUID, *, mode: str) -> Iterator[DoorList]:
    """The context in which an account sees the people behind the doors of its list, as far as they are inside the
    footprint of now. Opened outside of `acting()`. Raises ProblemError: no_list, list_ended, list_not_yours.
    """
    with acting(account.actor, FIELD, mode=mode):
        row = _find(account, key)
        held = _held(account, row)
    grant = held or _grant(account, row)
    with acting(account.actor, grants.PURPOSE, mode=mode, scope=Scope.grant(grant.scope)):
        yield row


def _find(account: Account, key: UUID) -> DoorList:
    row = DoorList.objects.select_related("incident__footprint", "team").filter(pk=key).first()
    if row is None or not was_given(account, row):
        raise refused("no_list", "ไม่พบรายการบ้านนี้ หรือไม่ได้มอบให้คุณ", "", "ติดต่อผู้สั่งการของคุณ")
    if row.ended_at or row.expires_at <= now() or row.incident.state not in LIVE_STATES:
        raise refused("list_ended", "รายการบ้านนี้สิ้นสุดแล้ว", row.title, "ขอรายการใหม่จากผู้สั่งการ")
    if not may_open(account, row):
        raise refused("list_not_yours", "คุณไม่ได้อยู่ในชุดนี้แล้ว หรือไม่มีสิทธิ์ดูรายชื่อ", row.title, "ติดต่อผู้สั่งการของคุณ")
    return row


def _held(account: Account, row: DoorList) -> Grant | None:
    """A grant that still opens the list, over the footprint of now."""
    access = DoorAccess.objects.select_related("grant").filter(list=row, account=account.pk).first()
    grant = access.grant if access else None
    fits = grant is not None and grant.footprint_id == row.incident.footprint_id and grant.expires_at > now()
    return grant if fits else None


def _grant(account: Account, row: DoorList) -> Grant:
    with acting(grants.ACTOR, grants.RESOLVE, mode=row.mode):
        footprint = row.incident.footprint or row.footprint
        houses = list(row.doors.values_list("house_key", flat=True))
    grant = grants.make(footprint, account, houses=houses)
    with acting(grants.ACTOR, grants.RESOLVE, mode=row.mode):
        DoorAccess.objects.update_or_create(
            list=row, account=account.pk, defaults={"grant": grant, "mode": row.mode}, create_defaults={
                "grant": grant, "mode": row.mode, "first_at": now()},
        )  # fmt: skip
    return grant


def kept(account: Account, row: DoorList) -> None:
    """Write down that the list is on a phone now. Inside a context that writes incidents."""
    DoorAccess.objects.filter(list=row, account=account.pk).update(kept_at=now())


def end_list(account: Account, key: UUID, *, mode: str) -> DoorList:
    """The list opens nothing any more; phones delete it when they next hear of us. Outside of `acting()`.

    Raises ProblemError no_list. Ending it again changes nothing.
    """
    with acting(account.actor, COMMAND, mode=mode):
        row = DoorList.objects.select_for_update(of=("self",)).select_related("incident").filter(pk=key).first()
        if row is None:
            raise refused("no_list", "ไม่พบรายการบ้านนี้")
        if row.ended_at is None:
            row.ended_at, row.ended_by = now(), account.actor
            row.save(update_fields=["ended_at", "ended_by"])
            log.append(row.incident, "doors", row.title, after="ended", value={"list": row.number})
    _end_grants(row)
    return row


def _end_grants(row: DoorList) -> None:
    with acting(grants.ACTOR, grants.RESOLVE, mode=row.mode), connection.cursor() as cursor:
        standing = Grant.objects.filter(pk__in=row.opened.values("grant"), expires_at__gt=now())
        held: list[UUID] = list(standing.values_list("scope", flat=True))
        cursor.execute(
            "UPDATE kit_scope SET ended_at = statement_timestamp() WHERE id = ANY (%s) AND ended_at IS NULL", [held]
        )
        standing.update(expires_at=now())


__all__ = ["MOST_DOORS", "NewList", "end_list", "kept", "make_list", "may_open", "opened", "was_given"]

"""Who may see the people inside the current footprint: the commander and those assigned, while the incident is live.

A grant holds the keys of the people inside one version of the footprint; a new footprint makes new grants. Nobody else
sees anybody: outside of it there is only breaking the glass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from maehia.access.actions.reading import tell_overseers
from maehia.access.models import Account
from maehia.access.permissions import can
from maehia.access.queries import account_of
from maehia.base import ProblemError
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Footprint, Grant, Incident, TeamMember
from maehia.emergency.workflow import LIVE_STATES
from maehia.kit import notices
from maehia.kit.acting import Context, Scope, acting
from maehia.kit.clock import now

PURPOSE = "emergency.affected"
RESOLVE = "emergency.resolve"
ACTOR = "system:emergency"
LIFE = timedelta(hours=12)
MANY = 50  # people: from so many on whoever oversees the read log is told that somebody may see them
notices.register_text(
    "emergency.grant",
    "มีเหตุฉุกเฉินที่ให้ {unit} เห็นผู้อยู่ในพื้นที่ {count} คน ตรวจได้จากบันทึกการอ่าน",
    "An emergency lets {unit} see the {count} people in its area; the read log shows who looked",
)
KEYS = """
INSERT INTO kit_scope_key (scope_id, key)
SELECT %s, p.key FROM emergency_inside i JOIN city_person p ON p.house_id = i.house_key
WHERE i.footprint_id = %s AND p.died IS NULL AND (%s OR i.house_key = ANY (%s))
"""


def may_see(account: Account, incident: Incident) -> bool:
    """Whether an account commands this live incident or belongs to one of its teams now."""
    if incident.state not in LIVE_STATES or not can(account, "emergency.people"):
        return False
    if incident.commander == account.pk:
        return True
    moment = now()
    mine = TeamMember.objects.filter(Q(ends_at=None) | Q(ends_at__gt=moment), team__incident=incident,
                                     team__ended_at=None, account=account.pk, starts_at__lte=moment)  # fmt: skip
    return mine.exists()


def make(footprint: Footprint, account: Account, houses: Sequence[UUID] | None = None) -> Grant:
    """Grant an account the people inside a footprint, or inside some of its houses (a door list).

    Runs outside of `acting()`: it opens contexts of its own, one to write the grant in the account's name, one to find
    the keys. The caller has checked `may_see`.
    """
    started = _database_now()
    ends = started + LIFE
    with acting(ACTOR, RESOLVE, mode=footprint.mode), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_scope (id, actor, purpose, starts_at, expires_at)"
            " VALUES (gen_random_uuid(), %s, %s, %s, %s) RETURNING id",
            [account.actor, PURPOSE, started, ends],
        )
        scope = cursor.fetchone()[0]
        cursor.execute(KEYS, [scope, footprint.pk, houses is None, list(houses or ())])
        people = cursor.rowcount
        if houses is None and footprint.mode == "live" and people >= MANY:
            unit = account.unit or "-"
            tell_overseers(account.actor, account, "emergency.grant", "/staff/reads/", unit=unit, count=people)
        return Grant.objects.create(
            footprint=footprint, mode=footprint.mode, account=account.pk, scope=scope, people=people,
            expires_at=ends, made_at=now(), limited=houses is not None,
        )  # fmt: skip


def end_all(incident: Incident) -> None:
    """No grant of the incident opens anything any more (it is over, or the footprint is). Outside of `acting()`."""
    moment = now()
    with acting(ACTOR, RESOLVE, mode=incident.mode), connection.cursor() as cursor:
        standing = Grant.objects.filter(footprint__incident=incident, expires_at__gt=moment)
        held = list(standing.values_list("scope", flat=True))
        cursor.execute(
            "UPDATE kit_scope SET ended_at = statement_timestamp() WHERE id = ANY (%s) AND ended_at IS NULL", [held]
        )
        standing.update(expires_at=moment)


@contextmanager
def affected(account: Account, incident: Incident) -> Iterator[Context]:
    """The context in which an account sees the people inside the current footprint. Opened outside of `acting()`.

    Raises ProblemError: not_assigned, no_footprint.
    """
    with acting(account.actor, "emergency.field", mode=incident.mode):
        allowed = may_see(account, incident)
        footprint = incident.footprint
        held = (
            Grant.objects.filter(account=account.pk, footprint=footprint, limited=False, expires_at__gt=now())
            .order_by("-made_at")
            .first()
        )
    if not allowed:
        raise not_assigned(incident)
    if footprint is None:
        raise refused("no_footprint", "ยังไม่มีพื้นที่ประสบภัยของเหตุนี้", incident.number, "วาดพื้นที่หรือนำเข้าไฟล์ก่อน")
    grant = held or make(footprint, account)
    with acting(account.actor, PURPOSE, mode=incident.mode, scope=Scope.grant(grant.scope)) as context:
        yield context


def not_assigned(incident: Incident) -> ProblemError:
    """What somebody is told who neither commands nor belongs to a team of an incident that is being fought."""
    return refused("not_assigned", "คุณไม่ได้เป็นผู้อำนวยการหรืออยู่ในชุดปฏิบัติการของเหตุนี้ หรือเหตุนี้ไม่ได้กำลังดำเนินอยู่",
                   incident.number, "ให้ผู้อำนวยการมอบหมายคุณ หรือขอเปิดข้อมูลฉุกเฉินเป็นรายกรณี")  # fmt: skip


def of_commander(footprint: Footprint) -> Grant | None:
    """The grant of who commands, made with the footprint so that his first look waits for nothing.

    None without a commander, or when his account may not see people. It opens nothing until the incident is fought.
    """
    key = footprint.incident.commander
    with acting(ACTOR, RESOLVE, mode=footprint.mode):
        account = account_of(key) if key else None
    return make(footprint, account) if account is not None and can(account, "emergency.people") else None


def _database_now() -> datetime:
    """The database decides when a grant ends, so its clock says when it begins."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment

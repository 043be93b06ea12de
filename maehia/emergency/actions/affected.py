"""Reading the register for a footprint: who is inside, ranked, with what was known at that moment.

It runs in the system's name under `emergency.resolve`; what people are is read later, under the reader's own grant.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from maehia.access.models import Account
from maehia.emergency.actions import grants, log
from maehia.emergency.actions.affected_counts import count_inside
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Footprint, Incident, Snapshot
from maehia.emergency.rules.priority import weights_for
from maehia.emergency.rules.priority_sql import OF_FOOTPRINT, OLD, OLD_NONE, PLAN, UNPLAN, parameters, ranked
from maehia.kit import clock
from maehia.kit.acting import acting

INSERT = """
INSERT INTO emergency_snapshotrow (snapshot_id, mode, rank, priority, house_key, household, lead, members, people, moo,
  depth_m, access, needs, terms, fresh)
SELECT %(snapshot)s, %(mode)s, rank, priority, house, household, members[1], members, people, moo, depth_m, access,
  needs, terms, CASE WHEN %(before)s::uuid IS NULL THEN NULL ELSE fresh END
FROM ranked ORDER BY rank
"""


def take_snapshot(footprint: Footprint) -> Snapshot:
    """Read the register anew for a footprint: every living person of the houses inside, in exactly one household.

    Outside of `acting()`. New and left are told against the last reading of the footprint before this one.
    """
    with transaction.atomic(), acting(grants.ACTOR, grants.RESOLVE, mode=footprint.mode):
        locked = Footprint.objects.select_for_update(of=("self",)).select_related("incident").get(pk=footprint.pk)
        weights = weights_for(locked.incident.hazard, clock.today())
        made = Snapshot.objects.create(
            footprint=locked, mode=locked.mode, number=_last_number(locked) + 1, before=_before(locked),
            known_at=clock.now(), weights=weights.key,
        )  # fmt: skip
        values = parameters(weights, clock.today(), footprint=locked.pk, snapshot=made.pk, mode=made.mode,
                            before=made.before_id)  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(PLAN)
            cursor.execute(ranked(OF_FOOTPRINT, OLD if made.before_id else OLD_NONE) + INSERT, values)
            made.counts = count_inside(made)
            cursor.execute(UNPLAN)
        made.save(update_fields=["counts"])
    return made


def _last_number(footprint: Footprint) -> int:
    return int(Snapshot.objects.filter(footprint=footprint).aggregate(last=Max("number"))["last"] or 0)


def _before(footprint: Footprint) -> Snapshot | None:
    """The last reading of the nearest footprint before."""
    older = Snapshot.objects.filter(footprint__incident=footprint.incident_id, footprint__number__lt=footprint.number)
    return older.order_by("-footprint__number", "-number").first()


def read_again(account: Account, incident: Incident) -> Snapshot:
    """Read the register anew for the footprint that stands: people who moved in, needs that were told since.

    Everybody's grant ends, because it holds the people of then; the next look makes a new one. Outside of `acting()`.
    Raises ProblemError: not_assigned, no_footprint.
    """
    with acting(account.actor, "emergency.field", mode=incident.mode):
        allowed, footprint = grants.may_see(account, incident), incident.footprint
    if not allowed:
        raise grants.not_assigned(incident)
    if footprint is None:
        raise refused("no_footprint", "ยังไม่มีพื้นที่ประสบภัยของเหตุนี้", incident.number, "วาดพื้นที่หรือนำเข้าไฟล์ก่อน")
    with transaction.atomic():
        made = take_snapshot(footprint)
        grants.end_all(incident)
        with acting(account.actor, "emergency.field", mode=incident.mode):
            log.append(incident.pk, "reading", after=f"{footprint.number}.{made.number}", value=_value(made))
    return made


def _value(made: Snapshot) -> dict[str, Any]:
    return {"snapshot": str(made.pk), "footprint": str(made.footprint_id), **made.counts}

"""Whom a published alert has reached, whom not, and by which other way. Numbers only, inside `emergency.warn`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from maehia.emergency.actions.fanout import FAILED, TEMPLATE, shape_of
from maehia.emergency.models import Alert, BroadcastRequest, Fanout, OtherWay
from maehia.emergency.queries.affected import Numbers, counts_only
from maehia.emergency.rules.release import Group, groups
from maehia.message.models import Message

ARRIVED = (Message.State.SENT, Message.State.DELIVERED)


@dataclass(frozen=True, slots=True)
class Reached:
    """Letters of an alert by what became of them. attempts: tries of all channels together."""

    queued: int
    sent: int
    waiting: int
    failed: int
    attempts: int


def reached(alert: Alert) -> Reached:
    rows = Message.objects.filter(about=alert.pk, template=TEMPLATE)
    by_state = dict(rows.values_list("state").annotate(n=Count("id")).order_by())
    attempts = int(rows.aggregate(Sum("attempted"))["attempted__sum"] or 0)
    total = sum(by_state.values())
    sent, failed = sum(by_state.get(s, 0) for s in ARRIVED), sum(by_state.get(s, 0) for s in FAILED)
    return Reached(total, sent, total - sent - failed, failed, attempts)


def numbers(alert: Alert) -> Numbers | None:
    """People of the area of an alert; None when it names no shape, and of a message that did not go out in earnest.

    Else anybody who drafts could draw around one house and read which needs are in it.
    """
    earnest = alert.state == "published" and (alert.status == "Actual" or alert.mode == "exercise")
    shape = shape_of(alert) if earnest else None
    return counts_only(shape) if shape is not None else None


def unreached(alert: Alert, told: Reached, found: Numbers | None) -> tuple[Group, ...]:
    """Groups whom the letters do not reach or help, and the ways that do."""
    if found is None:
        return groups({"failed": told.failed})
    people = {kind: found.of(kind) for kind in ("deaf", "blind", "bedridden")}
    return groups({"no_address": found.no_phone, "failed": told.failed, "foreign": found.foreign, **people})


def fanout_of(alert: Alert) -> Fanout | None:
    return Fanout.objects.filter(alert=alert).first()


def ways_of(alert: Alert) -> list[OtherWay]:
    return list(OtherWay.objects.filter(alert=alert))


def requests_of(alert: Alert) -> list[BroadcastRequest]:
    return list(BroadcastRequest.objects.filter(alert=alert))


def summary(alert: Alert) -> dict[str, Any]:
    """All that the page of who is reached shows."""
    told, found = reached(alert), numbers(alert)
    return {"told": told, "numbers": found, "groups": unreached(alert, told, found), "fanout": fanout_of(alert),
            "ways": ways_of(alert), "requests": requests_of(alert)}  # fmt: skip

"""A warning to 20,000 followers: into the outbox, and out of it through a provider that takes so many a second.

The town is the demo's, in which nothing of status Actual is ever published: the row is laid into the table as published
for this measurement, and the provider is the fake of the demo behind a brake.
"""

from __future__ import annotations

import time
from typing import Any

import httpx

from bench.services import show


def fan_out(followers: int, a_second: int) -> bool:
    """Queue and send; False when a bar is missed."""
    from maehia.emergency.actions import fanout
    from maehia.kit.acting import acting
    from maehia.message.channels.line import api
    from maehia.message.models import LineFollower, Message

    fill(followers)
    key = published()
    begin = time.perf_counter()
    queued = fanout.fan_out(key)
    good = show(f"{queued:,} letters queued", time.perf_counter() - begin, "s", 30)
    with acting(fanout.ACTOR, fanout.PURPOSE):
        mine = Message.objects.filter(about=key)
        people = LineFollower.objects.filter(unfollowed_at=None).count()
        begin = time.perf_counter()
    with api.through(braked(a_second)):
        send_all(key)
    seconds = time.perf_counter() - begin
    with acting(fanout.ACTOR, fanout.PURPOSE):
        sent = mine.filter(state__in=("sent", "delivered")).count()
    good &= show(f"{sent:,} letters sent, {a_second} a second allowed", seconds, "s", 600)
    print(f"  of {people:,} followers {sent:,} have their letter, {queued - sent:,} not", flush=True)
    return good and queued >= people and fanout.fan_out(key) == 0


def send_all(key: Any) -> None:
    """What the worker's tick does, without its pauses."""
    from maehia.kit.acting import acting
    from maehia.message.actions import send_due
    from maehia.message.models import Message

    while send_due("live"):
        with acting("system:message", "message.send"):
            if not Message.objects.filter(about=key, state__in=("queued", "sending")).exists():
                return


def braked(a_second: int) -> httpx.BaseTransport:
    """LINE's fake behind a brake: a call waits until its turn."""
    from maehia.message.fakes.line import DemoPlatform

    class Braked(DemoPlatform):
        turn = time.monotonic()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            self.turn = max(self.turn + 1 / a_second, time.monotonic())
            time.sleep(max(0.0, self.turn - time.monotonic()))
            return super().handle_request(request)

    return Braked()


def fill(count: int) -> None:
    """Followers who have not said where they live, and a month's quota that is wide enough."""
    from maehia.kit.acting import acting
    from maehia.kit.clock import now, today
    from maehia.message.actions import address_index, set_term
    from maehia.message.fakes.line import user_id
    from maehia.message.models import LineFollower

    with acting("system:bench", "message.send"):
        rows = [LineFollower(line_user=user_id(f"bench-{n}"), user_index=address_index(user_id(f"bench-{n}")),
                             followed_at=now()) for n in range(count)]  # fmt: skip
        LineFollower.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
        set_term("line.quota", str(count * 5), since=today(), source="bench", verified=False, by="system:bench")


def published() -> Any:
    """The key of a row as publishing would leave it."""
    from maehia.access.models import Account
    from maehia.emergency.actions import alert_desk, alerts, alerts_release, incidents
    from maehia.emergency.models import Alert
    from maehia.kit.acting import acting
    from maehia.kit.clock import now

    with acting("system:login", "system.login"):
        duty, boss = (Account.objects.get(login=login) for login in ("duty", "commander"))
    with acting(duty.actor, "emergency.command"):
        incident = incidents.open_incident(incidents.NewIncident("วัดความเร็ว (สมมติ)", "flash_flood", "ทั้งเมือง"))
        made = alert_desk.from_template("flash_flood", area="พื้นที่เทศบาล", area_en="the municipality", incident=incident)
        row = alerts.submit(made.pk)
    with acting(boss.actor, "emergency.command"):
        alerts_release.approve(row.pk, boss, sha256=row.sha256)
        Alert.objects.filter(pk=row.pk).update(state="published", published_at=now(), published_by=boss.actor)
    return row.pk

"""Check-ins at ten desks, a burst, and 2,000 stays written down without a signal (emergency.md, section 9).

700 check-ins an hour from ten desks and 350 in 15 minutes: each through the whole page (form, policies, counters, log,
answer) as the officer's browser sends it, ten at the same moment. Then ten desks hand over 2,000 stays at once, each
queue twice and shuffled: every stay is there once, and the counters agree with the rows.

    python -m bench emergency_shelters        about 3 minutes on 2 cores
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.services import show

REPO = Path(__file__).resolve().parents[1]
DATA, PORT = REPO / "var" / "bench-emergency-shelters", "8079"
DESKS, HOUR, BURST, QUARTER_S = 10, 700, 350, 900
OFFLINE, PART = 2_000, 200
ONE_S = 20.0  # what one check-in may take, with typing
EACH_S = 1.0  # what the machine may take of it, 95 of 100


def run(args: list[str]) -> int:
    shutil.rmtree(DATA, ignore_errors=True)
    os.environ["MAEHIA_DATA"], os.environ["MAEHIA_PORT"] = str(DATA), PORT
    from maehia.cli import boot, serve

    boot.django()
    from maehia.cli import schema

    schema.migrate()
    try:
        place = Scene()
        good = check_ins(place, HOUR, 3600, "700 check-ins, 10 desks at once")
        good &= check_ins(place, BURST, QUARTER_S, "350 check-ins, 10 desks at once")
        good &= hand_over(place)
    finally:
        serve.stop_database()
    return 0 if good else 1


class Scene:
    """An invented flood with two shelters, and an officer at ten browsers."""

    def __init__(self) -> None:
        from maehia.access.actions import assign, create_account
        from maehia.city.models import Place
        from maehia.emergency.actions import incidents, shelters
        from maehia.kit.acting import acting
        from maehia.kit.clock import now

        with acting("system:bench", "system.demo"):
            self.officer = create_account("bench-desk", "โต๊ะวัดสมรรถนะ (สมมติ)", unit="ศูนย์พักพิง")
            assign(self.officer, "duty", starts_on=(now() - timedelta(days=1)).date())
        keys = [uuid.uuid4(), uuid.uuid4()]
        with acting("system:bench", "system.demo"):
            for key in keys:
                Place.objects.create(key=key, name="โรงเรียนสมมติ", is_shelter=True)
        with acting(self.officer.actor, "emergency.command"):
            self.incident = incidents.open_incident(incidents.NewIncident("น้ำท่วมสมมติ", "flood", "หมู่ 5"))
            rows = [shelters.plan_shelter(self.incident, key, shelters.Facts(5_000)) for key in keys]
            self.shelters = [shelters.open_shelter(row.pk) for row in rows]
        self.browsers = [self.browser() for _ in range(DESKS)]

    def browser(self) -> Any:
        from django.conf import settings
        from django.test import Client

        from maehia.access.middleware import MFA_SESSION
        from maehia.kit.acting import acting

        client = Client(headers={"host": "127.0.0.1"})
        with acting("system:login", "system.login"):
            client.force_login(self.officer, backend=settings.AUTHENTICATION_BACKENDS[0])
        session = client.session
        session[MFA_SESSION] = str(self.officer.pk)
        session.save()
        return client

    def at(self, number: int) -> str:
        return f"/staff/emergency/{self.incident.number}/shelters/{self.shelters[number].pk}/"

    def counts(self, number: int) -> tuple[int, int]:
        """(open stays, what the counters say) of a shelter."""
        from maehia.emergency.models import ShelterLoad, Stay
        from maehia.kit.acting import acting

        key = self.shelters[number].pk
        with acting(self.officer.actor, "emergency.shelter"):
            return Stay.objects.filter(shelter=key, state="checked_in").count(), ShelterLoad.objects.get(pk=key).heads


def together(work: Any) -> float:
    """Ten desks at the same moment. Returns seconds."""
    from django.db import connections

    def one(number: int) -> None:
        try:
            work(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(DESKS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begin


def check_ins(place: Scene, people: int, seconds: float, words: str) -> bool:
    """So many people through the page; the desks do not wait for typing."""
    before, took, wrong = place.counts(0)[0], [], []

    def desk(number: int) -> None:
        for turn in range(people // DESKS):
            form = {"idempotency_key": uuid.uuid4().hex, "instance": str(uuid.uuid4()), "overnight": "1",
                    "name": f"ผู้พักพิงสมมติ {number}-{turn}", "sex": "f", "age": "40"}  # fmt: skip
            begin = time.perf_counter()
            code = place.browsers[number].post(f"{place.at(0)}in/", form).status_code
            took.append(time.perf_counter() - begin)
            if code != 302:
                wrong.append(code)

    whole = together(desk)
    rows, counted = place.counts(0)
    good = show(f"{words}, in all", whole, "s", seconds)
    good &= show("  each, p95", statistics.quantiles(took, n=20)[18], "s", EACH_S)
    good &= show("  each, slowest", max(took), "s", ONE_S)
    good &= show("  lost or double", abs(rows - before - people // DESKS * DESKS) + abs(rows - counted), "people", 0,
                 note=f"{len(wrong)} refused")  # fmt: skip
    return good and not wrong


def hand_over(place: Scene) -> bool:
    """2,000 stays of ten desks, each queue twice and shuffled, all desks at once."""
    from maehia.emergency.actions.stays_sync import prepare_desk
    from maehia.emergency.models import StayEvent
    from maehia.kit.acting import acting
    from maehia.kit.clock import now

    with acting(place.officer.actor, "emergency.shelter"):
        desks = [prepare_desk(place.shelters[1].pk, place.officer, f"โต๊ะ {n}") for n in range(DESKS)]
    began = now() - timedelta(hours=24)
    queues = [[_event(began, n, turn) for turn in range(OFFLINE // DESKS)] for n in range(DESKS)]

    def desk(number: int) -> None:
        dice = random.Random(number)
        for _ in range(2):
            dice.shuffle(queues[number])
            for start in range(0, len(queues[number]), PART // 4):
                body = {"clock": now().isoformat(), "events": queues[number][start : start + PART // 4]}
                place.browsers[number].post(f"{place.at(1)}desk/{desks[number].pk}/sync/", json.dumps(body),
                                            content_type="application/json")  # fmt: skip

    whole = together(desk)
    rows, counted = place.counts(1)
    with acting(place.officer.actor, "emergency.shelter"):
        events = StayEvent.objects.filter(shelter=place.shelters[1]).count()
    good = show("2,000 offline stays handed over twice", whole, "s", 600)
    good &= show("  lost or double", abs(rows - OFFLINE) + abs(counted - OFFLINE) + abs(events - OFFLINE), "stays", 0)
    return good


def _event(began: Any, desk: int, turn: int) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()), "stay": str(uuid.uuid4()), "kind": "in",
        "at": (began + timedelta(minutes=7 * turn)).isoformat(), "how": "",
        "guest": {"name": f"ออฟไลน์สมมติ {desk}-{turn}", "age": 30, "needs": []},
    }  # fmt: skip

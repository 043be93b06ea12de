"""Who is inside a footprint, on the screen: numbers and the most urgent households.

As maehia_app: row-level security and the read log on, phones and notes of needs (section 26) opened, HTML rendered,
through Django's client in this process. The register is synthetic (`bench.emergency_town`). What is timed is a look at
the page; the footprint was set before, and with it the commander's grant and the reading of the register were made:
how long that takes stands beside it. "first screen": numbers and 50 households; "500 rows": numbers and 500.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[1]
DATA = REPO / "var" / "bench-emergency"
TOWN, MILLION = 20_000, 1_000_000
SCREEN_MS, WHOLE_MS = 300, 2000


def show(words: str, took: list[float], bar: float | None = None, note: str = "") -> bool:
    """One line: median and 95th percentile in milliseconds; False when the bar is missed."""
    high = sorted(took)[max(0, round(len(took) * 0.95) - 1)]
    held = "" if bar is None else f"  (bar {bar:g} ms {'kept' if high <= bar else 'MISSED'})"
    load = os.getloadavg()[0]
    print(f"{words:<58} median {statistics.median(took):7.0f} ms  p95 {high:7.0f} ms{held}  load {load:.1f} {note}",
          flush=True)  # fmt: skip
    return bar is None or high <= bar


def timed(work: Callable[[], Any], times: int) -> list[float]:
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        took.append((time.perf_counter() - begin) * 1000)
    return took


def run(args: list[str]) -> int:
    shutil.rmtree(DATA, ignore_errors=True)
    os.environ["MAEHIA_DATA"] = str(DATA)
    from maehia.cli import boot, serve

    boot.django()
    from maehia.cli import schema

    schema.migrate()
    try:
        good = measure(TOWN, [(TOWN, "first screen", SCREEN_MS), (TOWN, "500 rows", None)])
        if "--town" not in args:
            good &= measure(MILLION, [(TOWN, "first screen", SCREEN_MS), (TOWN, "500 rows", WHOLE_MS),
                                      (MILLION, "first screen", None), (MILLION, "500 rows", WHOLE_MS)])  # fmt: skip
    finally:
        serve.stop_database()
    return 0 if good else 1


def measure(people: int, looks: list[tuple[int, str, float | None]]) -> bool:
    """Fill a register and look at footprints of it: (people inside, which page, bar)."""
    from bench.emergency_town import fill

    begin = time.perf_counter()
    fill(people)
    print(f"register of {people:,} people laid by COPY in {time.perf_counter() - begin:.0f} s", flush=True)
    watch, good, before = Watch(), True, 0
    for inside, page, bar in looks:
        if inside != before:
            took = timed(lambda n=inside: watch.flood(n, people), 1)
            show(f"register {people:,}, {inside:,} inside: footprint set", took, note="grant and reading included")
        before = inside
        ask = watch.first if page == "first screen" else watch.five_hundred
        for _ in range(3):
            ask()
        good &= show(f"register {people:,}, {inside:,} inside: {page}", timed(ask, 40 if people == TOWN else 20), bar)
    return good


class Watch:
    """A commander and his browser."""

    def __init__(self) -> None:
        from django.test import Client

        self.commander = commander()
        self.client = Client(headers={"host": "127.0.0.1"})
        log_in(self.client, self.commander)
        self.number = ""

    def flood(self, inside: int, people: int) -> None:
        """Open an incident and set its footprint; what comes after the list (ways out) is not waited for."""
        from bench.emergency_town import square
        from maehia.emergency.actions import footprints_access, incidents
        from maehia.emergency.actions.footprints import Shape, set_footprint
        from maehia.kit import clock
        from maehia.kit.acting import acting

        footprints_access.LATER = 0  # always the worker's, who does not run here
        with acting(self.commander.actor, "emergency.command"):
            made = incidents.open_incident(incidents.NewIncident("น้ำท่วม (สมมติ)", "flood"))
            incidents.move(made.pk, "verified")
            incidents.set_level(made.pk, 1)
            incidents.name_commander(made.pk, self.commander)
        set_footprint(self.commander, made.pk, Shape(square(inside, people), "drawn", clock.now()))
        with acting(self.commander.actor, "emergency.command"):
            incidents.move(made.pk, "active")
        self.number = made.number

    def first(self) -> None:
        self._ask("", 50)

    def five_hundred(self) -> None:
        self._ask("?after=0", 500)

    def _ask(self, query: str, rows: int) -> None:
        answer = self.client.get(f"/staff/emergency/{self.number}/affected/{query}")
        found = answer.content.count(b'class="affected-row"')
        if answer.status_code != 200 or found != rows or b"tel:08" not in answer.content:
            raise RuntimeError(f"status {answer.status_code}, {found} rows of {rows}")


def commander() -> Any:
    """An account that may order in a disaster."""
    from datetime import timedelta

    from maehia.access.actions import appoint, assign, create_account
    from maehia.access.models import Account
    from maehia.kit import clock
    from maehia.kit.acting import acting

    since = clock.today() - timedelta(days=1)
    with acting("system:bench", "system.demo"):
        there = Account.objects.filter(login="bench-commander").first()
        if there is not None:
            return there
        account = create_account("bench-commander", "ผู้วัดความเร็ว")
        assign(account, "commander", starts_on=since)
        appoint("mayor", account, starts_on=since, order_no="1/2569")
        return account


def log_in(client: Any, account: Any) -> None:
    from django.conf import settings

    from maehia.access.middleware import MFA_SESSION
    from maehia.kit.acting import acting

    with acting("system:login", "system.login"):
        client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session[MFA_SESSION] = str(account.pk)
    session.save()


if __name__ == "__main__":
    subprocess.run([sys.executable, "-m", "bench", "emergency_affected"], check=True, cwd=REPO)

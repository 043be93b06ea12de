"""Alerts under a rush: 400 requests a second for alert page and feeds while the database is stopped; publish to feed.

The whole service runs (`maehia serve`: two web processes, the worker), the client is a process of its own on the same
cores. Requests leave on a fixed timetable (open loop), so that a slow answer does not thin out the ones behind it;
each time is counted from when its request should have left. An exercise alert goes through every step (draft,
submit, second person, publish); then the feed is asked over HTTP until it stands there. After that PostgreSQL is
stopped and the rush begins.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[1]
DATA = REPO / "var" / "bench-emergency-alerts"
HOST, PORT = "127.0.0.1", 8078
RATE, SECONDS, LINES = 400, 20, 60
P95_MS, FEED_SECONDS = 200.0, 5.0
PATHS = ("/alerts/", "/alerts/exercise/", "/en/alerts/", "/cap/", "/cap/exercise/", "/cap/exercise/rss.xml")


class Serving:
    """`maehia serve` on loopback."""

    def __enter__(self) -> Serving:
        command = [sys.executable, "-m", "maehia.cli.main", "serve", "--keep-database", "--port", str(PORT)]
        self._process = subprocess.Popen(command, cwd=REPO, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 90
        while time.monotonic() < end:
            try:
                if asyncio.run(once("/health/ready"))[0] == 200:
                    return self
            except OSError:
                pass
            time.sleep(0.5)
        self.__exit__()
        raise RuntimeError("the server does not answer")

    def __exit__(self, *_: Any) -> None:
        self._process.terminate()
        self._process.wait(timeout=60)


async def once(path: str) -> tuple[int, bytes]:
    """One request on a line of its own."""
    line = Line()
    try:
        return await line.get(path)
    finally:
        line.close()


class Line:
    """One kept-open connection."""

    def __init__(self) -> None:
        self.pair: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> tuple[int, bytes]:
        if self.pair is None:
            self.pair = await asyncio.open_connection(HOST, PORT)
        reader, writer = self.pair
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next(
            (int(row.split(":")[1]) for row in head.split("\r\n") if row.lower().startswith("content-length:")), 0
        )
        return int(head.split()[1]), await reader.readexactly(length)

    def close(self) -> None:
        if self.pair:
            self.pair[1].close()
        self.pair = None


async def rush(rate: int, seconds: int, paths: tuple[str, ...]) -> tuple[list[float], int]:
    """Milliseconds of every answer, counted from its place in the timetable, and how many were not 200."""
    dice, took, failed = random.Random(5), [], 0
    start = time.perf_counter() + 0.5
    jobs: asyncio.Queue[int] = asyncio.Queue()
    for number in range(rate * seconds):
        jobs.put_nowait(number)
    choices = [dice.choice(paths) for _ in range(rate * seconds)]

    async def work() -> None:
        nonlocal failed
        line = Line()
        while not jobs.empty():
            number = jobs.get_nowait()
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            try:
                status, _ = await line.get(choices[number])
            except (OSError, asyncio.IncompleteReadError):
                status = 0
                line.close()
            took.append((time.perf_counter() - due) * 1000)
            failed += status != 200
        line.close()

    await asyncio.gather(*(work() for _ in range(LINES)))
    return took, failed


def crew() -> tuple[Any, Any]:
    """Two people who may draft and approve, and a town."""
    from django.contrib.gis.geos import MultiPolygon, Polygon

    from maehia.access.actions import assign, create_account
    from maehia.city.models import Town
    from maehia.kit.acting import acting
    from maehia.kit.clock import today

    square = Polygon.from_bbox((98.90, 18.68, 99.00, 18.78))
    with acting("system:bench", "system.demo"):
        Town.objects.update_or_create(id=1, defaults={
            "name_th": "เมืองวัดความเร็ว (ข้อมูลสมมติ)", "lao_type": "thesaban_mueang", "district_code": "5001",
            "province_code": "50", "tambon_codes": ["500109"], "outline": MultiPolygon(square, srid=4326)})  # fmt: skip
        people = [create_account(f"bench-{n}", f"ผู้ทดสอบ {n}", unit="ป้องกันภัย") for n in (1, 2)]
        for person in people:
            assign(person, "commander", starts_on=today())
    return people[0], people[1]


def publish(author: Any, other: Any) -> tuple[str, float, float]:
    """An exercise alert through all its steps: its identifier, when "publish" was pressed, CPU seconds of that step."""
    from django.contrib.gis.geos import MultiPolygon, Polygon

    from maehia.emergency.actions import alerts, alerts_release
    from maehia.kit.acting import acting
    from maehia.kit.clock import now

    words = alerts.Words("ฝึกซ้อม: น้ำป่าเข้าหมู่ 4 ให้อพยพทันที", "น้ำล้นลำห้วย", "ไปศูนย์พักพิง\nห้ามลุยน้ำไหล", "หมู่ 4")
    english = alerts.Words("Exercise: flash flood in Moo 4", "Water is rising.", "Go to the shelter.", "Moo 4")
    area = MultiPolygon(Polygon.from_bbox((98.95, 18.725, 98.97, 18.74)), srid=4326)
    new = alerts.NewAlert("flash_flood", "Immediate", "Severe", "Observed", now() + timedelta(hours=6), words, english,
                          responses=("Evacuate",), geom=area, note="EX-BENCH", contact="053 000 199")  # fmt: skip
    with acting(author.actor, "emergency.command", mode="exercise"):
        row = alerts.submit(alerts.draft(new).pk)
    with acting(other.actor, "emergency.command", mode="exercise"):
        alerts_release.approve(row.pk, other, sha256=row.sha256)
        pressed, used = time.perf_counter(), time.process_time()
        alerts_release.publish(row.pk)
    return row.identifier, pressed, time.process_time() - used


def until_in_feed(identifier: str, pressed: float) -> float:
    """Seconds from pressing "publish" until the feed on the wire names the alert."""
    import gzip

    while time.perf_counter() - pressed < 60:
        _, body = asyncio.run(once("/cap/exercise/"))
        if identifier.encode() in (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body):
            break
        time.sleep(0.02)
    return time.perf_counter() - pressed


def show(words: str, value: float, unit: str, bar: float, note: str = "") -> bool:
    good = value <= bar
    print(f"{words:<52} {value:9.1f} {unit}  (bar {bar:g} {unit} {'kept' if good else 'MISSED'})  "
          f"load {os.getloadavg()[0]:.1f} {note}", flush=True)  # fmt: skip
    return good


def rushed() -> bool:
    """The rush, its line of the table, and whether every request was answered in time."""
    took, failed = asyncio.run(rush(RATE, SECONDS, PATHS))
    took.sort()
    note = f"median {took[len(took) // 2]:.1f}, worst {took[-1]:.0f} ms, {len(took):,} asked, {failed} failed"
    words, high = f"{RATE} requests/s, database stopped, p95", took[int(len(took) * 0.95)]
    return show(words, high, "ms", P95_MS, note) and failed == 0


def run(_args: list[str]) -> int:
    shutil.rmtree(DATA, ignore_errors=True)
    os.environ["MAEHIA_DATA"] = str(DATA)
    from maehia.cli import boot, cluster

    boot.django()
    from maehia.cli import schema

    schema.migrate()
    from django.db import connections

    try:
        people = crew()
        connections.close_all()
        with Serving():
            publish(*people)  # templates and words are loaded once
            identifier, pressed, used = publish(*people)
            took = until_in_feed(identifier, pressed)
            good = show("publish pressed -> in the feed, over HTTP", took, "s", FEED_SECONDS,
                        f"of it {used:.2f} s of processor")  # fmt: skip
            connections.close_all()
            cluster.stop("immediate")
            good &= asyncio.run(once("/health/ready"))[0] == 503  # the database is gone indeed
            good &= rushed()
    finally:
        connections.close_all()
        cluster.stop()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))

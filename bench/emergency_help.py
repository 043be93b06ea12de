"""Requests for help and the fan-out of a warning, at the load of a disaster (emergency.md, section 9).

2,500 requests an hour, each sent three times as phones on a bad line do, bursts of 10 a second: every one answered
(p95 below a second), none lost, none double, with half as many status checks beside them. 20,000 letters of a warning
queued within 30 s and sent within 10 minutes through a provider that takes 100 a second.

    python -m bench emergency_help            all, about 10 minutes on 2 cores
"""

from __future__ import annotations

import http.client
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.services import show

REPO = Path(__file__).resolve().parents[1]
DATA, PORT = REPO / "var" / "bench-emergency-help", 8078
REQUESTS, COPIES, BURST_A_SECOND, BURST_SECONDS, CLIENTS = 2_500, 3, 10, 60, 8
FOLLOWERS, A_SECOND = 20_000, 100
FIELDS = re.compile(r'name="(csrfmiddlewaretoken|idempotency_device)" value="([^"]+)"')


@dataclass
class Sent:
    """took: milliseconds of each answer; codes: address of the receipt by key; wrong: answers that are none."""

    took: list[float] = field(default_factory=list)
    codes: dict[str, set[str]] = field(default_factory=dict)
    wrong: list[int] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.took, n=20)[18]


class Phone:
    """One cheap phone: it has the page, and sends the form."""

    def __init__(self, number: int) -> None:
        self.number, self.dice = number, random.Random(number)
        self.key = uuid.UUID(int=self.dice.getrandbits(128)).hex
        self.body, self.cookie = "", ""

    def open_page(self, line: http.client.HTTPConnection) -> None:
        line.request("GET", "/help/need/")
        answer = line.getresponse()
        page = answer.read().decode()
        self.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        told = {
            **dict(FIELDS.findall(page)), "idempotency_key": self.key, "phone": f"08{self.number:08d}",
            "needs": self.dice.choice(("trapped", "food", "medicine", "evacuate")), "people": "3",
            "lon": f"{98.92 + self.dice.random() * 0.06:.6f}", "lat": f"{18.71 + self.dice.random() * 0.06:.6f}",
        }  # fmt: skip
        self.body = urlencode(told)

    def send(self, line: http.client.HTTPConnection, sent: Sent) -> None:
        begin = time.perf_counter()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        line.request("POST", "/help/need/", self.body, headers)
        answer = line.getresponse()
        answer.read()
        took = (time.perf_counter() - begin) * 1000
        with sent.lock:
            sent.took.append(took)
            if answer.status == 302:
                signed = answer.getheader("Location") or ""
                receipt = signed.rsplit(":", 2)[0]  # without the second of its signing: two copies differ in that alone
                sent.codes.setdefault(self.key, set()).add(receipt)
            else:
                sent.wrong.append(answer.status)


def load() -> None:
    shutil.rmtree(DATA, ignore_errors=True)
    environment = {**os.environ, "MAEHIA_DATA": str(DATA)}
    command = [sys.executable, "-m", "maehia.cli.main", "demo", "--people", "300"]
    subprocess.run(command, env=environment, check=True, cwd=REPO, stdout=subprocess.DEVNULL)


def in_threads(count: int, work: Any) -> None:
    threads = [threading.Thread(target=work, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def pages_of(url: tuple[str, int], phones: list[Phone]) -> None:
    """Every phone has its page before the storm."""

    def some(part: int) -> None:
        line = http.client.HTTPConnection(*url, timeout=60)
        for phone in phones[part::CLIENTS]:
            phone.open_page(line)

    in_threads(CLIENTS, some)


def hour(url: tuple[str, int], phones: list[Phone]) -> Sent:
    """All requests of an hour as fast as the clients can, each three times in any order, status checks between."""
    sent, dice = Sent(), random.Random(1669)
    queue = [phone for phone in phones for _ in range(COPIES)]
    dice.shuffle(queue)
    lock = threading.Lock()

    def one(_number: int) -> None:
        line = http.client.HTTPConnection(*url, timeout=60)
        while True:
            with lock:
                if not queue:
                    return
                phone = queue.pop()
            phone.send(line, sent)
            if phone.number % 2 == 0:
                line.request("GET", "/help/status/")
                line.getresponse().read()

    in_threads(CLIENTS, one)
    return sent


def burst(url: tuple[str, int], phones: list[Phone]) -> Sent:
    """So many a second for a minute, on the clock: a slow answer does not slow the next one down."""
    sent, begin = Sent(), time.perf_counter()

    def one(number: int) -> None:
        line = http.client.HTTPConnection(*url, timeout=60)
        for turn in range(number, len(phones) * COPIES, CLIENTS * 2):
            at = begin + turn / BURST_A_SECOND
            time.sleep(max(0.0, at - time.perf_counter()))
            phones[turn // COPIES].send(line, sent)

    in_threads(CLIENTS * 2, one)
    return sent


def judged(words: str, sent: Sent, phones: list[Phone]) -> bool:
    """Acknowledged in time, and every phone has one receipt."""
    good = show(f"{words}, ack p95", sent.p95_ms, "ms", 1000, note=f"{len(sent.took):,} posts")
    lost = sum(phone.key not in sent.codes for phone in phones)
    double = sum(len(found) != 1 for found in sent.codes.values())
    fine = not lost and not double and not sent.wrong
    print(f"  {len(phones):,} requests: {lost} lost, {double} double, {len(sent.wrong)} refused"
          f" ({'kept' if fine else 'MISSED'})", flush=True)  # fmt: skip
    return good and fine


def rows() -> int:
    from maehia.emergency.models import HelpRequest
    from maehia.kit.acting import acting

    with acting("system:bench", "emergency.help"):
        return HelpRequest.objects.count()


def run(args: list[str]) -> int:
    from bench.services_load import Server

    if "--keep" not in args or not DATA.exists():
        load()
    os.environ["MAEHIA_DATA"], os.environ["MAEHIA_PORT"] = str(DATA), str(PORT)
    from maehia.cli import boot, serve

    boot.django()
    good = True
    try:
        before = rows()
        with Server(DATA, PORT) as server:
            first = [Phone(n) for n in range(BURST_A_SECOND * BURST_SECONDS // COPIES)]
            rest = [Phone(10_000 + n) for n in range(REQUESTS)]
            pages_of(server.url, first + rest)
            good &= judged(f"burst of {BURST_A_SECOND} a second", burst(server.url, first), first)
            good &= judged("an hour's requests at once", hour(server.url, rest), rest)
        made = rows() - before
        good &= made == len(first) + len(rest)
        print(f"  rows in the database: {made:,} of {len(first) + len(rest):,}", flush=True)
        from bench.emergency_fanout import fan_out

        good &= fan_out(FOLLOWERS, A_SECOND)
    finally:
        serve.stop_database()
    return 0 if good else 1

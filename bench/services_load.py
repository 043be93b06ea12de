"""The served system and clients that file reports at it."""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[1]
WAIT_SECONDS = 90


class Server:
    """`maehia serve` as a process of its own, on loopback."""

    def __init__(self, data: Path, port: int) -> None:
        self.url = ("127.0.0.1", port)
        self._environment = {**os.environ, "MAEHIA_DATA": str(data), "MAEHIA_PORT": str(port)}

    def __enter__(self) -> Server:
        command = [sys.executable, "-m", "maehia.cli.main", "serve", "--keep-database"]
        self._process = subprocess.Popen(command, env=self._environment, cwd=REPO, stdout=subprocess.DEVNULL)
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            try:
                if send(http.client.HTTPConnection(*self.url, timeout=5), "GET", "/health/ready")[0] == 200:
                    time.sleep(60)  # the kernels of the engine are compiled and loaded beside the first pages
                    return self
            except OSError:
                time.sleep(0.5)
        self.__exit__()
        raise RuntimeError("the server does not answer")

    def __exit__(self, *_: Any) -> None:
        self._process.terminate()
        self._process.wait(timeout=60)


def send(
    line: http.client.HTTPConnection, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, bytes]:
    content = json.dumps(body).encode() if body is not None else None
    line.request(method, path, content, {"Content-Type": "application/json", "Accept": "application/json", **headers})
    answer = line.getresponse()
    return answer.status, answer.read()


@dataclass
class Filed:
    """seconds: of the whole run; took: milliseconds of each call."""

    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    failed: int = 0

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.took, n=20)[18]


def report(dice: random.Random) -> dict[str, Any]:
    point = {"lon": 98.945 + dice.random() * 0.02, "lat": 18.735 + dice.random() * 0.02}
    contact = {"name": "ผู้แจ้ง (สมมติ)", "phone": f"08{dice.randrange(10**8):08d}"}
    return {"service": "light", "description": "ไฟถนนดับหน้าบ้าน (สมมติ)", "point": point, "contact": contact, "lang": "th"}


def file_many(url: tuple[str, int], key: str, clients: int, seconds: float) -> Filed:
    """So many clients file one report after the other for some seconds."""
    found, lock = Filed(), threading.Lock()
    end = time.perf_counter() + seconds

    def one(number: int) -> None:
        dice, line = random.Random(number), http.client.HTTPConnection(*url, timeout=30)
        while time.perf_counter() < end:
            begin = time.perf_counter()
            status, _ = send(line, "POST", "/api/v1/cases", report(dice), **{"X-API-Key": key})
            with lock:
                found.took.append((time.perf_counter() - begin) * 1000)
                found.failed += status != 201

    begin = time.perf_counter()
    threads = [threading.Thread(target=one, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds = time.perf_counter() - begin
    return found


def flood_hour(url: tuple[str, int], key: str, reports: int, copies: int) -> bool:
    """Each report is sent several times at once, as phones on a bad line do: none lost, none double."""
    dice = random.Random(311)
    wanted = [(uuid.UUID(int=dice.getrandbits(128)).hex, report(dice)) for _ in range(reports)]
    numbers: dict[str, set[str]] = {name: set() for name, _ in wanted}
    queue = [pair for pair in wanted for _ in range(copies)]
    lock, begin = threading.Lock(), time.perf_counter()
    wrong: list[int] = []

    def one() -> None:
        line = http.client.HTTPConnection(*url, timeout=60)
        while True:
            with lock:
                if not queue:
                    return
                name, body = queue.pop()
            status, content = send(line, "POST", "/api/v1/cases", body, **{"X-API-Key": key, "Idempotency-Key": name})
            if status == 429:  # asked to slow down: the phone waits and sends again
                time.sleep(1)
                with lock:
                    queue.append((name, body))
                continue
            with lock:
                if status == 201:
                    numbers[name].add(json.loads(content)["number"])
                else:
                    wrong.append(status)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begin
    lost = sum(not found for found in numbers.values())
    double = len(set().union(*numbers.values())) - (reports - lost)
    good = lost == 0 and double == 0 and not wrong
    print(f"flood hour: {reports:,} reports sent {copies} times each in {seconds:.0f} s: {lost} lost, {double} double,"
          f" {len(wrong)} refused ({'kept' if good else 'MISSED'})")  # fmt: skip
    return good

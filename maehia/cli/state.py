"""Who serves this data folder: a small file that names one process exactly, so that stop stops only that."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from maehia.cli import places


@dataclass(frozen=True, slots=True)
class Server:
    """A running supervisor. `ticks` is the kernel's start time of the process: numbers are used again."""

    pid: int
    ticks: int
    url: str

    @property
    def alive(self) -> bool:
        return start_ticks(self.pid) == self.ticks


def start_ticks(pid: int) -> int | None:
    """When a process started, in clock ticks since boot; None when there is none or it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


def path() -> Path:
    return places.data_dir() / "server.json"


def running() -> Server | None:
    """The supervisor of this data folder, when it runs; a file that a crash left behind does not count."""
    try:
        server = Server(**json.loads(path().read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return server if server.alive else None


def remember(url: str) -> None:
    ticks = start_ticks(os.getpid())
    places.write_private(path(), json.dumps(asdict(Server(os.getpid(), ticks or 0, url))))


def forget() -> None:
    path().unlink(missing_ok=True)


def end(server: Server, seconds: float = 30) -> bool:
    """Ask a supervisor to stop and wait for it; True when it has gone."""
    os.kill(server.pid, signal.SIGTERM)
    until = time.monotonic() + seconds
    while server.alive and time.monotonic() < until:
        time.sleep(0.1)
    return not server.alive

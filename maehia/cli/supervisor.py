"""One small supervisor: keeps the children running, restarts crashed ones with a growing pause, ends them cleanly."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

log = logging.getLogger("maehia.supervisor")
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
LONGEST_PAUSE = 30.0  # seconds between two tries of a child that keeps crashing
STEADY = 60.0  # a child that ran this long starts again without a pause
GRACE = 15.0  # seconds a child gets to finish what it does


@dataclass(frozen=True, slots=True)
class Spec:
    """What to run: its name in the log, its command, its environment and the descriptors it inherits."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    descriptors: tuple[int, ...] = ()


@dataclass(slots=True)
class Child:
    spec: Spec
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0
    crashes: int = 0
    again_at: float = 0.0

    def start(self, now: float) -> None:
        # Own session: Ctrl-C reaches the supervisor alone, which then ends its children in order.
        self.process = subprocess.Popen(
            list(self.spec.command),
            env={**os.environ, **self.spec.environment},
            pass_fds=self.spec.descriptors,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.since = now

    def look(self, now: float) -> None:
        """Start, or note a crash and set the time of the next try."""
        if self.process is None:
            if now >= self.again_at:
                self.start(now)
            return
        code = self.process.poll()
        if code is None:
            return
        self.crashes = 1 if now - self.since > STEADY else self.crashes + 1
        wait = pause(self.crashes)
        log.warning("%s ended with code %s, starts again in %.0f s", self.spec.name, code, wait)
        self.process, self.again_at = None, now + wait

    def end(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def pause(crashes: int) -> float:
    """Seconds to wait after the n-th crash in a row: 1, 2, 4 ... at most LONGEST_PAUSE."""
    return min(LONGEST_PAUSE, 2.0 ** (min(crashes, 10) - 1))


class Supervisor:
    """Runs `specs` until a signal comes or `broken(children)` gives a reason to stop."""

    def __init__(self, specs: Sequence[Spec]) -> None:
        self.children = [Child(spec) for spec in specs]
        self.asked = False

    def ask(self, *_signal: object) -> None:
        self.asked = True

    def run(self, watch: Callable[[list[Child]], None], tick: float = 0.2) -> None:
        """Look at the children until asked to stop; `watch` sees them each round and may raise to stop all."""
        before = {number: signal.signal(number, self.ask) for number in SIGNALS}
        try:
            while not self.asked:
                for child in self.children:
                    child.look(time.monotonic())
                watch(self.children)
                time.sleep(tick)
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        for child in self.children:
            child.end(signal.SIGTERM)
        until = time.monotonic() + GRACE
        for child in self.children:
            if child.process:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, until - time.monotonic()))
                child.end(signal.SIGKILL)
                child.process.wait()

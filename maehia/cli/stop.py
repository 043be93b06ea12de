"""`maehia stop`: stop what `maehia serve` of this data folder started, and its private database."""

from __future__ import annotations

import argparse
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.cli import cluster, state


def add_parser(commands: Any) -> None:
    commands.add_parser("stop", description=__doc__)


def run(_args: argparse.Namespace) -> int:
    server = state.running()
    if server and not state.end(server):
        raise ProblemError(
            Problem(
                "not_stopped",
                f"กระบวนการ {server.pid} ยังไม่หยุดใน 30 วินาที",
                fix=f"รอสักครู่แล้วลองใหม่ หรือ kill -9 {server.pid}",
            )
        )
    stopped = cluster.stop()
    print("หยุดแล้ว (stopped)" if server or stopped else "ไม่มีอะไรทำงานอยู่ (nothing was running)")
    return 0

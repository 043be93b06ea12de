"""`maehia who-serves`: where this data folder is being served; exit 1 when it is not."""

from __future__ import annotations

import argparse
from typing import Any

from maehia.cli import state


def add_parser(commands: Any) -> None:
    commands.add_parser("who-serves", description=__doc__)


def run(_args: argparse.Namespace) -> int:
    server = state.running()
    print(server.url if server else "ไม่มีใครให้บริการโฟลเดอร์นี้ (nobody serves this data folder)")
    return 0 if server else 1

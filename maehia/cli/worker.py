"""`maehia worker`: run the jobs of the town as maehia_worker, until a signal comes."""

from __future__ import annotations

import argparse
from typing import Any

from maehia.cli import boot, child


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("worker", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end when no job waits")


def run(args: argparse.Namespace) -> int:
    child.follow_parent()
    boot.django("worker")
    from maehia.evidence.actions import sweep_files
    from maehia.kit import worker

    sweep_files()  # a worker that was killed while it read a list has left the plain file behind
    worker.run(until_empty=args.once)
    return 0

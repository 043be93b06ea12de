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
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(concurrency=1, wait=not args.once, shutdown_graceful_timeout=10, delete_jobs="successful")
    return 0

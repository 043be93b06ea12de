"""The worker process: takes jobs from the queue until it is told to stop (SIGTERM, SIGINT)."""

from __future__ import annotations

from django.db import connections
from procrastinate.contrib.django import app

from maehia.kit import jobs


def run(concurrency: int = 1, *, until_empty: bool = False) -> None:
    """Work. until_empty: return when nothing waits (tests, `maehia demo`)."""
    jobs.revive_stalled()
    connections.close_all()
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        working.run_worker(
            queues=[jobs.QUEUE],
            concurrency=concurrency,
            wait=not until_empty,
            listen_notify=not until_empty,
            delete_jobs="successful",
            shutdown_graceful_timeout=20,
            stalled_worker_timeout=jobs.HEARTBEAT_SECONDS,
            fetch_job_polling_interval=1.0,
        )

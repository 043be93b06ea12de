"""Long work outside the request, on procrastinate: `@job`, `enqueue`, `cancel`, progress, stalled work.

    @job("intake.apply")
    def apply(running: Running) -> dict | None:
        with running.acting():
            delivery = Delivery.objects.get(pk=running.ids["delivery"])
            for done, part in enumerate(parts):
                running.progress(done, len(parts), "กำลังบันทึก")

    enqueue("intake.apply", actor=actor, purpose="intake.apply", delivery=delivery.pk)

A job row carries who, for what, and ids; never personal data. A handler opens its own `acting()` and may be
started again after a crash, so what it does must stand in one transaction or be safe to repeat.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.models import F
from procrastinate import sql as queue_sql
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from maehia.base import Problem, ProblemError
from maehia.kit import clock
from maehia.kit.acting import Context, acting
from maehia.kit.models import Job

QUEUE = "maehia"
TASK = "maehia.run"
MAX_ATTEMPTS = 2
HEARTBEAT_SECONDS = 30
REPORT_SECONDS = 0.5
_ID = re.compile(r"[A-Za-z0-9_.:\-]{1,80}")
_PERSONAL = re.compile(r"[\d\-]{9,17}")

Handler = Callable[["Running"], dict[str, Any] | None]
logger = logging.getLogger(__name__)
_handlers: dict[str, Handler] = {}


class JobCancelled(Exception):
    """Raised inside a handler when somebody cancelled its job; its transaction rolls back."""


def job(name: str) -> Callable[[Handler], Handler]:
    """Register a handler under a name like "intake.apply"; the same name twice is refused."""

    def add(handler: Handler) -> Handler:
        if _handlers.setdefault(name, handler) is not handler:
            raise ValueError(f"job {name} is registered twice")
        return handler

    return add


def periodic(name: str, cron: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Run a function without arguments by a cron line ("*/10 * * * *", UTC), in the worker."""

    def add(work: Callable[[], Any]) -> Callable[[], Any]:
        def run(timestamp: int) -> None:
            try:
                work()
            finally:
                connections.close_all()

        run.__name__ = name.replace(".", "_")
        app.periodic(cron=cron, periodic_id=name)(
            app.task(name=name, queue=QUEUE, queueing_lock=name, pass_context=False)(run)
        )
        return work

    return add


class Running:
    """What a handler gets: its ids, its context, and a way to tell how far it is."""

    def __init__(self, row: Job, reporter: Any) -> None:
        self.id: UUID = row.id
        self.name, self.actor, self.purpose, self.mode = row.name, row.actor, row.purpose, row.mode
        self.ids: dict[str, Any] = dict(row.ids)
        self._reporter, self._reported = reporter, 0.0

    def acting(self, **options: Any) -> AbstractContextManager[Context]:
        """The context of the one who asked for the job."""
        return acting(self.actor, self.purpose, mode=self.mode, **options)

    def progress(self, done: int, total: int, words: str = "") -> None:
        """Tell how far the work is (at most twice a second). Raises JobCancelled when it was cancelled."""
        moment = time.monotonic()
        if moment - self._reported < REPORT_SECONDS and done not in {0, total}:
            return
        self._reported = moment
        if self._reporter.report(self.id, done, total, words):
            raise JobCancelled


class Reporter:
    """Writes progress beside the handler's transaction, so that it is seen before the commit."""

    SQL = (
        "UPDATE kit_job SET done = %s, total = %s, words = CASE WHEN %s = '' THEN words ELSE %s END,"
        " beat_at = %s WHERE id = %s RETURNING cancel_wanted"
    )

    def __init__(self, aside: bool) -> None:
        self.connection = connections["default"].copy() if aside else connections["default"]
        self.aside = aside

    def report(self, job_id: UUID, done: int, total: int, words: str) -> bool:
        with self.connection.cursor() as cursor:
            cursor.execute(self.SQL, [done, total, words, words[:200], clock.now(), job_id])
            row = cursor.fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        if self.aside:
            self.connection.close()


def enqueue(name: str, *, actor: str, purpose: str, mode: str = "live", **ids: Any) -> Job:
    """Ask for a job; it starts after the transaction commits. ids: numbers, keys, short codes only.

    Raises KeyError for an unknown name, ValueError for an argument that is not an id.
    """
    if name not in _handlers:
        raise KeyError(f"no job is called {name}")
    row = Job.objects.create(
        name=name, actor=actor, purpose=purpose, mode=mode, ids=_only_ids(ids), created_at=clock.now()
    )
    _queue(row)
    return row


def cancel(job_id: UUID | str) -> bool:
    """Cancel a job: at once when it waits, at its next progress when it runs. False when it has ended."""
    waiting = Job.objects.filter(pk=job_id, state=Job.State.QUEUED)
    if waiting.update(state=Job.State.CANCELLED, cancel_wanted=True, ended_at=clock.now()):
        return True
    return bool(Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(cancel_wanted=True))


def run_job(job_id: UUID | str) -> Job:
    """Do the work now, in this thread. The worker's door; also for tests and commands.

    A job that does not wait (any more) is left alone.
    """
    taken = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, attempts=F("attempts") + 1, started_at=clock.now(), beat_at=clock.now()
    )
    row = Job.objects.get(pk=job_id)
    if taken:
        reporter = Reporter(aside=not connections["default"].in_atomic_block)
        try:
            _finish(row, *_work(row, reporter))
        finally:
            reporter.close()
    return row


def _work(row: Job, reporter: Reporter) -> tuple[str, Problem | None, dict[str, Any]]:
    """(state, problem, result) of running the handler. What it wrote is whole or not there."""
    try:
        # Called inside a transaction (tests), a failure must not take the job's own row with it.
        with nullcontext() if reporter.aside else transaction.atomic():
            return Job.State.DONE, None, _handlers[row.name](Running(row, reporter)) or {}
    except JobCancelled:
        return Job.State.CANCELLED, None, {}
    except ProblemError as error:
        return Job.State.FAILED, error.problem, {}
    except Exception as error:  # noqa: BLE001 (whatever it was, the one who waits is told)
        # The message may carry a citizen's name; the place in the code does not.
        last = traceback.extract_tb(error.__traceback__)[-1]
        logger.error("job %s %s: %s at %s:%s", row.name, row.id, type(error).__name__, last.filename, last.lineno)
        return Job.State.FAILED, _broken(row, type(error).__name__), {}


def _finish(row: Job, state: str, problem: Problem | None, result: dict[str, Any]) -> None:
    row.state, row.result, row.ended_at = state, result, clock.now()
    row.problem = problem.as_dict() if problem else None
    row.save(update_fields=["state", "result", "ended_at", "problem"])


def _broken(row: Job, kind: str) -> Problem:
    return Problem(
        "job_failed",
        "งานหยุดเพราะข้อผิดพลาดในระบบ ไม่มีข้อมูลใดถูกบันทึกครึ่งทาง",
        f"{row.name} {row.id} ({kind})",
        "แจ้งผู้ดูแลระบบพร้อมเลขงานนี้ แล้วสั่งงานใหม่ได้",
    )


def _only_ids(ids: dict[str, Any]) -> dict[str, Any]:
    return {key: _only_id(key, value) for key, value in ids.items()}


def _only_id(key: str, value: Any) -> Any:
    """A value as it may stand in a job row; refuses texts, and digits that may be a national ID or a phone."""
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str) and _ID.fullmatch(value) and not _PERSONAL.fullmatch(value):
        return value
    if isinstance(value, list | tuple):
        return [_only_id(key, part) for part in value]
    raise ValueError(f"job argument {key} is not an id")


def _manager() -> JobManager:
    """The queue through Django's own connection: a job is there when its transaction commits."""
    return JobManager(DjangoConnector("default"))


def _queue(row: Job) -> None:
    _manager().defer_job(
        QueuedJob(queue=QUEUE, lock=None, queueing_lock=None, task_name=TASK, task_kwargs={"job_id": str(row.id)})
    )


@app.task(name=TASK, queue=QUEUE)
def run_queued(job_id: str) -> None:
    """What the worker calls for every job."""
    try:
        run_job(job_id)
    finally:
        connections.close_all()


def revive_stalled() -> int:
    """Take up jobs whose worker died: once more, then they fail with words. Returns how many."""
    connector = DjangoConnector("default")
    stalled = connector.execute_query_all(
        query=queue_sql.queries["select_stalled_jobs_by_heartbeat"],
        queue=QUEUE, task_name=TASK, seconds_since_heartbeat=HEARTBEAT_SECONDS,
    )  # fmt: skip
    for queued in stalled:
        # Django hands jsonb of a raw query over as text.
        args = json.loads(queued["args"]) if isinstance(queued["args"], str) else queued["args"]
        with transaction.atomic():
            _revive(connector, queued["id"], args["job_id"])
    return len(stalled)


def _revive(connector: DjangoConnector, queued_id: int, job_id: str) -> None:
    row = Job.objects.select_for_update().filter(pk=job_id).first()
    again = row is not None and row.state == Job.State.RUNNING and row.attempts < MAX_ATTEMPTS
    if again and not row.cancel_wanted:  # type: ignore[union-attr]
        Job.objects.filter(pk=row.pk).update(state=Job.State.QUEUED, done=0)  # type: ignore[union-attr]
        _manager().retry_job_by_id(queued_id, clock.now())
        return
    if row is not None and row.state == Job.State.RUNNING:
        cancelled = row.cancel_wanted
        _finish(row, *((Job.State.CANCELLED, None, {}) if cancelled else (Job.State.FAILED, _killed(row), {})))
    connector.execute_query(
        query=queue_sql.queries["finish_job"], job_id=queued_id, status=Status.FAILED.value, delete_job=False
    )


def _killed(row: Job) -> Problem:
    return Problem(
        "worker_killed",
        "โปรแกรมทำงานเบื้องหลังหยุดกลางคันสองครั้ง ไม่มีข้อมูลใดถูกบันทึกครึ่งทาง",
        f"{row.name} {row.id}",
        "ตรวจหน่วยความจำและพื้นที่ดิสก์ แล้วสั่งงานใหม่",
    )


periodic("kit.revive", "* * * * *")(revive_stalled)

"""Long work tells how far it is, can be stopped, and never leaves half of anything."""

import os
import signal
import subprocess
import sys
import time
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, connections

from maehia.base import Problem, ProblemError
from maehia.kit import jobs, worker
from maehia.kit.jobs import Job, JobCancelled, cancel, enqueue, run_job
from maehia.kit.series import next_number
from maehia.kit.testing import AppTestCase, ConcurrentTestCase, in_threads

OFFICER = "user:00000000-0000-4000-8000-0000000000aa"


@jobs.job("test.count")
def count(running):
    for done in range(running.ids["total"] + 1):
        running.progress(done, running.ids["total"], f"แถว {done}")
    return {"counted": running.ids["total"]}


@jobs.job("test.refuse")
def refuse(running):
    raise ProblemError(Problem("layout_changed", "หัวตารางเปลี่ยนไป"))


@jobs.job("test.break")
def break_down(running):
    with running.acting():
        next_number("test")
        raise KeyError("นายกมล ใจดี 1234567890121")


@jobs.job("test.slow")
def slow(running):
    with running.acting():
        next_number("slow")
        for done in range(600):
            time.sleep(0.05)
            running.progress(done, 600)
        return {}


def ask(name, **ids):
    return enqueue(name, actor=OFFICER, purpose="test.everything", **ids)


class Asking(AppTestCase):
    def test_a_job_waits_and_then_is_done(self):
        row = ask("test.count", total=3)
        assert (row.state, row.percent) == ("queued", 0)
        row = run_job(row.pk)
        assert (row.state, row.percent, row.result) == ("done", 100, {"counted": 3})
        assert Job.objects.get(pk=row.pk).words == "แถว 3"

    def test_a_job_runs_once(self):
        row = ask("test.count", total=1)
        run_job(row.pk)
        assert run_job(row.pk).attempts == 1

    def test_a_refusal_keeps_its_words(self):
        row = run_job(ask("test.refuse").pk)
        assert (row.state, row.problem["code"]) == ("failed", "layout_changed")

    def test_an_error_tells_no_name_and_writes_nothing(self):
        with self.assertLogs("maehia.kit.jobs") as logged:
            row = run_job(ask("test.break").pk)
        assert (row.state, row.problem["code"]) == ("failed", "job_failed")
        assert "กมล" not in str(row.problem) + "".join(logged.output)
        with self.acting():
            assert next_number("test") == 1

    def test_a_waiting_job_is_cancelled_at_once(self):
        row = ask("test.count", total=3)
        assert cancel(row.pk)
        assert run_job(row.pk).state == "cancelled"
        assert not cancel(row.pk)

    def test_a_running_job_stops_at_its_next_report(self):
        row = ask("test.count", total=3)
        Job.objects.filter(pk=row.pk).update(cancel_wanted=True)
        assert run_job(row.pk).state == "cancelled"

    def test_an_unknown_job_is_refused(self):
        with pytest.raises(KeyError):
            ask("test.unknown")

    def test_one_name_has_one_handler(self):
        with pytest.raises(ValueError, match="twice"):
            jobs.job("test.count")(lambda running: None)

    def test_a_job_carries_ids_only(self):
        key = uuid4()
        row = ask("test.count", total=0, key=key, source="vhv", parts=[1, 2])
        assert row.ids == {"total": 0, "key": str(key), "source": "vhv", "parts": [1, 2]}
        for personal in ("นายกมล", "Kamon Jaidee", "1234567890121", "081-234-5678", 1.5, {"name": "x"}):
            with pytest.raises(ValueError, match="not an id"):
                ask("test.count", total=0, value=personal)


class Working(ConcurrentTestCase):
    def test_a_job_that_was_rolled_back_is_never_run(self):
        from django.db import transaction

        with transaction.atomic():
            ask("test.count", total=1)
            transaction.set_rollback(True)
        worker.run(until_empty=True)
        assert Job.objects.count() == 0

    def test_the_worker_takes_what_waits(self):
        row = ask("test.count", total=2)
        worker.run(until_empty=True)
        row.refresh_from_db()
        assert (row.state, row.done) == ("done", 2)

    def test_a_job_is_cancelled_while_it_runs(self):
        row = ask("test.slow")

        def stop(number):
            if number == 0:
                return run_job(row.pk).state
            wait_for(lambda: self.state(Job.objects.get(pk=row.pk))[0] == "running")
            return cancel(row.pk)

        assert in_threads(2, stop) == ["cancelled", True]
        assert self.last_number() is None  # its transaction is gone

    def test_a_job_carries_the_mode_and_the_rights_of_who_asked(self):
        seen = []
        jobs._handlers["test.context"] = lambda running: seen.append(look(running))
        run_job(enqueue("test.context", actor=OFFICER, purpose="test.everything", mode="exercise").pk)
        assert seen == [(OFFICER, "test.everything", "exercise")]

    def test_a_killed_worker_is_noticed_and_its_job_done_again_then_failed(self):
        row = ask("test.slow")
        for attempt in (1, 2):
            self.kill_in_the_middle(row, attempt)
            self.age_heartbeats()
            assert jobs.revive_stalled() == 1
            row.refresh_from_db()
            assert row.state == ("queued" if attempt == 1 else "failed")
        assert row.problem["code"] == "worker_killed"
        assert self.last_number() is None  # nothing half-applied
        assert jobs.revive_stalled() == 0

    def kill_in_the_middle(self, row, attempt):
        process = start_worker()
        try:
            wait_for(lambda: self.state(row) == ("running", attempt) and self.reported(row))
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

    def state(self, row):
        row.refresh_from_db()
        return row.state, row.attempts

    def reported(self, row):
        """Seen from outside while the job's own transaction is still open."""
        return row.total == 600

    def age_heartbeats(self):
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")

    def last_number(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT last FROM kit_series WHERE key = 'slow'")
            return cursor.fetchone()


def look(running):
    with running.acting() as context:
        return context.actor, context.purpose, context.mode


WORKER = """
import os, django
from django.conf import settings
from maehia import settings as own
django.setup()
settings.DATABASES["default"]["NAME"] = os.environ["TEST_NAME"]
from django.db import connections
connections["default"].settings_dict["NAME"] = os.environ["TEST_NAME"]
from maehia.kit import purposes, testing, worker
purposes.register(testing.EVERYTHING)
import maehia.kit.tests.test_jobs
worker.run()
"""


def start_worker():
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "TEST_NAME": connections["default"].settings_dict["NAME"],
        "MAEHIA_DB_ROLE": "worker",
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], env=environment, cwd=settings.BASE_DIR)


def wait_for(condition, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def test_a_cancelled_handler_sees_an_exception_of_its_own():
    assert issubclass(JobCancelled, Exception)

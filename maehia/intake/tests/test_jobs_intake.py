"""The work behind the pages: told to the one who asked, whole or not at all, found again after a crash."""

import os
import signal
import subprocess
import sys
import time
from unittest import mock

import pytest
from django.conf import settings
from django.db import connections
from django.urls import reverse

from maehia.evidence.models import Delivery, PersonRecord
from maehia.intake.pages.labels import STEP
from maehia.intake.tests.cast import ConcurrentIntake, IntakeCase
from maehia.kit import jobs, notices, worker
from maehia.kit.jobs import Job


class Telling(IntakeCase):
    def told(self):
        return [notices.text_of(notice) for notice in notices.of(self.kanda.actor)]

    def test_a_preview_tells_that_the_officer_must_look(self):
        self.send(self.people_file())
        self.work()
        assert self.told() == [f"{self.vhv.name_th}: ตรวจไฟล์แล้ว รอคุณยืนยันการนำเข้า (ปัญหา 0 รายการ)"]

    def test_a_refusal_tells_that_there_is_a_reason(self):
        path = self.people_file()
        path.write_bytes(path.read_bytes()[:900])
        self.send(path)
        self.work()
        assert "รับไฟล์ไม่ได้" in self.told()[0]

    def test_applying_tells_its_numbers_and_links_to_the_delivery(self):
        found = self.applied(self.people_file())
        newest = notices.of(self.kanda.actor)[0]
        assert "เพิ่ม 3 แก้ 0 สิ้นสุด 0" in notices.text_of(newest)
        assert newest.link == reverse("intake:delivery", args=[found.pk])

    def test_progress_speaks_in_steps(self):
        self.send(self.people_file())
        row = self.work()
        row.refresh_from_db()
        assert (row.total, row.words in STEP) == (3, True)


class Failing(IntakeCase):
    def test_a_failure_in_the_middle_leaves_nothing_and_can_be_tried_again(self):
        found = self.looked_at(self.people_file())
        self.client.post(reverse("intake:apply", args=[found.pk]))
        with mock.patch("maehia.intake.actions.apply.refresh", side_effect=RuntimeError), self.assertLogs("maehia.kit"):
            assert self.work().state == "failed"
        with self.acting():
            assert not PersonRecord.objects.exists()
        page = self.client.get(reverse("intake:delivery", args=[found.pk])).content.decode()
        assert "ไม่มีข้อมูลใดถูกบันทึกครึ่งทาง" in page
        assert "/apply/" in page
        self.client.post(reverse("intake:apply", args=[found.pk]))
        assert self.work().state == "done"

    def test_a_failed_reading_can_be_asked_for_again(self):
        self.send(self.people_file())
        with mock.patch("maehia.intake.actions.deliver.compare_all", side_effect=RuntimeError), self.assertLogs():
            self.work()
        found = self.delivery()
        assert (
            f"/deliveries/{found.pk}/again/"
            in self.client.get(f"/staff/intake/deliveries/{found.pk}/").content.decode()
        )
        self.client.post(reverse("intake:again", args=[found.pk]))
        self.work()
        assert self.delivery().state == "previewed"


SLOW = """
import os, time, django
from pathlib import Path
from django.conf import settings
django.setup()
settings.KEYS_DIR, settings.FILES_DIR = Path(os.environ["TEST_KEYS"]), Path(os.environ["TEST_FILES"])
settings.DATABASES["default"]["NAME"] = os.environ["TEST_NAME"]
from django.db import connections
connections["default"].settings_dict["NAME"] = os.environ["TEST_NAME"]
from maehia.intake.actions import apply
def slowly(say):
    time.sleep(1)  # words are told twice a second at most
    say("เชื่อมโยงบุคคล")
    time.sleep(120)
apply.run_linkage = slowly
from maehia.kit import worker
worker.run()
"""


@pytest.mark.slow
class Killed(ConcurrentIntake):
    def test_a_worker_killed_in_the_middle_of_an_apply_leaves_nothing_and_the_job_is_done_again(self):
        self.send(self.people_file())
        worker.run(until_empty=True)
        self.client.post(reverse("intake:apply", args=[self.delivery().pk]))
        self.kill_in_the_middle()
        with self.acting():
            assert not PersonRecord.objects.exists()
        assert self.delivery().state == "previewed"
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        assert jobs.revive_stalled() == 1
        worker.run(until_empty=True)
        assert Delivery.objects.get().state == "committed"
        with self.acting():
            assert PersonRecord.objects.current().count() == 3

    def kill_in_the_middle(self):
        """SIGKILL while the rows are written and the people are being linked."""
        environment = {
            **os.environ, "TEST_NAME": connections["default"].settings_dict["NAME"], "MAEHIA_DB_ROLE": "worker",
            "TEST_KEYS": str(settings.KEYS_DIR), "TEST_FILES": str(settings.FILES_DIR),
        }  # fmt: skip
        process = subprocess.Popen([sys.executable, "-c", SLOW], env=environment, cwd=settings.BASE_DIR)
        until = time.monotonic() + 90
        try:
            while Job.objects.get(name="intake.apply").words != "เชื่อมโยงบุคคล":
                assert time.monotonic() < until, "the worker did not come so far"
                assert process.poll() is None, "the worker ended by itself"
                time.sleep(0.2)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

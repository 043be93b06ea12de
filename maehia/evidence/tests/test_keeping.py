"""Files go when their time is over: plain copies of killed processes, unknown stored files, lists past their days."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from maehia.cli import doctor, schema
from maehia.evidence import jobs
from maehia.evidence.actions import discard_file, due_files, open_file, receive_file, sweep_files
from maehia.evidence.actions.deliveries import stored_path
from maehia.evidence.models import PersonRecord
from maehia.evidence.tests.cast import MALEE, deliver, make_source, row
from maehia.kit import clock
from maehia.kit.crypto import FileKeyDropped
from maehia.kit.testing import NOW, AppTestCase

MAY = date(2026, 5, 1)


def ended_pid():
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    return child.pid


class KeepingCase(AppTestCase):
    @pytest.fixture(autouse=True)
    def own_folder(self, settings, tmp_path, monkeypatch):
        settings.FILES_DIR, self.folder = tmp_path / "files", tmp_path
        monkeypatch.setattr(schema, "is_empty", lambda: False)
        monkeypatch.setattr(schema, "pending", lambda: [])

    def setUp(self):
        with self.acting():
            self.source = make_source("vhv", retention_days=365)

    def receive(self, name="list.csv"):
        path = self.folder / name
        path.write_text(f"ชื่อ\nมาลี สุขใจดี (ข้อมูลสมมติ) {name}\n", encoding="utf-8")
        with self.acting():
            return receive_file(self.source, path, name, MAY)

    def leave(self, where, age_hours, name="list.csv"):
        """A file as a killed process leaves it."""
        where.mkdir(parents=True, exist_ok=True)
        (where / name).write_text("มาลี", encoding="utf-8")
        then = NOW.timestamp() - age_hours * 3600
        for path in (where / name, where):
            os.utime(path, (then, then))
        return where


class SweepTests(KeepingCase):
    def plain(self):
        return self.folder / "files" / "tmp"

    def test_the_copy_of_a_process_that_is_gone_goes_at_once(self):
        left = self.leave(self.plain() / f"{ended_pid()}-abc", 0)
        assert sweep_files() == 1
        assert not left.exists()

    def test_a_copy_in_use_stays_until_no_work_takes_so_long(self):
        young = self.leave(self.plain() / f"{os.getpid()}-abc", 5)
        old = self.leave(self.plain() / f"{os.getpid()}-def", 7)
        sweep_files()
        assert (young.exists(), old.exists()) == (True, False)

    def test_an_open_file_survives_a_sweep(self):
        delivery = self.receive()
        with self.acting(), open_file(delivery) as path:
            assert Path(path).parent.name.startswith(f"{os.getpid()}-")
            assert sweep_files() == 0
            assert path.exists()
        assert list(self.plain().iterdir()) == []

    def test_a_stored_file_that_no_delivery_knows_goes_when_it_is_old(self):
        known = stored_path(self.receive().stored_as)
        then = NOW.timestamp() - 7 * 3600
        os.utime(known, (then, then))
        self.leave(known.parent, 7, "orphan.mhf")
        self.leave(known.parent, 1, "young.mhf")
        assert sweep_files() == 1
        assert sorted(p.name for p in known.parent.iterdir()) == sorted([known.name, "young.mhf"])

    def test_the_file_of_a_living_delivery_is_never_discarded(self):
        delivery = self.receive()
        assert not discard_file(delivery.stored_as)
        assert stored_path(delivery.stored_as).exists()


class RetentionTests(KeepingCase):
    def close(self, delivery, state="committed"):
        delivery.state = state
        delivery.save()
        return delivery

    def later(self, days):
        return clock.at(NOW + timedelta(days=days))

    def test_a_file_goes_on_the_day_after_its_last_and_its_records_stay(self):
        with self.acting():
            deliver(self.source, MAY, [row("vhv:1", MALEE)])
        delivery = self.close(self.receive())
        with self.later(365):
            assert jobs.keep_no_longer() == 0
        with self.later(366):
            assert [d.pk for d in due_files()] == [delivery.pk]
            assert jobs.keep_no_longer() == 1
            assert jobs.keep_no_longer() == 0
        with self.acting(), pytest.raises(FileKeyDropped), open_file(delivery):
            pass
        with self.acting():
            assert PersonRecord.objects.get().first_name == "มาลี"

    def test_refused_and_withdrawn_files_go_too_and_open_ones_wait(self):
        for state in ("refused", "withdrawn", "previewed"):
            self.close(self.receive(f"{state}.csv"), state)
        assert {d.state for d in due_files(NOW.date() + timedelta(days=400))} == {"refused", "withdrawn"}

    def test_a_list_without_days_is_kept(self):
        self.close(self.receive())
        self.source.retention_days = None
        self.source.save()
        assert due_files(date(2099, 1, 1)) == []

    def test_the_doctor_says_what_will_go(self):
        delivery = self.close(self.receive())
        with self.later(350):
            [finding] = doctor.kept_files()
            assert (finding.level, f"vhv #{delivery.pk}" in finding.th) == ("good", True)
        with self.later(400):
            [finding] = doctor.kept_files()
            assert (finding.level, "worker" in finding.fix) == ("warn", True)

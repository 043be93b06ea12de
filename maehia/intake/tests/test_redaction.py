"""Redaction leaves nothing of a person: records, history of corrections, samples, problems, every month's file."""

import os
import time
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.apps import apps

from maehia.evidence.actions import open_file, receive_file, redact, replay_redactions
from maehia.evidence.actions.deliveries import sweep
from maehia.evidence.models import Correction, PersonRecord
from maehia.evidence.tests.cast import BOONMA, MALEE, deliver, make_source, row
from maehia.intake.models import ChangeSample, ProblemRow
from maehia.kit.acting import acting
from maehia.kit.crypto import FileKeyDropped
from maehia.kit.testing import NOW, AppTestCase

MAY = date(2026, 5, 1)
GROUND = "เจ้าของข้อมูลใช้สิทธิขอลบตามมาตรา 33"


class RedactionTests(AppTestCase):
    def setUp(self):
        self.key = uuid4()
        with self.acting("system.demo"):
            self.source = make_source("vhv")
            self.committed = deliver(self.source, MAY, [row("vhv:1", MALEE), row("vhv:2", BOONMA)])
            ChangeSample.objects.create(delivery=self.committed, kind="person", body='{"added": ["มาลี สุขใจดี"]}')
            ProblemRow.objects.create(
                delivery=self.committed, code="bad_phone", what="เบอร์ไม่ครบ", severity="warning", value="08…"
            )
            fix = Correction.objects.create(
                kind="person", key=self.key, field="phone", value="0812345678", by="user:x", at=NOW, why="โทรถามมาลีแล้ว"
            )
            fix.undone_at, fix.undone_why = NOW + timedelta(days=1), "มาลีเปลี่ยนเบอร์"
            fix.save()

    def erase(self):
        with acting("system:dpo", "system.redact"):
            redact(["vhv:1"], ground=GROUND, keys=[str(self.key)])

    def test_the_record_is_blank_and_the_neighbour_stays(self):
        self.erase()
        with self.acting("system.demo"):
            gone, kept = PersonRecord.objects.get(ref="vhv:1"), PersonRecord.objects.get(ref="vhv:2")
        assert not any(getattr(gone, n) for n in ("first_name", "last_name", "national_id", "phone", "birth", "moo"))
        assert (gone.id_index, gone.phone_index) == (None, None)
        assert kept.first_name == "บุญมา"

    def test_no_correction_stays_in_its_history_either(self):
        self.erase()
        with self.acting("system.demo"):
            for model in (Correction, apps.get_model("evidence", "CorrectionEvent")):
                rows = list(model._default_manager.filter(key=self.key))
                assert rows
                assert {(r.value, r.why, r.undone_why) for r in rows} == {(None, "", "")}, model

    def test_samples_and_values_of_problems_are_gone(self):
        self.erase()
        with self.acting("system.demo"):
            assert not ChangeSample.objects.exists()
            assert ProblemRow.objects.get().value == ""

    def test_a_file_in_which_her_row_did_not_change_is_gone_too(self):
        path = self.folder() / "june.csv"
        path.write_text("ชื่อ\nมาลี สุขใจดี (ข้อมูลสมมติ)\n", encoding="utf-8")
        with self.acting("system.demo"):
            later = receive_file(self.source, path, path.name, date(2026, 6, 1))
        self.erase()
        with pytest.raises(FileKeyDropped), open_file(later):
            pass

    def test_plain_files_of_a_killed_process_are_swept(self):
        folder = self.folder()
        old = time.time() - 2 * 24 * 3600
        (folder / "dead").mkdir()
        for name in ("dead/civil.csv", "upload", "fresh"):
            (folder / name).write_text("มาลี", encoding="utf-8")
        for name in ("dead", "upload"):
            os.utime(folder / name, (old, old))
        sweep(folder)
        assert [path.name for path in folder.iterdir()] == ["fresh"]

    def test_replaying_the_journal_erases_again(self):
        self.erase()
        with self.acting("system.demo"):
            ChangeSample.objects.create(delivery=self.committed, kind="person", body='{"added": ["มาลี สุขใจดี"]}')
        with acting("system:restore", "system.redact"):
            assert replay_redactions() == 1
        with self.acting("system.demo"):
            assert not ChangeSample.objects.exists()

    def folder(self):
        import tempfile
        from pathlib import Path

        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Path(folder.name)

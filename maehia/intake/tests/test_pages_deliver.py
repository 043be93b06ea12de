"""Sending a file: what is taken, what is refused with a sentence, what the file itself tells."""

from datetime import date
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from maehia.evidence.actions import enter_leave
from maehia.evidence.models import Delivery
from maehia.intake.tests.cast import AS_OF, IntakeCase
from maehia.kit.jobs import Job


class Sending(IntakeCase):
    def errors(self, answer, field):
        assert answer.status_code == 200
        return " ".join(answer.context["form"].errors.get(field, []))

    def test_a_file_becomes_a_delivery_that_is_being_read(self):
        answer = self.send(self.people_file())
        found = self.delivery()
        assert answer.url == reverse("intake:delivery", args=[found.pk])
        assert (found.state, found.as_of, found.received_by) == ("received", AS_OF, self.kanda.actor)
        page = self.client.get(answer.url)
        assert page.context["job"].running
        assert f'hx-get="/staff/intake/deliveries/{found.pk}/progress/"' in page.content.decode()

    def test_the_day_is_read_from_the_title_rows(self):
        self.send(self.people_file(day="๓๐ กันยายน ๒๕๖๙"), as_of=None)
        assert self.delivery().as_of == date(2026, 9, 30)

    def test_a_file_that_tells_no_day_asks_for_it(self):
        plain = self.folder / "plain.csv"
        plain.write_text("ชื่อ,นามสกุล\nสมชาย,ใจดี\n", encoding="utf-8")
        assert "ไม่พบวันที่ของบัญชี" in self.errors(self.send(plain, as_of=None), "as_of")
        assert not Delivery.objects.exists()

    def test_a_day_to_come_is_refused(self):
        assert "อนาคต" in self.errors(self.send(self.people_file(), as_of=date(2027, 1, 1)), "as_of")

    def test_picking_a_file_fills_the_day_before_anything_is_kept(self):
        upload = SimpleUploadedFile("vhv.xlsx", self.people_file().read_bytes())
        answer = self.client.post(reverse("intake:deliver-day"), {"file": upload})
        assert 'value="2569"' in answer.content.decode()
        assert "อ่านจากหัวตาราง" in answer.content.decode()
        assert not Delivery.objects.exists()

    def test_picking_a_broken_file_leaves_the_day_empty(self):
        upload = SimpleUploadedFile("vhv.xlsx", b"PK\x03\x04 broken")
        answer = self.client.post(reverse("intake:deliver-day"), {"file": upload})
        assert answer.status_code == 200
        assert "ไม่พบวันที่ในหัวตาราง" in answer.content.decode()

    def test_the_same_file_twice_is_refused_politely(self):
        path = self.people_file()
        self.send(path)
        told = self.errors(self.send(path), "file")
        assert f"รายการที่ {self.delivery().pk}" in told
        assert "ไม่ต้องส่งซ้ำ" in told
        assert Delivery.objects.count() == 1

    def test_two_clicks_are_one_delivery(self):
        path = self.people_file()
        first = self.send(path, idempotency_key="one-click-only")
        second = self.send(path, idempotency_key="one-click-only")
        assert first.url == second.url
        assert (Delivery.objects.count(), Job.objects.count()) == (1, 1)

    def test_a_locked_list_takes_no_file(self):
        told = self.errors(self.send(self.people_file(), "civil"), "source")
        assert "ยังไม่มีหนังสืออนุญาต" in told
        assert not Delivery.objects.exists()

    def test_the_written_leave_opens_it(self):
        with self.acting():
            enter_leave(self.civil, document_no="สมมติ 1", issued_on=AS_OF, issued_by="ผู้ออกหนังสือ (สมมติ)")
        assert self.send(self.people_file(), "civil").status_code == 302

    def test_a_full_disk_is_told_and_leaves_nothing(self):
        with mock.patch("maehia.evidence.actions.deliveries.encrypt_file", side_effect=OSError(28, "No space left")):
            told = self.errors(self.send(self.people_file()), "file")
        assert "เพิ่มพื้นที่ว่าง" in told
        assert not Delivery.objects.exists()
        assert not Job.objects.exists()
        assert list((self.folder / "files").rglob("*.mhf")) == []

    def test_a_file_over_the_limit_is_refused_with_the_way_out(self):
        with mock.patch("maehia.intake.forms.MAX_BYTES", 100):
            assert "maehia intake" in self.errors(self.send(self.people_file()), "file")

    def test_who_may_not_send_does_not_send(self):
        self.log_in("nok")
        assert self.send(self.people_file()).status_code == 403

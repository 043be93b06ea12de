from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from maehia.base import ProblemError
from maehia.evidence import rules
from maehia.evidence.actions import Batch, commit_delivery, withdraw_delivery
from maehia.evidence.actions.deliveries import open_internal
from maehia.evidence.models import PersonRecord
from maehia.evidence.queries import digests
from maehia.evidence.tests.cast import BOONMA, JAIDEE, MALEE, MALEE_ID, deliver, make_source, row
from maehia.kit import clock
from maehia.kit.acting import NoPurpose
from maehia.kit.testing import NOW, AppTestCase

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


class EvidenceCase(AppTestCase):
    def setUp(self):
        context = self.acting()
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.vhv = make_source("vhv")


class CommitTests(EvidenceCase):
    def test_the_first_delivery_is_all_new(self):
        delivery = deliver(self.vhv, MAY, [row("vhv:1", MALEE), row("vhv:2", BOONMA)])
        assert delivery.counts["applied"]["by_kind"]["person"] == {
            "new": 2,
            "changed": 0,
            "gone": 0,
            "same": 0,
        }
        assert delivery.state == "committed"

    def test_next_months_file_shows_only_what_changed(self):
        deliver(self.vhv, MAY, [row("vhv:1", MALEE), row("vhv:2", BOONMA)])
        later = deliver(self.vhv, JUNE, [row("vhv:1", {**MALEE, "phone": "0899999999"}), row("vhv:3", JAIDEE)])
        assert later.counts["applied"]["by_kind"]["person"] == {"new": 1, "changed": 1, "gone": 1, "same": 0}
        assert set(PersonRecord.objects.current().values_list("ref", flat=True)) == {"vhv:1", "vhv:3"}

    def test_an_unchanged_row_keeps_its_record(self):
        deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        before = PersonRecord.objects.get()
        deliver(self.vhv, JUNE, [row("vhv:1", MALEE)])
        assert PersonRecord.objects.get().pk == before.pk

    def test_an_addition_never_ends_what_it_does_not_name(self):
        self.vhv.coverage = "additions"
        self.vhv.save()
        deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        deliver(self.vhv, JUNE, [row("vhv:2", BOONMA)])
        assert PersonRecord.objects.current().count() == 2

    def test_a_copy_of_the_table_does_not_tell_a_phone_by_trying_them_all(self):
        """Everything but the ID and the phone stands plain: an unkeyed digest would confirm a guess."""
        deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        kept = PersonRecord.objects.get()
        guess = {name: MALEE.get(name) for name in PersonRecord.VALUES}
        assert bytes(kept.digest) != rules.digest(guess)
        assert bytes(kept.digest) == digests(PersonRecord, [{"ref": "vhv:1", **MALEE}])["vhv:1"]

    def test_the_national_id_is_not_readable_in_the_table(self):
        deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT national_id::bytea, r::text FROM evidence_personrecord r")
            cell, whole = cursor.fetchone()
        assert MALEE_ID.encode() not in bytes(cell)
        assert MALEE_ID not in whole
        assert PersonRecord.objects.get().national_id == MALEE_ID

    def test_what_a_record_says_is_never_changed(self):
        deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            PersonRecord.objects.update(first_name="อื่น")
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            PersonRecord.objects.all().delete()

    def test_a_delivery_is_committed_once(self):
        delivery = deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        with pytest.raises(ProblemError) as caught:
            commit_delivery(delivery, [])
        assert caught.value.problem.code == "already_committed"

    def test_an_older_list_is_refused_after_a_newer_one(self):
        deliver(self.vhv, JUNE, [row("vhv:1", MALEE)])
        with pytest.raises(ProblemError) as caught:
            deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        assert caught.value.problem.code == "older_than_latest"

    def test_the_same_ref_twice_applies_nothing(self):
        delivery = open_internal("vhv", "x.xlsx", MAY)
        with pytest.raises(ProblemError) as caught:
            commit_delivery(delivery, [Batch("person", [row("vhv:1", MALEE), row("vhv:1", BOONMA)])])
        assert caught.value.problem.code == "repeated_ref"
        assert not PersonRecord.objects.exists()

    def test_a_locked_source_waits_for_its_leave(self):
        from maehia.evidence.actions import enter_leave, revoke_leave

        civil = make_source("civil", needs_leave=True)
        with pytest.raises(ProblemError) as caught:
            deliver(civil, MAY, [row("civil:1", MALEE)])
        assert caught.value.problem.code == "source_locked"
        leave = enter_leave(civil, document_no="มท 0309/1", issued_on=MAY, issued_by="กรมการปกครอง (สมมติ)")
        assert deliver(civil, MAY, [row("civil:1", MALEE)]).state == "committed"
        revoke_leave(leave, JUNE)
        assert civil.is_locked


class WithdrawTests(EvidenceCase):
    def test_withdrawal_returns_everything(self):
        deliver(self.vhv, MAY, [row("vhv:1", MALEE), row("vhv:2", BOONMA)])
        before = list(PersonRecord.objects.current().order_by("ref").values_list("pk", "ref"))
        later = deliver(self.vhv, JUNE, [row("vhv:1", {**MALEE, "moo": 9}), row("vhv:3", JAIDEE)])
        withdraw_delivery(later, "ส่งผิดไฟล์")
        assert list(PersonRecord.objects.current().order_by("ref").values_list("pk", "ref")) == before

    def test_only_the_newest_can_be_withdrawn(self):
        first = deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        with clock.at(NOW + timedelta(minutes=1)):
            deliver(self.vhv, JUNE, [row("vhv:1", BOONMA)])
        with pytest.raises(ProblemError) as caught:
            withdraw_delivery(first, "ส่งผิดไฟล์")
        assert caught.value.problem.code == "not_newest"

    def test_a_withdrawal_needs_a_reason(self):
        delivery = deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        with pytest.raises(ProblemError) as caught:
            withdraw_delivery(delivery, " ")
        assert caught.value.problem.code == "why_missing"

    def test_the_same_list_can_come_again_after_withdrawal(self):
        delivery = deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        withdraw_delivery(delivery, "ส่งผิดไฟล์")
        again = deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        assert again.counts["applied"]["new"] == 1


class TwoTimesTests(EvidenceCase):
    def test_as_it_was_on_a_day_as_known_on_another(self):
        with clock.at(NOW - timedelta(days=100)):
            deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        with clock.at(NOW - timedelta(days=50)):
            deliver(self.vhv, JUNE, [row("vhv:1", {**MALEE, "moo": 9})])

        def moo(valid, days_ago):
            held = PersonRecord.objects.as_of(valid, NOW - timedelta(days=days_ago)).order_by("-valid_from").first()
            return held.moo if held else None

        assert moo(date(2026, 5, 15), 0) == 5  # in May she lived in moo 5
        assert moo(date(2026, 6, 15), 0) == 9  # in June in moo 9
        assert moo(date(2026, 6, 15), 60) == 5  # but sixty days ago nobody had told us
        assert moo(date(2026, 6, 15), 101) is None
        assert moo(date(2026, 4, 1), 0) is None

    def test_a_withdrawn_delivery_is_still_what_was_known_then(self):
        with clock.at(NOW - timedelta(days=10)):
            delivery = deliver(self.vhv, MAY, [row("vhv:1", MALEE)])
        withdraw_delivery(delivery, "ส่งผิดไฟล์")
        assert PersonRecord.objects.as_of(JUNE, NOW - timedelta(days=5)).count() == 1
        assert PersonRecord.objects.as_of(JUNE, NOW).count() == 0


class WithoutPurposeTests(AppTestCase):
    def test_records_cannot_be_read_without_a_purpose(self):
        with pytest.raises(NoPurpose):
            PersonRecord.objects.count()

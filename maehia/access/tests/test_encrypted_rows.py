"""Encrypted cells through the whole of Django: save, bulk, update, defer, history and search by blind index."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from maehia.access.models import Alert, BreakGlass
from maehia.kit.crypto import CannotDecrypt, encrypt
from maehia.kit.testing import NOW, AppTestCase

SECRET = "นายกมล ใจดี เลข 1234567890121"


def glass(**changes):
    values = {
        "actor": "system:test", "ground": "s24-2", "purpose": "break_glass", "reason": SECRET, "person_key": uuid4(),
        "keys_count": 1, "grant": uuid4(), "opened_at": NOW, "expires_at": NOW + timedelta(hours=1), "review_due": NOW,
    }  # fmt: skip
    return BreakGlass(**values | changes)


class Rows(AppTestCase):
    @pytest.fixture(autouse=True)
    def context(self, db):
        with self.acting():
            yield

    def raw(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT reason, review_note FROM access_breakglass ORDER BY opened_at, id")
            return cursor.fetchall()

    def test_a_save_encrypts_and_a_read_decrypts(self):
        row = glass()
        row.save()
        assert BreakGlass.objects.get().reason == SECRET
        assert SECRET.encode() not in bytes(self.raw()[0][0])
        assert row.reason == SECRET

    def test_rows_in_bulk(self):
        BreakGlass.objects.bulk_create(
            [glass(reason=f"เหตุ {n}", opened_at=NOW + timedelta(seconds=n)) for n in range(50)]
        )
        assert [row.reason for row in BreakGlass.objects.order_by("opened_at")] == [f"เหตุ {n}" for n in range(50)]

    def test_an_update_and_a_bulk_update(self):
        glass().save()
        BreakGlass.objects.update(reason="ใหม่", review_note="หมายเหตุ")
        row = BreakGlass.objects.get()
        assert (row.reason, row.review_note) == ("ใหม่", "หมายเหตุ")
        row.reason = "ใหม่กว่า"
        BreakGlass.objects.bulk_update([row], ["reason"])
        assert BreakGlass.objects.get().reason == "ใหม่กว่า"

    def test_nothing_stays_nothing(self):
        glass().save()
        assert BreakGlass.objects.get().review_note is None
        assert self.raw()[0][1] is None
        assert BreakGlass.objects.filter(review_note__isnull=True).count() == 1
        assert Alert().note is None

    def test_an_empty_text_is_a_text(self):
        glass(reason="").save()
        assert BreakGlass.objects.get().reason == ""

    def test_a_deferred_cell_is_read_when_it_is_asked_for(self):
        glass().save()
        row = BreakGlass.objects.defer("reason").get()
        assert row.reason == SECRET

    def test_values_come_decrypted(self):
        glass().save()
        assert list(BreakGlass.objects.values_list("reason", flat=True)) == [SECRET]

    def test_it_cannot_be_searched_by_its_text(self):
        for lookup in ("reason", "reason__contains", "reason__in"):
            with pytest.raises(TypeError, match="blind index"):
                list(BreakGlass.objects.filter(**{lookup: SECRET}))

    def test_a_cell_moved_to_another_column_is_noticed(self):
        glass().save()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE access_breakglass SET review_note = reason")
        with pytest.raises(CannotDecrypt):
            BreakGlass.objects.get()

    def test_a_cell_that_is_encrypted_already_is_kept(self):
        cell = encrypt(SECRET, "access_breakglass.reason")
        glass(reason=cell).save()
        assert bytes(self.raw()[0][0]) == cell
        assert BreakGlass.objects.get().reason == SECRET

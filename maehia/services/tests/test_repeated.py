"""ร้องซ้ำ, the export, and the figures of hints and of what tonight erases."""

import csv
import io
import tracemalloc
from datetime import timedelta
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.contrib.gis.geos import Point
from django.test import AsyncClient

from maehia.city.models import Asset
from maehia.city.tests.cast import text_of
from maehia.kit.recorders import assert_queries
from maehia.kit.testing import NOW
from maehia.services.models import Case, CaseDetail
from maehia.services.queries.repeated import places
from maehia.services.tests.desk_cast import HallCase, lay

YEAR = NOW - timedelta(days=365)
EAST = 0.0001  # some ten metres


class Repeated(HallCase):
    def spots(self, least=3, since=YEAR):
        with self.acting("services.desk"):
            return places(since, least=least, metres=25)

    def at(self, lon, **more):
        case = lay(**more)
        CaseDetail.objects.filter(pk=case.pk).update(point=Point(lon, 18.744, srid=4326), address="หน้าวัด")
        return case

    def test_three_reports_of_one_lamp_in_a_year(self):
        lamp = uuid4()
        with self.acting():
            Asset.objects.create(key=lamp, code="L-17", asset_kind="ไฟถนน", name="ไฟหน้าวัด")
            for days in (1, 100, 300):
                lay(asset_key=lamp, received_at=NOW - timedelta(days=days))
            lay(asset_key=lamp, received_at=NOW - timedelta(days=400))
        (spot,) = self.spots()
        assert (spot.label, len(spot.cases), spot.open_now) == ("ไฟหน้าวัด", 3, 3)
        assert self.spots(least=4) == []
        assert len(self.spots(least=4, since=NOW - timedelta(days=500))) == 1

    def test_three_reports_within_some_metres_are_one_place(self):
        with self.acting():
            for n in range(3):
                self.at(98.951 + n * EAST)
            self.at(98.96)
            self.at(98.951, service="smoke")
        (spot,) = self.spots()
        assert (spot.label, len(spot.cases)) == ("หน้าวัด", 3)

    def test_one_event_told_three_times_is_no_repetition(self):
        with self.acting():
            self.at(98.951)
            for _ in range(3):
                self.at(98.951, state="duplicate", state_type="closed")
        assert self.spots() == []

    def test_the_page_changes_with_one_row(self):
        with self.acting():
            cases = [self.at(98.951 + n * EAST) for n in range(3)]
        self.enter(self.works)
        assert "1 จุด รวม 3 เรื่อง" in text_of(self.page("/staff/cases/repeated/"))
        with self.acting():
            Case.objects.filter(pk=cases[0].pk).update(state="cancelled", state_type="closed")
        page = self.page("/staff/cases/repeated/")
        assert "0 จุด" in text_of(page)
        assert "1 จุด รวม 2 เรื่อง" in text_of(self.page("/staff/cases/repeated/", least=2))


class Export(HallCase):
    def rows(self, **query):
        answer = self.client.get("/staff/cases/export/cases.csv", query)
        assert answer.status_code == 200
        return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    def test_as_many_rows_out_as_there_are_in(self):
        with self.acting():
            for _ in range(7):
                lay()
            lay(service="staff_conduct")
            lay(state="moderated", state_type="hidden")
        self.enter(self.data)
        assert len(self.rows()) == 1 + 7
        assert "ไฟล์จะมี 7 เรื่อง" in text_of(self.page("/staff/cases/export/"))

    def test_no_words_contact_or_exact_point_leave_the_house(self):
        with self.acting():
            lay("ลับเฉพาะของฉัน")
        self.enter(self.data)
        assert "ลับเฉพาะ" not in str(self.rows())
        assert "98.951" not in str(self.rows())

    def test_a_name_that_is_a_formula_stays_a_text(self):
        with self.acting():
            case = lay()
            type(case.service).objects.filter(pk="street_light").update(name_th='=HYPERLINK("http://x")')
        self.enter(self.data)
        assert "'=HYPERLINK" in self.rows()[1][3]

    def test_a_span_of_days_narrows_it(self):
        with self.acting():
            lay(received_at=NOW - timedelta(days=40))
            lay()
        self.enter(self.data)
        november = {"first_day": "1", "first_month": "11", "first_year": "2569"}
        assert len(self.rows(**november)) == 2

    def test_the_server_hands_it_out_piece_by_piece(self):
        with self.acting():
            for _ in range(3):
                lay()
        self.enter(self.data)

        async def ask():
            client = AsyncClient()
            client.cookies = self.client.cookies
            answer = await client.get("/staff/cases/export/cases.csv")
            assert answer.is_async
            return [piece async for piece in answer.streaming_content]

        pieces = async_to_sync(ask)()
        assert len(pieces) == 2  # the head, then the rows
        assert b"".join(pieces).count(b"\r\n") == 4

    @pytest.mark.slow
    def test_memory_stays_flat_and_the_statements_too(self):
        with self.acting():
            first = lay()
            Case.objects.bulk_create(_copies(first, 6000), batch_size=2000)
        self.enter(self.data)
        answer = self.client.get("/staff/cases/export/cases.csv")
        tracemalloc.start()
        count, most = 0, 0
        for piece in answer.streaming_content:
            count += piece.count(b"\r\n")
            most = max(most, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert count == 6002
        assert most < 8 * 2**20
        with assert_queries(20):
            b"".join(self.client.get("/staff/cases/export/cases.csv").streaming_content)


def _copies(first, count):
    values = {f.attname: getattr(first, f.attname) for f in Case._meta.concrete_fields}
    return [Case(**{**values, "id": uuid4(), "number": f"2567-{n:06d}"}) for n in range(count)]


class Figures(HallCase):
    def test_hints_are_measured_by_what_the_cases_became(self):
        with self.acting():
            for final, offered in (("street_light", "street_light"), ("smoke", "street_light")):
                case = lay(service=final)
                CaseDetail.objects.filter(pk=case.pk).update(suggested=[[offered, 0.9]])
            lay()
        self.enter(self.clerk)
        text = text_of(self.page("/staff/cases/suggestions/"))
        assert "50" in text
        assert "ไฟถนนดับ → เป็น ควันและการเผา" in text

    def test_the_preview_names_what_tonight_erases_and_by_which_rule(self):
        old = NOW - timedelta(days=6 * 366)
        with self.acting():
            gone = lay(state="fixed", state_type="fixed", closed_at=old, received_at=old)
            lay(state="fixed", state_type="fixed", closed_at=NOW, received_at=old)
        self.enter(self.clerk)
        text = text_of(self.page("/staff/cases/retention/"))
        assert "คืนนี้ 1 เรื่อง" in text
        assert gone.number in text
        assert "ครบ 5 ปีหลังปิดเรื่อง: ลบข้อมูลบุคคล" in text

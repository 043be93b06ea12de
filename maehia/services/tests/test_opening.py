"""Opening a case: one write for every channel, for people who see nothing but their own case."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maehia.base import ProblemError
from maehia.kit.acting import Scope, acting
from maehia.kit.testing import NOW, ConcurrentTestCase, in_threads
from maehia.message.models import Message
from maehia.services import actions
from maehia.services.models import Case, CaseDetail, CaseEvent, Party
from maehia.services.queries import cases, near, places
from maehia.services.tests.case_cast import (
    AT_LAMP_A,
    AT_LAMP_B,
    DEVICE,
    KAM,
    LAMP_A,
    OTHER_DEVICE,
    OUTSIDE,
    StreetCase,
    build_street,
    dark_lamp,
    publish_rules,
)
from maehia.services.tests.desk_cast import build_town

BUDGET = 10  # statements; idempotency and the limit of calls take three more, and 15 are allowed


class OpeningTests(StreetCase):
    def test_a_dark_lamp_gets_a_number_of_the_year_a_unit_a_moo_and_a_day(self):
        case = self.fresh(self.file())
        assert case.number == "2569-000001"
        assert (case.state, case.state_type, case.unit_id, case.moo) == ("submitted", "open", "works", 5)
        # Wednesday 10:00; three working days are Thursday, Friday, Monday.
        assert case.due_at.astimezone().date() == (NOW + timedelta(days=5)).date()
        assert self.fresh(self.file(by=OTHER_DEVICE)).number == "2569-000002"

    def test_creation_keeps_to_its_budget_of_statements(self):
        self.file()
        with CaptureQueriesContext(connection) as asked:
            actions.file_case(dark_lamp(), by=OTHER_DEVICE)
        asked_for = [q["sql"] for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]]
        # The test's own transaction adds one: it puts the context back, which a commit does by itself.
        assert len(asked_for) - 1 <= BUDGET, "\n".join(sql[:120] for sql in asked_for)

    def test_who_files_sees_that_case_and_no_other(self):
        mine, other = self.file(), self.file(by=OTHER_DEVICE)
        with acting(DEVICE, "services.report", scope=Scope.subject(mine.pk)):
            assert list(CaseDetail.objects.values_list("pk", flat=True)) == [mine.pk]
            assert not Party.objects.filter(case_id=other.pk).exists()

    def test_a_visitor_sees_the_published_row_and_neither_words_nor_people(self):
        self.file()
        with acting("system:public", "services.public"):
            row = Case.objects.get()
            assert row.public_text == ""
            assert CaseDetail.objects.count() == Party.objects.count() == 0
            assert CaseEvent.objects.count() == 1

    def test_a_complaint_about_staff_is_sealed_from_public_and_from_the_desk(self):
        case = self.file(service="staff_conduct", description="พูดจาไม่ดี", asset_key=None)
        assert case.is_confidential
        for purpose in ("services.public", "services.desk"):
            with acting("user:x", purpose):
                assert not Case.objects.exists()
                assert not CaseDetail.objects.exists()
                assert not CaseEvent.objects.exists()
        with acting("user:x", "services.confidential"):
            assert Case.objects.count() == CaseDetail.objects.count() == 1

    def test_the_secret_opens_the_case_and_a_wrong_one_opens_nothing(self):
        opened = actions.file_case(dark_lamp(), by=DEVICE)
        assert cases.by_secret(opened.secret) == opened.case.pk
        for wrong in ("", opened.secret[:-1], opened.secret + "x", "ก" * 22, "x" * 5000):
            assert cases.by_secret(wrong) is None

    def test_the_reporter_is_told_with_number_day_and_link(self):
        case = self.file()
        with self.acting():
            message = Message.objects.get(about=case.pk)
        assert case.number in message.body
        assert actions.secret_of(case.pk) in message.body

    def test_nobody_is_told_who_left_no_address(self):
        case = self.file(contact=actions.Contact())
        with self.acting():
            assert not Party.objects.filter(case_id=case.pk).exists()
            assert not Message.objects.exists()

    def test_a_phone_is_kept_as_digits_and_found_by_its_index(self):
        case = self.file(contact=actions.Contact(phone="๐๘๑-๐๐๐ ๐๐๐๑"))
        other = self.file(by=OTHER_DEVICE, contact=KAM)
        with self.acting():
            first, second = (Party.objects.get(case_id=c.pk) for c in (case, other))
        assert first.phone == "0810000001"
        assert bytes(first.phone_index) == bytes(second.phone_index)

    def test_the_same_case_of_another_system_comes_once(self):
        first = self.file(origin="traffy", origin_id="2026-ABC")
        with acting("system:peer", "services.peer"):
            again = actions.open_case(dark_lamp(origin="traffy", origin_id="2026-ABC"), by="system:peer")
        assert again.again
        assert again.case.pk == first.pk


class RefusedTests(StreetCase):
    def refused(self, **more) -> ProblemError:
        with pytest.raises(ProblemError) as caught:
            self.file(**more)
        return caught.value

    def test_a_pin_outside_the_town_is_told_who_is_responsible(self):
        problem = self.refused(point=OUTSIDE, asset_key=None).problem
        assert problem.code == "outside_town"
        assert "อบต.ข้างเคียง" in problem.fix

    def test_a_pin_in_no_known_neighbour_is_sent_to_the_centre(self):
        assert "1567" in self.refused(point=(100.5, 13.7), asset_key=None).problem.fix

    def test_bad_points_words_too_long_and_unknown_services_are_refused(self):
        assert self.refused(point=(float("nan"), 18.7)).problem.code == "bad_point"
        assert self.refused(point=(18.7, 98.9)).problem.code == "bad_point"
        assert self.refused(description="ก" * 4001).problem.code == "text_too_long"
        assert self.refused(service="teleport").problem.code == "unknown_service"
        assert self.refused(point=None, asset_key=None, address=" ").problem.code == "no_place"
        with self.acting():
            assert not Case.objects.exists()

    def test_a_line_end_of_windows_counts_as_one_letter(self):
        assert self.file(description="\r\n".join(["ก"] * 2000) + "ก").pk


class RoutingTests(StreetCase):
    def test_the_first_fitting_rule_decides_and_the_trace_says_why(self):
        publish_rules(
            {"key": "ยามค่ำ", "unit": "health", "conditions": [{"fact": "hour", "operator": "at_least", "value": 18}]},
            {"key": "ไฟหมู่ 5", "unit": "clerk", "conditions": [{"fact": "moo", "operator": "in", "value": [5, 6]}]},
        )
        case = self.file()
        with self.acting():
            trace = CaseDetail.objects.get(pk=case.pk).trace
        assert case.unit_id == "clerk"
        assert trace == [
            {"rule": "ยามค่ำ", "fitted": False, "values": {"hour": 10}, "failed": ["hour", "at_least", 18]},
            {"rule": "ไฟหมู่ 5", "fitted": True, "values": {"moo": 5}, "failed": None},
        ]

    def test_without_a_fitting_rule_the_unit_of_the_service_gets_it(self):
        publish_rules({"key": "หมู่ 1", "unit": "clerk", "conditions": [{"fact": "moo", "operator": "is", "value": 1}]})
        assert self.file().unit_id == "works"

    def test_the_words_of_the_citizen_do_not_stand_in_the_trace(self):
        has_word = {"fact": "text", "operator": "has", "value": "ดับ"}
        publish_rules({"key": "คำ", "unit": "clerk", "conditions": [has_word]})
        case = self.file()
        with self.acting():
            assert CaseDetail.objects.get(pk=case.pk).trace[0]["values"] == {}


class NearTests(StreetCase):
    def test_a_pin_is_snapped_to_the_lamp_within_thirty_metres(self):
        with self.acting():
            found = near.snap(AT_LAMP_A[0] + 0.0001, AT_LAMP_A[1], ["ไฟถนน"])
            assert (found.key, found.code) == (LAMP_A, "L-001")
            assert 9 < found.metres < 12
            assert near.snap(98.9600, 18.7500, ["ไฟถนน"]) is None
            assert near.snap(*AT_LAMP_A, ["ท่อประปา"]) is None

    def test_another_report_of_the_same_lamp_is_offered_and_the_neighbouring_lamp_is_not(self):
        first = self.file()
        with acting("system:public", "services.public"):
            same = near.candidates("street_light", AT_LAMP_A, asset_key=LAMP_A, radius_m=50)
            other = near.candidates("street_light", AT_LAMP_B, asset_key=uuid.UUID(int=102), radius_m=50)
        assert [(c.number, c.same_asset) for c in same] == [(first.number, True)]
        assert other == []

    def test_a_sealed_case_is_never_offered(self):
        self.file(service="staff_conduct", description="พูดจาไม่ดี", asset_key=None)
        with acting("system:public", "services.public"):
            assert near.candidates("staff_conduct", AT_LAMP_A, radius_m=500, text="พูดจาไม่ดี") == []

    def test_where_tells_moo_town_and_neighbour(self):
        with self.acting():
            assert places.where(*AT_LAMP_A) == places.Where(True, 5, "")
            assert places.where(*OUTSIDE) == places.Where(False, None, "อบต.ข้างเคียง (สมมติ)")


class FloodHourTests(ConcurrentTestCase):
    def test_eight_at_once_get_eight_numbers_without_a_gap(self):
        with self.acting():
            build_town()
            build_street()
        made = in_threads(8, lambda n: actions.file_case(dark_lamp(), by=f"device:{uuid.UUID(int=n)}").case.number)
        assert sorted(made) == [f"2569-{n:06d}" for n in range(1, 9)]

    def test_one_foreign_case_delivered_eight_times_at_once_is_one_case(self):
        with self.acting():
            build_town()
            build_street()

        def deliver(_):
            with acting("system:peer", "services.peer"):
                return actions.open_case(dark_lamp(origin="traffy", origin_id="T-1"), by="system:peer").case.number

        made = in_threads(8, deliver)
        numbers = {m for m in made if isinstance(m, str)}
        refusals = {e.problem.code for e in made if isinstance(e, ProblemError)}
        assert len(numbers) == 1
        assert refusals <= {"twice"}
        with self.acting():
            assert Case.objects.count() == 1

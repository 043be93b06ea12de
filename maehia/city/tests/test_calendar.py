"""The working calendar in the browser: the effect before the day, one day once, and taken back with a reason."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from maehia.base import ProblemError
from maehia.city import actions
from maehia.city.models import AnnouncedDay
from maehia.city.queries.calendar import days_of_year, effect_of, withdrawn_days, working_calendar
from maehia.city.tests.cast import PageCase, text_of
from maehia.kit.testing import NOW, AppTestCase, ConcurrentTestCase, in_threads

BRIDGE = date(2026, 11, 20)  # a Friday
FATHERS_DAY_OFF = date(2026, 12, 7)  # a Monday, off in place of a Saturday


def announce(day=BRIDGE, name="วันหยุดพิเศษ (ทดสอบ)", **changes):
    values = {"working": False, "announced": date(2026, 11, 10), "source": "มติ ครม. (สมมติ)", "verified": False}
    return actions.announce_day(day, name, by="user:1", **(values | changes))


def code(function, *args, **kw):
    with pytest.raises(ProblemError) as caught:
        function(*args, **kw)
    return caught.value.problem.code


class Days(AppTestCase):
    def test_an_announced_day_is_no_working_day(self):
        assert working_calendar().is_working(BRIDGE)
        announce()
        assert not working_calendar().is_working(BRIDGE)
        assert working_calendar().holiday_name(BRIDGE) == "วันหยุดพิเศษ (ทดสอบ)"

    def test_a_holiday_may_be_worked(self):
        announce(FATHERS_DAY_OFF, "เปิดทำการเพื่อบริการ", working=True)
        assert working_calendar().is_working(FATHERS_DAY_OFF)
        assert [d.working for d in days_of_year(2026) if d.day == FATHERS_DAY_OFF] == [True]

    def test_a_promise_of_the_past_does_not_know_it(self):
        announce()
        assert working_calendar(known_on=date(2026, 11, 9)).is_working(BRIDGE)
        assert not working_calendar(known_on=date(2026, 11, 10)).is_working(BRIDGE)

    def test_the_effect_is_shown_before_anything_is_stored(self):
        effect = effect_of(BRIDGE, working=False)
        assert (effect.open_before, effect.open_after, effect.month_after) == (True, False, effect.month_before - 1)
        assert not AnnouncedDay.objects.exists()

    def test_a_day_that_changes_nothing_is_refused(self):
        assert code(announce, date(2026, 11, 22)) == "day_without_effect"  # a Sunday
        assert code(announce, BRIDGE, working=True) == "day_without_effect"

    def test_a_day_stands_once(self):
        announce()
        assert code(announce) == "day_twice"
        with pytest.raises(IntegrityError), transaction.atomic():
            AnnouncedDay.objects.create(day=BRIDGE, name="ซ้ำ", source="x", added_by="user:1", added_at=NOW)

    def test_name_and_source_are_asked_for(self):
        assert code(announce, name=" ") == "no_name"
        assert code(announce, source="?") == "no_source"

    def test_taken_back_it_is_a_working_day_again_and_stays_readable(self):
        row = announce()
        actions.withdraw_day(row.pk, why="ประกาศผิดวัน", by="user:2")
        assert working_calendar().is_working(BRIDGE)
        assert [(r.name, r.withdrawn_why) for r in withdrawn_days(2026)] == [("วันหยุดพิเศษ (ทดสอบ)", "ประกาศผิดวัน")]
        announce()

    def test_taking_back_has_a_reason_and_happens_once(self):
        row = announce()
        assert code(actions.withdraw_day, row.pk, why="", by="user:2") == "no_reason"
        actions.withdraw_day(row.pk, why="ประกาศผิดวัน", by="user:2")
        assert code(actions.withdraw_day, row.pk, why="อีกครั้ง", by="user:2") == "already_withdrawn"
        assert code(actions.withdraw_day, 0, why="อีกครั้ง", by="user:2") == "not_found"


class TwoOfficers(ConcurrentTestCase):
    def test_two_officers_at_once_add_one_day(self):
        results = in_threads(2, lambda n: announce(name=f"เจ้าหน้าที่คนที่ {n}"))
        assert sorted(type(r).__name__ for r in results) == ["AnnouncedDay", "ProblemError"]
        assert AnnouncedDay.objects.count() == 1


class CalendarPages(PageCase):
    URL = "/staff/town/calendar/"
    TYPED = {"day_day": "20", "day_month": "11", "day_year": "2569", "kind": "free", "name": "วันหยุดพิเศษ (ทดสอบ)",
             "source": "มติ ครม. (สมมติ)"}  # fmt: skip

    def sent(self, **fields):
        return text_of(self.send(self.URL, **fields).content.decode())

    def test_the_year_lists_its_holidays_in_thai(self):
        self.enter(self.admin)
        shown = text_of(self.page(self.URL))
        assert "5 ธ.ค. 2569" in shown
        assert "วันพ่อแห่งชาติ" in shown

    def test_first_the_effect_then_the_day(self):
        self.enter(self.admin)
        shown = self.sent(**self.TYPED, step="preview")
        assert "วันทำการของเดือนนั้นเปลี่ยนจาก 21 วัน เป็น 20 วัน" in shown
        assert not AnnouncedDay.objects.exists()
        answer = self.send(self.URL, **self.TYPED, step="save")
        assert answer.status_code == 302
        assert "วันหยุดพิเศษ (ทดสอบ)" in text_of(self.page(answer.url))

    def test_a_day_that_is_free_already_is_told(self):
        self.enter(self.admin)
        shown = self.sent(**{**self.TYPED, "day_day": "22"}, step="save")
        assert "วันนี้เป็นวันหยุดอยู่แล้ว" in shown

    def test_it_is_taken_back_with_a_reason(self):
        row = announce()
        self.enter(self.admin)
        url = f"{self.URL}{row.pk}/withdraw/"
        assert "ถอนประกาศ" in text_of(self.page(url))
        assert self.send(url, why="ประกาศผิดวัน").status_code == 302
        assert "ประกาศที่ถอนแล้ว" in text_of(self.page(self.URL, year="2569"))

    def test_other_years_within_reach_only(self):
        self.enter(self.admin)
        assert "1 ม.ค. 2570" in text_of(self.page(self.URL, year="2570"))
        for odd in ("9999", "abc", "๒๕๗๐", "-1"):
            assert "5 ธ.ค. 2569" in text_of(self.page(self.URL, year=odd))

    def test_who_may_not_set_the_town_may_not_see_it(self):
        self.enter(self.officer)
        assert self.client.get(self.URL).status_code == 403

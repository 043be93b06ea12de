"""A day that the town announces moves what is promised for open cases, and nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from maehia.city.actions import announce_day, withdraw_day
from maehia.city.models import AnnouncedDay
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.jobs import run_job
from maehia.kit.models import Job
from maehia.kit.testing import NOW
from maehia.services import actions
from maehia.services.actions import forecast
from maehia.services.models import Case, CaseEvent
from maehia.services.queries import cases
from maehia.services.tests.case_cast import OTHER_DEVICE, StreetCase
from maehia.services.tests.test_moving import DAENG


class ForecastTests(StreetCase):
    def announce(self, day: date, announced: date | None = None) -> AnnouncedDay:
        row = announce_day(day, "วันหยุดพิเศษ (สมมติ)", working=False, announced=announced, source="มติ ครม. (สมมติ)",
                           verified=False, by=DAENG)  # fmt: skip
        self.work()
        return row

    def work(self) -> None:
        for key in Job.objects.filter(name=forecast.JOB, state="queued").values_list("pk", flat=True):
            assert run_job(key).state == "done"

    def last_working_day(self, case: Case) -> date:
        return (case.due_at - timedelta(minutes=1)).date()

    def test_a_special_holiday_moves_the_due_moment_of_an_open_case_and_its_history_says_so(self):
        case = self.file()
        self.announce(self.last_working_day(case))
        after = self.fresh(case)
        assert after.due_at > case.due_at
        assert after.version == case.version + 1
        with self.acting():
            line = CaseEvent.objects.get(case_id=case.pk, seq=after.version)
            assert cases.check_chain(case.pk) is None
        assert line.is_public
        assert datetime.fromisoformat(line.value["was"]) == case.due_at

    def test_taking_the_day_back_puts_the_due_moment_back(self):
        case = self.file()
        row = self.announce(self.last_working_day(case))
        withdraw_day(row.pk, why="ลงผิดวัน", by=DAENG)
        self.work()
        assert self.fresh(case).due_at == case.due_at

    def test_a_closed_case_and_one_that_was_due_before_keep_what_they_had(self):
        closed, late = self.file(), self.file(by=OTHER_DEVICE)
        with acting(DAENG, "services.desk"):
            actions.move(closed.pk, "not_ours", by=DAENG, note="เป็นของแขวงทางหลวง")
        closed = self.fresh(closed)
        with clock.at(NOW + timedelta(days=20)):
            self.announce(self.last_working_day(late), announced=(NOW + timedelta(days=20)).date())
            assert forecast.run() == 0
        assert self.fresh(closed).due_at == closed.due_at
        assert self.fresh(late).due_at == late.due_at

    def test_counting_twice_changes_nothing_the_second_time(self):
        case = self.file()
        self.announce(self.last_working_day(case))
        before = self.fresh(case).version
        assert forecast.run() == 0
        assert self.fresh(case).version == before

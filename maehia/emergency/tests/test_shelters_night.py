"""The count at 20:00 and the sheets say what the test itself counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from maehia.emergency.actions import shelters, stays
from maehia.emergency.actions.shelters_night import take_all, take_night
from maehia.emergency.models import ShelterNight
from maehia.emergency.queries.log import newest
from maehia.emergency.queries.shelters import limits_of, nights
from maehia.emergency.queries.shelters_sheets import make
from maehia.emergency.tests.shelters_cast import SCHOOL, TEMPLE, Shelters, guest
from maehia.kit import clock
from maehia.kit.testing import NOW, AppTestCase

EVENING = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)  # 20:00 in Thailand


class TestNight(Shelters, AppTestCase):
    def setUp(self) -> None:
        """Yesterday one came; today four; one of them left, one is out for a while, one only for the day."""
        super().setUp()
        with self.shelter_desk():
            rows = [
                stays.check_in(self.temple.pk, guest(1, sex="f", age=80, needs=("bedridden",)),
                               at=NOW - timedelta(days=1)),
                stays.check_in(self.temple.pk, guest(2, sex="m", age=3)),
                stays.check_in(self.temple.pk, guest(3, sex="m", age=30, needs=("medication",))),
                stays.check_in(self.temple.pk, guest(4)),
                stays.check_in(self.temple.pk, guest(5, sex="f", age=40, overnight=False)),
            ]  # fmt: skip
            with clock.at(EVENING - timedelta(hours=1)):
                stays.check_out(rows[1].pk, "relative")
                stays.step_out(rows[2].pk)

    def test_day_and_night_are_counted_and_frozen(self):
        with clock.at(EVENING), self.shelter_desk():
            row = take_night(self.temple.pk)
            assert (row.day_total, row.night_total, row.present, row.came, row.left) == (5, 3, 3, 4, 1)
            assert (row.sexes, row.ages) == ({"": 1, "f": 1, "m": 1}, {"": 1, "15-59": 1, "60+": 1})
            assert row.needs == {"bedridden": 1, "medication": 1}
            line = newest(self.incident.pk, 1)[0]
            assert (line.kind, line.value["day"], line.value["night"], line.value["inside"]) == ("night", 5, 3, 3)
            for change in (
                lambda: ShelterNight.objects.update(day_total=0),
                lambda: ShelterNight.objects.all().delete(),
            ):
                with pytest.raises(DatabaseError), transaction.atomic():
                    change()

    def test_the_evening_counts_once_and_by_hand_as_often_as_wanted(self):
        with clock.at(EVENING):
            assert take_all() == 2
        with clock.at(EVENING + timedelta(hours=1)):
            assert take_all() == 0
            with self.shelter_desk():
                take_night(self.temple.pk)
                take_night(self.temple.pk)
                assert [row.by_hand for row in nights(self.temple.pk)] == [True, True, False]

    def test_the_daily_sheet_adds_up(self):
        with clock.at(EVENING), self.shelter_desk():
            sheet = make("daily", self.temple, EVENING.date(), EVENING, "x")
            numbers = [row[1] for row in sheet.rows]
            assert numbers == [1, 4, 1, 1, 5, 4, 3, 10, 0]
            assert numbers[0] + numbers[1] - numbers[2] == numbers[5]
            assert sheet.watermark == ""

    def test_names_stand_only_in_sheets_with_a_watermark(self):
        with clock.at(EVENING), self.shelter_desk():
            sheets = {key: make(key, self.temple, EVENING.date(), EVENING, "ผู้พิมพ์") for key in
                      ("daily", "in-out", "summary", "register")}  # fmt: skip
            named = {key for key, sheet in sheets.items() if "ผู้พักพิงสมมติ" in str(sheet.rows)}
            assert named == {"in-out", "register"} == {key for key, sheet in sheets.items() if sheet.watermark}
            assert [row[2] for row in sheets["in-out"].rows] == ["เข้า"] * 4 + ["ออก", "ออกชั่วคราว"]
            assert len(sheets["register"].rows) == 5
            total = next(row for row in sheets["summary"].rows if row[0] == "รวม")
            assert total[1:] == [1, 2, 1, 4]

    def test_the_ratios_say_what_a_site_allows(self):
        with self.shelter_desk():
            school = shelters.prepare_site(SCHOOL, shelters.Facts(30, area_m2=70, toilets=2))
            assert [one.people for one in limits_of(school)] == [20, 40]
            assert limits_of(shelters.prepare_site(TEMPLE, shelters.Facts(50))) == []

"""Two at the same moment: one shift, one crossing, one call to each."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from maehia.base import ProblemError
from maehia.city.actions import Reading, add_readings, load_quantities
from maehia.city.models import Station
from maehia.emergency.actions import calltree, roster, thresholds
from maehia.emergency.actions.calltree import NewPost
from maehia.emergency.actions.roster import NewContact
from maehia.emergency.actions.thresholds import NewThreshold
from maehia.emergency.models import CallTry, DutyShift, ThresholdCrossing
from maehia.emergency.tests.cast import Watch
from maehia.kit import clock
from maehia.kit.testing import EXTRA_KEPT, NOW, ConcurrentTestCase, in_threads

EXTRA_KEPT |= {"access_role", "access_roleevent"}
HOUR = timedelta(hours=1)


class TestRaces(Watch, ConcurrentTestCase):
    def contact(self, name="สมศรี ใจดี", phone="0812345678"):
        with self.command():
            return roster.save_contact(None, NewContact(name, phone))

    def test_of_four_overlapping_shifts_at_once_one_is_made(self):
        who = self.contact()

        def add(number):
            with self.command():
                return roster.add_shift(who.pk, NOW + timedelta(minutes=number), NOW + 8 * HOUR)

        found = in_threads(4, add)
        assert sum(isinstance(one, DutyShift) for one in found) == 1
        assert {one.problem.code for one in found if isinstance(one, ProblemError)} == {"shift_overlaps"}

    def test_two_workers_find_one_crossing(self):
        load_quantities()
        Station.objects.create(key=UUID(int=1), code="WL01", name="เสาวัดน้ำ")
        with self.command():
            thresholds.set_threshold(NewThreshold(
                "s", "ห้วย", "water_level", Decimal("3.7"), "flash_flood", "คู่มือ", date(2026, 1, 1), station="WL01"))  # fmt: skip
        quarter = timedelta(minutes=15)
        add_readings([Reading("WL01", "water_level", NOW - quarter * n, 3.9) for n in range(3)], origin="test")

        found = in_threads(2, lambda _number: thresholds.evaluate())
        assert sorted(map(len, found)) == [0, 1]
        with self.command():
            assert ThresholdCrossing.objects.count() == 1

    def test_two_workers_ring_a_deputy_once(self):
        one, two = self.contact(), self.contact("บุญมา", "0822222222")
        with self.command():
            tree = calltree.save_tree(None, "น้ำป่า", 5)
            calltree.save_post(tree.pk, None, NewPost("หัวหน้า", [one.pk, two.pk]))
            calltree.start(tree.pk, "รวมที่ศูนย์")

        with clock.at(NOW + timedelta(minutes=5)):
            assert sorted(in_threads(2, lambda _number: calltree.tick())) == [0, 1]
        with self.command():
            assert CallTry.objects.count() == 2

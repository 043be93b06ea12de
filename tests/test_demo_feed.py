"""The demo's stations go on sending; a real town's never do."""

from datetime import timedelta
from uuid import UUID

from maehia.city.actions import Reading, add_readings, load_quantities
from maehia.city.models import LatestReading, Station
from maehia.cli import demo_feed
from maehia.kit import clock
from maehia.kit.models import DemoMark
from maehia.kit.testing import NOW, AppTestCase


class FeedTests(AppTestCase):
    def setUp(self):
        load_quantities()
        Station.objects.create(key=UUID(int=1), code="PM01", name="สถานีจำลอง (ข้อมูลสมมติ)")
        start = NOW - demo_feed.YEAR - timedelta(hours=3)
        add_readings(
            [Reading("PM01", "pm25", start + timedelta(hours=n), 10.0 + n) for n in range(9)], origin="delivery:1"
        )
        add_readings([Reading("PM01", "pm25", NOW - timedelta(hours=2), 50.0)], origin="delivery:1")

    def mark(self, monkey):
        return monkey.setattr("maehia.kit.demo.is_demo", lambda using="default": True)

    def test_a_real_town_is_never_fed(self):
        assert not DemoMark.objects.exists()
        assert demo_feed.feed() == 0

    def test_what_is_missing_comes_from_a_year_ago(self):
        rows = list(demo_feed.due("PM01", "pm25", NOW - timedelta(hours=2), NOW))
        assert [(r.at, r.value) for r in rows] == [(NOW - timedelta(hours=1), 12.0), (NOW, 13.0)]

    def test_a_fed_station_is_up_to_date_and_a_second_time_adds_nothing(self):
        import pytest

        with pytest.MonkeyPatch.context() as monkey:
            self.mark(monkey)
            assert demo_feed.feed() == 2
            assert LatestReading.objects.get().at == NOW
            assert demo_feed.feed() == 0
            with clock.at(NOW + timedelta(hours=2)):
                assert demo_feed.feed() == 2

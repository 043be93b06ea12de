"""What stations measure, on the pages: the state in words, the chart with its numbers, the raw values."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from maehia.city.actions import Reading, add_readings, load_quantities
from maehia.city.models import Station
from maehia.city.queries.readings import buckets, day_means
from maehia.city.tests.cast import PageCase, text_of
from maehia.kit.recorders import assert_queries
from maehia.kit.testing import NOW, AppTestCase

HOUR = timedelta(hours=1)
TOP_OF_HOUR = NOW.replace(minute=0)


def fill(code="AQ1", quantity="pm25", hours=48, end=TOP_OF_HOUR, value=lambda n: 20.0 + n % 24):
    add_readings([Reading(code, quantity, end - HOUR * n, value(n)) for n in range(hours)], origin="delivery:1")


def make_stations():
    load_quantities()
    for n, (code, name) in enumerate((("AQ1", "โรงเรียนตัวอย่าง"), ("WL1", "สะพานตัวอย่าง"), ("RN1", "วัดตัวอย่าง"))):
        Station.objects.create(key=UUID(int=n + 1), code=code, name=name, station_kind="ตัวอย่าง (ข้อมูลสมมติ)")


class BucketTests(AppTestCase):
    def setUp(self):
        make_stations()

    def test_hours_are_thai_hours_without_a_hole(self):
        fill(hours=3)
        slots = buckets("AQ1", "pm25", "hour", TOP_OF_HOUR - HOUR * 5, TOP_OF_HOUR + HOUR)
        assert [slot.of for slot in slots] == [0, 0, 0, 1, 1, 1]
        assert slots[0].mean is None

    def test_a_day_begins_at_midnight_in_thailand(self):
        add_readings([Reading("RN1", "rain", datetime(2026, 11, 17, 16, 59, tzinfo=UTC), 3.0),
                      Reading("RN1", "rain", datetime(2026, 11, 17, 17, 0, tzinfo=UTC), 4.0)], origin="x")  # fmt: skip
        slots = buckets("RN1", "rain", "day", NOW - timedelta(days=1), NOW)
        assert [slot.total for slot in slots] == [3.0, 4.0]

    def test_a_doubtful_value_is_counted_but_not_averaged(self):
        fill(hours=1, value=lambda n: 5000.0)
        slot = buckets("AQ1", "pm25", "hour", TOP_OF_HOUR, TOP_OF_HOUR + HOUR)[0]
        assert (slot.mean, slot.used, slot.of) == (None, 0, 1)

    def test_a_day_mean_needs_three_quarters_of_the_hours(self):
        fill(hours=18)
        assert day_means("pm25", NOW)["AQ1"] is None  # the running hour does not count
        fill(hours=30)
        assert day_means("pm25", NOW)["AQ1"] is not None


class ReadingPagesTests(PageCase):
    def setUp(self):
        super().setUp()
        make_stations()
        fill()

    def test_everybody_sees_the_newest_value_with_its_state_and_index(self):
        shown = text_of(self.page("/readings/"))
        assert "โรงเรียนตัวอย่าง" in shown
        assert "20 µg/m³" in shown
        assert "ปกติ" in shown
        assert "ดัชนีคุณภาพอากาศ 76 ปานกลาง" in shown
        assert "เฉลี่ย 24 ชม. 31.5 µg/m³" in shown

    def test_a_stale_value_is_said_to_be_stale(self):
        fill("WL1", "water_level", hours=3, end=TOP_OF_HOUR - HOUR * 9)
        shown = text_of(self.page("/readings/"))
        assert "ขาดการส่ง" in shown
        assert "1 ค่ายังใช้ไม่ได้ในขณะนี้" in shown

    def test_stuck_and_impossible_values_are_named(self):
        fill("WL1", "water_level", hours=60, value=lambda n: 1.5)
        add_readings([Reading("RN1", "rain", TOP_OF_HOUR, 999.0)], origin="x")
        shown = text_of(self.page("/readings/"))
        assert "ค่าค้าง" in shown
        assert "นอกช่วงที่เป็นไปได้" in shown

    def test_no_index_without_enough_hours(self):
        fill("WL1", "pm25", hours=3)
        assert "ข้อมูลไม่ครบ 24 ชั่วโมง" in text_of(self.page("/readings/"))

    def test_staff_see_silent_stations_and_the_door_to_the_keys(self):
        self.enter(self.counter)
        shown = text_of(self.page("/staff/readings/"))
        assert "สถานีที่ยังไม่เคยส่งค่า" in shown
        assert "สะพานตัวอย่าง" in shown
        assert "กุญแจสำหรับส่งค่า" not in shown
        self.enter(self.admin)
        assert "กุญแจสำหรับส่งค่า" in text_of(self.page("/staff/readings/"))

    def test_the_chart_has_its_sentence_and_its_numbers_as_a_table(self):
        page = self.page("/readings/AQ1/", quantity="pm25", span="24h")
        assert "<svg" in page
        shown = text_of(page)
        assert "เฉลี่ย 31.5 µg/m³ สูงสุด 43 เมื่อ" in shown
        assert "PM2.5 เฉลี่ยรายชั่วโมง" in shown
        assert page.count('<th scope="row">') == 24
        assert '<th scope="row">10:00</th>' in page  # Thai time: the newest value is of ten o'clock

    def test_a_month_is_drawn_in_days_with_a_band(self):
        fill(hours=24 * 20)
        page = self.page("/readings/AQ1/", quantity="pm25", span="30d")
        assert 'class="band"' in page
        assert "เฉลี่ยรายวัน" in text_of(page)

    def test_rain_is_added_up(self):
        fill("RN1", "rain", hours=24, value=lambda n: 2.0)
        assert "รวม 48 มม." in text_of(self.page("/readings/RN1/", quantity="rain"))

    def test_left_out_values_are_counted(self):
        add_readings([Reading("AQ1", "pm25", TOP_OF_HOUR - HOUR / 2, -5.0)], origin="x")
        assert "ไม่นับค่าที่ใช้ไม่ได้ 1 ค่า" in text_of(self.page("/readings/AQ1/"))

    def test_the_raw_values_come_as_csv_with_their_quality(self):
        answer = self.client.get("/readings/AQ1/", {"quantity": "pm25", "span": "24h", "format": "csv"})
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert lines[0] == "station,quantity,at,value,quality"
        assert lines[-1].endswith(",20.0,good")
        assert 'filename="AQ1-pm25.csv"' in answer.headers["Content-Disposition"]

    def test_an_unknown_station_quantity_or_span_is_404(self):
        for path, query in (
            ("/readings/XX/", {}),
            ("/readings/AQ1/", {"quantity": "rain"}),
            ("/readings/AQ1/", {"span": "9y"}),
        ):
            self.page(path, status=404, **query)

    def test_a_station_that_never_spoke_says_so(self):
        assert "สถานีนี้ยังไม่เคยส่งค่า" in text_of(self.page("/readings/WL1/"))

    def test_the_english_page_is_english(self):
        shown = text_of(self.page("/en/readings/"))
        assert "Air quality index 76 Moderate" in shown
        assert "Normal" in shown

    def test_staff_pages_need_the_permission(self):
        assert self.client.get("/staff/readings/").status_code == 302
        self.enter(self.citizen)
        self.page("/staff/readings/", status=403)

    def test_the_list_asks_little_however_many_stations(self):
        with assert_queries(12):
            self.page("/readings/")

"""What each list said and when, and as it was on day V as known on day S."""

from datetime import date, timedelta

from maehia.city.actions import refresh
from maehia.city.tests.cast import H_12_3, H_45, P_JAIDEE, P_MALEE, PageCase, link, text_of, url
from maehia.evidence.actions import correct_value, withdraw_delivery
from maehia.evidence.models import Delivery, Source
from maehia.evidence.tests.cast import JAIDEE, MALEE, MALEE_ID, deliver, row
from maehia.kit import clock
from maehia.kit.testing import NOW

JUNE = date(2026, 6, 1)


def day(prefix, value):
    return {f"{prefix}_day": value.day, f"{prefix}_month": value.month, f"{prefix}_year": value.year + 543}


class HistoryCase(PageCase):
    """In June the volunteers' list says another name; twenty days before today."""

    def setUp(self):
        super().setUp()
        with self.acting():
            vhv = Source.objects.get(pk="vhv")
            with clock.at(NOW + timedelta(days=1)):
                deliver(vhv, JUNE, [row("vhv:1", {**MALEE, "first_name": "มะลิวัลย์"}), row("vhv:2", JAIDEE)])
            link()
            refresh()
        self.enter(self.counter)


class TimelineTests(HistoryCase):
    def test_each_list_tells_when_it_said_what(self):
        shown = text_of(self.page(url("person", P_MALEE, "history/")))
        assert "บัญชี civil (ข้อมูลสมมติ) แจ้งครั้งแรก" in shown
        assert "บัญชี vhv (ข้อมูลสมมติ) แจ้งค่าที่เปลี่ยนไป" in shown
        assert "ชื่อ มะลิวัลย์" in shown
        assert "เป็นจริงตั้งแต่ 1 มิ.ย. 2569" in shown

    def test_a_changed_row_is_not_told_as_an_end(self):
        assert "ไม่มีรายการนี้แล้ว" not in text_of(self.page(url("person", P_MALEE, "history/")))

    def test_a_withdrawn_delivery_stays_in_the_history(self):
        with self.acting():
            withdraw_delivery(Delivery.objects.get(source_id="vhv", as_of=JUNE), "ส่งผิดไฟล์")
        assert "ถอนรอบส่งของ บัญชี vhv" in text_of(self.page(url("person", P_MALEE, "history/")))

    def test_a_decision_stands_in_the_history(self):
        with self.acting():
            correct_value("person", P_MALEE, "first_name", "มาลัย", why="แก้ตามบัตร")
        assert "แก้ ชื่อ เป็น “มาลัย”" in text_of(self.page(url("person", P_MALEE, "history/")))

    def test_secrets_are_masked_in_the_past_too(self):
        page = self.page(url("person", P_MALEE, "history/"))
        assert MALEE_ID not in page
        assert "0812345678" not in page

    def test_the_past_is_read_under_the_purpose_and_logged(self):
        self.page(url("person", P_MALEE, "history/"))
        assert (self.counter.actor, "counter.service", "history") in self.reads_of(P_MALEE)

    def test_a_house_known_by_address_only_says_so(self):
        assert "ยังไม่มีประวัติ" in text_of(self.page(url("house", H_45, "history/")))
        assert "แจ้งครั้งแรก" in text_of(self.page(url("house", H_12_3, "history/")))


class ThenTests(HistoryCase):
    def then(self, valid, known):
        return self.page(url("person", P_MALEE, "then/"), **day("valid", valid), **day("known", known))

    def test_the_form_starts_with_today_in_the_buddhist_era(self):
        page = self.page(url("person", P_MALEE, "then/"))
        assert 'value="2569"' in page

    def test_as_it_was_in_may_and_as_it_is_in_june(self):
        with self.acting():
            withdraw_delivery(Delivery.objects.get(source_id="civil"), "ไม่มีหนังสืออนุญาต")
            refresh()
        with clock.at(NOW + timedelta(days=30)):
            may = text_of(self.then(date(2026, 5, 15), date(2026, 12, 1)))
            june = text_of(self.then(date(2026, 6, 15), date(2026, 12, 1)))
        assert "มะลิ " in may
        assert "มะลิวัลย์ เหมือนเดิม" in june

    def test_what_was_not_known_yet_is_not_shown(self):
        shown = text_of(self.then(date(2026, 6, 15), date(2026, 11, 18)))
        assert "มะลิวัลย์" not in shown
        nothing = text_of(self.then(date(2026, 6, 15), date(2020, 1, 1)))
        assert "วันนั้นเทศบาลยังไม่รู้จักรายการนี้" in nothing

    def test_a_correction_counts_from_when_it_was_made(self):
        with self.acting(), clock.at(NOW + timedelta(days=5)):
            correct_value("person", P_MALEE, "last_name", "สุขสันต์", why="เปลี่ยนนามสกุล")
        before = text_of(self.then(date(2026, 11, 1), date(2026, 11, 20)))
        after = text_of(self.then(date(2026, 11, 1), date(2026, 11, 24)))
        assert "สุขสันต์" not in before
        assert "สุขสันต์" in after

    def test_a_day_that_does_not_exist_is_refused_in_words(self):
        page = self.page(
            url("person", P_MALEE, "then/"), valid_day=30, valid_month=2, valid_year=2569, **day("known", JUNE)
        )
        assert "ไม่มีในปฏิทิน" in text_of(page)

    def test_it_is_hidden_where_the_person_is(self):
        self.enter(self.volunteer)
        self.page(url("person", P_JAIDEE, "then/"), status=404)
        self.page(url("person", P_JAIDEE, "history/"), status=404)

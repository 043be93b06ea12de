"""The town's contacts in the browser: seen before they are stored, shown on every page at once, put back by a click."""

import pytest

from maehia.base import ProblemError
from maehia.city import actions
from maehia.city.models import Town, TownChange
from maehia.city.tests.cast import PageCase, text_of
from maehia.kit.testing import AppTestCase

PROFILE = {"name_th": "เมืองตัวอย่าง (ข้อมูลสมมติ)", "lao_type": "เทศบาลเมือง", "district_code": "5001", "province_code": "50",
           "hours": "จันทร์ถึงศุกร์ 08.30-16.30 น.", "phones": [{"label": "สำนักงาน", "number": "053 000 000"}]}  # fmt: skip


def code(function, *args, **kw):
    with pytest.raises(ProblemError) as caught:
        function(*args, **kw)
    return caught.value.problem.code


class Changes(AppTestCase):
    def setUp(self):
        actions.set_town(PROFILE)

    def test_only_what_differs_is_kept_with_what_stood_there(self):
        change = actions.change_town({"hours": "ทุกวัน", "phones": PROFILE["phones"]}, by="user:1")
        assert (change.before, change.after) == ({"hours": PROFILE["hours"]}, {"hours": "ทุกวัน"})
        assert Town.objects.get().hours == "ทุกวัน"

    def test_names_and_codes_do_not_change_here(self):
        actions.change_town({"name_th": "เมืองอื่น", "hours": "ทุกวัน"}, by="user:1")
        assert Town.objects.get().name_th == PROFILE["name_th"]

    def test_nothing_new_is_no_change(self):
        assert code(actions.change_town, {"hours": PROFILE["hours"]}, by="user:1") == "nothing_changed"

    def test_undoing_puts_back_and_is_itself_a_change(self):
        change = actions.change_town({"hours": "ทุกวัน"}, by="user:1")
        undone = actions.undo_town_change(change.pk, by="user:2")
        assert Town.objects.get().hours == PROFILE["hours"]
        assert undone.undoes == change
        assert code(actions.undo_town_change, change.pk, by="user:2") == "already_undone"

    def test_a_value_that_was_changed_since_is_not_overwritten(self):
        first = actions.change_town({"hours": "ทุกวัน"}, by="user:1")
        actions.change_town({"hours": "ปิดปรับปรุง"}, by="user:1")
        assert code(actions.undo_town_change, first.pk, by="user:2") == "changed_since"
        assert code(actions.undo_town_change, 0, by="user:2") == "not_found"


class TownPage(PageCase):
    URL = "/staff/town/"
    TYPED = {"hours": "ทุกวัน 08.00-20.00 น.", "phone-TOTAL_FORMS": "3", "phone-INITIAL_FORMS": "1",
             "phone-0-label": "สำนักงาน", "phone-0-number": "053 000 000"}  # fmt: skip

    def setUp(self):
        super().setUp()
        actions.set_town(PROFILE)
        self.enter(self.admin)

    def sent(self, **fields):
        return text_of(self.send(self.URL, **(self.TYPED | fields)).content.decode())

    def test_first_the_difference_then_the_change(self):
        shown = self.sent(step="preview")
        assert "เวลาทำการ จันทร์ถึงศุกร์ 08.30-16.30 น. ทุกวัน 08.00-20.00 น." in shown
        assert "โทรศัพท์ สำนักงาน" not in shown
        assert not TownChange.objects.exists()
        assert self.send(self.URL, **self.TYPED, step="save").status_code == 302
        assert "ทุกวัน 08.00-20.00 น." in self.page("/")

    def test_a_number_may_be_added_and_taken_away(self):
        added = {"phone-1-label": "แจ้งเหตุ", "phone-1-label_en": "Emergency", "phone-1-number": "199"}
        self.send(self.URL, **self.TYPED, **added, step="save")
        assert Town.objects.get().phones == [
            *PROFILE["phones"],
            {"label": "แจ้งเหตุ", "label_en": "Emergency", "number": "199"},
        ]
        gone = {"phone-0-label": "", "phone-0-number": "", "phone-1-label": "แจ้งเหตุ", "phone-1-label_en": "Emergency",
                "phone-1-number": "199", "phone-INITIAL_FORMS": "2"}  # fmt: skip
        self.send(self.URL, **(self.TYPED | gone), step="save")
        assert [p["number"] for p in Town.objects.get().phones] == ["199"]

    def test_what_is_no_number_is_told(self):
        shown = self.sent(**{"phone-1-label": "แจ้งเหตุ", "phone-1-number": "โทรหาเรา"}, step="save")
        assert "กรุณากรอกหมายเลขโทรศัพท์" in shown
        assert "กรุณากรอกทั้งชื่อและหมายเลข" in self.sent(**{"phone-1-number": "199"}, step="save")
        assert not TownChange.objects.exists()

    def test_markup_stays_text(self):
        self.send(self.URL, **(self.TYPED | {"hours": "<script>alert(1)</script>"}), step="save")
        assert "<script>alert(1)" not in self.page("/") + self.page(self.URL)

    def test_a_click_puts_it_back(self):
        self.send(self.URL, **self.TYPED, step="save")
        change = TownChange.objects.get()
        assert self.send(f"{self.URL}changes/{change.pk}/undo/").status_code == 302
        assert Town.objects.get().hours == PROFILE["hours"]
        assert "คืนค่าแล้ว" in text_of(self.page(self.URL))

    def test_it_needs_the_right(self):
        self.enter(self.officer)
        assert self.client.get(self.URL).status_code == 403
        assert self.client.post(f"{self.URL}changes/1/undo/").status_code == 403

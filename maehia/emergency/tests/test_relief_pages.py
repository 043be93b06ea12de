"""Pages of goods: what stands where, in, out, given on a phone, counted; each for who may."""

from __future__ import annotations

import uuid
from decimal import Decimal as D

from maehia.city.models import Household
from maehia.city.tests.cast import H_12_3, build_street, text_of
from maehia.emergency.models import Dispatch, Distribution, Donation, Entitlement, RequestLine, StockCount
from maehia.emergency.queries import relief as queries
from maehia.emergency.tests.cast import Desk
from maehia.emergency.tests.relief_cast import Goods
from maehia.kit.idempotency import new_key
from maehia.kit.testing import AppTestCase


class Case(Desk, Goods, AppTestCase):
    def setUp(self):
        super().setUp()
        with self.acting():
            build_street()
        with self.relief():
            self.stocked()
            self.bring("60", lot="ก")
        self.at = f"/staff/emergency/{self.incident.number}/relief/"
        self.enter(self.officer)

    def rows(self, *goods, **fields):
        """Rows of a form: (item code, quantity, unit)."""
        columns = {"item": [g[0] for g in goods], "qty": [g[1] for g in goods], "unit": [(*g, "")[2] for g in goods]}
        return {**columns, "lot": [""] * len(goods), "expires": [""] * len(goods), **fields}


class TestGoodsPages(Case):
    def test_the_stock_is_shown_by_place_with_what_is_short(self):
        text = text_of(self.page(self.at))
        assert "คลังเทศบาล" in text
        assert "60 ขวด" in text
        assert "ของต่ำกว่าเกณฑ์" in text

    def test_who_has_nothing_to_do_with_goods_sees_none(self):
        self.enter(self.volunteer)
        self.page(self.at, 403)
        self.page("/staff/emergency/EX-2569-0009/relief/", 403)
        self.enter(self.officer)
        self.page("/staff/emergency/IC-2569-9999/relief/", 404)

    def test_packs_are_received_once_even_when_sent_twice(self):
        fields = self.rows(("noodles", "๒", "กล่อง"), place=str(self.depot.pk), idempotency_key=new_key())
        for _ in range(2):
            assert self.client.post(f"{self.at}receive/", fields).status_code == 302
        with self.relief():
            assert [(s.item.code, s.qty) for s in queries.stock() if s.item.code == "noodles"] == [("noodles", D(60))]

    def test_a_wrong_row_is_told_and_nothing_is_kept(self):
        for row, words in ((("rice-5", "x"), "ตัวเลข"), (("rice-5", "-1"), "มากกว่า 0"), (("ghost", "1"), "ยังไม่ได้เลือกสิ่งของ"),
                           (("rice-5", "1", "แพ็ก"), "ไม่มีหน่วย")):  # fmt: skip
            answer = self.send(f"{self.at}receive/", **self.rows(row, place=str(self.depot.pk)))
            assert answer.status_code == 400
            assert words in answer.content.decode()
        with self.relief():
            assert queries.balance(self.depot, self.rice) == 0

    def test_a_gift_stands_in_the_register(self):
        self.send(
            f"{self.at}receive/", **self.rows(("rice-5", "20"), place=str(self.depot.pk), donated="1", donor="ห้างทองดี")
        )
        text = text_of(self.page(f"{self.at}donations/"))
        with self.relief():
            assert Donation.objects.get().number in text
        assert "ห้างทองดี" in text
        assert "ข้าวสาร 5 กก. 20 ถุง" in text

    def test_a_request_is_approved_promised_sent_and_counted_at_its_end(self):
        self.send(f"{self.at}ask/", **self.rows(("water-600", "24"), place=str(self.temple.pk)))
        with self.relief():
            line = RequestLine.objects.get()
        one = f"{self.at}requests/{line.pk}/"
        self.send(f"{one}act/", to="approved")
        assert self.send(f"{one}act/", to="allocate", place=str(self.depot.pk), qty="99").status_code == 400
        self.send(f"{one}act/", to="allocate", place=str(self.depot.pk), qty="24")
        assert "จัดสรรแล้ว 24" in text_of(self.page(one))
        self.send(f"{self.at}dispatch/", **self.rows(("water-600", "24"), source=str(self.depot.pk),
                  target=str(self.temple.pk), request=str(line.pk)))  # fmt: skip
        with self.relief():
            load = Dispatch.objects.get()
            part = load.lines.get().pk
        assert self.client.post(f"{self.at}loads/{load.pk}/", {"how": "received"}).status_code == 400
        self.client.post(f"{self.at}loads/{load.pk}/", {"how": "received", f"line-{part}": "20"})
        text = text_of(self.page(self.at))
        assert "ได้รับ 20" in text
        assert "ศูนย์วัดป่า" in text

    def test_a_count_posts_what_differs(self):
        with self.relief():
            lot = self.water.lots.get().pk
        page = f"{self.at}count/{self.depot.pk}/"
        assert self.send(page, **{f"lot-{lot}": ""}).status_code == 400
        self.send(page, **{f"lot-{lot}": "58"})
        with self.relief():
            assert StockCount.objects.get().differences[0]["counted"] == "58"
            assert queries.balance(self.depot, self.water) == 58


class TestGivingPage(Case):
    def setUp(self):
        super().setUp()
        self.send(f"{self.at}kinds/", **self.rows(("water-600", "6"), name="น้ำดื่ม", rounds="1"))
        with self.relief():
            self.kind = Entitlement.objects.get()

    def give(self, **more):
        fields = {"kind": str(self.kind.pk), "round": "1", "place": str(self.depot.pk), "house_no": "12/3", "moo": "5",
                  "receiver": "มาลี สุขใจดี", "proof": "signature", **more}  # fmt: skip
        return self.send(f"{self.at}give/", **fields)

    def test_a_house_is_given_once_and_told_so(self):
        assert self.give().status_code == 302
        again = self.give()
        assert again.status_code == 400
        assert "รับสิ่งของชุดนี้ในรอบนี้ไปแล้ว" in again.content.decode()
        with self.relief():
            assert Distribution.objects.count() == 1
            assert queries.balance(self.depot, self.water) == 54

    def test_an_unknown_house_or_a_missing_name_is_told(self):
        assert "ไม่พบบ้านเลขที่นี้" in self.give(house_no="999/9").content.decode()
        assert "ยังไม่ได้ระบุชื่อผู้รับ" in self.give(receiver=" ").content.decode()
        assert "รอบ" in self.give(round="9").content.decode()

    def test_a_house_of_several_households_asks_which_one(self):
        with self.acting():
            one = Household.objects.filter(kind="actual", house_id=H_12_3).first()
            other = Household.objects.create(key=uuid.uuid4(), house_id=H_12_3, kind="actual", moo=5, number="2")
        asked = self.give()
        assert asked.status_code == 400
        assert str(other.key) in asked.content.decode()
        for home in (one, other):
            assert self.give(household=str(home.key)).status_code == 302
        assert self.give(household=str(other.key)).status_code == 400

    def test_nothing_to_give_is_told_with_the_way_on(self):
        with self.relief():
            Entitlement.objects.all().delete()
        assert "กำหนดชุดสิ่งของ" in text_of(self.page(f"{self.at}give/"))

    def test_an_empty_set_is_refused(self):
        assert self.send(f"{self.at}kinds/", name="ว่าง", rounds="1").status_code == 400

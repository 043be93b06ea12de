"""Goods move by double entry: nothing appears, nothing vanishes, no shelf holds less than nothing."""

from __future__ import annotations

import uuid
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, connection, transaction

from maehia.base import ProblemError
from maehia.emergency.actions import guards, relief
from maehia.emergency.actions import relief_loads as loads
from maehia.emergency.actions.relief import Came
from maehia.emergency.actions.relief_giving import Receiver
from maehia.emergency.actions.relief_loads import Wanted
from maehia.emergency.actions.relief_posting import Transfer, Why, post, side
from maehia.emergency.models import Distribution, Donation, Item, Move, Posting
from maehia.emergency.queries import log as log_queries
from maehia.emergency.queries import relief as queries
from maehia.emergency.tests.cast import Watch
from maehia.emergency.tests.relief_cast import LATER, PAST, SOON, Goods, everywhere, negative_lots, sums
from maehia.kit.acting import acting
from maehia.kit.testing import AppTestCase

HOME = uuid.UUID(int=77)


def refused(code):
    return _Code(code)


class _Code:
    """A block that must raise a problem of this code."""

    def __init__(self, code):
        self.code = code

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _trace):
        assert kind is ProblemError, f"expected {self.code}, got {error!r}"
        assert error.problem.code == self.code, error.problem
        return True


class Case(Watch, Goods, AppTestCase):
    pass


class TestPostings(Case):
    def test_packs_become_units_by_an_exact_ratio(self):
        with self.relief():
            self.stocked()
            self.bring("5", unit="แพ็ก")
            assert queries.balance(self.depot, self.water) == D("60.000")
            Item.objects.filter(pk=self.water.pk).update(packs=[{"unit": "สามส่วน", "num": 1, "den": 3}])
            self.water.refresh_from_db()
            with refused("not_whole"):
                self.bring("1", unit="สามส่วน")
            with refused("unknown_unit"):
                self.bring("1", unit="โหล")

    def test_a_quantity_is_a_real_one(self):
        with self.relief():
            self.stocked()
            for qty in ("0", "-1", "0.0001", "NaN", "Infinity"):
                with refused("bad_quantity"):
                    self.bring(qty)
            with refused("nothing_moves"):
                relief.receive(self.depot, [])

    def test_a_move_that_does_not_sum_to_zero_is_refused_by_the_database(self):
        with self.relief():
            self.stocked()
            self.bring("10")
            move = Move.objects.get()
            with pytest.raises(DatabaseError, match="sum to zero"), transaction.atomic():  # noqa: PT012 (both writes)
                Posting.objects.create(move=move, place=self.depot, item=self.water, unit="ขวด", qty=D(1),
                                       lot=self.water.lots.get())  # fmt: skip
                self.bring("1")  # any later move checks what waits

    def test_the_database_holds_the_shelf_even_against_a_direct_write(self):
        with self.relief():
            self.stocked()
            self.bring("10")
            lot, move = self.water.lots.get(), Move.objects.get()
            with pytest.raises(DatabaseError, match="less than nothing"), transaction.atomic():
                Posting.objects.create(move=move, place=self.depot, item=self.water, unit="ขวด", qty=D(-11), lot=lot)

    def test_postings_and_moves_are_never_changed(self):
        with self.relief():
            self.stocked()
            self.bring("10")
            for change in (lambda: Posting.objects.update(qty=D(9)), lambda: Move.objects.update(reason="x"),
                           lambda: Posting.objects.all().delete()):  # fmt: skip
                with pytest.raises(DatabaseError), transaction.atomic():
                    change()

    def test_a_lot_of_another_item_is_refused(self):
        with self.relief():
            self.stocked()
            self.bring("10")
            move, lot = Move.objects.get(), self.water.lots.get()
            row = Posting(move=move, place=self.depot, item=self.rice, unit="ถุง", qty=D(1), lot=lot)
            with pytest.raises(DatabaseError), transaction.atomic():
                row.save()

    def test_a_wrong_receipt_is_reversed_once_and_not_edited(self):
        with self.relief():
            self.stocked()
            move = self.bring("10")
            with refused("no_reason"):
                relief.reverse(move, "")
            relief.reverse(move, "คีย์ผิดจำนวน")
            assert queries.balance(self.depot, self.water) == 0
            assert Posting.objects.count() == 4
            with refused("reversed_before"):
                relief.reverse(move, "อีกครั้ง")

    def test_what_has_left_already_cannot_be_unreceived(self):
        with self.relief():
            self.stocked()
            move = self.bring("10")
            relief.lose(self.depot, self.water, D(4), "ขวดแตก", incident=self.incident)
            with refused("too_little"):
                relief.reverse(move, "คีย์ผิด")
            assert queries.balance(self.depot, self.water) == 6

    def test_an_exercise_has_shelves_of_its_own(self):
        with self.relief():
            self.stocked()
            self.bring("10")
        with self.relief("exercise"):
            assert queries.stock() == []
            assert Move.objects.count() == 0
            relief.load_items()
            drill = Item.objects.get(code="water-600")
        with self.relief(), pytest.raises(DatabaseError), transaction.atomic():  # noqa: PT012 (checked at the end)
            self.bring("1", item=drill)
            connection.check_constraints()

    def test_goods_need_a_purpose(self):
        with self.relief():
            self.stocked()
            self.bring("10")
        with acting(self.counter.actor, "counter.service"):
            assert Posting.objects.count() == 0


class TestFirstOut(Case):
    def test_the_lot_that_ends_first_goes_first_and_a_stale_one_never(self):
        with self.relief():
            self.stocked()
            self.bring("10", lot="ช้า", expires=LATER)
            self.bring("5", lot="เร็ว", expires=SOON)
            self.bring("7", lot="เก่า", expires=PAST)
            load = relief.dispatch(self.incident, self.depot, self.temple, [Wanted(self.water, D(8))])
            assert [(n.lot.number, n.qty) for n in load.lines.order_by("lot__expires_on")] == [("เร็ว", 5), ("ช้า", 3)]
            with refused("too_little"):
                relief.dispatch(self.incident, self.depot, self.temple, [Wanted(self.water, D(8))])
            relief.lose(self.depot, self.water, D(7), "หมดอายุ", incident=self.incident)
            left = [(s.lot_number, s.qty) for s in queries.stock(place=self.depot)]
            assert left == [("ช้า", D(7))]


class TestRequests(Case):
    def approved(self, qty="30"):
        line = loads.ask(self.incident, self.temple, self.water, D(qty))
        loads.move_request(line, "submitted")
        return loads.move_request(line, "approved")

    def test_a_request_walks_by_its_numbers_to_fulfilled(self):
        with self.relief():
            self.stocked()
            self.bring("50")
            line, seen = self.approved(), []
            loads.allocate(line, self.depot, D(20))
            seen.append(self.state(line))
            loads.allocate(line, self.depot, D(10))
            seen.append(self.state(line))
            for qty in (20, 10):
                load = relief.dispatch(
                    self.incident, self.depot, self.temple, [Wanted(self.water, D(qty), request=line)]
                )
                relief.receive_dispatch(load, {n.pk: n.qty for n in load.lines.all()})
                seen.append(self.state(line))
        assert seen == ["partially_allocated", "allocated", "partially_fulfilled", "fulfilled"]

    def state(self, line):
        line.refresh_from_db()
        return line.state

    def test_what_is_promised_to_one_is_not_there_for_another(self):
        with self.relief():
            self.stocked()
            self.bring("30")
            line = self.approved()
            loads.allocate(line, self.depot, D(25))
            assert queries.available(self.depot, self.water) == 5
            with refused("too_little"):
                relief.dispatch(self.incident, self.depot, self.temple, [Wanted(self.water, D(6))])
            relief.dispatch(self.incident, self.depot, self.temple, [Wanted(self.water, D(20), request=line)])
            assert queries.available(self.depot, self.water) == 5
            loads.move_request(line, "cancelled", "ไม่ต้องการแล้ว")
            assert queries.available(self.depot, self.water) == 10

    def test_a_packed_load_stands_aside(self):
        with self.relief():
            self.stocked()
            self.bring("30")
            load = loads.prepare(self.incident, self.depot, self.temple, [Wanted(self.water, D(25))])
            assert queries.balance(self.depot, self.water) == 30
            assert queries.available(self.depot, self.water) == 5
            loads.leave(load)
            assert queries.balance(self.depot, self.water) == 5 == queries.available(self.depot, self.water)
            with refused("move_refused"):
                loads.leave(load)

    def test_only_an_approved_line_is_served_and_no_more_than_asked(self):
        with self.relief():
            self.stocked()
            self.bring("90")
            line = loads.ask(self.incident, self.temple, self.water, D(30))
            with refused("not_approved"):
                loads.allocate(line, self.depot, D(1))
            with refused("move_refused"):
                loads.move_request(line, "approved")
            line = self.approved()
            with refused("too_much"):
                loads.allocate(line, self.depot, D(31))


class TestLoads(Case):
    def sent(self, qty="10"):
        self.stocked()
        self.bring("12")
        return relief.dispatch(
            self.incident, self.depot, self.temple, [Wanted(self.water, D(qty))], carrier="กระบะ กข 1"
        )

    def test_a_difference_at_the_end_is_posted_to_loss(self):
        with self.relief():
            load = self.sent()
            assert queries.balance(side("in_transit"), self.water) == 10
            relief.receive_dispatch(load, {load.lines.get().pk: D(7)})
            found = [
                queries.balance(p, self.water) for p in (self.depot, side("in_transit"), self.temple, side("loss"))
            ]
            assert found == [2, 0, 7, 3]
            assert sums() == []
            with refused("move_refused"):
                relief.receive_dispatch(load, {load.lines.get().pk: D(7)})

    def test_every_line_is_counted_and_none_beyond_what_was_sent(self):
        with self.relief():
            load = self.sent()
            with refused("not_counted"):
                relief.receive_dispatch(load, {})
            with refused("more_than_sent"):
                relief.receive_dispatch(load, {load.lines.get().pk: D(11)})

    def test_a_load_comes_back_or_is_lost_whole(self):
        with self.relief():
            load = self.sent()
            with refused("no_reason"):
                loads.give_back(load)
            loads.give_back(load, reason="ถนนขาด")
            assert queries.balance(self.depot, self.water) == 12
            again = relief.dispatch(self.incident, self.depot, self.temple, [Wanted(self.water, D(2))])
            loads.give_back(again, lost=True, reason="รถถูกน้ำพัด")
            assert queries.balance(side("loss"), self.water) == 2
            assert sums() == []

    def test_a_load_goes_to_another_shelf(self):
        with self.relief():
            self.stocked()
            self.bring("5")
            for target in (self.depot, side("loss")):
                with refused("same_place"):
                    relief.dispatch(self.incident, self.depot, target, [Wanted(self.water, D(1))])


class TestGiving(Case):
    def bags(self, rounds=1):
        self.stocked()
        self.bring("24")
        self.bring("5", item=self.rice)
        return relief.set_entitlement(self.incident, "first-bag", "ถุงยังชีพรอบแรก", [
            {"item": "water-600", "qty": "6"}, {"item": "rice-5", "qty": "1"}], rounds=rounds)  # fmt: skip

    def give(self, kind, household=HOME, **more):
        who = {"name": "มาลี สุขใจดี", "proof": "signature", **more.pop("who", {})}
        return relief.distribute(kind, household, self.depot, Receiver(**who), **more)

    def test_a_household_is_given_once_a_round(self):
        with self.relief():
            kind = self.bags(rounds=2)
            self.give(kind)
            with refused("given_already"):
                self.give(kind)
            self.give(kind, round_no=2)
            with refused("no_round"):
                self.give(kind, round_no=3)
            assert queries.balance(self.depot, self.rice) == 3
            assert queries.balance(self.depot, self.water) == 12

    def test_the_database_itself_refuses_a_second_time(self):
        with self.relief():
            kind = self.bags()
            made = self.give(kind)
            made.pk, made.move = uuid.uuid4(), self.bring("1")
            with pytest.raises(DatabaseError), transaction.atomic():
                made.save(force_insert=True)

    def test_a_proxy_says_why_and_proof_is_kept(self):
        with self.relief():
            kind = self.bags()
            row = self.give(kind, who={"name": "สมศรี ใจดี", "proof": "photo", "proxy_why": "เพื่อนบ้านป่วยติดเตียง"})
            assert (row.is_proxy, row.proof) == (True, "photo")
            with refused("no_proof"):
                self.give(kind, uuid.UUID(int=78), who={"proof": ""})
            with refused("no_receiver"):
                self.give(kind, uuid.UUID(int=78), who={"name": " "})

    def test_when_one_thing_is_missing_nothing_is_given(self):
        with self.relief():
            kind = self.bags()
            relief.lose(self.depot, self.rice, D(5), "เปียกน้ำ", incident=self.incident)
            with refused("too_little"):
                self.give(kind)
            assert Distribution.objects.count() == 0
            assert queries.balance(self.depot, self.water) == 24

    def test_who_was_given_is_seen_by_relief_and_in_scope_only(self):
        with self.relief():
            kind = self.bags()
            self.give(kind)
        with acting(self.volunteer.actor, "emergency.field"):
            assert Distribution.objects.count() == 0
            assert Posting.objects.count() > 0

    def test_the_log_names_goods_and_no_receiver(self):
        with self.relief():
            kind = self.bags()
            self.give(kind)
            line = log_queries.newest(self.incident.pk, 1)[0]
        assert line.kind == "stock"
        assert line.value["lines"][0]["qty"] in ("6", "1")
        assert "มาลี" not in str(line.value) + line.text


class TestDonations(Case):
    def test_gifts_are_numbered_and_the_donor_is_not_readable_in_the_table(self):
        with self.relief():
            self.stocked()
            made = relief.donate(
                self.incident, self.depot, [Came(self.rice, D(20))], donor="ห้างทองดี", phone="0812345678"
            )
            assert made.number.endswith("/บ0001")
            assert queries.donations(self.incident)[0].donor == "ห้างทองดี"
            with refused("no_donor"):
                relief.donate(self.incident, self.depot, [Came(self.rice, D(1))], donor=" ")
            stored = Donation.objects.values_list("pk", flat=True).get()
            with connection.cursor() as cursor:
                cursor.execute("SELECT donor::text FROM emergency_donation WHERE id = %s", [stored])
                assert "ทองดี" not in cursor.fetchone()[0]


class TestCounting(Case):
    def test_a_count_brings_the_books_to_the_shelf(self):
        with self.relief():
            self.stocked()
            self.bring("10")
            self.bring("4", item=self.rice)
            lot = self.water.lots.get().pk
            made = relief.count(self.depot, {(self.water.pk, lot): D(9)}, incident=self.incident)
            assert [(d["item"], d["was"], d["counted"]) for d in sorted(made.differences, key=lambda d: d["item"])] == [
                ("rice-5", "4", "0"), ("water-600", "10", "9")]  # fmt: skip
            assert queries.balance(self.depot, self.water) == 9
            assert sums() == []
            with refused("bad_quantity"):
                relief.count(self.depot, {(self.water.pk, lot): D(-1)})

    def test_an_incident_closes_only_over_counted_shelves(self):
        with self.relief():
            self.stocked()
            self.bring("10")
            assert self.guard() is None
            load = relief.dispatch(self.incident, self.depot, self.temple, [Wanted(self.water, D(4))])
            assert "ส่งไม่ถึง" in self.guard().what
            relief.receive_dispatch(load, {n.pk: n.qty for n in load.lines.all()})
            assert "คลังเทศบาล" in self.guard().what
            for row in queries.stock():
                relief.count(row.place, {(row.item.pk, row.lot_key): row.qty}, incident=self.incident)
            assert self.guard() is None

    def guard(self):
        found = guards.unmet(("stock_reconciled",), self.incident, {})
        return found[0] if found else None

    def test_readiness_is_told_what_is_short(self):
        with self.relief():
            self.stocked()
            self.bring("1199")
            short = {low.item.code: low.on_hand for low in queries.below_least()}
            assert short["water-600"] == 1199
            assert short["rice-5"] == 0
            self.bring("1")
            assert "water-600" not in {low.item.code for low in queries.below_least()}

    def test_everything_together_is_nothing(self):
        with self.relief():
            self.stocked()
            self.bring("9")
            moved = [Transfer(self.water, self.water.lots.get().pk, self.depot, side("loss"), D(9))]
            post(Why("loss", self.incident, "น้ำท่วมคลัง"), moved)
            assert everywhere() == 0 == negative_lots()

"""E02: whatever happens in whatever order, postings sum to zero and no shelf is negative; and so under 50 at once."""

# ruff: noqa: PT017 - each step of the machine says itself which refusal is right
from __future__ import annotations

import uuid
from decimal import Decimal as D

from django.db import connections, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from maehia.base import ProblemError
from maehia.emergency.actions import relief
from maehia.emergency.actions import relief_loads as loads
from maehia.emergency.actions.relief_giving import Receiver
from maehia.emergency.actions.relief_loads import Wanted
from maehia.emergency.models import Dispatch, Distribution, Move
from maehia.emergency.queries import relief as queries
from maehia.emergency.rules.stock import DISPATCH
from maehia.emergency.tests.cast import Watch
from maehia.emergency.tests.relief_cast import LATER, SOON, Goods, everywhere, negative_lots, shelf_totals, sums
from maehia.kit.testing import EXTRA_KEPT, AppTestCase, ConcurrentTestCase, in_threads

EXTRA_KEPT |= {"access_role", "access_roleevent"}
QTY = st.integers(1, 30).map(D)


def shelves(case) -> type[RuleBasedStateMachine]:
    """The machine over one test case's warehouse and temple. `model` is our own arithmetic of what must stand there."""

    class Shelves(RuleBasedStateMachine):
        @initialize()
        def begin(self):
            self.point = transaction.savepoint()
            self.model, self.sent, self.homes = {"depot": D(0), "temple": D(0), "way": D(0)}, [], 0

        def place(self, name):
            return case.depot if name == "depot" else case.temple

        @rule(qty=QTY, soon=st.booleans())
        def receive(self, qty, soon):
            case.bring(str(qty), lot="ก" if soon else "ข", expires=SOON if soon else LATER)
            self.model["depot"] += qty

        @rule(qty=QTY, back=st.booleans())
        def send(self, qty, back):
            source, target = ("temple", "depot") if back else ("depot", "temple")
            wanted = [Wanted(case.water, qty)]
            enough = qty <= self.model[source]
            try:
                load = relief.dispatch(case.incident, self.place(source), self.place(target), wanted)
            except ProblemError as error:
                assert error.problem.code == "too_little"
                assert not enough
                return
            assert enough
            self.sent.append((load.pk, source, target, qty))
            self.model[source] -= qty
            self.model["way"] += qty

        @precondition(lambda self: self.sent)
        @rule(data=st.data())
        def arrive(self, data):
            key, _source, target, qty = self.sent.pop(data.draw(st.integers(0, len(self.sent) - 1)))
            load, missing = Dispatch.objects.get(pk=key), D(data.draw(st.integers(0, int(qty))))
            counted = {}
            for line in load.lines.order_by("pk"):
                counted[line.pk] = line.qty - min(missing, line.qty)
                missing -= line.qty - counted[line.pk]
            relief.receive_dispatch(load, counted)
            self.model["way"] -= qty
            self.model[target] += sum(counted.values(), D(0))

        @precondition(lambda self: self.sent)
        @rule(lost=st.booleans())
        def turn_back(self, lost):
            key, source, _target, qty = self.sent.pop()
            loads.give_back(Dispatch.objects.get(pk=key), lost=lost, reason="ถนนขาด")
            self.model["way"] -= qty
            self.model[source] += D(0) if lost else qty

        @rule(again=st.booleans())
        def give(self, again):
            self.homes += 0 if again else 1
            home = uuid.UUID(int=self.homes)
            before = Distribution.objects.filter(household_key=home).exists()
            try:
                relief.distribute(case.bag, home, case.temple, Receiver("ผู้รับ", "signature"))
            except ProblemError as error:
                assert error.problem.code in (("given_already",) if before else ("too_little",))
                assert before or self.model["temple"] < 6
                return
            assert not before
            self.model["temple"] -= 6

        @rule(qty=QTY)
        def lose(self, qty):
            if qty <= self.model["depot"]:
                relief.lose(case.depot, case.water, qty, "น้ำท่วมคลัง", incident=case.incident)
                self.model["depot"] -= qty

        @rule(counted=st.integers(0, 40).map(D))
        def count(self, counted):
            rows = queries.stock(place=case.depot)
            found, left = {}, counted
            for row in rows:
                found[row.item.pk, row.lot_key], left = min(row.qty, left), left - min(row.qty, left)
            relief.count(case.depot, found, incident=case.incident)
            self.model["depot"] = sum(found.values(), D(0))

        @rule()
        def reverse(self):
            last = Move.objects.filter(kind="receive", reversed_by=None).order_by("-at", "-id").first()
            if last is None:
                return
            qty = sum((p.qty for p in last.postings.filter(qty__gt=0)), D(0))
            try:
                relief.reverse(last, "คีย์ผิด")
            except ProblemError as error:
                assert error.problem.code == "too_little"
                return
            self.model["depot"] -= qty

        @invariant()
        def books_hold(self):
            assert sums() == []
            assert everywhere() == 0
            assert negative_lots() == 0
            totals = shelf_totals()
            names = {"depot": case.depot.name, "temple": case.temple.name, "way": "ระหว่างขนส่ง"}
            real = {key: totals.get((name, "water-600"), D(0)) for key, name in names.items()}
            assert real == self.model
            open_ones = Dispatch.objects.filter(state__in=DISPATCH.of_kind("open")).count()
            assert open_ones == len(self.sent)

        def teardown(self):
            if hasattr(self, "point"):
                transaction.savepoint_rollback(self.point)

    return Shelves


class TestAnyInterleaving(Watch, Goods, AppTestCase):
    def test_sums_are_zero_and_no_shelf_is_negative_whatever_happens(self):
        with self.relief():
            self.stocked()
            self.bag = relief.set_entitlement(
                self.incident, "bag", "น้ำดื่ม", [{"item": "water-600", "qty": "6"}], rounds=1
            )
            checks = [HealthCheck.too_slow, HealthCheck.differing_executors]
            limits = settings(max_examples=12, stateful_step_count=14, deadline=None, derandomize=True,
                              database=None, suppress_health_check=checks)  # fmt: skip
            run_state_machine_as_test(shelves(self), settings=limits)


class TestFiftyAtOnce(Watch, Goods, ConcurrentTestCase):
    def test_fifty_dispatches_of_the_last_seven_end_exactly_right(self):
        with self.relief():
            self.stocked()
            self.bring("4", lot="ก", expires=SOON)
            self.bring("3", lot="ข", expires=LATER)

        def send(_number):
            with self.relief():
                return relief.dispatch(self.incident, self.depot, self.temple, [Wanted(self.water, D(1))])

        results = in_threads(50, send)
        connections.close_all()
        sent = [r for r in results if isinstance(r, Dispatch)]
        codes = {r.problem.code for r in results if isinstance(r, ProblemError)}
        assert (len(sent), len(results) - len(sent), codes) == (7, 43, {"too_little"})
        with self.relief():
            assert queries.balance(self.depot, self.water) == 0
            assert sums() == []
            assert negative_lots() == 0
            assert len({d.number for d in sent}) == 7

    def test_one_household_at_ten_desks_is_given_once(self):
        with self.relief():
            self.stocked()
            self.bring("60")
            bag = relief.set_entitlement(self.incident, "bag", "น้ำดื่ม", [{"item": "water-600", "qty": "6"}])

        def give(number):
            with self.relief():
                return relief.distribute(bag, uuid.UUID(int=5), self.depot, Receiver(f"ผู้รับ {number}", "otp"))

        results = in_threads(10, give)
        codes = [r.problem.code for r in results if isinstance(r, ProblemError)]
        assert codes == ["given_already"] * 9, results
        with self.relief():
            assert queries.balance(self.depot, self.water) == 54
            assert Distribution.objects.count() == 1

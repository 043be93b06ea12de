"""Money: one source, its committee and papers, three people; a line and an entitlement are paid once (E06)."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, connections, transaction

from maehia.base import ProblemError
from maehia.emergency.actions import claims
from maehia.emergency.actions.claims import Asked, NewRate
from maehia.emergency.models import Claim, ClaimItem, PaidEntitlement, PaidLine, Payment, ReliefRate
from maehia.emergency.queries import claims as queries
from maehia.emergency.queries import damage as damage_queries
from maehia.emergency.queries.damage import Home
from maehia.emergency.queries.log import lines
from maehia.emergency.tests.cast import Watch
from maehia.emergency.tests.damage_cast import ALL_PAPERS, COST, HOME, ROOF, UPSTAIRS, Code, Damaged
from maehia.kit.acting import acting
from maehia.kit.clock import today
from maehia.kit.testing import EXTRA_KEPT, AppTestCase, ConcurrentTestCase, in_threads

EXTRA_KEPT |= {"access_role", "access_roleevent"}


class Case(Watch, Damaged, AppTestCase):
    def setUp(self):
        super().setUp()
        self.flooded()


class TestPaying(Case):
    def test_a_claim_walks_from_draft_to_paid_with_the_rate_it_used(self):
        claim = self.draft(self.certified(), "house-repair", "kitchen")
        assert claim.amount == D("49500.00") + D("3500.00")
        paid = self.pay(self.approve(claim))
        assert paid.words == "ห้าหมื่นสามพันบาทถ้วน"
        with self.relief():
            used = {p.entitlement: (p.rate_amount, p.rate.source, p.amount) for p in PaidEntitlement.objects.all()}
            assert used["house-repair"] == (D("49500.00"), "หลักเกณฑ์ พ.ศ. 2563", D("49500.00"))
            said = [(n.before, n.after, n.value["baht"]) for n in lines(self.incident.pk, kinds=("claim",))]
        assert said == [(a, b, "53000.00") for a, b in
                        [("", "draft"), ("draft", "submitted"), ("submitted", "approved"), ("approved", "paid")]]  # fmt: skip

    def test_a_cost_below_the_ceiling_is_paid_as_it_is(self):
        assert self.draft(self.certified(lines=[ROOF])).amount == D("26000.00")

    def test_a_second_payment_of_a_claim_is_refused(self):
        claim = self.approve(self.draft(self.certified()))
        self.pay(claim)
        with Code("paid_already"):
            self.pay(claim)

    def test_a_damage_line_is_not_paid_again_from_another_source(self):
        row = self.certified()
        self.pay(self.approve(self.draft(row)))
        with Code("no_cost"):  # all its lines are used up
            self.draft(row, "house-minor", source="donation", rule_set="donation-fund")

    def test_the_database_refuses_a_line_paid_twice_whoever_writes(self):
        row = self.certified()
        self.pay(self.approve(self.draft(row)))
        other = self.approve(self.draft(row, "kitchen"))
        with self.relief():
            line = str(row.lines.first().pk)
            ClaimItem.objects.filter(claim=other).update(lines=[line])
        with Code("paid_already"):
            self.pay(other)
        with self.relief():
            assert Payment.objects.count() == 1
            assert Claim.objects.get(pk=other.pk).state == "approved"

    def test_an_entitlement_is_paid_once_a_round_even_over_two_surveys(self):
        first, second = self.certified("a"), self.certified("b")
        with Code("claimed_before"):
            self.draft(first)
            self.draft(second)
        with self.relief():
            Claim.objects.all().update(state="rejected")
        one = self.approve(self.draft(second))
        with self.relief():  # a claim that came back to life beside it
            Claim.objects.filter(survey=first).update(state="approved", approved_by=self.clerk.actor)
        self.pay(one)
        with Code("paid_already"):
            self.pay(Claim(pk=self.old(first)))

    def old(self, survey):
        with self.relief():
            return Claim.objects.get(survey=survey).pk

    def test_another_round_is_another_right(self):
        row = self.certified()
        with self.relief():
            claims.draft(row.pk, "advance", "advance", [Asked("survival-bag"), Asked("survival-bag", round=2)])
            with Code("nothing_asked"):
                claims.draft(row.pk, "advance", "advance", [Asked("kitchen"), Asked("kitchen")])

    def test_payments_are_never_changed(self):
        self.pay(self.approve(self.draft(self.certified())))
        with self.relief():
            for change in (lambda: Payment.objects.update(amount=D(1)), lambda: PaidLine.objects.all().delete(),
                           lambda: PaidEntitlement.objects.update(amount=D(1))):  # fmt: skip
                with pytest.raises(DatabaseError), transaction.atomic():
                    change()


class TestDeciding(Case):
    def test_three_people_make_approve_and_pay(self):
        claim = self.draft(self.certified())
        with self.relief():
            committee = claims.appoint(self.incident, "advance", "40/2569", ["ก", "ข", "ค"], today())
            claims.submit(claim.pk, committee, ALL_PAPERS)
            with Code("same_person"):
                claims.decide(claim.pk, approve=True, decision="3/2569")
        with self.relief(self.clerk):
            with Code("no_decision"):
                claims.decide(claim.pk, approve=True, decision="")
            claims.decide(claim.pk, approve=True, decision="3/2569")
            with Code("same_person"):
                claims.pay(claim.pk, way="cash")
        with self.relief(self.finance), Code("no_way"):
            claims.pay(claim.pk, way="gold")

    def test_papers_that_are_missing_are_named(self):
        claim = self.draft(self.certified())
        with self.relief():
            committee = claims.appoint(self.incident, "advance", "40/2569", ["ก", "ข", "ค"], today())
            with pytest.raises(ProblemError) as caught:
                claims.submit(claim.pk, committee, [p for p in ALL_PAPERS if p != "zone"])
        assert caught.value.problem.code == "papers_missing"
        assert "ประกาศเขตพื้นที่ประสบภัย" in caught.value.problem.what

    def test_each_source_has_its_own_committee_and_rates(self):
        claim = self.draft(self.certified(), source="town_budget")
        with self.relief():
            other = claims.appoint(self.incident, "donation", "41/2569", ["ก", "ข", "ค"], today())
            with Code("wrong_committee"):
                claims.submit(claim.pk, other, ALL_PAPERS)
            with Code("no_order"):
                claims.appoint(self.incident, "donation", "41/2569", ["ก"], today())
        with Code("no_source"):
            self.draft(
                self.certified("b", home=Home(None, uuid.uuid4())), source="town_budget", rule_set="cabinet-flood"
            )

    def test_a_refused_claim_is_appealed_and_decided_again(self):
        claim = self.draft(self.certified())
        with self.relief():
            committee = claims.appoint(self.incident, "advance", "40/2569", ["ก", "ข", "ค"], today())
            claims.submit(claim.pk, committee, ALL_PAPERS)
            with Code("no_reason"):
                claims.decide(claim.pk, approve=False, decision="3/2569")
            claims.decide(claim.pk, approve=False, decision="3/2569", reason="ภาพไม่ชัด")
            with Code("no_reason"):
                claims.move(claim.pk, "appealed")
            claims.move(claim.pk, "appealed", "แนบภาพใหม่")
            assert claims.submit(claim.pk, committee, ALL_PAPERS).state == "submitted"

    def test_a_stale_or_wrong_step_changes_nothing(self):
        claim = self.draft(self.certified())
        with self.relief(self.finance):
            with Code("move_refused"):
                claims.pay(claim.pk, way="cash")
            with Code("stale_claim"):
                claims.move_stale = claims.claim_locked(claim.pk, "submitted", claim.version - 1)
            with Code("no_claim"):
                claims.pay(uuid.uuid4(), way="cash")

    def test_only_a_certified_home_claims(self):
        row, _ = self.survey()
        with Code("not_certified"):
            self.draft(row)


class TestRulesAtWork(Case):
    def test_a_landlord_gets_nothing_and_a_tenant_shows_her_lease(self):
        with Code("not_entitled"):
            self.draft(self.certified("a", occupancy="landlord"))
        claim = self.draft(self.certified("b", occupancy="tenant", home=Home(None, uuid.uuid4())), "kitchen")
        with self.relief():
            assert "lease" in claims.papers_of(claim)

    def test_only_lines_of_flooded_floors_are_paid(self):
        claim = self.draft(self.certified(storeys=2, flooded_floors=1, lines=[ROOF, UPSTAIRS]))
        assert claim.amount == D("26000.00")

    def test_a_home_without_registration_is_paid_on_an_officers_statement(self):
        claim = self.draft(self.certified(is_registered=False), source="town_budget")
        without = [p for p in ALL_PAPERS if p != "registration"]
        assert self.approve(claim, without).state == "approved"

    def test_what_can_be_asked_is_shown_with_why_not(self):
        row = self.certified(occupancy="tenant")
        with self.relief():
            found = {o.rate.item: o for o in queries.offers(row, "donation", today())}
            assert found["house-total"].verdict.refused
            assert not found["house-minor"].verdict.refused
            assert not found["kitchen"].rate.verified


class TestRates(Case):
    def new(self, **more):
        row = {"rule_set": "advance", "item": "kitchen", "name_th": "ชุดเครื่องครัว", "name_en": "Kitchen", "per": "household",
               "amount": D("4000.00"), "valid_from": date(2026, 1, 1), "source": "ประกาศ 1/2569", **more}  # fmt: skip
        return claims.add_rate(NewRate(**row))

    def test_a_newer_row_is_used_and_what_was_paid_keeps_its_own(self):
        before = self.draft(self.certified("a"), "kitchen")
        self.pay(self.approve(before))
        with self.relief():
            self.new(checked_on=date(2026, 2, 1), verified=True)
        after = self.draft(self.certified("b", home=Home(None, uuid.uuid4())), "kitchen")
        assert (before.amount, after.amount) == (D("3500.00"), D("4000.00"))
        with self.relief():
            assert PaidEntitlement.objects.get().rate_amount == D("3500.00")

    def test_a_row_needs_a_source_and_an_amount_and_stands_once_a_day(self):
        with self.relief():
            for wrong, code in ((D("0"), "bad_amount"), (D("1.005"), "bad_amount"), (D("NaN"), "bad_amount")):
                with Code(code):
                    self.new(amount=wrong)
            with Code("no_source"):
                self.new(source=" ")
            with Code("no_source"):
                self.new(verified=True)
            self.new()
            with Code("rate_stands"):
                self.new()

    def test_loading_again_adds_nothing(self):
        with self.relief():
            assert claims.load_rates() == 0
            assert ReliefRate.objects.filter(verified=True).count() == 0


class TestLists(Case):
    def test_the_treasury_gets_rows_that_add_up(self):
        self.pay(self.approve(self.draft(self.certified(), "house-repair", "kitchen")))
        with self.relief(self.finance):
            head, row = list(queries.treasury(self.incident))
            assert dict(zip(head, row, strict=True))["จำนวนเงิน (บาท)"] == "53000.00"
            assert row[1] == "18/11/2569"
            money = damage_queries.money(self.incident)
        assert (money.paid, money.approved, money.unpaid) == (D("53000.00"), 0, 0)

    def test_waiting_claims_are_counted_with_their_age(self):
        claim = self.approve(self.draft(self.certified()))
        with self.relief():
            assert queries.backlog(self.incident) == [(claim.number, 0)]
            assert queries.counts(self.incident)["approved"] == 1

    def test_money_is_not_seen_in_the_field_and_not_across_modes(self):
        self.draft(self.certified())
        with acting(self.volunteer.actor, "emergency.field"):
            assert Claim.objects.count() == 0
        with self.relief(mode="exercise"):
            assert Claim.objects.count() == 0

    def test_the_log_of_the_money_names_no_one(self):
        self.pay(self.approve(self.draft(self.certified())))
        with self.relief():
            said = " ".join(f"{n.text} {n.value}" for n in lines(self.incident.pk))
        assert "มาลี" not in said
        assert str(HOME) not in said


class TestAtOnce(Watch, Damaged, ConcurrentTestCase):
    def test_ten_desks_paying_one_claim_pay_it_once(self):
        self.flooded()
        claim = self.approve(self.draft(self.certified()))
        results = in_threads(10, lambda _n: self.pay(claim))
        self.assert_once(results, claims=1)

    def test_two_claims_on_one_entitlement_paid_at_once_pay_it_once(self):
        self.flooded()
        rows = [self.certified("a"), self.certified("b")]
        made = []
        for row in rows:
            made.append(self.draft(row))
            with self.relief():
                Claim.objects.filter(pk=made[-1].pk).update(state="rejected")
        with self.relief():
            Claim.objects.all().update(state="approved", approved_by=self.clerk.actor)
        results = in_threads(8, lambda n: self.pay(made[n % 2]))
        self.assert_once(results, claims=2)

    def assert_once(self, results, claims):
        connections.close_all()
        paid = [r for r in results if isinstance(r, Payment)]
        codes = {r.problem.code for r in results if isinstance(r, ProblemError)}
        assert len(paid) == 1, results
        assert codes == {"paid_already"}
        with self.relief():
            assert Payment.objects.count() == PaidEntitlement.objects.count() == 1
            assert Claim.objects.filter(state="paid").count() == 1
            assert Claim.objects.count() == claims
            assert PaidLine.objects.count() == 2
            assert Payment.objects.get().amount < COST

"""Grades, costs and rates by dated data, to the satang; who is entitled, one test per branch of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.emergency.rules.claims import Rule, judge, papers_for, rules, sources
from maehia.emergency.rules.claims import papers as paper_words
from maehia.emergency.rules.damage import bands_on, broken, house_share, parts, price
from maehia.emergency.rules.damage_states import CLAIM, SURVEY
from maehia.emergency.rules.rates import amount_of, built_in, rate_on, set_names
from maehia.emergency.tests.damage_cast import Code

DAY = date(2026, 11, 18)
FACTS = {"occupancy": "owner", "is_registered": True, "storeys": 1, "flooded_floors": 1, "days": 2, "grade": "minor"}


@dataclass(frozen=True)
class Row:
    item: str
    amount: D
    per: str
    most: int | None
    rule_set: str
    valid_from: date
    valid_to: date | None


def rows():
    names = Row.__dataclass_fields__
    return [Row(**{name: row[name] for name in names}) for row in built_in()]


@pytest.mark.parametrize(("share", "grade"), [
    ("0", "none"), ("0.01", "minor"), ("29.99", "minor"), ("30", "major"), ("70", "major"), ("70.01", "total"),
    ("100", "total")])  # fmt: skip
def test_a_grade_changes_exactly_at_its_bands(share, grade):
    assert bands_on(DAY).grade(D(share)) == grade


def test_all_parts_together_are_the_whole_house():
    assert sum(p.weight for p in parts().values()) == 100
    assert house_share([broken(key, "1", "100") for key in parts()]) == 100


@given(st.lists(st.tuples(st.sampled_from(sorted(parts())), st.integers(1, 100)), max_size=9), st.integers(1, 3))
def test_more_damage_never_gives_a_lower_share(told, storeys):
    lines = [broken(part, "1", share) for part, share in told]
    shares = [house_share(lines[:n], storeys) for n in range(len(lines) + 1)]
    assert shares == sorted(shares)
    assert all(0 <= share <= 100 for share in shares)


def test_a_floor_of_two_counts_half():
    assert house_share([broken("roof", "1", "100")], 2) * 2 == house_share([broken("roof", "1", "100")])


def test_a_line_costs_quantity_times_the_price_of_its_day():
    line = price([broken("roof", "40.5", "50")], DAY)[0]
    assert (line.amount, line.cost.key, line.cost.verified) == (D("26325.00"), "roof:2020-01-01", False)


@pytest.mark.parametrize(("typed", "code"), [
    (("tower", "1", "10"), "unknown_part"), (("roof", "0", "10"), "bad_quantity"), (("roof", "-4", "10"), "bad_quantity"),
    (("roof", "NaN", "10"), "bad_quantity"), (("roof", "1e9", "10"), "bad_quantity"), (("roof", "x", "10"), "bad_quantity"),
    (("roof", "1", "101"), "bad_share"), (("roof", "1", "0"), "bad_share"), (("roof", "1", "10", "0"), "bad_floor"),
    (("roof", "1", "10", "1.5"), "bad_floor")])  # fmt: skip
def test_a_wrong_number_is_told_with_the_part_it_stands_at(typed, code):
    with Code(code):
        broken(*typed)


def test_the_same_part_of_a_floor_stands_once():
    with Code("line_twice"):
        price([broken("roof", "1", "10"), broken("roof", "2", "10")], DAY)


class TestRates:
    @pytest.mark.parametrize(("day", "baht"), [
        (date(2011, 10, 1), "20000.00"), (date(2012, 12, 31), "20000.00"), (date(2013, 1, 1), "33000.00"),
        (date(2019, 12, 31), "33000.00"), (date(2020, 1, 1), "49500.00"), (DAY, "49500.00")])  # fmt: skip
    def test_the_row_of_the_day_of_the_event_holds(self, day, baht):
        assert rate_on(rows(), "advance", "house-repair", day).amount == D(baht)

    def test_a_day_without_a_row_is_refused_and_not_guessed(self):
        with Code("no_rate"):
            rate_on(rows(), "advance", "house-repair", date(1999, 1, 1))

    def rate(self, item, rule_set="advance"):
        return rate_on(rows(), rule_set, item, DAY)

    def test_a_cost_is_paid_up_to_the_amount(self):
        assert amount_of(self.rate("house-repair"), D(1), D("54800")) == (1, D("49500.00"))
        assert amount_of(self.rate("house-repair"), D(1), D("1200.555")) == (1, D("1200.55"))
        for cost in (None, D(0)):
            with Code("no_cost"):
                amount_of(self.rate("house-repair"), D(1), cost)

    def test_units_count_up_to_what_the_row_allows(self):
        assert amount_of(self.rate("rent"), D(5)) == (2, D("3600.00"))
        assert amount_of(self.rate("clothes"), D(3)) == (3, D("3300.00"))
        assert amount_of(self.rate("orchard"), D("31.5")) == (30, D("121440.00"))
        assert amount_of(self.rate("kitchen"), D(9)) == (1, D("3500.00"))
        for units in ("0", "-1", "NaN"):
            with Code("bad_units"):
                amount_of(self.rate("clothes"), D(units))

    @given(st.decimals("0.01", "999999", places=2))
    def test_no_cost_is_paid_above_itself_or_the_ceiling(self, cost):
        _, paid = amount_of(self.rate("house-repair"), D(1), cost)
        assert paid <= min(cost, D("49500.00"))

    def test_nothing_that_came_with_the_system_claims_to_be_verified(self):
        assert not any(row["verified"] for row in built_in())
        assert all(row["source"] for row in built_in())
        assert {row["rule_set"] for row in built_in()} == set(set_names())


class TestEntitled:
    def judge(self, item="house-repair", **more):
        return judge(item, {**FACTS, **more})

    def test_an_owner_in_her_home_is_entitled_without_more(self):
        verdict = self.judge()
        assert (verdict.refused, verdict.papers, verdict.flooded_floors_only) == ([], [], False)

    def test_the_tenant_is_entitled_and_shows_her_tenancy(self):
        assert self.judge("kitchen", occupancy="tenant").papers == ["lease"]
        assert self.judge("kitchen", occupancy="tenant").refused == []

    def test_the_landlord_is_not(self):
        for item in ("kitchen", "house-repair", "flood-cash"):
            assert "ผู้เช่า" in self.judge(item, occupancy="landlord").refused[0]

    def test_a_tenant_repairs_with_the_owners_consent(self):
        assert self.judge(occupancy="tenant").papers == ["lease", "consent"]

    def test_of_a_house_with_storeys_only_the_flooded_ones_count(self):
        assert self.judge(storeys=2).flooded_floors_only
        assert not self.judge(storeys=1).flooded_floors_only
        assert not self.judge("kitchen", storeys=2).flooded_floors_only

    def test_without_a_house_registration_an_officers_statement_stands_for_it(self):
        verdict = self.judge(is_registered=False)
        assert verdict.papers == ["statement"]
        needed = papers_for("town_budget", [verdict])
        assert "statement" in needed
        assert "registration" not in needed
        assert "registration" in papers_for("town_budget", [self.judge()])

    def test_an_unharmed_home_is_not_repaired(self):
        assert self.judge(grade="none").refused
        assert not self.judge("flood-cash", grade="none").refused

    @pytest.mark.parametrize("grade", ["minor", "major", "total"])
    def test_a_donation_pays_the_rate_of_the_grade_and_no_other(self, grade):
        allowed = [item for item in ("house-minor", "house-major", "house-total")
                   if not self.judge(item, grade=grade).refused]  # fmt: skip
        assert allowed == [f"house-{grade}"]

    def test_every_branch_of_the_data_is_reached_here(self):
        facts = [{}, {"occupancy": "tenant"}, {"occupancy": "landlord"}, {"storeys": 2}, {"is_registered": False},
                 {"grade": "none"}, {"grade": "major"}, {"grade": "total"}]  # fmt: skip
        items = ("house-repair", "kitchen", "house-minor", "house-major", "house-total")
        reached = {rule.key for more in facts for item in items for rule in judge(item, {**FACTS, **more}).said}
        assert reached == {rule.key for rule in rules()}

    def test_each_source_names_its_committee_and_known_papers(self):
        for source in sources().values():
            assert source.committee
            assert set(source.papers) <= set(paper_words())
        assert all(not rule.paper or rule.paper in paper_words() for rule in rules())

    def test_numbers_are_compared_inside_their_bounds(self):
        rule = Rule("x", {"days": {"over": 2, "under": 8}}, ("*",), "refuse", "x", "x")
        assert [rule.holds({"days": n}) for n in (2, 3, 7, 8, None)] == [False, True, True, False, False]


def test_every_way_through_the_states_ends():
    for table in (SURVEY, CLAIM):
        assert {"reason"} <= table.guards() | {"graded"}
        assert table.of_kind("done")


def test_a_wrong_ruling_in_the_data_does_not_pass(monkeypatch):
    from maehia.emergency.rules import claims

    broken_rule = {"key": "x", "when": {}, "items": ["*"], "effect": "paper", "say": "x", "source": "x"}
    monkeypatch.setattr(claims, "_data", lambda: {"rules": [broken_rule]})
    claims.rules.cache_clear()
    try:
        with pytest.raises(ValueError, match="not complete"):
            claims.rules()
    finally:
        monkeypatch.undo()
        claims.rules.cache_clear()


def test_problems_are_problems():
    with pytest.raises(ProblemError):
        broken("roof", "1", "x")

"""Routing: the first rule that fits wins, the trace says why, and a change is tried on the past first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.services.rules.routing import OPERATORS, Condition, Rule, Step, dry_run, faults, route

LAMP_IN_MOO_3 = Rule("lamp_moo_3", "กองช่าง ชุดหมู่ 3",
                     (Condition("category", "is", "lamp"), Condition("moo", "in", (3, 4))))  # fmt: skip
LAMP = Rule("lamp", "กองช่าง", (Condition("category", "is", "lamp"),))
SMOKE = Rule("smoke", "กองสาธารณสุขฯ", (Condition("category", "in", ("smoke", "smell")),))
REST = Rule("rest", "สำนักปลัด")
RULES = (LAMP_IN_MOO_3, LAMP, SMOKE, REST)


def test_the_first_rule_that_fits_wins():
    assert route(RULES, {"category": "lamp", "moo": 3}).unit == "กองช่าง ชุดหมู่ 3"
    assert route(RULES, {"category": "lamp", "moo": 7}).unit == "กองช่าง"


def test_the_trace_names_each_rule_with_what_it_saw():
    found = route(RULES, {"category": "lamp", "moo": 7})
    assert found.trace == (
        Step("lamp_moo_3", False, (("category", "lamp"), ("moo", 7)), LAMP_IN_MOO_3.conditions[1]),
        Step("lamp", True, (("category", "lamp"),)),
    )


def test_without_a_fitting_rule_a_person_chooses():
    found = route((LAMP, SMOKE), {"category": "dog"})
    assert found.unit is None
    assert [step.fitted for step in found.trace] == [False, False]


@pytest.mark.parametrize(
    ("operator", "value", "fits", "fails"),
    [
        ("is", 3, 3, 4), ("is_not", 3, 4, 3), ("in", (1, 2), 2, 3), ("not_in", (1, 2), 3, 2), ("at_least", 3, 3, 2),
        ("less_than", 3, 2, 3), ("has", "ควัน", "มีควันมาก", "ไฟดับ"), ("is_empty", None, "", "x"),
    ],
)  # fmt: skip
def test_each_operator_tells_two_facts_apart(operator, value, fits, fails):
    rule = [Rule("r", "u", (Condition("fact", operator, value),))]
    assert route(rule, {"fact": fits}).unit == "u"
    assert route(rule, {"fact": fails}).unit is None


@pytest.mark.parametrize("operator", sorted(set(OPERATORS) - {"is_empty"}))
def test_a_fact_that_nobody_gave_fits_nothing(operator):
    assert route([Rule("r", "u", (Condition("moo", operator, (1, 2)),))], {}).unit is None


def test_a_fact_of_another_type_fits_nothing_and_breaks_nothing():
    assert route([Rule("r", "u", (Condition("moo", "at_least", 3),))], {"moo": "สาม"}).unit is None


class TestFaults:
    UNITS, FACTS = ("กองช่าง", "กองสาธารณสุขฯ", "สำนักปลัด", "กองช่าง ชุดหมู่ 3"), ("category", "moo")

    def said(self, *rules):
        return faults(rules, self.UNITS, self.FACTS)

    def test_good_rules_have_none(self):
        assert self.said(*RULES) == []

    def test_a_rule_after_one_that_takes_all_is_never_reached(self):
        assert self.said(REST, LAMP) == [("lamp", "never_reached_after:rest")]

    def test_names_that_do_not_exist_are_named(self):
        bad = Rule("x", "กองลอย", (Condition("colour", "like", "red"),))
        wanted = ["unknown_unit:กองลอย", "unknown_fact:colour", "unknown_operator:like"]
        assert self.said(bad) == [("x", what) for what in wanted]

    def test_a_key_stands_once(self):
        assert self.said(LAMP, LAMP) == [("lamp", "key_twice")]


def test_a_dry_run_lists_exactly_the_cases_that_would_move():
    past = [(n, {"category": "lamp", "moo": n}, "กองช่าง") for n in range(1, 6)]
    moved = dry_run(past, RULES)
    assert [(m.case, m.before, m.after, m.why.rule) for m in moved] == [
        (3, "กองช่าง", "กองช่าง ชุดหมู่ 3", "lamp_moo_3"), (4, "กองช่าง", "กองช่าง ชุดหมู่ 3", "lamp_moo_3"),
    ]  # fmt: skip


FACTS = st.fixed_dictionaries(
    {}, optional={"category": st.sampled_from(["lamp", "smoke", "dog"]), "moo": st.integers(1, 9)}
)


@given(FACTS)
def test_a_last_rule_without_conditions_leaves_nobody_out(facts):
    assert route(RULES, facts).unit is not None


@given(FACTS)
def test_only_the_last_step_of_a_trace_fits(facts):
    fitted = [step.fitted for step in route(RULES, facts).trace]
    assert fitted == [False] * (len(fitted) - 1) + [True]


@given(st.lists(FACTS, max_size=8))
def test_rules_that_did_not_change_move_nobody(cases):
    past = [(n, facts, route(RULES, facts).unit) for n, facts in enumerate(cases)]
    assert dry_run(past, RULES) == []

"""A house is checked against its land: what is close to a limit is a doubt, never a silent yes or no."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import LineString, Polygon, box

from maehia.services.rules.permit import Finding, Land, Line, Plan, Shape, examine, rectangle, shipped_limits
from maehia.services.rules.permit.checks import at_least, at_most
from maehia.services.rules.permit.facts import COMPASS, away, margin, sides

TODAY = date(2026, 11, 22)
LIMITS = shipped_limits(TODAY)
X, Y = 500_000.0, 2_070_000.0
PARCEL = box(X, Y, X + 20, Y + 25)
ROAD = Line("ซอยสมมติ 1", LineString([(X - 50, Y - 4), (X + 70, Y - 4)]), 6.0, "ถนน (2569)")
YELLOW = Shape("ย1", "ที่อยู่อาศัยหนาแน่นน้อย", box(X - 500, Y - 500, X + 500, Y + 500), "ผังเมือง (สมมติ)")
FAR_FLOOD = Shape("F", "เขตน้ำท่วมห้วย (สมมติ)", box(X + 300, Y, X + 400, Y + 100), "เขตน้ำท่วม (สมมติ)")
LAND = Land(PARCEL, "แผนที่ภาษี (2569)", (ROAD,), "ถนน (2569)", (YELLOW,), (FAR_FLOOD,), "yes", "ทะเบียนเจ้าของ")
PLAN = Plan(rectangle(X + 10, Y + 12, 9, 10), 90.0, 1, 4.5)


def found(plan: Plan = PLAN, land: Land = LAND) -> dict[str, Finding]:
    return {finding.code: finding for finding in examine(plan, land, LIMITS).findings}


def moved(dx: float, dy: float = 0.0, plan: Plan = PLAN) -> Plan:
    return replace(plan, footprint=affinity.translate(plan.footprint, dx, dy))


def test_a_small_house_in_the_middle_of_its_own_land_passes_everything() -> None:
    outcome = examine(PLAN, LAND, LIMITS)
    assert outcome.verdict == "pass", [f for f in outcome.findings if f.verdict != "pass"]
    assert {
        "owner",
        "floor_area",
        "storeys",
        "height",
        "covers",
        "open_space",
        "access",
        "road_width",
        "zone",
        "flood",
    } <= set(found())
    assert all(finding.source and finding.reason.th and finding.reason.en for finding in outcome.findings)


@pytest.mark.parametrize(
    ("parts", "code", "verdict"),
    [
        ({"floor_area_m2": 150.0, "storeys": 2}, "floor_area", "doubt"),  # 9 x 10 m on two storeys is 180
        ({"floor_area_m2": 150.01}, "floor_area", "fail"),
        ({"storeys": 3}, "storeys", "fail"),
        ({"height_m": 9.01}, "height", "fail"),
        ({"footprint": rectangle(X + 10, Y + 12, 19, 24), "floor_area_m2": 149.0}, "open_space", "fail"),
    ],
)
def test_one_value_over_its_limit_fails_its_own_question(parts: dict[str, Any], code: str, verdict: str) -> None:
    assert found(replace(PLAN, **parts))[code].verdict == verdict


@pytest.mark.parametrize(
    ("parts", "code", "verdict"),
    [
        ({"owner": "no"}, "owner", "fail"),
        ({"owner": "unknown"}, "owner", "doubt"),
        ({"parcel": None}, "covers", "doubt"),
        ({"zones": None}, "zone", "doubt"),
        ({"zones": (replace(YELLOW, code="อ1"),)}, "zone", "fail"),
        ({"floods": None}, "flood", "doubt"),
        ({"floods": ()}, "flood", "pass"),
        ({"floods": (replace(FAR_FLOOD, geometry=box(X - 100, Y - 100, X + 100, Y + 100)),)}, "flood", "fail"),
        ({"roads": ()}, "access", "doubt"),
        ({"roads": (replace(ROAD, width_m=None),)}, "road_width", "doubt"),
        ({"roads": (replace(ROAD, width_m=2.0),)}, "road_width", "fail"),
        ({"roads": (replace(ROAD, geometry=LineString([(X, Y - 60), (X + 20, Y - 60)])),)}, "access", "fail"),
    ],
)
def test_one_changed_fact_of_the_register_changes_its_own_answer(
    parts: dict[str, Any], code: str, verdict: str
) -> None:
    assert found()[code].verdict == "pass"
    assert found(land=replace(LAND, **parts))[code].verdict == verdict


def test_written_consent_of_the_owner_is_for_the_desk_to_check() -> None:
    assert found(replace(PLAN, consent=True), replace(LAND, owner="no"))["owner"].verdict == "doubt"


def test_a_blind_wall_may_stand_nearer_to_the_neighbour() -> None:
    near = moved(-3.8)  # 1.7 m from the western boundary
    west = next(f for f in found(near).values() if "ทิศตะวันตก" in f.name.th)
    assert (west.verdict, round(west.value or 0, 2), west.limit) == ("doubt", 1.7, 2.0)
    blind = next(f for f in found(replace(near, blind_walls=True)).values() if "ทิศตะวันตก" in f.name.th)
    assert (blind.verdict, blind.limit) == ("pass", 0.5)


def test_the_side_along_the_road_has_the_rule_of_the_road() -> None:
    names = [f.name.th for code, f in found().items() if code.startswith("side_")]
    assert len(names) == 3
    assert not any("ทิศใต้" in name for name in names)


def test_a_narrow_road_asks_for_a_distance_from_its_middle() -> None:
    assert "road_middle" not in found()
    lane = replace(ROAD, width_m=4.0, geometry=LineString([(X - 50, Y - 2), (X + 70, Y - 2)]))
    land = replace(LAND, roads=(lane,))
    assert found(moved(0, -6.5), land)["road_middle"].verdict == "doubt"
    assert found(moved(0, -2.0), land)["road_middle"].verdict == "pass"


def test_outside_the_parcel_the_distances_cannot_be_measured() -> None:
    rows = found(moved(60))
    assert rows["covers"].verdict == "fail"
    assert {f.verdict for code, f in rows.items() if code.startswith("side_")} == {"doubt"}


def test_the_sides_of_a_bent_parcel_are_one_per_direction() -> None:
    bent = Polygon([(0, 0), (10, 0.2), (20, 0), (20, 25), (0, 25)])
    assert [COMPASS[side.looks][1] for side in sides(bent)] == ["north", "east", "south", "west"]


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 5))
def test_a_limit_with_a_tolerance_has_a_doubt_on_both_sides(value: float, limit: float, tolerance: float) -> None:
    verdict = at_most(value, limit, tolerance)
    assert verdict == at_least(-value, -limit, tolerance)
    if verdict == "pass":
        assert at_most(value + 2 * tolerance - 1e-9, limit, tolerance) != "fail" or tolerance < 1e-8


SHIFTS = st.tuples(st.floats(-45, 45), st.floats(-45, 45))


@given(SHIFTS, SHIFTS)
@settings(max_examples=60, deadline=None)
def test_nothing_turns_from_pass_to_fail_without_a_doubt_between(start: Any, end: Any) -> None:
    """Along any straight way of the footprint, each answer goes through doubt, in steps finer than the tolerance."""
    steps = 600
    seen: dict[str, list[str]] = {}
    for n in range(steps + 1):
        share = n / steps
        plan = moved(*(a + (b - a) * share for a, b in zip(start, end, strict=True)))
        for code, finding in _geometric(plan).items():
            seen.setdefault(code, []).append(finding)
    for code, verdicts in seen.items():
        for one, other in itertools.pairwise(verdicts):
            assert {one, other} != {"pass", "fail"}, code


def _geometric(plan: Plan) -> dict[str, str]:
    """Only the answers that a move can change; a smaller flood zone near the land makes all of them turn."""
    near = replace(FAR_FLOOD, geometry=box(X + 25, Y + 5, X + 90, Y + 40))
    return {
        code: f.verdict
        for code, f in found(plan, replace(LAND, floods=(near,))).items()
        if f.unit == "m" and f.tolerance
    }


@given(st.floats(0.3, 1.0), st.floats(0, 359))
def test_moving_by_more_than_twice_the_tolerance_over_the_boundary_flips_the_answer(beyond: float, turn: float) -> None:
    plan = replace(PLAN, footprint=rectangle(X + 10, Y + 12, 6, 6, turn))
    tolerance = LIMITS.tolerance("parcels", "drawn")
    inside = margin(plan.footprint, PARCEL)
    west = plan.footprint.bounds[0] - X
    stands = moved(-(west - tolerance - 0.01), plan=plan)
    gone = moved(-(west - tolerance - 0.01) - 2 * tolerance - beyond, plan=plan)
    assert inside > tolerance
    assert found(stands)["covers"].verdict == "pass"
    assert found(gone)["covers"].verdict == "fail"
    assert found(moved(-west, plan=plan))["covers"].verdict == "doubt"


def test_margins_are_signed() -> None:
    assert margin(box(1, 1, 2, 2), box(0, 0, 5, 5)) == 1
    assert margin(box(-2, 1, 2, 2), box(0, 0, 5, 5)) == -2
    assert away(box(0, 0, 1, 1), box(4, 0, 5, 1)) == 3
    assert away(box(0, 0, 3, 3), box(-10, -10, 10, 10)) < -6


def test_limits_are_those_of_the_day() -> None:
    with pytest.raises(KeyError):
        shipped_limits(date(1990, 1, 1))
    assert all(row.source and not row.verified for row in LIMITS.limits.values())

"""One finding per question: pass, fail or doubt, with the value, the limit, the tolerance of the source, and why.

A measured value within the tolerance of its limit is a doubt, so nothing turns from pass to fail without one between.
A doubt asks for a visit on the site; it is never an answer by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from shapely import union_all

from maehia.services.rules.definition import Text
from maehia.services.rules.permit.facts import COMPASS, Land, Line, Plan, Side, away, margin, sides
from maehia.services.rules.permit.limits import Limits

Verdict = Literal["pass", "fail", "doubt"]
WORST: tuple[Verdict, ...] = ("fail", "doubt", "pass")
DECLARED = "คำขอของผู้ยื่น"
MISSING = "ทะเบียนของเมือง"
SHARE_OF_PLAN = 0.9  # floor area declared as less than this of footprint times storeys is asked about


@dataclass(frozen=True, slots=True)
class Finding:
    """value, limit and tolerance in `unit` (m, m2, storeys, share or ""). source: of the value; rule: of the limit.

    verified: whether somebody verified the limit.
    """

    code: str
    name: Text
    verdict: Verdict
    reason: Text
    source: str
    value: float | None = None
    limit: float | None = None
    tolerance: float = 0.0
    unit: str = ""
    rule: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of all."""
        found = {finding.verdict for finding in self.findings}
        return next((v for v in WORST if v in found), "doubt")

    def of(self, verdict: Verdict) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.verdict == verdict)


def examine(plan: Plan, land: Land, limits: Limits) -> Outcome:
    """All questions about a plan on its land, those about the paper first."""
    found = [_owner(plan, land), *_declared(plan, limits)]
    if land.parcel is None:
        reason = Text("ทะเบียนไม่มีรูปแปลงที่ดินนี้ ต้องวัดในสถานที่", "The register has no outline of this parcel")
        found.append(Finding("covers", COVERS, "doubt", reason, land.parcel_source or MISSING))
    else:
        found += [*_on_parcel(plan, land, limits), *_roads(plan, land, limits)]
    return Outcome((*found, _zone(plan, land, limits), _flood(plan, land, limits)))


def at_most(value: float, limit: float, tolerance: float) -> Verdict:
    """pass when it holds even if the value is off by the tolerance, fail when it cannot hold, doubt between."""
    if value <= limit - tolerance:
        return "pass"
    return "fail" if value > limit + tolerance else "doubt"


def at_least(value: float, limit: float, tolerance: float) -> Verdict:
    return at_most(-value, -limit, tolerance)


COVERS = Text("ผังอยู่ในแปลงที่ดิน", "The house stands inside the parcel")
SAID = {
    "pass": Text("ผ่าน", "Holds"),
    "fail": Text("ไม่ผ่าน", "Does not hold"),
    "doubt": Text("ใกล้เกณฑ์กว่าความแม่นยำของแผนที่ ต้องวัดในสถานที่", "Closer to the limit than the map is exact"),
}


def _said(verdict: Verdict, th: str, en: str) -> Text:
    return Text(f"{th}: {SAID[verdict].th}", f"{en}: {SAID[verdict].en}")


def _owner(plan: Plan, land: Land) -> Finding:
    name = Text("ผู้ยื่นเป็นเจ้าของที่ดิน", "The applicant owns the land")
    source = land.owner_source or MISSING
    if land.owner == "yes":
        return Finding("owner", name, "pass", Text("ทะเบียนมีชื่อผู้ยื่นเป็นเจ้าของ", "The register names the applicant"), source)
    if plan.consent:
        reason = Text("ใช้หนังสือยินยอมของเจ้าของที่ดิน เจ้าหน้าที่ต้องตรวจ", "By written consent, which the desk must check")
        return Finding("owner", name, "doubt", reason, source)
    if land.owner == "unknown":
        reason = Text("ทะเบียนไม่ทราบเจ้าของแปลงนี้", "The register does not know the owner")
        return Finding("owner", name, "doubt", reason, source)
    reason = Text("ทะเบียนมีชื่อผู้อื่นเป็นเจ้าของ และไม่มีหนังสือยินยอม", "Somebody else owns it, and there is no consent")
    return Finding("owner", name, "fail", reason, source)


@dataclass(frozen=True, slots=True)
class Measure:
    """A value against the limit of a key, as exact as its source."""

    key: str
    value: float
    unit: str
    source: str
    tolerance: float = 0.0

    def finding(self, code: str, name: Text, verdict: Verdict, limits: Limits, reason: Text | None = None) -> Finding:
        row = limits.limits[self.key]
        why = reason or _said(verdict, name.th, name.en)
        return Finding(code, name, verdict, why, self.source, self.value, float(row.value), self.tolerance, self.unit,
                       row.source, row.verified)  # fmt: skip


def _declared(plan: Plan, limits: Limits) -> Iterator[Finding]:
    """What the applicant declares is exact: there is no doubt about a number that was written down."""
    rows = (
        ("floor_area", "floor_area_max_m2", plan.floor_area_m2, "m2", Text("พื้นที่ใช้สอยรวม", "Floor area")),
        ("storeys", "storeys_max", float(plan.storeys), "storeys", Text("จำนวนชั้น", "Storeys")),
        ("height", "height_max_m", plan.height_m, "m", Text("ความสูง", "Height")),
    )
    for code, key, value, unit, name in rows:
        verdict, reason = at_most(value, limits[key], 0.0), None
        if code == "floor_area" and verdict == "pass" and value < SHARE_OF_PLAN * plan.footprint.area * plan.storeys:
            verdict, reason = "doubt", LESS_THAN_DRAWN
        yield Measure(key, value, unit, DECLARED).finding(code, name, verdict, limits, reason)


LESS_THAN_DRAWN = Text("น้อยกว่าผังชั้นล่างคูณจำนวนชั้น ต้องตรวจแบบ", "Less than the footprint times the storeys")


def _on_parcel(plan: Plan, land: Land, limits: Limits) -> Iterator[Finding]:
    assert land.parcel is not None  # noqa: S101 (the caller has looked)
    tolerance = limits.tolerance("parcels", "drawn")
    inside = margin(plan.footprint, land.parcel)
    verdict = at_least(inside, 0.0, tolerance)
    yield Finding("covers", COVERS, verdict, _said(verdict, "ผังบ้านเทียบกับเขตที่ดิน", "Footprint against the boundary"),
                  land.parcel_source, inside, 0.0, tolerance, "m")  # fmt: skip
    for number, side in enumerate(_neighbour_sides(land, limits), start=1):
        yield _side(number, side, plan, land, limits, measurable=verdict != "fail")
    share = plan.footprint.area / land.parcel.area
    slack = share * land.parcel.length * limits.tolerance("parcels") / land.parcel.area
    said = at_most(share, limits["covered_share_max"], slack)
    name = Text("ส่วนของแปลงที่อาคารปกคลุม", "Share of the parcel that is built on")
    yield Measure("covered_share_max", share, "share", land.parcel_source, slack).finding(
        "open_space", name, said, limits
    )


def _neighbour_sides(land: Land, limits: Limits) -> list[Side]:
    """The sides that look at a neighbour's land: those along a public road have a rule of their own."""
    assert land.parcel is not None  # noqa: S101
    return [side for side in sides(land.parcel) if not any(_along(side, road, limits) for road in land.roads)]


def _along(side: Side, road: Line, limits: Limits) -> bool:
    """A side runs along a road when its middle and both ends are near it."""
    reach = (road.width_m or limits["narrow_road_m"]) / 2 + limits["road_gap_max_m"]
    points = (side.line.interpolate(share, normalized=True) for share in (0.1, 0.5, 0.9))
    return all(road.geometry.distance(point) <= reach for point in points)


def _side(number: int, side: Side, plan: Plan, land: Land, limits: Limits, *, measurable: bool) -> Finding:
    key = "side_blind_m" if plan.blind_walls else "side_open_m"
    th, en = COMPASS[side.looks]
    name = Text(f"ระยะร่นด้าน{th}", f"Distance to the {en} boundary")
    tolerance = limits.tolerance("parcels", "drawn")
    value = float(plan.footprint.distance(side.line))
    verdict = at_least(value, limits[key], tolerance) if measurable else "doubt"
    measure = Measure(key, value, "m", land.parcel_source, tolerance)
    return measure.finding(f"side_{number}", name, verdict, limits, None if measurable else OUTSIDE)


OUTSIDE = Text("ผังอยู่นอกแปลง จึงวัดระยะร่นไม่ได้", "The footprint lies outside the parcel, so nothing can be measured")


def _roads(plan: Plan, land: Land, limits: Limits) -> Iterator[Finding]:
    assert land.parcel is not None  # noqa: S101
    name = Text("ทางเข้าออกสู่ถนนสาธารณะ", "Access to a public road")
    if not land.roads:
        reason = Text("ไม่พบถนนสาธารณะใกล้แปลงนี้ในทะเบียน", "The register knows no public road near the parcel")
        yield Finding("access", name, "doubt", reason, land.roads_source or MISSING)
        return
    road = min(land.roads, key=lambda r: r.geometry.distance(land.parcel))
    tolerance = limits.tolerance("parcels", "roads")
    half = (road.width_m or limits["narrow_road_m"]) / 2
    gap = max(0.0, float(road.geometry.distance(land.parcel)) - half)
    verdict = at_most(gap, limits["road_gap_max_m"], tolerance)
    reason = _said(verdict, f"ระยะถึงขอบ{road.name or 'ถนน'}", "Distance to the road")
    yield Measure("road_gap_max_m", gap, "m", road.source, tolerance).finding("access", name, verdict, limits, reason)
    yield _width(road, limits)
    if road.width_m is not None and road.width_m < limits["narrow_road_m"]:
        yield _from_middle(plan, road, limits)


def _width(road: Line, limits: Limits) -> Finding:
    name = Text("ความกว้างถนน", "Width of the road")
    if road.width_m is None:
        reason = Text("ทะเบียนไม่ทราบความกว้างของถนน", "The register does not know the width")
        return Finding("road_width", name, "doubt", reason, road.source)
    verdict = at_least(road.width_m, limits["road_width_min_m"], 0.0)
    return Measure("road_width_min_m", road.width_m, "m", road.source).finding("road_width", name, verdict, limits)


def _from_middle(plan: Plan, road: Line, limits: Limits) -> Finding:
    name = Text("ระยะจากกึ่งกลางถนน", "Distance to the middle of the road")
    tolerance = limits.tolerance("roads", "drawn")
    value = float(plan.footprint.distance(road.geometry))
    verdict = at_least(value, limits["road_middle_m"], tolerance)
    measure = Measure("road_middle_m", value, "m", road.source, tolerance)
    return measure.finding("road_middle", name, verdict, limits)


def _zone(plan: Plan, land: Land, limits: Limits) -> Finding:
    name = Text("ผังเมืองอนุญาตให้สร้างบ้าน", "The land-use plan allows a house")
    if land.zones is None:
        reason = Text("ทะเบียนยังไม่มีผังเมือง", "The register has no land-use plan yet")
        return Finding("zone", name, "doubt", reason, MISSING)
    row = limits.zones_allowed
    good = [zone for zone in land.zones if any(zone.code.startswith(code) for code in row.value)]
    source = land.zones[0].source if land.zones else MISSING
    tolerance = limits.tolerance("zones", "drawn")
    inside = margin(plan.footprint, union_all([zone.geometry for zone in good])) if good else -1e6
    verdict = at_least(inside, 0.0, tolerance)
    named = ", ".join(sorted({zone.name for zone in land.zones if zone.geometry.intersects(plan.footprint)})) or "–"
    return Finding("zone", name, verdict, _said(verdict, f"ผังเมือง: {named}", f"Zone: {named}"), source,
                   inside if good else None, 0.0, tolerance, "m", row.source, row.verified)  # fmt: skip


def _flood(plan: Plan, land: Land, limits: Limits) -> Finding:
    name = Text("อยู่นอกเขตน้ำท่วม", "Outside the flood zone")
    if land.floods is None:
        reason = Text("ทะเบียนยังไม่มีเขตน้ำท่วม", "The register has no flood zone yet")
        return Finding("flood", name, "doubt", reason, MISSING)
    tolerance = limits.tolerance("floods", "drawn")
    nearest = min(land.floods, key=lambda zone: away(plan.footprint, zone.geometry), default=None)
    if nearest is None:
        reason = Text("ไม่มีเขตน้ำท่วมใกล้แปลงนี้", "No flood zone is near")
        return Finding("flood", name, "pass", reason, MISSING, tolerance=tolerance, unit="m")
    value = away(plan.footprint, nearest.geometry)
    verdict = at_least(value, 0.0, tolerance)
    return Finding("flood", name, verdict, _said(verdict, f"ระยะจาก{nearest.name}", f"Distance to {nearest.name}"),
                   nearest.source, value, 0.0, tolerance, "m")  # fmt: skip

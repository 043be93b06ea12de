"""Rules 14 to 16: rings, circles and heights. Latitude comes first in CAP; an area of ours touches our town."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from shapely import Point, Polygon
from shapely.errors import ShapelyError

from maehia.emergency.rules.cap.context import Context
from maehia.emergency.rules.cap.finding import ERROR, WARNING, Finding
from maehia.emergency.rules.cap.message import Alert, Area, areas_of

NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)"
PAIR = re.compile(rf"({NUMBER}),({NUMBER})")
CIRCLE = re.compile(rf"({NUMBER}),({NUMBER})\s+({NUMBER})")
HEIGHT = re.compile(NUMBER)
MOST_POINTS = 100
KM_PER_DEGREE = 111.32
SMALLEST_KM2 = 1e-6  # one square metre

Pairs = Sequence[tuple[float, float]]


def pairs_of(text: str) -> list[tuple[float, float]] | None:
    """(lat, lon) of a polygon's text, None when it is not made of pairs."""
    found = [PAIR.fullmatch(word) for word in text.split()]
    return None if not found or None in found else [(float(pair[1]), float(pair[2])) for pair in found if pair]


def ring_of(pairs: Pairs) -> Polygon:
    return Polygon([(lon, lat) for lat, lon in pairs])


def km2_of(ring: Polygon) -> float:
    """About the size of a small ring in square kilometres."""
    middle = math.cos(math.radians(ring.centroid.y)) if not ring.is_empty else 1.0
    return float(ring.area) * KM_PER_DEGREE**2 * abs(middle)


def polygons(alert: Alert, context: Context) -> Iterator[Finding]:
    """14: at least four pairs, closed, on the globe, not crossing itself, at our town."""
    for path, area in areas_of(alert):
        for number, text in enumerate(area.polygons, 1):
            yield from of_polygon(f"{path}/polygon[{number}]", text, context)


def of_polygon(path: str, text: str, context: Context) -> Iterator[Finding]:
    pairs = pairs_of(text)
    if pairs is None:
        yield Finding("cap14_pairs", ERROR, path, (text[:60],))
        return
    broken = list(of_pairs(path, pairs))
    yield from broken
    if len(pairs) > MOST_POINTS:
        yield Finding("cap14_many", WARNING, path, (str(len(pairs)),))
    if any(finding.code in ("cap14_few", "cap14_open", "cap14_range") for finding in broken):
        return
    yield from of_ring(path, ring_of(pairs), context)


def of_pairs(path: str, pairs: Pairs) -> Iterator[Finding]:
    if len(pairs) < 4:
        yield Finding("cap14_few", ERROR, path, (str(len(pairs)),))
    if pairs[0] != pairs[-1]:
        yield Finding("cap14_open", ERROR, path)
    if outside := next(((lat, lon) for lat, lon in pairs if abs(lat) > 90 or abs(lon) > 180), None):
        yield Finding("cap14_range", ERROR, path, (f"{outside[0]:g},{outside[1]:g}",))


def of_ring(path: str, ring: Polygon, context: Context) -> Iterator[Finding]:
    try:
        flat, crossing = km2_of(ring) < SMALLEST_KM2, not ring.is_valid
    except ShapelyError:
        flat, crossing = False, True
    if (flat and not crossing) or ring.envelope.area == 0:
        yield Finding("cap14_flat", ERROR, path)
    elif crossing:
        yield Finding("cap14_crossing", ERROR, path)
    elif context.place is not None and not ring.intersects(context.place):
        yield from elsewhere("cap14", path, swapped(ring).intersects(context.place))
    if context.publishing and not crossing and km2_of(ring) > context.largest_km2:
        yield Finding("cap14_huge", ERROR, path, (f"{km2_of(ring):.0f}",))


def swapped(ring: Polygon) -> Polygon:
    return Polygon([(lat, lon) for lon, lat in ring.exterior.coords])


def elsewhere(rule: str, path: str, when_swapped: bool) -> Iterator[Finding]:
    yield Finding(f"{rule}_swapped" if when_swapped else f"{rule}_elsewhere", ERROR, path)


def circles(alert: Alert, context: Context) -> Iterator[Finding]:
    """15: a point and a radius in kilometres."""
    for path, area in areas_of(alert):
        for number, text in enumerate(area.circles, 1):
            yield from of_circle(f"{path}/circle[{number}]", text, context)


def of_circle(path: str, text: str, context: Context) -> Iterator[Finding]:
    found = CIRCLE.fullmatch(text)
    if found is None:
        yield Finding("cap15_circle", ERROR, path, (text[:60],))
        return
    lat, lon, km = (float(part) for part in found.groups())
    if abs(lat) > 90 or abs(lon) > 180:
        yield Finding("cap15_range", ERROR, path, (f"{lat:g},{lon:g}",))
    elif km <= 0:
        yield Finding("cap15_radius", ERROR, path, (f"{km:g}",))
    elif context.place is not None and Point(lon, lat).buffer(km / KM_PER_DEGREE).disjoint(context.place):
        turned = Point(lat, lon).buffer(km / KM_PER_DEGREE).intersects(context.place)
        yield from elsewhere("cap15", path, bool(turned))


def heights(alert: Alert, _context: Context) -> Iterator[Finding]:
    """16: feet above the sea; a ceiling needs an altitude below it."""
    for path, area in areas_of(alert):
        yield from of_heights(path, area)


def of_heights(path: str, area: Area) -> Iterator[Finding]:
    told = {"altitude": area.altitude, "ceiling": area.ceiling}
    for tag, text in told.items():
        if text is not None and not HEIGHT.fullmatch(text):
            yield Finding("cap16_number", ERROR, f"{path}/{tag}", (text[:40],))
            return
        if text is not None and float(text) < 0:
            yield Finding("cap16_negative", ERROR, f"{path}/{tag}", (text,))
    if area.ceiling is not None and area.altitude is None:
        yield Finding("cap16_alone", ERROR, f"{path}/ceiling")
    elif area.ceiling is not None and area.altitude is not None and float(area.ceiling) <= float(area.altitude):
        yield Finding("cap16_order", ERROR, f"{path}/ceiling", (area.ceiling, area.altitude))


RULES = (polygons, circles, heights)
